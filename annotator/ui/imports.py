"""An import as pages show it: how far it is, and what became of each file."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from annotator.core.counting import counted
from annotator.ui import live, marks, places
from annotator.workflow import import_jobs, reporting
from annotator.workflow.import_jobs import ImportJob
from annotator.workflow.importing import Outcome
from annotator.workflow.projects import Project

MOST_TOLD = 10
"""Refused files that are named above the table, which has all of them."""


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
    live.progress("Import", job.share, f"{done:,} of {job.total:,} files are in. {now}")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Stop", on_click=job.cancel, disabled=job.cancelled, key=f"{key}.stop")
        st.text("It goes on if you leave this page. Files that are in stay in if you stop it.")


def _report(project: Project, job: ImportJob, key: str) -> None:
    outcomes = list(job.outcomes)
    with st.container(border=True):
        if outcomes:
            _summary(outcomes)
        if job.fault and job.cancelled:
            st.info(marks.plain(_sentence(job.fault)))
        elif job.fault:
            marks.fault(_sentence(job.fault))
        if outcomes:
            _files(outcomes, key)
        with st.container(horizontal=True, vertical_alignment="center"):
            if outcomes:
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
    came = f"{counted(documents, 'document')} with {counted(units, 'unit')} came in."
    said = came if documents else "Nothing new came in."
    if known:
        said += f" {counted(known, 'file')} {'was' if known == 1 else 'were'} here already."
    st.success(said) if documents else st.info(said)
    if refused:
        more = len(refused) - MOST_TOLD
        were = "was" if len(refused) == 1 else "were"
        head = f"{counted(len(refused), 'file')} {were} refused:"
        rest = [f"… and {more:,} more; the table says why."] if more > 0 else []
        marks.fault("\n".join([head, *(one.message for one in refused[:MOST_TOLD]), *rest]))


def _files(outcomes: Sequence[Outcome], key: str) -> None:
    rows = [reporting.row(one) for one in outcomes]
    st.dataframe(
        rows,
        hide_index=True,
        key=f"{key}.report",
        column_order=[name for name in rows[0] if any(row[name] for row in rows)],
        column_config={
            "already_there": "already there",
            "remarks": st.column_config.TextColumn(width=640),
        },
    )


def _sentence(told: str) -> str:
    """A fault that stands alone, as the sentence it is."""
    return f"{told[:1].upper()}{told[1:]}."
