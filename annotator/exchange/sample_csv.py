"""A sample or a set as a table: one row for each unit, with its probability and its weight."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, TextIO

from annotator.exchange.csv_text import END, quoting

COLUMNS = (
    *("list", "position", "stratum", "inclusion_probability", "weight", "document_id", "title"),
    *("source", "published", "unit_id", "unit_index", "part", "text"),
)


class Row(NamedTuple):
    """One unit of a list; what comes after the probability is written as it is."""

    position: int
    stratum: str
    probability: float | None
    about: tuple[object, ...]


def write(name: str, rows: Iterable[Row], out: TextIO) -> int:
    """Write the table; the number of its rows.

    ``weight`` is one divided by the probability, and both are empty in a set: nobody drew it.
    """
    quote, written = quoting(), 0
    out.write(",".join(COLUMNS) + END)
    for row in rows:
        weight = "" if row.probability is None else 1 / row.probability
        drawn = (row.stratum, row.probability, weight)
        out.write(quote((name, row.position, *drawn, *row.about)) + END)
        written += 1
    return written
