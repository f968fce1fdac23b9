"""The store told as records: every unit, and every decided coding, in a stable order.

Documents that are retired are out of all of it, unless they are asked for.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from heapq import merge

from annotator.core.annotation import Answer
from annotator.core.document import unit_id
from annotator.core.records import CARD, Candidates, CodingRecord, UnitRecord
from annotator.store import lists
from annotator.store.catalogue import RETIRED_UNITS
from annotator.store.connection import Store
from annotator.store.queue import ANSWER, CARD_ANSWER, answer_of

UNITS = """
select u.seq, u.id, d.id, d.file, d.title, d.source, d.author, d.published, d.place, d.url,
    d.language, d.cluster_id, u.idx, u.paragraph, u.part, u.start, u.end, u.text, u.draw,
    coalesce(vc.voice, vm.voice, ''), coalesce(vc.speaker, vm.speaker, ''),
    coalesce(vc.basis, vm.basis, ''), coalesce(vc.mode, vm.mode, ''),
    case when vc.unit is null then vm.confidence end,
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
    for row in store.db.execute(UNITS + "where d.retired = 0 order by u.seq"):
        yield UnitRecord._make((*row[:-1], bool(row[-1])))


def codings(store: Store, *, retired: bool = False) -> Iterator[CodingRecord]:
    """Every decided coding, ordered by unit, coder, round and pass; cards behind their units.

    Those in documents that are ``retired`` only where they are asked for.
    """
    decided = _of_units(store, retired=retired)
    if not store.db.execute("select exists (select 1 from card)").fetchone()[0]:
        return decided
    # Behind the last unit of its article, where it stood on the desk.
    last = dict(store.db.execute("select document_id, max(seq) from unit group by document_id"))
    cards = sorted(_of_articles(store, retired=retired), key=lambda one: _behind(one, last))
    return merge(decided, cards, key=lambda one: _behind(one, last))


def _behind(coding: CodingRecord, last: Mapping[str, int]) -> tuple[int, bool]:
    unit = coding.unit
    return (last.get(unit.document_id, 0), True) if unit.is_card else (unit.seq, False)


def _of_units(store: Store, *, retired: bool) -> Iterator[CodingRecord]:
    out = "" if retired else f" and c.unit not in {RETIRED_UNITS}"
    answers = _answers(store)
    known = {record.seq: record for record in _coded_units(store)}
    probabilities = lists.probabilities(store)
    rows = store.db.execute(
        "select c.unit, c.coder, c.layer, c.round, c.pass, c.arm, c.status, c.event, c.scheme,"
        " c.memo, c.flagged, c.decided_at, c.seconds, coalesce(e.model_id, ''), e.candidates,"
        " json_extract(e.payload, '$.asked'), coalesce(json_extract(e.payload, '$.queue'), '')"
        " from coding c join event e on e.uuid = c.event where c.status is not null"
        f"{out} order by c.unit, c.coder, c.round, c.pass"
    )
    for row in rows:
        place = (row[0], row[1], row[3], row[4])
        plan, probability = _drawn_by(probabilities.get(row[0], {}), row[16])
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
            sample_plan=plan,
            inclusion_probability=probability,
        )


def _of_articles(store: Store, *, retired: bool) -> Iterator[CodingRecord]:
    """What was decided about whole articles, ordered by article, coder, round and pass."""
    answers: dict[tuple[str, str, str, int], list[Answer]] = {}
    for row in store.db.execute(
        f"select a.document_id, a.coder, a.round, a.pass, {CARD_ANSWER} from card_annotation a"
        " order by a.document_id, a.coder, a.round, a.pass, a.position"
    ):
        answers.setdefault(row[:4], []).append(answer_of(row[4:]))
    articles: dict[str, UnitRecord] = {}
    out = "" if retired else " and d.retired = 0"
    rows = store.db.execute(
        "select d.id, d.file, d.title, d.source, d.author, d.published, d.place, d.url,"
        " d.language, d.cluster_id, length(d.text), c.coder, c.layer, c.round, c.pass, c.arm,"
        " c.status, c.event, c.scheme, c.memo, c.flagged, c.decided_at, c.seconds,"
        " json_extract(e.payload, '$.asked') from card c join document d on d.id = c.document_id"
        f" join event e on e.uuid = c.event where c.status is not null{out}"
        " order by c.document_id, c.coder, c.round, c.pass"
    )
    for row in rows:
        about, length, seat = row[:10], row[10], (row[11], row[13], row[14])
        unit = articles.setdefault(about[0], _article(about, length))
        yield CodingRecord(
            unit=unit,
            coder=row[11],
            layer=row[12],
            round=row[13],
            pass_=row[14],
            arm=row[15],
            status=row[16],
            decision_id=row[17],
            scheme=row[18],
            answers=tuple(answers.get((about[0], *seat), ())),
            memo=row[19],
            flagged=bool(row[20]),
            decided_at=row[21],
            seconds=row[22],
            model_id="",
            candidates=Candidates(),
            asked=tuple(json.loads(row[23])) if row[23] is not None else None,
        )


