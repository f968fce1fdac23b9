"""The start card: in which order sentences come to the desk, and what each order is for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import streamlit as st

from annotator.core.counting import counted
from annotator.core.errors import AnnotatorError
from annotator.core.order import By, Order, order_of
from annotator.learn.model import Column
from annotator.learn.samplers import SAMPLERS, Sampler
from annotator.store import lists
from annotator.store.lists import UnitList
from annotator.ui import marks, places, state
from annotator.workflow import orders, overview
from annotator.workflow.projects import Project

IN_ORDER, A_LIST = "in-order", "list"
OTHERS = {
    IN_ORDER: (
        "In order",
        "Articles as they were imported, each from its first sentence.",
        "For reading everything.",
    ),
    A_LIST: (
        "A sample or a set",
        "The sentences that a sample drew, or that somebody saved.",
        "For shares with honest intervals, or for one topic.",
    ),
}
"""What comes next without a sampler: what it is called, what it does, and what it is for."""

KINDS = {"plan": "sample", "set": "set", "check": "label check"}
"""The lists that are coded from the start; others look at codings again."""

BY: dict[By, str] = {"sentences": "Sentence by sentence", "articles": "Article by article"}
COLUMN = 680
"""Pixels that a line of explanation may have to stay easy to read."""


class Choice(NamedTuple):
    """What is to come next, as it stands in the address, or the ``fault`` that stands in its way.

    ``queue`` is empty for the project in order.
    """

    queue: str
    fault: str = ""


def show(project: Project) -> None:
    """The card of a coder who is known: the choice, and the button that leads to the desk."""
    with st.container(width=COLUMN):
        st.title("What comes next", anchor=False)
        if places.lacks_articles(project, "There is nothing to choose from"):
            return
        chosen = choices(project)
        if st.button("Start coding", type="primary", key="start.go"):
            begin(chosen)


def begin(chosen: Choice, coder: str = "") -> None:
    """Go to the desk with this choice, under a name where it was asked; or say why not."""
    if chosen.fault:
        marks.fault(chosen.fault)
        return
    if coder:
        state.keep_coder(coder)
    state.keep_queue(chosen.queue)
    st.rerun()


def choices(project: Project) -> Choice:
    """What may come next in this project, as the person chooses it."""
    saved = [one for one in lists.everything(project.store) if one.kind in KINDS]
    waiting = [name for name in SAMPLERS if orders.is_waiting(project, Order(name))]
    ways = [IN_ORDER, *(name for name in SAMPLERS if name not in waiting)]
    ways += [A_LIST] if saved else []
    now = order_of(state.queue())
    before = now.sampler if now else A_LIST if state.queue() else IN_ORDER
    way = st.radio(
        "What comes next",
        ways,
        index=ways.index(before) if before in ways else 0,
        format_func=lambda name: _words_of(name)[0],
        captions=[marks.plain(_words_of(name)[2]) for name in ways],
        label_visibility="collapsed",
        key="start.way",
    )
    _not_yet(project, waiting)
    st.text(_words_of(way)[1])
    if way == IN_ORDER:
        return Choice("")
    if way == A_LIST:
        return Choice(_list(saved))
    return _order(project, way, SAMPLERS[way])


def _words_of(way: str) -> tuple[str, str, str]:
    """What a way is called, what it does, and what it is for."""
    return OTHERS.get(way) or SAMPLERS[way][:3]


def _not_yet(project: Project, waiting: Sequence[str]) -> None:
    """What cannot be chosen yet, with what it is for and what is missing."""
    if not waiting:
        return
    with st.container(border=True):
        st.text("Not yet possible, since the model does not say what it takes:")
        for name in waiting:
            st.caption(marks.plain(f"{SAMPLERS[name].title}. {SAMPLERS[name].purpose}"))
        missing = overview.until_training(project.store)
        st.text(missing or "The next training brings it; the page Model starts one.")


def _list(saved: list[UnitList]) -> str:
    names = [one.name for one in saved]
    told = {
        one.name: f"{one.heading} · {KINDS[one.kind]}, {counted(one.units, 'sentence')}"
        for one in saved
    }
    at = names.index(state.queue()) if state.queue() in names else 0
    return st.selectbox("Which", names, index=at, format_func=told.__getitem__, key="start.list")


def _order(project: Project, name: str, sampler: Sampler) -> Choice:
    """The order of this sampler, with what it is given."""
    now = order_of(state.queue()) or Order(name)
    about = now.about if now.sampler == name else ""
    if sampler.needs == "words":
        about = _words(about)
        if not about:
            return Choice("", "Write first what sentences are to be looked for.")
    elif name == "rare-code":
        about = _code(project, about)
    by = st.radio(
        "By",
        list(BY),
        index=list(BY).index(now.by),
        format_func=BY.__getitem__,
        horizontal=True,
        help="By article, those with the sentences that are wanted most come first, and each is"
        " coded as it reads.",
        key="start.by",
    )
    order = Order(name, by, about).name
    try:
        orders.known(project, order)
    except AnnotatorError as fault:
        return Choice("", f"{str(fault)[:1].upper()}{str(fault)[1:]}.")
    return Choice(order)


def _words(before: str) -> str:
    words = st.text_input(
        "Words, “exact phrases”, beginnings*, OR, NOT",
        before,
        placeholder='ceasefire OR "cease fire" NOT broken',
        key="start.words",
    )
    return words.strip()


def _code(project: Project, before: str) -> str:
    names = overview.code_names(project.scheme)
    told = {"": "Every code, the rarest most"}
    told |= {Column(*place).key: f"{code.variable} · {code.full}" for place, code in names.items()}
    keys = list(told)
    at = keys.index(before) if before in keys else 0
    return st.selectbox("Code", keys, index=at, format_func=told.__getitem__, key="start.code")
