"""Decisions copied to the same sentence in the copies of a document; never votes of their own.

A copied decision is an event like any other, with the original's uuid as its ``origin`` and
``copy`` as its arm. It goes when the original is taken back, and follows when that is changed.
"""

from __future__ import annotations

import json
import sqlite3
import uuid
from collections.abc import Sequence
from typing import Any, NamedTuple

from annotator.core.annotation import BULK, STATUS_OF, Event
from annotator.store.connection import Store

ARM = "copy"
"""The arm of a decision that was copied."""

ONCE = "code_once"
"""The project's setting by which the queue leaves copies out: 1, or nothing."""

SPREAD = "propagate"
"""The project's setting that says when decisions are copied."""

MOST = 200
"""Documents that a save copies to, and the desk looks through; the Copies page does the rest."""

COPIED = ("set", "not_codable")
"""What is copied; that a coder passed a sentence on says nothing about the others."""

_NAMESPACE = uuid.UUID("b1c9a3f2-54d7-5a10-8c3e-2f7d90be6a41")


class Same(NamedTuple):
    """A unit of the same text in another document of the cluster; ``start`` is its place there."""

    seq: int
    id: str
    start: int


class Original(NamedTuple):
    """The unit that was decided on."""

    seq: int
    document_id: str
    cluster_id: str
    start: int
    text: str


def originals(conn: sqlite3.Connection, units: Sequence[int]) -> list[Original]:
    """Those of the units of these numbers whose documents have copies."""
    rows = conn.execute(
        "select u.seq, d.id, d.cluster_id, u.start, u.text from json_each(?) j"
        " cross join unit u on u.seq = j.value"
        " cross join document d indexed by document_story on d.id = u.document_id"
        " where d.cluster_id <> ''",
        (json.dumps(list(units)),),
    )
    return [Original._make(row) for row in rows.fetchall()]


def original(conn: sqlite3.Connection, unit: int) -> Original | None:
    """The unit of this number, where its document has copies."""
    return next(iter(originals(conn, [unit])), None)


def same(conn: sqlite3.Connection, here: Original, *, most: int = -1) -> list[Same]:
    """The units of the same text in the cluster's other documents of the corpus."""
    rows = conn.execute(
        "select u.seq, u.id, u.start from (select id from document where cluster_id = ?"
        " and retired = 0 and id <> ? order by rowid limit ?) d"
        " cross join unit u on u.document_id = d.id where u.text = ? order by u.seq",
        (here.cluster_id, here.document_id, most, here.text),
    )
    return [Same._make(row) for row in rows]


def copies(store: Store, units: Sequence[int]) -> dict[int, int]:
    """How many other documents of its cluster have each very sentence, among ``MOST`` of them."""
    found = dict.fromkeys(units, 0)
    for here in originals(store.db.conn, units):
        others = same(store.db.conn, here, most=MOST)
        found[here.seq] = len({one.id.partition(":")[0] for one in others})
    return found


def after_save(
    conn: sqlite3.Connection, unit: int, coder: str, event: Event
) -> list[tuple[int, Event]]:
    """The events that a decision brings with it, each with the number of its unit.

    What was copied from an earlier decision on the unit follows it. The rest is copied only where
    the project says that decisions always are.
    """
    # One that comes in from a file is a copy itself; what was confirmed in a list was not read.
    if event.arm in (ARM, BULK):
        return []
    if event.op not in STATUS_OF or (here := original(conn, unit)) is None:
        return []
    following = _following(conn, here, coder, event)
    targets = {one.seq: one for one in following}
    if event.op in COPIED and _is_always(conn):
        targets |= {one.seq: one for one in _open(conn, here, coder, event, most=MOST)}
    return [(seq, copied(event, here, one)) for seq, one in sorted(targets.items())]


def is_always(store: Store) -> bool:
    """Whether every save is copied."""
    return _is_always(store.db.conn)


def _is_always(conn: sqlite3.Connection) -> bool:
    found = conn.execute("select 1 from project where key = ? and value = 'always'", (SPREAD,))
    return found.fetchone() is not None


def spread(
    conn: sqlite3.Connection, unit: int, coder: str, event: Event
) -> list[tuple[int, Event]]:
    """The events that copy a decision to every same sentence which the coder has not decided."""
    if event.op not in COPIED or (here := original(conn, unit)) is None:
        return []
    return [(one.seq, copied(event, here, one)) for one in _open(conn, here, coder, event)]


def _open(
    conn: sqlite3.Connection, here: Original, coder: str, event: Event, *, most: int = -1
) -> list[Same]:
    """The same sentences on which the coder has not decided, nor taken this decision back."""
    return [
        one
        for one in same(conn, here, most=most)
        if not conn.execute(
            "select 1 from coding where coder = ? and round = ? and pass = ? and unit = ?"
            " and decided is not null union all select 1 from event where uuid = ?",
            (coder, event.round, event.pass_, one.seq, uuid_of(event.uuid, one.id)),
        ).fetchone()
    ]


