"""What other ways of choosing would have saved: finished coding, played again."""

from __future__ import annotations

from typing import Any

import streamlit as st

from annotator.core.counting import counted
from annotator.learn.replay import GOALS, Curve
from annotator.store import events
from annotator.ui import live, marks, model_charts, places
from annotator.workflow import replaying
from annotator.workflow.overview import percent
from annotator.workflow.projects import Project
from annotator.workflow.replaying import ReplayJob, Report

PROGRESS_EVERY = 0.5  # seconds
PLACE = "replay"


def show(project: Project, coder: str | None) -> None:
    """The last replay, and the button for a new one."""
    del coder
    st.header("What would you have saved?", anchor=False)
    st.write(
        "Your coding so far is played again, once for each way of choosing the next sentence. "
        "Each learns from the same number of labels, and is tested on sentences that chance picked."
    )
    job = replaying.job(project)
    with st.container():  # a bar that comes and goes must not move the figures
        if job is not None and job.running:
            st.fragment(_progress, run_every=PROGRESS_EVERY)(job)
        else:
            _button(project, job)
    report = replaying.last(project.store)
    if report is not None:
        _told(project, report)


def _button(project: Project, job: ReplayJob | None) -> None:
    if job is not None and job.fault:
        marks.fault(f"{job.fault.removeprefix('Error: ').rstrip('.')}.")
    st.button(
        "Play it again",
        type="primary",
        icon=":material/replay:",
        disabled=not events.decisions_since(project.store, 0, most=1),
        help="It takes some seconds for a few hundred labels, some minutes for thousands.",
        on_click=replaying.start,
        args=(project,),
        key=f"{PLACE}.start",
    )
    if not events.decisions_since(project.store, 0, most=1):
        st.info("Nothing is coded yet, so there is nothing to play again.")
        places.link("annotate", "Start coding")


def _progress(job: ReplayJob) -> None:
    if not job.running:
        st.rerun()
    share = job.done / job.total if job.total else 0.0
    step = replaying.title(job.step) if job.step in replaying.PLAYED else job.step
    live.progress("Replay", share, f"Playing: {step} …")
    st.button("Stop", on_click=job.cancel, key=f"{PLACE}.stop")


def _told(project: Project, report: Report) -> None:
    played = report.replay
    st.markdown(f"**{marks.plain(replaying.in_words(report))}**")
    model_charts.replayed(
        played.sizes,
        [(replaying.title(curve.order), curve.mean) for curve in played.curves],
        goal=GOALS[1] * played.full,
        reach=f"{percent(GOALS[1])} of the F1 with all labels",
    )
    st.dataframe(
        [_row(report, curve) for curve in played.curves],
        hide_index=True,
        column_config={"Next sentences": st.column_config.TextColumn(width="medium")},
        key=f"{PLACE}.table",
    )
    st.caption(
        f"{played.pool:,} labels to choose from; F1 with all of them {played.full:.2f}, the mean of"
        f" {played.codes} codes on {played.tested:,} sentences of the random stream. Means of"
        f" {len(played.curves[0].f1)} runs: differences of a tenth of the labels are within chance."
    )
    since = events.decisions_since(project.store, report.last_event, most=1_000)
    if since:
        came = counted(since, "decision came", "decisions came")
        st.caption(f"{came} since; play it again to take them in.")


def _row(report: Report, curve: Curve) -> dict[str, Any]:
    labels = {
        f"Labels for {percent(goal)}": None if need is None else round(need)
        for goal, need in curve.needed.items()
    }
    hours = report.hours(curve.order, GOALS[1])
    saved = {f"Hours saved at {percent(GOALS[1])}": None if hours is None else round(hours, 1)}
    return {"Next sentences": replaying.title(curve.order)} | labels | saved
