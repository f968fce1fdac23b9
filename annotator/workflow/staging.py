"""What is to be scored made ready: any table, or the project's units, as Parquet in good parts.

Parquet whose row groups are of a good size is read where it lies; all else is written as such a
file first, a group of rows at a time. Whatever needs the whole table is found out here, before
anything is scored. Ids are compared as 8-byte hashes: those of ten million rows take 80 MB.
"""

from __future__ import annotations

import hashlib
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from annotator.core.errors import ReadError, TableError
from annotator.core.progress import Progress
from annotator.core.records import UnitRecord
from annotator.corpus import readers
from annotator.corpus.cells import check_columns, text_of
from annotator.corpus.file import File
from annotator.corpus.format import Format, Row
from annotator.corpus.json_rows import JSON, JSONL
from annotator.corpus.parquet_rows import PARQUET
from annotator.corpus.table_file import OF_CELLS
from annotator.store import Store, tables
from annotator.workflow.partitions import Columns, Part, batches, grouped, opened, parts

LARGEST, SMALLEST = 2.5, 0.25
"""Times the wanted number of rows that a row group has at most, and on average at least, to be
read where it lies: one that is larger would keep all workers but one waiting."""


IDS_AT_ONCE = 50_000

OWN = "the project's units"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be scored: the rows of ``input_``, or where that is None the project's units."""

    input_: Path | None
    text: str
    id_: str | None
    keep: tuple[str, ...]

    @property
    def columns(self) -> Columns:
        """The columns that are read."""
        if self.input_ is None:
            return Columns("text", "unit_id", self.keep)
        return Columns(self.text, self.id_, self.keep)


class Staged(NamedTuple):
    """The parts in order, and by what one knows whether they are the same another time.

    A file is known by its size and time, the project's units by the SHA-256 of what was written.
    ``units`` are the numbers of those, row by row; None for a file.
    """

    parts: list[Part]
    known_by: dict[str, Any]
    units: NDArray[np.int64] | None = None


def stage(store: Store, wanted: Wanted, place: Path, rows: int, tell: Progress) -> Staged:
    """Make the parts, of about ``rows`` rows; ``place`` is where they are written if need be.

    Raises ``ReadError`` or ``TableError`` for a table that cannot be read, that lacks a column,
    that has a row without an id, or two of one id; and ``OSError`` where there is no room.
    """
    columns = wanted.columns
    if wanted.input_ is None:
        _check_kept(OWN, UnitRecord._fields, columns.keep)
        units = _stage_units(store, columns, place, rows, tell)
        return Staged(parts(OWN, place), {"units": _sha256(place)}, units)
    file, how = _table(wanted.input_)
    if how is PARQUET:
        _check_parquet(file, columns)
    at = wanted.input_.absolute()
    if how is not PARQUET:
        at = place
        _stage_rows(file, how, columns, place, rows, tell)
    elif not _lies_well(file, rows):
        at = place
        _stage_parquet(file, columns, place, rows, tell)
    if columns.id:
        _check_ids(file.name, at, columns.id)
    known = wanted.input_.stat()
    known_by = {"name": file.name, "size": known.st_size, "modified": known.st_mtime_ns}
    return Staged(parts(file.name, at), known_by)


def _table(path: Path) -> tuple[File, Format]:
    file = readers.of_path(path)
    how = readers.recognised(file)
    if how.rows is None:
        suffixes = {suffix for one in readers.FORMATS if one.rows for suffix in one.suffixes}
        raise ReadError(
            f"{file.name}: is {how.title}, and no table; name one of {', '.join(sorted(suffixes))}"
        )
    return file, how


def _lies_well(file: File, rows: int) -> bool:
    """Whether the row groups of a Parquet file can be the parts where they are."""
    with opened(file) as table:
        known = table.metadata
        sizes = [known.row_group(at).num_rows for at in range(known.num_row_groups)]
    fit = bool(sizes) and max(sizes) <= LARGEST * rows
    return fit and (len(sizes) == 1 or sum(sizes) >= SMALLEST * rows * len(sizes))


def _check_parquet(file: File, columns: Columns) -> None:
    with opened(file) as table:
        names = table.schema_arrow.names
    check_columns(file.name, names)
    _need(file.name, names, columns)


def _need(name: str, there: Sequence[str], columns: Columns) -> None:
    for column in filter(None, [columns.text, columns.id]):
        if column not in there:
            have = ", ".join(there)
            raise ReadError(f"{name}: there is no column {column!r}; the columns are: {have}")
    _check_kept(name, there, columns.keep)


def _check_kept(name: str, there: Sequence[str], keep: Sequence[str]) -> None:
    unknown = [column for column in keep if column not in there]
    if unknown:
        have = ", ".join(sorted(there))
        raise TableError(f"{name}: has no column {unknown[0]!r}; there are: {have}")


