"""A codebook drafted from labels can be used at once, and says what is still to be written."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.core.errors import ReadError, TableError
from annotator.core.table import Table
from annotator.exchange import codebook_toml
from annotator.exchange.codebook_draft import draft
from annotator.exchange.label_columns import Columns
from annotator.exchange.label_table import read_labels


def table(columns, *rows):
    return Table(
        name="set.csv",
        columns=tuple(columns),
        rows=[dict(zip(columns, row, strict=True)) for row in rows],
        lines=list(range(2, len(rows) + 2)),
        sha256="ab" * 32,
    )


def made(told, **columns):
    return draft(told, Columns(**columns), name="set")


def the_variable(told, **columns):
    [variable] = codebook_toml.parse(made(told, **columns).toml, "set.toml").variable
    return variable


def test_each_label_becomes_a_code_that_says_what_is_to_be_written():
    told = table(
        ("text", "y"), ("Rain fell.", "Economic & fiscal"), ("Snow fell.", "Law"), ("Ice.", "Law")
    )

    drafted = made(told, labels=("y",), text="text")

    variable = the_variable(told, labels=("y",), text="text")
    assert [(code.name, code.title) for code in variable.code] == [
        ("economic-fiscal", "Economic & fiscal"),
        ("law", "Law"),
    ]
    assert variable.code[1].definition == (
        "Given in set.csv as 'Law' in 2 rows. Write here what it means."
    )
    assert variable.code[1].examples == ("Snow fell. (line 3)", "Ice. (line 4)")
    assert drafted.counts == (("economic-fiscal", 1), ("law", 2))


def test_one_label_a_unit_is_a_choice_of_one_and_several_are_many():
    assert the_variable(table(("y",), ("law",), ("tax",)), labels=("y",)).choice == "one"
    assert (
        the_variable(table(("y",), ("law;tax",), ("tax",), ("law",)), labels=("y",)).choice
        == "many"
    )


def test_several_coders_of_one_unit_are_no_several_labels():
    rows = [("a", "ana", "law"), ("a", "ben", "tax"), ("b", "ana", "tax"), ("b", "ben", "tax")]
    told = table(("id", "who", "y"), *rows)

    assert the_variable(told, labels=("y",), id_="id", coder="who").choice == "one"


def test_several_labels_in_rows_of_their_own_are_many():
    told = table(("id", "y"), ("a", "law"), ("a", "tax"), ("b", "tax"), ("b", "law"))

    assert the_variable(told, labels=("y",), id_="id").choice == "many"


def test_columns_of_yes_and_no_are_one_variable_with_a_code_for_each():
    told = table(("q1", "q2"), ("1", "0"), ("1", "-1"), ("0", "0"))

    variable = the_variable(told, labels=("q1", "q2"))

    assert (variable.choice, [code.name for code in variable.code]) == ("many", ["q1", "q2"])
    assert made(told, labels=("q1", "q2")).counts == (("q1", 2),)


def test_stance_words_take_the_shared_scale_and_targets_are_those_of_the_table():
    told = table(("about", "y"), ("The Arn dam", "FAVOR"), ("Velm", "AGAINST"), ("Velm", "NONE"))

    variable = the_variable(told, labels=("y",), target="about")

    assert (variable.name, variable.codes, variable.choice) == ("stance", "favor-against", "one")
    assert [(one.name, one.title) for one in variable.targets] == [
        ("the-arn-dam", "The Arn dam"),
        ("velm", "Velm"),
    ]


def test_hotkeys_are_given_to_nine_codes_and_left_to_the_program_for_more():
    nine = table(("y",), *((f"label {n}",) for n in range(9)))
    ten = table(("y",), *((f"label {n}",) for n in range(10)))

    assert [code.hotkey for code in the_variable(nine, labels=("y",)).code] == list("123456789")
    assert {code.hotkey for code in the_variable(ten, labels=("y",)).code} == {None}


def test_none_is_no_code():
    drafted = made(table(("y",), ("law",), ("None",), ("tax",)), labels=("y",))

    assert [code for code, _ in drafted.counts] == ["law", "tax"]
    assert drafted.notes == ("'none' is no code: those answers are left empty",)


def test_a_column_of_texts_is_refused_as_labels():
    told = table(("y",), *((f"Sentence number {n}.",) for n in range(101)))

    with pytest.raises(
        TableError, match=r"column y: holds 101 different labels, such as 'Sentence"
    ):
        made(told, labels=("y",))


@pytest.mark.parametrize("named", [{"labels": ("z",)}, {"by_coder": {"ana": "z"}}])
def test_a_column_that_is_not_there_is_named_with_those_that_are(named):
    with pytest.raises(ReadError, match=r"there is no column 'z'; the columns are: y"):
        made(table(("y",), ("tax",)), **named)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_characters="\0|;,/"), min_size=1, max_size=12),
        min_size=1,
        max_size=12,
    )
)
def test_whatever_single_labels_are_called_the_drafted_codebook_understands_its_own_table(labels):
    told = table(("y",), *((label,) for label in labels))
    try:
        toml = made(told, labels=("y",)).toml
    except TableError:
        return  # white space alone, or nothing but "none"

    [variable] = codebook_toml.parse(toml, "set.toml").variable
    read = read_labels(told, variable, Columns(labels=("y",)), "ana")
    assert len(read.rows) == len(labels)
