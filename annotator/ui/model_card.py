"""A model's own account of itself, as the model page shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from annotator.core.codebook import Scheme
from annotator.core.counting import counted
from annotator.learn.model import CodeCard
from annotator.store import events
from annotator.ui import model_about, model_charts, model_pause, model_table
from annotator.workflow import overview, register
from annotator.workflow.overview import CodeName, Place
from annotator.workflow.projects import Project

EVALUATED = {
    "reserved": "sentences reserved for testing, drawn at random",
    "blind": "sentences coded without a suggestion in sight",
    "all": "all coded sentences, some of them coded with suggestions in sight",
}
REASONS = {
    "asked": "because somebody asked",
    "automatic": "by itself, after enough new decisions",
    "sample": "for the sample",
}
FIGURES = (
    "Precision: how many of the suggestions are right. Recall: how many of the code's sentences "
    "are suggested. Average precision: how well the scores put the code's sentences before all "
    "others, whatever the threshold."
)
THRESHOLDS = (
    "From the threshold on, the model would give the code, with the best balance of precision and "
    "recall, or where the share of the suggestions is right that you ask for below; the desk shows "
    "it only from the higher score “shown from” on, where suggestions are surely right in half of "
    "the cases or more (– means not yet)."
)
MOST_NAMED = 3


def what_it_is(project: Project, model_id: str, card: Mapping[str, Any]) -> None:
    """What it is good for by now; when it was trained, why, and on what; what no longer fits."""
    model_pause.show(project)
    st.text(_summary(overview.code_cards(card), overview.code_names(project.scheme)))
    new = events.decisions_since(project.store, card["scheme"]["last_event"])
    told = {
        "Sentences learned from": f"{card['trained_on']:,}",
        "Decisions since": f"{new:,}",
    }
    with st.container(horizontal=True):
        for label, number in told.items():
            st.metric(label, number, border=True, width=220)
    st.text(_origin(model_id, card))
    for line in register.misfit(project, register.find(project, model_id)).lines:
        st.text(line)
    model_about.card(project.path.stem, model_id, card)


def _summary(codes: Sequence[CodeCard], names: Mapping[Place, CodeName]) -> str:
    """The codes on the desk and the best of them; those that need more, and what they lack."""
    found = overview.readiness(codes)
    verb = "is" if len(found.on_desk) == 1 else "are"
    said = [f"{len(found.on_desk)} of {counted(len(codes), 'code')} {verb} on the desk."]
    best = [
        f"{name_of(code, names).full} ({code.average_precision:.2f})"
        for code in found.on_desk[:MOST_NAMED]
        if code.average_precision is not None
    ]
    if best:
        said.append(f"Best, by average precision: {', '.join(best)}.")
    lacking = [
        f"{name_of(code, names).full} ({overview.missing(code)})"
        for code in found.learning[:MOST_NAMED]
    ]
    if lacking:
        more = len(found.learning) - len(lacking)
        others = f"; and {more} more" if more else ""
        said.append(f"These need more: {'; '.join(lacking)}{others}.")
    if found.never_given:
        said.append(f"{counted(len(found.never_given), 'code')} never given yet.")
    return " ".join(said)


def _origin(model_id: str, card: Mapping[str, Any]) -> str:
    """When it was trained, why, how long it took, on what and with which codebooks."""
    scheme = card["scheme"]
    books = ", ".join(f"{name} {version}" for name, version in scheme["codebooks"].items())
    made = card["created_at"][:16].replace("T", " ")
    said = f"Model {model_id}, trained {made} UTC with the codebook {books}"
    if "decisions" not in scheme:
        return f"{said}."
    took = f"in {scheme['seconds']:,.0f} s " if scheme["seconds"] >= 1 else "in under a second "
    return (
        f"{said}, {took}{REASONS.get(scheme['reason'], scheme['reason'])}. It learned from "
        f"{counted(scheme['decisions'], 'decision')} by {counted(scheme['coders'], 'coder')} on "
        f"{counted(card['trained_on'], 'sentence')} of {counted(scheme['documents'], 'article')}"
        f"{_older(scheme)}."
    )


def _older(scheme: Mapping[str, Any]) -> str:
    """The versions of the codebooks that some of the decisions were made with, where several."""
    several = [
        f"{name} {', '.join(versions)}"
        for name, versions in scheme["coded_with"].items()
        if versions != [scheme["codebooks"].get(name)]
    ]
    return f", coded with {'; '.join(several)}" if several else ""


def how_good(scheme: Scheme, codes: Sequence[CodeCard]) -> None:
    """Every code with its figures, those with most positives first."""
    names = overview.code_names(scheme)
    ranked = sorted(codes, key=lambda code: -code.positives)
    given = [(name_of(code, names), code) for code in ranked if code.positives]
    st.header("How good it is", anchor=False)
    if measured := [row for name, code in given for row in _intervals(name, code)]:
        left, right = st.columns([5, 3], gap="large")
        with left:
            model_charts.intervals(measured)
        with right:
            _evaluated_on(codes)
            st.caption(FIGURES)
            st.caption(THRESHOLDS)
    else:
        _evaluated_on(codes)
    if given:
        st.html(model_table.table(given))
    _never_given([name_of(code, names).full for code in ranked if not code.positives])


def _never_given(names: list[str]) -> None:
    """The codes that nobody has given yet, in one line until it is opened."""
    if not names:
        return
    stand = "stands" if len(names) == 1 else "stand"
    with st.expander(f"{counted(len(names), 'code')} {stand} in no sentence yet"):
        st.text(" · ".join(names))


def _evaluated_on(codes: Sequence[CodeCard]) -> None:
    bases = dict.fromkeys(code.evaluated_on for code in codes if code.evaluated_on)
    if not bases:
        st.text("No code could be tested yet: that takes more coded sentences in more articles.")
    for basis in bases:
        st.text(
            f"Tested on {EVALUATED[basis]}, by models that had not seen their articles; "
            "lines are 95 % intervals."
        )


def _intervals(name: CodeName, code: CodeCard) -> list[dict[str, Any]]:
    return [
        {
            "code": name.full,
            "measure": measure.replace("_", " ").capitalize(),
            "value": getattr(code, measure),
            "low": getattr(code, f"{measure}_low"),
            "high": getattr(code, f"{measure}_high"),
        }
        for measure in ("precision", "recall", "average_precision")
        if getattr(code, measure) is not None
    ]


def name_of(code: CodeCard, names: Mapping[Place, CodeName]) -> CodeName:
    """The code's name; its own words where the scheme no longer has it."""
    place = (code.variable, code.target, code.code)
    return names.get(place, CodeName(*place, None))
