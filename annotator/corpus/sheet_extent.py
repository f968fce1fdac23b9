"""How much a spreadsheet becomes in memory, where it is laid out whole with every cell written out.

A few bytes can name a cell a million rows down, repeat one a billion times, or show one long text
in every cell; the library that reads sheets would take the memory for all of it.
"""

from __future__ import annotations

import re
import zipfile
from typing import NamedTuple

from annotator.core.errors import ReadError

MOST_CELLS = 20_000_000
"""Cells from the first to the last one, empty ones too."""

LARGEST_SHEET = 500 * 2**20
"""Bytes of all cells of a sheet, each counted as often as it is shown."""

CELL = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{1,7})?(\d{1,10})["']""")
STRING = re.compile(rb"<(?:\w+:)?si\b.*?</(?:\w+:)?si\s*>", re.DOTALL)
SHARED = re.compile(rb"""\bt\s*=\s*["']s["'][^<>]*>(?:\s*<(?:\w+:)?v>(\d{1,9})<)?""")
ODS_ROW = re.compile(rb"<table:table-row\b([^>]*)>(.*?)</table:table-row\s*>", re.DOTALL)
ODS_CELL = re.compile(rb"<table:(?:covered-)?table-cell\b([^>]*?)(/?)>")
REPEATED = re.compile(rb"""table:number-(?:rows|columns)-repeated\s*=\s*["'](\d+)["']""")


class Extent(NamedTuple):
    """How far a sheet reaches, and how many bytes its cells have."""

    rows: int
    columns: int
    size: int


def check_extent(archive: zipfile.ZipFile, name: str) -> None:
    """Refuse a spreadsheet of which any sheet would fill the memory."""
    parts = [part for part in archive.namelist() if part.endswith(".xml")]
    strings = [
        len(match[0])
        for part in parts
        if "sharedstrings" in part.lower()
        for match in STRING.finditer(archive.read(part))
    ]
    for part in parts:
        content = archive.read(part)
        extent = _of_ods(content) if part == "content.xml" else _of_xlsx(content, strings)
        if extent.rows * extent.columns > MOST_CELLS:
            raise ReadError(
                f"{name}: a sheet reaches to row {extent.rows:,} and column {extent.columns:,}, "
                f"which are more than {MOST_CELLS:,} cells; delete what stands far out, or save it "
                "as CSV"
            )
        if extent.size > LARGEST_SHEET:
            raise ReadError(
                f"{name}: the cells of a sheet have {extent.size / 2**20:,.0f} MB, repeated ones "
                f"counted each time, and the limit is {LARGEST_SHEET // 2**20} MB; save it as CSV"
            )


def _of_xlsx(sheet: bytes, strings: list[int]) -> Extent:
    rows = columns = size = 0
    letters = set()
    for match in CELL.finditer(sheet):
        letters.add(match[1])
        rows = max(rows, int(match[2]))
    for letter in max((one.upper() for one in letters if one), key=_width, default=b""):
        columns = 26 * columns + letter - 64
    longest = max(strings, default=0)
    for match in SHARED.finditer(sheet):
        at = int(match[1] or len(strings))
        size += strings[at] if at < len(strings) else longest
    return Extent(rows, columns, size)


def _width(letters: bytes) -> tuple[int, bytes]:
    return len(letters), letters


def _of_ods(content: bytes) -> Extent:
    rows = columns = above = size = 0
    for attributes, body in (match.groups() for match in ODS_ROW.finditer(content)):
        repeated = _repeated(attributes)
        above += repeated
        width = at = most = 0
        for cell, closed in (match.groups() for match in ODS_CELL.finditer(body)):
            at += _repeated(cell)
            if not closed or b"office:" in cell:
                width, most = at, max(most, _repeated(cell))
        if width:
            rows, columns = above, max(columns, width)
            size += repeated * most * len(body)
    return Extent(rows, columns, size)


def _repeated(attributes: bytes) -> int:
    match = REPEATED.search(attributes)
    return int(match[1]) if match else 1
