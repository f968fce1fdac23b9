"""Decide, then reveal: both answers are kept, and what was seen is known."""

from __future__ import annotations

import pytest

from annotator.store import Store, desk_units, events, reveals, tables, view_checks
from annotator.store.connection import reading
from annotator.store.reveals import Sight
from annotator.store.seat import Seat

ANA = Seat("ana")
SOVEREIGNTY = {"variable": "frame", "code": "sovereignty"}
BLOCKADE = {"variable": "frame", "code": "blockade"}


def scored(*, shown: bool) -> dict:
    """What a model scored, as an event of the suggest arm carries it."""
    return {
        "arm": "suggest",
        "model_id": "m1",
        "candidates": [BLOCKADE | {"score": 0.9, "above": True, "shown": shown}],
    }


@pytest.fixture
def journey(told, units):
    """An answer, the reveal after it, and the answer that was changed then."""
    first = told("set", units[0], answers=[SOVEREIGNTY], **scored(shown=False))
    named = {"first": first.event.uuid}
    seen = told("reveal", units[0], **named, **scored(shown=True))
    final = told("set", units[0], answers=[BLOCKADE], **named, **scored(shown=True))
    return first, seen, final


def held(store: Store, unit: str) -> list[str]:
    (shown,) = desk_units.unit(store, ANA, unit)
    return [answer.code for answer in shown.decision.answers]


def test_a_reveal_decides_nothing_and_both_answers_stay_in_the_log(store, units, journey):
    first, seen, final = journey

    assert events.record(store, [first, seen]) == [None, None]
    assert held(store, units[0]) == ["sovereignty"]
    assert events.record(store, [final]) == [None]

    assert held(store, units[0]) == ["blockade"]
    assert events.count(store) == 3
    (coding,) = tables.codings(store)
    assert (coding.decision_id, coding.first) == (final.event.uuid, first.event.uuid)


def test_an_undo_of_the_second_answer_brings_the_first_one_back(store, units, told, journey):
    first, _, final = journey
    back = told("retract", units[0], ref=final.event.uuid)

    assert events.record(store, [*journey, back]) == [None] * 4

    assert held(store, units[0]) == ["sovereignty"]
    assert reveals.sights(store, ANA, units)[units[0]] == Sight(True, first.event.uuid)


def test_what_was_seen_stays_seen_where_the_first_answer_is_taken_back(store, units, told, journey):
    first, seen, _ = journey
    events.record(store, [first, seen, told("retract", units[0], ref=first.event.uuid)])

    (shown,) = desk_units.unit(store, ANA, units[0])

    assert shown.decision.status is None
    assert reveals.sights(store, ANA, units) == {units[0]: Sight(True, "")}
    assert list(reveals.reveals(store)) == []


def test_a_sight_is_of_one_coder_and_of_the_suggest_arm(store, units, told, journey):
    suggested = told("set", units[1], **scored(shown=True))
    in_a_list = told("set", units[2], **scored(shown=True) | {"arm": "bulk"})
    events.record(store, [*journey[:2], suggested, in_a_list])

    assert reveals.sights(store, ANA, units) == {
        units[0]: Sight(True, journey[0].event.uuid),
        units[1]: Sight(False),
    }
    assert reveals.sights(store, Seat("bela"), units) == {}


OWN = "the first answer must be the coder's own on the same unit, round and pass"


@pytest.mark.parametrize("op", ["set", "reveal"])
def test_a_first_answer_of_somebody_else_or_somewhere_else_is_refused(store, units, told, op):
    others = told("set", units[0], coder="bela")
    elsewhere = told("set", units[1])
    skipped = told("skip", units[0])
    events.record(store, [others, elsewhere, skipped])
    named = [others.event.uuid, elsewhere.event.uuid, skipped.event.uuid, "not-there-at-all"]

    told_of = events.record(store, [told(op, units[0], first=one) for one in named])

    assert told_of == [OWN] * 4
    assert events.count(store) == 3


def test_a_reveal_that_makes_no_sense_is_refused_in_one_sentence(store, units, told, journey):
    first, seen, _ = journey
    events.record(store, [first, seen])
    name = first.event.uuid

    told_of = events.record(
        store,
        [
            told("reveal", units[0]),
            told("reveal", units[0], first=name, answers=[BLOCKADE]),
            told("skip", units[0], first=name),
            told("retract", units[0], ref=seen.event.uuid),
        ],
    )

    assert told_of == [
        "a reveal must name the answer that was given before it",
        "a reveal carries no answers; they belong to the decisions before and after it",
        "only an answer or a reveal can name the answer that was given before",
        "what was seen cannot be taken back; take the answer back instead",
    ]


def test_the_view_holds_together_after_a_reveal_and_its_undos(store, units, told, journey):
    first, _, final = journey
    undos = [told("retract", units[0], ref=one.event.uuid) for one in (final, first)]
    checked = []

    for one in (*journey, *undos):
        events.record(store, [one])
        with reading(store.path) as conn:
            checked.append(list(view_checks.differences(conn)))

    assert checked == [[]] * 5


def test_a_reveal_that_comes_after_its_answer_was_taken_back_leaves_nothing_in_the_view(
    store, units, told, journey
):
    first, seen, _ = journey

    events.record(store, [first, told("retract", units[0], ref=first.event.uuid), seen])

    assert store.db.execute("select count(*) from coding").fetchone() == (0,)
