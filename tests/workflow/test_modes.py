"""Suggestions off, shown, or revealed after an answer; and what a model is judged by then."""

from __future__ import annotations

import numpy as np
import pytest

from annotator.core.annotation import Event
from annotator.core.errors import RejectedEventError
from annotator.learn.fitting import JUDGED
from annotator.learn.metrics import average_precision
from annotator.learn.model import Column
from annotator.learn.sampling import Policy
from annotator.store import events, jobs, reveals, tables
from annotator.store.events import Told
from annotator.store.seat import Seat
from annotator.workflow import desk, policies, reasons, suggesting, training
from annotator.workflow.training_table import training_table
from tests.small import AT, code_units, codebook, named, small_project

BELA = Seat("bela")
BORDER = Column("frame", "", "border")
BY_WORD = named("border", "road")


@pytest.fixture
def uncoded(tmp_path):
    """Twelve articles of three sentences: one on a border, one on a road, one on the rain."""
    said = "The border {0} is ours. The road {0} was shut. It rained on {0}."
    book = codebook("border", "road")
    with small_project(tmp_path, book, [said.format(n) for n in range(12)]) as made:
        yield made


@pytest.fixture
def project(uncoded):
    """The same, all of it coded by ana, and a model in force."""
    code_units(uncoded, BY_WORD)
    training.train(uncoded)
    return uncoded


def items(project, want=40):
    """What bela's desk is sent."""
    return desk.upcoming(project, BELA, after=0, want=want)["next"]


def suggested(project):
    """The first sentence on which bela may be shown a suggestion."""
    return next(one for one in items(project) if any(c["show"] for c in one["candidates"]))


def told(unit, op="set", *codes, coder="bela", **fields):
    """Bela's event on a unit; each code is one of the frame."""
    stated = {"uuid": f"{unit}-{op}-{len(codes)}-{len(str(fields))}", "op": op, "unit": unit}
    answers = [{"variable": "frame", "code": code} for code in codes]
    event = Event.model_validate(stated | {"scheme": 1, "answers": answers} | fields)
    return Told(coder, event, AT)


def shown(item, *, seen):
    """What an event says of the suggestions of a unit: all that may be shown, once they were."""
    names = ("variable", "target", "code", "score", "above")
    candidates = [
        {name: one[name] for name in names} | {"shown": seen and one["show"]}
        for one in item["candidates"]
    ]
    return {"arm": item["arm"], "model_id": item["model_id"], "candidates": candidates}


def keep(project, *told_of):
    assert events.record(project.store, told_of) == [None] * len(told_of)


def arms_that_show(project, **policy):
    """Per arm the mode, and whether any suggestion may be shown."""
    policies.put(project.store, Policy(**policy), who="ana")
    found = {}
    for item in items(project):
        seen = any(one["show"] for one in item["candidates"])
        found[item["arm"], item["mode"]] = found.get((item["arm"], item["mode"]), False) or seen
    return found


def test_the_policy_says_which_arms_show_suggestions_and_when(project):
    quiet = {("random", "off"): False, ("control", "off"): False}

    assert arms_that_show(project) == quiet | {("suggest", "shown"): True}
    assert arms_that_show(project, suggestions="reveal") == quiet | {("suggest", "reveal"): True}
    assert arms_that_show(project, suggestions="off") == quiet | {("suggest", "off"): False}


def test_a_control_arm_of_nobody_and_of_everybody_spares_the_random_stream(project):
    assert {arm for arm, _ in arms_that_show(project, control=0)} == {"random", "suggest"}
    assert arms_that_show(project, control=1) == {
        ("random", "off"): False,
        ("control", "off"): False,
    }


def test_a_reply_reads_the_policy_as_often_for_many_sentences_as_for_one(project):
    read = []
    project.store.db.conn.set_trace_callback(
        lambda sql: read.append(sql) if "project" in sql and "suggestions" in sql else None
    )

    items(project, want=1)
    for_one = len(read)
    items(project, want=36)
    project.store.db.conn.set_trace_callback(None)

    assert len(read) == 2 * for_one > 0


def test_a_share_that_is_none_changes_nothing(uncoded):
    with pytest.raises(RejectedEventError, match="a share from 0 to 1"):
        policies.put(uncoded.store, Policy("off", control=1.2), who="ana")

    assert policies.policy(uncoded.store) == Policy()


def test_reasons_are_given_away_only_after_the_answer(project):
    policies.put(project.store, Policy("reveal"), who="ana")
    item = suggested(project)
    first = told(item["id"], "set", "road", **shown(item, seen=False))
    column = Column(*next(tuple(c.values())[:3] for c in item["candidates"] if c["show"]))

    keep(project, first)
    before = reasons.why(project, BELA, item["id"], column)
    keep(project, told(item["id"], "reveal", first=first.event.uuid, **shown(item, seen=True)))

    assert before is None
    assert reasons.why(project, BELA, item["id"], column) is not None


@pytest.mark.parametrize("now", [Policy("off"), Policy("shown", control=1.0)])
def test_what_was_seen_stays_as_it_was_seen_whatever_is_wanted_since(project, now):
    policies.put(project.store, Policy("reveal"), who="ana")
    item = suggested(project)
    first = told(item["id"], "set", "road", **shown(item, seen=False))
    keep(project, first)
    keep(project, told(item["id"], "reveal", first=first.event.uuid, **shown(item, seen=True)))

    policies.put(project.store, now, who="ana")

    (again,) = desk.one(project, BELA, item["id"])["next"]
    assert (again["arm"], again["mode"], again["revealed"]) == ("suggest", "reveal", True)
    assert again["first"] == first.event.uuid
    assert again["candidates"] == item["candidates"]


