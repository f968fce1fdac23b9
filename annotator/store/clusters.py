"""Clusters: the documents that tell the same story, by machine and by what people say of them.

``document.cluster_id`` is the current view. What a machine finds comes and goes with the signatures
and can be found again; what a person separates or unites is an event about a document, and no
machine overrules it. A cluster bears the id of its first document, and has at least two.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from annotator.core.errors import RejectedEventError
from annotator.store import catalogue
from annotator.store.connection import Store


class Article(NamedTuple):
    """A document's text with what of it is not compared; ``furniture`` are spans of the text."""

    id: str
    text: str
    title: str
    furniture: tuple[tuple[int, int], ...]


class Signed(NamedTuple):
    """A document with its signature; ``compared`` is whether its cluster was looked for."""

    id: str
    signature: bytes
    cluster_id: str
    compared: bool


def waiting(store: Store) -> int:
    """How many documents were not compared yet."""
    row = store.db.execute(
        "select (select count(*) from document) - (select count(*) from signature)"
        " + (select count(*) from signature where compared = 0)"
    ).fetchone()
    return int(row[0])


def unsigned(store: Store, *, most: int, after: int = 0) -> list[tuple[int, Article]]:
    """Documents without a signature, in the order of import, each with its number there.

    No more than ``most``, of those behind the number ``after``.
    """
    rows = store.db.execute(
        "select rowid, id, text, title, furniture from document where rowid > ? and id not in"
        " (select document_id from signature) order by rowid limit ?",
        (after, most),
    )
    return [(row[0], _article(row[1:])) for row in rows]


def article(store: Store, document_id: str) -> Article:
    """One document. Raises ``RejectedEventError`` where there is none of this id."""
    return _article(catalogue.known(store.db.conn, document_id, "id, text, title, furniture"))


def _article(row: Sequence[Any]) -> Article:
    furniture = tuple((start, end) for start, end in json.loads(row[3]))
    return Article(row[0], row[1], row[2], furniture)


def sign(store: Store, signatures: Iterable[tuple[str, bytes]]) -> None:
    """Keep the signatures of documents; those of documents that are gone are let go."""
    with store.write() as conn:
        conn.executemany(
            "insert into signature (document_id, content) select id, ?2 from document"
            " where id = ?1 on conflict do nothing",
            signatures,
        )


def signed(store: Store) -> list[Signed]:
    """Every document that has a signature: those compared before, then the others, by age."""
    rows = store.db.execute(
        "select d.id, s.content, d.cluster_id, s.compared from signature s"
        " join document d on d.id = s.document_id order by s.compared desc, d.rowid"
    )
    return [Signed(id_, content, cluster, bool(done)) for id_, content, cluster, done in rows]


def state(store: Store) -> int:
    """A number that changes whenever anything is done to a document."""
    row = store.db.execute("select count(*) from event where subject = 'document'").fetchone()
    return int(row[0])


def apart(store: Store) -> list[tuple[str, str]]:
    """The pairs of documents that somebody said do not tell the same story."""
    return store.db.execute(
        "select e.subject_id, json_extract(e.payload, '$.from') from event e"
        " where e.subject = 'document' and e.op = 'separate' and e.ref is null"
        " and not exists (select 1 from event r where r.ref = e.uuid)"
    ).fetchall()


def put(
    store: Store,
    groups: Sequence[Sequence[str]],
    suggested: Iterable[tuple[str, str, float]],
    compared: Iterable[str],
    expected: int,
) -> bool:
    """Keep what a comparison found, all of it; False where documents were changed meanwhile.

    ``groups`` are the documents of each story that the comparison changed, ``expected`` what
    ``state`` said before it began.
    """
    with store.write() as conn:
        if state(store) != expected:
            return False
        for group in groups:
            _name(conn, group)
        _mark_copies(conn, [id_ for group in groups for id_ in group])
        conn.executemany("insert or replace into resemblance values (?, ?, ?)", suggested)
        conn.executemany(
            "update signature set compared = 1 where document_id = ?",
            ((id_,) for id_ in compared),
        )
    return True


def _name(conn: sqlite3.Connection, members: Sequence[str]) -> None:
    """Make these documents one cluster, under the id of the first of them."""
    if len(members) < 2:
        first = ""
    else:
        (first,) = conn.execute(
            "select id from document where id in (select value from json_each(?))"
            " order by rowid limit 1",
            (json.dumps(list(members)),),
        ).fetchone()
    conn.executemany(
        "update document set cluster_id = ?1 where id = ?2 and cluster_id <> ?1",
        ((first, id_) for id_ in members),
    )


def _mark_copies(conn: sqlite3.Connection, members: Iterable[str]) -> None:
    """Note which of these documents have an earlier one of the corpus in their cluster."""
    conn.executemany(
        "update document set copy = 1 - copy where id = ? and copy <> (retired = 0 and exists ("
        " select 1 from document o where o.cluster_id = document.cluster_id and o.cluster_id <> ''"
        " and o.retired = 0 and o.rowid < document.rowid))",
        ((id_,) for id_ in members),
    )


def cluster_of(store: Store, document_id: str) -> str:
    """The cluster of a document; empty where it has no copies."""
    return str(catalogue.known(store.db.conn, document_id, "cluster_id")[0])


