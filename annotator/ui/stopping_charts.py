"""What is found of each code and likely is not, as figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from annotator.learn.stopping import Hundred
from annotator.ui.chart_parts import (
    FOOT,
    MEASURED,
    MOST_BARS,
    PANEL,
    ROW,
    SECOND,
    draw,
    every_name,
    legend,
)

MOST_HUNDREDS = 60  # that a plot shows apart on a small screen
TOLD = 4  # hundreds, in words for those who do not see them


def unfound(rows: Sequence[Mapping[str, Any]]) -> None:
    """What is found of each code, and from what to what all of it likely is, behind it."""
    import altair as alt
    import pandas as pd

    shown = rows[:MOST_BARS]
    base = alt.Chart(pd.DataFrame(shown)).encode(
        y=alt.Y(
            "code:N",
            sort=[row["code"] for row in shown],
            title=None,
            axis=every_name(220),
        ),
        tooltip=["code:N", "found:Q", "likely:Q", "low:Q", "high:Q"],
    )
    bar = base.mark_bar(cornerRadiusEnd=2, color=MEASURED, height=12).encode(
        x=alt.X(
            "found:Q", title="sentences", axis=alt.Axis(tickMinStep=1, tickCount=6, format=",d")
        )
    )
    line = base.mark_rule(strokeWidth=3, opacity=0.6, color=SECOND).encode(x="low:Q", x2="high:Q")
    point = base.mark_point(filled=True, size=70, opacity=1, color=SECOND).encode(x="likely:Q")
    legend({"found": MEASURED, "found and unfound together, likely and 95 % range": SECOND})
    chart = alt.layer(bar, line, point).properties(height=FOOT + ROW * len(shown))
    draw(chart, " ".join(row["told"] for row in shown), key="chart.unfound")
    if len(rows) > len(shown):
        st.caption(f"The {len(shown)} codes with most found; the table has all.")


def hundreds(brought: Sequence[Hundred], name: str) -> None:
    """How many sentences with one code each hundred brought, and how many are found in all."""
    import altair as alt
    import pandas as pd

    colors = {"chosen": MEASURED, "by chance": SECOND}
    lately = brought[-MOST_HUNDREDS:]
    bars = [
        {"upto": one.upto, "part": part, "new": number, "is_last": one is brought[-1]}
        for one in lately
        for part, number in (("chosen", one.chosen), ("by chance", one.by_chance))
    ]
    upto = alt.X("upto:O", title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True))
    news = (
        alt.Chart(pd.DataFrame(bars))
        .mark_bar()
        .encode(
            x=upto,
            y=alt.Y("new:Q", title="new in the hundred", axis=alt.Axis(tickMinStep=1, format="d")),
            color=alt.Color(
                "part:N", scale=alt.Scale(domain=[*colors], range=[*colors.values()]), legend=None
            ),
            opacity=alt.condition("datum.is_last", alt.value(1), alt.value(0.45)),
            tooltip=["upto:O", "part:N", "new:Q"],
        )
        .properties(height=PANEL)
    )
    found = (
        alt.Chart(pd.DataFrame([{"upto": one.upto, "found": one.found} for one in lately]))
        .mark_line(point=alt.OverlayMarkDef(color=MEASURED), color=MEASURED)
        .encode(
            x=upto.title("sentences coded"),
            y=alt.Y("found:Q", title="found in all", axis=alt.Axis(tickMinStep=1, format=",d")),
            tooltip=["upto:O", "found:Q"],
        )
        .properties(height=PANEL)
    )
    told = f"{name}: {'; '.join(f'up to {one.upto:,}: {one.new} new' for one in lately[-TOLD:])}"
    legend(colors)
    draw(alt.vconcat(news, found), told, key="chart.hundreds")
