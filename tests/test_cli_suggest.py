"""``annotator suggest`` as it is typed: how many do it, and what it says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from annotator.workflow import projects, training
from tests.small import code_units, codebook, named, small_project
from tests.terminal import annotator


@pytest.fixture
def trained(tmp_path) -> Path:
    """A project whose model knows borders."""
    articles = [f"The border {n} is ours. It rained." for n in range(8)]
    with small_project(tmp_path, codebook("border"), articles) as made:
        code_units(made, named("border"))
        training.train(made)
        projects.close_project(made.path)
        yield made.path


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
