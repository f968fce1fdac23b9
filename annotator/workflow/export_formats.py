"""The formats of the exports: what each is for, how it is written, and what it holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, TextIO, TypeVar

from annotator.core.errors import ExportError
from annotator.core.progress import Progress
from annotator.core.records import CodingRecord
from annotator.exchange import (
    excel_csv,
    labels_csv,
    reveals_csv,
    spans_csv,
    suggestions_csv,
    units_csv,
    wide_csv,
)
from annotator.exchange.columns import Described, described
from annotator.store import Store, codebooks, reveals, tables, tallies

EVERY = 500
"""Records after which it is told."""

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


def find(format_name: str) -> Format:
    """The format of that name. Raises ``ExportError``, which names those there are."""
    if format_name not in FORMATS:
        raise ExportError(f"no format {format_name!r}; there are: {', '.join(FORMATS)}")
    return FORMATS[format_name]


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
