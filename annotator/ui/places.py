"""The pages of the app by name, so that one can lead to another without knowing its module."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from annotator.store import tables
from annotator.ui import state
from annotator.workflow.projects import Project


def keep(places: Mapping[str, st.Page]) -> None:
    """Called by the router before it draws a page."""
    st.session_state["places"] = dict(places)


def link(name: str, label: str, parameters: Mapping[str, str] | None = None) -> None:
    """A link to a page, with parameters of the address.

    Where a page is drawn without the router there is nowhere to go.
    """
    place = st.session_state.get("places", {}).get(name)
    if place is not None:
        st.page_link(place, label=label, icon=place.icon, query_params=parameters)


def code_list(label: str, name: str) -> None:
    """A link to the desk on a sample or a set, also where it is opened in another tab."""
    link("annotate", label, {"queue": name} | state.address())


def lacks_articles(project: Project, told: str) -> bool:
    """Whether there are no articles; the page then says what follows, and leads to the import."""
    if tables.totals(project.store)["documents"]:
        return False
    st.info(f"{told}: the project has no articles.")
    link("import", "Import articles")
    return True


def go(name: str, parameters: Mapping[str, str] | None = None) -> None:
    """Leave for a page, with parameters of the address."""
    place = st.session_state.get("places", {}).get(name)
    if place is not None:
        st.switch_page(place, query_params=parameters)
