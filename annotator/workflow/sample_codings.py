"""What the sample's coders did: a table for each of them, as the events a desk would have sent.

The tables are written by hand, so every row repeats the first words of its sentence: an article
that is edited later cannot move anybody's codes to other sentences unnoticed.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from pydantic import ValidationError

from annotator.core.annotation import Event
from annotator.core.codebook import Scheme
from annotator.core.errors import TableError
from annotator.core.event_faults import fault_in
from annotator.core.records import UnitRecord
from annotator.core.table import Table
from annotator.corpus.table_file import read_table
from annotator.learn.sampling import RESERVED
from annotator.store import Store, codebooks, tables
from annotator.store.events import Told

OP_OF = {"coded": "set", "skipped": "skip", "not codable": "not_codable", "undone": "retract"}
"""What a row's status makes of it; ``undone`` takes the coder's last row on the sentence back."""

REJECTED = " (rejected)"
QUOTATION_MARKS = str.maketrans("", "", '"“”')
_NAMESPACE = uuid.UUID("0d0a6f57-3c5e-5c49-9a5b-6f6c7f2f1a58")

Units = dict[tuple[str, str], UnitRecord]


class _Row(NamedTuple):
    """One row of a coder's table, and the unit that it is about."""

    coder: str
    cells: Mapping[str, str]
    unit: UnitRecord
    scheme: Scheme

    def uuid(self, op: str) -> str:
        """The same in every build, and different for every event of the row."""
        told = (self.coder, self.cells["article"], self.cells["sentence"], self.cells["when"], op)
        return str(uuid.uuid5(_NAMESPACE, "\0".join(told)))


def coder_of(path: Path) -> str:
    """The name under which a sample coder appears wherever coders are listed.

    >>> coder_of(Path("codings/mira.csv"))
    'mira (sample)'
    """
    return f"{path.stem} (sample)"


def codings(store: Store, folder: Path) -> list[Told]:
    """The events of every coder's table in the folder, in the order in which they were made.

    The project holds the sample's articles. Raises ``TableError``, which names file and line,
    for a row that does not fit them or the scheme in force.
    """
    scheme = codebooks.current_scheme(store)
    units = {
        (str(PurePosixPath(unit.file).with_suffix("")), str((unit.position or 0) + 1)): unit
        for unit in tables.units(store)
    }
    found = [
        told
        for path in sorted(folder.glob("*.csv"))
        for told in _of_coder(read_table(path), coder_of(path), units, scheme)
    ]
    return sorted(found, key=lambda told: told.event.client_at)


def _of_coder(table: Table, coder: str, units: Units, scheme: Scheme) -> Iterator[Told]:
    for column in ("when", "article", "sentence", "begins", "status", "frames", *_targets(scheme)):
        table.need(column)
    decided: dict[str, str] = {}
    before = ""
    for line, cells in zip(table.lines, table.rows, strict=True):
        try:
            row = _Row(coder, cells, _unit(cells, units), scheme)
            for event in _events(row, decided):
                if fault := fault_in(event, scheme):
                    raise TableError(fault)
                yield Told(coder, event, event.client_at)
            if cells["when"] < before:
                raise TableError("is earlier than the row above; keep the rows in order of time")
        except TableError as fault:
            raise TableError(f"{table.name}: line {line}: {fault}") from fault
        before = cells["when"]


def _targets(scheme: Scheme) -> tuple[str, ...]:
    stance = scheme.variable("stance")
    return stance.target_names if stance else ()


def _unit(cells: Mapping[str, str], units: Units) -> UnitRecord:
    unit = units.get((cells["article"], cells["sentence"]))
    if unit is None:
        raise TableError(
            f"there is no sentence {cells['sentence']!r} in an article {cells['article']!r}; "
            "count from 1, the headline included"
        )
    text = unit.text.translate(QUOTATION_MARKS)
    if not cells["begins"] or not text.startswith(cells["begins"]):
        raise TableError(
            f"sentence {cells['sentence']} of {cells['article']} begins {text[:40]!r}, "
            f"not {cells['begins']!r}"
        )
    return unit


def _events(row: _Row, decided: dict[str, str]) -> Iterator[Event]:
    """The events of one row; ``decided`` holds the last decision on each unit, by its uuid.

    As on the desk, a memo and a flag are events of their own and come before the decision.
    """
    cells, op = row.cells, OP_OF.get(row.cells["status"])
    if op is None:
        raise TableError(f"status {cells['status']!r} is none of {', '.join(OP_OF)}")
    if memo := cells.get("memo"):
        yield _event(row, "memo", memo=memo)
    if cells.get("flagged"):
        yield _event(row, "flag", flagged=True)
    if op == "retract":
        if row.unit.unit_id not in decided:
            raise TableError("there is no decision on this sentence to undo")
        yield _event(row, op, ref=decided.pop(row.unit.unit_id))
        return
    event = _event(row, op, answers=list(_answers(row)), seconds=_seconds(cells))
    decided[row.unit.unit_id] = event.uuid
    yield event


def _event(row: _Row, op: str, **fields: Any) -> Event:
    stated = {
        "uuid": row.uuid(op),
        "op": op,
        "unit": row.unit.unit_id,
        "scheme": row.scheme.id,
        # The arm a unit has while there is no model yet.
        "arm": "random" if row.unit.draw < RESERVED else "",
        "client_at": _time(row.cells["when"]),
    }
    try:
        return Event.model_validate(stated | fields)
    except ValidationError as fault:
        first = fault.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise TableError(f"cannot be read as a decision: {place}: {first['msg']}") from fault


def _answers(row: _Row) -> Iterator[dict[str, str]]:
    for written in filter(None, map(str.strip, row.cells["frames"].split(";"))):
        use = "rejected" if written.endswith(REJECTED) else "asserted"
        yield {"variable": "frame", "code": written.removesuffix(REJECTED), "use": use}
    for target in _targets(row.scheme):
        if code := row.cells[target]:
            yield {"variable": "stance", "target": target, "code": code}


def _seconds(cells: Mapping[str, str]) -> float | None:
    written = cells.get("seconds", "")
    try:
        return float(written) if written else None
    except ValueError as fault:
        raise TableError(f"seconds {written!r} is no number") from fault


def _time(written: str) -> str:
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise TableError(f"when {written!r} is no time; write it like 2021-06-07T08:12:06+00:00")
    return written
