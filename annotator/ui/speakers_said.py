"""What one speaker says: each sentence, how they were found, and the way to it on the desk."""

from __future__ import annotations

from urllib.parse import urlencode

import streamlit as st

from annotator.store import speakers
from annotator.store.speakers import Entry, Said
from annotator.ui import marks, state
from annotator.workflow.projects import Project

PER_PAGE = 25
SURE = 0.8
"""Below this confidence an attribution is to be checked."""

FOUND = {
    "name": "by name",
    "organisation": "by the organisation's name",
    "role": "by their role",
    "pronoun": "through a pronoun",
    "chain": "carried on from the quotation before",
}


def show(project: Project, one: Entry) -> None:
    """The sentences of a speaker, some on a page."""
    pages = max(1, -(-one.units // PER_PAGE))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.header(marks.plain(f"What {one.name} says"), anchor=False)
        key = f"speakers.said.{one.key}"
        number = st.pagination(pages, key=key) if pages > 1 else 1
    found = speakers.sayings(project.store, one.key, limit=PER_PAGE, offset=(number - 1) * PER_PAGE)
    st.dataframe(
        [_row(said) for said in found.rows],
        hide_index=True,
        column_config={
            "sentence": st.column_config.TextColumn(width=400),
            "found": st.column_config.TextColumn(width=150),
            "sure": st.column_config.TextColumn(width=110),
            "document": st.column_config.TextColumn(width=190),
            "desk": st.column_config.LinkColumn("", display_text="Open on the desk", width=120),
        },
        key="speakers.sayings",
    )


def _row(said: Said) -> dict[str, str]:
    about = " · ".join(filter(None, [said.title, said.source, said.published]))
    return {
        "sentence": said.text,
        "voice": said.voice,
        "sure": sure(said),
        "desk": _address(said.unit),
        "found": "by a coder" if said.basis == "coder" else FOUND.get(said.mode, "by machine"),
        "document": about,
    }


def sure(said: Said) -> str:
    """How sure the machine is of the speaker; empty where a coder is.

    >>> sure(Said("u", "", "", "", "", "direct", "", "machine", "pronoun", 0.65))
    '65 % · check'
    """
    if said.confidence is None:
        return ""
    return f"{100 * said.confidence:.0f} %{' · check' if said.confidence < SURE else ''}"


def _address(unit: str) -> str:
    """Where the desk opens at a unit, in this project and for this coder."""
    return f"/?{urlencode(state.address() | {'unit': unit})}"
