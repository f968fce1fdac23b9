"""Where the user is: which project is open, and who is coding. The one identity function is here.

Facts live in the project file; this is only what a browser tab remembers. Both values are kept
in the address as well, so that a reload or a copied link comes back to the same place.
"""

from __future__ import annotations

import os
from pathlib import Path

import streamlit as st

from annotator.workflow import projects, sample_project, supervising
from annotator.workflow.projects import Project

LONGEST_NAME = 60

OF_A_PROJECT = ("catalogue.", "codebook.", "copies.", "find.", "samples.", "speakers.", "start.")
"""How the keys begin under which pages keep filters, sets, corrections and what undoes them."""


def open_default() -> Project:
    """The project the server was started for: ``ANNOTATOR_PROJECT``, or the embedded sample."""
    place = os.environ.get("ANNOTATOR_PROJECT")
    project = sample_project.open_default(Path(place) if place else sample_project.sample_path())
    projects.remember(project)
    supervising.take_up(project)
    return project


def project() -> Project:
    """The project of this tab."""
    asked = st.query_params.get("project") or st.session_state.get("project")
    found = projects.by_id(asked) if asked else None
    if found is None:
        found = open_default()
        _forget_others(found)
    else:
        keep_project(found)
    return found


def keep_project(chosen: Project) -> None:
    """Stay with this project in this tab."""
    _forget_others(chosen)
    st.session_state["project"] = chosen.id
    st.query_params["project"] = chosen.id
    projects.remember(chosen)


def _forget_others(chosen: Project) -> None:
    """Leave the list of another project, and forget what pages remember of it."""
    if st.session_state.get("shown", chosen.id) != chosen.id:
        leave_queue()
        for key in list(st.session_state):
            if str(key).startswith(OF_A_PROJECT):
                del st.session_state[key]
    st.session_state["shown"] = chosen.id


def coder() -> str | None:
    """Who is coding: named at the start of the server, or by the person in this tab."""
    given = os.environ.get("ANNOTATOR_CODER", "").strip()
    if given:
        return given
    name = st.session_state.get("coder") or st.query_params.get("coder", "").strip()
    if not name or len(name) > LONGEST_NAME:
        return None
    keep_coder(name)
    return str(name)


def address() -> dict[str, str]:
    """What a link to the desk carries, so that it comes to this tab's project and coder."""
    return {name: st.query_params[name] for name in ("project", "coder") if name in st.query_params}


def may_rename() -> bool:
    """Whether the person in this tab has named themselves, and may do so anew."""
    return coder() is not None and not os.environ.get("ANNOTATOR_CODER", "").strip()


def queue() -> str:
    """The list or order that this tab works through; empty for the project as it was imported.

    An empty ``queue`` in the address leaves it. Else a tab stays with the one that it had, or
    begins with the one that the server was started for.
    """
    default = os.environ.get("ANNOTATOR_QUEUE", "")
    name = st.query_params.get("queue", st.session_state.get("queue", default))
    st.session_state["queue"] = name
    if name:
        st.query_params["queue"] = name
    return str(name)


def leave_queue() -> None:
    """Go on with the whole project in this tab."""
    keep_queue("")


def keep_queue(name: str) -> None:
    """Work through this list or order in this tab, from the desk's next drawing on."""
    st.session_state["queue"] = name
    st.query_params["queue"] = name
    st.query_params.pop("start", None)


def is_starting() -> bool:
    """Whether the address asks for the start card."""
    return st.query_params.get("start", "") == "1"


def forget_coder() -> None:
    """Ask anew who is coding in this tab."""
    st.session_state.pop("coder", None)
    st.query_params.pop("coder", None)


def keep_coder(name: str) -> None:
    """Code under this name in this tab."""
    st.session_state["coder"] = name
    st.query_params["coder"] = name
