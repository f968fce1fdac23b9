"""Did the suggestions move the labels? What was decided in both arms, and what follows."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple, TextIO

import numpy as np
from pydantic_core import from_json

from annotator.core.annotation import SUGGEST
from annotator.core.asking import asks
from annotator.core.codebook import Scheme
from annotator.core.errors import TableError
from annotator.core.records import RevealRecord
from annotator.exchange.csv_text import END, quoting
from annotator.learn import anchoring as figures
from annotator.learn.agreement import Agreement
from annotator.learn.anchoring import (
    EVERYBODY,
    Change,
    CodeFigures,
    Decisions,
    Pace,
    Place,
    Reveals,
)
from annotator.learn.proportions import Share
from annotator.learn.sampling import Policy
from annotator.store import Store, arms, codebooks, events, jobs, reveals, tables
from annotator.store.arms import ArmDecision
from annotator.workflow import anchoring_words as words
from annotator.workflow import export_files, policies
from annotator.workflow.anchoring_words import Verdict
from annotator.workflow.projects import Project

_SCORED, _ABOVE, _SEEN, _GIVEN = 1, 2, 4, 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Whether suggestions moved what coders gave.

    ``verdicts`` begin with all coders together, ``coders`` are those who coded in either arm.
    ``codes``, ``paces`` and ``changes`` are as ``learn.anchoring`` gives them, ``notes`` say what
    was left out.
    """

    coders: tuple[str, ...]
    verdicts: tuple[Verdict, ...]
    codes: tuple[CodeFigures, ...]
    paces: tuple[Pace, ...]
    changes: tuple[Change, ...]
    notes: tuple[str, ...]

    def verdict(self, coder: str) -> Verdict:
        """The verdict on one coder. Raises ``TableError`` for one who coded in neither arm."""
        found = next((one for one in self.verdicts if one.coder == coder), None)
        if found is None:
            known = ", ".join(self.coders) or "nobody"
            raise TableError(f"{coder!r} has coded in neither arm; there is {known}")
        return found


class _Read(NamedTuple):
    decided: Decisions
    revealed: Reveals
    left_out: int


def report(project: Project) -> Report:
    """The report as of now; worked out anew only where something was saved or trained since."""
    store = project.store
    has_model = jobs.model_id(store) is not None
    scheme = codebooks.current_number(store)
    return _report(store, project.seed, events.last(store), scheme, has_model)


@lru_cache(maxsize=2)
def _report(store: Store, seed: int, _last: int, scheme_number: int, has_model: bool) -> Report:
    scheme = codebooks.scheme(store, scheme_number)
    policy = policies.policy(store)
    with tables.snapshot(store):
        read = _read(store, scheme)
        bulk = arms.confirmed(store)
    allotted = 1 - (policy.control if _has_two_arms(policy) else Policy().control)
    codes = figures.figures(read.decided, allotted=allotted, rng=np.random.default_rng(seed))
    paces = figures.paces(read.decided)
    changes = figures.changes(read.decided.codes, read.decided.names, read.revealed)
    say = words.Words(scheme, policy, has_model)
    told = [
        say.verdict(coder, *_own(coder, codes, paces, changes), _arms(read.decided, coder))
        for coder in (EVERYBODY, *read.decided.names)
    ]
    return Report(
        coders=read.decided.names,
        verdicts=tuple(told),
        codes=tuple(codes),
        paces=tuple(paces),
        changes=tuple(changes),
        notes=tuple(words.notes(read.left_out, bulk)),
    )


def _own(
    coder: str, codes: Sequence[CodeFigures], paces: Sequence[Pace], changes: Sequence[Change]
) -> tuple[list[CodeFigures], Pace | None, Change | None]:
    """The figures of one coder: of all codes, the time, and what changed in all."""
    return (
        [one for one in codes if one.coder == coder],
        next((one for one in paces if one.coder == coder), None),
        next((one for one in changes if one.coder == coder), None),
    )


