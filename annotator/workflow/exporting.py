"""Labels out: every format by its name, to a file with its data dictionary, a stream or bytes."""

from __future__ import annotations

import io
import os
import secrets
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple, TextIO, TypeVar, cast

from annotator.core.errors import ExportError
from annotator.core.progress import Progress, silent
from annotator.core.records import CodingRecord
from annotator.exchange import (
    dictionary,
    excel_csv,
    labels_csv,
    reveals_csv,
    spans_csv,
    suggestions_csv,
    units_csv,
    wide_csv,
)
from annotator.exchange.columns import Described, described
from annotator.store import Store, codebooks, omissions, reveals, settings, tables, tallies
from annotator.store.connection import is_project
from annotator.workflow import analysing

EVERY = 500
"""Records after which it is told."""

LONG_WORK = 10_000
"""Decisions, or five times as many units, beyond which a format takes more than a moment."""

One = TypeVar("One")


class Written(NamedTuple):
    """The rows of a table, and what the program it is for will not show of them."""

    rows: int
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One format: what it is, how to write it, its columns, and what of the project it holds.

    ``programs`` says what reads it, ``matters`` names the columns to begin with. ``holds`` names
    what ``tables.left_out`` counts and this format has all the same.
    """

    description: str
    programs: str
    matters: tuple[str, ...]
    write: Callable[[Store, TextIO, Progress], Written]
    columns: Callable[[Store], list[Described]]
    holds: frozenset[str]

    @property
    def of_units(self) -> bool:
        """Whether it has a row for every unit, decided or not."""
        return "undecided units" in self.holds


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
    with tables.snapshot(store), _as_text(content) as out:
        chosen.write(store, out, silent)
    return content.getvalue()


def dictionary_as_bytes(store: Store, format_name: str) -> bytes:
    """The data dictionary as the bytes that its file would have."""
    find(format_name)
    content = io.BytesIO()
    with tables.snapshot(store), _as_text(content) as out:
        _write_dictionary(store, format_name, out)
    return content.getvalue()


def zip_as_bytes(store: Store, format_name: str, stem: str) -> bytes:
    """The export and its data dictionary in one archive, as ``stem.csv`` and beside it."""
    content = io.BytesIO()
    analysing.finish(store)
    with tables.snapshot(store):
        _write_zip(store, format_name, content, stem, silent)
    return content.getvalue()


def find(format_name: str) -> Format:
    """The format of that name. Raises ``ExportError``, which names those there are."""
    if format_name not in FORMATS:
        raise ExportError(f"no format {format_name!r}; there are: {', '.join(FORMATS)}")
    return FORMATS[format_name]


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


def _codings(store: Store, tell: Progress) -> Iterator[CodingRecord]:
    return _counted(tables.codings(store), tallies.decisions(store), "decisions", tell)


def _counted(records: Iterator[One], total: int, what: str, tell: Progress) -> Iterator[One]:
    tell(0, total, f"reading {what}")
    for done, one in enumerate(records):
        if done % EVERY == 0:
            tell(done, total, f"writing {what}")
        yield one
    tell(total, total, f"writing {what}")


def _labels(store: Store, out: TextIO, tell: Progress) -> Written:
    schemes, current = codebooks.schemes(store), codebooks.current_scheme(store)
    return Written(labels_csv.write(_codings(store, tell), schemes, current, out))


def _excel(store: Store, out: TextIO, tell: Progress) -> Written:
    schemes, current = codebooks.schemes(store), codebooks.current_scheme(store)
    written = excel_csv.write(_codings(store, tell), schemes, current, out)
    return Written(written.rows, tuple(written.warnings()))


def _wide(store: Store, out: TextIO, tell: Progress) -> Written:
    schemes, current = codebooks.schemes(store), codebooks.current_scheme(store)
    return Written(wide_csv.write(_codings(store, tell), schemes, current, out))


def _wide_columns(store: Store) -> list[Described]:
    return wide_csv.describe(codebooks.schemes(store), codebooks.current_scheme(store))


def _units(store: Store, out: TextIO, tell: Progress) -> Written:
    total = tables.totals(store)["units"]
    return Written(units_csv.write(_counted(tables.units(store), total, "units", tell), out))


def _spans(store: Store, out: TextIO, tell: Progress) -> Written:
    return Written(spans_csv.write(_codings(store, tell), codebooks.schemes(store), out))


def _suggestions(store: Store, out: TextIO, tell: Progress) -> Written:
    return Written(suggestions_csv.write(_codings(store, tell), out))


def _reveals(store: Store, out: TextIO, tell: Progress) -> Written:
    total = tallies.decisions(store)
    told = _counted(reveals.reveals(store), total, "decisions", tell)
    return Written(reveals_csv.write(told, out))


SKIPPED = frozenset({"skipped", "not codable"})
"""What exports of decisions hold as rows with a status of their own."""

CARDS = frozenset({"article cards"})
"""What exports of decisions have beside those on units."""

EVERY_UNIT = SKIPPED | {
    "undecided units",
    "memos or flags without a decision",
    "decisions on retired documents",
    "earlier decisions",
}

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

LONG_MATTERS = ("unit_id", "text", "coder", "variable", "target", "holder", "code", "status")

FORMATS: dict[str, Format] = {
    "labels": Format(
        description="one row per decision, variable, target, holder and code",
        programs="For R, Stata, pandas and every program that reads long tables; "
        "the command “annotator code” reads it back.",
        matters=LONG_MATTERS,
        write=_labels,
        columns=lambda _: described(labels_csv.COLUMNS),
        holds=SKIPPED | CARDS,
    ),
    "wide": Format(
        description="one row per unit and coder, one 0/1 column per code",
        programs="For statistics in R, Stata or SPSS: 1 where a code was given, 0 where it was "
        "asked and not given, blank where it was not asked.",
        matters=("unit_id", "text", "coder", "round", "status"),
        write=_wide,
        columns=_wide_columns,
        holds=SKIPPED | CARDS,
    ),
    "units": Format(
        description="one row per unit of the project, coded or not",
        programs="For counting the corpus, for drawing samples and for other tools to code.",
        matters=("unit_id", "text", "title", "source", "published", "part", "annotated"),
        write=_units,
        columns=lambda _: described(units_csv.COLUMNS),
        holds=EVERY_UNIT,
    ),
    "spans": Format(
        description="one row per span of evidence that a coder marked",
        programs="For reading the evidence beside its code, and for programs of qualitative "
        "analysis; the command “annotator code” takes it with --spans beside labels.",
        matters=("unit_id", "coder", "variable", "target", "holder", "code", "span_text", "text"),
        write=_spans,
        columns=lambda _: described(spans_csv.COLUMNS),
        holds=frozenset(),
    ),
    "suggestions": Format(
        description="one row per code that a model had scored, and what became of it",
        programs="For asking whether suggestions helped or led coders on.",
        matters=("unit_id", "coder", "arm", "code", "score", "shown", "outcome"),
        write=_suggestions,
        columns=lambda _: described(suggestions_csv.COLUMNS),
        holds=SKIPPED,
    ),
    "reveals": Format(
        description="one row per reveal and code that a model had scored, with both answers",
        programs="For asking what coders change once they see what the model suggests.",
        matters=("unit_id", "coder", "code", "score", "shown", "first", "final"),
        write=_reveals,
        columns=lambda _: described(reveals_csv.COLUMNS),
        holds=frozenset(),
    ),
    "excel": Format(
        description="one row as in labels, in a file that Excel opens safely",
        programs="For Excel and LibreOffice: texts that look like formulas have an apostrophe in "
        "front, which the command “annotator code” takes off again. Save it from Excel as CSV "
        "UTF-8. Where all of it stands in one column, or to keep Excel from rewriting dates and "
        "long numbers, open it with Data, From Text/CSV, Do not detect data types.",
        matters=LONG_MATTERS,
        write=_excel,
        columns=lambda _: described(labels_csv.COLUMNS),
        holds=SKIPPED | CARDS,
    ),
}


def _to_files(
    store: Store, format_name: str, output: Path, tell: Progress
) -> tuple[Written, tuple[Path, ...]]:
    if not output.name:
        raise ExportError(f"{output} is not a file; name the file to write, or - for stdout")
    try:
        if output.suffix.lower() == ".zip":
            check_place(store, output)
            with _replacing(output) as archive:
                return _write_zip(store, format_name, archive, output.stem, tell), (output,)
        beside = output.with_name(output.stem + dictionary.ENDING)
        for place in (output, beside):
            check_place(store, place)
        with (
            _replacing(output) as file,
            _replacing(beside) as other,
            _as_text(file) as table,
            _as_text(other) as description,
        ):
            written = find(format_name).write(store, table, tell)
            _write_dictionary(store, format_name, description)
    except OSError as fault:
        reason = fault.strerror or fault
        raise ExportError(f"{output} cannot be written: {reason}; choose another place") from fault
    return written, (output, beside)


def check_place(store: Store, place: Path) -> None:
    """Refuse, by ``ExportError``, a place where no file can be written or a project lies."""
    if not place.parent.is_dir():
        raise ExportError(f"{place} cannot be written: there is no folder {place.parent}; make it")
    if place.exists() and not place.is_file():
        raise ExportError(f"{place} is not a file; name the file to write, or - for stdout")
    if place.resolve() in store.own_files():
        raise ExportError(f"{place} belongs to the project itself; choose another name")
    if place.is_file() and is_project(place):
        raise ExportError(f"{place} is an annotator project; choose another name")


@contextmanager
def writing(store: Store, place: Path) -> Iterator[TextIO]:
    """The text of a file that takes this place once it is complete.

    Raises ``ExportError`` where no file can be written or a project lies.
    """
    check_place(store, place)
    try:
        with _replacing(place) as file, _as_text(file) as out:
            yield out
    except OSError as fault:
        reason = fault.strerror or fault
        raise ExportError(f"{place} cannot be written: {reason}; choose another place") from fault


@contextmanager
def _replacing(place: Path) -> Iterator[BinaryIO]:
    """A file that takes this place when it is complete, and leaves no trace when it fails."""
    fresh = place.with_name(f".export.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        with fresh.open("xb", buffering=1 << 20) as file:
            yield file
        fresh.replace(place)
    finally:
        # A folder that takes no files has none to clear away either, and says so but once.
        with suppress(OSError):
            fresh.unlink()


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
    with _as_text(binary) as out:
        return chosen.write(store, out, tell)


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
