"""The store told as records: every unit, and every decided coding, in a stable order.

Documents that are retired are out of all of it, unless they are asked for.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from heapq import merge
from typing import Any

from annotator.core.annotation import Answer
from annotator.core.document import unit_id
from annotator.core.order import order_of
from annotator.core.records import CARD, Candidates, CodingRecord, UnitRecord
from annotator.store import lists, views
from annotator.store.catalogue import RETIRED_UNITS
from annotator.store.connection import Store
from annotator.store.views import View, answer_of

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


def unit_names(store: Store) -> Iterator[tuple[int, str]]:
    """The number and the id of every unit, retired ones too, by number."""
    return store.db.execute("select seq, id from unit order by seq")


def unit_texts(store: Store, after: int) -> Iterator[tuple[int, str, str]]:
    """Number, id and text of every unit behind a number, retired ones too, by number."""
    return store.db.execute("select seq, id, text from unit where seq > ? order by seq", (after,))


def drawn_first(store: Store, most: int) -> list[int]:
    """The numbers of the units that chance put first; more of them only add to these."""
    rows = store.db.execute("select seq from unit order by draw limit ?", (most,))
    return [row[0] for row in rows]


def reading_order(store: Store) -> Iterator[tuple[int, int]]:
    """The number of every unit and that of its document, as articles are read."""
    return store.db.execute(
        "select u.seq, d.rowid from document d cross join unit u on u.document_id = d.id"
        " order by d.rowid, u.idx"
    )


def texts_around(store: Store, unit: str) -> Iterator[tuple[int, str]]:
    """The texts one and two steps away from a unit in its document, and the steps."""
    return store.db.execute(
        "select abs(n.idx - u.idx), n.text from unit u join unit n"
        " on n.document_id = u.document_id and n.idx between u.idx - 2 and u.idx + 2"
        " where u.id = ? and n.idx <> u.idx order by n.idx",
        (unit,),
    )


def texts_of(store: Store, units: Sequence[int]) -> dict[int, str]:
    """The texts of units by their numbers, rising; those that are not there are left out."""
    return dict(
        store.db.execute(
            "select seq, text from unit where seq in (select value from json_each(?)) order by seq",
            (json.dumps(units),),
        )
    )


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


_DECIDED = (
    "c.coder, c.layer, c.round, c.pass, c.arm, c.status, c.event, c.scheme, c.memo, c.flagged,"
    " c.decided_at, c.seconds, json_extract(e.payload, '$.asked'),"
    " coalesce(json_extract(e.payload, '$.first'), '')"
)
"""What ``_coding`` takes of a decision ``c`` and its event ``e``."""


def _of_units(store: Store, *, retired: bool) -> Iterator[CodingRecord]:
    out = "" if retired else f" and c.unit not in {RETIRED_UNITS}"
    answers = _answers(store, views.UNITS)
    known = {record.seq: record for record in _coded_units(store)}
    probabilities, stream = lists.probabilities(store), lists.stream(store)
    rows = store.db.execute(
        "select c.unit, coalesce(e.model_id, ''), e.candidates,"
        f" coalesce(json_extract(e.payload, '$.queue'), ''), {_DECIDED}"
        " from coding c join event e on e.uuid = c.event where c.status is not null"
        f"{out} order by c.unit, c.coder, c.round, c.pass"
    )
    for number, model_id, candidates, queue, *told in rows:
        if told[4] == "random" and order_of(queue):
            plan, probability = lists.STREAM, stream.get((told[0], told[2], told[3]))
        else:
            plan, probability = _drawn_by(probabilities.get(number, {}), queue)
        yield _coding(
            known[number],
            answers.get((number, told[0], *told[2:4]), ()),
            told,
            model_id=model_id,
            candidates=Candidates(candidates),
            sample_plan=plan,
            inclusion_probability=probability,
        )


def _of_articles(store: Store, *, retired: bool) -> Iterator[CodingRecord]:
    """What was decided about whole articles, ordered by article, coder, round and pass."""
    answers = _answers(store, views.CARDS)
    articles: dict[str, UnitRecord] = {}
    out = "" if retired else " and d.retired = 0"
    rows = store.db.execute(
        "select d.id, d.file, d.title, d.source, d.author, d.published, d.place, d.url,"
        f" d.language, d.cluster_id, length(d.text), {_DECIDED}"
        " from card c join document d on d.id = c.document_id"
        f" join event e on e.uuid = c.event where c.status is not null{out}"
        " order by c.document_id, c.coder, c.round, c.pass"
    )
    for row in rows:
        about, length, told = row[:10], row[10], row[11:]
        unit = articles.setdefault(about[0], _article(about, length))
        yield _coding(unit, answers.get((about[0], told[0], *told[2:4]), ()), told)


def _coding(
    unit: UnitRecord, answers: Sequence[Answer], told: Sequence[Any], **more: Any
) -> CodingRecord:
    return CodingRecord(
        unit=unit,
        coder=told[0],
        layer=told[1],
        round=told[2],
        pass_=told[3],
        arm=told[4],
        status=told[5],
        decision_id=told[6],
        scheme=told[7],
        answers=tuple(answers),
        memo=told[8],
        flagged=bool(told[9]),
        decided_at=told[10],
        seconds=told[11],
        asked=tuple(json.loads(told[12])) if told[12] is not None else None,
        first=told[13],
        **more,
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


def _answers(store: Store, view: View) -> dict[tuple[Any, ...], list[Answer]]:
    """The answers of each place of the view, by its key, coder, round and pass."""
    found: dict[tuple[Any, ...], list[Answer]] = {}
    for row in store.db.execute(
        f"select a.{view.key}, a.coder, a.round, a.pass, {view.answer} from {view.answers} a"
        f" order by a.{view.key}, a.coder, a.round, a.pass, a.position"
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


def coded_languages(store: Store) -> list[str]:
    """The languages of the articles in which anything was decided."""
    rows = store.db.execute(
        "select distinct d.language from coding c join unit u on u.seq = c.unit"
        " join document d on d.id = u.document_id"
        " where c.status is not null and d.retired = 0 and d.language <> '' order by 1"
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