def _stage_rows(
    file: File, how: Format, columns: Columns, place: Path, rows: int, tell: Progress
) -> None:
    names = columns.all
    done = 0
    with _Watched(file) as watched, _writer(place, names) as write:
        table = readers.rows(watched.file, how)
        # Each object of JSON has keys of its own: those of a whole group are waited for.
        is_open = how in (JSON, JSONL)
        seen = dict.fromkeys(table.columns)
        if not is_open:
            _need(file.name, table.columns, columns)
        groups = grouped(table.rows, rows, lambda row: len(row.cells.get(columns.text, "")))
        for group in _without_blank_end(groups) if how in OF_CELLS else groups:
            if is_open:
                seen.update((name, None) for row in group for name in row.cells)
                _need(file.name, list(seen), columns)
            _check_named(file.name, group, columns.id)
            write({name: [row.cells.get(name, "") for row in group] for name in names})
            done += len(group)
            tell(watched.position, file.size, f"reading {file.name}: {done:,} rows")


def _check_named(name: str, rows: Sequence[Row], column: str | None) -> None:
    for row in rows if column else ():
        if not row.cells.get(column or "", "").strip():
            raise _nameless(name, "line", row.line, column or "")


def _without_blank_end(groups: Iterable[list[Row]]) -> Iterator[list[Row]]:
    """The rows but for empty ones at the end, which spreadsheets add below what was written."""
    blank: list[Row] = []
    for group in groups:
        end = len(group)
        while end and not any(map(str.strip, group[end - 1].cells.values())):
            end -= 1
        if end:
            yield blank + group[:end]
            blank = []
        blank += [Row(row.line, {}) for row in group[end:]]


def _stage_parquet(file: File, columns: Columns, place: Path, rows: int, tell: Progress) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    with opened(file) as table:
        total = table.metadata.num_rows
        schema = pa.schema([table.schema_arrow.field(name) for name in columns.all])
    done = 0
    with (
        parquet.ParquetWriter(place, schema, compression="zstd") as writer,
        closing(batches(file, columns.all, rows)) as found,
    ):
        for batch in found:
            writer.write_batch(batch.select(columns.all))
            done += len(batch)
            tell(done, total, f"reading {file.name}")


def _stage_units(
    store: Store, columns: Columns, place: Path, rows: int, tell: Progress
) -> NDArray[np.int64]:
    total = tables.totals(store)["units"]
    numbers = array("q")
    with _writer(place, columns.all) as write:
        for group in grouped(tables.units(store), rows, lambda unit: len(unit.text)):
            facts = {name: [getattr(unit, name) for unit in group] for name in columns.all}
            write({name: [text_of(fact) for fact in facts[name]] for name in facts})
            numbers.extend(unit.seq for unit in group)
            tell(len(numbers), total, f"reading {OWN}")
    return np.array(numbers, np.int64)


@contextmanager
def _writer(place: Path, names: Sequence[str]) -> Iterator[Callable[[dict[str, list[str]]], None]]:
    """A function that writes columns of text as the next row group."""
    import pyarrow as pa
    from pyarrow import parquet

    schema = pa.schema([(name, pa.large_string()) for name in names])
    with parquet.ParquetWriter(place, schema, compression="zstd", use_dictionary=False) as writer:

        def write(cells: dict[str, list[str]]) -> None:
            writer.write_table(pa.table(cells, schema))

        yield write


class _Watched:
    """A file of which one knows how far it was read, and that is closed in the end."""

    def __init__(self, file: File) -> None:
        self._whole = file
        self._handle: BinaryIO | None = None
        self.file = File(file.name, file.size, self._open)

    def _open(self) -> BinaryIO:
        self._handle = self._whole.open()
        return self._handle

    def __enter__(self) -> _Watched:
        return self

    def __exit__(self, *_: object) -> None:
        # What reads it may have stopped half way, and waits to be collected with it open.
        if self._handle is not None:
            self._handle.close()

    @property
    def position(self) -> int:
        """Bytes that were read since it was opened last; all of them once it is closed."""
        handle = self._handle
        return self._whole.size if handle is None or handle.closed else handle.tell()


def _check_ids(name: str, path: Path, column: str) -> None:
    """Refuse rows without an id, and two rows of one id."""
    hashes = [np.fromiter(map(hash, ids), np.int64, len(ids)) for ids in _ids(name, path, column)]
    known = np.sort(np.concatenate(hashes)) if hashes else np.empty(0, np.int64)
    twice = set(known[1:][known[1:] == known[:-1]].tolist())
    if not twice:
        return
    # Two ids may share a hash: those that do are compared as they are.
    times: Counter[str] = Counter()
    for ids in _ids(name, path, column):
        times.update(one for one in ids if hash(one) in twice)
    repeated = next((one for one, count in times.items() if count > 1), None)
    if repeated is not None:
        raise TableError(f"{name}: {column} {repeated!r} is there twice; ids must be unique")


def _ids(name: str, path: Path, column: str) -> Iterator[list[str]]:
    """The ids of a Parquet file, some at a time; raises ``TableError`` for an empty one."""
    first = 1
    with closing(batches(File.of_path(path, name), [column], IDS_AT_ONCE)) as found:
        for batch in found:
            cells = batch[column].to_pylist()
            ids = [cell if isinstance(cell, str) else text_of(cell) for cell in cells]
            empty = next((at for at, one in enumerate(ids) if not one.strip()), None)
            if empty is not None:
                raise _nameless(name, "row", first + empty, column)
            first += len(ids)
            yield ids


def _nameless(name: str, place: str, number: int, column: str) -> TableError:
    return TableError(f"{name}: {place} {number}: has no {column}; fill the cell or drop the row")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
