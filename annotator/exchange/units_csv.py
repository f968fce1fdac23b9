"""The units: one row per unit of the project, coded or not."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TextIO

from annotator.core.records import UnitRecord
from annotator.exchange.columns import unit_fields
from annotator.exchange.csv_text import END, quoting

_HEADER = (
    "document_id,file,title,source,published,language,unit_id,unit_index,paragraph,part,start,end,"
    "text,voice,speaker,speaker_basis,speaker_mode,speaker_confidence,cluster_id,annotated"
)
COLUMNS = tuple(_HEADER.split(","))

_unit = unit_fields(COLUMNS[:-1])


def write(units: Iterable[UnitRecord], out: TextIO) -> int:
    """Write the table; the number of its rows."""
    quote = quoting()
    out.write(quote(COLUMNS) + END)
    rows = 0
    for unit in units:
        out.write(quote((*_unit(unit), int(unit.annotated))) + END)
        rows += 1
    return rows
