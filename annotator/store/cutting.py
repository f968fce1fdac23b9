"""Documents cut into other units; whatever hangs on a unit keeps it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from annotator.core.document import Segment, letters_of, unit_id
from annotator.core.errors import RejectedEventError
from annotator.store import catalogue
from annotator.store.connection import Store

ASIDE = 1_000_000_000
"""Added to the places of units that stay, while the others take theirs."""


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
    row = store.db.execute(
        "select id, title, file, text, furniture, language, segmenter, units from document"
        " where id = ?",
        (document_id,),
    ).fetchone()
    if row is None:
        raise RejectedEventError(f"this project has no document {document_id!r}")
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
    carrying = set(catalogue.carrying(conn, document_id))
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
        last = catalogue.remember_last_unit(conn)
        catalogue.drop_words(conn, document_id)
        _keep_only(conn, document_id, found.kept)
        kept = set(found.kept)
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
                if (name := unit_id(document_id, one.start, one.end)) in kept
            ),
        )
        conn.execute(
            "insert into unit_fts (rowid, text) select seq, text from unit where document_id = ?",
            (document_id,),
        )
        conn.execute(
            "update document set units = ?, segmenter = ? where id = ?",
            (found.after, segmenter, document_id),
        )
        _keep_letters(conn, document_id)
        told = {"field": "units", "from": str(found.before), "to": str(found.after)}
        told |= {"segmenter": segmenter, "kept": str(len(kept))}
        catalogue.append(conn, document_id, "segment", told, who, at)
    return found


def _keep_letters(conn: sqlite3.Connection, document_id: str) -> None:
    """What was a row is an article from now on, and is found by its words."""
    (text,) = conn.execute("select text from document where id = ?", (document_id,)).fetchone()
    conn.execute("update document set letters = ? where id = ?", (letters_of(text), document_id))


def _keep_only(conn: sqlite3.Connection, document_id: str, kept: Sequence[str]) -> None:
    conn.execute(
        "delete from unit where document_id = ? and id not in (select value from json_each(?))",
        (document_id, json.dumps(kept)),
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
