"""The evidence: one row for each span that a coder marked, and the reader of such a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, TextIO

from annotator.core.annotation import Answer, Span
from annotator.core.codebook import Scheme
from annotator.core.errors import TableError
from annotator.core.records import CodingRecord, UnitRecord
from annotator.core.table import Table
from annotator.exchange.asked import places
from annotator.exchange.columns import coding_fields, unit_fields
from annotator.exchange.csv_text import END, quoting

_HEADER = (
    "decision_id,document_id,file,title,source,published,unit_id,start,end,text,coder,layer,round,"
    "pass,arm,variable,target,holder,holder_type,code,use,explicit,confidence,span_index,"
    "span_start,span_end,span_text"
)
COLUMNS = tuple(_HEADER.split(","))

MARKS = {"decision_id", "variable", "code", "span_start", "span_end"}
"""The columns that a table of spans must have to be read."""

_AT = {name: index for index, name in enumerate(COLUMNS)}
_unit = unit_fields(COLUMNS[_AT["document_id"] : _AT["coder"]])
_seat = coding_fields(COLUMNS[_AT["coder"] : _AT["variable"]])

Key = tuple[str, str, str, str, str, str]
"""The answer a span belongs to: decision, variable, target, holder, code and use."""


class Found(NamedTuple):
    """One span as a table tells it."""

    line: int
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All spans of a table, by the answer that each belongs to."""

    name: str
    spans: Mapping[Key, list[Found]]


def write(codings: Iterable[CodingRecord], schemes: Mapping[int, Scheme], out: TextIO) -> int:
    """Write the table, in the order of the long one, then of the text; the number of its rows."""
    quote = quoting()
    ranks = {number: _ranks(scheme) for number, scheme in schemes.items()}
    out.write(_HEADER + END)
    rows = 0
    for coding in codings:
        marked = [answer for answer in coding.answers if answer.spans]
        if not marked:
            continue
        rank = ranks[coding.scheme]
        marked.sort(key=lambda answer: rank[answer.variable, answer.target])
        head = quote((coding.decision_id, *_unit(coding.unit), *_seat(coding)))
        for answer in marked:
            given = quote(_given(answer))
            for index, (start, end) in enumerate(answer.spans):
                words = quote((index, start, end, text_at(coding.unit, start, end)))
                out.write(f"{head},{given},{words}{END}")
            rows += len(answer.spans)
    return rows


def _ranks(scheme: Scheme) -> dict[tuple[str, str], int]:
    return {place[:2]: rank for rank, place in enumerate(places(scheme))}


def _given(answer: Answer) -> tuple[object, ...]:
    who = (answer.variable, answer.target, answer.holder, answer.holder_type)
    return (*who, answer.code, answer.use, answer.explicit, answer.confidence)


def text_at(unit: UnitRecord, start: int, end: int) -> str:
    """The words of the unit at ``[start, end)`` of its document's text."""
    return unit.text[start - unit.start : end - unit.start]


def read(table: Table) -> Evidence:
    """The spans of a table that was exported as ``spans``; raises ``TableError`` for any other."""
    if missing := sorted(MARKS - set(table.columns)):
        raise TableError(
            f"{table.name}: is no table of spans, it has no column {missing[0]}; give the file "
            "that was exported with --format spans"
        )
    found: dict[Key, list[Found]] = {}
    for line, row in zip(table.lines, table.rows, strict=True):
        start, end = (_place(table.name, line, row, name) for name in ("span_start", "span_end"))
        span = (start, end)
        check_words(table.name, line, row, span)
        found.setdefault(key(row), []).append(Found(line, span))
    return Evidence(name=table.name, spans=found)


def key(row: Mapping[str, str]) -> Key:
    """The answer that a row of this table, or of the long one, is about."""
    told = (row["decision_id"], row["variable"], row.get("target", ""), row.get("holder", ""))
    return (*told, row["code"], row.get("use") or "asserted")


def _place(name: str, line: int, row: Mapping[str, str], column: str) -> int:
    written = row[column]
    if not (written.isascii() and written.isdigit()):
        raise TableError(
            f"{name}: line {line}: {column}: {written!r} is not a whole number; correct the cell"
        )
    return int(written)


def check_words(name: str, line: int, row: Mapping[str, str], span: Span) -> None:
    """Refuse, by ``TableError``, a span whose place in the unit's text has other words than it."""
    begin, text, words = row.get("start", ""), row.get("text", ""), row.get("span_text", "")
    if not (begin.isascii() and begin.isdigit() and words):
        return
    first = int(begin)
    # A program that rewrites line ends makes the text shorter, and the places no worse for it.
    if len(text) != _length(row, first):
        return
    if text[max(span[0] - first, 0) : max(span[1] - first, 0)] != words:
        raise TableError(
            f"{name}: line {line}: {words!r} does not stand at {span[0]} to {span[1]} of the "
            "document; places count characters from 0, export again"
        )


def _length(row: Mapping[str, str], first: int) -> int:
    end = row.get("end", "")
    return int(end) - first if end.isascii() and end.isdigit() else -1
