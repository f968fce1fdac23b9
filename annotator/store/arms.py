"""What coders decided in the two arms that are compared: with suggestions, and without."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from annotator.core.annotation import BULK, CHECK, MAIN_ROUND
from annotator.store.catalogue import RETIRED_UNITS
from annotator.store.connection import Store

COMPARED = ("suggest", "control")
"""The arms of a sampler's units; a unit's arm is the one that its event names."""


class ArmDecision(NamedTuple):
    """One coder's answer about one unit, in the main round.

    ``number`` is that of its event, in the order in which they were recorded; ``payload`` and
    ``candidates`` are JSON as the event keeps them. ``revealed`` says that the suggestions came
    into sight once the coder had answered.
    """

    number: int
    uuid: str
    unit: int
    coder: str
    arm: str
    seconds: float | None
    payload: str
    candidates: str
    revealed: bool


_ROW = (
    "e.seq, e.uuid, c.unit, c.coder, e.arm, e.seconds, e.payload, e.candidates,"
    " exists (select 1 from event s where s.subject = 'unit' and s.subject_id = e.subject_id"
    "  and s.coder = e.coder and s.op = 'reveal')"
)
_STANDS = (
    " c.round = ? and c.pass = 1 and c.status = 'coded' and c.layer = 'coder'"
    f" and c.unit not in {RETIRED_UNITS}"
    " and e.candidates is not null and e.arm in (select value from json_each(?))"
)


def decisions(store: Store) -> Iterator[ArmDecision]:
    """The decisions in force of both arms for which a model had scores.

    Where a label was reviewed since, or confirmed in a list, it is the last answer before that:
    which labels are reviewed depends on what the model thinks of them. Copies are left out, and
    documents that are retired.
    """
    values = (MAIN_ROUND, json.dumps(COMPARED))
    rows = store.db.execute(
        f"select {_ROW} from coding c join event e on e.uuid = c.event where{_STANDS}", values
    )
    yield from map(_decision, rows)
    before = store.db.execute(
        f"select {_ROW}, max(e.seq) from coding c join unit u on u.seq = c.unit"
        " join event e on e.subject = 'unit' and e.subject_id = u.id and e.coder = c.coder"
        f" and e.round = c.round and e.pass = c.pass and e.op = 'set' where{_STANDS}"
        " and c.arm in (select value from json_each(?)) and not exists"
        "  (select 1 from event r where r.ref = e.uuid and r.op = 'retract')"
        " group by c.coder, c.unit",
        (*values, json.dumps([CHECK, BULK])),
    )
    yield from (_decision(row[:-1]) for row in before)


def _decision(row: tuple[Any, ...]) -> ArmDecision:
    return ArmDecision._make((*row[:-1], bool(row[-1])))


def confirmed(store: Store) -> int:
    """How many decisions rest on a confirmation in a list."""
    row = store.db.execute(
        "select count(*) from coding where round = ? and status = 'coded' and arm = ?",
        (MAIN_ROUND, BULK),
    ).fetchone()
    return int(row[0])


def policies(store: Store) -> list[tuple[int, dict[str, Any]]]:
    """Every policy about suggestions that was put in force, behind the number of its event."""
    rows = store.db.execute(
        "select seq, payload from event where subject = 'project' and op = 'policy' order by seq"
    )
    return [(number, json.loads(payload)) for number, payload in rows]
