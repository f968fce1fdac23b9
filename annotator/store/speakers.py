"""Who speaks in a project, as lists and figures. Documents that are retired are out of all of it.

A unit's speakers are those that a coder set, where one did, and else those that the machine found.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from typing import Any, NamedTuple

from annotator.core.errors import RejectedEventError
from annotator.store.actor_rules import Rules
from annotator.store.catalogue import holding
from annotator.store.connection import Store
from annotator.store.naming import key_of

ORDERS = {"documents": "documents desc, name", "name": "name"}
"""What a list can be ordered by."""

IN_CORPUS = "p.document_id not in (select id from document where retired = 1)"

SPEAKS = (
    "(s.basis = 'coder' or not exists"
    " (select 1 from voice v where v.unit = s.unit and v.basis = 'coder'))"
)
"""Whether a row of ``speaker s`` holds, or a coder said otherwise."""

UNITS = (
    "select distinct s.unit from person p join speaker s on s.person = p.id"
    f" where p.actor = a.id and {IN_CORPUS} and {SPEAKS}"
)
"""The units in which the actor ``a`` speaks."""


class Entry(NamedTuple):
    """One actor of the list: in how many documents they are, and in how many units they speak."""

    key: str
    name: str
    kind: str
    affiliation: str
    aliases: tuple[str, ...]
    documents: int
    units: int


class Listing(NamedTuple):
    """A page of the list, and how many actors the whole list has."""

    rows: list[Entry]
    total: int


class Said(NamedTuple):
    """One unit in which an actor speaks; ``speaker`` is everybody who does there.

    ``mode`` and ``confidence`` (0 to 1) are the machine's, of the weakest attribution; empty and
    None where a coder set the speaker.
    """

    unit: str
    text: str
    title: str
    source: str
    published: str
    voice: str
    speaker: str
    basis: str
    mode: str
    confidence: float | None


class Sayings(NamedTuple):
    """A page of what an actor says, and in how many units they speak."""

    rows: list[Said]
    total: int


class Reach(NamedTuple):
    """What hangs on actors: ``holdings`` are answers whose holder goes by one of their names."""

    documents: int
    units: int
    names: tuple[str, ...]
    holdings: int


class Counts(NamedTuple):
    """How many documents were listened to and how many wait, and who was found in them.

    ``nameless`` are people of documents who may be anybody: roles, and surnames alone.
    """

    heard: int
    waiting: int
    actors: int
    nameless: int


def listing(
    store: Store,
    *,
    words: str = "",
    kind: str | None = None,
    order: str = "documents",
    limit: int = 100,
    offset: int = 0,
) -> Listing:
    """The actors whose names or affiliation hold ``words``, one page of them.

    ``kind`` is one kind, exactly; None takes all of them.
    """
    tests, values = ["true"], {"words": holding(words.strip()), "kind": kind}
    if words.strip():
        held = ("name", "affiliation", "aliases")
        tests.append("(" + " or ".join(f"a.{c} like :words escape '\\'" for c in held) + ")")
    if kind is not None:
        tests.append("a.kind = :kind")
    rows = store.db.execute(
        "with spoke as (select actor as id, count(*) as documents from (select distinct p.actor,"
        f" p.document_id from person p where p.actor is not null and {IN_CORPUS}) group by actor)"
        " select a.id, a.key, a.name, a.kind, a.affiliation, a.aliases, found.documents,"
        f" (select count(*) from ({UNITS})), found.total from (select a.id, spoke.documents,"
        "  count(*) over () as total from spoke join actor a on a.id = spoke.id"
        f"  where {' and '.join(tests)} order by {ORDERS[order]} limit :limit offset :offset) found"
        f" join actor a on a.id = found.id order by {ORDERS[order]}",
        values | {"limit": limit, "offset": offset},
    ).fetchall()
    return Listing([_entry(row[:8]) for row in rows], rows[0][8] if rows else 0)


def _entry(row: Sequence[Any]) -> Entry:
    _, key, name, kind, affiliation, aliases, documents, units = row
    return Entry(key, name, kind, affiliation, tuple(json.loads(aliases)), documents, units)


def entry(store: Store, key: str) -> Entry | None:
    """One actor as lists show them; None where there is none of this key."""
    row = store.db.execute(
        "select a.id, a.key, a.name, a.kind, a.affiliation, a.aliases,"
        " (select count(distinct p.document_id) from person p"
        f"  where p.actor = a.id and {IN_CORPUS}),"
        f" (select count(*) from ({UNITS})) from actor a where a.key = ?",
        (key,),
    ).fetchone()
    return None if row is None else _entry(row)


def find(store: Store, name: str) -> Entry:
    """The actor of that name or key, whichever way it is spelt, or under an alias.

    Raises ``RejectedEventError`` where there is none, with some that are called alike.
    """
    key = Rules.of(store.db.conn).owner(key_of(name))
    found = entry(store, key) or entry(store, name)
    if found is None:
        alike = [one.name for one in listing(store, words=name, limit=3).rows]
        hint = f"; did you mean {', '.join(alike)}?" if alike else ""
        raise RejectedEventError(f"this project has no speaker {name!r}{hint}")
    return found


def sayings(store: Store, key: str, *, limit: int = 50, offset: int = 0) -> Sayings:
    """The units in which an actor speaks, in the order of coding."""
    chosen = (
        "with said as materialized (select distinct s.unit from actor a"
        " join person p on p.actor = a.id join speaker s on s.person = p.id"
        f" where a.key = :key and {IN_CORPUS} and {SPEAKS})"
    )
    values = {"key": key, "limit": limit, "offset": offset}
    (total,) = store.db.execute(f"{chosen} select count(*) from said", values).fetchone()
    rows = store.db.execute(
        f"{chosen} select u.id, u.text, coalesce(nullif(d.title, ''), d.file), d.source,"
        " d.published, v.voice, v.speaker, v.basis, v.mode, v.confidence"
        " from (select unit from said order by unit limit :limit offset :offset) here"
        " join unit u on u.seq = here.unit join document d on d.id = u.document_id"
        " join voice v on v.unit = u.seq and v.basis = (select min(basis) from voice"
        "  where unit = u.seq) order by u.seq",
        values,
    )
    return Sayings([Said._make(row) for row in rows], total)


def shares(store: Store, keys: Sequence[str]) -> list[tuple[str, str, int]]:
    """In how many units of each outlet each of these actors speaks, by name and outlet."""
    rows = store.db.execute(
        "select a.name, d.source, count(distinct s.unit) from json_each(?) j"
        " join actor a on a.key = j.value join person p on p.actor = a.id"
        " join document d on d.id = p.document_id and d.retired = 0"
        f" join speaker s on s.person = p.id where {SPEAKS} group by j.key, d.source"
        " order by j.key, d.source",
        (json.dumps(list(keys)),),
    )
    return rows.fetchall()


def voices_by_source(store: Store) -> list[tuple[str, str, int]]:
    """How many units of each outlet are in which voice, by coders where they said so."""
    rows = store.db.execute(
        "with spoken as (select u.document_id as id, v.voice as voice, count(*) as units"
        " from voice v join unit u on u.seq = v.unit where v.basis = 'coder' or not exists"
        "  (select 1 from voice c where c.unit = v.unit and c.basis = 'coder')"
        " group by u.document_id, v.voice)"
        " select d.source, s.voice, sum(s.units) from spoken s join document d on d.id = s.id"
        " where d.retired = 0 group by d.source, s.voice order by d.source, s.voice"
    )
    return rows.fetchall()


def reach(store: Store, keys: Sequence[str]) -> Reach:
    """What hangs on these actors together."""
    conn = store.db.conn
    chosen = json.dumps(list(keys))
    names = _names(conn, chosen)
    documents, units = conn.execute(
        "select count(distinct p.document_id), count(distinct case when"
        f" {SPEAKS} then s.unit end) from json_each(?) j join actor a on a.key = j.value"
        " join person p on p.actor = a.id left join speaker s on s.person = p.id"
        f" where {IN_CORPUS}",
        (chosen,),
    ).fetchone()
    (holdings,) = conn.execute(
        "select count(*) from annotation where holder in (select value from json_each(?))",
        (json.dumps(names),),
    ).fetchone()
    return Reach(documents, units, tuple(names), holdings)


def _names(conn: sqlite3.Connection, chosen: str) -> list[str]:
    rows = conn.execute(
        "select a.name from json_each(?1) j join actor a on a.key = j.value union"
        " select p.name from json_each(?1) j join actor a on a.key = j.value"
        " join person p on p.actor = a.id order by 1",
        (chosen,),
    )
    return [row[0] for row in rows]


def people(store: Store, key: str) -> list[tuple[str, str, str]]:
    """Everybody who is this actor, as document, its title, and their name there."""
    rows = store.db.execute(
        "select p.document_id, coalesce(nullif(d.title, ''), d.file), p.name from actor a"
        " join person p on p.actor = a.id join document d on d.id = p.document_id"
        " where a.key = ? order by d.rowid, p.name",
        (key,),
    )
    return rows.fetchall()


def kinds(store: Store) -> list[tuple[str, int]]:
    """Each kind of actor with how many there are, most first."""
    rows = store.db.execute("select kind, count(*) from actor group by kind order by 2 desc, 1")
    return rows.fetchall()


def known(store: Store) -> list[tuple[str, str, str, int]]:
    """Every actor by key, name and affiliation, with how many documents they are in."""
    rows = store.db.execute(
        "select a.key, a.name, a.affiliation, count(distinct p.document_id) from actor a"
        f" join person p on p.actor = a.id where {IN_CORPUS} group by a.id order by a.key"
    )
    return rows.fetchall()


def counts(store: Store) -> Counts:
    """How far listening is, and who was found."""
    row = store.db.execute(
        "select (select count(*) from document where voices <> ''),"
        " (select count(*) from document where voices = ''), (select count(*) from actor),"
        " (select count(*) from person where actor is null)"
    ).fetchone()
    return Counts._make(row)
