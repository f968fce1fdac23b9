"""The files of an export: at once where that takes a moment, else prepared with a progress bar."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import streamlit as st

from annotator.exchange import dictionary
from annotator.ui import live, marks, state
from annotator.workflow import export_jobs, exporting, guide
from annotator.workflow.export_jobs import ExportJob
from annotator.workflow.projects import Project


def show(project: Project, name: str, stem: str) -> None:
    """The buttons; for a long export first one that prepares it."""
    job = export_jobs.job(project, name)
    if job is not None and job.running:
        st.fragment(_progress, run_every=0.5)(job)
    elif job is not None and job.file.is_file():
        _prepared(project, name, stem, job)
    elif exporting.takes_long(project.store, name):
        _offer(project, name, job)
    else:
        _at_once(project, name, stem)


def _at_once(project: Project, name: str, stem: str) -> None:
    store, coder = project.store, state.coder()
    _buttons(
        name,
        stem,
        table=lambda: _taken(project, coder, exporting.as_bytes(store, name)),
        description=lambda: exporting.dictionary_as_bytes(store, name),
        both=lambda: _taken(project, coder, exporting.zip_as_bytes(store, name, stem)),
    )


def _taken(project: Project, coder: str | None, content: bytes) -> bytes:
    """The file; the guide of the sample goes on from here."""
    guide.note_export(project, coder)
    return content


def _buttons(
    name: str,
    stem: str,
    *,
    table: Callable[[], bytes],
    description: Callable[[], bytes],
    both: Callable[[], bytes],
) -> None:
    with st.container(horizontal=True):
        st.download_button(
            "Download CSV",
            data=table,
            file_name=f"{stem}.csv",
            mime="text/csv",
            type="primary",
            icon=":material/download:",
            on_click="ignore",
            key=f"export.file.{name}",
        )
        st.download_button(
            "Data dictionary",
            data=description,
            file_name=f"{stem}{dictionary.ENDING}",
            mime="application/json",
            icon=":material/menu_book:",
            on_click="ignore",
            help="What every column and code means, and what was left out.",
            key=f"export.dictionary.{name}",
        )
        st.download_button(
            "Both in a ZIP",
            data=both,
            file_name=f"{stem}.zip",
            mime="application/zip",
            icon=":material/folder_zip:",
            on_click="ignore",
            key=f"export.zip.{name}",
        )


def _offer(project: Project, name: str, job: ExportJob | None) -> None:
    if job is not None and job.fault:
        marks.fault(f"The file could not be prepared: {job.fault}")
    st.text("This takes a while. Coders can go on meanwhile, and so can you.")
    st.button(
        "Prepare the file",
        type="primary",
        icon=":material/hourglass_top:",
        on_click=export_jobs.start,
        args=(project, name),
        key=f"export.prepare.{name}",
    )


def _progress(job: ExportJob) -> None:
    if not job.running:
        st.rerun()
    share = job.done / job.total if job.total else 0.0
    far = f": {job.done:,} of {job.total:,}" if job.total else ""
    live.progress("Export", share, f"{job.step.capitalize()}{far}")
    st.text("It goes on if you leave this page.")
    st.button("Cancel", on_click=job.cancel, key="export.cancel")


def _prepared(project: Project, name: str, stem: str, job: ExportJob) -> None:
    for warning in job.warnings:
        st.warning(marks.plain(warning))
    as_it_is = export_jobs.state_of(project) == job.state
    if as_it_is:
        st.text("The file is ready, and holds everything that is saved.")
    else:
        st.info("The project has changed since the file was prepared.")
    coder = state.coder()
    _buttons(
        name,
        stem,
        table=lambda: _taken(project, coder, job.file.read_bytes()),
        description=job.dictionary.read_bytes,
        both=lambda: _taken(project, coder, _zipped(job, stem)),
    )
    st.button(
        "Prepare it anew",
        disabled=as_it_is,
        on_click=export_jobs.start,
        args=(project, name),
        key=f"export.anew.{name}",
    )


def _zipped(job: ExportJob, stem: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(job.file, f"{stem}.csv")
        archive.write(job.dictionary, stem + dictionary.ENDING)
    return content.getvalue()