def test_the_desk_hears_of_another_policy_with_the_next_save(uncoded):
    before = desk.upcoming(uncoded, BELA, after=0, want=0)["policy"]

    policies.put(uncoded.store, Policy("reveal"), who="ana")

    after = desk.upcoming(uncoded, BELA, after=0, want=0)["policy"]
    assert before["suggestions"] == "shown"
    assert after == before | {"suggestions": "reveal"}


# --- what a model is judged by ------------------------------------------------------------------


def led(project, unit, *changed, arm="suggest"):
    """Ana's answer on a unit, changed after a reveal or in a review of labels that were doubted."""
    at = f"ana-1-{unit.seq:06}"
    suggestion = [{"variable": "frame", "code": "border", "score": 0.9, "above": True}]
    seen = {"arm": arm, "model_id": "m1", "candidates": [suggestion[0] | {"shown": True}]}
    if arm == "suggest":
        keep(project, told(unit.unit_id, "reveal", coder="ana", first=at, **seen))
        keep(project, told(unit.unit_id, "set", *changed, coder="ana", first=at, **seen))
    else:
        keep(project, told(unit.unit_id, "set", *changed, coder="ana", arm=arm))


@pytest.mark.parametrize("arm", ["suggest", "check"])
def test_what_was_changed_is_learned_from_and_the_answer_before_it_judges(uncoded, arm):
    code_units(uncoded, lambda number, _: ["road"])
    units = list(tables.units(uncoded.store))
    before = training_table(uncoded.store)
    for unit in units[:3]:
        led(uncoded, unit, "border", arm=arm)

    table = training_table(uncoded.store)

    assert table["blind"].all()
    assert table["frame||border"].tolist() == [1.0] * 3 + [0.0] * 33
    assert table[f"{JUDGED}frame||border"].tolist() == before["frame||border"].tolist()
    assert table[f"{JUDGED}frame||road"].tolist() == before["frame||road"].tolist()


def test_a_label_that_never_was_given_blind_is_no_blind_one(uncoded):
    unit, other, *_ = tables.units(uncoded.store)
    suggestion = {"variable": "frame", "code": "border", "score": 0.9, "above": True}
    seen = {"arm": "suggest", "candidates": [suggestion | {"shown": True}]}
    keep(uncoded, told(unit.unit_id, "set", "border", **seen))
    keep(uncoded, told(unit.unit_id, "set", "road", arm="check"))
    keep(uncoded, told(other.unit_id, "set", "road", "border"))

    table = training_table(uncoded.store)

    assert table["blind"].tolist() == [False, True]
    assert table["frame||road"].tolist() == [1.0, 1.0]
    assert not [name for name in table.columns if name.startswith(JUDGED)]


def test_the_answer_before_a_reveal_that_was_taken_back_judges_nothing(uncoded):
    code_units(uncoded, BY_WORD, slice(0, 1))
    (unit, *_) = tables.units(uncoded.store)
    led(uncoded, unit, "road")
    keep(uncoded, told(unit.unit_id, "retract", coder="ana", ref=f"ana-1-{unit.seq:06}"))

    (row,) = training_table(uncoded.store).to_dict("records")

    assert (row["blind"], row["frame||road"]) == (False, 1.0)
    assert f"{JUDGED}frame||road" not in row


def test_what_was_confirmed_in_a_list_takes_no_part(uncoded):
    code_units(uncoded, BY_WORD, slice(0, 6))
    table = training_table(uncoded.store)
    last = events.last(uncoded.store)

    code_units(uncoded, BY_WORD, slice(6, 36), coder="bela", arm="bulk")

    assert training_table(uncoded.store).equals(table)
    assert events.decisions_since(uncoded.store, last) == 0


def test_answers_that_were_changed_after_a_reveal_do_not_flatter_the_card(uncoded):
    """Every third sentence was answered by chance first, and then as the model suggested."""
    units = list(tables.units(uncoded.store))
    chance = np.random.default_rng(5).random(len(units)) < 0.5
    asked = [number for number in range(len(units)) if number % 4 == 0]

    def own(number, unit):
        return ["border"] * bool(chance[number]) if number in asked else BY_WORD(number, unit)

    code_units(uncoded, own)
    first = training_table(uncoded.store)["frame||border"].to_numpy()
    for number in asked:
        led(uncoded, units[number], *BY_WORD(number, units[number]))

    training.train(uncoded)

    card = next(c for c in jobs.model(uncoded.store)[1]["codes"] if c["code"] == "border")
    model = suggesting.loaded(uncoded.store, "m1")
    order = [[unit.unit_id for unit in units].index(name) for name in model.units]
    scores = model.out_of_fold[:, list(model.columns).index(BORDER)]
    assert (card["n"], card["evaluated_positives"]) == (36, int(first.sum()))
    assert card["positives"] == 12 != card["evaluated_positives"]
    assert card["average_precision"] == pytest.approx(
        average_precision(first[order] >= 0.5, scores)
    )
    assert list(reveals.reveals(uncoded.store))
