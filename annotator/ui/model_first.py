"""Codes that no model knows yet: which sentences to code first, by the code's own words."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from annotator.core.counting import counted
from annotator.learn.features import LEAST_ANSWERS
from annotator.store import tables
from annotator.store.catalogue import NOBODY
from annotator.ui import find_results, live, marks, places, state, told
from annotator.workflow import cold_start, keywords, overview, ranking_jobs
from annotator.workflow.overview import Place
from annotator.workflow.projects import Project
from annotator.workflow.ranking_jobs import RankingJob

PLACE = "model.first"
GOING = f"{PLACE}.going"


def show(project: Project, coder: str | None) -> None:
    """Choose a code, say its keywords, and see what to code first for it."""
    if st.session_state.pop(GOING, False):
        places.go("annotate")
    if not tables.totals(project.store)["units"]:
        return
    st.header("Codes without a model yet", anchor=False)
    short = {one.place: one.positives for one in cold_start.short_of(project)}
    if not short:
        st.text(f"None: every code was given to {LEAST_ANSWERS} sentences or more.")
        return
    st.text(
        f"Before {LEAST_ANSWERS} sentences carry a code, nothing is learned of it. Code first the "
        "sentences most like its words: its title, definition and examples, your keywords, and "
        "the sentences that carry it so far."
    )
    told.show(PLACE)
    place = _chosen(project, short)
    _, code = cold_start.code_at(project.scheme, place)
    st.text(code.definition)
    if place[1]:
        st.text(
            "For a stance, its words are the names of its target: which side is taken, single "
            "words do not tell."
        )
    _keywords(project, coder, place)
    job = ranking_jobs.job(project, coder or "")
    if job is None or job.place != place:
        return
    if job.running:
        st.fragment(_progress, run_every=0.5)(job)
    else:
        _ranked(project, coder, job)


def _chosen(project: Project, short: dict[Place, int]) -> Place:
    names = overview.code_names(project.scheme)

    def label(place: Place) -> str:
        name = names[place]
        return f"{name.variable} · {name.full} ({short[place]} of {LEAST_ANSWERS})"

    return st.selectbox(
        "Code, and how many sentences carry it",
        list(short),
        format_func=label,
        key=f"{PLACE}.code.{project.id}",
        width=420,
    )


def _keywords(project: Project, coder: str | None, place: Place) -> None:
    key = f"{PLACE}.words.{project.id}.{'|'.join(place)}"
    with st.form(f"{key}.form", border=False):
        st.text_input(
            "Keywords, with commas between them",
            ", ".join(keywords.of(project.store, place)),
            key=key,
            placeholder="truce, cease fire, negotiat*",
            help="Words, phrases or beginnings*. Sentences that have one come first, in any case "
            "of letters. They are kept for the next time.",
            max_chars=1_000,
            width=620,
        )
        st.form_submit_button(
            "Rank sentences",
            icon=":material/format_list_numbered:",
            on_click=_rank,
            args=(project, coder, place, key),
            key=f"{key}.rank",
        )


def _rank(project: Project, coder: str | None, place: Place, key: str) -> None:
    with told.refusals(PLACE):
        given = keywords.split(st.session_state[key])
        keywords.keep(project.store, place, given)
        ranking_jobs.start(project, place, coder or "")


def _progress(job: RankingJob) -> None:
    if not job.running:
        st.rerun()
    share = job.done / job.total if job.total else 0.0
    live.progress("Learning", share, f"{job.step.capitalize()} …")


def _ranked(project: Project, coder: str | None, job: RankingJob) -> None:
    if job.fault:
        marks.fault(f"{job.fault[:1].upper()}{job.fault[1:]}.")
        return
    hits = cold_start.still_open(project, job.place, coder or "", job.units)
    if not hits:
        st.info("All of these are coded. Rank again for the next ones.")
        return
    for remark in job.said:
        st.text(remark.strip())
    st.button(
        "Code these on the desk",
        type="primary",
        icon=":material/edit_note:",
        on_click=_code,
        args=(project, coder, job.place, [hit.unit.seq for hit in hits]),
        key=f"{PLACE}.desk",
    )
    number = counted(len(hits), "sentence")
    st.caption(
        f"{number}, {cold_start.BASIS}. They are chosen by their words, so that no share of the "
        "corpus can be told from them; the sentences of the random stream are not among them."
    )
    find_results.sentences(hits, state.address())


def _code(project: Project, coder: str | None, place: Place, units: Sequence[int]) -> None:
    with told.refusals(PLACE):
        kept = cold_start.keep_list(project, place, units, coder or NOBODY)
        st.session_state["queue"] = kept.name
        st.session_state[GOING] = True
