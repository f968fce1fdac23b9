"""Confirming suggestions of one code in a list: nothing is ticked beforehand."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import streamlit as st

from annotator.core.counting import counted
from annotator.core.errors import AnnotatorError
from annotator.learn.model import CodeCard, Column
from annotator.store import documents
from annotator.ui import marks, model_missing, places, told
from annotator.workflow import confirming, overview
from annotator.workflow.confirming import Page, Row, Wanted
from annotator.workflow.projects import Project

SIZES = (25, 50)
"""Sentences on a page."""


class _Shown(NamedTuple):
    """A page as it was drawn, which stays so until another is asked for: no tick gets lost."""

    project: str
    coder: str
    wanted: Wanted
    size: int
    skip: int
    page: Page


def show(project: Project, coder: str | None) -> None:
    """Choose what to look through, then the sentences to tick."""
    place = _place(project)
    told.show(place)
    if coder is None:
        st.info("Say first who is coding: what is confirmed is kept under a name.")
        places.link("annotate", "Say who is coding")
        return
    told.undo_button(place, _take_back, project, coder)
    if model_missing.lacks_model(project, "whose suggestions could be confirmed"):
        return
    if why := confirming.lacks(project):
        st.info(why)
        return
    st.text(
        "Sentences that the model suggests a code for, the likeliest first. Tick those that carry"
        " it. What is confirmed so is marked as made from suggestions: it counts in no figure of"
        " the model and in no gold, and the sentence stays open on the desk."
    )
    wanted, size = _wanted(project)
    try:
        shown = _shown(project, coder, wanted, size)
    except AnnotatorError as fault:
        marks.fault(f"{fault}.")
        return
    _sentences(project, shown)


def _place(project: Project) -> str:
    return f"confirm.{project.id}"


def _wanted(project: Project) -> tuple[Wanted, int]:
    """The code, the range of its scores, outlets and words; and the sentences on a page."""
    cards = {Column(one.variable, one.target, one.code): one for one in confirming.codes(project)}
    names = overview.code_names(project.scheme)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        code = st.selectbox(
            "Code", list(cards), format_func=lambda one: names[one].full, key="confirm.code"
        )
        low, high = _range(cards[code])
        size = st.selectbox("Sentences on a page", SIZES, key="confirm.size")
    with st.container(horizontal=True):
        outlets = [name for name, _ in documents.sources(project.store) if name]
        sources = st.multiselect("Outlets", outlets, placeholder="All", key="confirm.sources")
        words = st.text_input("With these words", max_chars=200, key="confirm.words")
    return Wanted(code, low, high, tuple(sources), words.strip()), int(size)


def _range(card: CodeCard) -> tuple[float, float]:
    """From the code's threshold and the desk's gate up, unless somebody chooses otherwise."""
    least = min(math.floor(100 * (confirming.least(card) or 0.0)) / 100, 0.99)
    # Rounded up: the first of them must not lie below the threshold.
    start = min(max(least, math.ceil(100 * (card.threshold or 0.0)) / 100), 1.0)
    key = f"confirm.range.{card.variable}.{card.target}.{card.code}"
    low, high = st.slider("Score", least, 1.0, (start, 1.0), 0.01, key=key)
    return float(low), float(high)


def _shown(project: Project, coder: str, wanted: Wanted, size: int) -> _Shown:
    kept: _Shown | None = st.session_state.get("confirm.shown")
    asked = (project.id, coder, wanted, size)
    if kept is None or kept[:4] != asked:
        kept = _Shown(*asked, 0, confirming.page(project, coder, wanted, size=size))
        st.session_state["confirm.shown"] = kept
    return kept


def _sentences(project: Project, shown: _Shown) -> None:
    """The sentences in a form: ticks are sent together, and none of them draws the page anew."""
    page = shown.page
    if not page.rows:
        st.info("No sentence is left here: choose a wider range, or another code.")
    with st.form("confirm.form", border=False):
        for row in page.rows:
            _sentence(page, row)
        if page.rows:
            st.form_submit_button(
                "Confirm the ticked",
                type="primary",
                icon=":material/done_all:",
                on_click=_confirm,
                args=(project, shown),
                key="confirm.save",
            )
    with st.container(horizontal=True):
        if shown.skip:
            before = max(0, shown.skip - shown.size)
            st.button("Back", on_click=_read, args=(project, shown, before), key="confirm.back")
        if page.more:
            behind = shown.skip + len(page.rows)
            st.button(
                "Next page", on_click=_read, args=(project, shown, behind), key="confirm.next"
            )


def _sentence(page: Page, row: Row) -> None:
    unit = row.unit
    about = (f"{row.score:.2f}", unit.title, unit.source, unit.published)
    around = [unit.before, f"{unit.lead_in}{unit.text}{unit.follow}"]
    with st.container(gap=None):
        st.checkbox(marks.plain(unit.text), key=_key(page, row))
        with st.container(
            horizontal=True, vertical_alignment="center", key=f"{_key(page, row)}.about"
        ):
            st.caption(marks.plain(" · ".join(filter(None, about))), width="content")
            with st.popover("The words around", type="tertiary"):
                for paragraph in filter(None, around):
                    st.text(paragraph)


def _key(page: Page, row: Row) -> str:
    return f"confirm.tick.{page.model_id}.{'|'.join(page.code)}.{row.unit.unit_id}"


def _confirm(project: Project, shown: _Shown) -> None:
    page = shown.page
    ticked = [row for row in page.rows if st.session_state.get(_key(page, row))]
    place = _place(project)
    if not ticked:
        told.say(place, fault="Nothing is ticked: tick the sentences that carry the code.")
        return
    with told.refusals(place):
        done = confirming.confirm(project, shown.coder, page, ticked)
        told.say(place, done=done.told)
        if done.events:
            label = f"Take back {counted(len(done.events), 'confirmation')}"
            told.offer_undo(place, label, done.events)
        # Those that were looked at and left stay behind, a step back away.
        _read(project, shown, shown.skip + len(page.rows) - len(ticked))


def _take_back(project: Project, coder: str, confirmed: Sequence[str]) -> None:
    place = _place(project)
    told.forget_undo(place)
    with told.refusals(place):
        confirming.take_back(project, coder, confirmed)
        told.say(place, done=f"{counted(len(confirmed), 'confirmation')} taken back.")
    st.session_state.pop("confirm.shown", None)


def _read(project: Project, shown: _Shown, skip: int) -> None:
    """Show the page behind so many sentences of the list as it is now."""
    with told.refusals(_place(project)):
        page = confirming.page(project, shown.coder, shown.wanted, skip=skip, size=shown.size)
        st.session_state["confirm.shown"] = shown._replace(skip=skip, page=page)
