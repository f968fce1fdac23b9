"""Tables that do not fit: nothing of them comes in, and the line that is at fault is named."""

from __future__ import annotations

import csv
import json

import pytest

from annotator.store import documents, events, tables

SENTENCES = ("Velmar closed the road.", "Osk sent envoys.")


@pytest.fixture
def table(tmp_path):
    def write(*rows, name="labels.csv", header=("id", "text", "label")):
        place = tmp_path / name
        with place.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, *rows])
        return place

    return write


@pytest.fixture
def units(project):
    return {unit.text: unit.unit_id for unit in tables.units(project.store)}


FROM_TABLE = ("--text", "text", "--labels", "label", "--variable", "frame", "--coder", "ana")


def nothing_came_in(project):
    return (events.count(project.store), len(documents.overview(project.store))) == (0, 1)


def test_rows_that_match_no_unit_are_counted_and_the_first_is_named(annotator, project, table):
    rows = [("1", SENTENCES[0], "sovereignty"), ("2", "The sun shone.", "sovereignty")]

    said = annotator("code", project.path, table(*rows), *FROM_TABLE)

    assert (said.code, said.lines) == (
        1,
        [
            "labels.csv: 1 rows match no unit of this project (the first in line 3: "
            "'The sun shone.'); import their articles first, or make a document of each: --create"
        ],
    )
    assert nothing_came_in(project)


def test_ids_that_match_no_unit_are_counted_and_the_first_is_named(
    annotator, project, table, units
):
    rows = [(units[SENTENCES[0]], "", "sovereignty"), ("elsewhere:0-9", "", "sovereignty")]

    said = annotator("code", project.path, table(*rows), *FROM_TABLE, "--id", "id")

    assert said.code == 1
    assert "1 rows match no unit of this project (the first in line 3: the id 'elsewhere:0-9')" in (
        said.err
    )
    assert nothing_came_in(project)


def test_one_id_for_two_texts_is_refused(annotator, project, table):
    rows = [("7", "The sun shone.", "sovereignty"), ("7", "The moon rose.", "sovereignty")]

    said = annotator("code", project.path, table(*rows), *FROM_TABLE, "--id", "id", "--create")

    assert (said.code, said.lines) == (
        1,
        [
            "labels.csv: line 3: the id '7' stands beside another text further up; give each text "
            "an id of its own"
        ],
    )
    assert nothing_came_in(project)


def test_one_sentence_twice_with_two_answers_where_one_is_taken_is_refused(
    annotator, project, table, units
):
    unit = units[SENTENCES[0]]

    said = annotator(
        "code", project.path, table((unit, "", "favor"), (unit, "", "against")),
        "--id", "id", "--labels", "label", "--variable", "stance", "--coder", "ana",
    )  # fmt: skip

    assert said.code == 1
    assert f"labels.csv: line 3: {unit} is against" in said.err
    assert said.err.endswith("but stance takes one code; keep one\n")
    assert nothing_came_in(project)


def test_the_same_row_twice_is_one_decision(annotator, project, table):
    row = ("1", SENTENCES[0], "sovereignty")

    assert annotator("code", project.path, table(row, row), *FROM_TABLE).code == 0

    assert events.count(project.store) == 1


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (
            "id,text,label\n1,Osk \udc80 came.,sovereignty\n",
            "labels.csv: line 2: column 'text' holds half a character (a lone surrogate); "
            "write the file again as UTF-8",
        ),
        (
            "id,text,label\n1,Osk\0 came.,sovereignty\n",
            "labels.csv: line 2: column 'text' holds a NUL; save the file again as text",
        ),
        (
            'id,text,label\n1,"Osk came.,sovereignty\n',
            "labels.csv: line 2: a quotation mark is opened here and never closed; close it, or "
            "double it to keep it",
        ),
        ("\n", "labels.csv: is empty; name a file with a header and rows"),
        (",,\n1,2,3\n", "labels.csv: there is no column 'label'; the columns are: 1, 2, 3"),
    ],
)
def test_a_table_that_cannot_be_read_names_the_line(
    annotator, project, tmp_path, content, sentence
):
    place = tmp_path / "labels.csv"
    place.write_bytes(content.encode("utf-8", "surrogatepass"))

    said = annotator("code", project.path, place, *FROM_TABLE)

    assert (said.code, said.lines) == (1, [sentence])
    assert nothing_came_in(project)


