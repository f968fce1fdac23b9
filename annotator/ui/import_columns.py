"""Which column of a table is which field: offered as guessed or remembered, corrected by hand."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence

import streamlit as st

from annotator.corpus.rows import FIELDS
from annotator.ui import marks
from annotator.workflow.previewing import Look, TableLook

NONE = ""
FIRST_ROWS = 5

TITLES = {"url": "Address (URL)", "id": "Id"}
HELP = {"text": "What is judged. A table without it cannot come in."}


def given(table: TableLook) -> dict[str, str] | None:
    """The columns as they stand in the boxes; None before these were drawn."""
    keys = {field: _key(table.names, field) for field in FIELDS}
    if not all(key in st.session_state for key in keys.values()):
        return None
    return {field: st.session_state[key] or NONE for field, key in keys.items()}


def is_settled(look: Look) -> bool:
    """Whether the look at a table is one by the columns as they stand in the boxes."""
    if look.table is None or (wanted := given(look.table)) is None:
        return True
    return {field: column for field, column in wanted.items() if column} == look.table.columns


def is_missing_text(look: Look) -> bool:
    """Whether this table only waits for somebody to say which column holds the text."""
    return bool(look.fault and look.table and "text" not in look.table.columns)


def draw(looks: Sequence[Look]) -> None:
    """The columns of every table, once for tables of the same columns."""
    for named, alike in _alike(looks):
        with st.container(border=True):
            _columns(named, alike)


def mappings(looks: Sequence[Look]) -> Iterator[tuple[tuple[str, ...], dict[str, str]]]:
    """The names of the columns of each kind of table, with the column of each field."""
    for table, _ in _alike(looks):
        if "text" in table.columns:
            yield table.names, dict(table.columns)


def _alike(looks: Sequence[Look]) -> list[tuple[TableLook, list[str]]]:
    """One table for each set of columns, with the names of all files that have them."""
    found: dict[frozenset[str], tuple[TableLook, list[str]]] = {}
    for look in looks:
        if look.table:
            found.setdefault(frozenset(look.table.names), (look.table, []))[1].append(look.file)
    return list(found.values())


def _columns(table: TableLook, files: Sequence[str]) -> None:
    more = f" and {len(files) - 1:,} more with the same columns" if files[1:] else ""
    st.markdown(f"**Columns of {marks.plain(files[0])}**{more}")
    if "text" not in table.columns:
        st.warning("Which column holds the text? Choose it below.")
    st.caption(
        "As last time, for a table of the same columns."
        if table.remembered
        else "Guessed from the names of the columns and from the first rows. Correct what is wrong."
    )
    with st.container(horizontal=True):
        for field in FIELDS:
            _box(table, field)
    st.dataframe(_first_rows(table), hide_index=True, key=_key(table.names, "rows"))


def _box(table: TableLook, field: str) -> None:
    offered = [NONE, *table.names]
    now = table.columns.get(field, NONE)
    st.selectbox(
        TITLES.get(field, field.capitalize()),
        offered,
        index=offered.index(now) if now in offered else 0,
        format_func=lambda column: column or "–",
        help=HELP.get(field),
        key=_key(table.names, field),
        width=200,
        persist_state="page",
    )


def _first_rows(table: TableLook) -> list[dict[str, str]]:
    """The first rows, the columns of fields in front and named after them."""
    held = {table.columns[field]: field for field in reversed(FIELDS) if field in table.columns}
    heads = {column: f"{held[column]} ← {column}" for column in reversed(held)}
    heads |= {column: column for column in table.names if column not in heads}
    return [
        {head: row.get(column, "") for column, head in heads.items()}
        for row in table.rows[:FIRST_ROWS]
    ]


def _key(names: Sequence[str], part: str) -> str:
    told = json.dumps(sorted(names)).encode()
    return f"import.columns.{hashlib.sha256(told).hexdigest()[:12]}.{part}"
