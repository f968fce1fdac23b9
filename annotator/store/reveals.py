"""What coders saw of suggestions, and what they had answered before: decide, then reveal."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from annotator.core.annotation import BULK, CHECK, SUGGEST, Event
from annotator.core.records import Candidates, CodingRecord, Place, RevealRecord
from annotator.store import spreading
from annotator.store.catalogue import RETIRED_UNITS
from annotator.store.connection import Store
from annotator.store.seat import Seat
from annotator.store.views import SOURCE, source_of

_IS_SHOWN = "exists (select 1 from json_each(e.candidates) c where json_extract(c.value, '$[5]'))"
"""Of an event ``e``: a suggestion was on screen."""

_FIRST = "json_extract(e.payload, '$.first')"

_UNDONE = "exists (select 1 from event r where r.ref = {} and r.op = 'retract')"


class Sight(NamedTuple):
    """That a coder saw a unit's suggestions.

    ``revealed`` only once they had answered; ``first`` is then that answer's uuid, empty where it
    was taken back since.
    """

    revealed: bool
    first: str = ""


def sights(store: Store, seat: Seat, units: Sequence[str]) -> dict[str, Sight]:
    """Those of the units whose suggestions the coder has seen on the desk; others are not there."""
    rows = store.db.execute(
        f"select e.subject_id, e.op, coalesce({_FIRST}, ''), {_UNDONE.format(_FIRST)}"
        " from json_each(?) j cross join event e on e.subject = 'unit' and e.subject_id = j.value"
        " and e.coder = ? where e.round = ? and e.pass = ? and e.arm = ?"
        f" and e.op in ('set', 'reveal') and {_IS_SHOWN} order by e.seq",
        (json.dumps(list(units)), *seat[:3], SUGGEST),
    )
    found: dict[str, Sight] = {}
    for unit, op, first, undone in rows:
        if op == "reveal":
            found[unit] = Sight(revealed=True, first="" if undone else first)
        else:
            found.setdefault(unit, Sight(revealed=False))
    return found


def last_blind(store: Store, coding: CodingRecord) -> Event | None:
    """The coder's last answer on the unit that nothing had led: no suggestion, and no doubt of it.

    What was taken back does not count, nor do reviews of a label, confirmations in a list, copies.
    """
    row = store.db.execute(
        f"select {SOURCE} from event e where e.subject = 'unit' and e.subject_id = ?"
        " and e.coder = ? and e.round = ? and e.pass = ? and e.op = 'set'"
        " and e.arm not in (select value from json_each(?))"
        f" and {_FIRST} is null and not {_UNDONE.format('e.uuid')}"
        f" and not {_IS_SHOWN} order by e.seq desc limit 1",
        (
            *(coding.unit.subject, coding.coder, coding.round, coding.pass_),
            json.dumps([CHECK, BULK, spreading.ARM]),
        ),
    ).fetchone()
    return source_of(row).event if row else None


def reveals(store: Store) -> Iterator[RevealRecord]:
    """Every reveal on a unit that stands as coded, in the order of units, coders and time.

    One is left out where the answer before it was taken back: nothing stands that it followed.
    """
    rows = store.db.execute(
        "select d.uuid, f.uuid, e.subject_id, e.coder, e.round, e.candidates, f.payload,"
        " d.payload, coalesce(e.model_id, '') from event e"
        " join unit u on u.id = e.subject_id"
        f" join event f on f.uuid = {_FIRST}"
        " join coding c on c.unit = u.seq and c.coder = e.coder and c.round = e.round"
        "  and c.pass = e.pass and c.status = 'coded'"
        " join event d on d.uuid = c.event where e.subject = 'unit' and e.op = 'reveal'"
        f" and not {_UNDONE.format('f.uuid')} and u.seq not in {RETIRED_UNITS}"
        " order by u.seq, e.coder, e.round, e.pass, e.seq"
    )
    for *about, candidates, first, final, model_id in rows:
        told = (*about, Candidates(candidates), _codes(first), _codes(final), model_id)
        yield RevealRecord._make(told)


def _codes(payload: str) -> frozenset[Place]:
    """The codes of a decision, asserted or rejected, by variable, target and code."""
    answers = json.loads(payload).get("answers", [])
    return frozenset((one["variable"], one.get("target", ""), one["code"]) for one in answers)
