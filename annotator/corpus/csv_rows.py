"""CSV and TSV as rows, read a line at a time.

Nothing here is forgiving where a cell could end up in the wrong column: an open quotation mark
or a row that is too long is a fault.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import islice
from typing import Any

from annotator.core.errors import ReadError
from annotator.corpus.cells import LARGEST_CELL, MOST_ROWS, columns_of, no_rows, too_many_rows
from annotator.corpus.file import HEAD, File
from annotator.corpus.format import Format, Row, Rows, by_suffix
from annotator.corpus.table_text import Lines, encoding_of

DELIMITERS = ",;\t|"
SNIFFED = 50
"""Rows by which two delimiters are told apart that both stand in the header."""

SAID = re.compile(r"sep=(.)\s*")
"""The line by which spreadsheets name the delimiter, before the header."""

Records = Iterator[tuple[int, list[str]]]


def read_csv(file: File) -> Rows:
    """The rows of a table whose delimiter is found in its header."""
    return _read(file, "")


def read_tsv(file: File) -> Rows:
    """The rows of a table whose delimiter is the tabulator."""
    return _read(file, "\t")


def _read(file: File, delimiter: str) -> Rows:
    encoding, warnings = encoding_of(file)
    head = _head(file, encoding)
    said = SAID.fullmatch(head[0]) if head else None
    if said:
        delimiter = said[1]
    elif not delimiter or (head and delimiter not in head[0]):
        found = sniffed(head)
        delimiter = found if not delimiter or _parted(head, found)[0] else delimiter
    records = _records(file.name, Lines(file, encoding), delimiter)
    if said:
        next(records)
    line, header = next((one for one in records if any(map(str.strip, one[1]))), (0, []))
    if not header:
        raise ReadError(f"{file.name}: is empty; name a file with a header and rows")
    columns = columns_of(file.name, line, header)
    return Rows(columns, _rows(file.name, columns, records), encoding, warnings=warnings)


def _head(file: File, encoding: str) -> list[str]:
    """The first lines that are whole."""
    with io.TextIOWrapper(io.BytesIO(file.head), encoding, "replace", newline="") as text:
        lines = text.readlines()
    return lines if file.size <= HEAD or len(lines) == 1 else lines[:-1]


def sniffed(lines: Sequence[str]) -> str:
    """What parts the cells: the delimiter that the header is parted by, and the rows after it.

    >>> sniffed(["id;text\\n", "1;one, two\\n"]), sniffed(["id;a,b,c;text\\n", "1;2;3\\n"])
    (';', ';')
    """
    return max(DELIMITERS, key=lambda delimiter: _parted(lines, delimiter))


def _parted(lines: Sequence[str], delimiter: str) -> tuple[bool, int, int]:
    """How well a delimiter parts rows: whether at all, how many alike, and into how many cells."""
    lengths = [len(row) for row in _first(lines, delimiter)]
    header = lengths[0] if lengths else 1
    return header > 1, lengths.count(header), header


def _first(lines: Sequence[str], delimiter: str) -> list[list[str]]:
    """The first rows that are not empty."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    found: list[list[str]] = []
    with suppress(csv.Error):  # the head may end inside a cell; what came before it counts
        found.extend(islice(filter(None, reader), SNIFFED))
    return found


def _records(name: str, lines: Lines, delimiter: str) -> Records:
    """Every row with the line on which it begins; a line of white space alone is no row."""
    csv.field_size_limit(LARGEST_CELL)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        lines.row = 0
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as fault:
            raise ReadError(f"{name}: line {line}: {_csv_fault(str(fault))}") from fault
        if len(cells) > 1 or any(cell.strip() for cell in cells):
            yield line, cells


def _csv_fault(message: str) -> str:
    if "unexpected end" in message:
        return "a quotation mark is opened here and never closed; close it, or double it to keep it"
    if "field limit" in message:
        return (
            f"a cell has more than {LARGEST_CELL:,} characters; "
            "look for a quotation mark that is not closed"
        )
    if "expected after" in message:
        return "text follows a closing quotation mark; double quotation marks inside a quoted cell"
    return f"{message}; save the table again as CSV"


def _rows(name: str, columns: Sequence[str], records: Records) -> Iterator[Row]:
    count, width = 0, len(columns)
    for line, cells in records:
        count += 1
        if count > MOST_ROWS:
            raise too_many_rows(name)
        if len(cells) != width:
            cells = _fitted(f"{name}: line {line}", cells, width)
        yield Row(line, dict(zip(columns, cells, strict=True)))
    if not count:
        raise no_rows(name)


def _fitted(place: str, cells: list[Any], width: int) -> list[str]:
    """The cells of a row that is too short, filled; one that is too long is a fault."""
    if any(cell.strip() for cell in cells[width:]):
        raise ReadError(
            f"{place}: has {len(cells):,} cells where the header names {width:,} columns; "
            "put cells that hold the delimiter in quotation marks"
        )
    return cells[:width] + [""] * (width - len(cells))


def _fits_tsv(file: File) -> bool:
    """By its name; or a text in columns, as spreadsheets save it: all rows are parted alike.

    Two columns are too few for that: interviews and lists are parted so.
    """
    if file.suffix in (".tsv", ".tab"):
        return True
    if file.suffix not in (".txt", ".text") or "\t" not in file.head_text:
        return False
    lines = file.head_text.splitlines(keepends=True)
    found = _first(lines if file.size <= HEAD else lines[:-1], "\t")
    several = len(found) > 1 and len(found[0]) > 2 and all(map(str.strip, found[0]))
    return several and len({len(row) for row in found}) == 1


TSV = Format(
    name="tsv",
    title="a TSV table",
    suffixes=(".tsv", ".tab"),
    fits=_fits_tsv,
    rows=read_tsv,
)
CSV = Format(
    name="csv",
    title="a CSV table",
    suffixes=(".csv",),
    fits=by_suffix(".csv"),
    rows=read_csv,
)
