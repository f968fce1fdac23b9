"""What a table of labels would come to, and its way in: tried first, recorded after."""

from __future__ import annotations

import re

import streamlit as st

from annotator.core.errors import AnnotatorError
from annotator.corpus.file import File
from annotator.ui import live, marks, places
from annotator.workflow import label_jobs, labelling
from annotator.workflow.label_choices import LabelChoices
from annotator.workflow.label_jobs import LabelJob
from annotator.workflow.labelling import CodeReport
from annotator.workflow.projects import Project

TRIED = "labels.tried"

OPTION = re.compile(r"--[a-z]+(?:-[a-z]+)*")

SWITCHES = {
    "--create": "“Make an article of each row that matches none”, under “More about the table”",
    "--skip-unmatched": "“Leave out rows that match no unit”, under “More about the table”",
    "--partly-asked": "“Rows where only some codes were asked”, under “More about the table”",
    "--not-asked": "“What cells say where nobody was asked”, under “More about the table”",
    "--map": "the table under “What the labels mean”",
    "--coder": "“Whose labels these are”, or the column “Coder”",
    "--variable": "“Question”",
    "--labels": "“Columns of labels”",
    "--target": "the column “Target”",
    "--text": "the column “Text”",
    "--id": "the column “Id”",
}
"""Where this page has what faults name by the options of the command line."""


def show(project: Project) -> None:
    """The labels that come in now, or the report of the last ones; nothing where there is none."""
    job = label_jobs.job(project)
    if job is None:
        return
    if job.running:
        st.fragment(_progress, run_every=0.5)(job)
    else:
        _report(project, job)


def offer(project: Project, file: File, choices: LabelChoices) -> None:
    """First what would be recorded; then the button that does it."""
    st.header("What would be recorded", anchor=False)
    asked = (file.sha256, project.id, choices)
    tried = st.session_state.get(TRIED)
    if tried is None or tried[0] != asked:
        st.text("Every row is matched and checked; nothing is kept yet.")
        st.button(
            "See what would be recorded",
            type="primary",
            icon=":material/fact_check:",
            on_click=_try,
            args=(project, file, choices),
            key="labels.try",
        )
        return
    report, fault = tried[1:]
    if fault:
        refuse(fault)
    if report is None:
        return
    _figures(report)
    job = label_jobs.job(project)
    st.button(
        f"Record {report.decisions:,} decisions",
        type="primary",
        icon=":material/save:",
        disabled=not report.decisions or (job is not None and job.running),
        on_click=_start,
        args=(project, file, choices),
        key="labels.record",
    )


def refuse(fault: str) -> None:
    """A fault of the table, and where on this page its remedy is."""
    marks.fault(fault)
    for option in dict.fromkeys(OPTION.findall(fault)):
        if option in SWITCHES:
            st.text(f"{option} is here: {SWITCHES[option]}.")


def _try(project: Project, file: File, choices: LabelChoices) -> None:
    report, fault = None, ""
    try:
        report = labelling.code_file(project.store, file, choices, dry_run=True)
    except AnnotatorError as error:
        fault = str(error)
    st.session_state[TRIED] = ((file.sha256, project.id, choices), report, fault)


def _start(project: Project, file: File, choices: LabelChoices) -> None:
    if label_jobs.start(project, file, choices):
        st.session_state.pop(TRIED, None)
        st.session_state.pop("labels.table", None)
        # A new key empties the box, so that the same table is not offered again.
        st.session_state["labels.version"] += 1


def _figures(report: CodeReport) -> None:
    boxes = st.columns(5)
    figures = {
        "rows": report.rows,
        "decisions": report.decisions,
        "of them left empty": report.empty,
        "known already": report.known,
        "new articles": report.created,
    }
    for box, (name, number) in zip(boxes, figures.items(), strict=True):
        box.metric(name, f"{number:,}")
    coders = ", ".join(report.coders[:10]) + (" …" if report.coders[10:] else "")
    st.text(f"Coders: {coders or 'nobody'}")
    for note in report.notes:
        st.text(note)


def _progress(job: LabelJob) -> None:
    if not job.running:
        st.rerun()
    done, total, message = job.now
    far = f": {done:,} of {total:,}" if total else ""
    share = done / total if total else 0.0
    live.progress("Recording labels", share, f"{message.capitalize()}{far}")
    st.text("It goes on if you leave this page, and comes in whole or not at all.")
    st.button("Cancel", on_click=job.cancel, key="labels.cancel")


def _report(project: Project, job: LabelJob) -> None:
    with st.container(border=True):
        if job.fault:
            marks.fault(job.fault)
        report = job.report
        if report is not None:
            st.success(marks.plain(f"The labels of {report.file} are in."))
            _figures(report)
        with st.container(horizontal=True, vertical_alignment="center"):
            if report is not None:
                st.download_button(
                    "Report as text",
                    data="\n".join([*report.lines(), ""]).encode(),
                    file_name="label-report.txt",
                    mime="text/plain",
                    icon=":material/download:",
                    on_click="ignore",
                    key="labels.report",
                )
            st.button(
                "Close the report",
                on_click=label_jobs.forget,
                args=(project,),
                key="labels.report.close",
            )
            if report is not None and report.decisions:
                places.link("annotate", "Go on coding")
