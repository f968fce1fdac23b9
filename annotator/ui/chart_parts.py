"""What all charts share: sizes, colors, axes, and how one is put on the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import repeat
from typing import Any

import streamlit as st

from annotator.ui.marks import escaped, swatch

MEASURED = "#3d8fc4"
"""What was measured. Every color here has 3:1 on white and on the dark ground (WCAG 1.4.11)."""

SECOND = "#c8701f"
"""Beside it; the color-blind tell the two apart."""

UNCOLORED = "#7f8794"
"""What has no color of its own, and reference lines."""

CATEGORIES = (
    *(MEASURED, SECOND, "#5a9e6f", "#8f6bb3", "#c25b6b", UNCOLORED, "#9e8630", "#3f9296"),
    *("#a0715a", "#b8639f", "#6f86d6", "#6b9233"),
)
"""Colors of things without an order, such as outlets, whose names stand beside the bars."""

EDGE = "#8a8a8a"  # around bars of a codebook's colors, which may be as dark as the ground
MOST_BARS = 20
ROW = 27  # pixels that one bar takes
FOOT = 40  # pixels of the axis below the bars
PANEL = 140  # pixels of one measure, so that three stand side by side on a small screen
SQUARE = 320


def draw(chart: Any, told: str, *, key: str) -> None:
    """Put a chart on the page; ``told`` is what it shows, for those who do not see it.

    Its words have the color of the page's own: Streamlit's gray is too pale on white for small
    letters (WCAG 1.4.3).
    """
    words = {"labelColor": "currentColor", "titleColor": "currentColor"}
    shown = chart.configure_axis(**words).configure_legend(**words).configure_header(**words)
    st.altair_chart(shown, alt=told, key=key)


def legend(colors: Mapping[str, str], signs: str = "") -> None:
    """The colors by name, each with its sign where points differ in shape too.

    Vega takes the room of the bars for a legend of its own, and cuts it off on the right.
    """
    entries = "".join(
        f'<span><span style="color:{swatch(color)}" aria-hidden="true">{sign}</span> '
        f"{escaped(name)}</span>"
        for (name, color), sign in zip(colors.items(), signs or repeat("■"), strict=False)
    )
    st.html(f'<div class="legend">{entries}</div>')


def whole() -> Any:
    """The scale of a share."""
    import altair as alt

    return alt.Scale(domain=[0, 1])


def figures(*names: str) -> list[Any]:
    """Numbers for the box beside the pointer, with two places."""
    import altair as alt

    return [alt.Tooltip(f"{name}:Q", format=".2f") for name in names]


def every_name(pixels: int = 180) -> Any:
    """An axis of names, none of which is left out for want of room; a longer one is cut short."""
    import altair as alt

    return alt.Axis(labelLimit=pixels, labelOverlap=False, ticks=False, domain=False)


def in_words(rows: Sequence[Mapping[str, Any]], *names: str) -> str:
    """What bars of sentences show, in words; ``names`` are the columns that name a bar."""
    said = [f"{' '.join(row[name] for name in names)} {row['sentences']}" for row in rows]
    return "; ".join(said)
