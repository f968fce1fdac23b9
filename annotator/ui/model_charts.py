"""The figures of a model, and of ways to work with it, with their intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from annotator.learn.calibration import Bin
from annotator.learn.metrics import CurvePoint
from annotator.ui.chart_parts import (
    CATEGORIES,
    FOOT,
    MEASURED,
    MOST_BARS,
    ROW,
    SECOND,
    SQUARE,
    UNCOLORED,
    draw,
    every_name,
    figures,
    legend,
    whole,
)

TOLD = 4  # stretches of a curve, in words for those who do not see it


COLORS = (MEASURED, SECOND, CATEGORIES[3])
SHAPES = ("circle", "diamond", "triangle-up")
SIGNS = "●◆▲"
HIGHEST = 900  # pixels


def intervals(rows: Sequence[Mapping[str, Any]]) -> None:
    """Each measure of each code, with its 95 % interval where there is one.

    A row is one ``measure`` of one ``code``, with ``value``, ``low`` and ``high`` from 0 to 1.
    """
    told = "; ".join(f"{row['code']}: {row['measure']} {row['value']:.2f}" for row in rows)
    chart = _beside(rows, "measure", title="", format=".2f")
    draw(chart, told, key="chart.intervals")


def reliability(found: Sequence[Bin]) -> None:
    """The share of sentences with the code against the score that they were given."""
    import altair as alt
    import pandas as pd

    base = alt.Chart(pd.DataFrame([asdict(one) for one in found])).encode(
        x=alt.X("score:Q", scale=whole(), title="mean score")
    )
    line = base.mark_rule(strokeWidth=2, opacity=0.6, color=MEASURED).encode(
        y=alt.Y("low:Q", scale=whole(), title="share with the code"), y2="high:Q"
    )
    point = base.mark_point(filled=True, opacity=1, color=MEASURED).encode(
        y=alt.Y("share:Q", scale=whole()),
        size=alt.Size("n:Q", legend=None, scale=alt.Scale(range=[50, 160], domainMin=0)),
        tooltip=["n:Q", "positives:Q", *figures("score", "share", "low", "high")],
    )
    # The numbers of sentences stand above the plot, where no interval hides them.
    count = base.mark_text(fontSize=11, color="currentColor").encode(y=alt.value(-10), text="n:Q")
    diagonal = (
        alt.Chart(pd.DataFrame({"score": [0.0, 1.0], "share": [0.0, 1.0]}))
        .mark_line(strokeDash=[3, 3], color=UNCOLORED)
        .encode(x="score:Q", y="share:Q")
    )
    told = "; ".join(
        f"{one.n} sentences scored {one.score:.2f}: {one.share:.2f} with the code" for one in found
    )
    chart = alt.layer(diagonal, line, point, count).properties(height=SQUARE)
    draw(chart, told, key="chart.reliability")


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
            x=alt.X("score:Q", scale=whole(), title="threshold"),
            y=alt.Y("value:Q", scale=whole(), title=None),
            color=alt.Color(
                "measure:N",
                title=None,
                scale=alt.Scale(domain=["Precision", "Recall"], range=[MEASURED, SECOND]),
                legend=alt.Legend(orient="top"),
            ),
            tooltip=["measure:N", *figures("score", "value"), "suggested:Q"],
        )
    )
    used = pd.DataFrame({"score": [one for one in thresholds if one is not None]})
    cuts = alt.Chart(used).mark_rule(strokeDash=[3, 3], color=UNCOLORED).encode(x="score:Q")
    told = "; ".join(
        f"from {one.threshold:.2f}: precision {one.precision:.2f}, recall {one.recall:.2f}"
        for one in curve[:: max(1, len(curve) // TOLD)]
    )
    draw(alt.layer(lines, cuts).properties(height=SQUARE), told, key="chart.precision_recall")


def arms(rows: Sequence[Mapping[str, Any]]) -> None:
    """The share of each code with suggestions and without, each with its 95 % interval.

    A row is one ``code`` in one ``arm``, with ``value``, ``low`` and ``high`` from 0 to 1.
    """
    order = list(dict.fromkeys(row["code"] for row in rows))[:MOST_BARS]
    shown = [row for row in rows if row["code"] in order]
    told = "; ".join(f"{row['code']} {row['arm']}: {row['value']:.0%}" for row in shown)
    chart = _beside(shown, "arm", title="share of sentences with the code", format=".1%")
    draw(chart, told, key="chart.arms")


def _beside(rows: Sequence[Mapping[str, Any]], field: str, *, title: str, format: str) -> Any:
    """Points with their intervals, those of one code below each other by what the field says.

    The legend is put on the page at once.
    """
    import altair as alt
    import pandas as pd

    order = list(dict.fromkeys(row["code"] for row in rows))
    names = list(dict.fromkeys(row[field] for row in rows))
    legend(dict(zip(names, COLORS, strict=False)), SIGNS)
    colors = alt.Scale(domain=names, range=COLORS[: len(names)])
    shapes = alt.Scale(domain=names, range=SHAPES[: len(names)])
    # Of rules and points alone, Vega would make no bands, and those of one code would coincide.
    band = alt.Scale(type="band")
    base = alt.Chart(pd.DataFrame(rows)).encode(
        # Cut short, the positions toward a target with a long name would all read the same.
        y=alt.Y("code:N", sort=order, title=None, axis=every_name(220), scale=band),
        yOffset=alt.YOffset(f"{field}:N", sort=names),
        color=alt.Color(f"{field}:N", scale=colors, legend=None),
        tooltip=["code:N", f"{field}:N"]
        + [alt.Tooltip(f"{name}:Q", format=format) for name in ("value", "low", "high")],
    )
    axis = alt.Axis(format="%" if "%" in format else ".1f", tickCount=5)
    line = base.mark_rule(strokeWidth=2, opacity=0.7).encode(
        x=alt.X("low:Q", title=title or None, axis=axis), x2="high:Q"
    )
    point = base.mark_point(filled=True, size=60, opacity=1).encode(
        x="value:Q", shape=alt.Shape(f"{field}:N", scale=shapes, legend=None)
    )
    height = FOOT + 0.8 * ROW * len(names) * len(order)
    return alt.layer(line, point).properties(height=min(height, HIGHEST))


REPLAYED = ("#888888", "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b07d00")
"""Colors of lines that the color-blind tell apart (Okabe and Ito 2008, their orange darker); the
first is chance."""

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
    below = alt.Legend(
        title=None, orient="bottom", columns=2, labelLimit=320, symbolType="stroke", symbolSize=400
    )
    lines = (
        alt.Chart(pd.DataFrame(rows))
        .mark_line(point=alt.OverlayMarkDef(size=24), strokeWidth=2)
        .encode(
            x=alt.X("labels:Q", title="Labels", scale=alt.Scale(type="log", nice=False)),
            y=alt.Y("F1:Q", title="Mean F1", scale=alt.Scale(zero=False)),
            color=alt.Color("way:N", scale=scale, legend=below),
            strokeDash=alt.StrokeDash("way:N", scale=dashes, legend=below),
            tooltip=["way:N", "labels:Q", *figures("F1")],
        )
    )
    line = (
        alt.Chart(pd.DataFrame([{"F1": goal, "told": reach}]))
        .mark_rule(color=MEASURED, strokeDash=[3, 3])
        .encode(y="F1:Q", tooltip=["told:N"])
    )
    told = "; ".join(f"{name}: {found[-1]:.2f} with {sizes[-1]} labels" for name, found in curves)
    draw(alt.layer(line, lines).properties(height=420), told, key="chart.replayed")
