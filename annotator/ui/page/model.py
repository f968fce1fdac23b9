"""The model page: the model in force, training it anew, and what follows from its suggestions."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import streamlit as st

from annotator.store import jobs
from annotator.ui import (
    model_anchoring,
    model_card,
    model_check,
    model_code,
    model_confirm,
    model_first,
    model_missing,
    model_policy,
    model_register,
    model_replay,
    model_stopping,
    model_training,
)
from annotator.ui.model_missing import IN_FORCE, VIEW
from annotator.workflow import overview
from annotator.workflow.projects import Project


def render(project: Project, coder: str | None) -> None:
    """Show the view that the address asks for, the model in force at first."""
    st.title("Model", anchor=False)
    VIEWS[_chosen()].show(project, coder)


def _chosen() -> str:
    """The name of the view in hand, which stays in the address."""
    asked = st.query_params.get("view", "")
    st.session_state.setdefault(VIEW, asked if asked in VIEWS else IN_FORCE)
    # Bound to the address, the control would put its titles there.
    name = st.segmented_control(
        "View",
        list(VIEWS),
        format_func=lambda view: VIEWS[view].title,
        required=True,
        label_visibility="collapsed",
        key=VIEW,
    )
    st.query_params["view"] = str(name)
    return str(name)


def _in_force(project: Project, coder: str | None) -> None:
    found = jobs.model(project.store)
    model_training.show(project, found[0] if found else None)
    if found is None:
        model_missing.lacks_model(project)
        model_first.show(project, coder)
        model_policy.show(project, coder)
        return
    codes = overview.code_cards(found[1])
    model_card.what_it_is(project, *found)
    model_card.how_good(project.scheme, codes)
    model_policy.show(project, coder)
    model_code.one_code(project, coder, codes)
    model_first.show(project, coder)


class View(NamedTuple):
    """One view of the page."""

    title: str
    show: Callable[[Project, str | None], None]


VIEWS = {
    IN_FORCE: View("In force", _in_force),
    "stop": View("When to stop", model_stopping.show),
    "anchoring": View("Anchoring", model_anchoring.show),
    "replay": View("Replay", model_replay.show),
    "check": View("Label check", model_check.show),
    "confirm": View("Confirm", model_confirm.show),
    "all": View("All models", model_register.show),
}
"""The views by their names in the address, in the order of the page."""
