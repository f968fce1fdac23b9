"""Cells and headers of tables: everything becomes text, and what no cell can be is refused."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from annotator.core.errors import ReadError
from annotator.core.table import LIST_MARK
from annotator.corpus.dates import iso_date, order_of
from annotator.corpus.decode import SURROGATE
from annotator.corpus.format import Row

MOST_ROWS = 5_000_000
MOST_COLUMNS = 1_000

LARGEST_CELL = 5_000_000
"""Characters of the longest cell: a long book. More means that a quotation mark stays open."""

NUMBER = re.compile(r"[-+]?\d+(?:[.,]\d+)?")
URL = re.compile(r"https?://\S+", re.IGNORECASE)
SENTENCE = re.compile(r"\S+(?:\s+\S+){3,}[.!?…։।。][\"'”’»)]*")


def rows_of(
    name: str, place: str, records: Iterable[tuple[int, Mapping[str, Any]]], lists: set[str]
) -> Iterator[Row]:
    """Rows with every cell as text; columns whose cells held lists are added to ``lists``.

    Raises ``ReadError`` for a cell that cannot be kept, and where there are no rows, or too many.
    """
    count = 0
    for line, cells in records:
        count += 1
        if count > MOST_ROWS:
            raise too_many_rows(name)
        told = {}
        for column, cell in cells.items():
            if not isinstance(cell, str):
                if isinstance(cell, list):
                    lists.add(column)
                cell = text_of(cell)
            if len(cell) > LARGEST_CELL or _is_broken(cell):
                raise _cell_fault(f"{name}: {place} {line}: column {column!r}", cell)
            told[column] = cell
        yield Row(line, told)
    if not count:
        raise no_rows(name)


def text_of(cell: Any) -> str:
    """A cell as text: nothing is empty, lists are joined, days are ISO, numbers as in JSON.

    >>> text_of(["a", "b"]), text_of(None), text_of(True), text_of(datetime(2031, 5, 4))
    ('a|b', '', 'true', '2031-05-04')
    """
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return ""
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    if isinstance(cell, date):
        return str(cell)
    if isinstance(cell, list) and all(
        isinstance(one, str) and LIST_MARK not in one for one in cell
    ):
        return LIST_MARK.join(cell)
    if isinstance(cell, bool | int | float | list | dict):
        return json.dumps(cell, ensure_ascii=False, default=str)
    return str(cell)


def columns_of(name: str, line: int, header: Sequence[str]) -> tuple[str, ...]:
    """The names of the columns in a header; one without a name is called by its number.

    Raises ``ReadError`` where they cannot be columns, or are a row of data.
    """
    columns = [cell.strip() for cell in header]
    while columns and not columns[-1]:
        columns.pop()
    _check_number(name, columns)
    if looks_like_data(columns):
        shown = next(cell for cell in columns if _is_data(cell))
        raise ReadError(
            f"{name}: line {line}: {shown[:60]!r} is no name of a column, so this is a row "
            "without a header; put a line with the names of the columns above it"
        )
    columns = [column or f"column {number}" for number, column in enumerate(columns, 1)]
    check_columns(name, columns)
    return tuple(columns)


def looks_like_data(columns: Sequence[str]) -> bool:
    """Whether a header is a row of data: a link, a day, or little but numbers and sentences.

    >>> looks_like_data(["7", "Osk sent envoys to the council."]), looks_like_data(["7", "text"])
    (True, False)
    >>> looks_like_data(["0", "1", "2"])  # what pandas writes for columns without names
    False
    """
    named = [column for column in columns if column]
    if any(URL.fullmatch(column) or _is_day(column) for column in named):
        return True
    if all(map(str.isdecimal, named)) and [int(one) for one in named] in _counted(len(named)):
        return False
    return 2 * sum(map(_is_data, named)) > len(named)


def _counted(length: int) -> tuple[list[int], list[int]]:
    return list(range(length)), list(range(1, length + 1))


def _is_data(cell: str) -> bool:
    matches = (NUMBER.fullmatch(cell), URL.fullmatch(cell), SENTENCE.fullmatch(cell))
    return any(matches) or _is_day(cell)


def _is_day(cell: str) -> bool:
    return len(cell) < 40 and (iso_date(cell)[1] == "day" or bool(order_of(cell)))


def check_columns(name: str, columns: Sequence[str]) -> None:
    """Refuse columns that are too many or none, and two of one name."""
    _check_number(name, columns)
    twice = next((column for column, count in Counter(columns).items() if count > 1), None)
    if twice is not None:
        raise ReadError(f"{name}: column {twice!r} stands there twice; rename one of them")


def _check_number(name: str, columns: Sequence[str]) -> None:
    if not columns:
        raise ReadError(f"{name}: has no header; the first line must name the columns")
    if len(columns) > MOST_COLUMNS:
        raise ReadError(
            f"{name}: has {len(columns):,} columns; at most {MOST_COLUMNS:,} are read: keep those "
            "that are wanted"
        )


def no_rows(name: str) -> ReadError:
    """The fault of a table that ends before its first row."""
    return ReadError(f"{name}: has no rows; add some or leave it out")


def too_many_rows(name: str) -> ReadError:
    """The fault of a table that is too long."""
    return ReadError(f"{name}: has more than {MOST_ROWS:,} rows; split it")


def _is_broken(cell: str) -> bool:
    return "\0" in cell or (not cell.isascii() and SURROGATE.search(cell) is not None)


def _cell_fault(place: str, cell: str) -> ReadError:
    if len(cell) > LARGEST_CELL:
        return ReadError(f"{place} has more than {LARGEST_CELL:,} characters; shorten it")
    if "\0" in cell:
        return ReadError(f"{place} holds a NUL; save the file again as text")
    return ReadError(
        f"{place} holds half a character (a lone surrogate); write the file again as UTF-8"
    )
