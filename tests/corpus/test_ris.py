"""RIS files: tags to fields, and dates with slashes."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.core.errors import DateOrderError, ReadError
from annotator.corpus import readers, ris
from annotator.corpus.article import drafted
from annotator.corpus.file import File

FULL = """TY  - NEWS
T1  - Bridge over the Lem closed
A1  - Marsh, Ilena
A1  - Veld, Tomas
PY  - 2031
Y1  - 2031/09/21/
DA  - 21 Sep
JF  - The Northwire
CY  - Korva
N2  - The bridge over the Lem was closed.
It will open again.

KORVA: a second paragraph.
UR  - https://northwire.example/1
UR  - https://northwire.example/2
AN  - 12345
LA  - English
KW  - bridges
KW  - talks
SN  - 1234-5678
ER  - \n"""
BARE = "TY  - NEWS\nTI  - No abstract\nER  - \n\n"
OPEN = "TY  - JOUR\nTI  - Not closed\nAB  - Text here.\n"


def read(text: str, name: str = "export.ris"):
    file = File.of_bytes(text.encode(), name)
    assert readers.recognised(file).name == "ris"
    return list(readers.articles(file, ris.RIS))


def dated(written: str):
    file = File.of_bytes(f"TY  - NEWS\nAB  - Text.\n{written}\nER  - \n".encode(), "a.ris")
    one = drafted(next(ris.read_ris(file)), file)
    return one.published, one.date_precision


def test_tags_become_fields_and_the_others_are_kept_with_their_names():
    [one] = read(FULL)

    assert (one.title, one.author, one.source, one.place) == (
        "Bridge over the Lem closed",
        "Marsh, Ilena; Veld, Tomas",
        "The Northwire",
        "Korva",
    )
    assert (one.external_id, one.url, one.language) == (
        "12345",
        "https://northwire.example/1",
        "en",
    )
    assert one.meta == {
        "TY": "NEWS",
        "PY": "2031",
        "DA": "21 Sep",
        "UR": "https://northwire.example/2",
        "KW": "bridges; talks",
        "SN": "1234-5678",
    }
    assert one.found["date"] == "Y1"


def test_an_abstract_of_several_lines_keeps_its_paragraphs():
    assert read(FULL)[0].text == (
        "The bridge over the Lem was closed. It will open again.\n\nKORVA: a second paragraph."
    )


def test_that_the_text_is_an_abstract_is_said_once_in_a_file():
    articles = read(BARE + FULL + FULL)

    assert [bool(one.text) for one in articles] == [False, True, True]
    assert "RIS holds abstracts, not articles" in articles[1].of_file[0]
    assert articles[2].of_file == ()


def test_a_record_that_is_not_closed_ends_at_the_next():
    assert [one.title for one in read(OPEN + OPEN)] == ["Not closed", "Not closed"]


def test_a_file_without_abstracts_says_so():
    with pytest.raises(ReadError, match=r"^export\.ris: none of its 2 records holds an abstract"):
        read(BARE + BARE)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("DA  - 2031/09/21/", ("2031-09-21", "day")),
        ("DA  - 2031/9/2/morning", ("2031-09-02", "day")),
        ("Y1  - 2031/09//", ("2031-09", "month")),
        ("PY  - 2031///", ("2031", "year")),
        ("PY  - 2031\nDA  - 2031/09/21", ("2031-09-21", "day")),
        ("PY  - 2031\nDA  - 2031 Sep 21", ("2031-09-21", "day")),
        ("PY  - 2031\nDA  - Sep 21", ("2031", "year")),
        ("DA  - 2031//05/", ("2031", "year")),
    ],
)
def test_of_several_dates_the_one_that_says_most_counts(written, expected):
    assert dated(written) == expected


def test_a_date_that_may_be_two_days_is_asked_for_though_a_year_stands_beside_it():
    with pytest.raises(DateOrderError):
        dated("PY  - 2031\nDA  - 03/04/2031")


def test_a_text_with_a_dash_is_no_ris():
    file = File.of_bytes(b"TY  - said the mayor.\n\nNobody pays.\n", "a.txt")

    assert readers.recognised(file).name == "txt"


@settings(deadline=3_000)
@given(
    start=st.integers(0, 900),
    junk=st.one_of(st.text(max_size=60), st.sampled_from(["\nER  -\n", "\nTY  - \n", "\nAB  -\n"])),
    end=st.integers(0, 900),
)
def test_damaged_files_are_read_or_refused(start, junk, end):
    whole = FULL + BARE + OPEN
    file = File.of_bytes((whole[:start] + junk + whole[end:]).encode("utf-8", "ignore"), "a.ris")

    with suppress(ReadError):
        for article in ris.read_ris(file):
            with suppress(ReadError):
                drafted(article, file)
