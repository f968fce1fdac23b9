"""The guided start follows from what a coder did, and what to do next from how a project stands."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.learn.sampling import Policy
from annotator.store import settings
from annotator.store.seat import Seat
from annotator.workflow import exporting, facts, guide, policies, projects
from annotator.workflow.guide import Guide
from annotator.workflow.projects import Project
from tests.small import code_units, codebook, named, small_project

SHOWN = {"variable": "frame", "code": "road", "score": 0.9, "above": True, "shown": True}
SUGGESTED = {"arm": "suggest", "model_id": "m1", "candidates": [SHOWN]}
BOTH = named("border", "road")


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Twelve sentences in four articles, of which nobody has coded one."""
    articles = [f"The border {n} is ours. The road {n} was shut. It rained." for n in range(4)]
    with small_project(tmp_path, codebook("border", "road"), articles) as made:
        yield made


@pytest.fixture
def sample(project: Project) -> Project:
    """The same, as the sample that the program comes with."""
    settings.put(project.store, sample="1")
    path = project.path
    projects.close_project(path)
    return projects.open_project(path)


def test_each_task_follows_when_the_one_before_is_done(sample):
    assert guide.of(sample.store, "zoe").task == "code"

    code_units(sample, BOTH, slice(4), coder="zoe", **SUGGESTED)
    assert guide.of(sample.store, "zoe") == Guide(coded=4, met=True)

    code_units(sample, BOTH, slice(4, 5), coder="zoe")
    assert guide.of(sample.store, "zoe").task == "export"

    exporting.as_bytes(sample.store, "labels")
    guide.note_export(sample, "zoe")
    assert guide.of(sample.store, "zoe").task == "own"


def test_a_sentence_that_was_skipped_is_not_coded(sample):
    code_units(sample, named(), slice(3), coder="zoe", op="skip")

    assert guide.of(sample.store, "zoe").coded == 0


def test_five_sentences_without_a_suggestion_lead_to_one(sample):
    code_units(sample, BOTH, slice(5), coder="zoe")

    assert guide.of(sample.store, "zoe").task == "suggestion"


def test_where_no_suggestions_are_wanted_none_has_to_be_met(sample):
    policies.put(sample.store, Policy("off"), who="zoe")
    code_units(sample, BOTH, slice(5), coder="zoe")

    assert guide.of(sample.store, "zoe").task == "export"


def test_each_coder_has_a_guide_of_their_own(sample):
    code_units(sample, BOTH, slice(5), coder="zoe", **SUGGESTED)
    guide.note_export(sample, "zoe")
    guide.leave(sample.store, "zoe")

    assert guide.of(sample.store, "yan") == Guide()
    assert guide.of(sample.store, "zoe") == Guide(coded=5, met=True, exported=True, left=True)


def test_a_guide_that_was_left_stays_away_until_it_is_taken_up_where_the_coder_is(sample):
    guide.leave(sample.store, "zoe")
    code_units(sample, BOTH, slice(2), coder="zoe")
    assert guide.on_desk(sample, Seat("zoe")) is None

    guide.take_up(sample.store, "zoe")

    assert guide.of(sample.store, "zoe") == Guide(coded=2)
    told = {"sample": True, "met": False, "exported": False, "first": guide.FIVE}
    assert guide.on_desk(sample, Seat("zoe")) == told


def test_with_a_project_of_ones_own_the_guide_has_come_to_its_end(sample, tmp_path):
    code_units(sample, BOTH, slice(5), coder="zoe", **SUGGESTED)
    guide.note_export(sample, "zoe")
    assert not guide.of(sample.store, "zoe").left

    own = projects.create(tmp_path / "own.annotator", [tmp_path / "small.toml"])
    projects.remember(own)
    assert guide.of(sample.store, "zoe").left
    assert guide.on_desk(sample, Seat("zoe")) is None

    guide.take_up(sample.store, "zoe")
    assert not guide.of(sample.store, "zoe").left
    projects.close_project(own.path)


def test_outside_the_sample_the_desk_guides_through_the_first_five_sentences_alone(project):
    code_units(project, BOTH, slice(4), coder="zoe")
    assert guide.on_desk(project, Seat("zoe")) is not None

    code_units(project, BOTH, slice(4, 5), coder="zoe")

    assert guide.on_desk(project, Seat("zoe")) is None


def test_a_list_or_another_round_is_not_guided(sample):
    assert guide.on_desk(sample, Seat("zoe", queue="drawn")) is None
    assert guide.on_desk(sample, Seat("zoe", "blind")) is None


def test_an_export_is_noted_once_and_in_the_sample_alone(project, sample, events_of):
    guide.note_export(sample, "zoe")
    guide.note_export(sample, "zoe")
    guide.note_export(sample, None)

    assert events_of(sample) == [("zoe", '{"step": "exported"}')]


def test_an_export_of_ones_own_project_leaves_no_event(project, events_of):
    guide.note_export(project, "zoe")

    assert events_of(project) == []


@pytest.fixture
def events_of():
    """The events of the guide, as coder and payload."""

    def read(project: Project) -> list[tuple[str, str]]:
        return project.store.db.execute(
            "select coder, payload from event where op = 'guide' order by seq"
        ).fetchall()

    return read


def test_the_sentence_that_is_offered_shows_this_coder_a_suggestion(two_models):
    from annotator.workflow import desk

    found = guide.suggested_unit(two_models, "zoe")

    (unit,) = desk.one(two_models, Seat("zoe"), found)["next"]
    assert any(one["show"] for one in unit["candidates"])


def test_without_a_model_no_sentence_is_offered(project):
    assert guide.suggested_unit(project, "zoe") == ""


def test_a_project_as_it_is_told_of_itself(two_models):
    known, strangers = facts.of(two_models, "ana"), facts.of(two_models, None)

    assert (known.documents, known.coded, known.left, known.learned) == (20, 60, 0, 2)
    assert (strangers.coded, strangers.left) == (0, 60)
