"""A project's coding played again: the report, the command, and the view that shows it."""

from __future__ import annotations

import json

import pytest
from streamlit.testing.v1 import AppTest

from annotator.workflow import replaying
from tests.small import code_rows, codebook, small_project
from tests.terminal import annotator

TOWNS = ("Velm", "Korva", "Dravik", "Osten", "Hallen", "Tessaly", "Marn")
WHAT = ("border", "road", "")


def rows(number: int):
    """Texts of which every third names the border, every third the road."""
    for at in range(number):
        what = WHAT[at % 3]
        said = f"The {what or 'weather'} near {TOWNS[at % 7]} was the talk of day {at}"
        yield f"{said} and of the {TOWNS[at % 5]} paper.", what


@pytest.fixture
def project(tmp_path):
    with small_project(tmp_path, codebook("border", "road")) as made:
        yield made


def kept(project, **told):
    """Have the project keep a report that nobody played."""
    curves = [
        {"order": order, "f1": [[0.2, 0.6]], "needed": {"0.8": need, "0.9": 2 * need, "0.95": None}}
        for need, order in enumerate(replaying.PLAYED, 40)
    ]
    played = {"sizes": [30, 60], "full": 0.5, "codes": 2, "tested": 60, "pool": 100}
    report = {"at": "2026-01-05T09:00:00+00:00", "last_event": 0, "seconds": 9.0}
    report |= told | {"replay": played | {"curves": curves}}
    project.store.models.mkdir(exist_ok=True)
    (project.store.models / replaying.FILE).write_text(json.dumps(report), encoding="utf-8")
    found = replaying.last(project.store)
    assert found is not None
    return found


def test_a_project_is_played_in_every_way_and_the_report_is_kept(project):
    code_rows(project, rows(300))
    steps = []

    made = replaying.run(project, runs=1, progress=lambda *told: steps.append(told))

    report = replaying.last(project.store)
    assert report == made
    assert [curve.order for curve in report.replay.curves] == replaying.PLAYED
    assert report.replay.tested + report.replay.pool == 300
    assert report.replay.full > 0.8
    assert steps[-1][0] == steps[-1][1]
    # Imported labels have no pace, so that no hours are told.
    assert {report.hours(order, 0.9) for order in replaying.PLAYED} == {None}
    assert "hours" not in replaying.in_words(report)


def test_hours_are_the_labels_saved_beside_chance_at_the_pace_of_the_project(project):
    report = kept(project, seconds=1_800.0)

    # Chance needs 80 labels, the next way two more: 2 of them take an hour.
    assert report.hours(replaying.PLAYED[1], 0.9) == pytest.approx(-1.0)
    assert report.hours("random", 0.9) is None
    assert "No way of choosing" in replaying.in_words(report)


def test_a_file_that_cannot_be_read_is_no_report(project):
    kept(project)
    (project.store.models / replaying.FILE).write_text('{"at": 1}', encoding="utf-8")

    assert replaying.last(project.store) is None


def test_too_little_coding_is_one_plain_sentence_and_leaves_no_report(project):
    code_rows(project, rows(20))

    told = annotator("replay", project.path)

    assert told.exit_code == 1
    assert len(told.stderr.strip().splitlines()) == 1
    assert "random stream" in told.stderr
    assert replaying.last(project.store) is None


def test_the_view_shows_what_was_played_and_what_came_since(project, monkeypatch):
    monkeypatch.setenv("ANNOTATOR_PROJECT", str(project.path))
    kept(project)
    code_rows(project, [("A new border, and nothing else.", "border")])

    app = AppTest.from_function(_view, default_timeout=20).run()

    assert not app.exception
    table = app.dataframe[0].value
    assert table["Next sentences"].tolist() == [replaying.title(one) for one in replaying.PLAYED]
    assert any("1 decision came since" in caption.value for caption in app.caption)


def _view():
    from annotator.ui import model_replay, state

    model_replay.show(state.project(), None)
