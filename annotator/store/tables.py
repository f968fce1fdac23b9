"""The store told as records: every unit, and every decided coding, in a stable order.

Documents that are retired are out of all of it, unless they are asked for.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from annotator.core.annotation import Answer
from annotator.core.records import Candidates, CodingRecord, UnitRecord
from annotator.store.catalogue import RETIRED_UNITS
from annotator.store.connection import Store
from annotator.store.queue import answer_of

_UNITS = """
select u.seq, u.id, d.id, d.file, d.title, d.source, d.author, d.published, d.place, d.url,
    d.language, d.cluster_id, u.idx, u.paragraph, u.part, u.start, u.end, u.text, u.draw,
    coalesce(vc.voice, vm.voice, ''), coalesce(vc.speaker, vm.speaker, ''),
    coalesce(vc.basis, vm.basis, ''), coalesce(vc.mode, vm.mode, ''),
    coalesce(vc.confidence, vm.confidence),
    exists (select 1 from coding c where c.unit = u.seq and c.status = 'coded')
from unit u join document d on d.id = u.document_id
left join voice vc on vc.unit = u.seq and vc.basis = 'coder'
left join voice vm on vm.unit = u.seq and vm.basis = 'machine'
"""


# The same few answers come again and again, and making each anew took longer than the query.
_answer = lru_cache(maxsize=10_000)(answer_of)


@contextmanager
def snapshot(store: Store) -> Iterator[None]:
    """Read the project as it stands at one moment, in this thread, whatever is saved meanwhile.

    Without it, a decision that is saved between two of the queries of ``codings`` could come
    out without its answers.
    """
    conn = store.db.conn
    if conn.in_transaction:
        yield
        return
    conn.execute("begin")
    try:
        yield
    finally:
        conn.rollback()


def units(store: Store) -> Iterator[UnitRecord]:
    """Every unit of the corpus, coded or not, in the order of import."""
    for row in store.db.execute(_UNITS + "where d.retired = 0 order by u.seq"):
        yield UnitRecord._make((*row[:-1], bool(row[-1])))


def codings(store: Store, *, retired: bool = False) -> Iterator[CodingRecord]:
    """Every decided coding, ordered by unit, coder, round and pass.

    Those in documents that are ``retired`` only where they are asked for.
    """
    out = "" if retired else f" and c.unit not in {RETIRED_UNITS}"
    answers = _answers(store)
    known = {record.seq: record for record in _coded_units(store)}
    rows = store.db.execute(
        "select c.unit, c.coder, c.layer, c.round, c.pass, c.arm, c.status, c.event, c.scheme,"
        " c.memo, c.flagged, c.decided_at, c.seconds, coalesce(e.model_id, ''), e.candidates,"
        " json_extract(e.payload, '$.asked')"
        " from coding c join event e on e.uuid = c.event where c.status is not null"
        f"{out} order by c.unit, c.coder, c.round, c.pass"
    )
    for row in rows:
        place = (row[0], row[1], row[3], row[4])
        yield CodingRecord(
            unit=known[row[0]],
            coder=row[1],
            layer=row[2],
            round=row[3],
            pass_=row[4],
            arm=row[5],
            status=row[6],
            decision_id=row[7],
            scheme=row[8],
            answers=tuple(answers.get(place, ())),
            memo=row[9],
            flagged=bool(row[10]),
            decided_at=row[11],
            seconds=row[12],
            model_id=row[13],
            candidates=Candidates(row[14]),
            asked=tuple(json.loads(row[15])) if row[15] is not None else None,
        )


def _coded_units(store: Store) -> Iterator[UnitRecord]:
    chosen = "where u.seq in (select unit from coding where status is not null) order by u.seq"
    for row in store.db.execute(_UNITS + chosen):
        yield UnitRecord._make((*row[:-1], bool(row[-1])))


def _answers(store: Store) -> dict[tuple[int, str, str, int], list[Answer]]:
    found: dict[tuple[int, str, str, int], list[Answer]] = {}
    for row in store.db.execute(
        "select unit, coder, round, pass, variable, target, holder, code, use, holder_type,"
        " explicit, confidence from annotation order by unit, coder, round, pass, position"
    ):
        found.setdefault(row[:4], []).append(_answer(row[4:]))
    return found


def coders(store: Store) -> list[str]:
    """Everybody who decided on anything, by name."""
    rows = store.db.execute(
        "select distinct coder from coding where status is not null"
        f" and unit not in {RETIRED_UNITS} order by coder"
    )
    return [row[0] for row in rows]


def code_counts(store: Store) -> dict[tuple[str, str, str], int]:
    """How many units carry each ``(variable, target, code)``, whoever gave it."""
    rows = store.db.execute(
        "select variable, target, code, count(distinct unit) from annotation"
        f" where use = 'asserted' and unit not in {RETIRED_UNITS} group by variable, target, code"
    )
    return {(row[0], row[1], row[2]): row[3] for row in rows}


def totals(store: Store) -> dict[str, int]:
    """``documents``, ``units`` and ``annotated_units`` of the corpus."""
    names = ("documents", "units", "annotated_units")
    row = store.db.execute(
        "select documents, units, (select count(distinct unit) from coding"
        f" where status = 'coded' and unit not in {RETIRED_UNITS}) from corpus"
    ).fetchone()
    return dict(zip(names, row, strict=True))


def left_out(store: Store) -> dict[str, int]:
    """What an export of decisions does not hold: open, skipped, not codable and retired units."""
    names = (
        *("undecided units", "skipped", "not codable", "memos or flags without a decision"),
        *("units of retired documents", "decisions on retired documents"),
    )
    here = f"from coding where unit not in {RETIRED_UNITS} and status"
    row = store.db.execute(
        f"select (select units from corpus) - (select count(distinct unit) {here} is not null),"
        f" (select count(*) {here} = 'skipped'), (select count(*) {here} = 'not_codable'),"
        f" (select count(*) {here} is null and (memo <> '' or flagged = 1)),"
        " (select coalesce(sum(units), 0) from document where retired = 1),"
        f" (select count(*) from coding where unit in {RETIRED_UNITS} and status is not null)"
    ).fetchone()
    return dict(zip(names, row, strict=True))
