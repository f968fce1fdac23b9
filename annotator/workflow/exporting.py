"""Labels out: every format by its name, to a file with its data dictionary, a stream or bytes."""

from __future__ import annotations

import io
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TextIO, cast

from annotator.core.errors import ExportError
from annotator.exchange import dictionary, labels_csv, suggestions_csv, units_csv, wide_csv
from annotator.exchange.columns import Described, described
from annotator.store import Store, codebooks, settings, tables


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One format: what it is, how to write it, its columns, and what of the project it holds.

    ``write`` gives the number of rows. ``holds`` names what ``tables.left_out`` counts and this
    format has all the same.
    """

    description: str
    write: Callable[[Store, TextIO], int]
    columns: Callable[[Store], list[Described]]
    holds: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What an export wrote, and what it left out."""

    rows: int
    left_out: dict[str, int]
    files: tuple[Path, ...]


def export(store: Store, format_name: str, output: Path | TextIO) -> Report:
    """Write the project in this format to a file, with its dictionary beside it, or to a stream.

    The project is read as it stands at one moment, whatever coders save meanwhile. A file is
    replaced only once the new one is complete.
    """
    chosen = find(format_name)
    with tables.snapshot(store):
        if isinstance(output, Path):
            return _to_files(store, format_name, output)
        rows = _to_stream(store, chosen, output)
        return Report(rows=rows, left_out=left_out(store, format_name), files=())


def as_bytes(store: Store, format_name: str) -> bytes:
    """The export as the bytes that its file would have."""
    chosen, content = find(format_name), io.BytesIO()
    with tables.snapshot(store), _as_text(content) as out:
        chosen.write(store, out)
    return content.getvalue()


def dictionary_as_bytes(store: Store, format_name: str) -> bytes:
    """The data dictionary as the bytes that its file would have."""
    find(format_name)
    content = io.BytesIO()
    with tables.snapshot(store), _as_text(content) as out:
        _write_dictionary(store, format_name, out)
    return content.getvalue()


def find(format_name: str) -> Format:
    """The format of that name. Raises ``ExportError``, which names those there are."""
    if format_name not in FORMATS:
        raise ExportError(f"no format {format_name!r}; there are: {', '.join(FORMATS)}")
    return FORMATS[format_name]


def left_out(store: Store, format_name: str) -> dict[str, int]:
    """What the project has and an export in this format does not."""
    holds = find(format_name).holds
    return {name: n for name, n in tables.left_out(store).items() if name not in holds}


def _labels(store: Store, out: TextIO) -> int:
    schemes, current = codebooks.schemes(store), codebooks.current_scheme(store)
    return labels_csv.write(tables.codings(store), schemes, current, out)


def _wide(store: Store, out: TextIO) -> int:
    schemes, current = codebooks.schemes(store), codebooks.current_scheme(store)
    return wide_csv.write(tables.codings(store), schemes, current, out)


def _wide_columns(store: Store) -> list[Described]:
    return wide_csv.describe(codebooks.schemes(store), codebooks.current_scheme(store))


def _units(store: Store, out: TextIO) -> int:
    return units_csv.write(tables.units(store), out)


def _suggestions(store: Store, out: TextIO) -> int:
    return suggestions_csv.write(tables.codings(store), out)


SKIPPED = frozenset({"skipped", "not codable"})
"""What exports of decisions hold as rows with a status of their own."""

EVERY_UNIT = SKIPPED | {"undecided units", "memos or flags without a decision"}

FORMATS: dict[str, Format] = {
    "labels": Format(
        description="one row per decision, variable, target, holder and code",
        write=_labels,
        columns=lambda _: described(labels_csv.COLUMNS),
        holds=SKIPPED,
    ),
    "wide": Format(
        description="one row per unit and coder, one 0/1 column per code",
        write=_wide,
        columns=_wide_columns,
        holds=SKIPPED,
    ),
    "units": Format(
        description="one row per unit of the project, coded or not",
        write=_units,
        columns=lambda _: described(units_csv.COLUMNS),
        holds=EVERY_UNIT,
    ),
    "suggestions": Format(
        description="one row per code that a model had scored, and what became of it",
        write=_suggestions,
        columns=lambda _: described(suggestions_csv.COLUMNS),
        holds=SKIPPED,
    ),
}


def _to_files(store: Store, format_name: str, output: Path) -> Report:
    if not output.name:
        raise ExportError(f"{output} is not a file; name the file to write, or - for stdout")
    beside = output.with_name(output.stem + dictionary.ENDING)
    try:
        for place in (output, beside):
            _check_place(store, place)
        with _replacing(output) as table, _replacing(beside) as description:
            rows = find(format_name).write(store, table)
            _write_dictionary(store, format_name, description)
    except OSError as fault:
        reason = fault.strerror or fault
        raise ExportError(f"{output} cannot be written: {reason}; choose another place") from fault
    return Report(rows=rows, left_out=left_out(store, format_name), files=(output, beside))


def _check_place(store: Store, place: Path) -> None:
    if not place.parent.is_dir():
        raise ExportError(f"{place} cannot be written: there is no folder {place.parent}; make it")
    if place.exists() and not place.is_file():
        raise ExportError(f"{place} is not a file; name the file to write, or - for stdout")
    ends = ("", "-wal", "-shm", ".secret", ".models", ".cache")
    own = {store.path.with_name(store.path.name + end) for end in ends}
    if place.resolve() in own:
        raise ExportError(f"{place} belongs to the project itself; choose another name")


@contextmanager
def _replacing(place: Path) -> Iterator[TextIO]:
    """A file that takes this place when it is complete, and leaves no trace when it fails."""
    fresh = place.with_name(f".export.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        with fresh.open("x", encoding="utf-8", newline="", buffering=1 << 20) as file:
            yield file
        fresh.replace(place)
    finally:
        # A folder that takes no files has none to clear away either, and says so but once.
        with suppress(OSError):
            fresh.unlink()


def _to_stream(store: Store, chosen: Format, output: TextIO) -> int:
    """Write the same bytes to a stream as to a file, whatever encoding a console has."""
    binary = cast("BinaryIO | None", getattr(output, "buffer", None))
    if binary is None:
        return chosen.write(store, output)
    output.flush()
    with _as_text(binary) as out:
        return chosen.write(store, out)


@contextmanager
def _as_text(binary: BinaryIO) -> Iterator[TextIO]:
    out = io.TextIOWrapper(binary, encoding="utf-8", newline="")
    try:
        yield out
    finally:
        # Without this the caller's own stream would be closed with the wrapper.
        out.detach()


def _write_dictionary(store: Store, format_name: str, out: TextIO) -> None:
    dictionary.write(
        out,
        format_name=format_name,
        project=settings.value(store, "title"),
        schemes=codebooks.schemes(store),
        columns=find(format_name).columns(store),
        left_out=left_out(store, format_name),
    )
