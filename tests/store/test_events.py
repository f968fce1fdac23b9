"""Events are the truth; the current view follows them in the same transaction."""

from __future__ import annotations

import sqlite3
import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.core.codebook import Code
from annotator.store import Store, codebooks, desk_units, done, events, tables
from annotator.store.events import rebuild
from annotator.store.seat import Seat

ANA = Seat("ana")
SOVEREIGNTY = {"variable": "frame", "code": "sovereignty"}
BLOCKADE = {"variable": "frame", "code": "blockade"}


def codes(store: Store, unit: str, seat: Seat = ANA) -> list[str]:
    (shown,) = desk_units.unit(store, seat, unit)
    return [answer.code for answer in shown.decision.answers]


def status(store: Store, unit: str) -> str | None:
    (shown,) = desk_units.unit(store, ANA, unit)
    return shown.decision.status


def test_two_holders_may_take_opposite_positions_on_one_target(store, units, told):
    stance = {"variable": "stance", "target": "velmar"}
    answers = [
        stance | {"code": "favor", "holder": ""},
        stance | {"code": "against", "holder": "Mira Oden", "holder_type": "person"},
    ]

    assert events.record(store, [told("set", units[0], answers=answers)]) == [None]

    (coding,) = tables.codings(store)
    assert {(a.holder, a.code) for a in coding.answers} == {("", "favor"), ("Mira Oden", "against")}


def test_one_holder_has_one_position_on_a_target(store, units, told):
    stance = {"variable": "stance", "target": "velmar"}
    both = [stance | {"code": "favor"}, stance | {"code": "against"}]

    (refused,) = events.record(store, [told("set", units[0], answers=both)])

    assert refused == "stance: takes one code for each target and holder"
    assert events.count(store) == 0


def test_the_key_of_an_annotation_holds_round_pass_holder_and_use(store):
    key = [row[1] for row in store.db.execute("pragma table_info(annotation)") if row[5]]

    assert {"coder", "unit", "round", "pass", "variable", "target", "holder", "use"} <= set(key)


def test_a_hidden_repeat_stands_beside_the_first_pass(store, units, told):
    first = told("set", units[0], answers=[SOVEREIGNTY])
    again = told("set", units[0], answers=[BLOCKADE], **{"pass": 2})

    events.record(store, [first, again])

    assert codes(store, units[0]) == ["sovereignty"]
    assert codes(store, units[0], Seat("ana", pass_=2)) == ["blockade"]


def test_the_same_event_twice_is_one_event(store, units, told):
    save = told("set", units[0], answers=[SOVEREIGNTY])

    assert events.record(store, [save, save]) == [None, None]
    assert events.record(store, [save]) == [None]
    assert events.count(store) == 1


def test_nobody_can_claim_another_coders_event(store, units, told):
    save = told("set", units[0], answers=[SOVEREIGNTY])
    events.record(store, [save])

    (refused,) = events.record(store, [save._replace(coder="bela")])

    assert refused == "this event's uuid belongs to another coder"


def test_a_refused_event_leaves_the_others_of_its_batch_unharmed(store, units, told):
    batch = [
        told("set", units[0], answers=[SOVEREIGNTY]),
        told("set", "nowhere:0-1"),
        told("set", units[1], answers=[{"variable": "frame", "code": "weather"}]),
        told("set", units[2], scheme=7),
        told("skip", units[3]),
    ]

    answers = events.record(store, batch)

    assert [answer is None for answer in answers] == [True, False, False, False, True]
    assert "weather" in answers[2]
    assert events.count(store) == 2


def test_undo_brings_back_what_stood_before(store, units, told):
    first = told("set", units[0], answers=[SOVEREIGNTY], memo="sure")
    second = told("set", units[0], answers=[BLOCKADE])
    events.record(store, [first, second])

    events.record(store, [told("retract", units[0], ref=second.event.uuid)])
    assert codes(store, units[0]) == ["sovereignty"]

    events.record(store, [told("retract", units[0], ref=first.event.uuid)])
    assert status(store, units[0]) is None
    assert events.count(store) == 4


