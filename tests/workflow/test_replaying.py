"""A project's coding played again: the report, the command, and the view that shows it."""

from __future__ import annotations

import json
import shutil

import pytest
from click.testing import CliRunner
from streamlit.testing.v1 import AppTest

from annotator import cli
from annotator.store import Store
from annotator.workflow import projects, replaying
from tests.small import code_rows, codebook, small_project

TOWNS = ("Velm", "Korva", "Dravik", "Osten", "Hallen", "Tessaly", "Marn")
WHAT = ("border", "road", "")


def rows(number: int):
    """Texts of which every third names the border, every third the road."""
    for at in range(number):
        what = WHAT[at % 3]
        said = f"The {what or 'weather'} near {TOWNS[at % 7]} was the talk of day {at}"
        yield f"{said} and of the {TOWNS[at % 5]} paper.", what


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    """A project that was played once, as a folder to copy."""
    folder = tmp_path_factory.mktemp("played")
    with small_project(folder, codebook("border", "road")) as project:
        code_rows(project, rows(330))
        steps = []
        replaying.run(project, runs=1, progress=lambda *told: steps.append(told))
        assert steps[-1][0] == steps[-1][1]
    return folder


@pytest.fixture
def project(played, tmp_path, monkeypatch):
    copy = tmp_path / "copy"
    shutil.copytree(played, copy)
    monkeypatch.setenv("ANNOTATOR_HOME", str(copy / "home"))
    opened = projects.open_project(copy / "p.annotator")
    yield opened
    projects.close_project(opened.path)


def test_the_report_is_kept_with_every_way_that_can_be_played(project):
    report = replaying.last(project.store)

    assert report is not None
    assert [curve.order for curve in report.replay.curves] == replaying.PLAYED
    assert report.replay.tested + report.replay.pool == 330
    assert report.replay.full > 0.8
    assert json.loads(json.dumps(replaying.as_json(report)))["replay"]["pool"] == report.replay.pool


def test_imported_labels_have_no_pace_so_that_no_hours_are_told(project):
    report = replaying.last(project.store)

    assert report is not None
    assert report.seconds is None
    assert {report.hours(order, 0.9) for order in replaying.PLAYED} == {None}
    assert "hours" not in replaying.in_words(report)


def test_a_file_that_cannot_be_read_is_no_report(project):
    (project.store.models / replaying.FILE).write_text('{"at": 1}', encoding="utf-8")

    assert replaying.last(project.store) is None


def test_too_little_coding_is_one_plain_sentence_and_leaves_no_report(tmp_path):
    with small_project(tmp_path, codebook("border", "road")) as project:
        code_rows(project, rows(20))

        told = CliRunner().invoke(cli.main, ["replay", str(project.path)])

        assert told.exit_code == 1
        assert len(told.stderr.strip().splitlines()) == 1
        assert "random stream" in told.stderr
        assert replaying.last(Store(project.path)) is None


def test_the_view_shows_what_was_played_and_what_came_since(project, monkeypatch):
    monkeypatch.setenv("ANNOTATOR_PROJECT", str(project.path))
    code_rows(project, [("A new border, and nothing else.", "border")])

    app = AppTest.from_function(_view, default_timeout=20).run()

    assert not app.exception
    table = app.dataframe[0].value
    assert table["Next sentences"].tolist() == [replaying.title(one) for one in replaying.PLAYED]
    assert any("1 decision came since" in caption.value for caption in app.caption)


def _view():
    from annotator.ui import model_replay, state

    model_replay.show(state.project(), None)
