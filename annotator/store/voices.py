"""Who speaks in documents: what the finder heard there, and what coders corrected.

Machine rows are replaced whenever a document is heard anew. What a coder said of a unit follows
from the events alone: of all corrections that nobody took back, whoever made them, the last one
holds. A name that no person of the document has makes one, who is there as long as a correction
names them.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import count, groupby
from typing import Any, NamedTuple

from annotator.core.document import Segment
from annotator.core.voice import Heard, Person, Quotation, UnitVoice
from annotator.store import actors, speaker_text
from annotator.store.actor_rules import Rules
from annotator.store.actors import Who
from annotator.store.connection import Store
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


class Strayed(NamedTuple):
    """A unit whose voice or speakers are not what they follow from."""

    unit: str
    here: str
    due: str


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
            rebuild_coder_voice(conn, unit)
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
    actors.link(conn, Rules.of(conn), people)
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


# What coders correct


def rebuild_coder_voice(conn: sqlite3.Connection, unit_seq: int) -> None:
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
    actors.link_now(conn, [Who(number, document_id, name, key_of(name), "", None)])
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
    actors.people_gone(conn, [row[1] for row in rows if row[1] is not None])


# Whether it holds together


def off_their_corrections(conn: sqlite3.Connection) -> list[Strayed]:
    """The units whose voice by coders is not what the events add up to."""
    found = []
    for seq, unit, document in conn.execute(
        "select seq, id, document_id from unit where id in (select subject_id from event"
        " where subject = 'unit' and op = 'speaker')"
        " or seq in (select unit from voice where basis = 'coder') order by seq"
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


def off_their_names(conn: sqlite3.Connection) -> list[Strayed]:
    """The units whose speakers as text are not the names of their speakers."""
    rows = conn.execute(
        "select s.unit, s.basis, coalesce(a.name, p.name) from main.speaker s"
        " join person p on p.id = s.person left join actor a on a.id = p.actor"
        " order by s.unit, s.basis, s.position"
    )
    due = {
        place: speaker_text.joined(row[2] for row in own)
        for place, own in groupby(rows, lambda row: (row[0], row[1]))
    }
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
    actors.rebuild(conn)
    for (seq,) in conn.execute(
        "select seq from unit where id in (select subject_id from event"
        " where subject = 'unit' and op = 'speaker')"
        " or seq in (select unit from voice where basis = 'coder')"
    ).fetchall():
        rebuild_coder_voice(conn, seq)
    conn.execute("update voice set speaker = '' where speaker <> ''")
    units = conn.execute("select distinct unit from speaker").fetchall()
    for some in _some([row[0] for row in units]):
        speaker_text.write(conn, some)


def _some(units: Sequence[int], at_once: int = 10_000) -> Iterator[Sequence[int]]:
    for first in range(0, len(units), at_once):
        yield units[first : first + at_once]