def test_a_text_that_no_unit_can_hold_is_not_made_a_document(annotator, project, table):
    said = annotator(
        "code", project.path, table(("1", "word " * 200_000, "sovereignty")), *FROM_TABLE,
        "--create",
    )  # fmt: skip

    assert (said.code, said.lines) == (
        1,
        [
            "labels.csv: line 2: the text has 1,000,000 characters and a unit may have 100,000; "
            "cut it into rows"
        ],
    )
    assert nothing_came_in(project)


@pytest.fixture
def trained(annotator, make_project, table):
    """A project whose model knows one frame."""
    lines = [
        f"{'Sovereign soil is ours' if n % 2 else 'It rained on the market'}, day {n}."
        for n in range(40)
    ]
    articles = tuple("\n\n".join(lines[at : at + 10]) for at in range(0, 40, 10))
    project = make_project("trained.annotator", articles)
    rows = [("", line, "sovereignty" if n % 2 else "") for n, line in enumerate(lines)]
    assert annotator("code", project.path, table(*rows, name="t.csv"), *FROM_TABLE).code == 0
    assert annotator("train", project.path).code == 0
    return project


def suggested(place):
    with place.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {row["id"]: bool(row["score"] and row["suggested"]) for row in rows}


def test_rows_without_a_text_keep_their_number_and_get_no_score(
    annotator, trained, table, tmp_path
):
    rows = [("", "Our sovereign soil.", ""), ("", "", ""), ("", " ", "x"), ("", "Rain.", "")]
    place, output = table(*rows, ("", "", ""), ("", "", "")), tmp_path / "out.csv"

    assert annotator("suggest", trained.path, "--input", place, "--output", output).code == 0
    assert suggested(output) == {"1": True, "2": False, "3": False, "4": True}

    cut = tmp_path / "cut.jsonl"
    words = ("--input", place, "--output", cut, "--unit", "sentence")
    assert annotator("suggest", trained.path, *words).code == 0
    told = [json.loads(line) for line in cut.read_text(encoding="utf-8").splitlines()]
    assert {(one["id"], one["score"] is None) for one in told} == {
        ("1:0-19", False), ("2", True), ("3", True), ("4:0-5", False),
    }  # fmt: skip


def test_a_row_without_its_id_is_named(annotator, trained, table, tmp_path):
    place = table(("a", "Our sovereign soil.", ""), ("", "", ""), ("b", "Rain.", ""))
    output = tmp_path / "out.csv"

    said = annotator("suggest", trained.path, "--input", place, "--output", output, "--id", "id")

    assert said.code == 1
    assert "labels.csv: line 3: has no id; fill the cell or drop the row\n" in said.err
    assert not output.exists()


def test_the_table_that_is_read_is_never_overwritten(annotator, trained, table):
    place = table(("a", "Our sovereign soil.", ""))
    before = place.read_bytes()

    said = annotator("suggest", trained.path, "--input", place, "--output", place)

    assert said.code == 1
    assert f"{place} is the table that is read; write to another file\n" in said.err
    assert place.read_bytes() == before


def test_a_place_that_takes_no_suggestions_is_named_with_the_remedy(annotator, trained, tmp_path):
    output = tmp_path / "out.csv"
    (tmp_path / ".out.csv.part").mkdir()

    said = annotator("suggest", trained.path, "--output", output)

    assert said.code == 1
    assert said.err.startswith(f"{output} cannot be written: Is a directory; choose another place")
