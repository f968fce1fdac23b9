"""Our own long export, ``labels.csv``, read back into the decisions it was written from.

The variant for Excel is told by its byte order mark, and what guarded its texts is taken off.
Whatever Excel makes of a file when it saves it is read too: semicolons or tabs between the cells,
decimal commas, ``TRUE``. What it takes for dates or long numbers and writes anew is lost.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from annotator.core.annotation import MAIN_ROUND, Answer, Candidate, Op, Span
from annotator.core.codebook import Codebook
from annotator.core.errors import TableError
from annotator.core.records import CARD
from annotator.core.table import Table, check_coder
from annotator.exchange import excel_csv, spans_csv
from annotator.exchange.dictionary import ENDING
from annotator.exchange.spans_csv import Evidence

MARKS = {"decision_id", "unit_id", "variable", "code", "status", "codebook", "codebook_version"}
"""The columns by which a table is known as our long form."""

OPS: dict[str, Op] = {
    "coded": "set",
    "none": "set",
    "skipped": "skip",
    "not_codable": "not_codable",
}
"""What a coder did, by the status of a row."""

NOT_ASKED = "not_asked"
WHOLE = ("unit_id", "coder", "layer", "round", "pass", "arm", "memo", "flagged", "decided_at")
"""Columns that are the decision's, and so the same in all of its rows."""

TRUTH = {"": False, "0": False, "false": False, "no": False, "1": True, "true": True, "yes": True}

