"""Tables read whole, with every cell as text: for labels, which come in together or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from annotator.core.errors import ReadError
from annotator.core.table import Table
from annotator.corpus import readers
from annotator.corpus.cells import check_columns
from annotator.corpus.csv_rows import CSV, TSV
from annotator.corpus.file import File
from annotator.corpus.format import Row
from annotator.corpus.sheets import ODS, XLS, XLSX

OF_CELLS = (CSV, TSV, XLSX, XLS, ODS)
"""Formats that spreadsheets write, with empty rows below what was written."""


def read_table(path: Path, *, keep_blank: bool = False) -> Table:
    """The table in a file on the disk; see ``read``."""
    if path.is_dir():
        raise ReadError(f"{path}: is a folder; name a file in it")
    return read(File.of_path(path), keep_blank=keep_blank)


def read(file: File, *, keep_blank: bool = False) -> Table:
    """The table in a file, by its content first; raises ``ReadError`` with file and line.

    Rows of empty cells in CSV, TSV and spreadsheets are left out; with ``keep_blank``, only those
    at the end.
    """
    how = readers.recognised(file)
    if how.rows is None:
        raise ReadError(
            f"{file.name}: is {how.title}, and no table; name one of {', '.join(_suffixes())}"
        )
    table = readers.rows(file, how)
    rows = list(table.rows)
    if how in OF_CELLS:
        rows = _without_blank(rows, keep_blank=keep_blank)
    columns = tuple(dict.fromkeys([*table.columns, *(name for row in rows for name in row.cells)]))
    check_columns(file.name, columns)
    return Table(
        name=file.name,
        columns=columns,
        rows=[{column: row.cells.get(column, "") for column in columns} for row in rows],
        lines=[row.line for row in rows],
        sha256=file.sha256,
        lists=frozenset(table.lists),
        encoding=table.encoding,
    )


def _without_blank(rows: Sequence[Row], *, keep_blank: bool) -> list[Row]:
    """The rows without those of empty cells, which spreadsheets add below what was written."""
    filled = [any(map(str.strip, row.cells.values())) for row in rows]
    end = len(filled) - next((n for n, one in enumerate(reversed(filled)) if one), len(filled))
    return [rows[n] for n in range(end) if keep_blank or filled[n]]


def _suffixes() -> list[str]:
    return sorted({suffix for one in readers.FORMATS if one.rows for suffix in one.suffixes})
