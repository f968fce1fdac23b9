"""What is coded so far, as figures: codes, stances, and decisions a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import cycle
from typing import Any

from annotator.core.codebook import Scheme
from annotator.ui.chart_parts import (
    CATEGORIES,
    EDGE,
    FOOT,
    MOST_BARS,
    ROW,
    UNCOLORED,
    draw,
    every_name,
    in_words,
    legend,
)
from annotator.workflow.overview import Place, code_names


def codes(scheme: Scheme, counts: Mapping[Place, int]) -> None:
    """Units with each code, the most frequent first, in the codes' own colours."""
    import altair as alt
    import pandas as pd

    bars = _most([row for row in _rows(scheme, counts) if not row["target"]])
    if not bars:
        return
    chart = (
        alt.Chart(pd.DataFrame(bars))
        .mark_bar(cornerRadiusEnd=3, stroke=EDGE, strokeWidth=0.7)
        .encode(
            x=alt.X("sentences:Q", title=None, axis=alt.Axis(tickMinStep=1, format="d")),
            y=alt.Y(
                "code:N",
                sort=[row["code"] for row in bars],
                title=None,
                axis=every_name(),
            ),
            color=alt.Color("color:N", scale=None),
            tooltip=["code:N", "sentences:Q"],
        )
        .properties(height=FOOT + ROW * len(bars))
    )
    draw(chart, in_words(bars, "code"), key="chart.codes")


def stances(scheme: Scheme, counts: Mapping[Place, int]) -> None:
    """The codes of each target beside each other, in the order of their scale."""
    import altair as alt
    import pandas as pd

    bars = [row for row in _rows(scheme, counts) if row["target"]]
    if not bars:
        return
    chart = (
        alt.Chart(pd.DataFrame(bars))
        .mark_bar(stroke=EDGE, strokeWidth=0.7)
        .encode(
            x=alt.X("sentences:Q", title=None, axis=alt.Axis(tickMinStep=1, format="d")),
            y=alt.Y("target:N", sort=None, title=None, axis=every_name()),
            color=alt.Color("color:N", scale=None),
            order="rank:Q",
            tooltip=["target:N", "code:N", "sentences:Q"],
        )
        .properties(height=FOOT + ROW * len({row["target"] for row in bars}))
    )
    legend({row["code"]: row["color"] for row in bars})
    draw(chart, in_words(bars, "target", "code"), key="chart.stances")


def days(rows: Sequence[tuple[str, str, int]]) -> None:
    """Decisions a day, by coder; a row is ``(day, coder, decisions)``."""
    import altair as alt
    import pandas as pd

    bars = [{"day": day, "coder": coder, "decisions": number} for day, coder, number in rows]
    coders = dict.fromkeys(coder for _, coder, _ in rows)
    colors = dict(zip(coders, cycle(CATEGORIES), strict=False))
    scale = alt.Scale(domain=list(colors), range=list(colors.values()))
    chart = (
        alt.Chart(pd.DataFrame(bars))
        .mark_bar(size=18)
        .encode(
            x=alt.X("day:O", title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True)),
            y=alt.Y("sum(decisions):Q", title=None, axis=alt.Axis(tickMinStep=1, format="d")),
            color=alt.Color("coder:N", scale=scale, legend=None),
            tooltip=["day:O", "coder:N", "decisions:Q"],
        )
        .properties(height=220)
    )
    legend(colors)
    draw(chart, "; ".join(f"{day}, {coder}: {n}" for day, coder, n in rows), key="chart.days")


def _rows(scheme: Scheme, counts: Mapping[Place, int]) -> list[dict[str, Any]]:
    return [
        {
            "code": name.code,
            "target": name.target,
            "sentences": counts[place],
            "color": name.color or UNCOLORED,
            "rank": rank,
        }
        for rank, (place, name) in enumerate(code_names(scheme).items())
        if counts.get(place)
    ]


def _most(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: -row["sentences"])[:MOST_BARS]
