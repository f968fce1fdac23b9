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
            "labels.csv: line 2: holds half a character (a lone surrogate); "
            "write the file again as UTF-8",
        ),
        (
            "id,text,label\n1,Osk\0 came.,sovereignty\n",
            "labels.csv: line 2: holds a NUL; save the table again as text",
        ),
        (
            'id,text,label\n1,"Osk came.,sovereignty\n',
            "labels.csv: line 2: a quotation mark is opened here and never closed; close it, or "
            "double it to keep it",
        ),
        ("\n", "labels.csv: is empty; name a file with a header and rows"),
        ("id,text,label\n", "labels.csv: has no rows; add some or leave it out"),
        (
            ",,\n1,2,3\na,b,c\n",
            "labels.csv: there is no column 'label'; the columns are: 1, 2, 3",
        ),
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


TEXTS = ("The bridge over the Lem is open.", "Nobody in Korva had seen the letter.")
ROWS = "".join(f"{number},{text}\n" for number, text in enumerate(TEXTS))


@pytest.fixture
def folder(tmp_path):
    """A folder with one article, and the table in question beside it."""

    def make(content, name="bad.csv"):
        place = tmp_path / "in"
        place.mkdir()
        (place / "good.txt").write_text("A new day came to Velmar.\n", encoding="utf-8")
        (place / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        return place

    return make


def came_in(project):
    return sorted(one.file for one in documents.overview(project.store) if one.file != "0.txt")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            f"id,body,content\n0,{TEXTS[0]},{TEXTS[1]}\n",
            "say which column holds the text: --text COL; it may be 'body' or 'content'; "
            "the columns are: id, body, content",
        ),
        (
            ROWS,
            "line 1: '0' is no name of a column, so this is a row without a header; "
            "put a line with the names of the columns above it",
        ),
        (
            f"id,text\n{ROWS}2,one, two\n",
            "line 4: has 3 cells where the header names 2 columns; "
            "put cells that hold the delimiter in quotation marks",
        ),
        ("id,text,id\n", "column 'id' stands there twice; rename one of them"),
        ("id,text\n", "has no rows; add some or leave it out"),
        (
            "id,text\n0,\n1, \n",
            "line 2: there is no sentence in it; give it some text or leave it out",
        ),
        (
            ",".join(f"c{number}" for number in range(1_000_000)),
            "has 1,000,000 columns; at most 1,000 are read: keep those that are wanted",
        ),
        (
            f"id,text\n{ROWS}2,Br".encode() + b"\xfccke \xc3\xbc\xc3\xb6\xc3\xa4\xc3\x9f\xc3\xa9\n",
            "line 4: is not UTF-8; save the table as UTF-8",
        ),
        (
            "id,text\n1," + "x" * 11_000_000,
            "line 2: a row has more than 10,000,000 characters; "
            "look for line ends that are missing, or split the text",
        ),
    ],
)
def test_a_table_that_cannot_be_taken_names_the_place_and_the_other_files_come_in(
    annotator, project, folder, content, said
):
    told = annotator("import", project.path, folder(content))

    assert (told.code, came_in(project)) == (1, ["good.txt"])
    assert f"bad.csv: {said}" in told.lines


def test_a_column_that_is_not_there_is_named_beside_those_that_are(annotator, project, folder):
    told = annotator("import", project.path, folder(f"id,words\n{ROWS}"), "--text", "word")

    assert "bad.csv: there is no column 'word'; the columns are: id, words" in told.lines
    assert came_in(project) == ["good.txt"]


def test_dates_that_may_be_two_days_are_asked_for_and_never_guessed(annotator, project, folder):
    rows = f"date,text\n03/04/23,{TEXTS[0]}\n05/06/23,{TEXTS[1]}\n"
    place = folder(rows)

    told = annotator("import", project.path, place)

    assert told.code == 1
    assert (
        "bad.csv: line 2: the date '03/04/23' may be read in two ways; say which number comes "
        "first: --dates day-first or --dates month-first"
    ) in told.lines
    assert came_in(project) == ["good.txt"]
    assert annotator("import", project.path, place, "--dates", "month-first").code == 0
    found = {one.published for one in documents.overview(project.store) if one.file == "bad.csv"}
    assert found == {"2023-03-04", "2023-05-06"}


def test_a_date_that_can_be_read_in_one_way_decides_for_its_column_and_is_named(
    annotator, project, folder
):
    rows = f"date,text\n03/04/23,{TEXTS[0]}\n21/09/23,{TEXTS[1]}\n"

    told = annotator("import", project.path, folder(rows))

    assert told.code == 0
    assert "line 3 has '21/09/23', so dates in 'date' were read day-first" in told.out + told.err
    found = {one.published for one in documents.overview(project.store) if one.file == "bad.csv"}
    assert found == {"2023-04-03", "2023-09-21"}


def test_dates_that_decide_against_each_other_are_asked_for(annotator, project, folder):
    rows = "".join(
        f"{date},{text}\n"
        for date, text in zip(
            ("03/04/23", "21/09/23", "09/21/23"), [*TEXTS, "So it went on."], strict=True
        )
    )

    told = annotator("import", project.path, folder(f"date,text\n{rows}"))

    assert (
        "bad.csv: line 2: the date '03/04/23' may be read in two ways, and line 3 has '21/09/23' "
        "while line 4 has '09/21/23'; say which number comes first: --dates day-first or "
        "--dates month-first"
    ) in told.lines
    assert came_in(project) == ["good.txt"]


def test_a_row_without_a_text_is_left_out_and_told_and_the_others_come_in(
    annotator, project, folder
):
    told = annotator("import", project.path, folder(f"id,text\n{ROWS}2,\n,\n3, \n"))

    assert told.code == 0
    assert "line 4 and 1 more: there is no sentence in it; left out" in told.out + told.err
    assert came_in(project) == ["bad.csv", "bad.csv", "good.txt"]


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
