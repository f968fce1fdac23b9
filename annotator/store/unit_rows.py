"""Units that come and go: what hangs on them, their numbers, and their words in the index."""

from __future__ import annotations

import sqlite3

LAST_UNIT = "last_unit"
"""The project's note of the highest number that a unit ever had, once units went away."""


def carrying(conn: sqlite3.Connection, document_id: str) -> list[str]:
    """The ids of the document's units that something hangs on, in the order of the text.

    That is any event about them, taken back or not, a coder's correction of the voice, an
    assignment, or a place in a sample.
    """
    rows = conn.execute(
        "select id from unit where document_id = ? and ("
        " exists (select 1 from event where subject = 'unit' and subject_id = unit.id)"
        " or exists (select 1 from voice where voice.unit = unit.seq and basis = 'coder')"
        " or seq in (select unit from assignment) or seq in (select unit from listed))"
        " order by idx",
        (document_id,),
    )
    return [row[0] for row in rows]


def last_unit(conn: sqlite3.Connection) -> int:
    """The highest number that a unit ever had. Numbers are never given again.

    Models keep their scores by them: a new unit must not get those of one that is gone.
    """
    (last,) = conn.execute(
        "select max((select coalesce(max(seq), 0) from unit),"
        " cast(coalesce((select value from project where key = ?), '0') as integer))",
        (LAST_UNIT,),
    ).fetchone()
    return int(last)


def remember_last_unit(conn: sqlite3.Connection) -> int:
    """Note the highest number of a unit before units go away, and give it."""
    last = last_unit(conn)
    conn.execute(
        "insert into project (key, value) values (?, ?)"
        " on conflict (key) do update set value = excluded.value",
        (LAST_UNIT, str(last)),
    )
    return last


def drop_words(conn: sqlite3.Connection, document_id: str) -> None:
    """Take all units of a document out of the search index, before they go or change."""
    conn.execute(
        "insert into unit_fts (unit_fts, rowid, text)"
        " select 'delete', seq, text from unit where document_id = ?",
        (document_id,),
    )
