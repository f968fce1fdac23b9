"""There is no model yet: what is missing for a first one, and the way there."""

from __future__ import annotations

import streamlit as st

from annotator.store import events, jobs, tables
from annotator.ui import places
from annotator.workflow import overview, supervising
from annotator.workflow.projects import Project

VIEW = "model.view"
"""Where the model page keeps which of its views is shown."""

IN_FORCE = "force"


def lacks_model(project: Project, told: str = "") -> bool:
    """Whether there is no model; the page then says so and what is missing, and leads on.

    ``told`` is what the page would show if there were one.
    """
    if jobs.model_id(project.store) is not None:
        return False
    if supervising.is_training(project):
        if not _is_in_force():  # where a bar tells how far it is
            st.info("There is no model yet: the first one is being trained.")
        return True
    head = f"There is no model yet{f' {told}' if told else ''}"
    st.info(f"{head}: {_missing(project)}")
    lead_on(project)
    return True


def _missing(project: Project) -> str:
    missing = overview.until_training(project.store)
    if not tables.totals(project.store)["documents"]:
        return "the project has no articles to code and to learn from."
    if not _is_coded(project):
        return f"nothing is coded. {missing}"
    if missing:
        return (
            f"too little is coded. {missing} It can be trained before, from what is coded so far."
        )
    return "enough is coded for a first one, which waits to be trained."


def lead_on(project: Project) -> None:
    """The way to what is missing: articles, coding or training."""
    if not tables.totals(project.store)["documents"]:
        places.link("import", "Import articles")
    elif overview.until_training(project.store):
        places.link("annotate", "Go on coding" if _is_coded(project) else "Start coding")
    elif not _is_in_force():
        st.button("Train a first model", on_click=_to_training, key="model.missing.train")


def _is_coded(project: Project) -> bool:
    return bool(events.decisions_since(project.store, 0, most=1))


def _is_in_force() -> bool:
    return bool(st.session_state.get(VIEW, IN_FORCE) == IN_FORCE)


def _to_training() -> None:
    st.session_state[VIEW] = IN_FORCE
