"""The samples page: drawn with known probabilities, coded through, and taken along as tables."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from annotator.core.counting import counted
from annotator.store import frames, lists
from annotator.store.catalogue import NOBODY
from annotator.store.lists import Coded, UnitList
from annotator.ui import marks, places, samples_chart, samples_draw, told
from annotator.ui.samples_draw import PLACE
from annotator.workflow import plans
from annotator.workflow.projects import Project


def render(project: Project, coder: str | None) -> None:
    """List what was drawn, and draw anew."""
    st.title("Samples", anchor=False)
    if places.lacks_articles(project, "There is nothing to draw from yet"):
        return
    told.show(PLACE)
    told.undo_button(PLACE, _restore, project, coder)
    found = lists.everything(project.store)
    coded = lists.progress(project.store)
    drawn = [one for one in found if one.kind == "plan"]
    if not drawn:
        st.info(
            "A sample has a known chance for every sentence, so that what is counted in it can be"
            " told of the whole corpus. Choose what is drawn below, look at what it comes to, and"
            " draw."
        )
    for plan in drawn:
        _plan(project, coder, plan, [one for one in coded if one.list == plan.name])
    _sets([one for one in found if one.kind == "set"], coded, project)
    samples_draw.show(project, coder)


def _plan(project: Project, coder: str | None, plan: UnitList, coded: list[Coded]) -> None:
    settings = plans.settings_of(plan)
    with st.container(border=True):
        st.header(marks.plain(plan.heading), anchor=False)
        _made(plan, plans.in_words(settings))
        _far(plan, coded)
        with st.container(horizontal=True, vertical_alignment="center"):
            places.code_list("Code this sample", plan.name)
            _download(project, plan)
        with st.expander("How it was drawn"):
            _draws(plan, settings)
            _changes(project, coder, plan, settings.draws[-1].last_document)


def _made(one: UnitList, design: str) -> None:
    made = f"{one.made_at[:10]} by {one.made_by}"
    number = counted(one.units, "sentence")
    size = design if design.startswith(number) else f"{number} · {design}"
    st.caption(marks.plain(f"{size} · {made}"))


def _far(one: UnitList, coded: list[Coded]) -> None:
    if not coded:
        st.text("Nothing is coded in it yet.")
    for far in coded:
        share = far.done / one.units if one.units else 0.0
        skipped = f", {far.skipped:,} skipped" if far.skipped else ""
        said = f"{far.coder}: {far.done:,} of {one.units:,}{skipped}"
        st.progress(min(share, 1.0), text=marks.plain(said))


def _download(project: Project, one: UnitList) -> None:
    st.download_button(
        "Units as CSV",
        data=lambda: plans.csv_bytes(project.store, one.name),
        file_name=f"{project.path.stem}-{one.name}.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
        key=f"samples.csv.{one.name}",
    )


def _draws(plan: UnitList, settings: plans.Settings) -> None:
    for number, one in enumerate(settings.draws, 1):
        st.text(
            f"Draw {number}, {one.at[:10]} by {one.who}: {one.drawn:,} of"
            f" {counted(one.sentences, 'sentence')} in {counted(one.documents, 'article')}."
            f" Seed {settings.seed}, annotator {one.version}."
        )
    what = "sentences" if settings.design.of == "sentences" else "articles"
    samples_chart.shares(settings.strata, what, key=f"samples.chart.{plan.name}")
    samples_chart.table(settings.strata, what, key=f"samples.table.{plan.name}")


def _changes(project: Project, coder: str | None, plan: UnitList, last_document: int) -> None:
    new = frames.came_since(project.store, last_document)
    with st.container(horizontal=True):
        st.button(
            f"Draw from {counted(new, 'new article')}" if new else "No new articles to draw from",
            disabled=not new,
            icon=":material/playlist_add:",
            help="With the same settings; what was drawn before stays as it is.",
            on_click=_extend,
            args=(project, coder, plan.name),
            key=f"samples.extend.{plan.name}",
        )
        st.button(
            "Drop this sample",
            icon=":material/delete:",
            help="Only where nobody decided through it; it can be brought back.",
            on_click=_drop,
            args=(project, coder, plan.name),
            key=f"samples.drop.{plan.name}",
        )


def _sets(found: list[UnitList], coded: list[Coded], project: Project) -> None:
    if not found:
        return
    st.header("Sets", anchor=False)
    st.caption(
        "Put together by somebody, not drawn: what is counted in them is told of them alone."
    )
    for one in found:
        with st.container(border=True):
            st.subheader(marks.plain(one.heading), anchor=False)
            _made(one, "a set")
            _far(one, [far for far in coded if far.list == one.name])
            with st.container(horizontal=True, vertical_alignment="center"):
                places.code_list("Code this set", one.name)
                _download(project, one)


def _extend(project: Project, coder: str | None, name: str) -> None:
    with told.refusals(PLACE):
        made = plans.extend(project, name, who=coder or NOBODY)
        drawn = counted(made.drawn, "more sentence")
        told.say(PLACE, done=f"Drew {drawn} into {name}.")


def _drop(project: Project, coder: str | None, name: str) -> None:
    with told.refusals(PLACE):
        event = plans.drop(project, name, who=coder or NOBODY)
        told.say(PLACE, done=f"Dropped {name}.")
        told.offer_undo(PLACE, f"Bring {name} back", [event])


def _restore(project: Project, coder: str | None, events: Sequence[str]) -> None:
    told.forget_undo(PLACE)
    with told.refusals(PLACE):
        for event in events:
            back = plans.restore(project, event, who=coder or NOBODY)
            told.say(PLACE, done=f"{back.name} is back.")
