"""Sets: searches whose hits are kept, coded through on the desk, named anew, dropped."""

from __future__ import annotations

import streamlit as st

from annotator.core.counting import counted
from annotator.core.errors import AnnotatorError
from annotator.core.query import Search
from annotator.store import lists
from annotator.store.catalogue import NOBODY
from annotator.store.lists import UnitList
from annotator.ui import find_filters, marks, places
from annotator.workflow import searching
from annotator.workflow.clock import now
from annotator.workflow.projects import Project

CODE = "Code this set"


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
    try:
        kept = searching.save(project.store, looked_for, name, coder or NOBODY)
    except AnnotatorError as fault:
        st.session_state["find.fault"] = str(fault)
    else:
        st.session_state["find.said"] = (
            f"The set “{kept.name}” has {counted(kept.units, 'sentence')}."
        )
        st.session_state["find.kept"] = kept.name
        st.session_state["find.name"] = ""


def show(project: Project, coder: str | None) -> None:
    """What was saved, and what is done with it."""
    kept = lists.everything(project.store, "set")
    if not kept:
        return
    st.subheader("Sets", anchor=False)
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
    places.link("annotate", CODE, _queue(one.name))
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


def _queue(name: str) -> dict[str, str]:
    """The address of a set on the desk, in the same project and for the same coder."""
    known = ("project", "coder")
    return {"queue": name} | {one: st.query_params[one] for one in known if one in st.query_params}


def _retitle(project: Project, coder: str | None, one: UnitList, key: str) -> None:
    title = " ".join(st.session_state[key].split())
    lists.retitle(project.store, one.name, title, who=coder or NOBODY, at=now())


def _drop(project: Project, coder: str | None, one: UnitList) -> None:
    try:
        event = lists.drop(project.store, one.name, who=coder or NOBODY, at=now())
    except AnnotatorError as fault:
        st.session_state["find.fault"] = str(fault)
    else:
        st.session_state["find.gone"] = (one.heading, event)


def _restore(project: Project, coder: str | None, event: str) -> None:
    try:
        lists.restore(project.store, event, who=coder or NOBODY, at=now())
    except AnnotatorError as fault:
        st.session_state["find.fault"] = str(fault)
    st.session_state.pop("find.gone", None)


def said(project: Project, coder: str | None) -> None:
    """What the last press came to; a set that was deleted can be brought back."""
    if fault := st.session_state.pop("find.fault", ""):
        marks.fault(fault)
    if said := st.session_state.pop("find.said", ""):
        st.success(marks.plain(said))
    if kept := st.session_state.pop("find.kept", ""):
        places.link("annotate", CODE, _queue(kept))
    if gone := st.session_state.get("find.gone"):
        st.button(
            marks.plain(f"Bring {gone[0]} back"),
            icon=":material/undo:",
            on_click=_restore,
            args=(project, coder, gone[1]),
            key="find.restore",
        )
