"""The documents as a list: found, edited, retired and removed; every change of it is an event.

A document's text and id never change. Its metadata may: each changed field is an event with what
it was and what it became, and the row of ``document`` is the current view of these events. A
document that carries annotations is never removed. It can be retired, which takes it out of the
corpus and keeps what was coded in it.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from typing import Any, Literal, NamedTuple, get_args

from annotator.core.document import DatePrecision
from annotator.core.errors import RejectedEventError
from annotator.store import journal, unit_rows
from annotator.store.connection import Store

FIELDS = ("source", "published", "author", "place", "section", "language", "url")
"""The fields that can be edited; the title is part of the text, and the text never changes."""

ORDERS = (
    *("added", "published", "title", "source", "author", "file", "place", "language"),
    "section",
)
"""What a list can be ordered by; ``added`` is the order of import."""

RETIRED_UNITS = (
    "(select r.seq from document g join unit r on r.document_id = g.id where g.retired = 1)"
)
"""The units that are out of the corpus, as a query; short work where nothing is retired."""

NOBODY = "nobody"
"""Who is named in an event where it is not known who it was."""

PRECISION: dict[int, DatePrecision] = {4: "year", 7: "month", 10: "day"}
ISO = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")

Op = Literal["edit", "retire", "restore", "remove", "segment", "split", "join", "separate", "unite"]
"""What can be done to a document; each is an event with ``document`` as its subject."""


class Entry(NamedTuple):
    """One document of the list; ``coded`` counts its units that anybody decided on."""

    id: str
    title: str
    source: str
    author: str
    published: str
    date_precision: str
    place: str
    language: str
    section: str
    url: str
    file: str
    units: int
    coded: int
    retired: bool
    added_at: str


class Catalogue(NamedTuple):
    """A page of the list, and how many documents the whole list has."""

    rows: list[Entry]
    total: int


class Change(NamedTuple):
    """One field of one document, and what it is to be."""

    document_id: str
    field: str
    value: str


class Happened(NamedTuple):
    """One thing that was done to a document; ``before`` and ``after`` are empty but for edits."""

    uuid: str
    at: str
    coder: str
    op: str
    field: str
    before: str
    after: str
    reason: str


class Kept(NamedTuple):
    """A document that is not removed, because this many of its units carry annotations.

    With no unit it is the article's card that somebody has answered or marked.
    """

    id: str
    title: str
    units: int

    @property
    def carries(self) -> str:
        """What hangs on it, as a message says it."""
        return f"annotations on {self.units:,} units" if self.units else "an article card"


class Removal(NamedTuple):
    """The documents that were removed, and those that were not."""

    removed: list[str]
    kept: list[Kept]


def page(
    store: Store,
    *,
    words: str = "",
    source: str = "",
    retired: bool | None = False,
    order: str = "published",
    descending: bool = False,
    limit: int = 200,
    offset: int = 0,
) -> Catalogue:
    """The documents whose title, source, author or file hold ``words``, one page of them.

    ``source`` is one outlet, exactly; ``retired`` None takes documents in and out of the corpus.
    """
    if order not in ORDERS:
        raise ValueError(f"no order {order!r}; there are: {', '.join(ORDERS)}")
    key = "rowid" if order == "added" else order
    turn = "desc" if descending else ""
    chosen, values = _chosen(words, source, retired)
    # Looking for words takes longer than keeping what was found; counting everything does not.
    once = "materialized" if words.strip() else "not materialized"
    total, ids = store.db.execute(
        f"with found as {once} (select id, rowid as number, {key} as key"
        f" from document where {chosen})"
        " select (select count(*) from found),"
        " (select json_group_array(id) from (select id from found"
        f" order by key {turn}, number {turn} limit :limit offset :offset))",
        values | {"limit": limit, "offset": offset},
    ).fetchone()
    return Catalogue(_entries(store.db.conn, ids), total)


def _chosen(words: str, source: str, retired: bool | None) -> tuple[str, dict[str, Any]]:
    tests = ["true"]
    if words.strip():
        held = " or ".join(
            f"{column} like :words escape '\\'" for column in ("title", "source", "author", "file")
        )
        tests.append(f"({held})")
    if source:
        tests.append("source = :source")
    if retired is not None:
        tests.append("retired = :retired")
    values = {"words": holding(words.strip()), "source": source, "retired": retired}
    return " and ".join(tests), values


def holding(text: str) -> str:
    """The pattern, for ``like`` with a backslash as its ``escape``, of whatever holds the text."""
    escaped = re.sub(r"([\\%_])", r"\\\1", text)
    return f"%{escaped}%"


def _entries(conn: sqlite3.Connection, ids: str) -> list[Entry]:
    """These documents, a JSON list of their ids, in this order."""
    rows = conn.execute(
        "select d.id, d.title, d.source, d.author, d.published, d.date_precision, d.place,"
        " d.language, d.section, d.url, d.file, d.units, (select count(distinct c.unit)"
        "  from unit u join coding c on c.unit = u.seq"
        "  where u.document_id = d.id and c.status is not null), d.retired, d.added_at"
        " from json_each(?) j join document d on d.id = j.value order by j.key",
        (ids,),
    )
    return [Entry._make((*row[:13], bool(row[13]), row[14])) for row in rows]


def entry(store: Store, document_id: str) -> Entry | None:
    """One document as lists show it; None where there is none of this id."""
    return next(iter(_entries(store.db.conn, json.dumps([document_id]))), None)


def retired_count(store: Store) -> int:
    """How many documents are out of the corpus."""
    row = store.db.execute("select count(*) from document where retired = 1").fetchone()
    return int(row[0])


def precision_of(published: str) -> DatePrecision:
    """How exact an ISO date is, by its form. Raises ``RejectedEventError`` where it is none.

    >>> precision_of("2031-05-04"), precision_of("2031-05"), precision_of("")
    ('day', 'month', '')
    """
    if not published:
        return ""
    if ISO.fullmatch(published):
        with suppress(ValueError):
            date.fromisoformat(f"{published}-01-01"[:10])
            return PRECISION[len(published)]
    raise RejectedEventError(
        f"{published!r} is no date; write it as 2031-05-04, 2031-05 or 2031, or leave it empty"
    )


def edit(store: Store, who: str, changes: Sequence[Change], at: str) -> list[str]:
    """Change the metadata of documents: all of the changes or, where one is refused, none.

    Gives the uuids of the events; a value that is the same as before makes none. Raises
    ``RejectedEventError`` for a document or field that is not there, or a date that is none.
    """
    made = []
    with store.write() as conn:
        for change in changes:
            before = _value(conn, change.document_id, change.field)
            if before == change.value:
                continue
            _set(conn, change)
            payload = {"field": change.field, "from": before, "to": change.value}
            made.append(append(conn, change.document_id, "edit", payload, who, at))
    return made


def undo(store: Store, who: str, event_uuid: str, at: str) -> str:
    """Take one edit back, by an event of its own, whose uuid it gives.

    Raises ``RejectedEventError`` where there is no such edit, or the field was changed since.
    """
    with store.write() as conn:
        row = conn.execute(
            "select subject_id, json_extract(payload, '$.field'), json_extract(payload, '$.from'),"
            " json_extract(payload, '$.to') from event"
            " where uuid = ? and subject = 'document' and op = 'edit'",
            (event_uuid,),
        ).fetchone()
        if row is None:
            raise RejectedEventError("the edit to take back is not here")
        document_id, field, before, after = row
        now = _value(conn, document_id, field)
        if now != after:
            raise RejectedEventError(
                f"the {field} was changed again since, to {now!r}; edit it instead"
            )
        _set(conn, Change(document_id, field, before))
        payload = {"field": field, "from": after, "to": before}
        return append(conn, document_id, "edit", payload, who, at, ref=event_uuid)


def _value(conn: sqlite3.Connection, document_id: str, field: str) -> str:
    if field not in FIELDS:
        raise RejectedEventError(f"{field!r} cannot be edited; only {', '.join(FIELDS)} can")
    return str(known(conn, document_id, field)[0])


def known(conn: sqlite3.Connection, document_id: str, columns: str) -> tuple[Any, ...]:
    """These columns of a document. Raises ``RejectedEventError`` where there is none of this id."""
    row = conn.execute(f"select {columns} from document where id = ?", (document_id,)).fetchone()
    if row is None:
        raise RejectedEventError(f"this project has no document {document_id!r}")
    return tuple(row)


def _set(conn: sqlite3.Connection, change: Change) -> None:
    conn.execute(
        f"update document set {change.field} = ? where id = ?", (change.value, change.document_id)
    )
    if change.field == "published":
        conn.execute(
            "update document set date_precision = ? where id = ?",
            (precision_of(change.value), change.document_id),
        )


def history(store: Store, document_id: str) -> list[Happened]:
    """Everything that was done to a document, oldest first."""
    rows = store.db.execute(
        "select uuid, recorded_at, coder, op, coalesce(json_extract(payload, '$.field'), ''),"
        " coalesce(json_extract(payload, '$.from'), ''),"
        " coalesce(json_extract(payload, '$.to'), ''),"
        " coalesce(json_extract(payload, '$.reason'), '')"
        " from event where subject = 'document' and subject_id = ?"
        " and op in (select value from json_each(?)) order by seq",
        (document_id, json.dumps(get_args(Op))),
    )
    return [Happened(*row) for row in rows]


def _is_answered(conn: sqlite3.Connection, document_id: str) -> bool:
    """Whether there is any event about the document's article card, taken back or not."""
    row = conn.execute(
        "select 1 from event where subject = 'document' and subject_id = ?"
        " and op not in (select value from json_each(?))",
        (document_id, json.dumps(get_args(Op))),
    ).fetchone()
    return row is not None


