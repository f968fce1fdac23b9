"""JSON and JSON lines as rows: each object is a row, and what is nested stays JSON."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from annotator.core.errors import ReadError
from annotator.corpus.cells import check_columns, rows_of
from annotator.corpus.file import File
from annotator.corpus.format import Format, Rows
from annotator.corpus.table_text import Encoding, Lines, encoding_of

LARGEST_JSON = 100 * 2**20
"""Bytes of the largest JSON file; JSON lines may be ten times as long, as they are streamed."""

DEEPEST = 3
"""Objects around a list of rows, as in ``{"response": {"results": [{…}]}}``."""

LIST = re.compile(r'\s*\[\s*\{\s*"[^"\n]+"\s*:')
"""How a list of objects begins, whatever a file is called."""

Records = Iterator[tuple[int, Mapping[str, Any]]]


class _TwiceError(ValueError):
    """One key stands in an object twice."""


def read_jsonl(file: File) -> Rows:
    """The rows of a file that holds an object in each line."""
    encoding = encoding_of(file)
    return _rows(file, encoding, "line", _of_lines(file.name, Lines(file, encoding.name)))


def read_json(file: File) -> Rows:
    """The rows of a list of objects, of ``columns`` and ``data``, or of objects around a list."""
    if file.size > LARGEST_JSON:
        raise ReadError(
            f"{file.name}: has {file.size / 2**20:.1f} MB and the limit for JSON is "
            f"{LARGEST_JSON // 2**20} MB; save it as JSON lines (.jsonl), which may be longer"
        )
    encoding = encoding_of(file)
    found = _parsed(file.name, file.content(LARGEST_JSON).decode(encoding.name))
    return _rows(file, encoding, "row", _records(file.name, found))


def _rows(file: File, encoding: Encoding, place: str, records: Records) -> Rows:
    lists: set[str] = set()
    rows = rows_of(file.name, place, records, lists)
    first = next(rows)
    check_columns(file.name, list(first.cells))
    return Rows(
        tuple(first.cells), chain([first], rows), encoding.name, lists, place, encoding.warnings
    )


def _of_lines(name: str, lines: Lines) -> Records:
    for number, written in enumerate(lines, 1):
        lines.row = 0
        if written.strip():
            place = f"{name}: line {number}"
            yield number, _record(place, _parsed(place, written.rstrip("\r\n")))


def _records(name: str, found: Any) -> Records:
    rows = _list_in(found, DEEPEST)
    if not rows and isinstance(found, dict) and any(isinstance(one, str) for one in found.values()):
        rows = [found]  # an article in a file of its own, as some archives give them
    if not rows:
        raise ReadError(f"{name}: must be a list of objects, one for each row: [{{…}}, {{…}}]")
    for at, row in enumerate(rows, 1):
        yield at, _record(f"{name}: row {at}", row)


def _list_in(found: Any, depth: int) -> list[Any]:
    """The one list of rows in a value; empty where there is none, or more than one."""
    if isinstance(found, list):
        return found if any(isinstance(one, dict) for one in found) else []
    if not isinstance(found, dict) or not depth:
        return []
    if split := _of_columns(found):
        return split
    lists = [rows for value in found.values() if (rows := _list_in(value, depth - 1))]
    return lists[0] if len(lists) == 1 else []


def _of_columns(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Rows that were written as lists beside the names of their columns."""
    columns, rows = found.get("columns"), found.get("data")
    if not isinstance(columns, list) or not isinstance(rows, list):
        return []
    fit = all(isinstance(row, list) and len(row) == len(columns) for row in rows)
    if not fit or len(set(map(str, columns))) < len(columns):
        return []
    return [dict(zip(map(str, columns), row, strict=True)) for row in rows]


def _parsed(place: str, written: str) -> Any:
    try:
        return DECODER.decode(written)
    except json.JSONDecodeError as fault:
        where = f"line {fault.lineno}, " if fault.lineno > 1 else ""
        raise ReadError(
            f"{place}: {where}column {fault.colno}: is not JSON: {fault.msg}; write it anew"
        ) from fault
    except _TwiceError as fault:
        raise ReadError(f"{place}: column {fault} stands there twice; rename one of them") from None
    except ValueError as fault:
        raise ReadError(f"{place}: is not JSON that can be read: {fault}") from fault
    except RecursionError as fault:
        raise ReadError(f"{place}: is nested too deeply to be a table") from fault


def _object(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        counts = Counter(key for key, _ in pairs)
        raise _TwiceError(repr(next(key for key, count in counts.items() if count > 1)))
    return found


DECODER = json.JSONDecoder(object_pairs_hook=_object)


def _record(place: str, found: Any) -> dict[str, Any]:
    if not isinstance(found, dict):
        raise ReadError(f'{place}: is not an object; write each row as {{"column": "cell", …}}')
    return found


def _is_lines(file: File) -> bool:
    """Whether each of the first lines is an object of its own, whatever the suffix."""
    first, *more = [line for line in re.split("[\r\n]+", file.head_text) if line.strip()] or [""]
    if not more or not more[0].lstrip().startswith("{"):
        return False
    try:
        return isinstance(json.loads(first), dict)
    except (ValueError, RecursionError):
        return False


def _fits_jsonl(file: File) -> bool:
    told = file.suffix in (".json", ".txt", ".text") and _is_lines(file)
    return told or file.suffix in (".jsonl", ".ndjson")


def _fits_json(file: File) -> bool:
    told = file.suffix in (".txt", ".text") and LIST.match(file.head_text) is not None
    return told or file.suffix == ".json"


JSONL = Format(
    name="jsonl",
    title="JSON lines",
    suffixes=(".jsonl", ".ndjson"),
    fits=_fits_jsonl,
    rows=read_jsonl,
)
JSON = Format(
    name="json",
    title="a JSON table",
    suffixes=(".json",),
    fits=_fits_json,
    rows=read_json,
)
