"""Labels that were given elsewhere: a table, what its columns are, what its labels mean."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from annotator.core.errors import AnnotatorError
from annotator.core.table import Table
from annotator.corpus import table_file
from annotator.corpus.file import File
from annotator.exchange import label_table, labels_reader
from annotator.store import tables
from annotator.ui import label_import_codes, label_import_columns, label_import_record, marks
from annotator.workflow import label_choices, label_drafting, label_jobs, labelling
from annotator.workflow.label_choices import LabelChoices
from annotator.workflow.projects import Project, slug

LARGEST = 200
"""Megabytes of a table that is uploaded; a larger one comes in by the command line."""

FIRST = 5
"""Rows that are shown of a table."""


def render(project: Project, coder: str | None) -> None:
    """Take a table of labels in."""
    label_import_record.show(project)
    version = st.session_state.setdefault("labels.version", 0)
    upload = st.file_uploader(
        "A table of labels",
        max_upload_size=LARGEST,
        key=f"labels.file.{version}",
        on_change=label_jobs.forget,
        args=(project,),
        help="One row for each sentence or article, or one for each coder and sentence.",
    )
    if upload is None:
        st.info(
            "Bring in what others coded: a published data set, a spreadsheet, or our own "
            "labels.csv from another project. You will see what each label is taken for, and "
            "what would be recorded, before anything is kept."
        )
        return
    file = File.of_bytes(upload.getvalue(), upload.name)
    try:
        _table(project, file, coder or "")
    except AnnotatorError as fault:
        label_import_record.refuse(str(fault))


def _table(project: Project, file: File, coder: str) -> None:
    table = _read(file)
    st.header("The first rows", anchor=False)
    st.dataframe(table.rows[:FIRST], hide_index=True, key="labels.first")
    st.text(f"{len(table.rows):,} rows with {len(table.columns):,} columns.")
    if labels_reader.is_long_form(table):
        st.text("This is an export of this program: its columns are known.")
        label_import_record.offer(project, file, label_import_columns.for_export())
        return
    place = f"labels.{table.sha256[:12]}"
    guess = label_choices.guessed(project.store, table)
    guess = replace(guess, create=not tables.totals(project.store)["units"])
    choices = label_import_columns.draw(project.scheme, table, guess, place, coder)
    if not choices.names_labels:
        st.info(
            "Say which column holds the labels, under “Columns of labels”. Where each label has a "
            "column of its own with yes and no, or 1 and 0, choose all of these."
        )
        return
    _draft(table, choices, place)
    settled = _codes(project, table, choices, place)
    if settled is not None and settled.coder == "":
        st.info(
            "Say whose labels these are: they are recorded under this name. Where a column names "
            "the coders, choose it under “Coder”."
        )
    elif settled is not None:
        label_import_record.offer(project, file, settled)


def _read(file: File) -> Table:
    """The table of an upload, which is read once."""
    name, table = st.session_state.get("labels.table", ("", None))
    if name != file.sha256 or not isinstance(table, Table):
        table = table_file.read(file)
        st.session_state["labels.table"] = (file.sha256, table)
    return table


def _codes(
    project: Project, table: Table, choices: LabelChoices, place: str
) -> LabelChoices | None:
    """The choices with a code for each label; None while one is missing."""
    variable = labelling.variable_of(table.name, project.scheme, choices.variable)
    columns = label_choices.columns_of(table, choices)
    proposed = label_table.propose(table, variable, columns, choices.understanding)
    return label_import_codes.draw(variable, proposed, choices, place)


def _draft(table: Table, choices: LabelChoices, place: str) -> None:
    if not st.toggle("Draft a codebook from these labels", key=f"{place}.draft"):
        return
    with st.container(border=True):
        st.text(
            "For labels that no codebook of this project has: a file with a code for each, to be "
            "given definitions, and to make a project with."
        )
        one, other = st.columns(2)
        variable = one.text_input(
            "Name of the variable", value="frame", key=f"{place}.draft.variable"
        ).strip()
        title = other.text_input("Title of the codebook", key=f"{place}.draft.title").strip()
        stem = slug(table.name.rpartition(".")[0]) or "draft"
        try:
            named = LabelChoices(**choices.of_table() | {"variable": variable})
            made = label_drafting.drafted(table, named, name=stem, title=title)
        except AnnotatorError as fault:
            marks.fault(str(fault))
            return
        st.dataframe(
            [{"code": code, "rows": count} for code, count in made.counts],
            hide_index=True,
            key=f"{place}.draft.codes",
        )
        for note in made.notes:
            st.text(note)
        st.download_button(
            f"Download {stem}.toml",
            data=made.toml.encode(),
            file_name=f"{stem}.toml",
            mime="application/toml",
            icon=":material/download:",
            on_click="ignore",
            key=f"{place}.draft.file",
        )
