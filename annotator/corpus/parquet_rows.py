"""Parquet as rows, read in batches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from annotator.core.errors import ReadError
from annotator.corpus.cells import MOST_ROWS, check_columns, rows_of, too_many_rows
from annotator.corpus.file import File
from annotator.corpus.format import Format, Rows, by_magic

BATCH = 1_000
LARGEST_BATCH = 200 * 2**20
"""Bytes of the rows that are in memory at once."""


def read_parquet(file: File) -> Rows:
    """The rows of a Parquet file; nested columns stay JSON."""
    with _opened(file) as opened:
        columns = tuple(opened.schema_arrow.names)
        count = opened.metadata.num_rows
    if count > MOST_ROWS:
        raise too_many_rows(file.name)
    check_columns(file.name, columns)
    lists: set[str] = set()
    rows = rows_of(file.name, "row", _records(file), lists)
    return Rows(columns, rows, lists=lists, place="row")


def _records(file: File) -> Iterator[tuple[int, Mapping[str, Any]]]:
    number = 0
    with _opened(file) as opened:
        for batch in opened.iter_batches(batch_size=BATCH):
            if batch.nbytes > LARGEST_BATCH:
                raise ReadError(
                    f"{file.name}: row {number + 1}: {len(batch):,} rows from here on have "
                    f"{batch.nbytes / 2**20:.0f} MB; shorten the cells"
                )
            columns = [column.to_pylist() for column in batch.columns]
            for cells in zip(*columns, strict=True):
                number += 1
                yield number, dict(zip(batch.schema.names, cells, strict=True))


@contextmanager
def _opened(file: File) -> Iterator[Any]:
    # pyarrow takes a third of a second to load, and only this format needs it.
    import pyarrow
    import pyarrow.parquet

    with file.open() as content:
        try:
            yield pyarrow.parquet.ParquetFile(content)
        except (pyarrow.ArrowException, OSError, ValueError, OverflowError) as fault:
            raise _unreadable(file.name, fault) from fault


def _unreadable(name: str, fault: Exception) -> ReadError:
    said = " ".join(str(fault).split())
    return ReadError(f"{name}: cannot be read as Parquet ({said}); write it again")


PARQUET = Format(
    name="parquet",
    title="a Parquet table",
    suffixes=(".parquet",),
    fits=lambda file: by_magic(b"PAR1")(file) or file.suffix == ".parquet",
    rows=read_parquet,
)
