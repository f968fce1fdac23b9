"""Tables that are corrected in place, page by page; what was edited is told by the row's number.

Each table keeps its state under a name of its own, its ``place``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Any, Generic, Literal, NamedTuple, Protocol, TypeVar

import streamlit as st

from annotator.core.counting import counted

HIGH = 15
"""Rows from which a table gets a height of its own, in pixels, and scrolls."""

HEIGHT = 560


class Found(Protocol):
    """One page of what was asked for, and how many there are in all."""

    @property
    def total(self) -> int:
        """How many there are."""
        ...


Row = TypeVar("Row")
Page = TypeVar("Page", bound=Found)


class Shown(NamedTuple, Generic[Row]):
    """The rows of the table as it stands in the browser; ``key`` is the table's own."""

    key: str
    rows: list[Row]

    @property
    def height(self) -> int | Literal["auto"]:
        """How high the table is drawn."""
        return HEIGHT if len(self.rows) > HIGH else "auto"

    def edits(self) -> dict[int, dict[str, Any]]:
        """What was changed since the table was drawn first, by the number of the row."""
        state: dict[str, Any] = st.session_state.get(self.key, {})
        return {int(row): dict(cells) for row, cells in state.get("edited_rows", {}).items()}

    def ticked(self) -> list[Row]:
        """The rows whose box in the column ``chosen`` is ticked, in their order."""
        return [
            self.rows[row] for row, cells in sorted(self.edits().items()) if cells.get("chosen")
        ]


def shown(place: str, rows: list[Row], ids: Sequence[str]) -> Shown[Row]:
    """The table of these rows, in this order.

    The browser names the rows of an edit by their number: where other rows are in the table, it
    is another table, and an edit that is on its way finds the old one.
    """
    version = st.session_state.get(f"{place}.version", 0)
    names = hashlib.sha256(" ".join(ids).encode()).hexdigest()[:12]
    return Shown(f"{place}.{version}.{names}", rows)


def draw_anew(place: str) -> None:
    """Give the table a new key, so that no edit of before stands in it."""
    st.session_state[f"{place}.version"] = st.session_state.get(f"{place}.version", 0) + 1


def page(place: str, noun: str, per_page: int, page_of: Callable[[int], Page]) -> Page:
    """The page that is asked for; the last one where the list has become shorter."""
    first = page_of(1)
    pages = max(1, -(-first.total // per_page))
    if st.session_state.get(f"{place}.page", 1) > pages:
        st.session_state[f"{place}.page"] = pages
    with st.container(horizontal=True, vertical_alignment="center"):
        st.text(counted(first.total, noun))
        if pages == 1:
            return first
        number = st.pagination(pages, key=f"{place}.page", persist_state="page")
    return first if number == 1 else page_of(number)
