"""The label check: a list of doubted labels is made here, and what came of each list is told."""

from __future__ import annotations

import streamlit as st

from annotator.core.counting import counted
from annotator.learn.model import Column
from annotator.store import lists, tables
from annotator.store.catalogue import NOBODY
from annotator.store.lists import UnitList
from annotator.ui import marks, model_missing, places, told
from annotator.workflow import label_check, overview
from annotator.workflow.label_check import Turned
from annotator.workflow.overview import CodeName
from annotator.workflow.projects import Project

START = 40
"""Doubted labels in a list, where nobody chooses another number."""

EVERY = "All codes"
EVERYBODY = "Everybody's"


def show(project: Project, coder: str | None) -> None:
    """The lists that there are and what came of them, then the making of another one."""
    place = _place(project)
    told.show(place)
    st.text(
        "The model reads every coded sentence without having learned from its article. Where it is"
        " as sure of another answer as it usually is where that is right, the label is doubted."
        " Looking at those labels again finds slips; many of them will be right as they are."
    )
    if model_missing.lacks_model(project, "that could doubt a label"):
        return
    _make(project, coder)
    for one in lists.everything(project.store, "check"):
        _list(project, coder, one)


def _place(project: Project) -> str:
    return f"check.{project.id}"


def _make(project: Project, coder: str | None) -> None:
    """What the next list is to hold, and the button."""
    names = overview.code_names(project.scheme)
    columns = {Column(*place): name.full for place, name in names.items()}
    coders = tables.coders(project.store)
    with st.form("check.form"):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            code = st.selectbox(
                "Labels of",
                [None, *columns],
                format_func=lambda one: EVERY if one is None else columns[one],
                key="check.code",
            )
            whose = st.selectbox(
                "Whose labels",
                ["", *coders],
                index=1 + coders.index(coder) if coder in coders else 0,
                format_func=lambda one: one or EVERYBODY,
                key="check.coder",
            )
            wanted = st.number_input(
                "Doubted labels", 1, label_check.MOST, START, key="check.number"
            )
        st.caption(
            "As many sentences that are not doubted are mixed in, and nothing says which is which."
            " How many of those are changed tells how much looking twice changes by itself."
        )
        pressed = st.form_submit_button("Make the list", type="primary", key="check.make")
    if pressed:
        with told.refusals(_place(project)), st.spinner("Looking for doubted labels"):
            made = label_check.make(
                project,
                int(wanted),
                code=code,
                coder=whose,
                seed=project.seed,
                who=coder or NOBODY,
            )
            told.say(
                _place(project),
                done=f"Made {made.name}: {counted(made.units, 'sentence')} to look at again.",
            )
        st.rerun()


def _list(project: Project, coder: str | None, one: UnitList) -> None:
    """One list with what came of it: of this coder's labels, or of all where nobody is coding."""
    found, turned = label_check.outcome(project.store, one.name, coder)
    done = found.doubted + found.mixed
    with st.container(border=True):
        st.header(marks.plain(one.heading), anchor=False)
        about = f"{counted(one.units, 'sentence')} · {one.made_at[:10]} by {one.made_by}"
        st.caption(marks.plain(about))
        if not done + found.waiting:
            st.text("It holds none of your labels: each coder looks at their own again.")
            return
        st.progress(
            done / (done + found.waiting),
            text=f"{done:,} of {counted(done + found.waiting, 'label')} looked at",
        )
        if found.waiting:
            places.code_list("Look at them again", one.name)
        if done:
            st.text(found.told)
        _by_code(project, turned)


def _by_code(project: Project, turned: list[Turned]) -> None:
    if not turned:
        return
    names = overview.code_names(project.scheme)
    st.dataframe(
        [
            {
                "Code": _called(names.get(one.column), one.column),
                "Given, then taken out": one.taken_out,
                "Not given, then put in": one.put_in,
            }
            for one in turned
        ],
        hide_index=True,
    )


def _called(name: CodeName | None, column: Column) -> str:
    """A code by its title, or by its own name where the codebook has lost it."""
    return name.full if name else column.code
