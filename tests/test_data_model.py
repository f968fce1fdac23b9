"""The page on the data model is true: its queries run, and it names every table and column."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from annotator.exchange.columns import DESCRIPTIONS

PAGE = (Path(__file__).parents[1] / "docs" / "data-model.md").read_text(encoding="utf-8")
QUERIES = dict(re.findall(r"^([^\n]+\?)\n\n```sql\n(.*?)```", PAGE, re.M | re.S))


def answer(store, question):
    return store.db.execute(QUERIES[question]).fetchall()


@pytest.mark.parametrize("question", QUERIES)
def test_every_question_has_an_answer_in_the_toy_project(toy, question):
    assert answer(toy, question)


def test_every_query_of_the_page_is_found():
    assert len(QUERIES) == PAGE.count("```sql") == 11


def test_frame_shares_count_only_the_units_that_were_asked(toy, decide, add_code):
    question = next(q for q in QUERIES if q.startswith("How often"))
    add_code(toy, "late")
    decide(toy, "ana", "rain0", answers=[{"variable": "frame", "code": "late"}], scheme=2)
    decide(toy, "ana", "rain1", answers=[], asked=["stance"], scheme=2)

    told = {row[:2]: row[2:] for row in answer(toy, question)}

    assert told["The Esmar Post", "late"] == (1, 1, 1.0)
    assert told["The Esmar Post", "peace"] == (2, 1, 0.5)
    assert ("Velm Courier", "late") not in told
    # Of four decisions one rejected security: asked, and not a use.
    assert told["Velm Courier", "security"] == (4, 0, 0.0)
    assert told["Velm Courier", "peace"] == (4, 1, 0.25)


def test_stances_are_told_by_holder(toy):
    question = "Who stands where toward whom?"

    assert answer(toy, question) == [
        ("esmar", "(author)", "neutral", 1),
        ("norland", "(author)", "against", 1),
        ("norland", "(author)", "favor", 1),
        ("norland", "Dan Rell", "against", 1),
        ("norland", "Mira Osk", "favor", 1),
    ]


def test_coders_differ_where_one_has_a_frame_that_the_other_has_not(toy):
    rows = answer(toy, "Where do two coders differ on a frame?")

    assert [row[2:] for row in rows] == [("ana", "ben", "security"), ("ben", "ana", "peace")]


def test_suggestions_are_counted_by_arm_and_by_what_was_shown(toy):
    rows = answer(toy, "What became of the suggestions, by arm?")

    assert rows == [("control", 0, 1, 1), ("suggest", 0, 1, 0), ("suggest", 1, 2, 1)]


def test_every_table_of_the_project_file_is_on_the_page(toy):
    made = "select name from sqlite_master where type = 'table'"
    own = [row[0] for row in toy.db.execute(made) if not re.match(r"unit_fts_|_?sqlite_", row[0])]

    assert [name for name in own if f"| `{name}` |" not in PAGE] == []


def test_every_column_of_the_exports_is_explained_on_the_page():
    assert [name for name, told in DESCRIPTIONS.items() if f"| {told} |" not in PAGE] == []
