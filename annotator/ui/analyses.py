"""What is found in documents once they are in, as pages show it: how far it is, quietly."""

from __future__ import annotations

import streamlit as st

from annotator.ui import live, marks
from annotator.workflow import analysis_jobs
from annotator.workflow.analysis_jobs import AnalysisJob
from annotator.workflow.projects import Project


def show(project: Project) -> None:
    """Go on with what waits, and tell how far it is; nothing where nothing is under way."""
    job = analysis_jobs.keep_going(project)
    if job is None:
        return
    if job.running:
        st.fragment(_progress, run_every=1.0)(job)
    elif job.fault or job.cancelled:
        _broken_off(project, job)


def _progress(job: AnalysisJob) -> None:
    if not job.running:
        st.rerun()
    far = f": {job.done:,} of {job.total:,} documents" if job.total else ""
    step = job.step.capitalize() or "Looking at the documents"
    with st.container(horizontal=True, vertical_alignment="center"):
        live.progress("Looking through the articles", job.done / max(1, job.total), f"{step}{far}")
        st.button("Stop", on_click=job.cancel, disabled=job.cancelled, key="analysis.stop")


def _broken_off(project: Project, job: AnalysisJob) -> None:
    if job.fault:
        marks.fault(f"Looking through the articles broke off: {job.fault}")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.text("Some documents were not looked at yet: who speaks in them is not known.")
        st.button("Go on", on_click=_again, args=(project,), key="analysis.again")


def _again(project: Project) -> None:
    analysis_jobs.forget(project)
    analysis_jobs.start(project)
