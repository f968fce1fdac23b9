"""What an import leaves open: what is judged, dates of two readings, languages, fields for all."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from annotator.ui import import_languages
from annotator.ui.import_columns import TITLES
from annotator.workflow import choosing
from annotator.workflow.choosing import FIELDS, ROW, Choices
from annotator.workflow.previewing import Look
from annotator.workflow.projects import Project

UNITS = {
    "sentence": "Sentence",
    "paragraph": "Paragraph",
    "document": "Whole article",
    ROW: "Row of a table",
}
DATES = {"day-first": "3 April 2031", "month-first": "4 March 2031"}


def settled(project: Project, *, remember: bool = False) -> Choices:
    """The choices as the widgets stand; ``ReadError`` where one of them is wrong.

    They are read before the widgets are drawn: what these offer depends on the files, and what
    the files are found to be depends on the choices.
    """
    chosen = st.session_state
    languages = tuple(chosen.get("import.languages", ()))
    # What the project reads already need not be told, or remembered, again.
    told = languages if languages != choosing.project_languages(project.store) else ()
    written = {name: chosen.get(f"import.field.{name}", "").strip() for name in FIELDS}
    return choosing.chosen(
        project.store,
        fields=choosing.given_fields(f"{name}={said}" for name, said in written.items() if said),
        unit=chosen.get("import.unit") or "sentence",
        columns={},
        dates=chosen.get("import.dates") or "",
        languages=",".join(told),
        remember=remember,
    )


def put_back_rows(looks: Sequence[Look]) -> bool:
    """Whether rows were judged and no table is left among the files; sentences are then."""
    if st.session_state.get("import.unit") != ROW or any(look.table for look in looks):
        return False
    st.session_state["import.unit"] = "sentence"
    return True


def draw(project: Project, looks: Sequence[Look]) -> None:
    """The choices that these files leave open."""
    _dates(looks)
    _units(looks)
    with st.expander("Languages, and details for all these files", icon=":material/tune:"):
        _languages(project)
        st.text("Left empty, each file's own details are kept.")
        with st.container(horizontal=True):
            for name in FIELDS:
                st.text_input(
                    TITLES.get(name, name.capitalize()),
                    key=f"import.field.{name}",
                    width=220,
                    persist_state="page",
                )


def _dates(looks: Sequence[Look]) -> None:
    """The question which number comes first, where one of the files asks or has asked it."""
    asking = [look.file for look in looks if look.asks_order]
    if not asking and not st.session_state.get("import.dates"):
        return
    with st.container(border=True):
        if asking:
            st.text(
                f"{_files(len(asking))} cannot be read without an answer: the dates in "
                f"{asking[0]} may be read in two ways."
            )
        st.radio(
            "03/04/2031 means",
            list(DATES),
            format_func=DATES.__getitem__,
            index=None,
            horizontal=True,
            key="import.dates",
            persist_state="page",
        )


def _units(looks: Sequence[Look]) -> None:
    tables = [look for look in looks if look.table]
    offered = [unit for unit in UNITS if unit != ROW or tables]
    unit = st.radio(
        "What is judged",
        offered,
        format_func=UNITS.__getitem__,
        horizontal=True,
        key="import.unit",
        persist_state="page",
    )
    others = sum(bool(look.outcome.format) and not look.table for look in looks)
    if unit == ROW:
        st.caption("Each row is one unit as it stands, as in most published data sets.")
    if unit == ROW and others:
        one = others == 1
        st.caption(
            f"{_files(others)} {'is' if one else 'are'} no table and {'has' if one else 'have'} no "
            f"rows: {'it is' if one else 'they are'} left out now, and can come in by an import of "
            "their own."
        )


def _languages(project: Project) -> None:
    known = choosing.project_languages(project.store)
    st.multiselect(
        "Languages of this project",
        sorted({*import_languages.NAMES, *known}, key=import_languages.name),
        default=known,
        format_func=import_languages.name,
        help="The language of each article is told among these. It is remembered.",
        key="import.languages",
        persist_state="page",
    )


def _files(count: int) -> str:
    return f"{count:,} file{'s' if count > 1 else ''}"
