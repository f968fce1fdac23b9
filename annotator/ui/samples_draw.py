"""A sample that is about to be drawn: the choices, and what they would come to."""

from __future__ import annotations

from typing import Any, NamedTuple

import streamlit as st

from annotator.core.counting import counted
from annotator.core.errors import AnnotatorError
from annotator.learn.plans import OF_ARTICLES, PERIODS, Design
from annotator.store import events, lists, tables
from annotator.store.catalogue import NOBODY
from annotator.store.lists import UnitList
from annotator.ui import marks, samples_chart, told
from annotator.workflow import plans
from annotator.workflow.plans import Preview
from annotator.workflow.projects import Project

KINDS = {
    "sentences": (
        "Single sentences",
        "From all over the corpus. The most exact shares for the hours of coding, and the least"
        " reading around each.",
    ),
    "articles": (
        "Whole articles",
        "Every sentence of the drawn articles, to be read through. Sentences of one article are"
        " alike, so that shares are less exact than from as many single ones.",
    ),
    "two-stage": (
        "Some sentences of some articles",
        "First articles, then a few sentences of each: the middle way between the two.",
    ),
}
SIZES = {
    "proportional": (
        "In all, in proportion",
        "Each stratum as large in the sample as in the corpus: good for the corpus as a whole.",
    ),
    "equal": (
        "In all, as many of each",
        "Small strata get as many as large ones: good for comparing them.",
    ),
    "each": ("A number of each", "The same number from every stratum, however many there are."),
    "share": ("A share of each", "The same part of every stratum, also of what comes later."),
}
START = {"sentences": 200, "articles": 30, "two-stage": 30}
WHOLE = "the whole project"
PLACE = "samples"


class Seen(NamedTuple):
    """What choices come to, and of which state of the project that is true."""

    state: tuple[object, ...]
    preview: Preview | None
    fault: str


def show(project: Project, coder: str | None) -> None:
    """The choices, what they come to, and the button."""
    st.header("Draw a sample", anchor=False)
    left, right = st.columns([2, 3], gap="large")
    with left:
        chosen, within = _choices(project)
    with right:
        # Containers, so that the button stays where it is while what is above it is counted anew.
        with st.container():
            seen = _look(project, chosen, within)
        if seen.preview is None:
            marks.fault(f"{seen.fault}.")
            return
        with st.container():
            _preview(chosen, seen.preview)
        _button(project, coder, chosen, within)


def _choices(project: Project) -> tuple[Design, str]:
    of = st.radio(
        "What is drawn",
        list(KINDS),
        format_func=lambda name: KINDS[name][0],
        captions=[what for _, what in KINDS.values()],
        key="samples.of",
    )
    by = _strata(of)
    rule = st.selectbox(
        "How many",
        list(SIZES),
        format_func=lambda name: SIZES[name][0],
        help="  \n".join(f"{name}: {what}" for name, what in SIZES.values()),
        key="samples.rule",
    )
    asked: dict[str, Any] = {"of": of, "rule": rule, "size": _size(of, rule)}
    if of == "two-stage":
        asked["per_article"] = st.number_input(
            "Sentences of each article", 1, 10_000, 5, key="samples.per_article"
        )
    asked["stories"] = st.toggle(
        "Count copies once",
        help="Of the articles that tell the same story, the first stands for all of them.",
        key="samples.stories",
    )
    asked["in_order"] = st.toggle(
        "Code in article order",
        help="Else the order is random, so that what is coded first is a sample as well.",
        value=of != "sentences",
        key=f"samples.in_order.{of}",
    )
    return Design(by=by, **asked), _within(project)


def _strata(of: str) -> tuple[Any, ...]:
    fields = [name for name in OF_ARTICLES if name not in PERIODS]
    if of == "sentences":
        fields += ["part", "voice"]
    by = st.pills(
        "Strata by",
        fields,
        selection_mode="multi",
        help="Each stratum is drawn from on its own, so that none is missed by chance.",
        wrap=True,
        key=f"samples.by.{of}",
    )
    period = st.selectbox(
        "and by period",
        ["", *PERIODS],
        format_func=lambda name: name or "none",
        key="samples.period",
    )
    return (*by, *([period] if period else []))


