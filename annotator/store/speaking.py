"""Who speaks in the units that a coder has before them, and who else does in their documents.

A quotation goes on over the units that it touches, and over the paragraphs that it is continued
in: a speaker who is corrected in one of them is corrected in all that have the same speakers.
"""

from __future__ import annotations

import json
import sqlite3
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, takewhile
from typing import NamedTuple

from annotator.core.voice import Voice

MOST_PEOPLE = 60
"""People of one document that the desk is told of."""


class Speaker(NamedTuple):
    """One who speaks in a unit, and how they were found there.

    ``mode``, ``confidence`` (0 to 1) and ``cue``, the word that introduces the quotation, are
    those of the weakest attribution; empty and None where a coder named the speaker.
    """

    name: str
    mode: str = ""
    confidence: float | None = None
    cue: str = ""


class Present(NamedTuple):
    """A person of the unit's document; ``here`` says that they speak in this very unit."""

    name: str
    kind: str
    here: bool


class Spoken(NamedTuple):
    """Who speaks in one unit, as it stands: corrected by a coder, else as the machine found it.

    ``voice`` and its ``basis`` are empty where nobody looked yet. ``set_by`` is the coder who set
    it. ``people`` are those of the document: first who speaks here, then by their first quotation.
    ``alike`` are the units that a correction goes along with, this one among them, as
    ranges ``(first, last)`` of their places in the document.
    """

    voice: Voice | str = ""
    basis: str = ""
    speakers: tuple[Speaker, ...] = ()
    set_by: str = ""
    people: tuple[Present, ...] = ()
    alike: tuple[tuple[int, int], ...] = ()


class Alike(NamedTuple):
    """A unit that shares a quotation with another one and has the same speakers."""

    seq: int
    id: str
    place: int
    voice: Voice | str


class _Heard(NamedTuple):
    """The voice in force of one unit, and its speakers as numbers of people."""

    voice: Voice | str = ""
    basis: str = ""
    people: tuple[int, ...] = ()


class _Unit(NamedTuple):
    seq: int
    id: str
    place: int
    start: int
    end: int


class _Said(NamedTuple):
    """A quotation; ``begins`` is the start of the one that it goes on from, or its own.

    ``reach`` is the last end of this quotation and all before it.
    """

    begins: int
    reach: int
    start: int
    end: int
    person: int | None
    mode: str
    confidence: float | None
    cue: str


def spoken(conn: sqlite3.Connection, units: Sequence[int]) -> dict[int, Spoken]:
    """Who speaks in each of these units, by their numbers; some queries for all of them."""
    rows = conn.execute(
        "select document_id, seq, id, idx, start, end from unit"
        " where seq in (select value from json_each(?)) order by document_id, idx",
        (json.dumps(list(units)),),
    ).fetchall()
    heard = _heard(conn, units)
    authors = _set_by(conn, [seq for seq, one in heard.items() if one.basis == "coder"])
    found = {}
    for document, group in groupby(rows, key=lambda row: str(row[0])):
        said = _quotations(conn, document)
        people = _people(conn, document)
        reached: Reached = {}
        for unit in (_Unit._make(row[1:]) for row in group):
            here = heard.get(unit.seq, _Heard())
            found[unit.seq] = Spoken(
                voice=here.voice,
                basis=here.basis,
                speakers=tuple(_speakers(here, unit, said, people)),
                set_by=authors.get(unit.seq, ""),
                people=_present(people, here),
                alike=_ranges(
                    one.place for one in _alike(conn, document, unit, here, said, reached)
                ),
            )
    return found


def alike(conn: sqlite3.Connection, seq: int) -> list[Alike]:
    """The units that a correction of this one goes along with, in order, itself among them."""
    row = conn.execute(
        "select document_id, seq, id, idx, start, end from unit where seq = ?", (seq,)
    ).fetchone()
    unit = _Unit._make(row[1:])
    here = _heard(conn, [seq]).get(seq, _Heard())
    return _alike(conn, row[0], unit, here, _quotations(conn, row[0]), {})


def _heard(conn: sqlite3.Connection, units: Sequence[int]) -> dict[int, _Heard]:
    rows = conn.execute(
        "select v.unit, v.basis, v.voice, s.person from voice v"
        " left join speaker s on s.unit = v.unit and s.basis = v.basis"
        " where v.unit in (select value from json_each(?)) order by v.unit, v.basis, s.position",
        (json.dumps(list(units)),),
    )
    found: dict[int, _Heard] = {}
    for unit, basis, voice, person in rows:
        here = found.setdefault(unit, _Heard(voice, basis))
        # What a coder said comes first, and then counts alone.
        if person is not None and basis == here.basis:
            found[unit] = here._replace(people=(*here.people, person))
    return found


