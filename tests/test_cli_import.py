"""``annotator import`` as people and programs meet it: columns, dates, a dry run, a report."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tests.terminal import annotator

ROOT = Path(__file__).parents[1]
STANCE = str(ROOT / "labels" / "generic-frames.toml")
TABLE = (
    "Id,Headline,Body,Paper,Day\n"
    "007,Bridge closed,Guards closed the bridge. Nobody was asked.,Korva Herald,21/09/2031\n"
    "008,Talks,They talked until dawn.,Velm Post,22/09/2031\n"
)


@pytest.fixture
def project(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("ANNOTATOR_HOME", str(tmp_path / "home"))
    place = tmp_path / "p.annotator"
    assert annotator("init", place, "--codebook", STANCE).exit_code == 0
    return place


@pytest.fixture
def table(tmp_path) -> Path:
    place = tmp_path / "news.csv"
    place.write_text(TABLE, encoding="utf-8")
    return place


def units(project: Path) -> list[dict[str, str]]:
    done = annotator("export", project, "--format", "units", "--output", "-")
    return list(csv.DictReader(done.stdout.splitlines()))


def test_the_columns_of_a_table_are_named_by_options(project, table):
    done = annotator(
        *("import", project, table, "--text", "Body", "--title", "Headline", "--id", "Id"),
        *("--source", "Paper", "--date", "Day"),
    )

    assert done.exit_code == 0, done.stderr
    rows = units(project)
    assert [row["text"] for row in rows[:3]] == [
        "Bridge closed",
        "Guards closed the bridge.",
        "Nobody was asked.",
    ]
    assert {(row["source"], row["published"]) for row in rows} == {
        ("Korva Herald", "2031-09-21"),
        ("Velm Post", "2031-09-22"),
    }


def test_columns_are_used_again_for_the_next_table_of_the_same_columns(project, table, tmp_path):
    annotator("import", project, table, "--text", "Headline", "--title", "")
    following = tmp_path / "later.csv"
    following.write_text(TABLE.replace("Bridge closed", "Bridge open"), encoding="utf-8")

    told = annotator("import", project, following, "--dry-run")

    assert "columns as last time: text ← Headline" in told.stdout


def test_a_dry_run_shows_what_was_recognised_where_it_came_from_and_the_first_units(
    project, table, tmp_path
):
    (tmp_path / "bad.xyz").write_bytes(b"?")

    told = annotator("import", project, table, tmp_path / "bad.xyz", "--dry-run")

    assert told.exit_code == 1
    assert "news.csv: a CSV table; 2 new documents with 5 units, 0 there already" in told.stdout
    assert "title: Bridge closed  (column Headline)" in told.stdout
    assert "date: 2031-09-21  (column Day)" in told.stdout
    assert "lead: Guards closed the bridge." in told.stdout
    assert told.stderr.startswith("bad.xyz: .xyz files are not read")
    assert units(project) == []


@pytest.mark.parametrize(("sentences", "more"), [(2, []), (3, []), (4, ["  … and 1 more unit"])])
def test_a_dry_run_counts_the_units_that_it_does_not_show(project, tmp_path, sentences, more):
    file = tmp_path / "roads.txt"
    file.write_text(" ".join(["The road was closed."] * sentences), encoding="utf-8")

    told = annotator("import", project, file, "--dry-run").stdout.splitlines()

    units = [place for place, line in enumerate(told) if "The road was closed." in line]
    assert len(units) == min(sentences, 3)
    assert told[units[-1] + 1 : -1] == more


def test_a_dry_run_tells_a_program_everything(project, table):
    told = json.loads(annotator("import", project, table, "--dry-run", "--json").stdout)

    (look,) = told["preview"]
    assert (told["documents"], told["units"]) == (2, 5)
    assert look["columns"]["text"] == "Body"
    assert look["first"][0]["fields"]["id"] == {"value": "007", "found": "column Id"}
    assert look["first"][0]["units"][1] == "Guards closed the bridge."


def test_the_report_of_an_import_can_be_kept(project, table, tmp_path):
    report = tmp_path / "report.csv"

    annotator("import", project, table, tmp_path / "gone.txt", "--report", report)

    rows = list(csv.DictReader(report.read_text(encoding="utf-8").splitlines()))
    assert [(row["file"], row["result"], row["documents"]) for row in rows] == [
        ("news.csv", "added", "2"),
        ("gone.txt", "refused", "0"),
    ]
    assert rows[1]["remarks"] == "there is no such file; check the path"


def test_dates_that_may_be_two_days_are_asked_about_and_then_read(project, table):
    table.write_text(TABLE.replace("21/09", "03/04").replace("22/09", "05/06"), encoding="utf-8")

    asked = annotator("import", project, table)
    told = annotator("import", project, table, "--dates", "month-first")

    assert asked.exit_code == 1
    assert "03/04/2031" in asked.stderr
    assert "--dates day-first or --dates month-first" in asked.stderr
    assert told.exit_code == 0
    assert {row["published"] for row in units(project)} == {"2031-03-04", "2031-05-06"}


def test_a_language_given_for_the_project_is_used_for_what_comes_later(project, tmp_path):
    (tmp_path / "one.txt").write_text("Es ist vorbei. Niemand kam.", encoding="utf-8")
    (tmp_path / "two.txt").write_text("Alles ist gut. Er kam an.", encoding="utf-8")
    annotator("import", project, tmp_path / "one.txt", "--languages", "de")

    annotator("import", project, tmp_path / "two.txt")

    assert {row["language"] for row in units(project)} == {"de"}


def test_a_row_is_a_unit_with_its_title_as_metadata(project, table):
    annotator("import", project, table, "--unit", "row")

    assert [(row["title"], row["text"]) for row in units(project)] == [
        ("Bridge closed", "Guards closed the bridge. Nobody was asked."),
        ("Talks", "They talked until dawn."),
    ]
