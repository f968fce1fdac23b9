"""The stories of the project: their documents and outlets, likely pairs, and what was said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from annotator.store.connection import Store


class Cluster(NamedTuple):
    """One story: the first title, who printed it and when, and how far it is coded.

    ``size`` counts the documents in the corpus. ``outlets`` stand in the order in which they
    printed it, ``first`` and ``last`` are ISO dates. ``coded`` counts the documents in which
    anybody decided on a unit, ``units`` those of the first document.
    """

    id: str
    title: str
    size: int
    outlets: tuple[str, ...]
    first: str
    last: str
    coded: int
    units: int


class Member(NamedTuple):
    """One document of a cluster, in the order of import; ``decided`` counts its decided units."""

    id: str
    title: str
    source: str
    published: str
    file: str
    units: int
    decided: int
    retired: bool
    copy: bool


class Pair(NamedTuple):
    """Two documents that may tell the same story; ``likeness`` is about what they share, 0 to 1."""

    document_id: str
    title: str
    source: str
    published: str
    other_id: str
    other_title: str
    other_source: str
    other_published: str
    likeness: float


class Weight(NamedTuple):
    """How much a document counts where stories are counted: 1 over the copies of its story."""

    document_id: str
    cluster_id: str
    weight: float


class Decided(NamedTuple):
    """What a person said of the copies; ``with_`` is the other document."""

    uuid: str
    at: str
    coder: str
    op: str
    document_id: str
    title: str
    with_: str
    with_title: str
    undone: bool


_SIZES = (
    "select cluster_id, count(*) as size from document"
    " where cluster_id <> '' and retired = 0 group by cluster_id having size > 1"
)


def sizes(store: Store) -> dict[int, int]:
    """How many stories have so many copies, by the number of documents in the corpus.

    Stories of one document are there too.
    """
    rows = store.db.execute(
        f"select size, count(*) from ({_SIZES}) group by size order by size"
    ).fetchall()
    (documents,) = store.db.execute("select documents from corpus").fetchone()
    alone = documents - sum(size * number for size, number in rows)
    return ({1: alone} if alone else {}) | dict(rows)


def listed(store: Store, *, limit: int = -1, offset: int = 0) -> list[Cluster]:
    """The clusters of at least two documents of the corpus, the largest first."""
    rows = store.db.execute(
        f"with story as materialized ({_SIZES} order by size desc, cluster_id limit ? offset ?)"
        " select s.cluster_id, s.size, d.title, d.file, d.source, d.published, d.units,"
        " exists (select 1 from document_progress p where p.document_id = d.id and p.done > 0)"
        " from story s join document d on d.cluster_id = s.cluster_id and d.retired = 0"
        " order by s.size desc, s.cluster_id, d.rowid",
        (limit, offset),
    )
    found: dict[str, list[tuple[Any, ...]]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(row)
    return [_cluster(told) for told in found.values()]


def _cluster(rows: list[tuple[Any, ...]]) -> Cluster:
    id_, size, title, file, _, _, units, _ = rows[0]
    by_date = sorted(rows, key=lambda row: row[5] or "9999")
    dates = [row[5] for row in by_date if row[5]]
    return Cluster(
        id=id_,
        title=title or file,
        size=size,
        outlets=tuple(dict.fromkeys(row[4] for row in by_date if row[4])),
        first=dates[0] if dates else "",
        last=dates[-1] if dates else "",
        coded=sum(row[7] for row in rows),
        units=units,
    )


def members(store: Store, cluster_id: str) -> list[Member]:
    """The documents of a cluster, retired ones too, in the order of import."""
    rows = store.db.execute(
        "select d.id, coalesce(nullif(d.title, ''), d.file), d.source, d.published, d.file,"
        " d.units, (select count(distinct c.unit) from unit u join coding c on c.unit = u.seq"
        "  where u.document_id = d.id and c.status is not null), d.retired, d.copy"
        " from document d where d.cluster_id = ? and d.cluster_id <> '' order by d.rowid",
        (cluster_id,),
    )
    return [Member._make((*row[:7], bool(row[7]), bool(row[8]))) for row in rows]


def suggested(store: Store, *, limit: int = -1) -> list[Pair]:
    """The pairs of the corpus that somebody had better look at, the most alike first."""
    rows = store.db.execute(
        "select d.id, coalesce(nullif(d.title, ''), d.file), d.source, d.published,"
        " o.id, coalesce(nullif(o.title, ''), o.file), o.source, o.published, r.likeness"
        " from resemblance r join document d on d.id = r.document_id"
        " join document o on o.id = r.other_id where d.retired = 0 and o.retired = 0"
        " and (d.cluster_id = '' or d.cluster_id <> o.cluster_id)"
        " order by r.likeness desc, d.rowid limit ?",
        (limit,),
    )
    return [Pair._make(row) for row in rows]


def weights(store: Store) -> Iterator[Weight]:
    """The weight of each document of the corpus, in the order of import.

    The weights of a story add up to 1, so that a sum over documents counts stories.
    """
    many: Mapping[str, int] = dict(store.db.execute(_SIZES).fetchall())
    rows = store.db.execute("select id, cluster_id from document where retired = 0 order by rowid")
    for id_, cluster in rows:
        yield Weight(id_, cluster, 1 / many.get(cluster, 1))


def shared(store: Store) -> list[tuple[str, str, int]]:
    """``(outlet, other, stories)``: how many stories the outlet printed before the other did.

    By the first date of each; where both are of one day, by the order of import. A document
    without an outlet or a date says nothing.
    """
    rows = store.db.execute(
        "with printed as (select cluster_id, source, min(published) as day, min(rowid) as turn"
        "  from document where cluster_id <> '' and retired = 0 and source <> ''"
        "  and published <> '' group by cluster_id, source)"
        " select a.source, b.source, count(*) from printed a join printed b"
        " on b.cluster_id = a.cluster_id and (b.day, b.turn) > (a.day, a.turn)"
        " group by a.source, b.source order by count(*) desc, a.source, b.source"
    )
    return [(row[0], row[1], row[2]) for row in rows]


def history(store: Store, *, limit: int = 20) -> list[Decided]:
    """What people said of copies, the newest first, without what takes something back."""
    rows = store.db.execute(
        "select e.uuid, e.recorded_at, e.coder, e.op, e.subject_id,"
        " coalesce(nullif(d.title, ''), d.file, e.subject_id), o.id,"
        " coalesce(nullif(o.title, ''), o.file, ''),"
        " exists (select 1 from event r where r.ref = e.uuid) from event e"
        " left join document d on d.id = e.subject_id left join document o"
        " on o.id = coalesce(json_extract(e.payload, '$.from'), json_extract(e.payload, '$.with'))"
        " where e.subject = 'document' and e.op in ('separate', 'unite') and e.ref is null"
        " order by e.seq desc limit ?",
        (limit,),
    )
    return [Decided._make((*row[:6], row[6] or "", row[7], bool(row[8]))) for row in rows]
