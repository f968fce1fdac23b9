"""The speakers as a table: found, corrected in place, ticked to be read or merged."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any, NamedTuple

import streamlit as st

from annotator.core.counting import counted
from annotator.core.errors import AnnotatorError
from annotator.core.voice import PERSON_KINDS
from annotator.store import speakers
from annotator.store.actor_rules import Field
from annotator.store.speakers import Entry, Listing
from annotator.ui import marks
from annotator.workflow import actors
from annotator.workflow.projects import Project

PER_PAGE = 50
HIGH = 15
"""Rows from which the table gets a height of its own, in pixels, and scrolls."""

HEIGHT = 560
ORDERS = {"documents": "Most documents", "name": "Name"}
FIELDS: tuple[Field, ...] = ("kind", "affiliation")
ALL = "All kinds"
UNKNOWN = "not known"


class Shown(NamedTuple):
    """The speakers of the table as it stands in the browser; ``key`` is the table's own."""

    key: str
    rows: list[Entry]


def draw(project: Project, coder: str) -> Shown | None:
    """The table, page by page; what is written in it is kept at once. None where it is empty."""
    found = _found(project)
    if not found.rows:
        st.info("Nobody is like that. Take words away, or choose “All kinds”.")
        return None
    shown = Shown(_key([one.key for one in found.rows]), found.rows)
    st.data_editor(
        [_row(one) for one in found.rows],
        height=HEIGHT if len(found.rows) > HIGH else "auto",
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

    first = page_of(1)
    pages = max(1, -(-first.total // PER_PAGE))
    if st.session_state.get("speakers.page", 1) > pages:
        st.session_state["speakers.page"] = pages
    with st.container(horizontal=True, vertical_alignment="center"):
        st.text(counted(first.total, "speaker"))
        if pages == 1:
            return first
        number = st.pagination(pages, key="speakers.page", persist_state="page")
    return first if number == 1 else page_of(number)


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


def _key(keys: Sequence[str]) -> str:
    """The key of the table of these speakers, in this order.

    The browser names the rows of an edit by their number: where other speakers are in the table,
    it is another table, and an edit that is on its way finds the old one.
    """
    version = st.session_state.get("speakers.version", 0)
    return f"speakers.{version}.{hashlib.sha256('|'.join(keys).encode()).hexdigest()[:12]}"


def draw_anew() -> None:
    """Give the table a new key, so that no edit of before stands in it."""
    st.session_state["speakers.version"] = st.session_state.get("speakers.version", 0) + 1


def _deltas(shown: Shown) -> dict[int, dict[str, Any]]:
    """What was changed in the table since it was drawn first, by the number of the row."""
    state: dict[str, Any] = st.session_state.get(shown.key, {})
    return {int(row): dict(cells) for row, cells in state.get("edited_rows", {}).items()}


def ticked(shown: Shown) -> list[Entry]:
    """The speakers that are ticked, in the order of the table."""
    return [shown.rows[row] for row, cells in sorted(_deltas(shown).items()) if cells.get("chosen")]


def _keep(project: Project, coder: str, shown: Shown) -> None:
    """Write what was just corrected; where one correction is refused, none of them is kept."""
    changes = {
        row: {column: value or "" for column, value in cells.items() if column != "chosen"}
        for row, cells in _deltas(shown).items()
    }
    made: list[str] = []
    try:
        with project.store.write():
            for row, cells in changes.items():
                made += _change(project, coder, shown.rows[row], cells)
    except AnnotatorError as fault:
        draw_anew()
        say(fault=f"Nothing was kept: {fault}")
        return
    if made:
        names = ", ".join(shown.rows[row].name for row, cells in changes.items() if cells)
        remember(made, f"changes of {names}")
        draw_anew()


def _change(project: Project, coder: str, one: Entry, cells: dict[str, str]) -> list[str]:
    made: list[str] = []
    if "speaker" in cells:
        made.append(actors.rename(project.store, one.key, cells["speaker"], coder) or "")
    told = {field: _value(cells[field]) for field in FIELDS if field in cells}
    made += actors.describe(project.store, one.key, told, coder)
    return [event for event in made if event]


def _value(cell: str) -> str:
    return "" if cell == UNKNOWN else cell


# What was done last, and taking it back


def remember(events: Sequence[str], told: str) -> None:
    """Offer to take these events back."""
    st.session_state["speakers.last"] = (list(events), told)


def undo(project: Project, coder: str) -> None:
    """A button that takes back what was done last; nothing where nothing was."""
    made, told = st.session_state.get("speakers.last", ([], ""))
    if made:
        st.button(
            marks.plain(f"Undo: {told}"),
            icon=":material/undo:",
            on_click=take_back,
            args=(project, coder, made),
            key="speakers.undo",
        )


def take_back(project: Project, coder: str, made: Sequence[str]) -> None:
    """Take events back, the last one first; all of them or none."""
    try:
        with project.store.write():
            for event in reversed(made):
                actors.undo(project.store, event, coder)
    except AnnotatorError as fault:
        say(fault=str(fault))
    st.session_state.pop("speakers.last", None)
    draw_anew()


def say(*, done: str = "", fault: str = "") -> None:
    """Keep what came of a click, which its callback cannot draw."""
    st.session_state["speakers.said"] = (done, fault)


def said() -> None:
    """Show it once."""
    done, fault = st.session_state.pop("speakers.said", ("", ""))
    if done:
        st.success(marks.plain(done))
    if fault:
        marks.fault(fault)
