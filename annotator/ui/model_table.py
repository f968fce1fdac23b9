"""The figures of every code as a table whose remarks wrap: HTML made of escaped text only."""

from __future__ import annotations

from collections.abc import Sequence

from annotator.learn.model import CodeCard
from annotator.ui.marks import escaped
from annotator.workflow import overview
from annotator.workflow.overview import CodeName

FIGURES = {
    "precision": "Precision",
    "recall": "Recall",
    "f1": "F1",
    "average_precision": "Average precision",
    "threshold": "Threshold",
    "desk_threshold": "Shown from",
}
"""What is in the card, and the heading of its column."""

LESS_ASKED = {"average_precision", "n"}
"""Columns that a narrow screen leaves out."""


def table(rows: Sequence[tuple[CodeName, CodeCard]]) -> str:
    """One row for each code; what is to remark about it stands below its name."""
    heads = ["Code", "Positives", *FIGURES.values(), "Tested on"]
    names = ["code", "positives", *FIGURES, "n"]
    head = "".join(
        f'<th scope="col"{_class(name)}>{text}</th>'
        for name, text in zip(names, heads, strict=True)
    )
    body = "".join(_row(name, code) for name, code in rows)
    return framed(head, body, label="Figures of every code")


def framed(head: str, body: str, *, label: str, testid: str = "codes") -> str:
    """A table in a box of its own, which scrolls where the screen is narrow, by keys as well.

    ``head`` are the cells of its first row and ``body`` the other rows, as HTML.
    """
    return (
        f'<div class="scrolling" role="region" aria-label="{escaped(label)}" tabindex="0">'
        f'<table class="codes" data-testid="{testid}"><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _row(name: CodeName, code: CodeCard) -> str:
    said = [overview.standing(code)]
    if code.fitted:
        said += [overview.cut_for(code), code.note]
    remarks = "; ".join(filter(None, said))
    figures = "".join(f"<td{_class(key)}>{_figure(getattr(code, key))}</td>" for key in FIGURES)
    return (
        f'<tr><th scope="row">{escaped(name.full)}<small>{escaped(remarks)}</small></th>'
        f"<td>{code.positives:,}</td>{figures}<td{_class('n')}>{code.n:,}</td></tr>"
    )


def _class(name: str) -> str:
    return ' class="less"' if name in LESS_ASKED else ""


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"
