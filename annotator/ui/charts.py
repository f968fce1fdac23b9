"""Figures that people would rather look at than read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import streamlit as st

from annotator.core.codebook import Scheme
from annotator.learn.calibration import Bin
from annotator.learn.metrics import CurvePoint
from annotator.learn.stopping import Hundred
from annotator.ui.marks import escaped, swatch
from annotator.workflow.overview import Place, code_names

MOST_BARS = 20
UNCOLORED = "#5c677d"
EDGE = "#8a8a8a"  # around bars of a codebook's colors, which may be as dark as the ground
MEASURED = "#3d8fc4"  # reads on light and on dark ground
SECOND = "#d98032"  # and so does this, beside it
ROW = 27  # pixels that one bar takes
FOOT = 40  # pixels of the axis below the bars
HEAD = 60  # pixels of a legend above them and of the axis's title
PANEL = 140  # pixels of one measure, so that three stand side by side on a small screen
SQUARE = 320
MOST_HUNDREDS = 60  # that a plot shows apart on a small screen
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


def unfound(rows: Sequence[Mapping[str, Any]]) -> None:
    """What is found of each code, and from what to what all of it likely is, behind it."""
    import altair as alt
    import pandas as pd

    shown = rows[:MOST_BARS]
    base = alt.Chart(pd.DataFrame(shown)).encode(
        y=alt.Y("code:N", sort=[row["code"] for row in shown], title=None, axis=_wide(220)),
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
    st.altair_chart(chart, alt=" ".join(row["told"] for row in shown), key="chart.unfound")
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
        .mark_line(point=True, color=UNCOLORED)
        .encode(
            x=upto.title("sentences coded"),
            y=alt.Y("found:Q", title="found in all", axis=alt.Axis(tickMinStep=1, format=",d")),
            tooltip=["upto:O", "found:Q"],
        )
        .properties(height=PANEL)
    )
    told = f"{name}: {'; '.join(f'up to {one.upto:,}: {one.new} new' for one in lately[-TOLD:])}"
    legend(colors)
    st.altair_chart(alt.vconcat(news, found), alt=told, key="chart.hundreds")


def arms(rows: Sequence[Mapping[str, Any]]) -> None:
    """The share of each code with suggestions and without, each with its 95 % interval.

    A row is one ``code`` in one ``arm``, with ``value``, ``low`` and ``high`` from 0 to 1.
    """
    import altair as alt
    import pandas as pd

    order = list(dict.fromkeys(row["code"] for row in rows))[:MOST_BARS]
    shown = [row for row in rows if row["code"] in order]
    names = list(dict.fromkeys(row["arm"] for row in shown))
    above = alt.Legend(orient="top")
    colors = alt.Scale(domain=names, range=[MEASURED, SECOND])
    base = alt.Chart(pd.DataFrame(shown)).encode(
        # Of rules and points alone, Vega would make no bands, and the two arms would coincide.
        y=alt.Y("code:N", sort=order, title=None, axis=_wide(220), scale=alt.Scale(type="band")),
        yOffset=alt.YOffset("arm:N", sort=names),
        color=alt.Color("arm:N", scale=colors, title=None, legend=above),
        tooltip=[
            *("code:N", "arm:N"),
            *(alt.Tooltip(f"{name}:Q", format=".1%") for name in ("value", "low", "high")),
        ],
    )
    axis = alt.Axis(format="%", tickCount=5)
    line = base.mark_rule(strokeWidth=2, opacity=0.7).encode(
        x=alt.X("low:Q", title="share of sentences with the code", axis=axis), x2="high:Q"
    )
    shapes = alt.Scale(domain=names, range=["circle", "diamond"])
    point = base.mark_point(filled=True, size=70, opacity=1).encode(
        x="value:Q", shape=alt.Shape("arm:N", scale=shapes, title=None, legend=above)
    )
    chart = alt.layer(line, point).properties(height=HEAD + FOOT + 1.6 * ROW * len(order))
    told = "; ".join(f"{row['code']} {row['arm']}: {row['value']:.0%}" for row in shown)
    st.altair_chart(chart, alt=told, key="chart.arms")


REPLAYED = ("#888888", "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00")
"""Colours of lines that the colour-blind tell apart (Okabe and Ito 2008); the first is chance."""

DASHES = ([1, 0], [1, 0], [6, 3], [2, 2], [8, 3, 2, 3], [4, 2])


def replayed(
    sizes: Sequence[int], curves: Sequence[tuple[str, Sequence[float]]], *, goal: float, reach: str
) -> None:
    """How the mean F1 of each way of choosing rises with the labels, and the line to reach."""
    import altair as alt
    import pandas as pd

    rows = [
        {"labels": labels, "F1": f1, "way": name}
        for name, found in curves
        for labels, f1 in zip(sizes, found, strict=True)
    ]
    names = [name for name, _ in curves]
    scale = alt.Scale(domain=names, range=REPLAYED[: len(names)])
    dashes = alt.Scale(domain=names, range=DASHES[: len(names)])
    legend = alt.Legend(
        title=None, orient="bottom", columns=2, labelLimit=320, symbolType="stroke", symbolSize=400
    )
    lines = (
        alt.Chart(pd.DataFrame(rows))
        .mark_line(point=alt.OverlayMarkDef(size=24), strokeWidth=2)
        .encode(
            x=alt.X("labels:Q", title="Labels", scale=alt.Scale(type="log", nice=False)),
            y=alt.Y("F1:Q", title="Mean F1", scale=alt.Scale(zero=False)),
            color=alt.Color("way:N", scale=scale, legend=legend),
            strokeDash=alt.StrokeDash("way:N", scale=dashes, legend=legend),
            tooltip=["way:N", "labels:Q", *_figures("F1")],
        )
    )
    line = (
        alt.Chart(pd.DataFrame([{"F1": goal, "told": reach}]))
        .mark_rule(color=MEASURED, strokeDash=[3, 3])
        .encode(y="F1:Q", tooltip=["told:N"])
    )
    told = "; ".join(f"{name}: {found[-1]:.2f} with {sizes[-1]} labels" for name, found in curves)
    st.altair_chart(alt.layer(line, lines).properties(height=420), alt=told, key="chart.replayed")


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
