"""Searching the corpus: which units have these words and pass these filters, and where they lie.

SQLite's planner knows nothing of how often a word occurs, and asks the full-text index anew for
each unit where filters come first: 28 µs each, where reading through all 700,000 hits of a word
takes 25 ms. So the way is chosen here. The first hits are tried one by one, which mostly fills
the page. Else, where few units pass some filter, these are gathered and all hits held against
them. Either way a page of fifty comes in a fraction of a second from a million units.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from annotator.core.query import Search, Words
from annotator.core.records import UnitRecord
from annotator.store import tables
from annotator.store.connection import Store

MOST_COUNTED = 10_000
"""Hits are counted exactly up to here; counting on would take longer than finding them."""

MOST_RANKED = 50_000
"""The best hits can be told among fewer than these."""

TRIES = 10_000
"""Hits that are tried before another way is taken: 10 ms."""

FEW = 100_000
"""Units that are gathered before the hits are held against them: 0.05 s."""

Span = tuple[int, int]
"""Where words lie: ``[start, end)`` in code points."""

Values = dict[str, Any]


class Given(NamedTuple):
    """A code that somebody gave to a unit."""

    coder: str
    variable: str
    target: str
    holder: str
    code: str
    use: str


class Hit(NamedTuple):
    """A unit that was found, the words that matched in its text, and the codes it carries."""

    unit: UnitRecord
    marks: tuple[Span, ...]
    codes: tuple[Given, ...]

    @property
    def matched(self) -> tuple[str, ...]:
        """The words that matched, as they stand in the text."""
        return tuple(self.unit.text[start:end] for start, end in self.marks)


class Line(NamedTuple):
    """One place where the words occur, with the document's text on both sides of it."""

    unit: str
    left: str
    hit: str
    right: str
    title: str
    source: str
    published: str


class Share(NamedTuple):
    """Hits among all units of one outlet in one month (``2031-05``; less where less is known)."""

    source: str
    month: str
    hits: int
    units: int


class _Filter(NamedTuple):
    """One filter as a ``test`` on unit ``u`` and document ``d``.

    ``units`` is a ``from`` clause of ``u`` and ``d`` by which the units that pass are gathered,
    and ``size`` a query that counts them or a few more; both are empty where that would be long
    work. ``once_more`` says that the test has still to be made of what is gathered.
    """

    test: str
    units: str = ""
    size: str = ""
    once_more: bool = False


def page(
    store: Store, search: Search, *, limit: int = 50, offset: int = 0, ranked: bool = False
) -> list[Hit]:
    """The units that are found, in the order of coding, or ``ranked`` with the best ones first."""
    best = ranked and search.words is not None
    return hits(store, search, (_best if best else numbers)(store, search, limit, offset))


def count(store: Store, search: Search, *, most: int = MOST_COUNTED) -> int:
    """How many units are found; ``most + 1`` where there are more than ``most``."""
    return len(numbers(store, search, most + 1))


def numbers(store: Store, search: Search, limit: int = -1, offset: int = 0) -> list[int]:
    """The numbers of the units that are found, in the order of coding; all without a limit."""
    filters = [*_of_documents(search), *_of_units(search)]
    values = _values(search) | {"limit": limit, "offset": offset}
    values["lowest"] = _lowest(store, search, values)
    if limit >= 0:
        first = _read(store, _in_order(search, filters, most=True), values)
        if len(first) == limit or _tried_all(store, search, values):
            return first
    few = _fewest(store, filters, values)
    if few is None:
        return _read(store, _in_order(search, filters), values)
    gathered = _gathered(store, few, filters, values)
    if search.words and gathered["chosen"] != "[]":
        return _read(store, _AMONG_GATHERED, values | gathered)
    found: list[int] = json.loads(gathered["chosen"])
    return found[offset : offset + limit if limit >= 0 else None]


