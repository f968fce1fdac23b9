"""Documents cut into other units, as a whole or by hand; whatever hangs on a unit keeps it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Iterator, Sequence
from textwrap import shorten
from typing import Literal, NamedTuple

from annotator.core.document import Part, Segment, letters_of, unit_id
from annotator.core.errors import RejectedEventError
from annotator.store import catalogue, unit_rows
from annotator.store.connection import Store

ASIDE = 1_000_000_000
"""Added to the places of units that stay, while the others take theirs."""

SHOWN = 120
"""Characters of a sentence that a list of changes shows."""


class Whole(NamedTuple):
    """A document as it can be cut; ``furniture`` are spans of its text, ``units`` their number."""

    id: str
    title: str
    file: str
    text: str
    furniture: tuple[tuple[int, int], ...]
    language: str
    segmenter: str
    units: int


class Plan(NamedTuple):
    """What cutting a document anew comes to.

    ``kept`` are the units that something hangs on and that are there again; ``lost`` are those
    that would be gone, each as its id and text. Where there are any, the document is not cut.
    """

    before: int
    after: int
    same: bool
    kept: tuple[str, ...]
    lost: tuple[tuple[str, str], ...]


def ids(store: Store) -> list[str]:
    """The ids of all documents, retired ones too, in the order of import."""
    return [row[0] for row in store.db.execute("select id from document order by rowid")]


def whole(store: Store, document_id: str) -> Whole:
    """One document. Raises ``RejectedEventError`` where there is none of this id."""
    columns = "id, title, file, text, furniture, language, segmenter, units"
    row = catalogue.known(store.db.conn, document_id, columns)
    furniture = tuple((start, end) for start, end in json.loads(row[4]))
    return Whole._make((*row[:4], furniture, *row[5:]))


def plan(store: Store, document_id: str, segments: Sequence[Segment]) -> Plan:
    """What cutting the document into these segments comes to; nothing is changed."""
    return _plan(store.db.conn, document_id, segments)


def _plan(conn: sqlite3.Connection, document_id: str, segments: Sequence[Segment]) -> Plan:
    rows = conn.execute(
        "select id, start, end, paragraph, part, text from unit where document_id = ? order by idx",
        (document_id,),
    ).fetchall()
    coming = {unit_id(document_id, one.start, one.end) for one in segments}
    carrying = set(unit_rows.carrying(conn, document_id))
    return Plan(
        before=len(rows),
        after=len(segments),
        same=[row[1:5] for row in rows]
        == [(one.start, one.end, one.paragraph, one.part) for one in segments],
        kept=tuple(row[0] for row in rows if row[0] in carrying & coming),
        lost=tuple((row[0], row[5]) for row in rows if row[0] in carrying - coming),
    )


def cut_anew(
    store: Store,
    whole: Whole,
    segments: Sequence[Segment],
    *,
    segmenter: str,
    draw: Callable[[str], float],
    who: str,
    at: str,
) -> Plan:
    """Cut a document into these segments, unless it is cut so already or a unit would be lost.

    Units that something hangs on stay what they are, with their place in the order of coding;
    all others go, and the new ones come at the end of that order. An event tells of it.
    """
    document_id = whole.id
    with store.write() as conn:
        found = _plan(conn, document_id, segments)
        if found.same or found.lost:
            return found
        _cut(conn, whole, segments, set(found.kept), draw)
        conn.execute(
            "update document set units = ?, segmenter = ? where id = ?",
            (found.after, segmenter, document_id),
        )
        _keep_letters(conn, document_id)
        told = {"field": "units", "from": str(found.before), "to": str(found.after)}
        told |= {"segmenter": segmenter, "kept": str(len(found.kept))}
        catalogue.append(conn, document_id, "segment", told, who, at)
    return found


def _cut(
    conn: sqlite3.Connection,
    whole: Whole,
    segments: Sequence[Segment],
    kept: set[str],
    draw: Callable[[str], float],
) -> None:
    """Put units of these segments in the place of all but those that are ``kept``."""
    last = unit_rows.remember_last_unit(conn)
    unit_rows.drop_words(conn, whole.id)
    _keep_only(conn, whole.id, kept)
    conn.executemany(
        "insert into unit (seq, id, document_id, idx, start, end, paragraph, part, text, draw)"
        " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        _rows(whole, segments, kept, last, draw),
    )
    conn.executemany(
        "update unit set idx = ?, paragraph = ?, part = ? where id = ?",
        (
            (index, one.paragraph, one.part, name)
            for index, one in enumerate(segments)
            if (name := unit_id(whole.id, one.start, one.end)) in kept
        ),
    )
    conn.execute(
        "insert into unit_fts (rowid, text) select seq, text from unit where document_id = ?",
        (whole.id,),
    )


def _keep_letters(conn: sqlite3.Connection, document_id: str) -> None:
    """What was a row is an article from now on, and is found by its words."""
    (text,) = conn.execute("select text from document where id = ?", (document_id,)).fetchone()
    conn.execute("update document set letters = ? where id = ?", (letters_of(text), document_id))


def _keep_only(conn: sqlite3.Connection, document_id: str, kept: Collection[str]) -> None:
    conn.execute(
        "delete from unit where document_id = ? and id not in (select value from json_each(?))",
        (document_id, json.dumps(list(kept))),
    )
    conn.execute("update unit set idx = idx + ? where document_id = ?", (ASIDE, document_id))


def _rows(
    whole: Whole,
    segments: Sequence[Segment],
    kept: set[str],
    last: int,
    draw: Callable[[str], float],
) -> Iterator[tuple[object, ...]]:
    number = last
    for index, one in enumerate(segments):
        name = unit_id(whole.id, one.start, one.end)
        if name in kept:
            continue
        number += 1
        about = (index, one.start, one.end, one.paragraph, one.part)
        yield (number, name, whole.id, *about, whole.text[one.start : one.end], draw(name))


class Bound(NamedTuple):
    """A unit by where it lies; ``place`` counts the units of its document from 0."""

    seq: int
    id: str
    place: int
    start: int
    end: int
    paragraph: int
    part: Part


class Redrawn(NamedTuple):
    """A change of boundaries that somebody made by hand, as its event tells it."""

    uuid: str
    coder: str
    document_id: str
    op: Literal["split", "join"]
    before: tuple[Bound, ...]
    after: tuple[Bound, ...]


def bounds(conn: sqlite3.Connection, document_id: str) -> list[Bound]:
    """Where the units of a document lie, in the order of the text."""
    rows = conn.execute(
        "select seq, id, idx, start, end, paragraph, part from unit where document_id = ?"
        " order by idx",
        (document_id,),
    )
    return [Bound._make(row) for row in rows]


def document_of(conn: sqlite3.Connection, unit: str) -> str:
    """The id of the document that a unit lies in. ``RejectedEventError`` where it is not there."""
    row = conn.execute("select document_id from unit where id = ?", (unit,)).fetchone()
    if row is None:
        raise RejectedEventError("this sentence was cut otherwise meanwhile; reload the page")
    return str(row[0])


def check_free(conn: sqlite3.Connection, document_id: str, units: Sequence[Bound]) -> None:
    """Raise ``RejectedEventError`` where something hangs on one of these units."""
    if {one.id for one in units} & set(unit_rows.carrying(conn, document_id)):
        raise RejectedEventError(
            "a sentence stays as it is once it was coded, marked or corrected, or is in a list"
        )


def redraw(
    store: Store,
    whole: Whole,
    gone: Sequence[Bound],
    coming: Sequence[Bound],
    *,
    op: Literal["split", "join"],
    draw: Callable[[str], float],
    who: str,
    at: str,
    ref: str | None = None,
) -> Redrawn:
    """Put units in the place of others that lie together, and tell it in an event.

    A unit that is to come with number 0 gets one at the end of the order of coding. Raises
    ``RejectedEventError`` where something hangs on a unit that would be gone.
    """
    with store.write() as conn:
        check_free(conn, whole.id, gone)
        last = unit_rows.remember_last_unit(conn)
        first = gone[0].place
        numbered = [
            one._replace(seq=one.seq or last + 1 + number, place=first + number)
            for number, one in enumerate(coming)
        ]
        _take_away(conn, gone)
        _make_room(conn, whole.id, after=gone[-1].place, by=len(coming) - len(gone))
        _put_in(conn, whole, numbered, draw)
        payload = {
            "field": "sentences",
            "from": _told(whole, gone),
            "to": _told(whole, numbered),
            "before": gone,
            "after": numbered,
        }
        made = catalogue.append(conn, whole.id, op, payload, who, at, ref=ref)
    return Redrawn(made, who, whole.id, op, tuple(gone), tuple(numbered))


def _take_away(conn: sqlite3.Connection, gone: Sequence[Bound]) -> None:
    numbers = [(one.seq,) for one in gone]
    conn.executemany(
        "insert into unit_fts (unit_fts, rowid, text)"
        " select 'delete', seq, text from unit where seq = ?",
        numbers,
    )
    conn.executemany("delete from unit where seq = ?", numbers)


def _make_room(conn: sqlite3.Connection, document_id: str, *, after: int, by: int) -> None:
    conn.execute(
        "update unit set idx = idx + ? where document_id = ? and idx > ?",
        (ASIDE, document_id, after),
    )
    conn.execute(
        "update unit set idx = idx + ? where document_id = ? and idx > ?",
        (by - ASIDE, document_id, ASIDE),
    )
    conn.execute("update document set units = units + ? where id = ?", (by, document_id))


def _put_in(
    conn: sqlite3.Connection, whole: Whole, coming: Sequence[Bound], draw: Callable[[str], float]
) -> None:
    conn.executemany(
        "insert into unit (seq, id, idx, start, end, paragraph, part, document_id, text, draw)"
        " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        ((*one, whole.id, whole.text[one.start : one.end], draw(one.id)) for one in coming),
    )
    conn.executemany(
        "insert into unit_fts (rowid, text) values (?, ?)",
        ((one.seq, whole.text[one.start : one.end]) for one in coming),
    )


def _told(whole: Whole, units: Sequence[Bound]) -> str:
    """The sentences as a list of changes shows them, the boundary between two drawn in."""
    return " | ".join(shorten(whole.text[one.start : one.end], SHOWN) for one in units)


def redrawn(conn: sqlite3.Connection, event: str) -> Redrawn:
    """A change of boundaries by its event. ``RejectedEventError`` where it is none, or undone."""
    row = conn.execute(
        "select uuid, coder, subject_id, op, payload from event where uuid = ?"
        " and subject = 'document' and op in ('split', 'join') and ref is null"
        " and not exists (select 1 from event u where u.ref = event.uuid)",
        (event,),
    ).fetchone()
    if row is None:
        raise RejectedEventError("there is no such change of boundaries to take back")
    payload = json.loads(row[4])
    before, after = (tuple(map(Bound._make, payload[side])) for side in ("before", "after"))
    return Redrawn._make((*row[:4], before, after))


def is_by_hand(conn: sqlite3.Connection, document_id: str) -> bool:
    """Whether somebody set boundaries in the document since it was last cut as a whole."""
    row = conn.execute(
        "select exists (select 1 from event e where e.subject = 'document' and e.subject_id = :id"
        " and e.op in ('split', 'join') and e.ref is null"
        " and not exists (select 1 from event u where u.ref = e.uuid)"
        " and e.seq > (select coalesce(max(seq), 0) from event"
        "  where subject = 'document' and subject_id = :id and op = 'segment'))",
        {"id": document_id},
    ).fetchone()
    return bool(row[0])
