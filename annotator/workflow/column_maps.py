"""Which column of a table is which field: given, remembered in the project, or guessed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from itertools import chain, islice
from typing import NamedTuple

from annotator.core.errors import ReadError
from annotator.corpus import rows
from annotator.corpus.format import Row, Rows
from annotator.store import Store, settings

SAMPLE = 200
"""Rows that are looked at before the first one is taken."""


class Look(NamedTuple):
    """A table before it is taken in: its column of each field, its first rows, and all rows.

    ``rows`` still holds the first ones. ``remembered`` tells that a table of the same columns
    came in before.
    """

    names: tuple[str, ...]
    columns: dict[str, str]
    sample: list[Row]
    rows: Rows
    remembered: bool

    @property
    def text_sample(self) -> str:
        """The text of the first rows, by which the language of the table is told."""
        column = self.columns.get("text", "")
        return "\n".join(row.cells.get(column, "") for row in self.sample)


def look(store: Store, table: Rows, given: Mapping[str, str] | None = None) -> Look:
    """A table and its mapping: what is given, else what was used before, else a guess."""
    sample = list(islice(table.rows, SAMPLE))
    names = tuple(dict.fromkeys(chain(table.columns, *(row.cells for row in sample))))
    before = recall(store, names)
    columns = (before or rows.guess(names, [row.cells for row in sample])) | dict(given or {})
    kept = {field: column for field, column in columns.items() if column}
    whole = table._replace(rows=chain(sample, table.rows))
    return Look(names, kept, sample, whole, bool(before))


def settle(store: Store, name: str, table: Rows, given: Mapping[str, str]) -> Look:
    """The same, for a table whose articles are wanted.

    Raises ``ReadError`` where a column is named that is not there, or none holds the text.
    """
    seen = look(store, table, given)
    have = f"the columns are: {', '.join(seen.names)}"
    for wanted in seen.columns.values():
        if wanted not in seen.names:
            raise ReadError(f"{name}: there is no column {wanted!r}; {have}")
    if "text" not in seen.columns:
        raise ReadError(f"{name}: say which column holds the text: --text COL; {have}")
    return seen


def recall(store: Store, names: Sequence[str]) -> dict[str, str]:
    """The mapping that was used last for a table of these columns; empty where there was none."""
    kept = settings.value(store, _key(names))
    return dict(json.loads(kept)["columns"]) if kept else {}


def remember(store: Store, names: Sequence[str], columns: Mapping[str, str]) -> None:
    """Keep the mapping for the next table of the same columns."""
    settings.put(store, **{_key(names): json.dumps({"columns": dict(columns)})})


def _key(names: Sequence[str]) -> str:
    content = json.dumps(sorted(names), ensure_ascii=False)
    return f"columns {hashlib.sha256(content.encode('utf-8', 'replace')).hexdigest()[:16]}"
