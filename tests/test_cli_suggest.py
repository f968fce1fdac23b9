"""``annotator suggest`` as it is typed: how many do it, and what it says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from annotator.cli import main
from annotator.core.annotation import Event
from annotator.store import events, tables
from annotator.store.events import Told
from annotator.workflow import importing, projects, training
from annotator.workflow.sources import from_uploads

CODEBOOK = """
name = "small"
version = "1.0.0"
title = "Small"

[[variable]]
name = "frame"

[[variable.code]]
name = "border"
title = "Border"
definition = "A border is named."
"""
AT = "2021-05-03T10:00:00.000+00:00"


@pytest.fixture
def trained(tmp_path, monkeypatch) -> Path:
    """A project whose model knows borders."""
    monkeypatch.setenv("ANNOTATOR_HOME", str(tmp_path / "home"))
    (tmp_path / "small.toml").write_text(CODEBOOK, encoding="utf-8")
    made = projects.create(tmp_path / "p.annotator", [tmp_path / "small.toml"])
    articles = [(f"{n}.txt", f"The border {n} is ours. It rained.".encode()) for n in range(8)]
    list(importing.import_sources(made.store, made.seed, from_uploads(articles)))
    told = []
    for unit in tables.units(made.store):
        answers = [{"variable": "frame", "code": "border"}] * ("border" in unit.text)
        stated = {"uuid": f"ana-{unit.seq:06}", "op": "set", "unit": unit.unit_id}
        told.append(Told("ana", Event(scheme=1, answers=answers, **stated), AT))
    assert set(events.record(made.store, told)) == {None}
    training.train(made)
    projects.close_project(made.path)
    return made.path


def annotator(*words):
    return CliRunner().invoke(main, [str(word) for word in words])


def test_two_workers_write_what_one_writes(trained, tmp_path):
    one, two = tmp_path / "one.csv", tmp_path / "two.csv"

    annotator("suggest", trained, "--output", one, "--workers", 1)
    done = annotator("suggest", trained, "--output", two, "--workers", 2, "--json")

    assert json.loads(done.stdout) == {"texts": 16, "rows": 16, "model_id": "m1", "codes": 1}
    assert two.read_bytes() == one.read_bytes()


def test_what_there_is_to_say_of_the_texts_is_said_on_stderr(trained, tmp_path):
    place = tmp_path / "in.csv"
    place.write_text("text\nԿամուրջը բաց է։\n", encoding="utf-8")

    done = annotator("suggest", trained, "--input", place, "--output", tmp_path / "o.csv")

    assert done.exit_code == 0
    assert done.stdout == f"wrote 1 row for 1 text and 1 code by model m1 to {tmp_path / 'o.csv'}\n"
    first, second = done.stderr.splitlines()
    assert first.startswith("about 100% of the texts seem to be in a language the model never saw")
    assert "is not a share" in second


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--workers", "0"), "0 is not in the range"),
        (("--workers", "2", "--cluster", "tcp://h:1"), "are two ways; give one of them"),
    ],
)
def test_wrong_usage_is_told_and_writes_nothing(trained, tmp_path, words, said):
    done = annotator("suggest", trained, "--output", tmp_path / "out.csv", *words)

    assert done.exit_code == 2
    assert said in done.stderr
    assert not list(tmp_path.glob("out*"))