def _arms(decided: Decisions, coder: str) -> tuple[int, int]:
    """How many decisions of the coder are in the arm with suggestions, and in the one without."""
    own = np.ones(len(decided.coders), bool)
    if coder != EVERYBODY:
        own = decided.coders == decided.names.index(coder)
    shown = int(np.count_nonzero(own & decided.suggest))
    return shown, int(np.count_nonzero(own)) - shown


def _has_two_arms(policy: Policy) -> bool:
    return policy.suggestions != "off" and 0 < policy.control < 1


def _read(store: Store, scheme: Scheme) -> _Read:
    """What was decided in both arms while chance decided which arm a unit is in."""
    codes = tuple(scheme.columns())
    index = _Index(codes)
    history = arms.policies(store)
    starts = [number for number, _ in history]
    in_force = [Policy(), *(Policy(**told) for _, told in history)]
    compared = [_has_two_arms(policy) for policy in in_force]
    kept: list[ArmDecision] = []
    cells: list[bytes] = []
    left_out = 0
    for row in arms.decisions(store):
        if not compared[bisect_right(starts, row.number)]:
            left_out += 1
            continue
        cells.append(index.cells(row))
        # The two long texts are read; kept for all decisions, they would fill the memory.
        kept.append(row._replace(payload="", candidates=""))
    decided = _decisions(codes, kept, cells)
    known = {row.uuid for row in kept}
    revealed = [one for one in reveals.reveals(store) if one.decision_id in known]
    return _Read(decided, _reveals(decided, index, revealed), left_out)


class _Index:
    """The columns of codes that a decision was asked about."""

    def __init__(self, codes: Sequence[Place]) -> None:
        self.codes = codes
        self.known: dict[tuple[str, ...] | None, dict[Place, int]] = {}

    def asked(self, asked: Sequence[str] | None) -> Mapping[Place, int]:
        key = None if asked is None else tuple(asked)
        if key not in self.known:
            self.known[key] = {
                place: at for at, place in enumerate(self.codes) if asks(key, *place)
            }
        return self.known[key]

    def cells(self, row: ArmDecision) -> bytes:
        """One byte for each code: what the model thought of it, and whether it was given."""
        told = from_json(row.payload)
        columns = self.asked(told.get("asked"))
        found = bytearray(len(self.codes))
        for variable, target, code, _, above, seen in from_json(row.candidates):
            at = columns.get((variable, target, code))
            if at is not None:
                found[at] = _SCORED | (_ABOVE if above else 0) | (_SEEN if seen else 0)
        for answer in told.get("answers", ()):
            at = columns.get((answer["variable"], answer.get("target", ""), answer["code"]))
            if at is not None and answer.get("use", "asserted") == "asserted":
                found[at] |= _GIVEN
        return bytes(found)


def _decisions(
    codes: tuple[Place, ...], rows: Sequence[ArmDecision], cells: Sequence[bytes]
) -> Decisions:
    table = np.frombuffer(b"".join(cells), np.uint8).reshape(len(rows), len(codes))
    names = tuple(sorted({row.coder for row in rows}))
    number = {name: at for at, name in enumerate(names)}
    scored = (table & _SCORED) > 0
    units = np.array([row.unit for row in rows], np.int64)
    seconds = [np.nan if row.seconds is None else row.seconds for row in rows]
    return Decisions(
        codes=codes,
        names=names,
        coders=np.array([number[row.coder] for row in rows], np.int64),
        units=np.unique(units, return_inverse=True)[1].astype(np.int64),
        suggest=np.array([row.arm == SUGGEST for row in rows], bool),
        revealed=np.array([row.revealed for row in rows], bool),
        seconds=np.array(seconds, np.float64),
        scored=scored,
        above=scored & ((table & _ABOVE) > 0),
        seen=scored & ((table & _SEEN) > 0),
        given=scored & ((table & _GIVEN) > 0),
    )


def _reveals(decided: Decisions, index: _Index, rows: Sequence[RevealRecord]) -> Reveals:
    columns = index.asked(None)
    shape = (len(rows), len(index.codes))
    scored, suggested, first, final = (np.zeros(shape, bool) for _ in range(4))
    for at, row in enumerate(rows):
        for one in row.candidates:
            column = columns.get(one[:3])
            if column is not None:
                scored[at, column], suggested[at, column] = True, one.shown
        for table, given in ((first, row.first), (final, row.final)):
            table[at, [columns[place] for place in given if place in columns]] = True
    coders = [decided.names.index(row.coder) for row in rows]
    return Reveals(
        coders=np.array(coders, np.int64),
        scored=scored,
        suggested=suggested,
        first=first,
        final=final,
    )


