"""Who speaks, as figures: how much of each outlet is quoted, and who is quoted where."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import cycle
from typing import Any

import streamlit as st

from annotator.ui.chart_parts import (
    CATEGORIES,
    FOOT,
    MEASURED,
    SECOND,
    UNCOLORED,
    draw,
    every_name,
    legend,
)

VOICES = {"author": UNCOLORED, "direct": MEASURED, "indirect": SECOND, "mixed": "#8f6bb3"}
"""Each voice with a color that reads on light and on dark ground."""

MOST_OUTLETS = 15
MOST_ACTORS = 15
NO_OUTLET = "no outlet"
ROW = 24  # pixels that one bar takes


def voices(rows: Sequence[tuple[str, str, int]]) -> None:
    """The share of units in each voice, a bar for each outlet, most units first."""
    import altair as alt
    import pandas as pd

    totals: Counter[str] = Counter()
    for outlet, _, units in rows:
        totals[outlet or NO_OUTLET] += units
    outlets = [outlet for outlet, _ in totals.most_common(MOST_OUTLETS)]
    bars = [
        {
            "outlet": outlet or NO_OUTLET,
            "voice": voice,
            "units": units,
            "share": units / totals[outlet or NO_OUTLET],
            "rank": list(VOICES).index(voice),
        }
        for outlet, voice, units in rows
        if (outlet or NO_OUTLET) in outlets
    ]
    chart = (
        alt.Chart(pd.DataFrame(bars))
        .mark_bar()
        .encode(
            x=alt.X(
                "share:Q", title=None, axis=alt.Axis(format="%"), scale=alt.Scale(domain=[0, 1])
            ),
            y=alt.Y("outlet:N", sort=outlets, title=None, axis=every_name(200)),
            color=_colors("voice", VOICES),
            order="rank:Q",
            tooltip=["outlet:N", "voice:N", "units:Q", alt.Tooltip("share:Q", format=".1%")],
        )
        .properties(height=FOOT + ROW * len(outlets))
    )
    told = "; ".join(f"{one['outlet']} {one['voice']} {one['share']:.0%}" for one in bars)
    legend(VOICES)
    draw(chart, told, key="speakers.voices")
    if len(totals) > len(outlets):
        st.caption(f"The {len(outlets)} outlets with most sentences, of {len(totals):,}.")


def outlets(rows: Sequence[tuple[str, str, int]], everywhere: Sequence[str]) -> None:
    """In how many units each actor speaks, stacked by outlet, most first.

    ``everywhere`` are all outlets of the project, so that one has the same colour whoever is shown.
    """
    import altair as alt
    import pandas as pd

    totals: dict[str, int] = defaultdict(int)
    for name, _, units in rows:
        totals[name] += units
    names = sorted(totals, key=lambda name: (-totals[name], name))[:MOST_ACTORS]
    bars = [
        {"speaker": name, "outlet": outlet or NO_OUTLET, "units": units}
        for name, outlet, units in rows
        if name in names
    ]
    every = dict.fromkeys(outlet or NO_OUTLET for outlet in everywhere)
    colors = dict(zip(every, cycle(CATEGORIES), strict=False))
    shown = {one["outlet"] for one in bars}
    chart = (
        alt.Chart(pd.DataFrame(bars))
        .mark_bar()
        .encode(
            x=alt.X("units:Q", title=None, axis=alt.Axis(tickMinStep=1, format="d")),
            y=alt.Y("speaker:N", sort=names, title=None, axis=every_name(200)),
            color=_colors("outlet", colors),
            tooltip=["speaker:N", "outlet:N", "units:Q"],
        )
        .properties(height=FOOT + ROW * len(names))
    )
    told = "; ".join(f"{one['speaker']} {one['outlet']} {one['units']}" for one in bars)
    legend({outlet: color for outlet, color in colors.items() if outlet in shown})
    draw(chart, told, key="speakers.outlets")


def _colors(field: str, colors: Mapping[str, str]) -> Any:
    import altair as alt

    scale = alt.Scale(domain=list(colors), range=list(colors.values()))
    return alt.Color(f"{field}:N", scale=scale, legend=None)
