"""Who speaks in documents: what the finder heard there.

Machine rows are replaced whenever a document is heard anew; what coders say stays (see
``corrections``).
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from itertools import count, groupby
from typing import NamedTuple

from annotator.core.batches import batches
from annotator.core.document import Segment
from annotator.core.voice import Heard, Person, Quotation, UnitVoice
from annotator.store import actor_view, corrections, speaker_text
from annotator.store.actor_rules import Rules
from annotator.store.actor_view import Who
from annotator.store.connection import Store
from annotator.store.corrections import Strayed
from annotator.store.naming import key_of


class Listened(NamedTuple):
    """A document as it is listened to; ``units`` are the numbers of its segments."""

    id: str
    text: str
    language: str
    furniture: tuple[tuple[int, int], ...]
    segments: tuple[Segment, ...]
    units: tuple[int, ...]


class Found(NamedTuple):
    """What was found in a document: a voice for each of its segments."""

    document: Listened
    heard: Heard
    voices: Sequence[UnitVoice]


# What the finder heard


def waiting(store: Store) -> int:
    """How many documents nobody listened to yet."""
    row = store.db.execute("select count(*) from document where voices = ''").fetchone()
    return int(row[0])


def waiting_ids(store: Store, finder: str | None = None) -> list[str]:
    """The documents that nobody listened to yet; with ``finder``, or that another one did."""
    chosen = "voices = ''" if finder is None else "voices < :finder or voices > :finder"
    rows = store.db.execute(
        f"select id from document where {chosen} order by voices, rowid", {"finder": finder}
    )
    return [row[0] for row in rows]


def characters(store: Store, ids: Sequence[str], *, enough: int) -> int:
    """How much text these documents have; no more is counted than is ``enough``."""
    total = 0
    for id_ in ids:
        row = store.db.execute("select length(text) from document where id = ?", (id_,)).fetchone()
        total += row[0] if row else 0
        if total >= enough:
            break
    return total


def listened(store: Store, ids: Sequence[str]) -> list[Listened]:
    """These documents, those that are still there, in this order."""
    conn = store.db.conn
    chosen = json.dumps(list(ids))
    segments: dict[str, list[tuple[int, Segment]]] = {}
    for seq, document, start, end, paragraph, part in conn.execute(
        "select seq, document_id, start, end, paragraph, part from unit"
        " where document_id in (select value from json_each(?)) order by document_id, idx",
        (chosen,),
    ):
        segment = Segment(start=start, end=end, paragraph=paragraph, part=part)
        segments.setdefault(document, []).append((seq, segment))
    rows = conn.execute(
        "select d.id, d.text, d.language, d.furniture from json_each(?) j"
        " join document d on d.id = j.value order by j.key",
        (chosen,),
    )
    return [
        Listened(
            *(id_, text, language, tuple((start, end) for start, end in json.loads(furniture))),
            tuple(segment for _, segment in segments.get(id_, ())),
            tuple(seq for seq, _ in segments.get(id_, ())),
        )
        for id_, text, language, furniture in rows
    ]


def keep(store: Store, found: Sequence[Found], finder: str) -> int:
    """Keep what was heard in these documents, in place of what was heard in them before.

    Gives how many were kept. A document that went, that another program was quicker with, or that
    was cut into other units since it was listened to, is left alone. Actors who gained somebody
    wait to be settled.
    """
    with store.write() as conn:
        ids = [one.document.id for one in found]
        units, done = _units_now(conn, ids), _heard_by(conn, ids, finder)
        same = [
            one
            for one in found
            if units.get(one.document.id) == one.document.units and one.document.id not in done
        ]
        corrected = _forget(conn, same)
        people = _add_people(conn, same)
        names = _names(conn, people)
        _add_quotations(conn, same, people)
        spoken = (
            (unit, voice, here)
            for one, here in zip(same, people, strict=True)
            for unit, voice in zip(one.document.units, one.voices, strict=True)
        )
        _add_voices(conn, spoken, names)
        conn.executemany(
            "update document set voices = ? where id = ?",
            ((finder, one.document.id) for one in same),
        )
        for unit in corrected:
            corrections.rebuild(conn, unit)
    return len(same)


def _units_now(conn: sqlite3.Connection, ids: Sequence[str]) -> dict[str, tuple[int, ...]]:
    rows = conn.execute(
        "select document_id, seq from unit"
        " where document_id in (select value from json_each(?)) order by document_id, idx",
        (json.dumps(list(ids)),),
    )
    return {id_: tuple(row[1] for row in own) for id_, own in groupby(rows, lambda row: row[0])}


def _heard_by(conn: sqlite3.Connection, ids: Sequence[str], finder: str) -> set[str]:
    rows = conn.execute(
        "select id from document where voices = ? and id in (select value from json_each(?))",
        (finder, json.dumps(list(ids))),
    )
    return {row[0] for row in rows}


def _forget(conn: sqlite3.Connection, found: Sequence[Found]) -> list[int]:
    """Take away all that is known of these documents; gives the units that coders corrected."""
    units = json.dumps([unit for one in found for unit in one.document.units])
    ids = json.dumps([one.document.id for one in found])
    of_units = "unit in (select value from json_each(?))"
    of_documents = "document_id in (select value from json_each(?))"
    corrected = conn.execute(
        f"select unit from voice where {of_units} and basis = 'coder'", (units,)
    ).fetchall()
    conn.execute(f"delete from voice where {of_units}", (units,))
    conn.execute(f"delete from quotation where {of_documents}", (ids,))
    conn.execute(f"delete from person where {of_documents}", (ids,))
    return [row[0] for row in corrected]


def _add_people(conn: sqlite3.Connection, found: Sequence[Found]) -> list[dict[str, int]]:
    """Add the people of these documents with their actors; the number of each, by name."""
    (last,) = conn.execute("select coalesce(max(id), 0) from person").fetchone()
    numbers = count(last + 1)
    rows = [
        (next(numbers), one.document.id, person.name, key_of(person.name), person)
        for one in found
        for person in one.heard.people
    ]
    conn.executemany(
        "insert into person (id, document_id, name, key, aliases, affiliation, kind)"
        " values (?, ?, ?, ?, ?, ?, ?)",
        (
            (*row[:4], json.dumps(who.aliases, ensure_ascii=False), who.affiliation, who.kind)
            for *row, who in rows
        ),
    )
    people = (Who(*row[:4], row[4].kind, None) for row in rows)
    actor_view.link(conn, Rules.of(conn), people)
    here: dict[str, dict[str, int]] = {one.document.id: {} for one in found}
    for number, document, name, _, _ in rows:
        here[document][name] = number
    return list(here.values())


def _names(conn: sqlite3.Connection, people: Iterable[dict[str, int]]) -> dict[int, str]:
    """What exports call these people: by their actor, or else by their own name."""
    numbers = [number for here in people for number in here.values()]
    rows = conn.execute(
        "select p.id, coalesce(a.name, p.name) from person p left join actor a on a.id = p.actor"
        " where p.id in (select value from json_each(?))",
        (json.dumps(numbers),),
    )
    return dict(rows.fetchall())


def _add_quotations(
    conn: sqlite3.Connection, found: Sequence[Found], people: Sequence[dict[str, int]]
) -> None:
    # The same stretch told twice is one quotation.
    conn.executemany(
        "insert or ignore into quotation (document_id, start, end, kind, person, source, cue,"
        " mode, confidence, flag) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (
                *(one.document.id, q.start, q.end, q.kind, here.get(q.speaker), q.source, q.cue),
                *(q.mode, q.confidence, q.flag),
            )
            for one, here in zip(found, people, strict=True)
            for q in one.heard.quotations
        ),
    )


def _add_voices(
    conn: sqlite3.Connection,
    spoken: Iterable[tuple[int, UnitVoice, dict[str, int]]],
    names: dict[int, str],
) -> None:
    """Add machine voices of units, each with the people of its document by name."""
    told = [
        (unit, voice, [people[name] for name in voice.speakers if name in people])
        for unit, voice, people in spoken
    ]
    conn.executemany(
        "insert into voice (unit, basis, voice, speaker, mode, confidence)"
        " values (?, 'machine', ?, ?, ?, ?)",
        (
            (unit, v.voice, speaker_text.joined(names[who] for who in here), v.mode, v.confidence)
            for unit, v, here in told
        ),
    )
    conn.executemany(
        "insert into speaker (unit, basis, position, person) values (?, 'machine', ?, ?)",
        ((unit, at, who) for unit, _, here in told for at, who in enumerate(here)),
    )


def heard(store: Store, document_id: str) -> Heard | None:
    """What the project keeps of what was heard in a document; None where nobody listened yet."""
    conn = store.db.conn
    row = conn.execute("select voices from document where id = ?", (document_id,)).fetchone()
    if row is None or not row[0]:
        return None
    people = conn.execute(
        "select name, aliases, affiliation, kind from person"
        " where document_id = ? and basis = 'machine' order by id",
        (document_id,),
    )
    quotations = conn.execute(
        "select q.start, q.end, q.kind, coalesce(p.name, ''), q.source, q.cue, q.mode,"
        " q.confidence, q.flag from quotation q left join person p on p.id = q.person"
        " where q.document_id = ? order by q.start, q.end",
        (document_id,),
    )
    return Heard(
        tuple(Quotation._make(row) for row in quotations),
        tuple(
            Person(name, tuple(json.loads(aliases)), affiliation, kind)
            for name, aliases, affiliation, kind in people
        ),
    )


def revoice(store: Store, document: Listened, voices: Sequence[UnitVoice]) -> None:
    """Give the units of a document these voices by machine, after it was cut into other units."""
    with store.write() as conn:
        units = json.dumps(document.units)
        for table in ("voice", "speaker"):
            conn.execute(
                f"delete from {table} where basis = 'machine'"
                " and unit in (select value from json_each(?))",
                (units,),
            )
        rows = conn.execute(
            "select name, id from person where document_id = ? and basis = 'machine'",
            (document.id,),
        )
        people = dict(rows.fetchall())
        names = _names(conn, [people])
        pairs = zip(document.units, voices, strict=True)
        _add_voices(conn, ((unit, voice, people) for unit, voice in pairs), names)


# Whether it holds together


def off_their_names(conn: sqlite3.Connection) -> list[Strayed]:
    """The units whose speakers as text are not the names of their speakers."""
    due = speaker_text.due(conn)
    here = conn.execute(
        "select v.unit, v.basis, v.speaker, u.id from main.voice v join unit u on u.seq = v.unit"
        " order by v.unit"
    )
    return [
        Strayed(unit, text or "nobody", due.get((seq, basis)) or "nobody")
        for seq, basis, text, unit in here
        if text != due.get((seq, basis), "")
    ]


def documents_half_heard(conn: sqlite3.Connection) -> list[str]:
    """The documents that were listened to and have units without a voice."""
    rows = conn.execute(
        "select distinct u.document_id from unit u join document d on d.id = u.document_id"
        " where d.voices <> '' and not exists"
        " (select 1 from main.voice v where v.unit = u.seq and v.basis = 'machine')"
    )
    return [row[0] for row in rows]


def rebuild(conn: sqlite3.Connection) -> None:
    """Make what coders say of units, the actors, and all speakers as text anew.

    Documents that lack voices wait to be listened to again.
    """
    conn.executemany(
        "update document set voices = '' where id = ?",
        ((id_,) for id_ in documents_half_heard(conn)),
    )
    actor_view.rebuild(conn)
    corrections.rebuild_all(conn)
    conn.execute("update voice set speaker = '' where speaker <> ''")
    units = conn.execute("select distinct unit from speaker").fetchall()
    for some in batches([row[0] for row in units], 10_000):
        speaker_text.write(conn, some)