def _set_by(conn: sqlite3.Connection, units: Sequence[int]) -> dict[int, str]:
    rows = conn.execute(
        # Asked in another order, it would look at every event of the project.
        "select u.seq, e.coder from unit u cross join event e"
        " on e.subject = 'unit' and e.subject_id = u.id and e.op = 'speaker'"
        " where u.seq in (select value from json_each(?))"
        " and not exists (select 1 from event r where r.op = 'retract'"
        "  and r.ref in (e.uuid, e.origin)) order by e.seq",
        (json.dumps(list(units)),),
    )
    return dict(rows.fetchall())


def _quotations(conn: sqlite3.Connection, document: str) -> list[_Said]:
    found: list[_Said] = []
    for start, end, person, mode, confidence, cue, flag in conn.execute(
        "select start, end, person, mode, confidence, cue, flag from quotation"
        " where document_id = ? and kind <> 'scare' order by start, end",
        (document,),
    ):
        begins = found[-1].begins if found and flag == "continued" else start
        reach = max(end, found[-1].reach if found else 0)
        found.append(_Said(begins, reach, start, end, person, mode, confidence, cue))
    return found


def _people(conn: sqlite3.Connection, document: str) -> dict[int, tuple[str, str]]:
    """Name and kind of each person of a document, by their first quotation."""
    rows = conn.execute(
        "select p.id, p.name, p.kind from person p left join quotation q on q.person = p.id"
        " where p.document_id = ? group by p.id order by min(q.start) is null, min(q.start), p.id",
        (document,),
    )
    return {number: (name, kind) for number, name, kind in rows}


def _speakers(
    here: _Heard, unit: _Unit, said: Sequence[_Said], people: dict[int, tuple[str, str]]
) -> Iterator[Speaker]:
    touching = _touching(said, unit)
    for person in here.people:
        name = people[person][0]
        own = [one for one in touching if one.person == person]
        if own and here.basis == "machine":
            weakest = min(own, key=lambda one: one.confidence or 0.0)
            yield Speaker(name, weakest.mode, weakest.confidence, weakest.cue)
        else:
            yield Speaker(name)


def _present(people: dict[int, tuple[str, str]], here: _Heard) -> tuple[Present, ...]:
    order = [*here.people, *(one for one in people if one not in here.people)]
    return tuple(Present(*people[one], one in here.people) for one in order[:MOST_PEOPLE])


def _touching(said: Sequence[_Said], unit: _Unit) -> list[_Said]:
    first = last = bisect_left(said, unit.end, key=lambda one: one.start)
    while first and said[first - 1].reach > unit.start:
        first -= 1
    return [one for one in said[first:last] if one.end > unit.start]


Reached = dict[tuple[_Said, ...], list[tuple[_Unit, _Heard]]]
"""The units of one document that these quotations touch, with who speaks in them."""


def _alike(
    conn: sqlite3.Connection,
    document: str,
    unit: _Unit,
    here: _Heard,
    said: Sequence[_Said],
    reached: Reached,
) -> list[Alike]:
    """What is found of a quotation is put into ``reached``: its other units are asked for next."""
    same = _whole(said, unit)
    first = min((one.start for one in same), default=unit.start)
    last = max((one.end for one in same), default=unit.end)
    if unit.start <= first and last <= unit.end:
        return [Alike(unit.seq, unit.id, unit.place, here.voice)]
    if same not in reached:
        beside = _between(conn, document, unit, first, last)
        touched = [other for other in beside if _touching(same, other)]
        heard = _heard(conn, [other.seq for other in touched])
        reached[same] = [(other, heard.get(other.seq, _Heard())) for other in touched]
    return [
        Alike(other.seq, other.id, other.place, there.voice)
        for other, there in reached[same]
        if there.people == here.people
    ]


def _whole(said: Sequence[_Said], unit: _Unit) -> tuple[_Said, ...]:
    """The quotations that touch the unit, all that they go on from, and that goes on from them."""
    own = {one.begins for one in _touching(said, unit)}
    if not own:
        return ()
    first = bisect_left(said, min(own), key=lambda one: one.start)
    near = takewhile(lambda one: one.start < unit.end or one.begins in own, said[first:])
    return tuple(one for one in near if one.begins in own)


def _between(
    conn: sqlite3.Connection, document: str, unit: _Unit, first: int, last: int
) -> list[_Unit]:
    """The units of ``[first, last)``, looked for from this one on in both directions."""
    columns = "select seq, id, idx, start, end from unit where document_id = ?"
    before = conn.execute(f"{columns} and idx < ? order by idx desc", (document, unit.place))
    after = conn.execute(f"{columns} and idx > ? order by idx", (document, unit.place))
    return [
        *reversed(list(takewhile(lambda one: one.end > first, map(_Unit._make, before)))),
        unit,
        *takewhile(lambda one: one.start < last, map(_Unit._make, after)),
    ]


def _ranges(places: Iterable[int]) -> tuple[tuple[int, int], ...]:
    found: list[tuple[int, int]] = []
    for place in places:
        if found and found[-1][1] == place - 1:
            found[-1] = (found[-1][0], place)
        else:
            found.append((place, place))
    return tuple(found)
