"""`annotator find`: results on stdout, the rest on stderr, faults as one plain line."""

from __future__ import annotations

import csv
import json

import pytest

from annotator.store import lists
from tests.terminal import annotator


@pytest.fixture
def run(toy):
    def find(*words):
        return annotator("find", toy.path, *words)

    return find


def test_units_are_listed_and_the_rest_is_told_on_stderr(run, toy_units):
    done = run("envoy", "OR", "rain*")

    assert [line.partition("  ")[0] for line in done.stdout.splitlines()] == [
        toy_units[name] for name in ("talks1", "rain0", "rain1")
    ]
    assert done.stderr.splitlines() == [
        "units with “envoy” or “rain…”",
        "1 to 3 of 3 units",
    ]


def test_filters_are_joined_with_the_words(run):
    told = json.loads(
        run("--code", "frame:peace", "--coder", "ben", "--from", "2025-03", "--json").stdout
    )

    assert [unit["text"] for unit in told["units"]] == ["“We rule here,” said Norland's envoy."]
    assert (told["total"], told["more"]) == (1, False)


def test_what_is_found_is_written_with_the_words_and_the_codes(run, tmp_path):
    place = tmp_path / "found.csv"

    run("envoy", "--output", str(place))

    (row,) = csv.DictReader(place.read_text(encoding="utf-8").splitlines())
    assert row["matched"] == "envoy"
    assert "frame:security rejected" in row["codes"].split("; ")
    assert "stance:norland:against (Dan Rell)" in row["codes"].split("; ")


def test_what_is_found_is_kept_as_a_set_once(run, toy):
    assert run("norland", "--save", "norland").exit_code == 0
    again = run("norland", "--save", "norland")

    assert (again.exit_code, again.stdout) == (1, "")
    assert "already" in again.stderr
    assert lists.known(toy, "norland").units == len(lists.rows(toy, "norland")) > 0


@pytest.mark.parametrize(
    "words",
    [
        ("--code", "frame:nothing"),
        ("--from", "yesterday"),
        ("--from", "2031-W01-1"),
        ("***",),
        ("NOT", "peace"),
        ("--save", "nobody", "nowhere"),
    ],
)
def test_a_fault_is_one_plain_line(run, words):
    done = run(*words)

    assert (done.exit_code, done.stdout, len(done.stderr.splitlines())) == (1, "", 1)


def test_the_projects_own_file_is_never_written_over(run, toy):
    before = toy.path.read_bytes()

    done = run("norland", "--output", str(toy.path))

    assert (done.exit_code, toy.path.read_bytes()) == (1, before)


def test_a_file_that_cannot_be_written_is_named_as_it_was_given(run, tmp_path):
    done = run("envoy", "--output", str(tmp_path / "none" / "found.csv"))

    assert (done.exit_code, len(done.stderr.splitlines())) == (1, 1)
    assert f"{tmp_path / 'none' / 'found.csv'} cannot be written" in done.stderr


def test_what_is_found_is_not_written_over_another_project(run, toy, tmp_path):
    other = tmp_path / "other.annotator"
    other.write_bytes(toy.path.read_bytes())

    done = run("norland", "--output", str(other))

    assert (done.exit_code, other.read_bytes()) == (1, toy.path.read_bytes())


@pytest.mark.parametrize("asked", ["--limit", "--offset"])
def test_a_page_that_nothing_can_count_is_wrong_usage(run, asked):
    done = run("envoy", asked, str(10**20))

    assert done.exit_code == 2
    assert "is not in the range" in done.stderr
