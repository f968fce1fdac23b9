"""A model that is chosen: in force, told in the journal, and safe from trainings of themselves."""

from __future__ import annotations

import json
import os

import pytest

from annotator.core.errors import ModelError
from annotator.store import jobs, learned

AT = "2021-05-03T10:00:00.000+00:00"
LATER = "2021-05-04T10:00:00.000+00:00"


def start(store, reason):
    return jobs.start(store, pid=os.getpid(), reason=reason, at=AT, last_event=0).id


def train(store, model_id, reason="asked"):
    jobs.put_model(store, start(store, reason), model_id, 1, {"codes": []}, AT)


def choose(store, model_id, who="ana"):
    jobs.put_in_force(store, start(store, jobs.USE), model_id, who, LATER)


@pytest.fixture
def trained(empty_toy):
    """Three models, the third in force."""
    for model_id in ("m1", "m2", "m3"):
        train(empty_toy, model_id)
    return empty_toy


def test_a_model_that_was_chosen_is_in_force_and_the_register_says_by_whom(trained):
    choose(trained, "m1")

    assert jobs.model_id(trained) == "m1"
    told = [(one.id, one.in_force, one.reason, one.chosen_by) for one in jobs.registered(trained)]
    assert told == [
        ("m3", False, "asked", ""),
        ("m2", False, "asked", ""),
        ("m1", True, "asked", "ana"),
    ]
    event = "select subject, subject_id, op, payload, coder, recorded_at from event"
    (row,) = trained.db.execute(event).fetchall()
    assert (*row[:3], *row[4:]) == ("model", "m1", "use", "ana", LATER)
    assert json.loads(row[3]) == {"from": "m3"}


def test_what_was_in_force_last_comes_first(trained):
    choose(trained, "m1")

    assert jobs.lately_in_force(trained, 2) == ["m1", "m3"]


def test_a_training_that_nobody_asks_for_waits_while_an_older_model_was_chosen(trained):
    choose(trained, "m2")

    with pytest.raises(ModelError, match="nothing trains until somebody asks for it"):
        start(trained, jobs.AUTOMATIC)

    assert jobs.is_paused(trained)
    train(trained, "m4", reason="asked")
    assert not jobs.is_paused(trained)
    assert jobs.model_id(trained) == "m4"


def test_an_asked_training_that_fails_leaves_the_choice_as_safe_as_before(trained):
    choose(trained, "m1")

    job = start(trained, "asked")
    assert jobs.ask(trained, jobs.AUTOMATIC)
    jobs.end(trained, job, "failed", LATER, "it broke off")

    assert jobs.follow(trained, pid=os.getpid(), at=LATER, last_event=0) is None
    assert jobs.is_paused(trained)
    assert jobs.model_id(trained) == "m1"


def test_an_automatic_training_that_was_to_follow_is_forgotten_when_a_model_is_chosen(trained):
    job = start(trained, jobs.USE)
    assert jobs.ask(trained, jobs.AUTOMATIC)

    jobs.put_in_force(trained, job, "m1", "ana", LATER)

    assert jobs.following(trained) == ""


def test_one_that_somebody_asked_for_meanwhile_still_follows(trained):
    job = start(trained, jobs.USE)
    assert jobs.ask(trained, "asked")

    jobs.put_in_force(trained, job, "m1", "ana", LATER)

    assert jobs.following(trained) == "asked"


def test_a_choice_that_was_cancelled_changes_nothing(trained):
    job = start(trained, jobs.USE)
    jobs.cancel(trained, LATER)

    with pytest.raises(ModelError, match="the model before stays in force"):
        jobs.put_in_force(trained, job, "m1", "ana", LATER)

    assert jobs.model_id(trained) == "m3"
    assert not jobs.is_paused(trained)


def frames(code):
    return [{"variable": "frame", "code": code}]


def told(store, units, last_event):
    return [
        (label.coder, [answer.code for answer in label.then.answers], label.now.status)
        for label in learned.labels(store, units, last_event)
    ]


def test_labels_are_told_as_they_stood_at_an_event_whatever_came_after(
    empty_toy, decide, toy_units
):
    units = [toy_units["talks0"], toy_units["talks1"]]
    decide(empty_toy, "ana", "talks0", answers=frames("peace"))
    decide(empty_toy, "ben", "talks1", "skip")
    then = 2
    decide(empty_toy, "ana", "talks0", "not_codable")
    decide(empty_toy, "ben", "talks1", answers=frames("security"))

    assert told(empty_toy, units, then) == [("ana", ["peace"], "not_codable")]
    assert told(empty_toy, units, 4) == [("ben", ["security"], "coded")]


def test_an_undo_counts_only_from_when_it_came(empty_toy, decide, toy_units):
    units = [toy_units["talks0"]]
    first = decide(empty_toy, "ana", "talks0", answers=frames("peace"))
    second = decide(empty_toy, "ana", "talks0", answers=frames("security"))
    decide(empty_toy, "ana", "talks0", "retract", ref=second)
    decide(empty_toy, "ana", "talks0", "retract", ref=first)

    assert told(empty_toy, units, 2) == [("ana", ["security"], None)]
    assert told(empty_toy, units, 3) == [("ana", ["peace"], None)]
    assert told(empty_toy, units, 4) == []


def test_the_rest_of_an_article_is_undone_with_what_it_came_from(empty_toy, decide, toy_units):
    units = [toy_units["talks2"], toy_units["talks3"]]
    origin = decide(empty_toy, "ana", "talks0", answers=frames("peace"))
    decide(empty_toy, "ana", "talks2", answers=frames("peace"), origin=origin)
    decide(empty_toy, "ana", "talks0", "retract", ref=origin)

    assert told(empty_toy, units, 2) == [("ana", ["peace"], None)]
    assert told(empty_toy, units, 3) == []
