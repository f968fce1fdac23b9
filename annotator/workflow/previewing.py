"""What an import would bring in and what an export would hold, before either is done."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from annotator.core.document import Draft, Segment
from annotator.core.errors import DateOrderError, ReadError
from annotator.core.progress import Progress, silent
from annotator.corpus import folders, readers, rows
from annotator.exchange import excel_csv
from annotator.exchange.csv_text import rows_of
from annotator.store import Store, tables
from annotator.store.documents import Arrivals
from annotator.workflow import choosing, column_maps, export_formats, exporting, importing
from annotator.workflow.choosing import Choices
from annotator.workflow.export_formats import Written
from annotator.workflow.importing import Outcome
from annotator.workflow.reading import Reading
from annotator.workflow.sources import Source

HEAD = 20
"""Rows of an export that are shown."""


SHOWN = 50
"""Documents of a file that a preview shows; all of them are counted."""


class Preview(NamedTuple):
    """One document as it would come in."""

    draft: Draft
    segments: tuple[Segment, ...]
    known: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One file before it is imported: what would become of it, and its first documents.

    ``asks_order`` tells that its fault is a question: which number comes first in its dates.
    ``table`` is there for tables, faulty ones too where their columns could be read. ``whole`` is
    False where only the first documents were looked at and counted; ``expected`` is how many there
    are then, by the size of the file and roughly.
    """

    outcome: Outcome
    previews: tuple[Preview, ...] = ()
    asks_order: bool = False
    table: TableLook | None = None
    whole: bool = True
    expected: int = 0

    @property
    def file(self) -> str:
        """The name of the file."""
        return self.outcome.file

    @property
    def fault(self) -> str:
        """Why the file would not be taken; empty where it would."""
        return self.outcome.message if self.outcome.status == "refused" else ""

    @property
    def skipped(self) -> bool:
        """Whether nobody meant to import this file."""
        return self.outcome.status == "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class TableLook:
    """The columns of a table, the column of each field, and its first rows."""

    names: tuple[str, ...]
    columns: Mapping[str, str]
    remembered: bool
    rows: tuple[Mapping[str, str], ...]


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
    store: Store,
    source: Source,
    choices: Choices | None = None,
    seen: Arrivals | None = None,
    learned: dict[str, Mapping[str, str]] | None = None,
    *,
    most: int | None = None,
) -> Look:
    """What this file would bring in after those ``seen``; one that cannot be read says why.

    ``learned`` are the mappings of the tables before, which its own joins. Of a file with more
    than ``most`` documents only so many are looked at.
    """
    learned = {} if learned is None else learned
    chosen = choices or Choices()
    if folders.is_hidden(source.name):
        return Look(outcome=importing.skipped(source))
    table: TableLook | None = None
    how = ""
    tally = importing.Tally()
    first: list[Preview] = []
    letters = 0
    try:
        reading = Reading(store, source, chosen, learned)
        how = reading.format.title
        table = _table(store, reading, chosen.columns, learned)
        coming = (seen or arrivals(store, chosen)).judged(reading.cuts())
        for arrival in islice(coming, most):
            tally.count(arrival)
            letters += len(arrival.draft.text)
            if len(first) < SHOWN:
                first.append(Preview(arrival.draft, tuple(arrival.segments), not arrival.new))
        whole = next(coming, None) is None
    except ReadError as fault:
        outcome = importing.refused(source, fault, how)
        return Look(outcome=outcome, table=table, asks_order=isinstance(fault, DateOrderError))
    if reading.table:
        column_maps.learn(learned, reading.table)
    counted = tally.documents + tally.known
    return Look(
        outcome=tally.outcome(source, reading),
        previews=tuple(first),
        table=table,
        whole=whole,
        expected=counted if whole else max(counted, counted * reading.file.size // letters),
    )


def look_at_all(
    store: Store, sources: Sequence[Source], choices: Choices, progress: Progress | None = None
) -> Iterator[Look]:
    """What importing each of these files would do, one after the other."""
    seen = arrivals(store, choices)
    learned: dict[str, Mapping[str, str]] = {}
    for number, source in enumerate(sources):
        if progress:
            progress(number, len(sources), source.name)
        yield look(store, source, choices, seen, learned)


def arrivals(store: Store, choices: Choices) -> Arrivals:
    """What the looks at several files share: a document that one of them brings is not new."""
    return Arrivals(store, by_words=choices.unit != choosing.ROW)


def previewed_fields(draft: Draft) -> Iterator[tuple[str, str, str]]:
    """The filled fields of a draft: ``(name, value, where it was found)``, as users name them."""
    values = {
        "title": draft.title,
        "date": draft.published,
        "author": draft.author,
        "source": draft.source,
        "place": draft.place,
        "url": draft.url,
        "id": draft.external_id,
        "language": draft.language,
        "section": draft.section,
    }
    for name, value in values.items():
        if value:
            where = draft.found.get(rows.FOUND_AS.get(name, name), "")
            yield name, value, where


def _table(
    store: Store, reading: Reading, given: Mapping[str, str], learned: column_maps.Learned
) -> TableLook | None:
    if reading.format.rows is None:
        return None
    seen = column_maps.look(*(store, readers.rows(reading.file, reading.format), given, learned))
    return TableLook(
        names=seen.names,
        columns=seen.columns,
        remembered=seen.remembered,
        rows=tuple(row.cells for row in seen.sample[:SHOWN]),
    )


def head(store: Store, format_name: str) -> Head:
    """The first rows of an export in this format, and how many there are."""
    chosen = export_formats.find(format_name)
    # A table of every unit need not be written to know its length.
    count = not chosen.of_units and not exporting.takes_long(store, format_name)
    written = Written(tables.totals(store)["units"]) if chosen.of_units else None
    top = _Top(stop=not count)
    try:
        with tables.snapshot(store):
            written = chosen.write(store, top, silent)
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
