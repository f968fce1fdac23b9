"""The columns of a table are given, remembered or guessed, in this order, and never invented."""

from __future__ import annotations

import json

import pytest

from annotator.core.errors import DateOrderError, ReadError
from annotator.corpus import readers
from annotator.corpus.file import File
from annotator.store import Store, settings
from annotator.workflow import choosing, column_maps, importing
from annotator.workflow.sources import from_uploads

PROSE = "Osk sent envoys to the council of Velm and they were heard."
TABLE = f"nr,Kopf,Text,Datum\n007,Envoys sent,{PROSE},2031-05-04\n"


@pytest.fixture
def store(tmp_path):
    held = Store.create(tmp_path / "p.annotator")
    yield held
    held.close()


def file(content, name="t.csv"):
    return File.of_bytes(content.encode(), name)


def settled(store, content, given=None, dates=""):
    one = file(content)
    return column_maps.settle(store, one, readers.recognised(one), given or {}, dates)


def looked(store, content):
    one = file(content)
    return column_maps.look(store, readers.rows(one, readers.recognised(one)))


def test_what_is_given_comes_before_what_is_guessed(store):
    seen = settled(store, TABLE, {"title": "Kopf", "date": ""})

    assert seen.columns == {"text": "Text", "title": "Kopf"}
    assert {field: guess.column for field, guess in seen.guesses.items()} == {"text": "Text"}
    assert seen.names == ("nr", "Kopf", "Text", "Datum")


def test_a_column_that_is_given_to_one_field_is_taken_from_the_other(store):
    seen = settled(store, TABLE + "8,Rain,It rained.,2031-05-05\n", {"text": "Kopf", "id": "Text"})

    assert seen.columns == {"text": "Kopf", "id": "Text", "date": "Datum"}


def test_the_first_rows_are_looked_at_and_still_come(store):
    content = "id,text\n" + "".join(f"{n},{PROSE}\n" for n in range(500))

    seen = looked(store, content)

    assert [row.cells["id"] for row in seen.rows.rows] == [str(n) for n in range(500)]
    assert seen.text_sample.count(PROSE) == len(seen.sample) == column_maps.SAMPLE


def test_what_was_used_once_is_used_for_the_next_table_of_the_same_columns(store):
    names = ("nr", "Kopf", "Text", "Datum")
    column_maps.remember(store, names, {"text": "Kopf", "section": "Text"})

    seen = looked(store, TABLE)

    assert seen.remembered
    assert seen.columns == {"text": "Kopf", "section": "Text"}
    assert settled(store, TABLE, {"section": ""}).columns == {"text": "Kopf"}
    assert not looked(store, TABLE.replace("Datum", "Tag")).remembered


@pytest.mark.parametrize(
    "kept",
    [
        json.dumps({"columns": {"text": "gone"}}),
        json.dumps({"columns": {"title": "Kopf"}}),
        json.dumps({"columns": ["Text"]}),
        json.dumps({"columns": None}),
        json.dumps(["columns"]),
        '{"columns": ',
        "",
    ],
)
def test_what_another_release_remembered_and_this_one_cannot_use_is_passed_over(store, kept):
    column_maps.remember(store, ("nr", "Kopf", "Text", "Datum"), {"text": "Kopf"})
    ((key,),) = store.db.execute("select key from project where key like 'columns %'").fetchall()
    settings.put(store, **{key: kept})

    seen = looked(store, TABLE)

    assert (seen.remembered, seen.columns["text"]) == (False, "Text")


def test_a_field_that_this_release_does_not_know_is_left_out(store):
    column_maps.remember(
        store, ("nr", "Kopf", "Text", "Datum"), {"text": "Kopf", "mood": "Text", "title": "Text"}
    )

    assert looked(store, TABLE).columns == {"text": "Kopf", "title": "Text"}


def test_a_table_without_a_text_is_refused_with_its_columns(store):
    with pytest.raises(ReadError) as fault:
        settled(store, "id,score\n1,2\n")

    assert str(fault.value) == (
        "t.csv: say which column holds the text: --text COL; the columns are: id, score"
    )


def test_a_date_far_down_decides_for_the_whole_column(store):

    rows = [f"0{day % 9 + 1}/04/31,{PROSE}" for day in range(300)]
    content = "\n".join(["date,text", *rows, f"21/09/31,{PROSE}", ""])

    seen = settled(store, content)

    assert seen.dates == "day-first"
    assert seen.notes == ("line 302 has '21/09/31', so dates in 'date' were read day-first",)
    assert len(list(seen.rows.rows)) == 301


def test_what_a_person_says_of_dates_holds_against_every_row(store):
    content = f"date,text\n03/04/31,{PROSE}\n21/09/31,{PROSE}\n09/21/31,{PROSE}\n"

    with pytest.raises(DateOrderError):
        settled(store, content)
    assert settled(store, content, dates="month-first").dates == "month-first"
    assert settled(store, content, {"date": ""}).dates == ""


def test_an_import_remembers_its_mapping_and_reads_dates_as_was_found(store):
    content = f"when,what\n03/04/31,{PROSE}\n21/09/31,Nobody in Korva had seen the letter.\n"
    choices = choosing.Choices(columns={"text": "what", "date": "when"})

    (first,) = importing.import_sources(
        store, 1, from_uploads([("a.csv", content.encode())]), choices
    )
    (second,) = importing.import_sources(
        store, 1, from_uploads([("b.csv", content.replace("Nobody", "Somebody").encode())])
    )

    assert (first.documents, second.documents, second.known) == (2, 1, 1)
    assert "line 3 has '21/09/31', so dates in 'when' were read day-first" in first.warnings
    published = store.db.execute("select published from document order by rowid").fetchall()
    assert [one for (one,) in published] == ["2031-04-03", "2031-09-21", "2031-09-21"]
