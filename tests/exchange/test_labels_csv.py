"""The long table holds one row for each answer, and says why where there is none."""

from __future__ import annotations

import csv
import io
from itertools import pairwise

import pytest

from annotator.core.codebook import Codebook
from annotator.exchange import labels_csv
from annotator.exchange.csv_text import seconds_text
from annotator.store import codebooks, tables

PROMISED = (
    "decision_id,document_id,file,title,source,author,published,place,url,language,cluster_id,"
    "unit_id,unit_index,paragraph,part,start,end,text,voice,speaker,speaker_basis,"
    "speaker_confidence,coder,layer,round,pass,arm,sample_plan,inclusion_probability,variable,"
    "target,holder,holder_type,code,use,status,explicit,confidence,n_spans,span_start,span_end,"
    "span_text,memo,flagged,decided_at,seconds,suggestion_shown,suggestion_score,model_id,"
    "codebook,codebook_version"
)


def written(store):
    out = io.StringIO(newline="")
    rows = labels_csv.write(
        tables.codings(store), codebooks.schemes(store), codebooks.current_scheme(store), out
    )
    table = list(csv.DictReader(io.StringIO(out.getvalue(), newline=""), strict=True))
    assert len(table) == rows
    return table


@pytest.fixture
def rows(toy, toy_units):
    """The toy's rows by ``(unit, coder)``."""
    short = {id_: name for name, id_ in toy_units.items()}
    found = {}
    for row in written(toy):
        found.setdefault((short[row["unit_id"]], row["coder"]), []).append(row)
    return found


def told(rows, *columns):
    return [tuple(row[column] for column in columns) for row in rows]


def test_columns_stand_in_the_promised_order():
    assert ",".join(labels_csv.COLUMNS) == PROMISED


def test_every_line_has_every_column_and_ends_in_cr_lf(toy):
    out = io.StringIO(newline="")
    labels_csv.write(
        tables.codings(toy), codebooks.schemes(toy), codebooks.current_scheme(toy), out
    )

    table = list(csv.reader(io.StringIO(out.getvalue(), newline=""), strict=True))

    assert {len(row) for row in table} == {51}
    assert out.getvalue().startswith(f"{PROMISED}\r\n")
    assert out.getvalue().endswith("\r\n")


def test_two_holders_with_opposite_positions_are_two_rows(rows):
    held = [row for row in rows["talks1", "ana"] if row["target"] == "norland"]

    assert told(held, "holder", "code", "status") == [
        ("Mira Osk", "favor", "coded"),
        ("Dan Rell", "against", "coded"),
    ]


def test_a_rejected_frame_says_so(rows):
    assert told(rows["talks1", "ana"][:1], "variable", "code", "use") == [
        ("frame", "security", "rejected")
    ]


def test_what_was_asked_and_left_empty_is_one_row_of_none_for_each_question(rows):
    assert told(rows["talks2", "ana"], "variable", "target", "code", "use", "status") == [
        ("frame", "", "", "", "none"),
        ("stance", "norland", "", "", "none"),
        ("stance", "esmar", "", "", "none"),
    ]


def test_a_target_without_a_code_is_none_while_its_neighbour_is_coded(rows):
    assert told(rows["talks0", "ana"], "target", "code", "status") == [
        ("", "sovereignty", "coded"),
        ("norland", "favor", "coded"),
        ("esmar", "", "none"),
    ]


@pytest.mark.parametrize(
    ("unit", "coder", "status"), [("talks3", "ana", "skipped"), ("talks0", "ben", "not_codable")]
)
def test_a_unit_nobody_answers_has_its_status_for_each_question(rows, unit, coder, status):
    assert told(rows[unit, coder], "variable", "code", "status") == [
        ("frame", "", status),
        ("stance", "", status),
        ("stance", "", status),
    ]


def test_suggestions_stand_beside_the_codes_they_proposed(rows):
    columns = ("code", "suggestion_shown", "suggestion_score", "model_id")

    assert told(rows["talks0", "ana"], *columns)[0] == ("sovereignty", "1", "0.91", "m1")
    assert told(rows["talks1", "ana"], *columns)[0] == ("security", "0", "0.6", "m1")
    assert told(rows["talks1", "ben"], *columns)[0] == ("peace", "", "", "")


def test_memo_flag_and_seconds_go_with_every_row_of_the_decision(rows):
    assert set(told(rows["talks2", "ana"], "flagged", "seconds")) == {("1", "2")}
    assert set(told(rows["talks0", "ben"], "memo")) == {('A teaser, "as ever".\nAsk Ria.',)}


def test_a_memo_without_a_decision_is_no_row(rows):
    assert ("rain1", "ben") not in rows


def test_no_two_rows_have_the_same_key(toy):
    key = ("decision_id", "variable", "target", "holder", "code", "use")
    keys = told(written(toy), *key)

    assert len(set(keys)) == len(keys)


def test_rows_of_one_unit_stand_together_in_the_order_of_the_text(toy):
    places = [(row["document_id"], int(row["unit_index"])) for row in written(toy)]

    assert all(a[0] != b[0] or a[1] <= b[1] for a, b in pairwise(places))


def test_a_variable_and_a_target_added_later_are_not_asked_of_earlier_decisions(toy, toy_units):
    grown = {"name": "tone", "code": [{"name": "angry", "title": "Angry", "definition": "Loud."}]}
    book = codebooks.current_scheme(toy).codebooks[0].model_dump(mode="json")
    book["version"] = "1.1.0"
    book["variable"].append(grown)
    book["variable"][1]["targets"].append({"name": "velm", "title": "Velm"})
    codebooks.put_scheme(toy, [(Codebook.model_validate(book), "")], "2026-01-06T00:00:00Z")

    rows = [r for r in written(toy) if r["unit_id"] == toy_units["talks0"] and r["coder"] == "ana"]

    assert told(rows, "variable", "target", "status", "codebook_version") == [
        ("frame", "", "coded", "1.0.0"),
        ("stance", "norland", "coded", "1.0.0"),
        ("stance", "esmar", "none", "1.0.0"),
        ("stance", "velm", "not_asked", "1.1.0"),
        ("tone", "", "not_asked", "1.1.0"),
    ]


def test_a_code_added_later_makes_no_row_of_its_own(toy, add_code):
    before = written(toy)

    add_code(toy, "late")

    assert written(toy) == before


def test_a_decision_that_asked_one_question_says_that_the_others_were_not_asked(empty_toy, decide):
    decide(empty_toy, "ana", "note0", asked=["stance:esmar"], answers=[])

    assert told(written(empty_toy), "variable", "target", "status") == [
        ("stance", "esmar", "none"),
        ("frame", "", "not_asked"),
        ("stance", "norland", "not_asked"),
    ]


@pytest.mark.parametrize("seconds", [0.0, 3.0, 0.1, 10.0, 100.0, 2.0625, 1e-9, 123456.789, 1e15])
def test_seconds_come_back_as_the_same_number_to_the_millisecond(seconds):
    text = seconds_text(seconds)

    assert float(text) == round(seconds, 3)
    assert text == seconds_text(float(text))
