"""ProQuest text files: records, keys, and where a text ends."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.core.errors import ReadError
from annotator.corpus import proquest, readers
from annotator.corpus.article import drafted
from annotator.corpus.file import File

RULE = "_" * 60
COVER = f"""Report Information from ProQuest
21 September 2031 10:05

{RULE}

Table of contents

1. Bridge over the Lem closed

{RULE}
"""
FIRST = f"""
Document 1 of 2

Bridge over the Lem closed

Author: Marsh, Ilena; Veld, Tomas

Publication info: The Northwire ; Korva [Korva]. 21 Sep 2031: A.1.

http://search.example/docview/123?accountid=1

Abstract: The bridge was closed.

Links: http://resolver.example/x

Full text: The bridge over the Lem was closed on Monday.
It will open again, said the mayor.

Location: so the guard began, and nobody listened.

He left, with a word.
Subject: closed.

Subject: Bridges; Talks

Company / organization: Name: Lem Bridges; NAICS: 1

Unheard of: something new

Title: Bridge over the Lem closed

Publication title: The Northwire; Korva

First page: A.1

Publication year: 2031

Publication date: Sep 21, 2031

Dateline: KORVA

Section: World

Language of publication: English

ProQuest document ID: 123

Document URL: https://search.example/docview/123

Copyright: Copyright Northwire
Sep 21, 2031

Last updated: 2031-09-22

{RULE}
"""
SECOND = f"""
Document 2 of 2

Only an abstract

Abstract: What it says, in short.

Title: Only an abstract

Publication title: The Northwire

Publication year: 2031

ProQuest document ID: 124

{RULE}
"""
END = "\nDatabase copyright ProQuest LLC. All rights reserved.\n\nContact ProQuest\n"
PLAIN = f"""{RULE}
Title: Bridge closed
Publication title: The Northwire
Publication date: Sep 21, 2031
Full Text: The bridge is closed.
Nobody pays.
Subject: Bridges
ProQuest document ID: 125
{RULE}
"""


def read(text: str, name: str = "ProQuestDocuments-2031-09-21.txt"):
    file = File.of_bytes(text.encode(), name)
    assert readers.recognised(file).name == "proquest-txt"
    return list(readers.articles(file, proquest.PROQUEST))


def test_keys_become_fields_and_the_others_are_kept_with_their_names():
    one = read(COVER + FIRST + SECOND + END)[0]

    assert (one.title, one.author, one.source) == (
        "Bridge over the Lem closed",
        "Marsh, Ilena; Veld, Tomas",
        "The Northwire; Korva",
    )
    assert (one.date, one.place, one.section, one.language) == (
        "Sep 21, 2031",
        "KORVA",
        "World",
        "en",
    )
    assert (one.external_id, one.url) == ("123", "https://search.example/docview/123")
    assert one.meta == {
        "Publication info": "The Northwire ; Korva [Korva]. 21 Sep 2031: A.1. "
        "http://search.example/docview/123?accountid=1",
        "Abstract": "The bridge was closed.",
        "Links": "http://resolver.example/x",
        "Subject": "Bridges; Talks",
        "Company / organization": "Name: Lem Bridges; NAICS: 1",
        "Unheard of": "something new",
        "First page": "A.1",
        "Publication year": "2031",
        "Copyright": "Copyright Northwire Sep 21, 2031",
        "Last updated": "2031-09-22",
    }


def test_a_full_text_goes_on_where_a_line_of_it_looks_like_a_key():
    assert read(COVER + FIRST + END)[0].text == (
        "The bridge over the Lem was closed on Monday.\n\nIt will open again, said the mayor.\n\n"
        "Location: so the guard began, and nobody listened.\n\nHe left, with a word.\n\n"
        "Subject: closed."
    )


def test_cover_page_and_notice_are_no_articles():
    assert [one.title for one in read(COVER + FIRST + SECOND + END)] == [
        "Bridge over the Lem closed",
        "Only an abstract",
    ]


def test_an_abstract_stands_in_for_the_full_text_and_that_is_said_once():
    articles = read(COVER + FIRST + SECOND + SECOND + END)

    assert articles[1].text == "What it says, in short."
    assert (articles[1].found["text"], articles[1].date) == ("Abstract", "2031")
    assert [one.of_file for one in articles] == [
        (
            "records of the file without a full text: 2 of 3; where there is an abstract, it came "
            "in as the text",
        ),
        (),
        (),
    ]


def test_records_without_blank_lines_are_read_by_their_keys():
    [one] = read(PLAIN)

    assert (one.text, one.title, one.external_id) == (
        "The bridge is closed.\n\nNobody pays.",
        "Bridge closed",
        "125",
    )
    assert one.meta == {"Subject": "Bridges"}


def test_a_record_without_a_title_key_has_its_first_line_as_title():
    [one] = read(RULE + FIRST.replace("\nTitle: Bridge over the Lem closed\n", ""))

    assert (one.title, one.found["title"]) == ("Bridge over the Lem closed", "first line")


def test_the_date_is_understood():
    file = File.of_bytes((COVER + FIRST).encode(), "a.txt")

    assert drafted(next(proquest.read_proquest(file)), file).published == "2031-09-21"


def test_a_record_with_neither_text_nor_abstract_does_not_keep_the_others_out():
    bare = SECOND.replace("Abstract: What it says, in short.", "")

    assert [bool(one.text) for one in read(COVER + bare + FIRST)] == [False, True]


def test_a_text_with_a_line_of_underscores_is_no_download():
    file = File.of_bytes(f"The bridge is closed.\n{RULE}\nNobody pays.\n".encode(), "a.txt")

    assert readers.recognised(file).name == "txt"


def test_a_cover_page_alone_is_refused():
    with pytest.raises(ReadError, match=r"^a\.txt: holds no record of ProQuest; "):
        list(proquest.read_proquest(File.of_bytes(COVER.encode(), "a.txt")))


@settings(deadline=3_000)
@given(
    start=st.integers(0, 2_500),
    junk=st.one_of(st.text(max_size=60), st.sampled_from([RULE, "\n\nTitle: \n\n", "Full text:"])),
    end=st.integers(0, 2_500),
)
def test_damaged_downloads_are_read_or_refused(start, junk, end):
    whole = COVER + FIRST + SECOND + END
    file = File.of_bytes((whole[:start] + junk + whole[end:]).encode("utf-8", "ignore"), "a.txt")

    with suppress(ReadError):
        for article in proquest.read_proquest(file):
            with suppress(ReadError):
                drafted(article, file)
