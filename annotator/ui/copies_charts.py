"""Copies as figures: how often stories are printed, and which outlet prints them first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from annotator.ui.chart_parts import FOOT, MEASURED, ROW, draw, every_name

MANY = 10
"""Copies from which on stories are counted together."""

MOST_OUTLETS = 15
SHADES = ["#dbe9f6", "#5ba3cf"]  # of few and of many stories …
INK = "#1b1f24"  # … and of the number, which reads on all of them
AROUND = 160  # pixels that the names and titles take
WIDE = 72  # pixels of an outlet's column …
WIDEST = 500  # … and of all of them, so that names and columns fit a small screen


def stories(sizes: Mapping[int, int]) -> None:
    """How many stories have so many documents."""
    import altair as alt
    import pandas as pd

    st.header("Stories by number of copies", anchor=False)
    bars: dict[str, int] = {}
    for size, number in sorted(sizes.items()):
        name = "told once" if size == 1 else f"{size} copies"
        name = name if size < MANY else f"{MANY} copies and more"
        bars[name] = bars.get(name, 0) + number
    rows = [{"copies": name, "stories": number} for name, number in bars.items()]
    base = alt.Chart(pd.DataFrame(rows)).encode(
        x=alt.X("stories:Q", title=None, axis=alt.Axis(tickMinStep=1, tickCount=8, format="d")),
        y=alt.Y(
            "copies:N",
            sort=list(bars),
            title=None,
            axis=every_name(),
        ),
        tooltip=["copies:N", "stories:Q"],
    )
    chart = base.mark_bar(cornerRadiusEnd=3, color=MEASURED).properties(
        height=FOOT + ROW * len(bars)
    )
    told = "; ".join(f"{row['copies']}: {row['stories']} stories" for row in rows)
    draw(chart, told, key="copies.chart.sizes")


def outlets(shared: Sequence[tuple[str, str, int]]) -> None:
    """Of each two outlets, how many stories the one in the row printed before the other."""
    import altair as alt
    import pandas as pd

    st.header("Who printed a story first", anchor=False)
    if not shared:
        st.text("No story is known to stand in two outlets, each with its date.")
        return
    names = _busiest(shared)
    rows = [
        {"first": first, "later": later, "stories": number}
        for first, later, number in shared
        if first in names and later in names
    ]
    base = alt.Chart(pd.DataFrame(rows)).encode(
        x=alt.X(
            "later:N",
            title="printed it later",
            sort=names,
            axis=alt.Axis(labelLimit=120, labelAngle=-40),
        ),
        y=alt.Y("first:N", title="printed it first", sort=names, axis=alt.Axis(labelLimit=180)),
        tooltip=["first:N", "later:N", "stories:Q"],
    )
    most = max(number for _, _, number in shared)
    shades = alt.Scale(domain=[0, most], range=SHADES)
    squares = base.mark_rect().encode(color=alt.Color("stories:Q", scale=shades, legend=None))
    numbers = base.mark_text(fontSize=12, color=INK).encode(text="stories:Q")
    chart = alt.layer(squares, numbers).properties(height=AROUND + ROW * len(names))
    told = "; ".join(f"{row['first']} before {row['later']}: {row['stories']}" for row in rows)
    with st.container(width=AROUND + min(WIDEST, WIDE * len(names))):
        draw(chart, told, key="copies.chart.outlets")
    st.caption("By the dates of the documents; on one day, by the order of import.")


def _busiest(shared: Sequence[tuple[str, str, int]]) -> list[str]:
    """The outlets that share most stories, those that print first before the others."""
    ahead: dict[str, int] = {}
    total: dict[str, int] = {}
    for first, later, number in shared:
        ahead[first] = ahead.get(first, 0) + number
        for name in (first, later):
            total[name] = total.get(name, 0) + number
    known = sorted(total, key=lambda name: -total[name])[:MOST_OUTLETS]
    return sorted(known, key=lambda name: -ahead.get(name, 0))
