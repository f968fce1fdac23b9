"""What narrows a search, in SQL: filters of documents and filters of units.

A filter is both a test on one unit and, where that is not long work, a query for all units that
pass; ``search`` chooses which of the two is asked.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from annotator.core.query import Search
from annotator.store.catalogue import holding
from annotator.store.connection import Store
from annotator.store.naming import key_of
from annotator.store.speakers import SPEAKS

LAST = 2**63 - 1
"""Behind every unit."""

Values = dict[str, Any]


class Filter(NamedTuple):
    """One filter as a ``test`` on the number ``u.seq``, and on what is read ``about`` it.

    ``units`` is a query for the numbers of the units that pass, and ``size`` one that counts them
    or a few more, up to ``:few``; both are empty where that would be long work.
    """

    test: str
    units: str = ""
    size: str = ""
    about: tuple[str, ...] = ()


class Plan(NamedTuple):
    """The filters of a search, and the values that they and its words stand for."""

    filters: tuple[Filter, ...]
    values: Values


def plan(store: Store, search: Search) -> Plan:
    """The filters of a search in this project."""
    values = values_of(search)
    documents = _of_documents(store, search, values)
    return Plan((*documents, *_of_units(search)), values)


def passing(filters: Iterable[Filter]) -> str:
    """What follows the numbers ``u`` in a query for those that pass."""
    about = dict.fromkeys(table for one in filters for table in one.about)
    tests = " and ".join(one.test for one in filters)
    return f"{''.join(about)}{' where ' if tests else ''}{tests}"


def values_of(search: Search) -> Values:
    """What the words and filters of a search stand for in queries, from the first unit on."""
    return {
        "lowest": 0,
        "highest": LAST,
        "words": search.words.match if search.words else "",
        "sources": json.dumps(search.sources),
        "since": _first_day(search.since),
        "until": f"{search.until}~",  # behind every day of it
        "language": search.language,
        "speaker": search.speaker,
        "key": key_of(search.speaker),
        "voice": search.voice,
        "coder": search.coder,
        "variable": search.variable,
        "target": search.target,
        "code": search.code,
        "cluster": search.cluster,
        "part": search.part,
        "title": holding(search.title),
    }


def _first_day(since: str) -> str:
    return f"{since}-01-01"[:10] if since else ""


def _document_test(search: Search) -> str:
    """What narrows the documents, mostly answered by the index of filters; empty for nothing."""
    tests = {
        "d.source in (select value from json_each(:sources))": search.sources,
        # A date that is a month or a year is the beginning of its days.
        "(d.published >= :since or (d.published <> '' and"
        " substr(:since, 1, length(d.published)) = d.published))": search.since,
        "(d.published <> '' and d.published < :until)": search.until,
        "d.language = :language": search.language,
        "d.cluster_id = :cluster": search.cluster,
        "d.title like :title escape '\\'": search.title,
    }
    return " and ".join(test for test, asked in tests.items() if asked)


_UNIT = " cross join unit t on t.seq = u.seq"
_DOCUMENTS = "document d indexed by document_filters"
_DOCUMENT = f" cross join {_DOCUMENTS} on d.id = t.document_id"
_RETIRED = "select id from document indexed by document_retired where retired = 1"


def _of_documents(store: Store, search: Search, values: Values) -> Iterator[Filter]:
    if store.db.execute(f"{_RETIRED} limit 1").fetchone():
        yield Filter(f"t.document_id not in ({_RETIRED})", about=(_UNIT,))
    if test := _document_test(search):
        units, first = store.db.execute(
            f"select coalesce(sum(d.units), 0), min(d.rowid) from {_DOCUMENTS} where {test}", values
        ).fetchone()
        values["lowest"] = _lowest(store, first)
        chosen = (
            f"select n.seq from (select d.id from {_DOCUMENTS} where {test}) x"
            " cross join unit n on n.document_id = x.id"
        )
        yield Filter(test, chosen, f"select {units}", (_UNIT, _DOCUMENT))
    if search.one_copy:
        yield Filter("d.copy = 0", about=(_UNIT, _DOCUMENT))


def _of_units(search: Search) -> Iterator[Filter]:
    if search.part:
        yield _part(search.part)
    if search.voice:
        yield _voice(search.voice)
    if search.speaker:
        yield _speaker()
    if search.variable:
        yield _annotated(search)
    if search.coded is False:
        decided = _decided(search)
        yield Filter(f"not exists (select 1 from {_DECIDED} where {decided} and c.unit = u.seq)")
    elif search.coded or (search.coder and not search.variable):
        yield _among(_DECIDED, _decided(search), "c.unit")


def _among(table: str, chosen: str, unit: str, test: str = "", size: str = "") -> Filter:
    """The filter that a unit is among the ``chosen`` rows of a table.

    ``test`` and ``size`` are conditions that do the same for one unit, and roughly for all.
    """
    return Filter(
        test or f"exists (select 1 from {table} where {chosen} and {unit} = u.seq)",
        f"select distinct {unit} as seq from {table} where {chosen}",
        f"select count(*) from (select 1 from {table} where {size or chosen} limit :few)",
    )


def _part(part: str) -> Filter:
    if part == "body":
        return Filter("t.part = :part", about=(_UNIT,))
    others = "unit indexed by unit_part where part = :part and part <> 'body'"
    return Filter(
        "t.part = :part",
        f"select seq from {others}",
        f"select count(*) from (select 1 from {others} limit :few)",
        (_UNIT,),
    )


def _voice(voice: str) -> Filter:
    test = "(select v.voice from voice v where v.unit = u.seq order by v.basis limit 1) = :voice"
    if voice == "author":
        return Filter(test)
    heard = "v.voice = :voice and v.voice <> 'author'"
    in_force = (
        f"{heard} and (v.basis = 'coder' or not"
        " exists (select 1 from voice k where k.unit = v.unit and k.basis = 'coder'))"
    )
    return _among("voice v indexed by voice_speech", in_force, "v.unit", test, heard)


def _speaker() -> Filter:
    spoken = (
        f"{SPEAKS} and s.person in (select p.id from person p"
        " where p.key = :key and p.name = :speaker collate nocase union select p.id from actor n"
        " join person p on p.actor = n.id where n.name = :speaker collate nocase)"
    )
    # The same for one unit, beginning with those who speak in it.
    test = (
        "exists (select 1 from speaker s cross join person p on p.id = s.person"
        f" left join actor n on n.id = p.actor where s.unit = u.seq and {SPEAKS}"
        " and (p.name = :speaker collate nocase or n.name = :speaker collate nocase))"
    )
    return _among("speaker s", spoken, "s.unit", test)


_DECIDED = "coding c indexed by coding_coded"


def _annotated(search: Search) -> Filter:
    target = " and a.target = :target" if search.target else ""
    code = " and a.code = :code" if search.code else ""
    coder = " and a.coder = :coder" if search.coder else ""
    others = f"{target}{code}{coder}"
    # The plus sign keeps the index of codes from being read for each unit.
    test = (
        "exists (select 1 from annotation a"
        f" where a.unit = u.seq and +a.variable = :variable{others})"
    )
    return _among("annotation a", f"a.variable = :variable{others}", "a.unit", test)


def _decided(search: Search) -> str:
    coder = " and c.coder = :coder" if search.coder else ""
    return f"c.status = 'coded'{coder}"


def _lowest(store: Store, first: int | None) -> int:
    """A number below which no unit is of the document ``first``, or of one that came in later.

    Articles mostly come in by date or by outlet: without it, a search from a day on would try
    every hit before. Units are numbered as documents come in, until one is cut otherwise.
    """
    cut = store.db.execute(
        "select 1 from event indexed by event_cut where subject = 'document'"
        " and op in ('segment', 'split', 'join') limit 1"
    ).fetchone()
    if first is None or cut:
        return 0
    row = store.db.execute(
        "select min(u.seq) from document d join unit u on u.document_id = d.id where d.rowid = ?",
        (first,),
    ).fetchone()
    return int(row[0] or 0)
