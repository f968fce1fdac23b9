"""An import as pages show it: how far it is, and what became of each file."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from annotator.ui import marks, places
from annotator.workflow import import_jobs, reporting
from annotator.workflow.import_jobs import ImportJob
from annotator.workflow.importing import Outcome
from annotator.workflow.projects import Project


def show(project: Project, *, key: str) -> None:
    """The import that runs, or the report of the last one; nothing where there is none."""
    job = import_jobs.job(project)
    if job is None:
        return
    if job.running:
        st.fragment(_progress, run_every=0.5)(job, key)
        return
    _report(project, job, key)


def _progress(job: ImportJob, key: str) -> None:
    done, now = job.now
    if not job.running:
        st.rerun()
    st.progress(job.share, text=marks.plain(f"{done:,} of {job.total:,} files are in. {now}"))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Stop", on_click=job.cancel, disabled=job.cancelled, key=f"{key}.stop")
        st.text("It goes on if you leave this page. What is in when you stop it stays in.")


def _report(project: Project, job: ImportJob, key: str) -> None:
    outcomes = list(job.outcomes)
    with st.container(border=True):
        _summary(outcomes)
        if job.fault and job.cancelled:
            st.info(marks.plain(job.fault))
        elif job.fault:
            marks.fault(job.fault)
        st.dataframe(
            [reporting.row(one) for one in outcomes],
            hide_index=True,
            key=f"{key}.report",
            column_config={
                "already_there": "already there",
                "remarks": st.column_config.TextColumn(width=640),
            },
        )
        with st.container(horizontal=True, vertical_alignment="center"):
            st.download_button(
                "Report as CSV",
                data=lambda: reporting.as_csv(outcomes),
                file_name="import-report.csv",
                mime="text/csv",
                icon=":material/download:",
                on_click="ignore",
                key=f"{key}.report.csv",
            )
            st.button(
                "Close the report",
                on_click=import_jobs.forget,
                args=(project,),
                key=f"{key}.report.close",
            )
            if any(one.documents for one in outcomes):
                places.link("annotate", "Code them")


def _summary(outcomes: Sequence[Outcome]) -> None:
    documents = sum(one.documents for one in outcomes)
    units = sum(one.units for one in outcomes)
    refused = [one for one in outcomes if one.status == "refused"]
    known = sum(one.status == "known" for one in outcomes)
    said = f"{documents:,} documents with {units:,} units came in."
    if known:
        said += f" {known:,} files were here already."
    st.success(said) if documents else st.info(said)
    if refused:
        st.error(f"{len(refused):,} files were refused; the table says why.")
