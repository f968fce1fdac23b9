"""What a search found: a row per unit, with the words that matched and the codes it carries."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, TextIO

from annotator.core.records import UnitRecord
from annotator.exchange import units_csv
from annotator.exchange.columns import unit_fields
from annotator.exchange.csv_text import END, quoting

COLUMNS = (*units_csv.COLUMNS, "matched", "codes")

_unit = unit_fields(units_csv.COLUMNS[:-1])


class Row(NamedTuple):
    """One unit; ``matched`` and ``codes`` are several, joined by '; '."""

    unit: UnitRecord
    matched: str
    codes: str


def write(found: Iterable[Row], out: TextIO) -> int:
    """Write the table; the number of its rows."""
    quote = quoting()
    out.write(quote(COLUMNS) + END)
    rows = 0
    for unit, matched, codes in found:
        out.write(quote((*_unit(unit), int(unit.annotated), matched, codes)) + END)
        rows += 1
    return rows
