"""How often something is found, by month and by outlet, against all sentences there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import streamlit as st

from annotator.core.query import Search
from annotator.store import search
from annotator.store.search import Share
from annotator.ui.chart_parts import FOOT, MEASURED, MOST_BARS, ROW, draw
from annotator.workflow.projects import Project

UNDATED, UNNAMED = "no date", "no outlet"
HIGH = 200
THICK, WIDE = 40, 400  # pixels of one bar at most, and of all of them


def show(project: Project, looked_for: Search) -> None:
    """The charts, where somebody asks for them: in a large corpus they take a second or two."""
    if not st.toggle("Chart by month and outlet", key="find.charts"):
        return
    with st.spinner("Counting"):
        found = search.shares(project.store, looked_for)
    left, right = st.columns(2, gap="large")
    with left:
        st.caption("Hits in 1,000 sentences, by month")
        _bars([(one.month or UNDATED, one) for one in found], "month")
    with right:
        st.caption("Hits in 1,000 sentences, by outlet")
        _bars([(one.source or UNNAMED, one) for one in found], "outlet")


def _rows(pairs: Sequence[tuple[str, Share]], name: str) -> list[dict[str, Any]]:
    hits, units = Counter[str](), Counter[str]()
    for key, one in pairs:
        hits[key] += one.hits
        units[key] += one.units
    return [
        {name: key, "per thousand": 1000 * hits[key] / units[key], "hits": hits[key]}
        | {"sentences": units[key]}
        for key in sorted(units)
        if units[key]
    ]


def _bars(pairs: Sequence[tuple[str, Share]], name: str) -> None:
    import altair as alt
    import pandas as pd

    rows = _rows(pairs, name)
    if name == "outlet":
        rows = sorted(rows, key=lambda row: -row["per thousand"])[:MOST_BARS]
    figure = alt.Axis(title=None)
    base = alt.Chart(pd.DataFrame(rows)).mark_bar(color=MEASURED, cornerRadiusEnd=2)
    tooltip = [f"{name}:N", alt.Tooltip("per thousand:Q", format=".1f"), "hits:Q", "sentences:Q"]
    if name == "month":
        axis = alt.Axis(title=None, labelOverlap=True, labelAngle=0)
        thick = max(2, min(THICK, WIDE // len(rows)))
        chart = base.encode(
            size=alt.value(thick),
            x=alt.X("month:O", axis=axis),
            y=alt.Y("per thousand:Q", axis=figure),
            tooltip=tooltip,
        ).properties(height=HIGH)
    else:
        axis = alt.Axis(title=None, labelLimit=180, ticks=False, domain=False)
        chart = base.encode(
            x=alt.X("per thousand:Q", axis=figure),
            y=alt.Y("outlet:N", axis=axis, sort=[row["outlet"] for row in rows]),
            tooltip=tooltip,
        ).properties(height=FOOT + ROW * len(rows))
    told = "; ".join(f"{row[name]}: {row['per thousand']:.1f}" for row in rows)
    draw(chart, told, key=f"find.chart.{name}")
