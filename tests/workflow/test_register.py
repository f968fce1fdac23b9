"""The register of models: rolling back, what no longer fits, what was learned, and comparing."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import threading

import numpy as np
import pytest

from annotator.core.annotation import Event
from annotator.core.errors import ModelError
from annotator.learn.sampling import RESERVED, arm_of
from annotator.store import codebooks, events, jobs, learned, tables
from annotator.store.events import Told
from annotator.store.seat import Seat
from annotator.workflow import (
    care,
    comparing,
    desk,
    exporting,
    importing,
    learned_from,
    policies,
    register,
    score_files,
    suggesting,
    supervising,
)
from annotator.workflow.sources import from_uploads
from tests.small import AT, code_units, named


def pair(project):
    return register.find(project, "m1"), register.find(project, "m2")


def scores_of(project, model_id):
    return np.load(suggesting.scores_file(project.store, model_id))


def test_after_a_roll_back_the_desk_suggests_by_the_older_model(two_models):
    register.use(two_models, "m1", who="ana")

    reply = desk.upcoming(two_models, Seat("bela"), after=0, want=60)

    assert reply["model"]["id"] == "m1"
    assert {item["model_id"] for item in reply["next"]} == {"m1"}
    assert [(one.model.id, one.model.in_force) for one in register.entries(two_models)] == [
        ("m2", False),
        ("m1", True),
    ]


def test_after_a_roll_back_nothing_trains_by_itself_until_somebody_says_so(two_models):
    register.use(two_models, "m1", who="ana")
    code_units(two_models, named("border"), slice(25), coder="bela", scheme=2)

    supervising.after_saves(two_models, 25)
    for thread in threading.enumerate():
        if thread.name == "train":
            thread.join()
    assert not supervising.is_training(two_models)
    assert not supervising.is_due(two_models.store)

    jobs.go_on(two_models.store)
    assert supervising.is_due(two_models.store)


def test_to_go_on_where_little_was_coded_since_waits_for_the_25_decisions(two_models):
    register.use(two_models, "m1", who="ana")

    supervising.go_on(two_models)

    assert not supervising.is_training(two_models)
    code_units(two_models, named("border"), slice(25), coder="bela", scheme=2)
    assert supervising.is_due(two_models.store)


def test_choosing_the_newest_model_again_takes_the_roll_back_back(two_models):
    register.use(two_models, "m1", who="ana")
    assert jobs.is_paused(two_models.store)

    register.use(two_models, "m2", who="ben")

    assert not jobs.is_paused(two_models.store)
    assert jobs.model_id(two_models.store) == "m2"


def test_scores_that_are_gone_are_made_anew_and_are_the_same(two_models):
    before = scores_of(two_models, "m1")
    suggesting.scores_file(two_models.store, "m1").unlink()
    steps = []

    register.use(two_models, "m1", who="ana", progress=lambda *step: steps.append(step[2]))

    np.testing.assert_allclose(scores_of(two_models, "m1"), before, atol=1e-6)
    assert "scoring every sentence" in steps
    assert jobs.model_id(two_models.store) == "m1"
    assert jobs.is_paused(two_models.store)


def test_a_model_that_has_no_scores_of_newer_sentences_scores_them_before_it_is_in_force(
    two_models,
):
    more = from_uploads([("late.txt", b"The border is long. The road is longer.")])
    list(importing.import_sources(two_models.store, two_models.seed, more))
    assert not register.entries(two_models)[1].is_scored

    register.use(two_models, "m1", who="ana")

    assert not np.isnan(scores_of(two_models, "m1")[learned.newest_unit(two_models.store)]).any()
    assert register.entries(two_models)[1].is_scored


def test_the_scores_of_older_models_are_cleared_away_and_their_arrays_stay(
    two_models, tmp_path, monkeypatch
):
    monkeypatch.setattr(score_files, "KEPT_SCORES", 1)

    score_files.clear_scores(two_models.store)

    assert not [*(two_models.store.models / "m1").glob("*.npy")]
    assert (two_models.store.models / "m1" / "model.npz").exists()
    assert scores_of(two_models, "m2").shape == (61, 2)
    assert care.examine(two_models.path).faults == 0
    register.use(two_models, "m1", who="ana")
    assert care.examine(two_models.path).faults == 0


def damage(place):
    (place / "model.npz").write_bytes(b"rubbish")


def age(place):
    card = json.loads((place / "card.json").read_text())
    (place / "card.json").write_text(json.dumps(card | {"format": 1}))


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (damage, "m1 cannot be put in force: model.npz was changed after training"),
        (age, "m1 cannot be put in force: the model was saved by another version of annotator"),
        (shutil.rmtree, "m1 cannot be put in force: there is no model here"),
    ],
)
def test_a_model_that_cannot_be_read_is_not_put_in_force(two_models, harm, said):
    harm(two_models.store.models / "m1")

    with pytest.raises(ModelError) as refusal:
        register.use(two_models, "m1", who="ana")

    assert str(refusal.value) == f"model {said}"
    assert jobs.model_id(two_models.store) == "m2"
    assert not jobs.is_paused(two_models.store)


def test_no_model_is_chosen_while_a_training_runs_nor_one_that_is_not_there(two_models):
    with pytest.raises(ModelError, match="no model 'm7'; it has m1, m2"):
        register.use(two_models, "m7", who="ana")
    with pytest.raises(ModelError, match="m2 is in force already"):
        register.use(two_models, "m2", who="ana")
    jobs.start(two_models.store, pid=os.getpid(), reason="asked", at=AT, last_event=0)

    with pytest.raises(ModelError, match="is being trained; wait for it or cancel it"):
        register.use(two_models, "m1", who="ana")

    assert jobs.model_id(two_models.store) == "m2"


def test_a_suggestion_undone_after_a_roll_back_exports_as_it_was(two_models):
    store = two_models.store
    unit = next(iter(tables.units(store))).unit_id
    shown = {"variable": "frame", "code": "road", "score": 0.9, "above": True, "shown": True}
    taken = {
        **{"uuid": "accepted-1", "op": "set", "unit": unit, "scheme": 2, "arm": "suggest"},
        **{"answers": [{"variable": "frame", "code": "road"}]},
        **{"candidates": [shown], "model_id": "m2"},
    }
    undo = {"uuid": "undone-1", "op": "retract", "unit": unit, "scheme": 2, "ref": "accepted-1"}

    def exported():
        return [exporting.as_bytes(store, name) for name in ("labels", "suggestions")]

    def record(stated):
        events.record_all(store, [Told("bela", Event.model_validate(stated), AT)])

    before = exported()
    record(taken)
    accepted = exported()
    register.use(two_models, "m1", who="ana")
    assert exported() == accepted
    assert (
        b"accepted-1,%s,bela,main,suggest,frame,,road,0.9,1,1,accepted,m2" % unit.encode()
        in (accepted[1])
    )

    record(undo)

    assert exported() == before


def test_a_model_of_an_older_codebook_says_what_no_longer_fits(two_models):
    assert register.misfit(two_models, register.find(two_models, "m2")).lines == []
    current = codebooks.current_scheme(two_models.store).codebooks[0].model_dump(mode="json")
    flood = {"name": "flood", "title": "Flood", "definition": "A flood is named."}
    current["variable"][0]["code"] = [current["variable"][0]["code"][1], flood]
    book = type(codebooks.current_scheme(two_models.store).codebooks[0]).model_validate(
        current | {"version": "2.0.0"}
    )
    codebooks.put_scheme(two_models.store, [(book, "")], AT)

    told = [register.misfit(two_models, one).lines for one in pair(two_models)]

    assert told[0] == [
        "It was learned with small 1.0.0; the project is at small 2.0.0.",
        "No longer in the codebook, and not suggested: Border.",
        "Added since, and not learned: Flood.",
        "Defined otherwise since: Road.",
    ]
    assert "Defined otherwise since: Road." not in told[1]


def table_of(project, model):
    rows = csv.DictReader(io.StringIO(learned_from.as_bytes(project.store, model).decode()))
    return {row["unit_id"]: row for row in rows}


def test_what_a_model_learned_from_is_told_as_it_was_then(two_models):
    first, second = (table_of(two_models, one) for one in pair(two_models))
    names = [unit.unit_id for unit in tables.units(two_models.store)]

    assert list(first) == names[:45]
    assert list(second) == names
    road = first[names[31]]
    assert (road["codes"], road["codebook"]) == ("frame:road", "small 1.0.0")
    assert (road["changed_since"], road["codes_now"]) == ("changed", "")
    assert {first[name]["changed_since"] for name in names[:30]} == {""}
    assert first[names[30]]["changed_since"] == ""  # decided anew, and the same
    assert second[names[31]]["codes"] == ""
    assert second[names[31]]["changed_since"] == ""


def test_labels_are_counted_by_coder_codebook_and_arm_with_those_that_changed(two_models):
    (first,) = learned_from.shares(two_models.store, register.find(two_models, "m1"))

    # Of the 15 sentences that were decided anew, every third named a road.
    assert first == ("ana", "small 1.0.0", "", 45, 5)
    assert learned_from.shares(two_models.store, register.find(two_models, "m2")) == [
        ("ana", "small 1.0.0", "", 30, 0),
        ("ana", "small 1.1.0", "", 30, 0),
    ]


def test_two_models_are_judged_on_sentences_that_both_learned_from_or_neither(two_models):
    found = {one.place: one for one in comparing.fair(two_models, pair(two_models))}
    units = list(tables.units(two_models.store))
    # The last 15 sentences only the second model learned from.
    both = [unit for unit in units[:45] if unit.draw < RESERVED]

    border = found["frame", "", "border"]
    assert border.first.n == border.second.n == len(both) > 0
    assert border.first.positives == sum("border" in unit.text for unit in both)
    assert not border.is_enough


def test_a_sentence_coded_with_suggestions_in_sight_judges_no_model(two_models):
    (before, *_) = comparing.fair(two_models, pair(two_models))
    reserved = next(unit for unit in tables.units(two_models.store) if unit.draw < RESERVED)
    shown = {"variable": "frame", "code": "road", "score": 0.9, "above": True, "shown": True}
    stated = {"uuid": "seen-0001", "op": "set", "unit": reserved.unit_id, "scheme": 2}
    stated |= {"answers": [], "candidates": [shown], "model_id": "m2", "arm": "suggest"}
    events.record_all(two_models.store, [Told("ana", Event.model_validate(stated), AT)])

    (after, *_) = comparing.fair(two_models, pair(two_models))

    assert after.first.n == before.first.n - 1


def test_models_are_compared_code_by_code(two_models):
    told = {one.name: one for one in comparing.compare(two_models, pair(two_models))}

    assert [told["Road"].first.positives, told["Road"].second.positives] == [15, 10]
    assert [told["Border"].first.positives, told["Border"].second.positives] == [15, 20]


def test_what_a_coder_is_to_code_blind_is_not_among_what_the_models_disagree_on(two_models):
    place = ("frame", "", "road")
    control = policies.policy(two_models.store).control

    found = comparing.disputed(two_models, "zoe", pair(two_models), place, most=60)

    arms = {
        arm_of(one.unit.unit_id, two_models.seed, one.unit.draw, control) for one in found or ()
    }
    assert arms == {"suggest"}
    apart = [abs(one.first - one.second) for one in found or ()]
    assert apart == sorted(apart, reverse=True)
    of_ana = comparing.disputed(two_models, "ana", pair(two_models), place, most=60)
    assert len(of_ana or ()) > len(found or ())


def test_where_scores_are_gone_nothing_is_said_of_where_the_models_differ(two_models):
    suggesting.scores_file(two_models.store, "m1").unlink()

    assert comparing.disputed(two_models, "ana", pair(two_models), ("frame", "", "road")) is None