def _size(of: str, rule: str) -> float:
    if rule == "share":
        percent = st.number_input("Percent", 0.01, 100.0, 10.0, key="samples.percent")
        return round(float(percent) / 100, 6)
    what = "sentences" if of == "sentences" else "articles"
    start = 20 if rule == "each" else START[of]
    return st.number_input(
        f"Number of {what}", 1, 10_000_000, start, key=f"samples.size.{of}.{rule}"
    )


def _within(project: Project) -> str:
    # A label check holds what is coded already, half of it because a model doubted it.
    titles = {one.name: one.heading for one in lists.everything(project.store) if _is_frame(one)}
    if not titles:
        return ""
    chosen = st.selectbox(
        "Drawn from",
        ["", *titles],
        format_func=lambda name: titles.get(name, WHOLE),
        key="samples.within",
    )
    return chosen or ""


def _is_frame(one: UnitList) -> bool:
    return one.kind != "check"


def _look(project: Project, chosen: Design, within: str) -> Seen:
    """What the choices come to; read anew only when they or the project have changed."""
    store = project.store
    state = (project.id, chosen, within, events.last(store), *tables.totals(store).values())
    kept: Seen | None = st.session_state.get("samples.seen")
    if kept is None or kept.state != state:
        with st.spinner("Counting what there is"):
            kept = _seen(project, chosen, within, state)
        st.session_state["samples.seen"] = kept
    return kept


def _seen(project: Project, chosen: Design, within: str, state: tuple[object, ...]) -> Seen:
    try:
        return Seen(state, plans.preview(project, chosen, within), "")
    except AnnotatorError as fault:
        said = str(fault)
        return Seen(state, None, said[:1].upper() + said[1:])


def _preview(chosen: Design, seen: Preview) -> None:
    what = "sentence" if chosen.of == "sentences" else "article"
    drawn = sum(one.drawn for one in seen.strata)
    held = sum(one.held for one in seen.strata)
    coded = sum(one.sentences for one in seen.strata)
    strata = counted(len(seen.strata), "stratum", "strata")
    st.text(f"{drawn:,} of {counted(held, what)} would be drawn, from {strata}.")
    if chosen.of != "sentences":
        st.text(f"That makes about {counted(round(coded), 'sentence')} to code.")
    for warning in seen.warnings:
        st.warning(marks.plain(warning))
    samples_chart.shares(seen.strata, f"{what}s", key="samples.chart")
    samples_chart.table(seen.strata, f"{what}s", key="samples.table")


def _button(project: Project, coder: str | None, chosen: Design, within: str) -> None:
    free = _free_name(project)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.text_input(
            "Name",
            free,
            max_chars=lists.LONGEST_NAME,
            help="Exports name the sample so, in the column sample_plan.",
            key=f"samples.name.{free}",
        )
        seed = st.number_input(
            "Seed",
            0,
            2**31,
            project.seed,
            help="The same seed, name and articles draw the same sample on every machine.",
            key="samples.seed",
        )
        pressed = st.button(
            "Draw this sample", type="primary", icon=":material/casino:", key="samples.draw"
        )
    if pressed:
        with st.spinner("Drawing"):
            made = plans.draw(
                project, name.strip(), chosen, seed=int(seed), within=within, who=coder or NOBODY
            )
        told.say(PLACE, done=f"Drew {counted(made.drawn, 'sentence')} as {made.plan.name}.")
        st.rerun()


def _free_name(project: Project) -> str:
    taken = {one.name for one in lists.everything(project.store)}
    return next(
        name for name in (f"sample-{n}" for n in range(1, len(taken) + 2)) if name not in taken
    )
