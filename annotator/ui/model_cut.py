"""Where a code is cut: for the best F1, or where a share of the suggestions is right."""

from __future__ import annotations

import streamlit as st

from annotator.learn.model import CodeCard, Column
from annotator.store import jobs
from annotator.workflow import cuts, overview, supervising
from annotator.workflow.projects import Project

BEST, WANTED = "Cut for the best F1", "Cut where a share of the suggestions is right"
USUAL = 0.8
"""The share that is proposed to who wants one."""


def choose(project: Project, code: CodeCard) -> None:
    """Say where the code is cut, and choose where the next training is to cut it."""
    place = Column(code.variable, code.target, code.code)
    if not code.fitted or place not in overview.code_names(project.scheme):
        return
    wanted = cuts.precisions(project.store).get(place.key)
    st.subheader("Where is it cut?", anchor=False)
    st.text(_in_force(code))
    name = f"model.cut.{project.id}.{place.key}"
    rule, share = f"{name}.rule", f"{name}.share"
    # The project is what holds; a command or another tab may have said otherwise meanwhile.
    st.session_state[rule] = BEST if wanted is None else WANTED
    with st.container(horizontal=True, vertical_alignment="center"):
        st.radio(
            "Where the next training cuts it",
            [BEST, WANTED],
            key=rule,
            horizontal=True,
            label_visibility="collapsed",
            on_change=_by_rule,
            args=(project, place, rule),
            width="content",
        )
        if wanted is not None:
            st.session_state[share] = 100 * wanted
            st.number_input(
                "Per cent of the suggestions that are right",
                min_value=1.0,
                max_value=100.0,
                step=5.0,
                format="%.3g",
                key=share,
                label_visibility="collapsed",
                on_change=_by_share,
                args=(project, place, share),
                width=130,
            )
            st.text("%", width="content")
    if wanted != code.wanted_precision:
        _next_time(project, wanted)


def _in_force(code: CodeCard) -> str:
    """The cut of the model in force, and what it came to."""
    if code.wanted_precision is None:
        return f"At {code.threshold:.2f}, for the best F1."
    share = overview.percent(code.wanted_precision)
    if overview.is_out_of_reach(code):
        return (
            f"No threshold reaches {share} right suggestions on the sentences coded so far, so "
            "that nothing is suggested. Code more sentences, or ask for less."
        )
    said = f"At {code.threshold:.2f}: from there on, {share} or more of those tested were right."
    if code.precision is None or code.precision >= code.wanted_precision:
        return said
    return (
        f"{said} Where the cut was chosen without looking at the articles in hand, "
        f"{overview.percent(code.precision)} were: expect no more of new text until more is coded."
    )


def _next_time(project: Project, wanted: float | None) -> None:
    """What the next training will do, and the button to have it now."""
    cut = "for the best F1" if wanted is None else f"where {overview.percent(wanted)} are right"
    with st.container(horizontal=True, vertical_alignment="center"):
        if supervising.another_follows(project):
            st.text(f"The training that follows will cut it {cut}.", width="content")
            return
        runs = jobs.running(project.store) is not None
        st.text(f"The next training will cut it {cut}.", width="content")
        st.button(
            "Train again afterwards" if runs else "Train now",
            icon=":material/model_training:",
            on_click=_train,
            args=(project,),
            key="model.cut.train",
        )


def _train(project: Project) -> None:
    supervising.start_training(project, "asked")


def _by_rule(project: Project, place: Column, rule: str) -> None:
    by_precision = st.session_state[rule] == WANTED
    cuts.want(project.store, {place.key: USUAL if by_precision else None})


def _by_share(project: Project, place: Column, share: str) -> None:
    cuts.want(project.store, {place.key: round(st.session_state[share] / 100, 4)})