def _best(store: Store, search: Search, limit: int, offset: int) -> list[int]:
    filters = [*_of_documents(search), *_of_units(search)]
    values = _values(search) | {"limit": limit, "offset": offset, "lowest": 0}
    return _read(store, _in_order(search, filters), values, order="f.rank")


def hits(store: Store, search: Search, units: Sequence[int]) -> list[Hit]:
    """These units, by their numbers, with what the search marks in them, in the order given."""
    chosen = json.dumps(units)
    records = {
        row[0]: UnitRecord._make((*row[:-1], bool(row[-1])))
        for row in store.db.execute(
            f"{tables.UNITS} where u.seq in (select value from json_each(?))", (chosen,)
        )
    }
    marks = _marks(store, search.words, records) if search.words else {}
    codes: dict[int, list[Given]] = {}
    for unit, *given in store.db.execute(
        "select distinct unit, coder, variable, target, holder, code, use from annotation"
        " where unit in (select value from json_each(?)) order by unit, coder, position",
        (chosen,),
    ):
        codes.setdefault(unit, []).append(Given._make(given))
    return [
        Hit(records[one], tuple(marks.get(one, ())), tuple(codes.get(one, ())))
        for one in units
        if one in records
    ]


def lines(store: Store, found: Iterable[Hit], *, width: int) -> Iterator[Line]:
    """Every place where the words occur in these units, ``width`` characters on both sides."""
    for unit, marks, _ in found:
        first = max(0, unit.start - width)
        (around,) = store.db.execute(
            "select substr(text, ? + 1, ?) from document where id = ?",
            (first, unit.end + width - first, unit.document_id),
        ).fetchone()
        for start, end in marks:
            at, to = unit.start + start - first, unit.start + end - first
            yield Line(
                *(unit.unit_id, around[max(0, at - width) : at], around[at:to]),
                *(around[to : to + width], unit.title or unit.file, unit.source, unit.published),
            )


def shares(store: Store, search: Search) -> list[Share]:
    """Hits by outlet and month against all units there, those without hits too, in order."""
    units = store.db.execute(
        "select source, substr(published, 1, 7), sum(units) from document indexed by"
        " document_filters where retired = 0 group by 1, 2 order by 1, 2"
    ).fetchall()
    rows = store.db.execute(
        "select d.source, substr(d.published, 1, 7), sum(f.hits) from (select u.document_id,"
        " count(*) as hits from json_each(?) j cross join unit u on u.seq = j.value"
        " group by u.document_id) f cross join document d on d.id = f.document_id group by 1, 2",
        (json.dumps(numbers(store, search)),),
    )
    found = {(source, month): hits for source, month, hits in rows}
    return [
        Share(source, month, found.get((source, month), 0), number)
        for source, month, number in units
    ]


def languages(store: Store) -> list[str]:
    """The languages of the corpus."""
    rows = store.db.execute(
        "select distinct language from document where retired = 0 and language <> '' order by 1"
    )
    return [row[0] for row in rows]


def speakers(store: Store, *, most: int = 200) -> list[str]:
    """The actors of the project, those first who speak in the most documents."""
    rows = store.db.execute(
        "select a.name from actor a join person p on p.actor = a.id group by a.id"
        " order by count(*) desc, a.name limit ?",
        (most,),
    )
    return [row[0] for row in rows]


def _read(store: Store, source: str, values: Values, *, order: str = "f.number") -> list[int]:
    rows = store.db.execute(
        f"select f.number from {source} order by {order} limit :limit offset :offset", values
    )
    return [row[0] for row in rows]


def _candidates(search: Search) -> str:
    if search.words is None:
        return "unit where seq >= :lowest"
    return "unit_fts where unit_fts match :words and rowid >= :lowest"


