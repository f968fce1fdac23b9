"""Sets: searches whose hits are kept, coded through on the desk, named anew, dropped."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from annotator.core.counting import counted
from annotator.core.query import Search
from annotator.store import lists
from annotator.store.catalogue import NOBODY
from annotator.store.lists import UnitList
from annotator.ui import find_filters, places, told
from annotator.workflow import searching
from annotator.workflow.clock import now
from annotator.workflow.projects import Project

CODE = "Code this set"
PLACE = "find"


def keep(project: Project, coder: str | None, looked_for: Search) -> None:
    """A name, and everything that is found is a set of that name."""
    with st.popover("Save as a set", icon=":material/bookmark_add:"):
        st.text("All that is found is kept under a name, and can be coded through on the desk.")
        st.text_input("Name", max_chars=lists.LONGEST_NAME, key="find.name")
        st.button(
            "Save",
            type="primary",
            on_click=_save,
            args=(project, coder, looked_for),
            key="find.save",
        )


def _save(project: Project, coder: str | None, looked_for: Search) -> None:
    name = st.session_state.get("find.name", "")
    with told.refusals(PLACE):
        kept = searching.save(project.store, looked_for, name, coder or NOBODY)
        size = counted(kept.units, "sentence")
        told.say(PLACE, done=f"The set “{kept.name}” has {size}.")
        st.session_state["find.kept"] = kept.name
        st.session_state["find.name"] = ""


def show(project: Project, coder: str | None) -> None:
    """What was saved, and what is done with it."""
    kept = lists.everything(project.store, "set")
    if not kept:
        return
    st.header("Sets", anchor=False)
    for one in kept:
        with st.container(horizontal=True, vertical_alignment="center", border=True):
            st.text(
                f"{one.heading} · {counted(one.units, 'sentence')} · {one.made_by}", width="stretch"
            )
            _actions(project, coder, one)


def _actions(project: Project, coder: str | None, one: UnitList) -> None:
    if again := one.settings.get("search"):
        st.button(
            "Search again",
            icon=":material/search:",
            type="tertiary",
            on_click=find_filters.search_again,
            args=(again,),
            key=f"find.again.{one.name}",
        )
    places.code_list(CODE, one.name)
    with st.popover("Rename", type="tertiary"):
        key = f"find.title.{one.name}"
        st.text_input("Title", one.heading, max_chars=lists.LONGEST_NAME, key=key)
        st.button(
            "Keep the title",
            on_click=_retitle,
            args=(project, coder, one, key),
            key=f"find.retitle.{one.name}",
        )
    st.button(
        "Delete",
        icon=":material/delete:",
        type="tertiary",
        help="What was coded in it stays; the set can be brought back.",
        on_click=_drop,
        args=(project, coder, one),
        key=f"find.drop.{one.name}",
    )


def _retitle(project: Project, coder: str | None, one: UnitList, key: str) -> None:
    title = " ".join(st.session_state[key].split())
    with told.refusals(PLACE):
        lists.retitle(project.store, one.name, title, who=coder or NOBODY, at=now())


def _drop(project: Project, coder: str | None, one: UnitList) -> None:
    with told.refusals(PLACE):
        event = lists.drop(project.store, one.name, who=coder or NOBODY, at=now())
        told.offer_undo(PLACE, f"Bring {one.heading} back", [event])


def _restore(project: Project, coder: str | None, events: Sequence[str]) -> None:
    told.forget_undo(PLACE)
    with told.refusals(PLACE):
        for event in events:
            lists.restore(project.store, event, who=coder or NOBODY, at=now())


def said(project: Project, coder: str | None) -> None:
    """What the last press came to; a set that was deleted can be brought back."""
    told.show(PLACE)
    if kept := st.session_state.pop("find.kept", ""):
        places.code_list(CODE, kept)
    told.undo_button(PLACE, _restore, project, coder)
