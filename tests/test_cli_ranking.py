"""`annotator rank`: an order on stdout, what it is on stderr, faults as one plain line."""

from __future__ import annotations

import csv
import json

import pytest

from tests.terminal import annotator


@pytest.fixture
def run(toy):
    def rank(*words, code="peace", variable="frame"):
        return annotator("rank", toy.path, "--variable", variable, "--code", code, *words)

    return rank


def test_units_are_listed_best_first_and_what_the_order_is_on_stderr(run, toy_units):
    done = run("--keyword", "bus", "--coder", "ben", "--limit", "2")

    first, second = done.stdout.splitlines()
    assert first == f"   1  {toy_units['talks3']}  The bus was late."
    assert second.startswith("   2  ")
    assert done.stderr == (
        "The units are ranked by likeness to the code's words; not a probability.\n"
    )


def test_keywords_are_kept_for_the_next_time(run):
    first = run("--keyword", "rain", "--keyword", "bus*", "--coder", "ben").stdout

    assert run("--coder", "ben").stdout == first


def test_json_tells_an_order_and_no_score(run, toy_units):
    done = run("--keyword", "bus", "--coder", "ben", "--json", "--limit", "1")

    told = json.loads(done.stdout)
    assert told["basis"].endswith("not a probability")
    assert told["keywords"] == ["bus"]
    (unit,) = told["units"]
    assert (unit["rank"], unit["unit_id"], unit["matched"]) == (1, toy_units["talks3"], ["bus"])
    assert not {"score", "probability", "likeness"} & set(unit)


def test_the_ranking_is_written_to_a_file(run, tmp_path):
    place = tmp_path / "first.csv"

    done = run("--keyword", "bus", "--coder", "ben", "--limit", "3", "--output", str(place))

    rows = list(csv.DictReader(place.read_text(encoding="utf-8").splitlines()))
    assert done.stdout == f"wrote 3 units to {place}\n"
    assert [row["rank"] for row in rows] == ["1", "2", "3"]
    assert rows[0]["text"] == "The bus was late."


@pytest.mark.parametrize(
    ("words", "fields", "told"),
    [
        ((), {"code": "war"}, "frame has no code 'war'; it has sovereignty, security, peace"),
        ((), {"variable": "frames"}, "the codebook has no variable 'frames'"),
        (("--keyword", "…"), {}, "the keyword '…' has no letter"),
        (("--target", "esmar"), {}, "frame asks about no target; leave the target out"),
    ],
)
def test_a_fault_is_one_line_and_nothing_is_ranked(run, words, fields, told):
    done = run(*words, **fields)

    assert (done.exit_code, done.stdout) == (1, "")
    assert told in done.stderr
    assert done.stderr.count("\n") == 1