def _following(conn: sqlite3.Connection, here: Original, coder: str, event: Event) -> list[Same]:
    """The units that hold what was copied from an earlier decision on this one."""
    rows = conn.execute(
        "select distinct u.seq, u.id, u.start from event o"
        " cross join event e on e.origin = o.uuid and e.arm = ?"
        " cross join unit u on u.id = e.subject_id"
        " cross join coding c on c.coder = o.coder and c.round = o.round and c.pass = o.pass"
        "  and c.unit = u.seq and c.event = e.uuid"
        " where o.subject = 'unit' and o.subject_id = ? and o.coder = ? and o.round = ?"
        " and o.pass = ?",
        (ARM, event.unit, coder, event.round, event.pass_),
    )
    return [Same._make(row) for row in rows]


def copied(event: Event, here: Original, there: Same) -> Event:
    """The event that says the same of the same sentence elsewhere, its evidence moved there.

    What was on screen, the time spent, the memo and the flag belong to the original alone.
    """
    moved = there.start - here.start
    answers: list[dict[str, Any]] = [
        answer.model_dump()
        | {"spans": tuple((start + moved, end + moved) for start, end in answer.spans)}
        for answer in event.answers
    ]
    return Event.model_validate(
        {
            "uuid": uuid_of(event.uuid, there.id),
            "op": event.op,
            "unit": there.id,
            "scheme": event.scheme,
            "round": event.round,
            "pass": event.pass_,
            "arm": ARM,
            "answers": answers,
            "asked": event.asked,
            "origin": event.uuid,
            "client_at": event.client_at,
        }
    )


def uuid_of(origin: str, unit: str) -> str:
    """The name of the copy of an event on this unit, by which an export can tell its origin."""
    return str(uuid.uuid5(_NAMESPACE, f"{origin} {unit}"))


class Candidate(NamedTuple):
    """A decision that may be copied, by the uuid of its event."""

    uuid: str
    unit: int
    coder: str


class Preview(NamedTuple):
    """What copying comes to: decisions that would be copied, and the sentences they are for."""

    decisions: int
    sentences: int


def preview(store: Store, *, coder: str = "", cluster_id: str = "") -> Preview:
    """What copying the ``candidates`` comes to."""
    # The texts of all decisions are looked for together, each cluster's units being read once.
    row = store.db.execute(
        "with decided as materialized (select d.cluster_id, d.id as document_id, u.text, c.event,"
        "  c.coder, c.round, c.pass from document d indexed by document_cluster"
        "  cross join unit u on u.document_id = d.id cross join coding c on c.unit = u.seq"
        "  where d.cluster_id <> '' and d.retired = 0 and (?1 = '' or d.cluster_id = ?1)"
        "  and (?2 = '' or c.coder = ?2) and c.decided in ('coded', 'not_codable') and c.arm <> ?3)"
        " select count(distinct event), count(distinct json_array(coder, round, pass, seq)) from ("
        " select m.event, m.coder, m.round, m.pass, v.seq"
        "  from (select distinct cluster_id from decided) s"
        "  cross join document o indexed by document_cluster on o.cluster_id = s.cluster_id"
        "   and o.cluster_id <> '' and o.retired = 0"
        "  cross join unit v on v.document_id = o.id"
        "  cross join decided m on m.cluster_id = s.cluster_id and m.text = v.text"
        "   and m.document_id <> o.id"
        "  where not exists (select 1 from coding b where b.coder = m.coder and b.round = m.round"
        "   and b.pass = m.pass and b.unit = v.seq and b.decided is not null)"
        "  and not exists (select 1 from event e where e.origin = m.event"
        "   and e.subject_id = v.id))",
        (cluster_id, coder, ARM),
    ).fetchone()
    return Preview(*row)


def candidates(store: Store, *, coder: str = "", cluster_id: str = "") -> list[Candidate]:
    """The decisions that coders made themselves in documents with copies, in order."""
    rows = store.db.execute(
        "select c.event, c.unit, c.coder from document d indexed by document_cluster"
        " cross join unit u on u.document_id = d.id cross join coding c on c.unit = u.seq"
        " where d.cluster_id <> '' and d.retired = 0 and (?1 = '' or d.cluster_id = ?1)"
        " and (?2 = '' or c.coder = ?2) and c.decided in ('coded', 'not_codable') and c.arm <> ?3"
        " order by c.recorded, c.unit",
        (cluster_id, coder, ARM),
    )
    return [Candidate._make(row) for row in rows]
