"""What an import would bring in and what an export would hold, before either is done."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass

from annotator.core.errors import ReadError
from annotator.corpus import readers
from annotator.exchange import excel_csv
from annotator.exchange.csv_text import rows_of
from annotator.store import Store, tables
from annotator.workflow import exporting, importing
from annotator.workflow.exporting import Written
from annotator.workflow.importing import Preview, Source

HEAD = 20
"""Rows of an export that are shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One file before it is imported: its documents, or why it cannot be read."""

    file: str
    previews: tuple[Preview, ...] = ()
    fault: str = ""
    skipped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The first rows of an export, and what its program will not show of all of them.

    ``rows`` is None where counting them all would take long.
    """

    columns: tuple[str, ...]
    first: tuple[tuple[str, ...], ...]
    rows: int | None
    warnings: tuple[str, ...] = ()


def look(
    store: Store, source: Source, fields: Mapping[str, str] | None = None, unit: str = "sentence"
) -> Look:
    """What this file would bring in; a file that cannot be read says why."""
    if readers.is_hidden(source.name):
        return Look(file=source.name, skipped=True)
    try:
        found = importing.preview(store, source, fields, unit)
    except ReadError as fault:
        return Look(file=source.name, fault=str(fault))
    return Look(file=source.name, previews=tuple(found))


def head(store: Store, format_name: str) -> Head:
    """The first rows of an export in this format, and how many there are."""
    chosen = exporting.find(format_name)
    # A table of every unit need not be written to know its length.
    count = not chosen.of_units and not exporting.takes_long(store, format_name)
    written = Written(tables.totals(store)["units"]) if chosen.of_units else None
    top = _Top(stop=not count)
    try:
        with tables.snapshot(store):
            written = chosen.write(store, top, lambda done, total, message: None)
    except _EnoughReadError:
        pass  # there are more rows than are shown
    columns, *first = rows_of(top.getvalue().removeprefix(excel_csv.MARK))
    return Head(
        columns=tuple(columns),
        first=tuple(map(tuple, first[:HEAD])),
        rows=written.rows if written else None,
        warnings=written.warnings if written else (),
    )


class _EnoughReadError(Exception):
    """The rows to show are there: ends a writer early."""


class _Top(io.StringIO):
    """What an export writes first; every write is one row or more, the first is the header."""

    def __init__(self, *, stop: bool) -> None:
        super().__init__(newline="")
        self._left = HEAD + 1
        self._stop = stop

    def write(self, text: str) -> int:
        if self._left:
            self._left -= 1
            super().write(text)
        elif self._stop:
            raise _EnoughReadError
        return len(text)
