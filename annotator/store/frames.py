"""Sampling frames: the sentences that a plan may draw, with what strata are made by.

Documents that are retired are in no frame. A document that came after an earlier draw is known by
its place and its time: SQLite gives the place of a document that was removed a second time.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from annotator.store.connection import Store


class FrameDocument(NamedTuple):
    """One document of the frame; ``number`` is its place in the order of import.

    ``units`` are its sentences in the frame.
    """

    number: int
    id: str
    source: str
    published: str
    language: str
    section: str
    cluster_id: str
    added_at: str
    units: int


class FrameUnit(NamedTuple):
    """One sentence of the frame. ``voice`` is empty where nobody looked who speaks."""

    seq: int
    id: str
    document: str
    part: str
    voice: str


def documents(store: Store, within: str = "") -> list[FrameDocument]:
    """The documents of the corpus, or those with a unit in the list ``within``, as imported."""
    about = "d.rowid, d.id, d.source, d.published, d.language, d.section, d.cluster_id, d.added_at"
    some = (
        f"select {about}, count(*) from listed l join unit u on u.seq = l.unit"
        " join document d on d.id = u.document_id where l.list = ? and d.retired = 0"
        " group by d.rowid order by d.rowid"
    )
    every = f"select {about}, d.units from document d where d.retired = 0 order by d.rowid"
    rows = store.db.execute(*((some, (within,)) if within else (every,)))
    return [FrameDocument(*row) for row in rows]


def came_since(store: Store, last_document: int) -> int:
    """How many documents of the corpus were imported after the one with that number."""
    row = store.db.execute(
        "select count(*) from document where rowid > ? and retired = 0", (last_document,)
    ).fetchone()
    return int(row[0])


def units(store: Store, within: str = "") -> Iterator[FrameUnit]:
    """The sentences of these documents, those of one document together, in its order."""
    some = " and u.seq in (select unit from listed where list = :within)"
    rows = store.db.execute(
        "select u.seq, u.id, u.document_id, u.part, coalesce(vc.voice, vm.voice, '')"
        " from document d join unit u on u.document_id = d.id"
        " left join voice vc on vc.unit = u.seq and vc.basis = 'coder'"
        " left join voice vm on vm.unit = u.seq and vm.basis = 'machine'"
        f" where d.retired = 0{some if within else ''} order by d.rowid, u.idx",
        {"within": within},
    )
    return map(FrameUnit._make, rows)
