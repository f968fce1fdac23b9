"""What coders say of whole articles: the cards that are due, and what was said on them.

A card is due when the coder has decided on every unit of its article, in whatever order and
through whichever list.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from typing import NamedTuple

from annotator.core.annotation import Decision
from annotator.store import views
from annotator.store.coded_once import is_coded_once
from annotator.store.connection import Store
from annotator.store.done import Done
from annotator.store.seat import Seat
from annotator.store.views import NOTHING

MOST_DUE = 20
"""Cards sent at once; the next ones follow when these are decided."""


class Card(NamedTuple):
    """One article as its card shows it, with the coder's own decision.

    ``cursor`` is the place in the queue of the last unit that the coder has not decided; where
    none is left, the card is ``due``. ``recorded`` is as in ``views.Standing``.
    """

    document_id: str
    title: str
    source: str
    published: str
    place: str
    author: str
    url: str
    retired: bool
    units: int
    cursor: int
    due: bool
    decision: Decision
    recorded: int


_IN_QUEUE = (
    "(:queue = '' or exists (select 1 from unit q join listed l on l.unit = q.seq"
    " where q.document_id = p.document_id and l.list = :queue))"
)
"""Of a document ``p``: the seat's list has a unit of it."""

_BEGUN = (
    "(d.copy = 0 or exists (select 1 from document_own o where o.coder = :coder"
    " and o.round = :round and o.pass = :pass_ and o.document_id = d.id and o.decided > 0))"
)
"""Of a document ``d``: it copies no earlier one, or the coder has begun it all the same."""


def due(store: Store, seat: Seat, *, most: int = MOST_DUE) -> list[Card]:
    """The articles of the queue that the coder is through with, but for the card.

    Where each story is coded once, that of a copy comes only to who has begun the copy.
    """
    once = f" and {_BEGUN}" if is_coded_once(store) and not seat.queue else ""
    rows = store.db.execute(
        "select d.id from (select p.document_id, p.done from document_progress p left join card c"
        "   on c.coder = p.coder and c.round = p.round and c.pass = p.pass"
        "   and c.document_id = p.document_id"
        "  where p.coder = :coder and p.round = :round and p.pass = :pass_ and p.done > 0"
        "  and c.status is null) p cross join document d on d.id = p.document_id"
        f" where p.done = d.units and d.retired = 0 and {_IN_QUEUE}{once}"
        " order by d.rowid limit :most",
        seat._asdict() | {"most": most},
    ).fetchall()
    return find(store, seat, [row[0] for row in rows])


def ahead(store: Store, seat: Seat, documents: Collection[str]) -> list[Card]:
    """Of these articles the cards that will be due once the queue is through with them.

    That of an article with an open unit outside the queue will not be.
    """
    wanted = json.dumps(list(documents))
    rows = store.db.execute(
        "select u.document_id, max(coalesce(l.position, u.seq)) from json_each(:documents) j"
        " cross join unit u on u.document_id = j.value"
        " left join listed l on l.list = :queue and l.unit = u.seq"
        " where not exists (select 1 from coding c where c.coder = :coder and c.round = :round"
        "  and c.pass = :pass_ and c.unit = u.seq and c.decided is not null)"
        " group by u.document_id having :queue = '' or count(*) = count(l.unit)",
        seat._asdict() | {"documents": wanted},
    )
    last = dict(rows.fetchall())
    found = find(store, seat, [one for one in documents if one in last])
    return [
        card._replace(cursor=last[card.document_id], due=False)
        for card in found
        if card.decision.status is None
    ]


def find(store: Store, seat: Seat, documents: Sequence[str]) -> list[Card]:
    """The cards of these articles, in this order; those that are not there are left out."""
    chosen = json.dumps(list(documents))
    rows = store.db.execute(
        "select d.id, coalesce(nullif(d.title, ''), d.file), d.source, d.published, d.place,"
        " d.author, d.url, d.retired, d.units, coalesce((select max(coalesce(l.position, u.seq))"
        "  from unit u left join listed l on l.list = :queue and l.unit = u.seq"
        "  where u.document_id = d.id and (:queue = '' or l.unit is not null)), 0)"
        " from json_each(:documents) j join document d on d.id = j.value order by j.key",
        seat._asdict() | {"documents": chosen},
    ).fetchall()
    said = views.standing(store.db.conn, views.CARDS, seat, documents)
    return [
        Card._make((*row[:7], bool(row[7]), row[8], row[9], True, *said.get(row[0], NOTHING)))
        for row in rows
    ]


def recent(store: Store, seat: Seat, *, most: int = 8) -> list[Card]:
    """The cards of the queue decided last, newest first."""
    rows = store.db.execute(
        "select p.document_id from card p join document d on d.id = p.document_id"
        " where p.coder = :coder and p.round = :round and p.pass = :pass_ and d.retired = 0"
        f" and p.status is not null and {_IN_QUEUE} order by p.recorded desc limit :most",
        seat._asdict() | {"most": most},
    ).fetchall()
    return find(store, seat, [row[0] for row in rows])


def lately(store: Store, seat: Seat, documents: Collection[str]) -> list[Done]:
    """The decisions in force on the cards of these articles, oldest first."""
    rows = store.db.execute(
        "select e.uuid, c.document_id, e.op, e.seq from card c join event e on e.uuid = c.event"
        " where c.document_id in (select value from json_each(?)) and c.coder = ? and c.round = ?"
        " and c.pass = ? and c.status is not null order by e.seq",
        (json.dumps(list(documents)), *seat[:3]),
    )
    return [Done._make(row) for row in rows]