def remove(store: Store, ids: Sequence[str], who: str, at: str) -> Removal:
    """Take documents away that carry no annotations; those that carry some are left as they are.

    An event tells what each was. Raises ``RejectedEventError`` where one is not there.
    """
    removed, kept = [], []
    with store.write() as conn:
        clusters = _clusters(conn, ids)
        for id_ in dict.fromkeys(ids):
            about = _about(conn, id_)
            if (carried := unit_rows.carrying(conn, id_)) or _is_answered(conn, id_):
                kept.append(Kept(id_, about["title"] or about["file"], len(carried)))
                continue
            unit_rows.remember_last_unit(conn)
            unit_rows.drop_words(conn, id_)
            conn.execute("delete from document where id = ?", (id_,))
            append(conn, id_, "remove", about, who, at)
            removed.append(id_)
        for cluster in clusters:
            _name_anew(conn, cluster)
    return Removal(removed, kept)


def _clusters(conn: sqlite3.Connection, ids: Sequence[str]) -> list[str]:
    rows = conn.execute(
        "select distinct cluster_id from document where cluster_id <> ''"
        " and id in (select value from json_each(?))",
        (json.dumps(list(ids)),),
    )
    return [row[0] for row in rows]


def _name_anew(conn: sqlite3.Connection, cluster_id: str) -> None:
    """Name a cluster after the first document that is left; one document alone is none."""
    left = conn.execute(
        "select id from document where cluster_id = ? order by rowid limit 2", (cluster_id,)
    ).fetchall()
    conn.execute(
        "update document set cluster_id = ?2 where cluster_id = ?1 and cluster_id <> ?2",
        (cluster_id, left[0][0] if len(left) > 1 else ""),
    )


