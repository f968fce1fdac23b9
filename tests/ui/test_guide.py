"""The home page says what to do now, and guides through the sample."""

from __future__ import annotations

import pytest

from annotator.learn.sampling import Policy
from annotator.store import settings
from annotator.workflow import guide, importing, policies, projects
from annotator.workflow.sources import from_uploads
from tests.small import code_units


@pytest.fixture
def sample(coded, monkeypatch):
    """The toy project as the sample; Ada has coded one of its sentences."""
    settings.put(coded.store, sample="1")
    projects.close_project(coded.path)
    monkeypatch.setenv("ANNOTATOR_CODER", "Ada")
    return projects.open_project(coded.path)


def _tasks(app):
    return [one.value for one in app.markdown if one.value.startswith(":material/")]


def test_the_sample_lists_the_tasks_and_how_far_the_coder_is(draw, sample):
    app = draw("home")

    assert [one.partition(": ")[2] for one in _tasks(app)] == [
        "**Code five sentences · 1 of 5**",
        "Meet a suggestion",
        "Take the labels out",
        "Your own articles",
    ]
    assert app.button("home.next").label == "Go on coding"


def test_the_guide_is_skipped_and_taken_up_again(draw, sample):
    app = draw("home")

    app.button("guide.leave").click().run()
    assert _tasks(app) == []
    assert _tasks(draw("home")) == []

    app.button("guide.again").click().run()
    assert len(_tasks(app)) == 4


def test_the_labels_once_taken_out_the_way_to_an_own_project_comes_first(draw, sample, monkeypatch):
    more = [("more.txt", b"Peace came. Peace went. Peace came back.")]
    list(importing.import_sources(sample.store, sample.seed, from_uploads(more)))
    policies.put(sample.store, Policy("off"), who="Zoe")
    code_units(sample, lambda *_: ["peace"], slice(5), coder="Zoe")
    guide.note_export(sample, "Zoe")
    monkeypatch.setenv("ANNOTATOR_CODER", "Zoe")

    shown = [one.value for one in draw("home").header]

    assert shown.index("Projects") < shown.index("Codes so far")


def test_a_project_of_ones_own_has_one_primary_button_and_no_tasks(draw, coded, monkeypatch):
    monkeypatch.setenv("ANNOTATOR_CODER", "Ada")
    app = draw("home")

    assert _tasks(app) == []
    assert [one.label for one in app.button if one.proto.type == "primary"][:1] == ["Go on coding"]
