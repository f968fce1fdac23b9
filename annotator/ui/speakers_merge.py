"""Speakers who are one: those that are ticked, and those that look alike."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from annotator.core.counting import counted
from annotator.store import actors as events
from annotator.store.speakers import Entry
from annotator.ui import edited_table, marks, told
from annotator.ui.speakers_table import PLACE, take_back
from annotator.workflow import actors
from annotator.workflow.actors import Suggestion
from annotator.workflow.projects import Project

MOST_SUGGESTED = 20


def chosen(project: Project, coder: str, ticked: Sequence[Entry]) -> None:
    """What merging those that are ticked comes to, and the button that does it."""
    names = {one.key: one.name for one in ticked}
    with st.container(border=True):
        into = st.selectbox(
            "Merge them under the name of",
            list(names),
            format_func=names.__getitem__,
            key="speakers.into",
            width=320,
        )
        others = [key for key in names if key != into]
        for line in actors.preview(project.store, into, others).lines():
            st.text(line)
        st.button(
            "Merge",
            type="primary",
            icon=":material/merge:",
            on_click=_merge,
            args=(project, coder, into, others, names[into]),
            help="It can be taken back exactly.",
            key="speakers.merge",
        )


def _merge(project: Project, coder: str, into: str, others: Sequence[str], name: str) -> None:
    with told.refusals(PLACE):
        event = actors.merge(project.store, into, others, coder)
        told.offer_undo(PLACE, f"Undo: merging into {name}", [event])
    edited_table.draw_anew(PLACE)


def suggested(project: Project, coder: str) -> None:
    """Pairs who may be one, each with its reason; nothing is merged by itself."""
    found = actors.suggestions(project.store, most=MOST_SUGGESTED + 1)
    if not found:
        st.info("No two speakers look alike.")
        return
    st.caption("Look before you merge: two people may well share a surname.")
    for one in found[:MOST_SUGGESTED]:
        _pair(project, coder, one)
    if len(found) > MOST_SUGGESTED:
        st.text("There are more; they come up as these are merged.")


def _pair(project: Project, coder: str, one: Suggestion) -> None:
    with st.container(horizontal=True, vertical_alignment="center", border=True):
        with st.container():
            st.text(f"{one.other_name} → {one.into_name}")
            st.caption(marks.plain(_why(project, one)))
        st.button(
            "Merge",
            icon=":material/merge:",
            on_click=_merge,
            args=(project, coder, one.into, [one.other], one.into_name),
            key=f"speakers.suggested.{one.into}.{one.other}",
        )


def _why(project: Project, one: Suggestion) -> str:
    reach = actors.preview(project.store, one.into, [one.other]).of
    sentences, documents = counted(reach.units, "sentence"), counted(reach.documents, "document")
    return f"{one.reason} · {sentences} in {documents}"


def history(project: Project, coder: str) -> None:
    """What was done to speakers, newest first; each can be taken back."""
    done = events.history(project.store)
    if not done:
        st.info("Nothing was changed yet. Changes of speakers are listed here, with their undo.")
        return
    for one in done[:MOST_SUGGESTED]:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.text(f"{one.at[:16].replace('T', ' ')} · {one.coder} · {one.told()}")
            st.button(
                "Taken back" if one.undone else "Undo",
                disabled=one.undone,
                on_click=take_back,
                args=(project, coder, [one.uuid]),
                key=f"speakers.history.{one.uuid}",
            )
    if len(done) > MOST_SUGGESTED:
        st.text(f"… and {len(done) - MOST_SUGGESTED:,} before; the command line lists all.")