def _article(about: Sequence[str], length: int) -> UnitRecord:
    """A whole article in the place of a unit, by its document's ``UnitRecord`` fields."""
    name = unit_id(about[0], 0, length)
    place = (None, None, CARD, 0, length, "", 0.0)
    return UnitRecord._make((0, name, *about, *place, "", "", "", "", None, True))


def _drawn_by(plans: Mapping[str, float], queue: str) -> tuple[str, float | None]:
    """The plan that a unit was coded for: the coder's own, else the only one that drew the unit."""
    plan = queue if queue in plans else next(iter(plans)) if len(plans) == 1 else ""
    return plan, plans.get(plan)


def _coded_units(store: Store) -> Iterator[UnitRecord]:
    chosen = "where u.seq in (select unit from coding where status is not null) order by u.seq"
    for row in store.db.execute(UNITS + chosen):
        yield UnitRecord._make((*row[:-1], bool(row[-1])))


def _answers(store: Store) -> dict[tuple[int, str, str, int], list[Answer]]:
    found: dict[tuple[int, str, str, int], list[Answer]] = {}
    for row in store.db.execute(
        f"select a.unit, a.coder, a.round, a.pass, {ANSWER} from annotation a"
        " order by a.unit, a.coder, a.round, a.pass, a.position"
    ):
        found.setdefault(row[:4], []).append(_answer(row[4:]))
    return found


def coders(store: Store) -> list[str]:
    """Everybody who decided on anything, by name."""
    rows = store.db.execute(
        "select coder from coding where status is not null"
        f" and unit not in {RETIRED_UNITS} union select coder from card c"
        " join document d on d.id = c.document_id where c.status is not null and d.retired = 0"
        " order by coder"
    )
    return [row[0] for row in rows]


def code_counts(store: Store, *, articles: bool = True) -> dict[tuple[str, str, str], int]:
    """How many units carry each ``(variable, target, code)``, whoever gave it.

    And how many ``articles`` by their cards, from which no model learns.
    """
    rows = store.db.execute(
        "select variable, target, code, count(distinct about) from ("
        " select variable, target, code, unit as about from annotation"
        f"  where use = 'asserted' and unit not in {RETIRED_UNITS} union all"
        " select variable, target, code, document_id from card_annotation a"
        "  join document d on d.id = a.document_id"
        "  where ? and use = 'asserted' and d.retired = 0)"
        " group by variable, target, code",
        (articles,),
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
    cards = "from card c join document d on d.id = c.document_id where"
    here = f"from coding where unit not in {RETIRED_UNITS} and status"
    row = store.db.execute(
        f"select (select units from corpus) - (select count(distinct unit) {here} is not null),"
        f" (select count(*) {here} = 'skipped'), (select count(*) {here} = 'not_codable'),"
        f" (select count(*) {here} is null and (memo <> '' or flagged = 1))"
        f" + (select count(*) {cards} d.retired = 0 and c.status is null"
        "    and (c.memo <> '' or c.flagged = 1)),"
        " (select coalesce(sum(units), 0) from document where retired = 1),"
        f" (select count(*) from coding where unit in {RETIRED_UNITS} and status is not null)"
        f" + (select count(*) {cards} d.retired = 1 and c.status is not null)"
    ).fetchone()
    return dict(zip(names, row, strict=True))
