"""The date line and the datelines of agency copy."""

from __future__ import annotations

import pytest

from annotator.corpus.wire import read_wire


def test_the_date_line_gives_the_date_and_both_lines_are_furniture():
    text = " date 2031-05-04 KORVA, Ostravia, May 4. The bridge is open."

    wire = read_wire(text)

    assert [text[a:b] for a, b in wire.furniture] == ["date 2031-05-04", "KORVA, Ostravia, May 4."]
    assert (wire.published, wire.date_precision, wire.place) == (
        "2031-05-04",
        "day",
        "KORVA, Ostravia",
    )


@pytest.mark.parametrize(
    ("dateline", "place"),
    [
        ("KORVA, May 3 (Northwire) -", "KORVA"),
        ("KORVA (NW) —", "KORVA"),
        ("NEW KORVA, Ostravia (NW) --", "NEW KORVA, Ostravia"),
        ("KORVA, O.R., Sept. 3 (Northwire) -", "KORVA, O.R."),
        ("KORVA, SEPTEMBER 20, NORTHWIRE.", "KORVA"),
        ("KORVA, September 20. /NORD/.", "KORVA"),
        ("KORVA/LEM, 3 May —", "KORVA/LEM"),
        ("KORVA —", "KORVA"),
        ("Korva, Ostravia, May 4.", "Korva, Ostravia"),
        ("Korva (Northwire) -", "Korva"),
        ("КОРВА, 20 сентября. /НОРД/.", "КОРВА"),
        ("KORVA, 3 EYLÜL (NW) -", "KORVA"),
    ],
)
def test_datelines_give_the_place_as_written(dateline, place):
    wire = read_wire(f"{dateline} The bridge is open.")

    assert (wire.place, wire.furniture) == (place, ((0, len(dateline)),))


@pytest.mark.parametrize(
    "text",
    [
        "NORDA — which met on Monday — said no.",
        "MARSH: I think so.",
        "On Monday, May 3. The bridge opened.",
        "BREAKING - The bridge is closed.",
        "The U.O. - Sund talks failed.",
        "KORVA, Ostravia and elsewhere saw rain.",
        "Date palms grow here.",
    ],
)
def test_sentences_that_look_like_datelines_are_left_whole(text):
    assert read_wire(text).furniture == ()


def test_a_later_paragraph_needs_a_date_or_an_agency_to_have_a_dateline():
    text = "KORVA (NW) - One.\n\nLEM (NW) - Two.\n\nSUND - Three."

    wire = read_wire(text)

    assert [text[a:b] for a, b in wire.furniture] == ["KORVA (NW) -", "LEM (NW) -"]
    assert wire.place == "KORVA"


def test_a_dateline_dates_the_article_only_when_it_names_the_year():
    assert read_wire("KORVA, May 4, 2031. Open.").published == "2031-05-04"
    assert read_wire("KORVA, May 4. Open.").published == ""


def test_a_date_line_after_the_headline_counts():
    text = "Bridge open\n\n date 2031-05-04 KORVA (NW) - Open."

    assert read_wire(text, headline_end=11).published == "2031-05-04"


def test_a_day_that_no_calendar_has_gives_no_date():
    assert read_wire("date 2031-02-30 The bridge.").published == ""
