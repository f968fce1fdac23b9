"""Documents and their units: added whole, never changed, found again by their text and origin."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from annotator.core.document import Draft, Segment, unit_id
from annotator.store.connection import Store

Draw = Callable[[str], float]


class Overview(NamedTuple):
    """One document as lists show it."""

    id: str
    title: str
    source: str
    published: str
    language: str
    file: str
    units: int
    coded: int


def add_documents(
    store: Store,
    drafts: Sequence[tuple[Draft, Sequence[Segment]]],
    *,
    segmenter: str,
    draw: Draw,
    at: str,
) -> list[bool]:
    """Add every document or, if one fails, none; for each, whether it was new.

    A document that is there already (same text, same origin) is left alone.
    """
    with store.write() as conn:
        (last,) = conn.execute("select coalesce(max(seq), 0) from unit").fetchone()
        added = [_add(conn, *one, segmenter, at) for one in drafts]
        for (draft, segments), new in zip(drafts, added, strict=True):
            if new:
                _add_units(conn, draft, segments, draw)
        conn.execute(
            "insert into unit_fts (rowid, text) select seq, text from unit where seq > ?", (last,)
        )
    return added


def _add(
    conn: sqlite3.Connection, draft: Draft, segments: Sequence[Segment], segmenter: str, at: str
) -> bool:
    cursor = conn.execute(
        "insert into document (id, text, title, file, file_sha256, published, date_precision,"
        " author, source, place, url, external_id, language, section, meta, furniture, segmenter,"
        " units, added_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " on conflict (id) do nothing",
        (
            *(draft.document_id, draft.text, draft.title, draft.file, draft.file_sha256),
            *(draft.published, draft.date_precision, draft.author, draft.source, draft.place),
            *(draft.url, draft.external_id, draft.language, draft.section),
            *(json.dumps(dict(draft.meta)), json.dumps(draft.furniture), segmenter),
            *(len(segments), at),
        ),
    )
    return bool(cursor.rowcount)


def _add_units(
    conn: sqlite3.Connection, draft: Draft, segments: Sequence[Segment], draw: Draw
) -> None:
    id_ = draft.document_id
    conn.executemany(
        "insert into unit (id, document_id, idx, start, end, paragraph, part, text, draw)"
        " values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (
                *(name := unit_id(id_, s.start, s.end), id_, index, s.start, s.end),
                *(s.paragraph, s.part, draft.text[s.start : s.end], draw(name)),
            )
            for index, s in enumerate(segments)
        ),
    )


def known_documents(store: Store, ids: Sequence[str]) -> set[str]:
    """Which of these documents the project holds already."""
    rows = store.db.execute(
        "select id from document where id in (select value from json_each(?))",
        (json.dumps(list(ids)),),
    )
    return {row[0] for row in rows}


def known_units(store: Store, ids: Sequence[str]) -> set[str]:
    """Which of these units the project holds."""
    rows = store.db.execute(
        "select id from unit where id in (select value from json_each(?))",
        (json.dumps(list(ids)),),
    )
    return {row[0] for row in rows}


def units_of_texts(store: Store, texts: Sequence[str]) -> dict[str, list[str]]:
    """The ids of the units with exactly these texts, in order."""
    return _grouped(
        store.db.execute(
            "select text, id from unit where text in (select value from json_each(?)) order by seq",
            (json.dumps(list(texts)),),
        )
    )


def units_of_external_ids(store: Store, ids: Sequence[str]) -> dict[str, list[str]]:
    """The ids of all units of the documents with these external ids, in order."""
    return _grouped(
        store.db.execute(
            "select d.external_id, u.id from document d join unit u on u.document_id = d.id"
            " where d.external_id in (select value from json_each(?)) order by u.seq",
            (json.dumps([id_ for id_ in ids if id_]),),
        )
    )


def _grouped(rows: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for key, unit in rows:
        found.setdefault(key, []).append(unit)
    return found


def overview(store: Store) -> list[Overview]:
    """Every document in the order of import, with how many of its units anybody decided."""
    rows = store.db.execute(
        "select d.id, d.title, d.source, d.published, d.language, d.file, d.units,"
        " (select count(distinct c.unit) from unit u join coding c on c.unit = u.seq"
        "   where u.document_id = d.id and c.status is not null)"
        " from document d order by d.rowid"
    )
    return [Overview(*row) for row in rows]


def sources(store: Store) -> list[tuple[str, int]]:
    """Each outlet with the number of its documents, most first."""
    return list(
        store.db.execute(
            "select source, count(*) from document group by source order by count(*) desc, source"
        )
    )


def find(store: Store, words: str, *, most: int = 50) -> list[str]:
    """The ids of the units that hold all of these words, in document order."""
    quoted = " ".join('"' + word.replace('"', '""') + '"' for word in words.split())
    if not quoted:
        return []
    rows = store.db.execute(
        "select id from unit where seq in"
        " (select rowid from unit_fts where unit_fts match ?) order by seq limit ?",
        (quoted, most),
    )
    return [row[0] for row in rows]


def remove_document(store: Store, document_id: str) -> bool:
    """Take away a document that carries no coding; False where it carries one."""
    with store.write() as conn:
        (coded,) = conn.execute(
            "select count(*) from unit u join event e on e.subject = 'unit'"
            " and e.subject_id = u.id where u.document_id = ?",
            (document_id,),
        ).fetchone()
        if coded:
            return False
        conn.execute(
            "insert into unit_fts (unit_fts, rowid, text)"
            " select 'delete', seq, text from unit where document_id = ?",
            (document_id,),
        )
        conn.execute("delete from document where id = ?", (document_id,))
    return True
