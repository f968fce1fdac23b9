"""Copying decisions when somebody asks for it, as one thing that can be taken back.

What was asked for is an event with ``cluster`` as its subject: it names the copies that came of it.
One that is made in several transactions has an event for each; the first is the ``origin`` of the
others.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import NamedTuple

from annotator.core.annotation import Event
from annotator.core.errors import RejectedEventError
from annotator.store import events, journal, spreading
from annotator.store.connection import Store
from annotator.store.events import Told
from annotator.store.journal import About
from annotator.store.spreading import Candidate


class Asked(NamedTuple):
    """What somebody asks to be copied; empty is every cluster, and the decisions of every coder."""

    uuid: str
    cluster_id: str
    coder: str
    who: str

    @property
    def about(self) -> tuple[About, str]:
        """What its events are about."""
        return "cluster", self.cluster_id


class Propagation(NamedTuple):
    """What was asked for, and how many sentences were decided by it.

    ``title`` is that of the cluster's first document, empty where it is gone.
    """

    uuid: str
    at: str
    who: str
    cluster_id: str
    title: str
    coder: str
    sentences: int
    undone: bool


class Standing(NamedTuple):
    """A copied decision that was not taken back."""

    uuid: str
    coder: str
    unit: str
    scheme: int
    round: str
    pass_: int


def copy(
    store: Store, asked: Asked, decisions: Sequence[Candidate], at: str, *, most: int
) -> tuple[int, int]:
    """Copy decisions until about ``most`` copies are made, in one transaction with their event.

    Gives how many of the decisions were gone through, and how many copies were made.
    """
    with store.write() as conn:
        gone, copies = events.spread(store, decisions, at, most=most)
        if copies:
            told = {"coder": asked.coder, "copies": copies}
            begun = bool(events.known(store, [asked.uuid]))
            own, origin = ("", asked.uuid) if begun else (asked.uuid, None)
            journal.append(
                *(conn, asked.about, "propagate", told, asked.who, at), own=own, origin=origin
            )
    return gone, len(copies)


def find(store: Store, event_uuid: str) -> Asked | None:
    """What was asked for by the event of that uuid; None where it is no such event."""
    row = store.db.execute(
        "select uuid, subject_id, json_extract(payload, '$.coder'), coder from event"
        " where uuid = ? and subject = 'cluster' and op = 'propagate' and origin is null",
        (event_uuid,),
    ).fetchone()
    return Asked._make(row) if row else None


def standing(store: Store, asked: Asked) -> list[Standing]:
    """The copies that came of it and were not taken back, the newest first.

    With what followed them where their originals were decided anew, and with those beneath what
    the coder decided there since, so that they do not come back when that is undone.
    """
    rows = store.db.execute(
        "select f.uuid, f.coder, f.subject_id, f.scheme, f.round, f.pass"
        " from event p cross join json_each(p.payload, '$.copies') j"
        " cross join event c on c.uuid = j.value"
        " cross join event f on f.subject = 'unit' and f.subject_id = c.subject_id"
        "  and f.coder = c.coder and f.round = c.round and f.pass = c.pass and f.arm = ?2"
        "  and f.seq >= c.seq"
        " where p.subject = 'cluster' and p.op = 'propagate' and ?1 in (p.uuid, p.origin)"
        " and not exists (select 1 from event r where r.op = 'retract'"
        "  and r.ref in (c.uuid, c.origin, f.uuid, f.origin)) order by f.seq desc",
        (asked.uuid, spreading.ARM),
    )
    return [Standing._make(row) for row in rows]


def take_back(store: Store, copies: Sequence[Standing], undo: str, at: str) -> None:
    """Take these copies back, each by an event that names ``undo`` as its origin."""
    events.record_all(store, [Told(one.coder, _retract(one, undo), at) for one in copies])


def _retract(one: Standing, undo: str) -> Event:
    return Event.model_validate(
        {
            "uuid": str(uuid.uuid4()),
            "op": "retract",
            "unit": one.unit,
            "scheme": one.scheme,
            "round": one.round,
            "pass": one.pass_,
            "ref": one.uuid,
            "origin": undo,
        }
    )


def end(store: Store, asked: Asked, undo: str, who: str, at: str) -> None:
    """Note that it is taken back as a whole, by the event ``undo``.

    Raises ``RejectedEventError`` where it was already.
    """
    with store.write() as conn:
        if is_undone(store, asked):
            raise RejectedEventError("there is nothing here to take back")
        journal.append(conn, asked.about, "retract", {}, who, at, own=undo, ref=asked.uuid)


def is_undone(store: Store, asked: Asked) -> bool:
    """Whether it was taken back as a whole."""
    found = store.db.execute("select 1 from event where ref = ?", (asked.uuid,))
    return found.fetchone() is not None


def history(store: Store, *, limit: int = 20) -> list[Propagation]:
    """What was copied because somebody asked for it, the newest first."""
    rows = store.db.execute(
        "select p.uuid, p.recorded_at, p.coder, p.subject_id,"
        " coalesce(nullif(d.title, ''), d.file, ''), json_extract(p.payload, '$.coder'),"
        " (select sum(json_array_length(e.payload, '$.copies')) from event e"
        "  where e.uuid = p.uuid or e.origin = p.uuid),"
        " exists (select 1 from event r where r.ref = p.uuid) from event p"
        " left join document d on d.id = p.subject_id"
        " where p.subject = 'cluster' and p.op = 'propagate' and p.origin is null"
        " order by p.seq desc limit ?",
        (limit,),
    )
    return [Propagation._make((*row[:7], bool(row[7]))) for row in rows]
