"""What a coder did that can be taken back, and the stances that they hold in an article."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from typing import NamedTuple

from annotator.store import reviews
from annotator.store.connection import Store
from annotator.store.seat import Seat


def units_of(store: Store, uuids: Sequence[str]) -> dict[str, str]:
    """Of each of these events that the project holds, the id of the unit it is about."""
    rows = store.db.execute(
        "select uuid, subject_id from event where uuid in (select value from json_each(?))",
        (json.dumps(list(uuids)),),
    )
    return dict(rows.fetchall())


class Done(NamedTuple):
    """One thing that a coder did to a unit or a whole article, and can take back.

    ``number`` is that of the event, in the order in which all were done.
    """

    event: str
    unit: str
    op: str
    number: int


def lately(store: Store, seat: Seat, units: Collection[str]) -> list[Done]:
    """What the coder did to these units, oldest first: decisions in force, and who speaks.

    What came with something done to another unit is left out.
    """
    rows = store.db.execute(
        "select e.uuid, e.subject_id, e.op, e.seq from json_each(?) j join unit u on u.id = j.value"
        " join event e on e.subject = 'unit' and e.subject_id = u.id and e.coder = ?"
        " left join coding c on c.event = e.uuid and c.unit = u.seq and c.coder = e.coder"
        "  and c.round = e.round and c.pass = e.pass"
        " where e.round = ? and e.pass = ? and e.origin is null"
        f" and ((c.decided is not null and {reviews.through('?5')}) or (e.op = 'speaker'"
        "  and not exists (select 1 from event r where r.ref = e.uuid))) order by e.seq",
        (json.dumps(list(units)), *seat[:3], seat.list),
    )
    return [Done._make(row) for row in rows]


class Stance(NamedTuple):
    """One stance that the coder holds in a unit of a document; ``position`` counts from 0."""

    unit: str
    position: int
    variable: str
    target: str
    holder: str
    code: str


def held(store: Store, seat: Seat, documents: Collection[str]) -> dict[str, list[Stance]]:
    """The stances that the coder holds in these documents, each in the order of the text."""
    found: dict[str, list[Stance]] = {}
    for document, *told in store.db.execute(
        "select p.document_id, u.id, u.idx, a.variable, a.target, a.holder, a.code"
        " from document_progress p cross join unit u on u.document_id = p.document_id"
        " cross join annotation a on a.unit = u.seq and a.coder = p.coder and a.round = p.round"
        " and a.pass = p.pass where p.coder = ? and p.round = ? and p.pass = ? and p.done > 0"
        " and p.document_id in (select value from json_each(?))"
        " and a.target <> '' and a.use = 'asserted' order by u.idx, a.position",
        (*seat[:3], json.dumps(list(documents))),
    ):
        found.setdefault(document, []).append(Stance._make(told))
    return found
