"""What an import would bring in and what an export would hold, before either is done."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass

from annotator.core.errors import ReadError
from annotator.store import Store, tables, tallies
from annotator.workflow import exporting, importing
from annotator.workflow.importing import Preview, Source

HEAD = 20
"""Rows of an export that are shown."""

QUICKLY_COUNTED = 10_000
"""Decisions, or units, up to which an export's rows are counted for a preview: about a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One file before it is imported: its documents, or why it cannot be read."""

    file: str
    previews: tuple[Preview, ...] = ()
    fault: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The first rows of an export; ``rows`` is None where counting them all would take long."""

    columns: tuple[str, ...]
    first: tuple[tuple[str, ...], ...]
    rows: int | None


def look(
    store: Store, source: Source, fields: Mapping[str, str] | None = None, unit: str = "sentence"
) -> Look:
    """What this file would bring in; a file that cannot be read says why."""
    try:
        found = importing.preview(store, source, fields, unit)
    except ReadError as fault:
        return Look(file=source.name, fault=str(fault))
    return Look(file=source.name, previews=tuple(found))


def head(store: Store, format_name: str) -> Head:
    """The first rows of an export in this format, and how many there are."""
    counted = max(tallies.decisions(store), _units_told(store, format_name)) <= QUICKLY_COUNTED
    top, rows = _Top(stop=not counted), None
    try:
        with tables.snapshot(store):
            rows = exporting.find(format_name).write(store, top)
    except _EnoughReadError:
        pass  # too many rows to count for a preview
    columns, *first = csv.reader(io.StringIO(top.getvalue(), newline=""))
    return Head(columns=tuple(columns), first=tuple(map(tuple, first[:HEAD])), rows=rows)


def _units_told(store: Store, format_name: str) -> int:
    tells_all = "undecided units" in exporting.find(format_name).holds
    return tables.totals(store)["units"] if tells_all else 0


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
