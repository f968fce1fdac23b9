"""What a format is, what it leaves out, and its first rows, in words and a table."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

import streamlit as st

from annotator.store import Store
from annotator.ui import marks
from annotator.workflow import exporting
from annotator.workflow.export_formats import Format
from annotator.workflow.previewing import Head
from annotator.workflow.projects import Project


def format_in_words(name: str, chosen: Format, found: Head) -> None:
    """Its size, what a row is, what it is for, and the columns to begin with."""
    rows = "" if found.rows is None else f"{found.rows:,} rows, "
    st.header(f"{name}: {rows}{len(found.columns)} columns", anchor=False)
    if found.rows is None:
        st.text("There are too many rows to count them before they are written.")
    st.text(f"{chosen.description[0].upper()}{chosen.description[1:]}.")
    st.text(chosen.programs)
    st.text(f"Begin with the columns {', '.join(chosen.matters)}.")
    for warning in found.warnings:
        st.warning(marks.plain(warning))


def left_out(missing: dict[str, int]) -> None:
    """What the project has and the file will not, each with its reason."""
    for what, number in missing.items():
        st.text(f"Left out: {number:,} {what}: {exporting.REASONS[what]}.")
    if not missing:
        st.text("Nothing is left out.")


def command(project: Project, name: str, stem: str) -> None:
    """The command line that does the same."""
    words = ("annotator", "export", str(project.path), "--format", name, "--output", f"{stem}.csv")
    st.text("The same from a command line (with .zip instead of .csv, both files in one):")
    st.code(shlex.join(words), language=None)


def preview(found: Head, first: Sequence[str]) -> None:
    """The first rows; the columns that matter come first, the others as in the file."""
    if not found.first:
        st.text("There are no rows yet.")
        return
    st.text(f"The first {len(found.first)} rows, with the columns to begin with in front:")
    rows = [dict(zip(found.columns, row, strict=True)) for row in found.first]
    order = [*first, *(name for name in found.columns if name not in first)]
    st.dataframe(rows, hide_index=True, column_order=order, key="export.preview")


def columns(store: Store, chosen: Format) -> None:
    """What every column holds, as the data dictionary tells it."""
    with st.expander("What every column holds"):
        rows = [
            {"column": one["name"], "holds": one["description"]} for one in chosen.columns(store)
        ]
        shown = {"holds": st.column_config.TextColumn(width=900)}
        st.dataframe(rows, hide_index=True, key="export.columns", column_config=shown)
