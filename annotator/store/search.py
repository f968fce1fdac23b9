"""Searching the corpus: which units have these words and pass these filters, and where they lie.

SQLite's planner knows nothing of how often a word occurs, and asks the full-text index anew for
each unit where filters come first: 28 µs each, where reading through all 700,000 hits of a word
takes 25 ms. So the way is chosen here. The first hits are tried one by one, which mostly fills
the page. Else, where few units pass some filter, these are gathered and all hits held against
them. Either way a page of fifty comes in a fraction of a second from a million units.

For a beginning of one or two letters the index puts together all the words that begin so, before
it gives the first hit: 0.25 s for ``t*``. Units that the rest of the search finds are therefore
indexed anew in memory, which takes 3 µs each, until the page is full.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from typing import NamedTuple

from annotator.core.query import Search, Words
from annotator.core.records import UnitRecord
from annotator.store import filters, tables
from annotator.store.checks import TOKENS
from annotator.store.connection import Store
from annotator.store.filters import Filter, Plan, Values

MOST_COUNTED = 10_000
"""Hits are counted exactly up to here; counting on would take longer than finding them."""

MOST_RANKED = 50_000
"""The best hits are looked for among the first ones, so many; telling them takes 0.1 s."""

TRIES = 10_000
"""Hits that are tried before another way is taken: 10 ms."""

FEW = 100_000
"""Units that are gathered before the hits are held against them: 0.05 s."""

LEAST_READ, MOST_READ = 500, 16_000
"""Units that are indexed in memory at a time: 2 ms and 60 ms."""

SOON = 100_000
"""Hits that are tried in order to count: 0.1 s."""

ENOUGH = 2_000
"""Where counting on takes long, it ends with at least so many."""

Span = tuple[int, int]
"""Where words lie: ``[start, end)`` in code points."""


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


class Count(NamedTuple):
    """How many units are found; ``more`` where there may be more than this ``number``."""

    number: int
    more: bool


def page(
    store: Store, search: Search, *, limit: int = 50, offset: int = 0, ranked: bool = False
) -> list[Hit]:
    """The units that are found, in the order of coding, or ``ranked`` with the best ones first."""
    best = ranked and search.words is not None
    return hits(store, search, (_best if best else numbers)(store, search, limit, offset))


def count(store: Store, search: Search, *, most: int = MOST_COUNTED) -> int:
    """How many units are found; ``most + 1`` where there are more than ``most``."""
    return len(numbers(store, search, most + 1))


def counted(store: Store, search: Search) -> Count:
    """How many units are found, exactly up to ``MOST_COUNTED`` where that is soon done."""
    words = search.words
    if words and words.wider is not None:
        read = _read_through(store, search, words, ENOUGH)
        if read is not None:
            return Count(len(read), len(read) == ENOUGH)
    else:
        some, complete = _tried(store, search, filters.plan(store, search), MOST_COUNTED + 1, SOON)
        if complete or len(some) >= ENOUGH:
            number = min(len(some), MOST_COUNTED)
            return Count(number, not complete or len(some) > MOST_COUNTED)
    total = count(store, search)
    return Count(min(total, MOST_COUNTED), total > MOST_COUNTED)


def numbers(store: Store, search: Search, limit: int = -1, offset: int = 0) -> list[int]:
    """The numbers of the units that are found, in the order of coding; all without a limit."""
    words, end = search.words, offset + limit
    if limit >= 0 and words and words.wider is not None:
        read = _read_through(store, search, words, end)
        if read is not None:
            return read[offset:]
    plan = filters.plan(store, search)
    first: list[int] = []
    if limit >= 0:
        first, complete = _tried(store, search, plan, end, TRIES)
        if complete:
            return first[offset:]
    few, size = _fewest(store, plan)
    if first and end * TRIES < len(first) * size:
        # By what was found so far, going on is less work than gathering.
        first, complete = _tried(store, search, plan, end, FEW)
        if complete:
            return first[offset:]
    values = plan.values | {"limit": limit, "offset": offset}
    if few is None:
        return _read(store, search, plan, values)
    chosen = _gathered(store, few, plan)
    if words is None or not chosen:
        return chosen[offset : end if limit >= 0 else None]
    if limit >= 0 and len(chosen) <= MOST_READ:
        return _matching(store, chosen, words.match)[offset:end]
    return _hits_among(store, chosen, values)


def _read_through(store: Store, search: Search, words: Words, number: int) -> list[int] | None:
    """The first ``number`` units, read from the texts of those that pass without short beginnings.

    None where more than ``MOST_READ`` would have to be read, by what the first ones let expect.
    """
    wider = replace(search, words=words.widened)
    most = LEAST_READ
    while most <= MOST_READ:
        units = numbers(store, wider, most)
        found = _matching(store, units, words.match)
        if len(found) >= number or len(units) < most:
            return found[:number]
        if not found:
            break
        most = max(2 * most, most * number // len(found) * 3 // 2)
    return None


def _best(store: Store, search: Search, limit: int, offset: int) -> list[int]:
    chosen = numbers(store, search, MOST_RANKED)
    values = filters.values_of(search) | {"limit": limit, "offset": offset}
    return _hits_among(store, chosen, values, order="+rank, rowid") if chosen else []


def hits(store: Store, search: Search, units: Sequence[int]) -> list[Hit]:
    """These units, by their numbers, with what the search marks in them, in the order given."""
    chosen = json.dumps(units)
    records = {
        row[0]: UnitRecord._make((*row[:-1], bool(row[-1])))
        for row in store.db.execute(
            f"{tables.UNITS} where u.seq in (select value from json_each(?))", (chosen,)
        )
    }
    marks = _marks(search.words, records) if search.words else {}
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


def _read(store: Store, search: Search, plan: Plan, values: Values) -> list[int]:
    """The candidates between the lowest and the highest, each tried by all filters."""
    source = "unit_fts where unit_fts match :words and" if search.words else "unit where"
    rows = store.db.execute(
        f"select u.seq from (select rowid as seq from {source} rowid >= :lowest"
        f" and rowid <= :highest) u{filters.passing(plan.filters)}"
        " order by u.seq limit :limit offset :offset",
        values,
    )
    return [row[0] for row in rows]


def _last_to_try(store: Store, search: Search, values: Values) -> int | None:
    """The last of the candidates that are tried; None where all of them are."""
    source = "unit_fts where unit_fts match :words and" if search.words else "unit where"
    row = store.db.execute(
        f"select rowid from {source} rowid >= :lowest order by rowid limit 1 offset :tries", values
    ).fetchone()
    return row and int(row[0])


def _tried(
    store: Store, search: Search, plan: Plan, number: int, tries: int
) -> tuple[list[int], bool]:
    """The first ``number`` units among so many candidates, and whether no more are to be found."""
    last = _last_to_try(store, search, plan.values | {"tries": tries})
    values = plan.values | {"highest": last or filters.LAST, "limit": number, "offset": 0}
    found = _read(store, search, plan, values)
    return found, last is None or len(found) == number


def _fewest(store: Store, plan: Plan) -> tuple[Filter | None, int]:
    """The filter that fewest units pass, where they are few, and how many these are."""
    values = plan.values | {"few": FEW + 1}
    sized = [
        (store.db.execute(one.size, values).fetchone()[0], one) for one in plan.filters if one.size
    ]
    size, few = min(sized, key=lambda pair: pair[0], default=(FEW + 1, None))
    return (few, size) if size <= FEW else (None, 0)


def _gathered(store: Store, few: Filter, plan: Plan) -> list[int]:
    """The units that pass all filters, in order."""
    others = [one for one in plan.filters if one is not few]
    rows = store.db.execute(
        f"select u.seq from ({few.units}) u{filters.passing(others)} order by u.seq", plan.values
    )
    return [row[0] for row in rows]


def _hits_among(
    store: Store, chosen: Sequence[int], values: Values, *, order: str = "rowid"
) -> list[int]:
    # The plus sign keeps the index from being asked anew for each unit that was gathered, and the
    # one before a rank from ranking others.
    rows = store.db.execute(
        "select rowid from unit_fts where unit_fts match :words"
        " and +rowid in (select value from json_each(:chosen)) and rowid >= :lowest"
        f" and rowid <= :highest order by {order} limit :limit offset :offset",
        values | {"chosen": json.dumps(chosen), "lowest": chosen[0], "highest": chosen[-1]},
    )
    return [row[0] for row in rows]


def _matching(store: Store, units: Sequence[int], match: str) -> list[int]:
    """Those of the units in which the words occur, in order."""
    rows = store.db.execute(
        "select seq, text from unit where seq in (select value from json_each(?))",
        (json.dumps(units),),
    )
    with _indexed(rows) as index:
        found = index.execute(
            "select rowid from words where words match ? order by rowid", (match,)
        )
        return [row[0] for row in found]


@contextmanager
def _indexed(texts: Iterable[tuple[int, str]]) -> Iterator[sqlite3.Connection]:
    """A table of some texts, ``words``, cut into words as the index of the project is."""
    with closing(sqlite3.connect(":memory:")) as conn:
        conn.execute(f"create virtual table words using fts5 (text, tokenize = '{TOKENS}')")
        conn.executemany("insert into words (rowid, text) values (?, ?)", texts)
        yield conn


def _marks(words: Words, records: Mapping[int, UnitRecord]) -> dict[int, list[Span]]:
    """Where the words lie in each text, by the index's own rules of what a word is.

    The index itself would look for them in the whole corpus.
    """
    texts = {number: record.text for number, record in records.items()}
    open_, close = _strange_to("".join(texts.values()))
    with _indexed(texts.items()) as index:
        rows = index.execute(
            "select rowid, highlight(words, 0, ?, ?) from words where words match ?",
            (open_, close, words.wanted),
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
