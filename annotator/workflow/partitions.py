"""The texts to score as Parquet, whose row groups are the parts of the work."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from itertools import repeat
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from annotator.core.document import Draft
from annotator.core.errors import ReadError
from annotator.corpus import language, segment
from annotator.corpus.cells import LARGEST_CELL, rows_of, text_of
from annotator.corpus.file import File

ROWS = 20_000
"""Rows of a part: a lost worker costs half a second of work, and telling it what to do nothing."""

CHARACTERS = 8_000_000
"""What a group of rows or a batch of texts has at most, but for its last: bounds memory."""

One = TypeVar("One")


class Columns(NamedTuple):
    """Which columns of a table are read; without an ``id``, rows are numbered from 1."""

    text: str
    id: str | None
    keep: tuple[str, ...]

    @property
    def all(self) -> list[str]:
        """Each column once."""
        return list(dict.fromkeys([self.text, *filter(None, [self.id]), *self.keep]))


class Part(NamedTuple):
    """One row group of a Parquet file: ``first`` is the number of its first row, from 1.

    ``name`` is what messages call the table that it came from.
    """

    name: str
    path: Path
    row_group: int
    first: int
    rows: int


class Text(NamedTuple):
    """Something to score: its id, its text, the cells to keep beside the scores, and its row."""

    id: str
    text: str
    kept: tuple[str, ...]
    row: int

    @property
    def size(self) -> int:
        """Its characters with those that are kept."""
        return len(self.text) + sum(map(len, self.kept))


def grouped(items: Iterable[One], most: int, size: Callable[[One], int]) -> Iterator[list[One]]:
    """The items in order, ``most`` at a time, or fewer where their sizes reach ``CHARACTERS``.

    >>> list(grouped(["a", "b", "c"], 2, len))
    [['a', 'b'], ['c']]
    """
    group: list[One] = []
    total = 0
    for item in items:
        group.append(item)
        total += size(item)
        if len(group) == most or total >= CHARACTERS:
            yield group
            group, total = [], 0
    if group:
        yield group


def parts(name: str, path: Path) -> list[Part]:
    """The row groups of a Parquet file that have rows."""
    found, first = [], 1
    with opened(File.of_path(path, name)) as table:
        for at in range(table.metadata.num_row_groups):
            rows = table.metadata.row_group(at).num_rows
            if rows:
                found.append(Part(name, path, at, first, rows))
            first += rows
    return found


def texts(part: Part, columns: Columns, unit: str, at_once: int) -> Iterator[list[Text]]:
    """The texts of a part, cut into sentences where that is the unit, some at a time.

    The sentences of a row are never parted: each is scored among the others. Raises ``ReadError``
    for a cell that cannot be kept and for a file that cannot be read here.
    """
    found: Iterator[Text] = (
        text
        for number, cells in _cells(part, columns, at_once)
        for text in _texts(number, cells, columns)
    )
    if unit == "row":
        return grouped(found, at_once, lambda one: one.size)
    return _together((list(_cut(whole, unit)) for whole in found), at_once)


def _together(rows: Iterable[list[Text]], most: int) -> Iterator[list[Text]]:
    """The sentences of several rows at a time, about ``most``, or fewer where they are long."""
    batch: list[Text] = []
    total = 0
    for pieces in rows:
        batch += pieces
        total += sum(piece.size for piece in pieces)
        if len(batch) >= most or total >= CHARACTERS:
            yield batch
            batch, total = [], 0
    if batch:
        yield batch


def sample(parts: Sequence[Part], column: str, most: int) -> list[str]:
    """Some texts of the first part, of one in the middle and of the last, evenly from each."""
    some = dict.fromkeys([0, len(parts) // 2, len(parts) - 1]) if parts else {}
    found: list[str] = []
    for part in (parts[at] for at in some):
        with opened(File.of_path(part.path, part.name)) as table:
            cells = table.read_row_group(part.row_group, columns=[column])[column]
        step = -(-len(some) * part.rows // most)
        found += [text_of(cells[row].as_py()) for row in range(0, part.rows, step)]
    return found


@contextmanager
def opened(file: File) -> Iterator[Any]:
    """A Parquet file; raises ``ReadError`` where it cannot be read."""
    import pyarrow
    from pyarrow import parquet

    with file.open() as content:
        try:
            yield parquet.ParquetFile(content)
        except (pyarrow.ArrowException, OSError, ValueError, OverflowError) as fault:
            said = " ".join(str(fault).split())
            raise ReadError(
                f"{file.name}: cannot be read as Parquet ({said}); write it again"
            ) from fault


def batches(
    file: File, columns: Sequence[str], size: int, row_groups: Sequence[int] | None = None
) -> Generator[Any]:
    """Some columns of a Parquet file as Arrow has them, ``size`` rows at a time."""
    with opened(file) as table:
        yield from table.iter_batches(size, row_groups=row_groups, columns=columns)


def _cells(
    part: Part, columns: Columns, at_once: int
) -> Iterator[tuple[int, dict[str, list[str]]]]:
    """The columns of some rows at a time as text, with the number of the first of them."""
    number = part.first
    file = File.of_path(part.path, part.name)
    with closing(batches(file, columns.all, at_once, [part.row_group])) as found:
        for batch in found:
            names = batch.schema.names
            if all(map(_is_plain, batch.columns)):
                lists = [column.fill_null("").to_pylist() for column in batch.columns]
            else:
                rows = zip(*(column.to_pylist() for column in batch.columns), strict=True)
                records = (
                    (at, dict(zip(names, row, strict=True))) for at, row in enumerate(rows, number)
                )
                told = [row.cells for row in rows_of(part.name, "row", records, set())]
                lists = [[cells[name] for cells in told] for name in names]
            yield number, dict(zip(names, lists, strict=True))
            number += len(batch)


def _is_plain(column: Any) -> bool:
    """Whether all cells are text that can be kept, so that none must be looked at by itself."""
    import pyarrow as pa
    from pyarrow import compute

    if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        return False
    longest = compute.max(compute.binary_length(column)).as_py() or 0
    return (
        longest <= LARGEST_CELL and not compute.any(compute.match_substring(column, "\0")).as_py()
    )


def _texts(first: int, cells: Mapping[str, list[str]], columns: Columns) -> Iterator[Text]:
    texts = cells[columns.text]
    rows = range(first, first + len(texts))
    ids = cells[columns.id] if columns.id else map(str, rows)
    kept = zip(*(cells[name] for name in columns.keep), strict=True) if columns.keep else repeat(())
    return map(Text._make, zip(ids, texts, kept, rows, strict=False))


def _cut(whole: Text, unit: str) -> Iterator[Text]:
    """The sentences of a text, each with the place it was cut from in its id."""
    if not whole.text.strip():
        yield whole
    draft = Draft(text=whole.text, file="", file_sha256="")
    for part in segment.SEGMENTERS[unit](draft, language.language_of(whole.text)):
        piece = whole.text[part.start : part.end]
        yield Text(f"{whole.id}:{part.start}-{part.end}", piece, whole.kept, whole.row)