def separate(
    store: Store, document_id: str, who: str, at: str, *, other_id: str | None = None
) -> str:
    """Say that a document does not tell the story of its cluster, or that of another document.

    Gives the uuid of the event. Raises ``RejectedEventError`` where there is nothing to separate
    it from.
    """
    with store.write() as conn:
        cluster = cluster_of(store, document_id)
        if other_id == document_id:
            raise RejectedEventError(f"{document_id} is one document; name two different ones")
        if other_id is not None and (cluster_of(store, other_id) != cluster or not cluster):
            return _reject(conn, document_id, other_id, who, at)
        others = [id_ for id_ in _ids(conn, cluster) if id_ != document_id]
        if not others:
            raise RejectedEventError(f"{document_id} has no copies to be separated from")
        _part(conn, [document_id], others)
        payload = {"from": other_id or others[0], "cluster": cluster}
        return catalogue.append(conn, document_id, "separate", payload, who, at)


def _reject(conn: sqlite3.Connection, one: str, other: str, who: str, at: str) -> str:
    """Say that two documents that are in no common cluster belong in none."""
    found = conn.execute(
        "delete from resemblance where (document_id, other_id) in (values (?1, ?2), (?2, ?1))"
        " returning likeness",
        (one, other),
    ).fetchall()
    payload = {"from": other, "likeness": found[0][0] if found else None}
    return catalogue.append(conn, one, "separate", payload, who, at)


def unite(store: Store, document_id: str, other_id: str, who: str, at: str) -> str:
    """Say that two documents tell the same story, and bring their clusters together.

    Gives the uuid of the event. Raises ``RejectedEventError`` where they are together already.
    """
    with store.write() as conn:
        one, other = (
            _ids(conn, cluster_of(store, id_)) or [id_] for id_ in (document_id, other_id)
        )
        if document_id == other_id or document_id in other:
            raise RejectedEventError(f"{document_id} and {other_id} are in one cluster already")
        _name(conn, [*one, *other])
        _mark_copies(conn, [*one, *other])
        conn.execute(
            "delete from resemblance where (document_id, other_id) in (values (?1, ?2), (?2, ?1))",
            (document_id, other_id),
        )
        moved = min(one, other, key=len)
        payload = {"with": other_id, "moved": moved}
        return catalogue.append(conn, document_id, "unite", payload, who, at)


def undo(store: Store, event_uuid: str, who: str, at: str) -> str:
    """Take back what somebody said of copies, by an event of its own, whose uuid it gives.

    Raises ``RejectedEventError`` where there is no such event, or it is taken back already.
    """
    with store.write() as conn:
        row = conn.execute(
            "select subject_id, op, payload, ref is not null"
            " or exists (select 1 from event r where r.ref = e.uuid) from event e"
            " where uuid = ? and subject = 'document' and op in ('separate', 'unite')",
            (event_uuid,),
        ).fetchone()
        if row is None or row[3]:
            raise RejectedEventError("there is nothing here to take back")
        document_id, op, payload = row[0], row[1], json.loads(row[2])
        if op == "unite":
            return _undo_unite(conn, document_id, payload, who, at, event_uuid)
        return _undo_separate(store, conn, document_id, payload, who, at, event_uuid)


def _undo_unite(
    conn: sqlite3.Connection, document_id: str, payload: Any, who: str, at: str, ref: str
) -> str:
    row = conn.execute("select cluster_id from document where id = ?", (document_id,)).fetchone()
    here = _ids(conn, row[0]) if row else []
    moved = [id_ for id_ in payload["moved"] if id_ in set(here)]
    _part(conn, moved, [id_ for id_ in here if id_ not in set(moved)])
    told = {"from": payload["with"]}
    return catalogue.append(conn, document_id, "separate", told, who, at, ref=ref)


def _undo_separate(
    store: Store,
    conn: sqlite3.Connection,
    document_id: str,
    payload: Any,
    who: str,
    at: str,
    ref: str,
) -> str:
    other = payload["from"]
    if "cluster" in payload:
        with suppress(RejectedEventError):  # one of the two may be gone by now
            groups = [_ids(conn, cluster_of(store, id_)) or [id_] for id_ in (document_id, other)]
            together = list(dict.fromkeys(id_ for group in groups for id_ in group))
            _name(conn, together)
            _mark_copies(conn, together)
    elif payload["likeness"] is not None:
        conn.execute(
            "insert or ignore into resemblance select ?1, ?2, ?3 where"
            " (select count(*) from document where id in (?1, ?2)) = 2",
            (document_id, other, payload["likeness"]),
        )
    told = {"with": other}
    return catalogue.append(conn, document_id, "unite", told, who, at, ref=ref)


def _part(conn: sqlite3.Connection, some: Sequence[str], others: Sequence[str]) -> None:
    for group in (some, others):
        _name(conn, group)
        _mark_copies(conn, group)


def _ids(conn: sqlite3.Connection, cluster_id: str) -> list[str]:
    if not cluster_id:
        return []
    rows = conn.execute(
        "select id from document where cluster_id = ? order by rowid", (cluster_id,)
    )
    return [row[0] for row in rows]