def _about(conn: sqlite3.Connection, document_id: str) -> dict[str, Any]:
    """What the event says of a document that goes."""
    row = known(conn, document_id, "title, file, source, published, file_sha256, units")
    return dict(zip(("title", "file", "source", "published", "sha256", "units"), row, strict=True))


def retire(store: Store, ids: Sequence[str], who: str, at: str, reason: str = "") -> list[str]:
    """Take documents out of the corpus, all or none; gives those that were in it.

    What was coded in them stays. Raises ``RejectedEventError`` where one is not there.
    """
    return _turn(store, ids, "retire", {"reason": reason} if reason else {}, who, at)


def restore(store: Store, ids: Sequence[str], who: str, at: str) -> list[str]:
    """Take documents into the corpus again, all or none; gives those that were out of it."""
    return _turn(store, ids, "restore", {}, who, at)


def _turn(
    store: Store, ids: Sequence[str], op: Op, payload: dict[str, Any], who: str, at: str
) -> list[str]:
    turned = []
    with store.write() as conn:
        for id_ in dict.fromkeys(ids):
            known(conn, id_, "id")
            changed = conn.execute(
                "update document set retired = :to where id = :id and retired <> :to",
                {"to": int(op == "retire"), "id": id_},
            )
            if changed.rowcount:
                append(conn, id_, op, payload, who, at)
                turned.append(id_)
    return turned


def append(
    conn: sqlite3.Connection,
    document_id: str,
    op: Op,
    payload: dict[str, Any],
    who: str,
    at: str,
    *,
    ref: str | None = None,
) -> str:
    """Append an event about a document, and give its uuid."""
    return journal.append(conn, ("document", document_id), op, payload, who or NOBODY, at, ref=ref)
