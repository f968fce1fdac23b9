"""What coders say of who speaks in a unit, in place of what the finder heard.

It follows from the events alone: of all corrections that nobody took back, whoever made them, the
last one holds. A name that no person of the document has makes one, who is there as long as a
correction names them.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from typing import Any, NamedTuple

from annotator.store import actor_view, speaker_text
from annotator.store.actor_view import Who
from annotator.store.naming import key_of

NAMED = (
    "select id, name from person where document_id = :document and (name = :name"
    " or basis = 'machine' and key = :key and key <> '') order by name <> :name, name limit 1"
)
"""Whom of a document a coder means by a name."""

CORRECTION = (
    "select e.payload from unit u join event e"
    " on e.subject = 'unit' and e.subject_id = u.id and e.op = 'speaker'"
    " where u.seq = ? and not exists"
    " (select 1 from event r where r.op = 'retract' and r.ref in (e.uuid, e.origin))"
    " order by e.seq desc limit 1"
)
"""The correction of a unit that holds."""

CORRECTED = (
    "(id in (select subject_id from event where subject = 'unit' and op = 'speaker')"
    " or seq in (select unit from voice where basis = 'coder'))"
)
"""Of a unit: somebody corrected who speaks in it, or seems to have."""


class Strayed(NamedTuple):
    """A unit whose voice or speakers are not what they follow from."""

    unit: str
    here: str
    due: str


def rebuild(conn: sqlite3.Connection, unit_seq: int) -> None:
    """Make anew from the events what coders say of one unit: after a correction, or an undo of one.

    Nothing is left where no correction holds.
    """
    for table in ("speaker", "voice"):
        conn.execute(f"delete from {table} where unit = ? and basis = 'coder'", (unit_seq,))
    (document,) = conn.execute("select document_id from unit where seq = ?", (unit_seq,)).fetchone()
    correction = _correction(conn, unit_seq)
    if correction is not None:
        voice, names = correction
        people = [_person(conn, document, name) for name in dict.fromkeys(names)]
        conn.execute(
            "insert into voice (unit, basis, voice) values (?, 'coder', ?)", (unit_seq, voice)
        )
        conn.executemany(
            "insert into speaker (unit, basis, position, person) values (?, 'coder', ?, ?)",
            ((unit_seq, at, who) for at, who in enumerate(dict.fromkeys(people))),
        )
        speaker_text.write(conn, [unit_seq])
    _drop_unnamed(conn, document)


def _correction(conn: sqlite3.Connection, unit_seq: int) -> tuple[str, list[str]] | None:
    """The voice and the speakers that coders give a unit."""
    row = conn.execute(CORRECTION, (unit_seq,)).fetchone()
    if row is None:
        return None
    told: dict[str, Any] = json.loads(row[0])
    names = list(told.get("speakers", ()))
    return str(told.get("voice") or ("direct" if names else "author")), names


def _person(conn: sqlite3.Connection, document_id: str, name: str) -> int:
    """The person of the document of that name, who is made where there is none."""
    known = _named(conn, document_id, name)
    if known is not None:
        return known[0]
    made = conn.execute(
        "insert into person (document_id, name, key, basis) values (?, ?, ?, 'coder')",
        (document_id, name, key_of(name)),
    )
    number = int(made.lastrowid or 0)
    actor_view.link_now(conn, [Who(number, document_id, name, key_of(name), "", None)])
    return number


def _named(conn: sqlite3.Connection, document_id: str, name: str) -> tuple[int, str] | None:
    meant = {"document": document_id, "name": name, "key": key_of(name)}
    row = conn.execute(NAMED, meant).fetchone()
    return None if row is None else (int(row[0]), str(row[1]))


def _drop_unnamed(conn: sqlite3.Connection, document_id: str) -> None:
    """Take away the people whom corrections made and none names any more."""
    rows = conn.execute(
        "select id, actor from person where document_id = ? and basis = 'coder'"
        " and not exists (select 1 from speaker where person = person.id)",
        (document_id,),
    ).fetchall()
    conn.executemany("delete from person where id = ?", ((row[0],) for row in rows))
    actor_view.people_gone(conn, [row[1] for row in rows if row[1] is not None])


def rebuild_all(conn: sqlite3.Connection) -> None:
    """Make anew what coders say of all units."""
    for (seq,) in conn.execute(f"select seq from unit where {CORRECTED}").fetchall():
        rebuild(conn, seq)


def strayed(conn: sqlite3.Connection) -> list[Strayed]:
    """The units whose voice by coders is not what the events add up to."""
    found = []
    for seq, unit, document in conn.execute(
        f"select seq, id, document_id from unit where {CORRECTED} order by seq"
    ).fetchall():
        here = _coder_voice(conn, seq)
        correction = _correction(conn, seq)
        due = correction and (correction[0], _known_names(conn, document, correction[1]))
        if here != due:
            found.append(Strayed(unit, _shown(here), _shown(due)))
    return found


def _coder_voice(conn: sqlite3.Connection, seq: int) -> tuple[str, list[str]] | None:
    row = conn.execute(
        "select voice from voice where unit = ? and basis = 'coder'", (seq,)
    ).fetchone()
    names = conn.execute(
        "select p.name from speaker s join person p on p.id = s.person"
        " where s.unit = ? and s.basis = 'coder' order by s.position",
        (seq,),
    ).fetchall()
    return None if row is None else (row[0], [name for (name,) in names])


def _known_names(conn: sqlite3.Connection, document: str, names: Iterable[str]) -> list[str]:
    """What the people of the document are called that these names mean."""
    known = ((name, _named(conn, document, name)) for name in names)
    return list(dict.fromkeys(who[1] if who else name for name, who in known))


def _shown(voice: tuple[str, list[str]] | None) -> str:
    return "nothing" if voice is None else ": ".join([voice[0], "; ".join(voice[1])])
