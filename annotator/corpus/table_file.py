"""Tables as files: CSV, TSV, JSONL, JSON and Parquet, read whole, with every cell as text.

A table that is read half would be labelled half, so nothing here is forgiving where a cell could
end up in the wrong column: an open quotation mark or a row that is too long is a fault.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import charset_normalizer

from annotator.core.errors import ReadError
from annotator.core.table import LIST_MARK, Table

LARGEST_FILE = 1_000_000_000
"""Bytes of the largest file that is read."""

MOST_ROWS = 5_000_000
MOST_COLUMNS = 1_000

LARGEST_CELL = 5_000_000
"""Characters of the longest cell: a long book. More means that a quotation mark stays open."""

DELIMITERS = ",;\t|"

Records = Iterator[tuple[int, Mapping[str, Any]]]
"""The line and the cells of each row."""


def read_table(path: Path, *, keep_blank: bool = False) -> Table:
    """The table in a file, by the suffix of its name; raises ``ReadError`` with file and line.

    Rows of empty cells in CSV and TSV are left out; with ``keep_blank``, only those at the end.
    """
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        known = ", ".join(READERS)
        raise ReadError(f"{path.name}: is not a table that is read here; save it as one of {known}")
    content = _content(path)
    if not content.strip():
        raise ReadError(f"{path.name}: is empty; name a file with a header and rows")
    try:
        table = reader(path.name, content)
    except RecursionError as fault:
        raise ReadError(f"{path.name}: is nested too deeply to be a table") from fault
    return _without_blank(table, keep_blank=keep_blank) if reader in OF_CELLS else table


def _without_blank(table: Table, *, keep_blank: bool) -> Table:
    """The table without rows of empty cells, which spreadsheets add below what was written."""
    filled = [any(map(str.strip, row.values())) for row in table.rows]
    end = len(filled) - next((n for n, one in enumerate(reversed(filled)) if one), len(filled))
    kept = [n for n in range(end) if keep_blank or filled[n]]
    if len(kept) == len(table.rows):
        return table
    rows, lines = [table.rows[n] for n in kept], [table.lines[n] for n in kept]
    return replace(table, rows=rows, lines=lines)


def _content(path: Path) -> bytes:
    if path.is_dir():
        raise ReadError(f"{path}: is a folder; name a file in it")
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except FileNotFoundError as fault:
        raise ReadError(f"{path}: there is no such file; check the name and the folder") from fault
    except OSError as fault:
        raise ReadError(f"{path}: cannot be read: {fault.strerror or fault}") from fault
    if len(content) > LARGEST_FILE:
        raise ReadError(f"{path.name}: is larger than {LARGEST_FILE:,} bytes; split it")
    return content


def _read_csv(name: str, content: bytes, delimiter: str = "") -> Table:
    text, encoding = _decoded(name, content)
    csv.field_size_limit(LARGEST_CELL)
    delimiter = delimiter or _sniffed(text)
    rows = _csv_rows(
        name, csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    )
    header = next((cells for _, cells in rows if any(map(str.strip, cells))), [])
    columns = _header(name, header)
    return _table(name, content, _csv_records(name, columns, rows), columns, encoding)


def _read_tsv(name: str, content: bytes) -> Table:
    return _read_csv(name, content, "\t")


def _sniffed(text: str) -> str:
    """What parts the header: the delimiter that stands in it most often, outside quotes."""
    header = next((line for line in text.splitlines() if line.strip()), "")
    bare = "".join(header.split('"')[::2])
    return max(DELIMITERS, key=bare.count)


def _csv_rows(name: str, reader: Any) -> Iterator[tuple[int, list[str]]]:
    """Every row with the line on which it begins; a line of white space alone is no row."""
    while True:
        line = reader.line_num + 1
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


def _header(name: str, cells: Sequence[str]) -> tuple[str, ...]:
    columns = [cell.strip() for cell in cells]
    while columns and not columns[-1]:
        columns.pop()
    _check_columns(name, columns)
    return tuple(columns)


def _check_columns(name: str, columns: Sequence[str]) -> None:
    if not columns:
        raise ReadError(f"{name}: has no header; the first line must name the columns")
    if len(columns) > MOST_COLUMNS:
        raise ReadError(f"{name}: has {len(columns):,} columns; at most {MOST_COLUMNS:,} are read")
    twice = [column for column, count in Counter(columns).items() if count > 1]
    if twice:
        raise ReadError(f"{name}: column {twice[0]!r} stands there twice; rename one of them")


def _csv_records(
    name: str, columns: Sequence[str], rows: Iterator[tuple[int, list[str]]]
) -> Records:
    for line, cells in rows:
        if any(cell.strip() for cell in cells[len(columns) :]):
            raise ReadError(
                f"{name}: line {line}: has {len(cells)} cells where the header names "
                f"{len(columns)} columns; put cells that hold the delimiter in quotation marks"
            )
        yield line, dict(zip(columns, cells, strict=False))


def _read_jsonl(name: str, content: bytes) -> Table:
    text, encoding = _decoded(name, content)
    return _table(name, content, _jsonl_records(name, text), None, encoding)


def _jsonl_records(name: str, text: str) -> Records:
    # splitlines() would break a text at U+2028, which JSON may hold as it is.
    for line, written in enumerate(text.split("\n"), 1):
        if written.strip():
            yield line, _record(f"{name}: line {line}", _parsed(f"{name}: line {line}", written))


def _read_json(name: str, content: bytes) -> Table:
    text, encoding = _decoded(name, content)
    found = _parsed(name, text)
    if not isinstance(found, list):
        raise ReadError(f"{name}: must be a list of objects, one for each row: [{{…}}, {{…}}]")
    rows = ((at, _record(f"{name}: row {at}", row)) for at, row in enumerate(found, 1))
    return _table(name, content, rows, None, encoding)


def _parsed(place: str, written: str) -> Any:
    try:
        return json.loads(written, object_pairs_hook=lambda pairs: _object(place, pairs))
    except json.JSONDecodeError as fault:
        where = f"line {fault.lineno}, " if fault.lineno > 1 else ""
        raise ReadError(
            f"{place}: {where}column {fault.colno}: is not JSON: {fault.msg}; write it anew"
        ) from fault
    except ValueError as fault:
        raise ReadError(f"{place}: is not JSON that can be read: {fault}") from fault


def _object(place: str, pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
        raise ReadError(f"{place}: column {twice!r} stands there twice; rename one of them")
    return found


def _record(place: str, found: Any) -> dict[str, Any]:
    if not isinstance(found, dict):
        raise ReadError(f'{place}: is not an object; write each row as {{"column": "cell", …}}')
    return found


def _read_parquet(name: str, content: bytes) -> Table:
    # pyarrow takes a third of a second to load, and only this format needs it.
    import pyarrow
    import pyarrow.parquet

    try:
        file = pyarrow.parquet.ParquetFile(pyarrow.BufferReader(content))
        if file.metadata.num_rows > MOST_ROWS:
            raise _too_many(name)
        columns = tuple(file.schema_arrow.names)
        _check_columns(name, columns)
        rows = (row for batch in file.iter_batches() for row in batch.to_pylist())
        return _table(name, content, enumerate(rows, 1), columns)
    except (pyarrow.ArrowException, OSError) as fault:
        raise ReadError(
            f"{name}: cannot be read as Parquet ({' '.join(str(fault).split())}); write it again"
        ) from fault


READERS: dict[str, Callable[[str, bytes], Table]] = {
    ".csv": _read_csv,
    ".tsv": _read_tsv,
    ".jsonl": _read_jsonl,
    ".json": _read_json,
    ".parquet": _read_parquet,
}


OF_CELLS = (_read_csv, _read_tsv)


def _table(
    name: str,
    content: bytes,
    records: Records,
    columns: Sequence[str] | None,
    encoding: str = "utf-8",
) -> Table:
    """Cells as text; without ``columns``, they are all keys in the order of their appearance."""
    found: dict[str, None] = dict.fromkeys(columns or ())
    rows: list[dict[str, str]] = []
    lines: list[int] = []
    lists: set[str] = set()
    for line, cells in records:
        if len(rows) == MOST_ROWS:
            raise _too_many(name)
        lists.update(column for column, cell in cells.items() if isinstance(cell, list))
        rows.append({column: _text(cell) for column, cell in cells.items()})
        lines.append(line)
        _check_row(f"{name}: line {line}", rows[-1])
        found.update(dict.fromkeys(cells))
        if len(found) > MOST_COLUMNS:
            _check_columns(name, list(found))
    _check_columns(name, list(found))
    return Table(
        name=name,
        columns=tuple(found),
        rows=[{column: row.get(column, "") for column in found} for row in rows],
        lines=lines,
        sha256=hashlib.sha256(content).hexdigest(),
        lists=frozenset(lists),
        encoding=encoding,
    )


def _too_many(name: str) -> ReadError:
    return ReadError(f"{name}: has more than {MOST_ROWS:,} rows; split it")


def _text(cell: Any) -> str:
    """A cell as text: nothing is empty, a list is joined, numbers are as JSON writes them."""
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return ""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, list) and all(
        isinstance(one, str) and LIST_MARK not in one for one in cell
    ):
        return LIST_MARK.join(cell)
    if isinstance(cell, bool | int | float | list | dict):
        return json.dumps(cell, ensure_ascii=False, default=str)
    return str(cell)


def _check_row(place: str, row: Mapping[str, str]) -> None:
    for column, cell in row.items():
        if "\0" in cell:
            raise ReadError(f"{place}: column {column!r} holds a NUL; save the file again as text")
        if len(cell) > LARGEST_CELL:
            raise ReadError(
                f"{place}: column {column!r} has more than {LARGEST_CELL:,} characters; shorten it"
            )
        if not cell.isascii() and any("\ud800" <= letter <= "\udfff" for letter in cell):
            raise ReadError(
                f"{place}: column {column!r} holds half a character (a lone surrogate); "
                "write the file again as UTF-8"
            )


def _decoded(name: str, content: bytes) -> tuple[str, str]:
    """The text and its encoding: by its byte order mark, else UTF-8, else the likeliest one."""
    marked = next((codec for mark, codec in BYTE_ORDER_MARKS if content.startswith(mark)), "")
    try:
        # Half a character alone passes here, and is named with its line and column further on.
        return content.decode(marked or "utf-8", "surrogatepass"), marked or "utf-8"
    except UnicodeDecodeError as fault:
        best = None if marked else charset_normalizer.from_bytes(content).best()
        if best is None:
            line = content.count(b"\n", 0, fault.start) + 1
            raise ReadError(f"{name}: line {line}: is not UTF-8; save it again as UTF-8") from fault
    return str(best), best.encoding


BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
