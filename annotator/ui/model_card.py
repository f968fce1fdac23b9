"""A model's own account of itself, as the model page shows it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from annotator.core.codebook import Scheme
from annotator.store import events
from annotator.ui import charts, model_table
from annotator.workflow import overview
from annotator.workflow.overview import CodeName
from annotator.workflow.projects import Project

Card = Mapping[str, Any]

EVALUATED = {
    "reserved": "sentences reserved for testing, drawn at random",
    "blind": "sentences coded without a suggestion in sight",
    "all": "all coded sentences, some of them coded with suggestions in sight",
}
THRESHOLDS = (
    "From the threshold on, the model would give the code, with the best balance of precision and "
    "recall; the desk shows it only from the higher score “shown from” on, where suggestions are "
    "surely right in half of the cases or more (– means not yet)."
)


def what_it_is(project: Project, model_id: str, card: Card) -> None:
    """When it was trained, on what, and how much of it is on the desk."""
    books = ", ".join(f"{name} {version}" for name, version in card["scheme"]["codebooks"].items())
    new = events.decisions_since(project.store, card["scheme"]["last_event"])
    ready = sum(code["desk_threshold"] is not None for code in card["codes"])
    told = {
        "Sentences learned from": f"{card['trained_on']:,}",
        "Codes on the desk": f"{ready} of {len(card['codes'])}",
        "Decisions since": f"{new:,}",
    }
    with st.container(horizontal=True):
        for label, number in told.items():
            st.metric(label, number, border=True, width=220)
    made = card["created_at"][:16].replace("T", " ")
    st.text(f"Model {model_id}, trained {made} UTC with the codebook {books}.")


def how_good(scheme: Scheme, card: Card) -> None:
    """Every code with its figures, those with most positives first."""
    names = overview.code_names(scheme)
    codes = [(_name(code, names), code) for code in card["codes"]]
    codes.sort(key=lambda pair: -pair[1]["positives"])
    given = [(name, code) for name, code in codes if code["positives"]]
    st.subheader("How good it is", anchor=False)
    _evaluated_on(card)
    measured = [row for name, code in given for row in _intervals(name, code)]
    if measured:
        charts.intervals(measured)
    if given:
        st.text(THRESHOLDS)
        st.html(model_table.table(given))
    _never_given([name.full for name, code in codes if not code["positives"]])


def _never_given(names: list[str]) -> None:
    """The codes that nobody has given yet, in one line until it is opened."""
    if not names:
        return
    said = "1 code stands" if len(names) == 1 else f"{len(names):,} codes stand"
    with st.expander(f"{said} in no sentence yet"):
        st.text(" · ".join(names))


def _evaluated_on(card: Card) -> None:
    bases = dict.fromkeys(code["evaluated_on"] for code in card["codes"] if code["evaluated_on"])
    if not bases:
        st.text("No code could be tested yet: that takes more coded sentences in more articles.")
    for basis in bases:
        st.text(f"Tested out of fold on {EVALUATED[basis]}; lines are 95 % intervals.")


def _intervals(name: CodeName, code: Card) -> list[dict[str, Any]]:
    return [
        {
            "code": name.full,
            "measure": measure.capitalize(),
            "value": code[measure],
            "low": code[f"{measure}_low"],
            "high": code[f"{measure}_high"],
        }
        for measure in ("precision", "recall")
        if code[measure] is not None
    ]


def _name(code: Card, names: dict[overview.Place, CodeName]) -> CodeName:
    """The code's name; its own words where the scheme no longer has it."""
    place = (code["variable"], code["target"], code["code"])
    return names.get(place, CodeName(*place, None))
