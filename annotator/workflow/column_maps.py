"""Which column of a table is which field: given, remembered in the project, or guessed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from itertools import chain, islice
from types import MappingProxyType
from typing import NamedTuple

from annotator.core.errors import ReadError
from annotator.corpus import guessing, readers, rows
from annotator.corpus.dates import DateOrder
from annotator.corpus.file import File
from annotator.corpus.format import Format, Row, Rows
from annotator.corpus.guessing import Guess
from annotator.store import Store, settings

SAMPLE = 200
"""Rows that are looked at before the first one is taken."""


Learned = Mapping[str, Mapping[str, str]]
"""Mappings by what they are kept under; see ``learn``."""


class Look(NamedTuple):
    """A table before it is taken in: its column of each field, its first rows, and all rows.

    ``rows`` still holds the first ones. ``remembered`` tells that a table of the same columns
    came in before; else ``guesses`` tells why a column was chosen that nobody gave. ``dates`` is
    the order of numbers in its dates, where it is known. ``notes`` are to be told with it.
    """

    names: tuple[str, ...]
    columns: dict[str, str]
    sample: list[Row]
    rows: Rows
    remembered: bool
    guesses: Mapping[str, Guess] = MappingProxyType({})
    dates: DateOrder = ""
    notes: tuple[str, ...] = ()

    @property
    def text_sample(self) -> str:
        """The text of the first rows, by which the language of the table is told."""
        return "\n".join(self.cells("text"))

    def cells(self, field: str) -> list[str]:
        """The cells of a field in the first rows; none where it has no column."""
        column = self.columns.get(field, "")
        return [row.cells.get(column, "") for row in self.sample] if column else []


def look(
    store: Store,
    table: Rows,
    given: Mapping[str, str] | None = None,
    learned: Learned = MappingProxyType({}),
) -> Look:
    """A table and its mapping: what is given, else what was used before, else a guess.

    ``learned`` are mappings that files before it would leave behind, were they imported.
    """
    sample = list(islice(table.rows, SAMPLE))
    names = tuple(dict.fromkeys(chain(table.columns, *(row.cells for row in sample))))
    before = dict(learned.get(_key(names), ())) or recall(store, names)
    guesses = {} if before else guessing.guesses(names, [row.cells for row in sample])
    columns = before or {field: guess.column for field, guess in guesses.items()}
    columns = _without_given(columns, given or {}) | dict(given or {})
    return Look(
        names=names,
        columns={field: column for field, column in columns.items() if column},
        sample=sample,
        rows=table._replace(rows=chain(sample, table.rows)),
        remembered=bool(before),
        guesses={field: one for field, one in guesses.items() if columns[field] == one.column},
        notes=table.warnings,
    )


def _without_given(columns: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str]:
    """The mapping without columns that a person gave to another field."""
    taken = {column for column in given.values() if column}
    return {field: "" if column in taken else column for field, column in columns.items()}


def settle(
    store: Store,
    file: File,
    how: Format,
    given: Mapping[str, str],
    dates: DateOrder = "",
    learned: Learned = MappingProxyType({}),
) -> Look:
    """The same, for a table whose articles are wanted, with the order of its dates.

    Raises ``ReadError`` where a column is named that is not there, or none holds the text;
    ``DateOrderError`` where its dates are written in two orders and ``dates`` is not given.
    """
    seen = look(store, readers.rows(file, how), given, learned)
    have = f"the columns are: {', '.join(seen.names)}"
    for wanted in seen.columns.values():
        if wanted not in seen.names:
            raise ReadError(f"{file.name}: there is no column {wanted!r}; {have}")
    if "text" not in seen.columns:
        likely = guessing.rivals(seen.names, [row.cells for row in seen.sample])
        named = f"; it may be {' or '.join(map(repr, likely))}" if likely else ""
        raise ReadError(f"{file.name}: say which column holds the text: --text COL{named}; {have}")
    if dates or not any(any(rows.numbered(cell)) for cell in seen.cells("date")):
        return seen._replace(dates=dates)
    order = rows.order_in(file.name, readers.rows(file, how), seen.columns["date"])
    return seen._replace(dates=order.dates, notes=(*seen.notes, *filter(None, [order.note])))


def recall(store: Store, names: Sequence[str]) -> dict[str, str]:
    """The mapping that was used last for a table of these columns; empty where there was none.

    What another release of this program kept and this one cannot use is passed over.
    """
    try:
        kept = dict(json.loads(settings.value(store, _key(names)))["columns"])
    except (ValueError, KeyError, TypeError):
        return {}
    known = {field: column for field, column in kept.items() if field in rows.FIELDS}
    return known if known.get("text") in names and set(known.values()) <= set(names) else {}


def remember(store: Store, names: Sequence[str], columns: Mapping[str, str]) -> None:
    """Keep the mapping for the next table of the same columns."""
    settings.put(store, **{_key(names): json.dumps({"columns": dict(columns)})})


def learn(learned: dict[str, Mapping[str, str]], seen: Look) -> None:
    """Note the mapping that importing this table would keep."""
    learned[_key(seen.names)] = seen.columns


def _key(names: Sequence[str]) -> str:
    content = json.dumps(sorted(names), ensure_ascii=False)
    return f"columns {hashlib.sha256(content.encode('utf-8', 'replace')).hexdigest()[:16]}"