def test_a_coder_cannot_undo_what_another_did(store, units, told):
    save = told("set", units[0], answers=[SOVEREIGNTY])
    events.record(store, [save])

    (refused,) = events.record(
        store, [told("retract", units[0], coder="bela", ref=save.event.uuid)]
    )

    assert refused is not None
    assert codes(store, units[0]) == ["sovereignty"]


def test_the_rest_of_an_article_is_set_aside_and_taken_back_as_one(store, units, told):
    events.record(store, [told("set", units[2], answers=[BLOCKADE])])
    rest = told("not_codable", units[0], rest=True)
    events.record(store, [rest])

    assert [status(store, unit) for unit in units] == [
        *("not_codable", "not_codable", "coded", None, None)
    ]

    events.record(store, [told("retract", units[0], ref=rest.event.uuid)])

    assert [status(store, unit) for unit in units] == [None, None, "coded", None, None]


def test_memo_and_flag_outlive_a_later_decision(store, units, told):
    events.record(
        store,
        [
            told("memo", units[0], memo="whose voice?"),
            told("flag", units[0], flagged=True),
            told("set", units[0], answers=[SOVEREIGNTY]),
        ],
    )

    (coding,) = tables.codings(store)
    assert (coding.memo, coding.flagged) == ("whose voice?", True)


@pytest.mark.parametrize("statement", ["update event set coder = 'x'", "delete from event"])
def test_no_event_is_ever_changed_or_deleted(store, units, told, statement):
    events.record(store, [told("skip", units[0])])

    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        store.db.execute(statement)


def test_a_code_added_later_was_not_asked_before(store, units, told):
    events.record(store, [told("set", units[0], answers=[SOVEREIGNTY])])
    old = codebooks.current_scheme(store).codebooks[0]
    rule = Code(name="rule-of-law", title="Rule of law", definition="Courts decide.")
    frame = old.variable[0].model_copy(update={"code": (*old.variable[0].code, rule)})
    new = old.model_copy(update={"version": "1.1.0", "variable": (frame, old.variable[1])})

    later = codebooks.put_scheme(store, [(new, "")], "2021-05-06T10:00:00.000+00:00")
    events.record(store, [told("set", units[1], scheme=later.id)])

    asked = codebooks.schemes(store)
    first, second = tables.codings(store)
    column = ("frame", "", "rule-of-law")
    assert column not in set(asked[first.scheme].columns())
    assert column in set(asked[second.scheme].columns())


def test_many_writers_at_once_lose_nothing(store, units, told):
    saves = [
        [told("set", unit, coder=f"coder-{n}", answers=[SOVEREIGNTY]) for unit in units]
        for n in range(8)
    ]
    workers = [
        threading.Thread(target=lambda mine=mine: [events.record(store, [one]) for one in mine])
        for mine in saves
    ]

    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert events.count(store) == 40
    assert len(list(tables.codings(store))) == 40


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40
)
@given(st.data())
def test_the_current_view_is_what_folding_the_events_gives(store, units, told, data):
    kinds = ["set", "skip", "not_codable", "flag", "memo", "retract", "rest", "reveal", "change"]
    made: list = []
    for kind in data.draw(st.lists(st.sampled_from(kinds), max_size=12)):
        unit = data.draw(st.sampled_from(units[:3]))
        if kind == "retract":
            mine = [one for one in made if one.event.op not in ("retract", "reveal")]
            if not mine:
                continue
            back = data.draw(st.sampled_from(mine))
            one = told("retract", back.event.unit, ref=back.event.uuid)
        elif kind in ("set", "reveal", "change"):
            answers = [one for one in made if one.event.op == "set"]
            if kind != "set" and not answers:
                continue
            before = kind != "set" and data.draw(st.sampled_from(answers)).event
            chosen = data.draw(st.lists(st.sampled_from(["sovereignty", "blockade"]), unique=True))
            at = data.draw(st.integers(0, 9))
            unit = before.unit if before else unit
            answers = [marked(unit, code, (at, 10)) for code in chosen if kind != "reveal"]
            first = before.uuid if before else None
            one = told("reveal" if kind == "reveal" else "set", unit, answers=answers, first=first)
        elif kind == "flag":
            one = told(kind, unit, flagged=data.draw(st.booleans()))
        elif kind == "memo":
            one = told(
                kind,
                unit,
                memo=data.draw(
                    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=9)
                ),
            )
        else:
            one = told("not_codable" if kind == "rest" else kind, unit, rest=kind == "rest")
        one = one._replace(
            event=one.event.model_copy(update={"uuid": f"{id(data)}-{len(made):05}"})
        )
        if one.event.op == "retract":
            one = one._replace(event=one.event.model_copy(update={"ref": back.event.uuid}))
        made.append(one)
        assert events.record(store, [one]) == [None]

    before = current_view(store)
    with store.write() as conn:
        for seq in range(1, 6):
            rebuild(conn, events.Place(seq, "ana", "main", 1))

    assert current_view(store) == before