Version = tuple[str, str]
"""Name and version of a codebook."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LongDecision:
    """One decision as the rows of the long form tell it; ``row`` is the first, at ``line``.

    ``card`` tells whether it is about a whole article.
    ``asked`` and ``not_asked`` are places, ``(variable, target)``. A place that is both was asked
    about the ``codes`` alone, each with its place, that have a row; ``versions`` the codebooks
    that asked, ``others`` those of the rows that nobody was asked about. ``further`` counts the
    spans that the answers have beyond those which are here.
    """

    line: int
    row: Mapping[str, str]
    decision_id: str
    unit_id: str
    card: bool
    coder: str
    op: Op
    round: str
    pass_: int
    answers: tuple[Answer, ...]
    candidates: tuple[Candidate, ...]
    asked: frozenset[tuple[str, str]]
    not_asked: frozenset[tuple[str, str]]
    codes: frozenset[tuple[str, str, str]]
    versions: frozenset[Version]
    others: frozenset[Version]
    seconds: float | None
    further: int

    @property
    def document(self) -> str:
        """The document that the unit is of."""
        return self.unit_id.rpartition(":")[0]


def is_long_form(table: Table) -> bool:
    """Whether the table is our own long export."""
    return set(table.columns) >= MARKS


def read_decisions(
    table: Table, coder: str | None, evidence: Evidence | None = None
) -> list[LongDecision]:
    """Every decision of the table, in order; ``coder`` counts only where no column names one.

    The table has the first span of each answer; ``evidence`` has all of them.
    """
    if coder is None and "coder" not in table.columns:
        raise TableError(f"{table.name}: names no coder; say whose labels these are: --coder NAME")
    _refuse_gold(table)
    if excel_csv.is_variant(table):
        table = excel_csv.without_guards(table)
    gathered: dict[str, list[tuple[int, dict[str, str]]]] = {}
    for line, row in zip(table.lines, table.rows, strict=True):
        if not row["decision_id"]:
            raise TableError(f"{table.name}: line {line}: has no decision_id; leave the row out")
        gathered.setdefault(row["decision_id"], []).append((line, row))
    return [_decision(table.name, rows, coder or "", evidence) for rows in gathered.values()]


def _refuse_gold(table: Table) -> None:
    gold = [
        line
        for line, row in zip(table.lines, table.rows, strict=True)
        if row.get("layer") == "gold"
    ]
    if gold:
        raise TableError(
            f"{table.name}: {len(gold)} rows are of the layer gold (the first in line {gold[0]}), "
            "which comes from adjudication alone; leave them out"
        )


def _decision(
    name: str,
    rows: Sequence[tuple[int, dict[str, str]]],
    coder: str,
    evidence: Evidence | None,
) -> LongDecision:
    line, first = rows[0]
    check_coder(name, line, first.get("coder", coder))
    _check_rows(name, rows)
    told = [(other, row) for other, row in rows if row["status"] != NOT_ASKED]
    op = _op(name, line, told)
    given = [(other, row) for other, row in told if row["code"]]
    not_asked = frozenset(_place(row) for _, row in rows if row["status"] == NOT_ASKED)
    marked = [_spans(name, other, row, evidence) for other, row in given]
    answers = tuple(
        _answer(name, other, row, spans)
        for (other, row), (spans, _) in zip(given, marked, strict=True)
    )
    return LongDecision(
        line=line,
        row=first,
        decision_id=first["decision_id"],
        unit_id=first["unit_id"],
        card=first.get("part") == CARD,
        coder=first.get("coder", coder),
        op=op,
        round=first.get("round") or MAIN_ROUND,
        pass_=int(_number(name, line, first, "pass") or 1),
        answers=answers,
        candidates=_candidates(name, told),
        asked=frozenset(_place(row) for _, row in told),
        not_asked=not_asked,
        codes=frozenset(
            (*_place(row), row["code"]) for _, row in given if _place(row) in not_asked
        ),
        versions=frozenset(_version(row) for _, row in told),
        others=frozenset(_version(row) for _, row in rows if row["status"] == NOT_ASKED),
        seconds=_number(name, line, first, "seconds"),
        further=sum(further for _, further in marked),
    )


def _check_rows(name: str, rows: Sequence[tuple[int, dict[str, str]]]) -> None:
    """Refuse, by ``TableError``, rows that are not of one decision, or of no known status."""
    line, first = rows[0]
    for other, row in rows:
        parted = next((c for c in WHOLE if row.get(c, "") != first.get(c, "")), None)
        if parted:
            raise TableError(
                f"{name}: line {other}: {parted} differs from line {line} of the same decision; "
                "give each decision a decision_id of its own"
            )
        if row["status"] != NOT_ASKED and row["status"] not in OPS:
            raise TableError(
                f"{name}: line {other}: {row['status']!r} is not a status; "
                f"write one of {', '.join((*OPS, NOT_ASKED))}"
            )


def _op(name: str, line: int, told: Sequence[tuple[int, Mapping[str, str]]]) -> Op:
    """What the coder did; the same in all rows that were asked."""
    ops = {OPS[row["status"]] for _, row in told} or {"set"}
    if len(ops) > 1:
        raise TableError(f"{name}: line {line}: is a decision of several statuses; keep one")
    return ops.pop()


def _place(row: Mapping[str, str]) -> tuple[str, str]:
    return row["variable"], row.get("target", "")


def _version(row: Mapping[str, str]) -> Version:
    return row["codebook"], row["codebook_version"]


def _spans(
    name: str, line: int, row: Mapping[str, str], evidence: Evidence | None
) -> tuple[tuple[Span, ...], int]:
    """The spans of a row's answer, and how many more it has that are not here."""
    told = _number(name, line, row, "n_spans")
    count = int(told or 0)
    if evidence is not None:
        found = evidence.spans.get(spans_csv.key(row), [])
        if told is not None and len(found) != count:
            raise TableError(
                f"{name}: line {line}: {row['code']} has {count} spans, and {evidence.name} has "
                f"{len(found)} of them; export both again, one right after the other"
            )
        return tuple(one.span for one in found), 0
    start, end = (_number(name, line, row, column) for column in ("span_start", "span_end"))
    if start is None or end is None:
        return (), count
    span = (int(start), int(end))
    spans_csv.check_words(name, line, row, span)
    return (span,), max(count - 1, 0)


