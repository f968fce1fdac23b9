"""Labels out: every format by its name, to a file with its data dictionary, a stream or bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TextIO, cast

from annotator.core.errors import ExportError
from annotator.core.progress import Progress, silent
from annotator.exchange import (
    dictionary,
)
from annotator.store import Store, codebooks, omissions, settings, tables, tallies
from annotator.workflow import analysing
from annotator.workflow.export_files import as_text, check_place, replacing
from annotator.workflow.export_formats import Written, find

LONG_WORK = 10_000
"""Decisions, or five times as many units, beyond which a format takes more than a moment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What an export wrote, what it left out, and what its program will not show."""

    rows: int
    left_out: dict[str, int]
    files: tuple[Path, ...]
    warnings: tuple[str, ...]


def export(
    store: Store, format_name: str, output: Path | TextIO, tell: Progress = silent
) -> Report:
    """Write the project in this format to a file, with its dictionary beside it, or to a stream.

    A file whose name ends in ``.zip`` holds both. Documents that wait to be analysed are so first.
    The project is read as it stands at one moment, whatever coders save meanwhile. A file is
    replaced only once the new one is complete.
    """
    find(format_name)
    analysing.finish(store, tell)
    with tables.snapshot(store):
        files: tuple[Path, ...] = ()
        if isinstance(output, Path):
            written, files = _to_files(store, format_name, output, tell)
        else:
            written = _to_stream(store, format_name, output, tell)
        missing = left_out(store, format_name)
    return Report(rows=written.rows, left_out=missing, files=files, warnings=written.warnings)


def as_bytes(store: Store, format_name: str) -> bytes:
    """The export as the bytes that its file would have."""
    chosen, content = find(format_name), io.BytesIO()
    analysing.finish(store)
    with tables.snapshot(store), as_text(content) as out:
        chosen.write(store, out, silent)
    return content.getvalue()


def dictionary_as_bytes(store: Store, format_name: str) -> bytes:
    """The data dictionary as the bytes that its file would have."""
    find(format_name)
    content = io.BytesIO()
    with tables.snapshot(store), as_text(content) as out:
        _write_dictionary(store, format_name, out)
    return content.getvalue()


def zip_as_bytes(store: Store, format_name: str, stem: str) -> bytes:
    """The export and its data dictionary in one archive, as ``stem.csv`` and beside it."""
    content = io.BytesIO()
    analysing.finish(store)
    with tables.snapshot(store):
        _write_zip(store, format_name, content, stem, silent)
    return content.getvalue()


def left_out(store: Store, format_name: str) -> dict[str, int]:
    """What the project has and an export in this format does not; ``REASONS`` says why."""
    holds = find(format_name).holds
    counted = tables.left_out(store) | {"earlier decisions": omissions.superseded(store)}
    counted["article cards"] = omissions.cards(store)
    if format_name == "suggestions":
        counted["decisions without scores"] = omissions.without_scores(store)
    if format_name == "reveals":
        counted["decisions without a reveal"] = omissions.without_reveal(store)
    if format_name == "spans":
        counted["answers without spans"] = omissions.without_spans(store)
    return {name: n for name, n in counted.items() if n and name not in holds}


def takes_long(store: Store, format_name: str) -> bool:
    """Whether a page had better show a progress bar than be busy."""
    if analysing.waiting(store):
        return True
    if find(format_name).of_units:
        return tables.totals(store)["units"] > 5 * LONG_WORK
    return tallies.decisions(store) > LONG_WORK


REASONS: dict[str, str] = {
    "undecided units": "nobody has decided on them yet; the format units has them",
    "skipped": "they carry no code",
    "not codable": "they carry no code",
    "memos or flags without a decision": "a row needs a decision; code, skip or mark the unit "
    "as not codable and its memo and flag come along",
    "units of retired documents": "their documents were taken out of the corpus; restore them to "
    "have them back",
    "decisions on retired documents": "their documents were taken out of the corpus; restore them "
    "to have them back",
    "earlier decisions": "they were decided anew or taken back since; a table has only what "
    "stands, and the project file keeps the rest",
    "article cards": "they are about whole articles; the formats labels, wide and excel have them",
    "answers without spans": "nobody marked the words they rest on; the format labels has them",
    "decisions without scores": "no model had scored the unit when it was decided",
    "decisions without a reveal": "nothing was revealed after a first answer; the format "
    "suggestions has what else was shown",
}
"""Why an export leaves out what it leaves out."""


NO_CSV = frozenset(
    {".xlsx", ".xls", ".xlsb", ".xlsm", ".ods", ".dta", ".sav", ".rds", ".json", ".parquet"}
)
"""What names of files end in whose programs take them for something else than CSV."""


def _to_files(
    store: Store, format_name: str, output: Path, tell: Progress
) -> tuple[Written, tuple[Path, ...]]:
    if not output.name:
        raise ExportError(f"{output} is not a file; name the file to write, or - for stdout")
    if output.suffix.lower() in NO_CSV:
        raise ExportError(
            f"{output}: labels leave as CSV, which a program that expects {output.suffix} refuses; "
            "end the name in .csv, or in .zip"
        )
    try:
        if output.suffix.lower() == ".zip":
            check_place(store, output)
            with replacing(output) as archive:
                return _write_zip(store, format_name, archive, output.stem, tell), (output,)
        beside = output.with_name(output.stem + dictionary.ENDING)
        for place in (output, beside):
            check_place(store, place)
        with (
            replacing(output) as file,
            replacing(beside) as other,
            as_text(file) as table,
            as_text(other) as description,
        ):
            written = find(format_name).write(store, table, tell)
            _write_dictionary(store, format_name, description)
    except OSError as fault:
        reason = fault.strerror or fault
        raise ExportError(f"{output} cannot be written: {reason}; choose another place") from fault
    return written, (output, beside)


def _write_zip(store: Store, format_name: str, out: BinaryIO, stem: str, tell: Progress) -> Written:
    chosen = find(format_name)
    with zipfile.ZipFile(out, "w") as archive:
        with _member(archive, f"{stem}.csv") as table:
            written = chosen.write(store, table, tell)
        with _member(archive, stem + dictionary.ENDING) as description:
            _write_dictionary(store, format_name, description)
    return written


@contextmanager
def _member(archive: zipfile.ZipFile, name: str) -> Iterator[TextIO]:
    # A ZipInfo made here has no time of its own, so that the same project is the same archive.
    member = zipfile.ZipInfo(name)
    member.compress_type = zipfile.ZIP_DEFLATED
    member.external_attr = 0o644 << 16
    with (
        archive.open(member, "w", force_zip64=True) as file,
        io.TextIOWrapper(file, encoding="utf-8", newline="") as text,
    ):
        yield text


def _to_stream(store: Store, format_name: str, output: TextIO, tell: Progress) -> Written:
    """Write the same bytes to a stream as to a file, whatever encoding a console has."""
    chosen = find(format_name)
    binary = cast("BinaryIO | None", getattr(output, "buffer", None))
    if binary is None:
        return chosen.write(store, output, tell)
    output.flush()
    with as_text(binary) as out:
        return chosen.write(store, out, tell)


def _write_dictionary(store: Store, format_name: str, out: TextIO) -> None:
    dictionary.write(
        out,
        format_name=format_name,
        project=settings.value(store, "title"),
        schemes=codebooks.schemes(store),
        columns=find(format_name).columns(store),
        left_out=left_out(store, format_name),
    )
