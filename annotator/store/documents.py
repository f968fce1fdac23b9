"""Documents and their units: added whole, never changed, found again by their text and origin."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import count
from typing import NamedTuple

from annotator.core.batches import batches
from annotator.core.document import Draft, Segment, letters_of, unit_id
from annotator.core.errors import ReadError
from annotator.store.connection import Store
from annotator.store.unit_rows import last_unit

Draw = Callable[[str], float]
Cut = tuple[Draft, Sequence[Segment]]
"""A draft and its units."""

BATCH = 500
"""Documents that are written at a time; more would only take more memory."""

COLUMNS = (
    *("id", "text", "title", "file", "file_sha256", "published", "date_precision", "author"),
    *("source", "place", "url", "external_id", "language", "section", "meta", "furniture"),
    *("segmenter", "units", "added_at", "letters"),
)


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


class Here(NamedTuple):
    """A document that is here, or came in just before: what tells whether another is the same."""

    id: str
    file: str
    source: str
    published: str
    url: str
    external_id: str


class Arrival(NamedTuple):
    """A draft on its way in. ``like`` is a document of the same words, where there is one."""

    id: str
    letters: int
    draft: Draft
    segments: Sequence[Segment]
    new: bool
    like: Here | None


class Arrivals:
    """Tells new documents from those that are in the project, or came before among these.

    A document is known by its text and origin. The same words in another form (an article saved
    as a page and as a PDF) are known too, where source and date are the same and no id or address
    speaks against it. ``by_words`` is off for rows, which may say the same twice: their words are
    not kept (``letters`` is 0).
    """

    def __init__(self, store: Store, *, by_words: bool) -> None:
        self._store = store
        self._by_words = by_words
        self._met: set[str] = set()
        self._words: dict[int, list[Here]] = {}

    def judge(self, batch: Sequence[Cut]) -> list[Arrival]:
        """What is to be thought of each of these, in order."""
        by_words = self._by_words
        named = [
            (draft.document_id, letters_of(draft.text) if by_words else 0) for draft, _ in batch
        ]
        here = _known(self._store.db.conn, "document", [id_ for id_, _ in named])
        words = self._here([letters for _, letters in named]) if by_words else {}
        found = []
        for (id_, letters), (draft, segments) in zip(named, batch, strict=True):
            like = self._likest(words.get(letters, ()), letters, draft) if by_words else None
            known = id_ in here or id_ in self._met or (like and _is_same(like, draft))
            found.append(Arrival(id_, letters, draft, segments, not known, like))
            if not known:
                self._remember(id_, letters, draft)
        return found

    def _likest(self, here: Sequence[Here], letters: int, draft: Draft) -> Here | None:
        others = [*here, *self._words.get(letters, ())]
        return min(others, key=lambda one: not _is_same(one, draft), default=None)

    def judged(self, drafts: Iterable[Cut]) -> Iterator[Arrival]:
        """The same for any number of them, a batch at a time; of a file that fails none was met."""
        new: list[tuple[str, int]] = []
        try:
            for batch in batches(drafts, BATCH):
                judged = self.judge(batch)
                new += [(one.id, one.letters) for one in judged if one.new]
                yield from judged
        except ReadError:
            self._forget(new)
            raise

    def _forget(self, new: Iterable[tuple[str, int]]) -> None:
        for id_, letters in new:
            self._met.discard(id_)
            others = self._words.pop(letters, ())
            if left := [one for one in others if one.id != id_]:
                self._words[letters] = left

    def _here(self, letters: Sequence[int]) -> dict[int, list[Here]]:
        rows = self._store.db.execute(
            "select letters, id, file, source, published, url, external_id from document"
            " where letters in (select value from json_each(?)) order by rowid",
            (json.dumps(letters),),
        )
        found: dict[int, list[Here]] = {}
        for letter, *row in rows:
            found.setdefault(letter, []).append(Here._make(row))
        return found

    def _remember(self, id_: str, letters: int, draft: Draft) -> None:
        self._met.add(id_)
        if self._by_words:
            seen = Here(
                *(id_, draft.file, draft.source, draft.published, draft.url, draft.external_id)
            )
            self._words.setdefault(letters, []).append(seen)


def _is_same(here: Here, draft: Draft) -> bool:
    """Whether a document of the same words is the same article in another form."""
    return (
        (here.source, here.published) == (draft.source, draft.published)
        and _agree(here.url, draft.url)
        and _agree(here.external_id, draft.external_id)
    )


def _agree(one: str, other: str) -> bool:
    return not one or not other or one == other


def add_documents(
    store: Store,
    drafts: Iterable[Cut],
    *,
    by_words: bool = True,
    segmenter: str,
    draw: Draw,
    at: str,
    tell: Callable[[Arrival], None] = lambda arrival: None,
) -> None:
    """Add every document that is new or, if one fails, none; they are taken one by one.

    A document that is there already (see ``Arrivals``) is left alone. ``tell`` hears of each one;
    where it raises, nothing is kept.
    """
    arrivals = Arrivals(store, by_words=by_words)
    with store.write() as conn:
        last = last_unit(conn)
        numbers = count(last + 1)
        for batch in batches(drafts, BATCH):
            judged = arrivals.judge(batch)
            _add(conn, [one for one in judged if one.new], numbers, segmenter, draw, at)
            for one in judged:
                tell(one)
        conn.execute(
            "insert into unit_fts (rowid, text) select seq, text from unit where seq > ?", (last,)
        )


def _add(
    conn: sqlite3.Connection,
    new: Sequence[Arrival],
    numbers: Iterator[int],
    segmenter: str,
    draw: Draw,
    at: str,
) -> None:
    conn.executemany(
        f"insert into document ({', '.join(COLUMNS)}) values ({', '.join('?' * len(COLUMNS))})",
        (_document_row(one, segmenter, at) for one in new),
    )
    conn.execute(
        "update corpus set documents = documents + ?, units = units + ?",
        (len(new), sum(len(one.segments) for one in new)),
    )
    conn.executemany(
        "insert into unit (id, document_id, idx, start, end, paragraph, part, text, draw, seq)"
        " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        ((*row, next(numbers)) for one in new for row in _unit_rows(one, draw)),
    )


def _document_row(one: Arrival, segmenter: str, at: str) -> tuple[object, ...]:
    draft = one.draft
    return (
        *(one.id, draft.text, draft.title, draft.file, draft.file_sha256),
        *(draft.published, draft.date_precision, draft.author, draft.source, draft.place),
        *(draft.url, draft.external_id, draft.language, draft.section),
        *(_json(draft.meta), _json(draft.furniture), segmenter, len(one.segments), at),
        one.letters,
    )


def _json(value: Mapping[str, str] | Sequence[object]) -> str:
    if not value:
        return "{}" if isinstance(value, Mapping) else "[]"
    return json.dumps(dict(value) if isinstance(value, Mapping) else value)


def _unit_rows(one: Arrival, draw: Draw) -> Iterator[tuple[object, ...]]:
    text = one.draft.text
    for index, s in enumerate(one.segments):
        name = unit_id(one.id, s.start, s.end)
        words = text[s.start : s.end]
        yield name, one.id, index, s.start, s.end, s.paragraph, s.part, words, draw(name)


def known_documents(store: Store, ids: Sequence[str]) -> set[str]:
    """Which of these documents the project holds already."""
    return _known(store.db.conn, "document", ids)


def known_units(store: Store, ids: Sequence[str]) -> set[str]:
    """Which of these units the project holds."""
    return _known(store.db.conn, "unit", ids)


def _known(conn: sqlite3.Connection, table: str, ids: Sequence[str]) -> set[str]:
    rows = conn.execute(
        f"select id from {table} where id in (select value from json_each(?))",
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
    """Every document of the corpus in the order of import, with how many units anybody decided."""
    rows = store.db.execute(
        "select d.id, d.title, d.source, d.published, d.language, d.file, d.units,"
        " (select count(distinct c.unit) from unit u join coding c on c.unit = u.seq"
        "   where u.document_id = d.id and c.status is not null)"
        " from document d where d.retired = 0 order by d.rowid"
    )
    return [Overview(*row) for row in rows]


def sources(store: Store) -> list[tuple[str, int]]:
    """Each outlet with the number of its documents, most first."""
    return list(
        store.db.execute(
            "select source, count(*) from document where retired = 0"
            " group by source order by count(*) desc, source"
        )
    )