def _answer(name: str, line: int, row: Mapping[str, str], spans: tuple[Span, ...]) -> Answer:
    confidence = _number(name, line, row, "confidence")
    written: dict[str, Any] = {
        key: row[key]
        for key in ("variable", "code", "target", "holder", "holder_type", "use", "explicit")
        if row.get(key)
    }
    try:
        return Answer.model_validate(
            written
            | {"confidence": None if confidence is None else int(confidence), "spans": spans}
        )
    except ValidationError as fault:
        raise invalid(name, line, fault) from fault


def _candidates(name: str, rows: Sequence[tuple[int, Mapping[str, str]]]) -> tuple[Candidate, ...]:
    """What a model had scored: of all its scores, the long form carries those of the rows."""
    found: dict[tuple[str, str, str], Candidate] = {}
    for line, row in rows:
        score = _number(name, line, row, "suggestion_score")
        if score is None or not row["code"]:
            continue
        shown = _truth(name, line, row, "suggestion_shown")
        variable, target = _place(row)
        try:
            found[variable, target, row["code"]] = Candidate(
                variable=variable,
                target=target,
                code=row["code"],
                score=score,
                above=shown,
                shown=shown,
            )
        except ValidationError as fault:
            raise invalid(name, line, fault) from fault
    return tuple(found.values())


def flagged(name: str, decision: LongDecision) -> bool:
    """Whether the decision carries a flag."""
    return _truth(name, decision.line, decision.row, "flagged")


def invalid(name: str, line: int, fault: ValidationError) -> TableError:
    """The first fault that the checks of our own nouns found, in one sentence."""
    first = fault.errors(include_url=False, include_input=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    return TableError(f"{name}: line {line}: {place}: {first['msg'].lower()}; correct the cell")


def _number(name: str, line: int, row: Mapping[str, str], column: str) -> float | None:
    written = row.get(column, "")
    try:
        number = float(written.replace(",", ".")) if written else None
    except ValueError:
        number = math.nan
    if number is not None and not math.isfinite(number):
        raise TableError(
            f"{name}: line {line}: {column}: {written!r} is not a number; correct the cell"
        )
    return number


def _truth(name: str, line: int, row: Mapping[str, str], column: str) -> bool:
    written = row.get(column, "").lower()
    if written not in TRUTH:
        raise TableError(
            f"{name}: line {line}: {column}: {written!r} is neither 0 nor 1; correct the cell"
        )
    return TRUTH[written]


class VersionName(BaseModel):
    """A codebook of a scheme, by its name and version."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    name: str
    version: str


class Together(BaseModel):
    """The codebooks that were in force at a time."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    codebooks: tuple[VersionName, ...]


class Dictionary(BaseModel):
    """What the file beside an export tells: every codebook in full, and what was asked together."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    codebooks: tuple[dict[str, Any], ...] = ()
    schemes: tuple[Together, ...] = ()

    def codebook(self, version: Version) -> Codebook | None:
        """The codebook of that name and version, if it is here."""
        for written in self.codebooks:
            if (written.get("name"), written.get("version")) != version:
                continue
            known = {key: written[key] for key in Codebook.model_fields if key in written}
            try:
                return Codebook.model_validate(known)
            except ValidationError as fault:
                raise TableError(
                    f"the codebook {' '.join(version)} beside the file cannot be used: "
                    f"{fault.errors()[0]['msg'].lower()}; export again"
                ) from fault
        return None

    def together(self) -> list[tuple[Version, ...]]:
        """The codebooks of each scheme."""
        return [tuple((one.name, one.version) for one in s.codebooks) for s in self.schemes]


def dictionary_path(path: Path) -> Path:
    """Where the data dictionary of an export lies: beside it."""
    return path.with_name(path.stem + ENDING)


def read_dictionary(path: Path) -> Dictionary | None:
    """The data dictionary beside an export; None where there is none."""
    beside = dictionary_path(path)
    if not beside.is_file():
        return None
    try:
        return Dictionary.model_validate(json.loads(beside.read_text(encoding="utf-8")))
    except (OSError, ValueError, RecursionError) as fault:
        raise TableError(
            f"{beside.name}: is not the data dictionary of an export; take it away or export again"
        ) from fault
