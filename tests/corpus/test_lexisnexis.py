"""LexisNexis text files: where an article, its head, its text and its tail begin."""

from __future__ import annotations

import textwrap
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.core.errors import ReadError
from annotator.corpus import lexisnexis, readers
from annotator.corpus.article import drafted
from annotator.corpus.file import File

COVER = """



Download Request: Selected Items: 1-2
Time Of Request: Friday, March 20, 2031  16:51:31

Terms: (bridge and Lem)



"""
FIRST = """                               1 of 2 DOCUMENTS



                             The Northwire (Korva)

                           January 11, 2031 Saturday
                                   Edition 1;
                                      Lem

Bridge over the Lem closed after a night of talks that led nowhere and left
everybody tired

BYLINE: Ilena Marsh

SECTION: NEWS; Pg. 3

LENGTH: 355 words

DATELINE: KORVA, Ostravia

HIGHLIGHT: A long night.


The bridge over the Lem was closed on Monday morning by a border guard that
nobody in the town had seen before, and the talks on the counter-
claims of both states were put off.

SUBJECT: the mayor's letter. So began what he wrote.

Nobody believed him, and nobody in the whole of the town said so aloud before
the evening.

LOAD-DATE: January 12, 2031

LANGUAGE: ENGLISH

GRAPHIC: The bridge, seen
from the mill

A boat.

PUBLICATION-TYPE: Newspaper

SUBJECT: BRIDGES (90%); TALKS (60%)


                         Copyright 2031 Northwire Ltd
                              All Rights Reserved

"""
SECOND = """                               2 of 2 DOCUMENTS


                                  Lem Gazette

                            January 13, 2031 Monday

BYLINE: No Title

The text of an article without title and length begins here and goes on and on.

LANGUAGE: ENGLISH
"""
OLD = """                               1 of 1 DOCUMENT

                     Copyright 2031 The Northwire Company
                                 The Northwire

                January 12, 2031, Sunday, Late Edition - Final

SECTION: Section A; Column 0; National Desk; Pg. 1

LENGTH: 1200 words

HEADLINE: Bridge Closed

BYLINE:  By TOMAS VELD

BODY:
   The first paragraph of the older layout runs over one line and on to the next
one, and it ends with a line that is as long as any line of a paragraph may be.
   The second begins with an indent and runs on to the next line, which is its
last.

LOAD-DATE: January 12, 2031
"""
GERMAN = """                               Dokument 1 von 1



                                 Der Nordbote

                           11. Januar 2031 Samstag

Brücke gesperrt

AUTOR: Von Ilena Marsh

RUBRIK: POLITIK; S. 3

LÄNGE: 355 Wörter

Die Brücke über den Lem ist zu.

UPDATE: 12. Januar 2031

SPRACHE: DEUTSCH; GERMAN

PUBLICATION-TYPE: Zeitung
"""
FRENCH = """                              Document 1 de 1



                                 Le Nord

                           samedi 11 janvier 2031

Le pont est fermé

AUTEUR: Ilena Marsh

RUBRIQUE: MONDE; Pg. 3

LONGUEUR: 355 mots

Le pont sur le Lem est fermé.

DATE-CHARGEMENT: 12 janvier 2031

LANGUE: FRENCH; FRANÇAIS

TYPE-PUBLICATION: Journal
"""


def read(text: str, name: str = "download.TXT"):
    file = File.of_bytes(text.encode(), name)
    assert readers.recognised(file).name == "lexisnexis-txt"
    return list(readers.articles(file, lexisnexis.LEXISNEXIS))


def test_position_and_names_give_the_fields():
    one = read(COVER + FIRST + SECOND)[0]

    assert one.title == (
        "Bridge over the Lem closed after a night of talks that led nowhere and left everybody "
        "tired"
    )
    assert (one.source, one.date) == ("The Northwire (Korva)", "January 11, 2031 Saturday")
    assert (one.author, one.section, one.place, one.language) == (
        "Ilena Marsh",
        "NEWS; Pg. 3",
        "KORVA, Ostravia",
        "en",
    )
    assert one.meta == {
        "edition": "Edition 1; Lem",
        "LENGTH": "355 words",
        "HIGHLIGHT": "A long night.",
        "LOAD-DATE": "January 12, 2031",
        "GRAPHIC": "The bridge, seen from the mill A boat.",
        "PUBLICATION-TYPE": "Newspaper",
        "SUBJECT": "BRIDGES (90%); TALKS (60%)",
        "copyright": "Copyright 2031 Northwire Ltd All Rights Reserved",
    }
    assert (one.found["title"], one.found["author"]) == ("place on the page", "BYLINE")


def test_wrapped_lines_are_joined_and_a_line_of_the_text_that_looks_like_a_field_stays():
    assert read(COVER + FIRST + SECOND)[0].text.split("\n\n") == [
        "The bridge over the Lem was closed on Monday morning by a border guard that nobody in the "
        "town had seen before, and the talks on the counter-claims of both states were put off.",
        "SUBJECT: the mayor's letter. So began what he wrote.",
        "Nobody believed him, and nobody in the whole of the town said so aloud before the "
        "evening.",
    ]