def _in_order(search: Search, filters: Sequence[_Filter], *, most: bool = False) -> str:
    """The candidates in order, each tried by all filters; at ``most`` the first ``TRIES``."""
    rank = ", rank" if search.words else ""
    end = " order by rowid limit :tries" if most else ""
    tests = " and ".join(one.test for one in filters)
    return (
        f"(select rowid as number{rank} from {_candidates(search)}{end}) f"
        " cross join unit u on u.seq = f.number"
        f" cross join document d on d.id = u.document_id where {tests}"
    )


# The plus sign keeps the index from being asked anew for each unit that was gathered.
_AMONG_GATHERED = (
    "(select rowid as number from unit_fts where unit_fts match :words"
    " and +rowid in (select value from json_each(:chosen))"
    " and rowid >= :lowest and rowid <= :highest) f"
)


def _tried_all(store: Store, search: Search, values: Values) -> bool:
    (found,) = store.db.execute(
        f"select count(*) from (select 1 from {_candidates(search)} limit :tries)", values
    ).fetchone()
    return int(found) < TRIES


def _fewest(store: Store, filters: Sequence[_Filter], values: Values) -> _Filter | None:
    """The filter that fewest units pass, where they are few."""
    sized = [
        (store.db.execute(one.size, values).fetchone()[0] or 0, one) for one in filters if one.size
    ]
    size, few = min(sized, key=lambda pair: pair[0], default=(FEW + 1, None))
    return few if size <= FEW else None


def _gathered(store: Store, few: _Filter, filters: Sequence[_Filter], values: Values) -> Values:
    """The units that pass all filters as a JSON list in order, and the first and last of them."""
    tests = " and ".join(one.test for one in filters if one is not few or one.once_more)
    row = store.db.execute(
        "select json_group_array(seq), min(seq), max(seq)"
        f" from (select u.seq from {few.units} where {tests} order by u.seq)",
        values,
    ).fetchone()
    return dict(zip(("chosen", "lowest", "highest"), row, strict=True))


