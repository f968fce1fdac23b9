"""Rows become articles without loss, and the order of their dates is never guessed."""

from __future__ import annotations

import pytest

from annotator.core.errors import DateOrderError
from annotator.corpus import rows
from annotator.corpus.format import Row, Rows


def table(*cells, place="line"):
    found = [Row(number, one) for number, one in enumerate(cells, 2)]
    return Rows(tuple(cells[0]), iter(found), place=place)


def dated(*dates):
    return table(*({"day": date} for date in dates))


def test_every_cell_of_a_row_is_kept_in_its_field_or_under_meta():
    row = {
        "Kopf": "Bridge open",
        "Text": "Osk sent envoys.",
        "nr": "007",
        "desk": "north",
        "label": "peace",
        "empty": "",
    }

    (article,) = rows.articles(
        table(row), {"text": "Text", "title": "Kopf", "id": "nr", "author": ""}, as_is=False
    )

    assert (article.text, article.title, article.external_id) == (
        *("Osk sent envoys.", "Bridge open"),
        "007",
    )
    assert article.author == ""
    assert article.meta == {"desk": "north", "label": "peace"}
    assert article.found == {
        "text": "column Text",
        "title": "column Kopf",
        "external_id": "column nr",
    }


def test_a_row_says_where_it_is_in_the_words_of_its_format():
    for place in ("line", "row"):
        cells = {"text": "Osk sent envoys."}
        (article,) = rows.articles(table(cells, place=place), {"text": "text"}, as_is=True)
        assert (article.at, article.as_is) == (f"{place} 2", True)


def test_a_row_without_a_text_is_an_article_without_one_and_an_empty_row_is_none():
    cells = [{"id": "1", "text": ""}, {"id": "", "text": " "}, {"id": "3", "text": "Osk came."}]

    found = list(rows.articles(table(*cells), {"text": "text", "id": "id"}, as_is=False))

    assert [(one.at, one.text) for one in found] == [("line 2", ""), ("line 4", "Osk came.")]


def test_one_date_that_can_be_read_in_one_way_decides_for_its_column():
    order = rows.order_in("t.csv", dated("03/04/23", "", "05/06/23", "21/09/2031"), "day")

    assert order == (
        "day-first",
        "line 5 has '21/09/2031', so dates in 'day' were read day-first",
    )
    assert rows.order_in("t.csv", dated("03-04-23", "09-21-31"), "day").dates == "month-first"


@pytest.mark.parametrize(
    "dates",
    [
        ("03/04/23", "05/06/23"),  # none decides
        ("21/09/2031", "09/21/2031", "2031-05-04"),  # none is in doubt
        ("03/04/23", "21.09.2031"),  # stops are another way of writing
        ("03/04/23", "31/02/2031", "x" * 1_000),  # what is no date decides nothing
    ],
)
def test_where_nothing_decides_no_order_is_taken(dates):
    assert rows.order_in("t.csv", dated(*dates), "day") == ("", "")


def test_dates_that_decide_against_each_other_are_named_and_asked_for():
    with pytest.raises(DateOrderError) as fault:
        rows.order_in("t.csv", dated("21/09/2031", "03/04/23", "09/21/2031"), "day")

    assert str(fault.value) == (
        "t.csv: line 3: the date '03/04/23' may be read in two ways, and line 2 has '21/09/2031' "
        "while line 4 has '09/21/2031'; say which number comes first: --dates day-first or "
        "--dates month-first"
    )
