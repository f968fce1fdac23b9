"""The speakers page: how much of the corpus is somebody's words, whose, and who is the same."""

from __future__ import annotations

import streamlit as st

from annotator.store import documents, speakers
from annotator.store.catalogue import NOBODY
from annotator.ui import places, speakers_figures, speakers_merge, speakers_said, told
from annotator.ui import speakers_table as table
from annotator.workflow.projects import Project


def render(project: Project, coder: str | None) -> None:
    """Show who speaks."""
    st.title("Speakers", anchor=False)
    counts = speakers.counts(project.store)
    if not counts.heard:
        _nothing(waiting=counts.waiting > 0)
        return
    _voices(project)
    if not counts.actors:
        st.info("Nobody is quoted by name in these documents.")
        return
    _speakers(project, coder)


def _nothing(*, waiting: bool) -> None:
    if waiting:
        st.info("The documents are being listened to. Who speaks in them comes up here.")
        return
    st.info("No articles yet. Bring some in, and who speaks in them is listed here.")
    places.link("import", "Import articles")


def _voices(project: Project) -> None:
    st.header("Whose words the articles are", anchor=False)
    speakers_figures.voices(speakers.voices_by_source(project.store))


@st.fragment
def _speakers(project: Project, coder: str | None) -> None:
    told.show(table.PLACE)
    who = coder or NOBODY
    everybody, alike, done = st.tabs(
        ["Everybody", "May be one", "What was changed"], key="speakers.tab", on_change="rerun"
    )
    if everybody.open:
        with everybody:
            _everybody(project, who)
    if alike.open:
        with alike:
            table.undo(project, who)
            speakers_merge.suggested(project, who)
    if done.open:
        with done:
            speakers_merge.history(project, who)


def _everybody(project: Project, who: str) -> None:
    st.caption(
        "Name, kind and affiliation can be corrected here: click twice into a cell. Each "
        "correction is kept at once, with your name, and holds in every article and export."
    )
    shown = table.draw(project, who)
    if nameless := speakers.counts(project.store).nameless:
        st.caption(
            f"{nameless:,} more are known by a role or a surname alone. They may be anybody, and "
            "stay with their article."
        )
    if shown is None:
        return
    ticked = shown.ticked()
    with st.container(horizontal=True, vertical_alignment="center"):
        table.undo(project, who)
        if not ticked:
            st.text("Tick one to read what they say, or several to merge them.")
    if len(ticked) > 1:
        speakers_merge.chosen(project, who, ticked)
    elif ticked:
        speakers_said.show(project, ticked[0])
    st.header("Where they are quoted", anchor=False)
    keys = [one.key for one in ticked or shown.rows[: speakers_figures.MOST_ACTORS]]
    everywhere = [outlet for outlet, _ in documents.sources(project.store)]
    speakers_figures.outlets(speakers.shares(project.store, keys), everywhere)