def _values(search: Search) -> Values:
    return {
        "few": FEW + 1,
        "tries": TRIES,
        "words": search.words.match if search.words else "",
        "sources": json.dumps(search.sources),
        "since": _first_day(search.since),
        "until": f"{search.until}~",  # behind every day of it
        "language": search.language,
        "speaker": search.speaker,
        "voice": search.voice,
        "coder": search.coder,
        "variable": search.variable,
        "target": search.target,
        "code": search.code,
        "cluster": search.cluster,
        "part": search.part,
        "title": "%" + re.sub(r"([\\%_])", r"\\\1", search.title) + "%",
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


_FIRST_OF_STORY = (
    "(d.cluster_id = '' or not exists (select 1 from document e where"
    " e.cluster_id = d.cluster_id and e.cluster_id <> '' and e.retired = 0 and e.rowid < d.rowid))"
)


def _of_documents(search: Search) -> Iterator[_Filter]:
    yield _Filter("d.retired = 0")
    if test := _document_test(search):
        size = f"select sum(d.units) from document d where {test}"
        units = "document d cross join unit u on u.document_id = d.id"
        yield _Filter(test, units, size, once_more=True)


def _of_units(search: Search) -> Iterator[_Filter]:
    if search.one_copy:
        yield _Filter(_FIRST_OF_STORY)
    if search.part:
        yield _Filter("u.part = :part")
    if search.voice:
        yield _voice(search.voice)
    if search.speaker:
        yield _speaker()
    if search.variable:
        yield _among(_annotated(search), "a.unit")
    if search.coded is False:
        yield _Filter(f"not exists (select 1 from {_decided(search)} and c.unit = u.seq)")
    elif search.coded or (search.coder and not search.variable):
        yield _among(_decided(search), "c.unit")


def _among(found: str, unit: str) -> _Filter:
    """The filter that a unit is among ``found``, what follows the ``from`` of a query."""
    return _Filter(
        f"exists (select 1 from {found} and {unit} = u.seq)",
        f"(select distinct {unit} as seq from {found}) x cross join unit u on u.seq = x.seq"
        " cross join document d on d.id = u.document_id",
        f"select count(*) from (select 1 from {found} limit :few)",
    )


def _voice(voice: str) -> _Filter:
    test = "(select v.voice from voice v where v.unit = u.seq order by v.basis limit 1) = :voice"
    if voice == "author":
        return _Filter(test)
    heard = (
        "voice v where v.voice = :voice and v.voice <> 'author' and (v.basis = 'coder' or not"
        " exists (select 1 from voice k where k.unit = v.unit and k.basis = 'coder'))"
    )
    return _among(heard, "v.unit")._replace(test=test)


_IN_FORCE = (
    "s.basis = coalesce((select 'coder' from voice k where k.unit = s.unit and k.basis = 'coder'),"
    " 'machine')"
)


def _speaker() -> _Filter:
    spoken = (
        f"speaker s where {_IN_FORCE} and s.person in (select p.id from person p"
        " where p.name = :speaker collate nocase union select p.id from actor n"
        " join person p on p.actor = n.id where n.name = :speaker collate nocase)"
    )
    # The same for one unit, beginning with those who speak in it.
    test = (
        "exists (select 1 from speaker s cross join person p on p.id = s.person"
        f" left join actor n on n.id = p.actor where s.unit = u.seq and {_IN_FORCE}"
        " and (p.name = :speaker collate nocase or n.name = :speaker collate nocase))"
    )
    return _among(spoken, "s.unit")._replace(test=test)


def _annotated(search: Search) -> str:
    target = " and a.target = :target" if search.target else ""
    code = " and a.code = :code" if search.code else ""
    coder = " and a.coder = :coder" if search.coder else ""
    return f"annotation a where a.variable = :variable{target}{code}{coder}"


def _decided(search: Search) -> str:
    coder = " and c.coder = :coder" if search.coder else ""
    return f"coding c where c.status = 'coded'{coder}"


def _lowest(store: Store, search: Search, values: Values) -> int:
    """A number below which no unit passes the tests of documents.

    Articles mostly come in by date or by outlet: without it, a search from a day on would try
    every hit before. Units are numbered as documents come in, until one is cut otherwise.
    """
    test = _document_test(search)
    cut = (
        "select 1 from event where subject = 'document' and op in ('segment', 'split', 'join')"
        " limit 1"
    )
    if not test or store.db.execute(cut).fetchone():
        return 0
    row = store.db.execute(
        "select min(u.seq) from document d join unit u on u.document_id = d.id"
        f" where d.rowid = (select min(+d.rowid) from document d where {test})",
        values,
    ).fetchone()
    return int(row[0] or 0)


def _marks(store: Store, words: Words, records: Mapping[int, UnitRecord]) -> dict[int, list[Span]]:
    """Where the words lie in each text, by the index's own rules of what a word is."""
    texts = "".join(record.text for record in records.values())
    open_, close = _strange_to(texts)
    if not records:
        return {}
    rows = store.db.execute(
        "select rowid, highlight(unit_fts, 0, ?, ?) from unit_fts where unit_fts match ?"
        " and +rowid in (select value from json_each(?)) and rowid >= ? and rowid <= ?",
        (open_, close, words.wanted, json.dumps(list(records)), min(records), max(records)),
    )
    return {number: list(_spans(marked, open_, close)) for number, marked in rows}


def _strange_to(texts: str) -> tuple[str, str]:
    """Two signs that do not stand in the texts."""
    strange = (chr(point) for point in range(0xFDD0, 0x10000) if chr(point) not in texts)
    return next(strange), next(strange)


def _spans(marked: str, open_: str, close: str) -> Iterator[Span]:
    """The spans between the signs, in the text without them.

    >>> list(_spans("a <b> <c d>e", "<", ">"))
    [(2, 3), (4, 7)]
    """
    before, *pieces = marked.split(open_)
    at = len(before)
    for piece in pieces:
        inside, _, after = piece.partition(close)
        yield at, at + len(inside)
        at += len(inside) + len(after)
