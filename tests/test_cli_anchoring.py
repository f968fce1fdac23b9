"""`annotator anchoring`: what it means and a table on stdout, every figure in a file."""

from __future__ import annotations

import json

import pytest

from tests.arms import give_border, two_arms
from tests.terminal import annotator


@pytest.fixture
def project(tmp_path):
    with two_arms(tmp_path) as made:
        yield made


def run(project, *words):
    return annotator("anchoring", project.path, *words)


def test_the_sentences_come_first_and_then_the_table(project, golden):
    give_border(project, shown=60, hidden=24)

    done = run(project)

    assert done.exit_code == 0
    golden("anchoring.txt", done.stdout.encode())


def test_the_file_has_every_figure_of_every_coder(project, golden, tmp_path):
    give_border(project, shown=60, hidden=24)
    give_border(project, shown=40, hidden=30, coder="ben")
    place = tmp_path / "anchoring.csv"

    done = run(project, "--output", place)

    assert done.stderr == f"wrote 9 rows to {place}\n"
    golden("anchoring.csv", place.read_bytes())


def test_one_coders_figures_are_of_that_coder_alone_in_json_too(project):
    give_border(project, shown=60, hidden=24)
    give_border(project, shown=30, hidden=30, coder="ben")

    told = json.loads(run(project, "--coder", "ben", "--json").stdout)

    assert told["coders"] == ["ben"]
    assert {row["coder"] for row in told["codes"]} == {"ben"}
    assert told["verdicts"][0]["state"] == "too little"
    assert "move what ben gives: 120 sentences" in run(project, "--coder", "ben").stdout


def test_a_coder_who_coded_in_neither_arm_is_a_fault_of_one_line(project):
    give_border(project, shown=6, hidden=6)

    done = run(project, "--coder", "Ben")

    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == "'Ben' has coded in neither arm; there is ana\n"


def test_with_nothing_to_compare_it_says_so_and_that_is_no_fault(project):
    done = run(project)

    assert done.exit_code == 0
    assert done.stdout.startswith("There is no model yet")
    assert done.stdout.count("\n") == 1