def marked(unit: str, code: str, *spans: tuple[int, int], **fields: object) -> dict:
    """An answer with evidence, told from the beginning of its unit."""
    start = int(unit.partition(":")[2].partition("-")[0])
    told = [(start + one, start + other) for one, other in spans]
    return {"variable": "frame", "code": code, "spans": told} | fields


def test_evidence_is_read_back_in_the_order_of_the_text(store, units, told):
    frame = marked(units[1], "blockade", (12, 18), (0, 8))
    stance = marked(units[1], "favor", (4, 8), variable="stance", target="osten", holder="Mira")

    assert events.record(store, [told("set", units[1], answers=[frame, stance])]) == [None]

    (coding,) = tables.codings(store)
    (shown,) = desk_units.unit(store, ANA, units[1])
    text = store.db.execute("select text from document").fetchone()[0]
    evidence = [[text[start:end] for start, end in one.spans] for one in coding.answers]
    assert evidence == [["The road", "closed"], ["road"]]
    assert coding.answers == shown.decision.answers


def test_undo_brings_evidence_back_and_takes_newer_evidence_away(store, units, told):
    first = told("set", units[0], answers=[marked(units[0], "sovereignty", (4, 10))])
    second = told("set", units[0], answers=[marked(units[0], "sovereignty", (0, 3), (14, 18))])
    events.record(store, [first, second, told("retract", units[0], ref=second.event.uuid)])

    (coding,) = tables.codings(store)
    assert coding.answers == first.event.answers

    events.record(store, [told("retract", units[0], ref=first.event.uuid)])
    assert list(store.db.execute("select * from span")) == []


def test_a_sentence_that_is_skipped_keeps_no_evidence(store, units, told):
    answers = [marked(units[0], "sovereignty", (4, 10))]
    events.record(store, [told("set", units[0], answers=answers), told("skip", units[0])])

    assert list(store.db.execute("select * from span")) == []


def test_the_stances_held_in_an_article_are_those_of_the_coder(store, units, told):
    stance = {"variable": "stance", "target": "velmar", "code": "favor", "holder": "Mira"}
    events.record(
        store,
        [
            told("set", units[0], answers=[stance, SOVEREIGNTY]),
            told("set", units[1], coder="bela", answers=[stance]),
            told("set", units[3], answers=[stance]),
        ],
    )
    article = units[0].partition(":")[0]

    assert done.held(store, ANA, [article, "nowhere"]) == {
        article: [(units[0], 0, "stance", "velmar", "Mira", "favor")]
    }


def current_view(store: Store) -> list:
    shown = "select unit, coder, status, event, memo, flagged from coding where status is not null"
    answers = "select unit, coder, variable, target, holder, code, use from annotation"
    margins = "select unit, memo, flagged from coding where memo <> '' or flagged = 1"
    spans = "select * from span"
    queries = (shown, answers, margins, spans)
    return [sorted(store.db.execute(query), key=repr) for query in queries]