def of_coder(found: Report, coder: str) -> Report:
    """The report with the figures of one coder alone."""
    return replace(
        found,
        coders=(coder,),
        verdicts=(found.verdict(coder),),
        codes=tuple(one for one in found.codes if one.coder == coder),
        paces=tuple(one for one in found.paces if one.coder == coder),
        changes=tuple(one for one in found.changes if one.coder == coder),
    )


_ABOUT_CODE: dict[str, tuple[type, Callable[[CodeFigures], Any]]] = {
    "given_shown": (Share, lambda row: row.given and row.given.shown),
    "given_hidden": (Share, lambda row: row.given and row.given.hidden),
    "same_shown": (Share, lambda row: row.same and row.same.shown),
    "same_hidden": (Share, lambda row: row.same and row.same.hidden),
    "accepted": (Share, lambda row: row.accepted),
    "anyway": (Share, lambda row: row.anyway),
    "coders_shown": (Agreement, lambda row: row.together_shown),
    "coders_hidden": (Agreement, lambda row: row.together_hidden),
}
"""Groups of columns, with what fills them."""


def rows(found: Report, coder: str | None = None) -> list[dict[str, Any]]:
    """Every figure, one row a coder and code; of all codes together, the code is empty.

    Of one coder, or of all where it is None; ``EVERYBODY`` stands for all of them together. Shares
    and differences go from 0 to 1; None is what cannot be told.
    """
    pace = {one.coder: one for one in found.paces}
    change = {(one.coder, one.code): one for one in found.changes}
    return [
        _row(row, None if row.code else pace.get(row.coder), change.get((row.coder, row.code)))
        for row in found.codes
        if coder in (None, row.coder)
    ]


def _row(row: CodeFigures, pace: Pace | None, change: Change | None) -> dict[str, Any]:
    variable, target, code = row.code or ("", "", "")
    told: dict[str, Any] = {"coder": row.coder, "variable": variable, "target": target}
    told["code"] = code
    for group, contrasted in (("given", row.given), ("same", row.same)):
        for name in ("difference", "low", "high"):
            told[f"{group}_{name}"] = getattr(contrasted, name, None)
    told |= {name: getattr(row, name) for name in ("p_value", "adjusted")}
    told |= {"moved": int(row.moved), "smallest": row.smallest, "more": row.more}
    for group, (kind, of) in _ABOUT_CODE.items():
        record = of(row)
        told |= {f"{group}_{one.name}": getattr(record, one.name, None) for one in fields(kind)}
    for name in ("revealed", "changed", "toward", "away"):
        told[name] = getattr(change, name, None)
    for name in ("shown", "hidden", "shown_median", "hidden_median", "ratio", "low", "high"):
        told[f"seconds_{name}"] = getattr(pace, name, None)
    return told


COLUMNS = tuple(
    _row(
        CodeFigures(coder="", code=None, given=None, same=None, accepted=None, anyway=None),
        None,
        None,
    )
)
"""What ``write`` writes, as a row without any figure has it."""


def write(found: Report, out: TextIO, coder: str | None = None) -> int:
    """Write ``rows`` as CSV; how many there are."""
    quote = quoting()
    told = rows(found, coder)
    out.write(quote(COLUMNS) + END)
    for row in told:
        out.write(quote([_cell(value) for value in row.values()]) + END)
    return len(told)


def _cell(value: Any) -> Any:
    return f"{value:.6g}" if isinstance(value, float) else value


def write_file(store: Store, found: Report, place: Path, coder: str | None = None) -> int:
    """The same to a file, which is replaced only once the new one is complete.

    Raises ``ExportError`` where no file can be written or a project lies.
    """
    with export_files.writing(store, place) as out:
        return write(found, out, coder)
