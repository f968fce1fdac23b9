"""`annotator plan`: samples drawn, shown, extended, dropped from the command line."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests.terminal import annotator

CONFLICT = str(Path(__file__).parents[1] / "labels" / "conflict.toml")


def write(folder: Path, outlet: str, number: int, sentences: int) -> None:
    place = folder / outlet / f"{number}.txt"
    place.parent.mkdir(parents=True, exist_ok=True)
    told = " ".join(f"The road to town {number} was closed on day {n}." for n in range(sentences))
    place.write_text(f"---\ndate: 2031-0{number}-04\n---\n\n{told}\n", encoding="utf-8")


@pytest.fixture
def articles(tmp_path) -> Path:
    folder = tmp_path / "articles"
    for number in range(1, 5):
        write(folder, "velm-courier", number, 6)
    write(folder, "esmar-post", 5, 2)
    return folder


@pytest.fixture
def project(tmp_path, articles, monkeypatch) -> Path:
    monkeypatch.setenv("ANNOTATOR_HOME", str(tmp_path / "home"))
    place = tmp_path / "p.annotator"
    assert annotator("init", place, "--codebook", CONFLICT).exit_code == 0
    assert annotator("import", place, articles).exit_code == 0
    return place


def test_a_plan_is_dropped_and_brought_back_by_a_program(project):
    annotator("plan", project, "draw", "spring", "--total", "1")
    assert "drew 1 sentence\n" in annotator("plan", project, "draw", "may", "--total", "1").stdout

    gone = json.loads(annotator("plan", project, "drop", "spring", "--json").stdout)
    assert gone["name"] == "spring"
    assert "spring" not in annotator("plan", project, "list").stdout
    back = json.loads(annotator("plan", project, "restore", gone["event"], "--json").stdout)

    assert back == {"name": "spring", "sentences": 1}
    assert "spring: 1 sentence (1 sentence" in annotator("plan", project, "list").stdout


def test_a_sample_is_looked_at_drawn_and_listed(project):
    asked = ("draw", "spring", "--each", "5", "--by", "source", "--seed", "7")

    seen = annotator("plan", project, *asked, "--dry-run", "--json")
    made = annotator("plan", project, *asked, "--json")
    told = annotator("plan", project, "list")

    strata = json.loads(seen.stdout)
    assert [(one["stratum"], one["held"], one["drawn"]) for one in strata] == [
        ("esmar-post", 2, 2),
        ("velm-courier", 24, 5),
    ]
    assert "taken whole, with probability 1 (esmar-post holds 2 of 5)" in seen.stderr
    assert json.loads(made.stdout)["drawn"] == 7
    assert json.loads(made.stdout)["strata"] == strata
    assert told.stdout == ("spring: 7 sentences (5 sentences of each, by source); coded: nothing\n")


def test_the_units_of_a_sample_are_written_with_their_probabilities(project, tmp_path):
    annotator("plan", project, "draw", "spring", "--total", "13", "--seed", "7")
    file = tmp_path / "spring.csv"

    shown = annotator("plan", project, "show", "spring", "--output", "-")
    written = annotator("plan", project, "show", "spring", "--output", file)

    rows = list(csv.DictReader(io.StringIO(shown.stdout, newline="")))
    assert len(rows) == 13
    assert {row["inclusion_probability"] for row in rows} == {"0.5"}
    assert (written.exit_code, file.read_bytes()) == (0, shown.stdout_bytes)


def test_how_a_sample_was_drawn_is_shown(project):
    sizes = ("--of", "two-stage", "--total", "3", "--per-article", "2", "--coder", "ana")
    annotator("plan", project, "draw", "spring", *sizes)

    said = annotator("plan", project, "show", "spring").stdout

    assert "3 articles, 2 sentences of each article; seed" in said
    assert "by ana: 6 of 26 sentences in 5 articles" in said


def test_later_articles_extend_a_sample(project, articles):
    annotator("plan", project, "draw", "spring", "--share", "0.5", "--seed", "7")
    nothing = annotator("plan", project, "extend", "spring")
    write(articles, "esmar-post", 6, 4)
    annotator("import", project, articles)

    made = annotator("plan", project, "extend", "spring", "--json")

    assert (nothing.exit_code, nothing.stderr) == (
        1,
        "no article came since 'spring' was drawn last; import some first\n",
    )
    assert json.loads(made.stdout)["drawn"] == 2
    assert json.loads(made.stdout)["sentences"] == 15


def test_a_sample_that_was_dropped_is_brought_back(project):
    annotator("plan", project, "draw", "spring", "--total", "4")

    gone = annotator("plan", project, "drop", "spring").stdout
    none_left = annotator("plan", project, "list").stdout
    back = annotator("plan", project, "restore", gone.split("restore ")[1].split("`")[0])

    assert none_left == ""
    assert back.stdout == "spring: 4 sentences\n"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("draw", "x"), 2, "say how many: one of --total, --equal, --each, --share"),
        (("draw", "x", "--total", "9", "--each", "2"), 2, "say how many: one of"),
        (("draw", "x", "--total", "9", "--by", "outlet"), 1, "not by 'outlet'"),
        (("draw", "x", "--total", "1", "--by", "source"), 1, "too few for 2 strata"),
        (("draw", "x", "--share", "2"), 1, "a share is above 0 and at most 1, not 2"),
        (("draw", "x", "--total", "1", "--within", "y"), 1, "this project has no list 'y'"),
        (("show", "x"), 1, "this project has no sample plan 'x'; there are: none"),
        (("drop", "x"), 1, "this project has no sample plan 'x'"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_line(project, words, code, said):
    result = annotator("plan", project, *words)

    assert result.exit_code == code
    assert said in result.stderr.splitlines()[-1]


def test_a_list_that_is_not_there_is_not_served(project):
    result = annotator("serve", project, "--queue", "june", "--no-browser")

    assert (result.exit_code, result.stderr) == (1, "this project has no list 'june'\n")


def test_no_sample_is_written_over_a_project(project, tmp_path):
    annotator("plan", project, "draw", "spring", "--total", "3")
    other = tmp_path / "other.annotator"
    annotator("init", other, "--codebook", CONFLICT)
    before = project.read_bytes(), other.read_bytes()

    for place in (project, other):
        done = annotator("plan", project, "show", "spring", "--output", place)
        assert (done.exit_code, len(done.stderr.splitlines())) == (1, 1)

    assert (project.read_bytes(), other.read_bytes()) == before
