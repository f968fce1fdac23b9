"""Two models side by side: their figures, the same sentences, and where they disagree."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import streamlit as st

from annotator.core.errors import ModelError
from annotator.learn.model import CodeCard
from annotator.store import events
from annotator.store.jobs import Registered
from annotator.ui import marks, model_table, state
from annotator.ui.marks import escaped
from annotator.workflow import comparing, overview
from annotator.workflow.comparing import Dispute, Fair, Pair, Two
from annotator.workflow.projects import Project

if TYPE_CHECKING:
    from collections.abc import Callable

FIGURES = {
    "precision": "Precision",
    "recall": "Recall",
    "f1": "F1",
    "average_precision": "Average precision",
    "threshold": "Threshold",
}
LESS_ASKED = {"average_precision", "threshold"}
"""Columns that a narrow screen leaves out."""

_ONE_LINE = "\xa0→\xa0"

LEAST_DIFFERENCE = 0.005
"""Below it, two figures read the same."""


def show(project: Project, coder: str | None, models: Sequence[Registered]) -> None:
    """Choose two, the older one first."""
    st.header("Two models side by side", anchor=False)
    if len(models) < 2:
        st.text("There is nothing to compare yet: the next training makes a second model.")
        return
    two = _choose(project, models)
    if two is None:
        st.text("Choose two different models.")
        return
    pairs = comparing.compare(project, two)
    st.html(_table([pair for pair in pairs if _was_given(pair)]))
    st.caption(comparing.CAUTION)
    _same_sentences(project, two, pairs)
    _disputes(project, coder, two, pairs)


def _choose(project: Project, models: Sequence[Registered]) -> Two | None:
    by_id = {one.id: one for one in models}
    names = list(by_id)
    with st.container(horizontal=True):
        first = st.selectbox(
            "Compare", names, index=1, key=f"compare.{project.id}.first", width=220
        )
        second = st.selectbox("with", names, key=f"compare.{project.id}.second", width=220)
    return None if first == second else (by_id[first], by_id[second])


def _was_given(pair: Pair) -> bool:
    return any(code is not None and code.positives for code in (pair.first, pair.second))


def _table(pairs: Sequence[Pair]) -> str:
    heads = ["Code", "Positives", *FIGURES.values()]
    names = ["code", "positives", *FIGURES]
    head = "".join(
        f'<th scope="col"{_class(name)}>{text}</th>'
        for name, text in zip(names, heads, strict=True)
    )
    body = "".join(map(_row, pairs))
    return model_table.framed(head, body, label="Both models' figures", testid="compared")


def _row(pair: Pair) -> str:
    figures = "".join(f"<td{_class(name)}>{_both(pair, name)}</td>" for name in FIGURES)
    positives = _ONE_LINE.join("–" if one is None else f"{one.positives:,}" for one in pair[2:])
    return (
        f'<tr><th scope="row">{escaped(pair.name)}<small>{escaped(_standing(pair))}</small></th>'
        f"<td>{positives}</td>{figures}</tr>"
    )


def _standing(pair: Pair) -> str:
    """Whether the desk shows the code by each of the two, and on how many sentences each stands."""
    said = ["not known" if one is None else overview.standing(one) for one in pair[2:]]
    tested = " and ".join("0" if one is None else f"{one.n:,}" for one in pair[2:])
    desk = said[0] if said[0] == said[1] else f"{said[0]} → {said[1]}"
    return f"{desk}; tested on {tested}"


def _both(pair: Pair, name: str) -> str:
    """A figure of both models, which of them is higher, and their intervals below."""
    first, second = (None if one is None else getattr(one, name) for one in pair[2:])
    arrow = "" if name == "threshold" else _arrow(first, second)
    intervals = [_interval(one, name) for one in pair[2:]]
    below = (
        f"<small>{' → '.join(one or '–' for one in intervals)}</small>" if any(intervals) else ""
    )
    return f"{_figure(first)}{_ONE_LINE}{_figure(second)}{arrow}{below}"


def _arrow(first: float | None, second: float | None) -> str:
    """Up where the second is higher; nothing where they read the same.

    >>> _arrow(0.5, 0.6), _arrow(0.6, 0.5), _arrow(0.5, 0.501), _arrow(None, 0.5)
    ('\xa0↑', '\xa0↓', '', '')
    """
    if first is None or second is None or abs(second - first) < LEAST_DIFFERENCE:
        return ""
    return "\xa0↑" if second > first else "\xa0↓"


def _interval(code: CodeCard | None, name: str) -> str:
    low = getattr(code, f"{name}_low", None)
    if low is None:
        return ""
    high = getattr(code, f"{name}_high")
    return f'<span style="white-space:nowrap">{low:.2f}–{high:.2f}</span>'


def _class(name: str) -> str:
    return ' class="less"' if name in LESS_ASKED else ""


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _same_sentences(project: Project, two: Two, pairs: Sequence[Pair]) -> None:
    """Both on the sentences that both can be judged on, once somebody asks for it."""
    if not st.toggle("Judge both on the same sentences", key="compare.fair"):
        return
    try:
        found = _fair(project, two)
    except ModelError as fault:
        marks.fault(f"{fault}.")
        return
    st.caption(comparing.SAME)
    told = [one for one in found if one.is_enough]
    if told:
        names = {pair.place: pair.name for pair in pairs}
        st.html(_fair_table(two, told, lambda one: names[one.place]))
    few = len(found) - len(told)
    if few:
        most = max(one.first.positives for one in found if not one.is_enough)
        st.text(
            f"For {few} of {len(found)} codes there are too few of these sentences to tell the "
            f"models apart: {most} with the code at most, and {comparing.ENOUGH} are needed."
        )
    if not found:
        st.text("The two models have learned no code in common.")


def _fair_table(two: Two, found: Sequence[Fair], name_of: Callable[[Fair], str]) -> str:
    heads = ["Code", "Sentences", "With the code", *(f"F1 of {one.id}" for one in two)]
    head = "".join(f'<th scope="col">{escaped(text)}</th>' for text in heads)
    body = "".join(
        f'<tr><th scope="row">{escaped(name_of(one))}</th><td>{one.first.n:,}</td>'
        f"<td>{one.first.positives:,}</td><td>{_figure(one.first.f1)}</td>"
        f"<td>{_figure(one.second.f1)}{_arrow(one.first.f1, one.second.f1)}</td></tr>"
        for one in found
    )
    return model_table.framed(head, body, label="Both on the same sentences", testid="same")


def _fair(project: Project, two: Two) -> list[Fair]:
    """Judged anew only for other models, or when something was decided since."""
    seen = (project.id, two[0].id, two[1].id, events.last(project.store))
    kept: tuple[object, list[Fair]] | None = st.session_state.get("compare.seen")
    if kept is None or kept[0] != seen:
        with st.spinner("Judging both models"):
            kept = (seen, comparing.fair(project, two))
        st.session_state["compare.seen"] = kept
    return kept[1]


def _disputes(project: Project, coder: str | None, two: Two, pairs: Sequence[Pair]) -> None:
    """The sentences of one code that the two disagree on most."""
    shared = {
        pair.place: pair.name
        for pair in pairs
        if all(code is not None and code.fitted for code in pair[2:])
    }
    if not shared:
        return
    st.subheader("Where they differ", anchor=False)
    place = st.selectbox(
        "Code", list(shared), format_func=lambda one: shared[one], key="compare.code", width=420
    )
    found = comparing.disputed(project, coder, two, place)
    if found is None:
        st.text(
            "Scores of all sentences are kept for the models that were in force last; "
            "put the older one in force once to have them again."
        )
    elif not found:
        st.text("None of the sentences that may be shown is scored differently.")
    else:
        st.html(_sentences(two, found))
        st.caption(
            "The sentences whose scores lie farthest apart. Those that you have yet to code "
            "without suggestions are not listed."
        )


def _sentences(two: Two, found: Sequence[Dispute]) -> str:
    drawn = "".join(
        f'<li><p dir="auto">{escaped(one.unit.text)}</p><div><small>'
        f"{two[0].id} {one.first:.2f}, {two[1].id} {one.second:.2f} · {escaped(one.unit.title)}"
        f"</small>{_link(one.unit.unit_id)}</div></li>"
        for one in found
    )
    return f'<ol class="found" data-testid="disputed">{drawn}</ol>'


def _link(unit: str) -> str:
    query = escaped(urlencode({**state.address(), "unit": unit}))
    return f'<a href="./?{query}" target="_self">open on the desk</a>'