def test_title_and_length_may_be_missing():
    two = read(FIRST + SECOND)[1]

    assert (two.title, two.source, two.author) == ("", "Lem Gazette", "No Title")
    assert two.text == (
        "The text of an article without title and length begins here and goes on and on."
    )
    assert two.at == "article 2"


def test_an_article_without_any_field_has_source_date_title_and_text_by_order():
    bare = SECOND.replace("BYLINE: No Title", "Bridge closed").replace("LANGUAGE: ENGLISH", "")

    two = read(FIRST + bare + "\n                 Copyright 2031 Lem Gazette\n")[1]

    assert (two.source, two.date, two.title) == (
        "Lem Gazette",
        "January 13, 2031 Monday",
        "Bridge closed",
    )
    assert two.text.startswith("The text of an article")
    assert two.meta == {"copyright": "Copyright 2031 Lem Gazette"}


def test_the_older_layout_names_its_headline_and_indents_its_paragraphs():
    [one] = read(OLD)

    assert (one.title, one.source, one.author) == ("Bridge Closed", "The Northwire", "TOMAS VELD")
    assert (one.date, one.meta["edition"]) == ("January 12, 2031, Sunday", "Late Edition - Final")
    assert one.text.split("\n\n") == [
        "The first paragraph of the older layout runs over one line and on to the next one, and it "
        "ends with a line that is as long as any line of a paragraph may be.",
        "The second begins with an indent and runs on to the next line, which is its last.",
    ]


def test_what_stands_before_the_named_body_is_no_text():
    [one] = read(OLD.replace("BODY:", "Correction appended\n\nBODY:"))

    assert one.text.startswith("The first paragraph")
    assert one.author == "TOMAS VELD Correction appended"


@pytest.mark.parametrize(
    ("text", "title", "language", "body"),
    [
        (GERMAN, "Brücke gesperrt", "de", "Die Brücke über den Lem ist zu."),
        (FRENCH, "Le pont est fermé", "fr", "Le pont sur le Lem est fermé."),
    ],
)
def test_german_and_french_downloads_have_names_of_their_own(text, title, language, body):
    [one] = read(text)
    kept = drafted(one, File.of_bytes(text.encode(), "a.txt"))

    assert (one.title, one.author, one.text) == (title, "Ilena Marsh", body)
    assert (kept.published, kept.language, kept.warnings) == ("2031-01-11", language, ())


def test_an_encoding_that_is_guessed_is_said_once():
    file = File.of_bytes((GERMAN.rstrip() + "\n\n" + GERMAN).encode("cp1252"), "a.txt")

    articles = list(readers.articles(file, readers.recognised(file)))

    assert [len(one.of_file) for one in articles] == [1, 0]
    assert articles[1].title == "Brücke gesperrt"


def test_lines_that_are_not_wrapped_are_paragraphs():
    long = "The bridge over the Lem was closed on Monday morning by a border guard. " * 2

    [one] = read(f"{GERMAN[: GERMAN.index('Die Brücke')]}{long}\n{long}\n\nSPRACHE: DEUTSCH\n")

    assert one.text == f"{long.strip()}\n\n{long.strip()}"


def test_a_short_line_among_wrapped_ones_ends_where_it_was_meant_to():
    text = FIRST.replace(
        "SUBJECT: the mayor's letter. So began what he wrote.", "Held:\nIlena\nTom"
    )

    assert "Held:\n\nIlena\n\nTom" in read(text)[0].text


def test_an_article_without_text_does_not_keep_the_others_out():
    empty = FIRST[: FIRST.index("The bridge over")]

    assert [bool(one.text) for one in read(empty + "\n" + SECOND)] == [False, True]


def test_a_text_that_only_speaks_of_documents_is_no_download():
    file = File.of_bytes(b"1 of 10 DOCUMENTS\n\nThe bridge is closed.\n", "a.txt")

    assert readers.recognised(file).name == "txt"


@settings(deadline=3_000)
@given(
    whole=st.sampled_from([COVER + FIRST + SECOND, OLD, GERMAN]),
    start=st.integers(0, 2_000),
    junk=st.text(max_size=60),
    end=st.integers(0, 2_000),
)
def test_damaged_downloads_are_read_or_refused(whole, start, junk, end):
    file = File.of_bytes((whole[:start] + junk + whole[end:]).encode("utf-8", "ignore"), "a.txt")

    with suppress(ReadError):
        for article in lexisnexis.read_lexisnexis(file):
            with suppress(ReadError):
                drafted(article, file)


@settings(deadline=3_000)
@given(
    body=st.lists(
        st.text(st.characters(categories=["Ll"]), min_size=1, max_size=12),
        min_size=30,
        max_size=200,
    )
)
def test_what_was_wrapped_comes_back_in_one_line(body):
    wrapped = textwrap.fill(" ".join(body), 78, break_long_words=False, break_on_hyphens=False)
    text = FIRST[: FIRST.index("The bridge over")] + wrapped + "\n\nLOAD-DATE: January 12, 2031\n"

    assert read(text)[0].text == " ".join(body)
