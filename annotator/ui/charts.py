"""Figures that people would rather look at than read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import streamlit as st

from annotator.core.codebook import Scheme
from annotator.learn.calibration import Bin
from annotator.learn.metrics import CurvePoint
from annotator.ui.marks import escaped, swatch
from annotator.workflow.overview import Place, code_names

MOST_BARS = 20
UNCOLORED = "#5c677d"
EDGE = "#8a8a8a"  # around bars of a codebook's colors, which may be as dark as the ground
MEASURED = "#3d8fc4"  # reads on light and on dark ground
SECOND = "#d98032"  # and so does this, beside it
ROW = 27  # pixels that one bar takes
FOOT = 40  # pixels of the axis below the bars
PANEL = 140  # pixels of one measure, so that three stand side by side on a small screen
SQUARE = 320
TOLD = 4  # stretches of a curve, in words for those who do not see it


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
            y=alt.Y("code:N", sort=[row["code"] for row in bars], title=None, axis=_wide()),
            color=alt.Color("color:N", scale=None),
            tooltip=["code:N", "sentences:Q"],
        )
        .properties(height=FOOT + ROW * len(bars))
    )
    st.altair_chart(chart, alt=_told(bars, "code"), key="chart.codes")


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
            y=alt.Y("target:N", sort=None, title=None, axis=_wide()),
            color=alt.Color("color:N", scale=None),
            order="rank:Q",
            tooltip=["target:N", "code:N", "sentences:Q"],
        )
        .properties(height=FOOT + ROW * len({row["target"] for row in bars}))
    )
    legend({row["code"]: row["color"] for row in bars})
    st.altair_chart(chart, alt=_told(bars, "target", "code"), key="chart.stances")


def days(rows: Sequence[tuple[str, str, int]]) -> None:
    """Decisions a day, by coder."""
    import altair as alt
    import pandas as pd

    bars = [{"day": day, "coder": coder, "decisions": number} for day, coder, number in rows]
    chart = (
        alt.Chart(pd.DataFrame(bars))
        .mark_bar(size=18)
        .encode(
            x=alt.X("day:O", title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True)),
            y=alt.Y("sum(decisions):Q", title=None, axis=alt.Axis(tickMinStep=1, format="d")),
            color=alt.Color("coder:N", title=None, legend=_names()),
            tooltip=["day:O", "coder:N", "decisions:Q"],
        )
        .properties(height=220)
    )
    st.altair_chart(chart, alt="Decisions a day, by coder.", key="chart.days")


def intervals(rows: Sequence[Mapping[str, Any]]) -> None:
    """Each measure of each code, with its 95 % interval where there is one."""
    import altair as alt
    import pandas as pd

    order = list(dict.fromkeys(row["code"] for row in rows))
    measures = list(dict.fromkeys(row["measure"] for row in rows))
    base = alt.Chart(pd.DataFrame(rows)).encode(
        # Cut short, the positions toward a target with a long name would all read the same.
        y=alt.Y("code:N", sort=order, title=None, axis=_wide(220))
    )
    line = base.mark_rule(strokeWidth=2, opacity=0.6, color=MEASURED).encode(
        x=alt.X("low:Q", scale=_whole(), title=None, axis=alt.Axis(values=[0, 0.5, 1])), x2="high:Q"
    )
    point = base.mark_point(filled=True, size=70, opacity=1, color=MEASURED).encode(
        x=alt.X("value:Q", scale=_whole(), title=None),
        tooltip=["code:N", "measure:N", *_figures("value", "low", "high")],
    )
    chart = (
        alt.layer(line, point)
        .properties(height=ROW * len(order), width=PANEL)
        .facet(column=alt.Column("measure:N", title=None, sort=measures))
    )
    told = "; ".join(f"{row['code']}: {row['measure']} {row['value']:.2f}" for row in rows)
    st.altair_chart(chart, alt=told, key="chart.intervals", width="content")


def reliability(found: Sequence[Bin]) -> None:
    """The share of sentences with the code against the score that they were given."""
    import altair as alt
    import pandas as pd

    base = alt.Chart(pd.DataFrame([asdict(one) for one in found])).encode(
        x=alt.X("score:Q", scale=_whole(), title="mean score")
    )
    line = base.mark_rule(strokeWidth=2, opacity=0.6, color=MEASURED).encode(
        y=alt.Y("low:Q", scale=_whole(), title="share with the code"), y2="high:Q"
    )
    point = base.mark_point(filled=True, opacity=1, color=MEASURED).encode(
        y=alt.Y("share:Q", scale=_whole()),
        size=alt.Size("n:Q", legend=None, scale=alt.Scale(range=[50, 160], domainMin=0)),
        tooltip=["n:Q", "positives:Q", *_figures("score", "share", "low", "high")],
    )
    # The numbers of sentences stand above the plot, where no interval hides them.
    count = base.mark_text(fontSize=11, color=MEASURED).encode(y=alt.value(-10), text="n:Q")
    diagonal = (
        alt.Chart(pd.DataFrame({"score": [0.0, 1.0], "share": [0.0, 1.0]}))
        .mark_line(strokeDash=[3, 3], color=UNCOLORED)
        .encode(x="score:Q", y="share:Q")
    )
    told = "; ".join(
        f"{one.n} sentences scored {one.score:.2f}: {one.share:.2f} with the code" for one in found
    )
    chart = alt.layer(diagonal, line, point, count).properties(height=SQUARE)
    st.altair_chart(chart, alt=told, key="chart.reliability")


def precision_recall(curve: Sequence[CurvePoint], *thresholds: float | None) -> None:
    """Precision and recall from each score on, and the thresholds in use."""
    import altair as alt
    import pandas as pd

    rows = [
        {"score": one.threshold, "measure": measure, "value": value, "suggested": one.suggested}
        for one in curve
        for measure, value in (("Precision", one.precision), ("Recall", one.recall))
    ]
    lines = (
        alt.Chart(pd.DataFrame(rows))
        .mark_line(point=True)
        .encode(
            x=alt.X("score:Q", scale=_whole(), title="threshold"),
            y=alt.Y("value:Q", scale=_whole(), title=None),
            color=alt.Color(
                "measure:N",
                title=None,
                scale=alt.Scale(domain=["Precision", "Recall"], range=[MEASURED, SECOND]),
                legend=alt.Legend(orient="top"),
            ),
            tooltip=["measure:N", *_figures("score", "value"), "suggested:Q"],
        )
    )
    used = pd.DataFrame({"score": [one for one in thresholds if one is not None]})
    cuts = alt.Chart(used).mark_rule(strokeDash=[3, 3], color=UNCOLORED).encode(x="score:Q")
    told = "; ".join(
        f"from {one.threshold:.2f}: precision {one.precision:.2f}, recall {one.recall:.2f}"
        for one in curve[:: max(1, len(curve) // TOLD)]
    )
    st.altair_chart(
        alt.layer(lines, cuts).properties(height=SQUARE), alt=told, key="chart.precision_recall"
    )


def _whole() -> Any:
    import altair as alt

    return alt.Scale(domain=[0, 1])


def _figures(*names: str) -> list[Any]:
    import altair as alt

    return [alt.Tooltip(f"{name}:Q", format=".2f") for name in names]


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


def legend(colors: Mapping[str, str]) -> None:
    """The colours by name; Vega takes the room of the bars for it, and cuts it off on the right."""
    entries = "".join(
        f'<span><span style="color:{swatch(color)}">■</span> {escaped(name)}</span>'
        for name, color in colors.items()
    )
    st.html(f'<div class="legend">{entries}</div>')


def every_name(pixels: int = 180) -> Any:
    """An axis of names, none of which is left out for want of room; a longer one is cut short."""
    import altair as alt

    return alt.Axis(labelLimit=pixels, labelOverlap=False, ticks=False, domain=False)


def _names() -> Any:
    """A legend for names of any length, in a chart as narrow as half a small screen."""
    import altair as alt

    return alt.Legend(orient="bottom", columns=2, labelLimit=110)


def _wide(pixels: int = 180) -> Any:
    import altair as alt

    return alt.Axis(labelLimit=pixels, labelFlush=False, ticks=False, domain=False)


def _told(rows: Sequence[Mapping[str, Any]], *names: str) -> str:
    """What a chart shows, for those who do not see it."""
    said = [f"{' '.join(row[name] for name in names)} {row['sentences']}" for row in rows]
    return "; ".join(said)
