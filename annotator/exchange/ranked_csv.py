"""Units in an order: a row per unit, its rank first, with the keywords that matched in it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TextIO

from annotator.core.records import UnitRecord
from annotator.exchange.columns import unit_fields
from annotator.exchange.csv_text import END, quoting

_UNIT = (
    *("unit_id", "text", "document_id", "file", "title", "source", "published", "language"),
    *("part", "voice", "speaker"),
)
COLUMNS = ("rank", *_UNIT, "matched")

_unit = unit_fields(_UNIT)


def write(found: Iterable[tuple[UnitRecord, str]], out: TextIO) -> int:
    """Write the table, best first; the number of its rows."""
    quote = quoting()
    out.write(quote(COLUMNS) + END)
    rows = 0
    for unit, matched in found:
        rows += 1
        out.write(quote((rows, *_unit(unit), matched)) + END)
    return rows
