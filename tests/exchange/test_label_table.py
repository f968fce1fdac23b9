"""Labels of anybody's table: whatever form they have, each becomes the code it stands for."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.core.codebook import Variable
from annotator.core.errors import TableError
from annotator.core.table import Table
from annotator.exchange.label_columns import Columns
from annotator.exchange.label_forms import Understanding
from annotator.exchange.label_table import UNKNOWN, Match, propose, read_labels

TITLES = ("Health & Safety", "Law, order", "Morality")
FRAME = Variable(
    name="frame",
    code=[
        {"name": name, "title": title, "definition": "d"}
        for name, title in zip(("health", "law", "moral"), TITLES, strict=True)
    ],
)
STANCE = Variable(
    name="stance",
    choice="one",
    codes="favor-against",
    targets=[
        {"name": "velm", "title": "Velm"},
        {"name": "osten", "title": "Osten", "aliases": ["Port Osten"]},
    ],
)


def table(columns, *rows, lists=()):
    return Table(
        name="t.csv",
        columns=tuple(columns),
        rows=[dict(zip(columns, row, strict=True)) for row in rows],
        lines=list(range(2, len(rows) + 2)),
        sha256="0" * 64,
        lists=frozenset(lists),
    )


def read(told, variable=FRAME, coder="ana", how=None, **columns):
    return read_labels(told, variable, Columns(**columns), coder, Understanding(**(how or {})))


def codes(told, variable=FRAME, how=None, **columns):
    return [row.codes for row in read(told, variable, how=how, **columns).rows]


@pytest.mark.parametrize(
    ("yes", "no"),
    [("1", "0"), ("TRUE", "FALSE"), ("yes", "No"), ("1.0", "0.0"), ("x", ""), ("✓", "")],
)
def test_columns_that_say_yes_or_no_give_the_codes_they_are_called_after(yes, no):
    told = table(("health", "Law, order", "MORALITY"), (yes, no, yes), (no, yes, no))

    assert codes(told, labels=("health", "Law, order", "MORALITY")) == [
        ("health", "moral"),
        ("law",),
    ]


@pytest.mark.parametrize("blank", ["-1", "", "NA", "n/a"])
def test_a_row_that_nobody_was_asked_about_is_left_out_where_no_is_written(blank):
    told = table(("health", "law", "moral"), ("0", "1", "0"), (blank,) * 3)

    found = read(told, labels=("health", "law", "moral"))

    assert [row.codes for row in found.rows] == [("law",)]
    assert "1 rows say that nobody was asked, and are left out" in found.notes


def test_a_row_where_some_codes_were_asked_is_refused_unless_one_says_what_to_do():
    told = table(("health", "law", "moral"), ("1", "-1", "0"), ("0", "1", "0"))
    labels = ("health", "law", "moral")

    with pytest.raises(TableError, match=r"t\.csv: line 2: 'law' was not asked .*--partly-asked"):
        read(told, labels=labels)
    assert codes(told, labels=labels, how={"partly": "leave-out"}) == [("law",)]
    assert codes(told, labels=labels, how={"partly": "no"}) == [("health",), ("law",)]


def test_a_code_without_a_column_was_not_asked_and_does_not_come_out_as_0():
    told = table(("health", "law"), ("1", "0"))

    with pytest.raises(TableError, match=r"1 codes of frame stand nowhere in the table \(moral\)"):
        read(told, labels=("health", "law"))
    found = read(told, labels=("health", "law"), how={"partly": "no"})
    assert found.notes == [
        "1 codes of frame stand nowhere in the table and count as not given: moral"
    ]


def test_questions_are_mapped_to_codes_and_a_column_may_be_left_out():
    told = table(("q1", "q2", "q3", "q4"), ("1", "0", "1", "7"), ("0", "1", "0", "8"))
    how = {"codes": {"q1": "Health & Safety", "q2": "law", "q3": "moral", "q4": "-"}}

    found = read(told, labels=("q1", "q2", "q3", "q4"), how=how)

    assert [row.codes for row in found.rows] == [("health", "moral"), ("law",)]


def test_several_questions_may_be_one_code_which_any_of_them_gives():
    told = table(("q1", "q2", "law", "moral"), ("1", "0", "0", "0"), ("0", "0", "1", "0"))
    how = {"codes": {"q1": "health", "q2": "health"}}

    assert codes(told, labels=("q1", "q2", "law", "moral"), how=how) == [("health",), ("law",)]


def test_a_cell_that_is_neither_yes_nor_no_is_named_unless_it_means_not_asked():
    told = table(("health", "law", "moral"), ("1", "0", "0"), ("resolved",) * 3)
    labels = ("health", "law", "moral")

    with pytest.raises(TableError, match=r"'resolved' \(3\): is neither yes nor no.*--not-asked"):
        read(told, labels=labels)
    assert codes(told, labels=labels, how={"not_asked": ("resolved",)}) == [("health",)]


def test_one_row_for_each_coder_article_and_question_is_one_answer_of_the_coder():
    told = table(
        ("id", "who", "question", "value"),
        *(("a", "ana", q, v) for q, v in (("health", "yes"), ("law", "no"), ("moral", "yes"))),
        *(("a", "ben", q, "no") for q in ("health", "law", "moral")),
    )

    columns = Columns(labels=("question",), given="value", id_="id", coder="who")

    found = read_labels(told, FRAME, columns, "")

    assert [(row.coder, row.codes) for row in found.rows] == [
        ("ana", ("health", "moral")),
        ("ben", ()),
    ]


def test_a_question_that_has_no_row_for_an_article_was_not_asked():
    told = table(
        ("id", "question", "value"),
        *(("a", q, "yes") for q in ("health", "law", "moral")),
        *(("b", q, "yes") for q in ("health", "law")),
    )

    with pytest.raises(TableError, match=r"line 5: 'moral' was not asked"):
        read(told, labels=("question",), given="value", id_="id")


def test_what_parts_several_labels_is_found_by_the_codebook():
    told = table(("y",), ("Law, order; morality",), ("health",), ("",))

    found = read(told, labels=("y",))

    assert [row.codes for row in found.rows] == [("law", "moral"), ("health",), ()]
    assert found.notes == ["';' was taken as what parts several labels of a cell"]


def test_a_cell_that_is_a_label_is_not_cut_at_the_delimiter_in_it():
    told = table(("y",), ("Law, order",), ("Morality,health",))

    assert codes(told, labels=("y",), delimiter=",") == [("law",), ("moral", "health")]


@pytest.mark.parametrize("cell", ['["law", "moral"]', "['law', 'moral']", "law|moral"])
def test_lists_in_cells_are_several_labels(cell):
    assert codes(table(("y",), (cell,)), labels=("y",)) == [("law", "moral")]


def test_a_list_whose_labels_hold_the_mark_of_lists_is_still_read():
    told = table(("y",), ('["law", "a|b"]',), ("moral|health",), lists=["y"])

    found = read(told, labels=("y",), how={"codes": {"a|b": "health"}})

    assert [row.codes for row in found.rows] == [("law", "health"), ("moral", "health")]


def test_several_columns_of_labels_are_one_answer():
    told = table(("first", "second"), ("law", "moral"), ("health", ""), ("law", "law"))

    assert codes(told, labels=("first", "second")) == [("law", "moral"), ("health",), ("law",)]


def test_a_column_for_each_target_gives_an_answer_for_each():
    told = table(("a", "b"), ("pro", "anti"), ("", "neutral"))

    found = read(told, STANCE, by_target={"Velm": "a", "Port Osten": "b"})

    assert [(row.line, row.target, row.codes) for row in found.rows] == [
        (2, "velm", ("favor",)),
        (2, "osten", ("against",)),
        (3, "velm", ()),
        (3, "osten", ("neutral",)),
    ]


def test_a_column_for_each_coder_is_empty_where_the_coder_did_not_code():
    told = table(("a", "b"), ("law", ""), ("law", "moral"))

    found = read_labels(told, FRAME, Columns(by_coder={"ana": "a", "ben": "b"}), "")

    assert [(row.coder, row.codes) for row in found.rows] == [
        ("ana", ("law",)),
        ("ana", ("law",)),
        ("ben", ("moral",)),
    ]
    left_empty = Understanding(codes={"": ""})
    again = read_labels(told, FRAME, Columns(by_coder={"ana": "a", "ben": "b"}), "", left_empty)
    assert [row.codes for row in again.rows if row.coder == "ben"] == [(), ("moral",)]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (("-1", "0", "1"), ("against", "neutral", "favor")),
        (("-1.0", "0.0", "1.0"), ("against", "neutral", "favor")),
        (("AGAINST", "NONE", "FAVOR"), ("against", "", "favor")),
        (("oppose", "neither", "support"), ("against", "neutral", "favor")),
        (("anti-dam", "neutral", "pro-dam"), ("against", "neutral", "favor")),
    ],
)
def test_the_positions_of_a_stance_are_known_by_the_words_that_sets_use(written, expected):
    told = table(("about", "y"), *(("Velm", one) for one in written))

    found = read(told, STANCE, labels=("y",), target="about")

    assert ["".join(row.codes) for row in found.rows] == list(expected)


@pytest.mark.parametrize("numbers", ["01", "012"])
def test_numbers_are_no_stance_where_none_of_them_is_minus_1(numbers):
    told = table(("about", "y"), *(("Velm", one) for one in numbers))

    with pytest.raises(TableError, match=r"no code of stance is '0' \(1\), '1' \(1\)"):
        read(told, STANCE, labels=("y",), target="about")


def test_a_label_that_is_no_code_is_told_with_the_option_that_would_map_it():
    told = table(("y",), ("Helth and safety",), ("Helth and safety",), ("law",))

    with pytest.raises(TableError) as fault:
        read(told, labels=("y",))

    said = str(fault.value)
    for part in (
        "t.csv: column y: no code of frame is 'Helth and safety' (2)",
        "there are health, law, moral",
        "--map 'Helth and safety=health'",
    ):
        assert part in said


def test_a_label_may_stand_for_a_code_for_nothing_or_for_rows_to_leave_out():
    told = table(("y",), ("H",), ("irrelevant",), ("broken",), ("",))
    how = {"codes": {"H": "health", "irrelevant": "", "broken": "-"}}

    found = read(told, labels=("y",), how=how)

    assert [(row.line, row.codes) for row in found.rows] == [(2, ("health",)), (3, ()), (5, ())]
    assert found.notes == ["1 rows carry a label that is to be left out"]


def test_an_empty_cell_may_mean_that_nobody_was_asked():
    told = table(("y",), ("law",), ("",))

    assert codes(told, labels=("y",), how={"codes": {"": "-"}}) == [("law",)]


def test_a_label_is_not_mapped_to_a_code_that_is_not_there():
    told = table(("y",), ("H",))

    with pytest.raises(TableError, match=r"--map H=healht: frame has no code 'healht'.*health\?"):
        read(told, labels=("y",), how={"codes": {"H": "healht"}})


def test_numbers_are_codes_where_names_or_titles_say_so():
    numbered = Variable(
        name="topic",
        code=[{"name": n, "title": t, "definition": "d"} for n, t in (("a", "1"), ("b", "2"))],
    )

    assert codes(table(("y",), ("1.0",), ("2",)), numbered, labels=("y",)) == [("a",), ("b",)]


def test_what_is_proposed_has_unknown_labels_in_front_and_empty_cells_at_the_end():
    told = table(("y",), ("law",), ("law",), ("law",), ("odd",), ("",))

    proposed = propose(told, FRAME, Columns(labels=("y",)), Understanding())

    assert proposed == [
        Match(label="odd", code=UNKNOWN, rows=1),
        Match(label="law", code="law", rows=3),
        Match(label="", code="", rows=1),
    ]


@settings(deadline=None)
@given(
    st.lists(st.lists(st.sampled_from(TITLES), max_size=3, unique=True), min_size=1, max_size=8),
    st.sampled_from("|;/"),
)
def test_labels_joined_by_any_delimiter_come_back_as_their_codes(rows, delimiter):
    told = table(("y",), *((delimiter.join(row),) for row in rows))
    names = dict(zip(TITLES, ("health", "law", "moral"), strict=True))

    assert codes(told, labels=("y",)) == [tuple(names[one] for one in row) for row in rows]


@settings(deadline=None)
@given(st.lists(st.tuples(st.text(max_size=12), st.text(max_size=12)), min_size=1, max_size=6))
def test_any_cells_give_rows_or_a_sentence(rows):
    told = table(("y", "z"), *rows)

    for columns in ({"labels": ("y", "z")}, {"labels": ("y",), "given": "z", "id_": "y"}):
        with suppress(TableError):
            found = read(told, **columns)
            assert {code for row in found.rows for code in row.codes} <= {"health", "law", "moral"}
