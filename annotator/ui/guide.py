"""The guided start as a list of tasks, and what to do now elsewhere: a button and quiet links."""

from __future__ import annotations

from typing import Literal, NamedTuple

import streamlit as st

from annotator.ui import places, state
from annotator.ui.next_steps import Step
from annotator.workflow import guide
from annotator.workflow.guide import FIVE, Guide, Task
from annotator.workflow.projects import Project


class Told(NamedTuple):
    """One task of the guide as it is told, and the way to it: the ``label`` leads to the ``page``.

    Both are empty where it is done on the spot.
    """

    task: Task
    title: str
    why: str
    label: str
    page: str


TASKS = (
    Told(
        "code",
        "Code five sentences",
        "The desk shows one sentence. Press the keys of the codes that fit it, then Enter; Enter"
        " alone says that none does. Pointing at a code shows what it means.",
        "Start coding",
        "annotate",
    ),
    Told(
        "suggestion",
        "Meet a suggestion",
        "A model has learned from two coders and puts its score on some codes. Press w to see why;"
        " take the code with its own key, or pass it by.",
        "Show me a suggestion",
        "annotate",
    ),
    Told(
        "export",
        "Take the labels out",
        "The format “labels” is a table with a row for each answer, as R, Stata, Excel and pandas"
        " read it.",
        "Go to the export",
        "export",
    ),
    Told(
        "own",
        "Your own articles",
        "A project takes a name, a codebook and your articles; fill in the form below.",
        "",
        "",
    ),
)
"""The tasks of the guided start, in their order."""


def tasks(project: Project, coder: str | None, far: Guide) -> None:
    """The tasks with those that are done, the way to the next, and the way out."""
    names = [told.task for told in TASKS]
    with st.container(border=True):
        st.header("Your first quarter of an hour", anchor=False)
        for told in TASKS:
            if told.task == far.task:
                _next(project, coder, told, far)
            else:
                done = names.index(told.task) < names.index(far.task)
                _line(told, far, "check_circle" if done else "radio_button_unchecked")
        with st.container(horizontal=True):
            if coder:
                st.button(
                    "Skip the guide",
                    type="tertiary",
                    on_click=guide.leave,
                    args=(project.store, coder),
                    key="guide.leave",
                )
            _rename("tertiary")


def _rename(look: Literal["secondary", "tertiary"]) -> None:
    if state.may_rename() and st.button("Code under another name", type=look, key="home.rename"):
        state.forget_coder()
        places.go("annotate")


def again(project: Project, coder: str | None) -> None:
    """The way back for somebody who left the guide."""
    if coder:
        st.button(
            "Take the guide up again",
            type="tertiary",
            on_click=guide.take_up,
            args=(project.store, coder),
            key="guide.again",
        )


def _line(told: Told, far: Guide, icon: str, *, now: bool = False) -> None:
    done = {"check_circle": " (done)"}.get(icon, "")
    count = f" · {min(far.coded, FIVE)} of {FIVE}" if told.task == "code" else ""
    text = f"{told.title}{count}{done}"
    st.markdown(f":material/{icon}: {f'**{text}**' if now else text}")


def _next(project: Project, coder: str | None, told: Told, far: Guide) -> None:
    _line(told, far, "arrow_circle_right", now=True)
    st.text(told.why)
    label = "Go on coding" if told.task == "code" and far.coded else told.label
    if label and st.button(label, type="primary", key="home.next"):
        unit = guide.suggested_unit(project, coder) if coder and told.task == "suggestion" else ""
        _go(Step(told.label, told.page, told.why, unit=unit))


def steps(found: list[Step]) -> None:
    """The step that comes next as a button with its reason; the others as quieter links."""
    first, *others = found
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(first.label, type="primary", key="home.next"):
            _go(first)
        _rename("secondary")
        st.text(first.why)
    for step in others:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            places.link(step.page, step.label, _asked(step))
            st.text(step.why)


def _go(step: Step) -> None:
    places.go(step.page, _asked(step))


def _asked(step: Step) -> dict[str, str]:
    """What the address says of a step."""
    told = {"unit": step.unit, "queue": step.queue}
    return {name: one for name, one in told.items() if one} | state.address()
