"""The speakers as a table: found, corrected in place, ticked to be read or merged."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from annotator.core.errors import AnnotatorError
from annotator.core.voice import PERSON_KINDS
from annotator.store import speakers
from annotator.store.actor_rules import Field
from annotator.store.speakers import Entry, Listing
from annotator.ui import edited_table, told
from annotator.ui.edited_table import Shown
from annotator.workflow import actors
from annotator.workflow.projects import Project

PLACE = "speakers"
PER_PAGE = 50
ORDERS = {"documents": "Most documents", "name": "Name"}
FIELDS: tuple[Field, ...] = ("kind", "affiliation")
ALL = "All kinds"
UNKNOWN = "not known"


def draw(project: Project, coder: str) -> Shown[Entry] | None:
    """The table, page by page; what is written in it is kept at once. None where it is empty."""
    found = _found(project)
    if not found.rows:
        st.info("Nobody is like that. Take words away, or choose “All kinds”.")
        return None
    shown = edited_table.shown(PLACE, found.rows, [one.key for one in found.rows])
    st.data_editor(
        [_row(one) for one in found.rows],
        height=shown.height,
        hide_index=True,
        num_rows="fixed",
        disabled=["documents", "sentences", "also"],
        column_config={
            "chosen": st.column_config.CheckboxColumn("", width=40),
            "speaker": st.column_config.TextColumn(width=200, required=True),
            "kind": st.column_config.SelectboxColumn(options=[*PERSON_KINDS, UNKNOWN], width=120),
            "affiliation": st.column_config.TextColumn(width=190),
            "documents": st.column_config.NumberColumn(width=90),
            "sentences": st.column_config.NumberColumn(width=90),
            "also": st.column_config.TextColumn("also called", width=200),
        },
        key=shown.key,
        on_change=_keep,
        args=(project, coder, shown),
    )
    return shown


def _found(project: Project) -> Listing:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        words = st.text_input(
            "Search names and affiliations", key="speakers.words", width=300, persist_state="page"
        )
        kind = st.selectbox(
            "Kind",
            [ALL, *PERSON_KINDS, UNKNOWN],
            key="speakers.kind",
            width=170,
            persist_state="page",
        )
        order = st.selectbox(
            "Order",
            list(ORDERS),
            format_func=ORDERS.__getitem__,
            key="speakers.order",
            width=170,
            persist_state="page",
        )

    def page_of(number: int) -> Listing:
        return speakers.listing(
            project.store,
            words=words or "",
            kind=None if kind == ALL else "" if kind == UNKNOWN else kind,
            order=order,
            limit=PER_PAGE,
            offset=(number - 1) * PER_PAGE,
        )

    return edited_table.page(PLACE, "speaker", PER_PAGE, page_of)


def _row(one: Entry) -> dict[str, object]:
    return {
        "chosen": False,
        "speaker": one.name,
        "kind": one.kind or UNKNOWN,
        "affiliation": one.affiliation,
        "documents": one.documents,
        "sentences": one.units,
        "also": ", ".join(one.aliases),
    }


def _keep(project: Project, coder: str, shown: Shown[Entry]) -> None:
    """Write what was just corrected; where one correction is refused, none of them is kept."""
    changes = {
        row: {column: value or "" for column, value in cells.items() if column != "chosen"}
        for row, cells in shown.edits().items()
    }
    made: list[str] = []
    try:
        with project.store.write():
            for row, cells in changes.items():
                made += _change(project, coder, shown.rows[row], cells)
    except AnnotatorError as fault:
        edited_table.draw_anew(PLACE)
        told.say(PLACE, fault=f"Nothing was kept: {fault}")
        return
    if made:
        names = ", ".join(shown.rows[row].name for row, cells in changes.items() if cells)
        told.offer_undo(PLACE, f"Undo: changes of {names}", made)
        edited_table.draw_anew(PLACE)


def _change(project: Project, coder: str, one: Entry, cells: dict[str, str]) -> list[str]:
    made: list[str] = []
    if "speaker" in cells:
        made.append(actors.rename(project.store, one.key, cells["speaker"], coder) or "")
    fields = {field: _value(cells[field]) for field in FIELDS if field in cells}
    made += actors.describe(project.store, one.key, fields, coder)
    return [event for event in made if event]


def _value(cell: str) -> str:
    return "" if cell == UNKNOWN else cell


def undo(project: Project, coder: str) -> None:
    """A button that takes back what was done last; nothing where nothing was."""
    told.undo_button(PLACE, take_back, project, coder)


def take_back(project: Project, coder: str, made: Sequence[str]) -> None:
    """Take events back, the last one first; all of them or none."""
    with told.refusals(PLACE), project.store.write():
        for event in reversed(made):
            actors.undo(project.store, event, coder)
    told.forget_undo(PLACE)
    edited_table.draw_anew(PLACE)
