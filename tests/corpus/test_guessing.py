"""Columns are told by their names, then by their cells, and left to the user where both fail."""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path

import pytest

from annotator.corpus import guessing
from annotator.corpus.rows import FIELDS

NAMES = Path(guessing.__file__).with_name("column_names.toml")
PROSE = (
    "Osk sent envoys to the council of Velm, and they were heard for an hour.",
    "The bridge over the Lem was opened again after a week of talks.",
    "Nobody in Korva had seen the letter before it was read aloud there.",
)


def guessed(columns, *rows):
    sample = [dict(zip(columns, row, strict=True)) for row in rows]
    return {field: guess.column for field, guess in guessing.guesses(columns, sample).items()}


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (
            ["doc_id", "Headline", "Body", "PubDate", "Outlet", "Byline", "Link", "Section"],
            ["id", "title", "text", "date", "source", "author", "url", "section"],
        ),
        (
            ["Überschrift", "Artikel", "Datum", "Zeitung", "Verfasser", "Ressort", "Ort"],
            ["title", "text", "date", "source", "author", "section", "place"],
        ),
        (["titre", "texte", "langue", "rubrique"], ["title", "text", "language", "section"]),
        (["título", "texto completo", "fecha", "medio"], ["title", "text", "date", "source"]),
        (["BAŞLIK", "Metin", "Tarih", "Gazete"], ["title", "text", "date", "source"]),
        (["номер", "заголовок", "текст", "дата"], ["", "title", "text", "date"]),
        (["վերնագիր", "տեքստ", "ամսաթիվ"], ["title", "text", "date"]),
        (["العنوان", "النص", "التاريخ"], ["title", "text", ""]),
        (["news_link", "outlet", "topic", "sentence"], ["url", "source", "", "text"]),
    ],
)
def test_columns_are_told_by_their_names_in_many_languages(columns, expected):
    found = {column: field for field, column in guessed(columns).items()}

    assert [found.get(column, "") for column in columns] == expected


@pytest.mark.parametrize("field", FIELDS)
def test_a_column_called_like_its_field_is_surer_than_any_other(field):
    columns = [*(name for tier in tomllib.loads(NAMES.read_text("utf-8"))[field] for name in tier)]

    guess = guessing.guesses(columns, [])[field]

    assert guess == (field, 1, "its name")


def test_no_name_of_a_column_means_two_fields():
    listed = tomllib.loads(NAMES.read_text("utf-8"))
    times = Counter(
        name
        for tiers in listed.values()
        for name in {guessing.folded(name) for tier in tiers for name in tier}
    )

    assert [name for name, count in times.items() if count > 1] == []
    assert list(listed) == [*FIELDS, guessing.NOT_TEXT]


def test_two_columns_that_may_be_the_text_are_left_to_the_user():
    columns = ["body", "content"]

    assert guessed(columns, PROSE[:2], PROSE[1:]) == {}
    assert guessing.rivals(columns, [dict(zip(columns, PROSE, strict=False))]) == columns


def test_of_two_names_for_the_text_the_one_with_cells_is_taken():
    assert guessed(["body", "content"], ("", PROSE[0]), ("", PROSE[1])) == {"text": "content"}


def test_a_column_of_prose_is_the_text_whatever_it_is_called():
    columns = ["a", "b", "c"]
    rows = [("7", "Bridge opened at last", one) for one in PROSE]

    assert guessed(columns, *rows) == {"text": "c"}


def test_two_columns_of_prose_that_are_about_as_long_are_left_to_the_user():
    rows = [(one, one[:60]) for one in PROSE]

    assert guessed(["a", "b"], *rows) == {}
    assert guessing.rivals(["a", "b"], [dict(zip("ab", row, strict=True)) for row in rows]) == [
        *("a", "b"),
    ]


@pytest.mark.parametrize("name", ["label", "Label Text", "frame_2", "coderRemark", "explanation"])
def test_a_label_is_never_the_text_however_long(name):
    rows = [(one,) for one in PROSE]

    assert guessed([name], *rows) == {}


def test_long_cells_that_come_again_and_again_are_labels():
    rows = [(PROSE[number % 3],) for number in range(12)]

    assert guessed(["a"], *rows) == {}


def test_links_days_languages_and_ids_show_by_their_cells():
    columns = ["a", "b", "c", "d", "e"]
    rows = [
        (f"https://northwire.example/{n}", f"2031-05-0{n}", "en", f"nw-0{n}", one)
        for n, one in enumerate(PROSE, 1)
    ]

    assert guessed(columns, *rows) == {
        "text": "e", "date": "b", "url": "a", "id": "d", "language": "c",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("column", "cells", "field"),
    [
        ("content", ["1", "2", "3"], "text"),  # a number of something
        ("data", ["a", "b", "c"], "date"),  # a date in Italian, and anything in English
        ("time", ["0.31", "0.45", "0.51"], "date"),
        ("media", ["https://a.example/1.png"] * 3, "source"),
        ("language", ["English", "Turkish", "English"], "language"),  # names are no codes
        ("score", ["0.31", "0.45", "0.51"], "id"),
        ("row", ["1", "2", "3"], "id"),
        ("year", ["1", "2", "3"], "date"),
    ],
)
def test_a_name_that_its_cells_speak_against_is_not_believed(column, cells, field):
    assert field not in guessed([column], *((cell,) for cell in cells))


def test_a_guess_says_how_sure_it_is_and_why():
    sample = [{"date": "2031", "b": one} for one in PROSE]

    found = guessing.guesses(["date", "b"], sample)

    assert found["date"] == ("date", 1, "its name")
    assert found["text"] == ("b", 0.4, "its cells")
