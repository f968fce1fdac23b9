"""Nexis Uni: every article of a delivery, the same from Word and from RTF."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pytest
from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.core.errors import ReadError
from annotator.corpus import docx, nexis_uni, readers, rtf
from annotator.corpus.article import drafted
from annotator.corpus.file import File
from annotator.corpus.office import Paragraph

H = "Heading 1"
LINK = "https://advance.example/api/document?collection=news&id=urn:contentItem:6ABC-1XY1-JBG3-61GG"

COVER = [
    Paragraph("User Name: A Reader"),
    Paragraph("Date and Time: Monday, May 5, 2031 10:05 AM CEST"),
    Paragraph("Job Number: 123456"),
    Paragraph("Documents (2)"),
    Paragraph("1. Bridge closed over the Lem"),
    Paragraph("Client/Matter: -None-"),
    Paragraph("Search Terms: bridge"),
    Paragraph("2. Talks put off"),
]
FIRST = [
    Paragraph("Bridge closed over the Lem", H, LINK),
    Paragraph("The Northwire Daily"),
    Paragraph("September 21, 2031 Thursday Late Edition - Final"),
    Paragraph("Copyright 2031 Northwire Company All Rights Reserved"),
    Paragraph("Section:\xa0Section A; Column 1; Foreign Desk; Pg. 3"),
    Paragraph("Length:\xa0812 words"),
    Paragraph("Byline:\xa0By Ilena Marsh and Dan Rell"),
    Paragraph("Dateline:\xa0KORVA, Ostravia —"),
    Paragraph("Highlight:\xa0A guard closed it."),
    Paragraph("He said: it stays closed."),
    Paragraph("Body"),
    Paragraph("The bridge over the Lem was closed on Monday."),
    Paragraph("Section: a word that the text may use."),
    Paragraph("Graphic"),
    Paragraph("Photo: the bridge (Northwire)"),
    Paragraph("Classification"),
    Paragraph("Language:\xa0ENGLISH"),
    Paragraph("Publication-Type:\xa0Newspaper"),
    Paragraph("Subject:\xa0BRIDGES (90%); BORDER CONTROL (78%)"),
    Paragraph("Geographic:\xa0KORVA (92%)"),
    Paragraph("Load-Date:\xa0September 22, 2031"),
    Paragraph("End of Document"),
]
SECOND = [
    Paragraph("Gespräche verschoben", H),
    Paragraph("Velmer Bote"),
    Paragraph("Dienstag 4. Mai 2031"),
    Paragraph("Copyright 2031 Velmer Bote Alle Rechte vorbehalten"),
    Paragraph("Length: 31 words"),
    Paragraph("Body"),
    Paragraph("Die Gespräche wurden verschoben."),
    Paragraph("Load-Date: May 5, 2031"),
    Paragraph("End of Document"),
]


def as_docx(paragraphs: Sequence[Paragraph]) -> bytes:
    document = Document()
    for one in paragraphs:
        added = document.add_paragraph(style=one.style or None)
        if not one.link:
            added.add_run(one.text)
            continue
        key = document.part.relate_to(one.link, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        added._p.append(
            parse_xml(
                f'<w:hyperlink {nsdecls("w", "r")} r:id="{key}"><w:r><w:t>{one.text}</w:t></w:r>'
                "</w:hyperlink>"
            )
        )
    document.save(out := io.BytesIO())
    return out.getvalue()


def as_rtf(paragraphs: Sequence[Paragraph]) -> bytes:
    out = [r"{\rtf1\ansi\ansicpg1252{\stylesheet{\ql Normal;}{\s1\b heading 1;}}"]
    for one in paragraphs:
        text = "".join(c if c.isascii() else rf"\u{ord(c)}?" for c in one.text)
        if one.link:
            text = rf'{{\field{{\*\fldinst{{HYPERLINK "{one.link}"}}}}{{\fldrslt{{\ul {text}}}}}}}'
        style = r"\s1" if one.style else ""
        out.append(rf"\pard\plain{style} {text}\par")
    return "\n".join([*out, "}"]).encode()


MADE = {"docx": as_docx, "rtf": as_rtf}


def read(content: bytes, suffix: str = "docx"):
    file = File.of_bytes(content, f"delivery.{suffix}")
    how = readers.recognised(file)
    assert how is nexis_uni.NEXIS_UNI
    return list(readers.articles(file, how))


@pytest.mark.parametrize("suffix", MADE)
def test_every_article_of_a_delivery_comes_in_without_cover_and_contents(suffix):
    found = read(MADE[suffix]([*COVER, *FIRST, *SECOND]), suffix)

    assert [(one.at, one.title, one.source) for one in found] == [
        ("article 1", "Bridge closed over the Lem", "The Northwire Daily"),
        ("article 2", "Gespräche verschoben", "Velmer Bote"),
    ]


@pytest.mark.parametrize("suffix", MADE)
def test_the_text_is_the_body_alone(suffix):
    [article] = read(MADE[suffix](FIRST), suffix)

    assert article.text.split("\n\n") == [
        "The bridge over the Lem was closed on Monday.",
        "Section: a word that the text may use.",
    ]


@pytest.mark.parametrize("suffix", MADE)
def test_labels_become_fields_and_the_rest_is_kept(suffix):
    [article] = read(MADE[suffix](FIRST), suffix)

    assert (article.author, article.place) == ("Ilena Marsh and Dan Rell", "KORVA, Ostravia")
    assert (article.section, article.language) == (
        "Section A; Column 1; Foreign Desk; Pg. 3",
        "en",
    )
    assert article.external_id == "6ABC-1XY1-JBG3-61GG"
    assert dict(article.meta) == {
        "edition": "Late Edition - Final",
        "copyright": "Copyright 2031 Northwire Company All Rights Reserved",
        "length": "812 words",
        "highlight": "A guard closed it. He said: it stays closed.",
        "graphic": "Photo: the bridge (Northwire)",
        "publication-type": "Newspaper",
        "subject": "BRIDGES (90%); BORDER CONTROL (78%)",
        "geographic": "KORVA (92%)",
        "load-date": "September 22, 2031",
    }
    assert article.found == {
        "title": "heading",
        "source": "line below the title",
        "date": "line below the title",
        "author": "Byline",
        "place": "Dateline",
        "section": "Section",
        "language": "Language",
        "external_id": "link of the title",
    }


@pytest.mark.parametrize("suffix", MADE)
def test_without_styles_title_and_source_stand_above_the_date(suffix):
    plain = [Paragraph(one.text) for one in (*COVER, *FIRST, *SECOND)]

    found = read(MADE[suffix](plain), suffix)

    assert [(one.title, one.source, one.date) for one in found] == [
        ("Bridge closed over the Lem", "The Northwire Daily", "September 21, 2031 Thursday"),
        ("Gespräche verschoben", "Velmer Bote", "Dienstag 4. Mai 2031"),
    ]


@pytest.mark.parametrize(
    ("written", "published"),
    [
        ("September 21, 2031 Thursday", "2031-09-21"),
        ("21 September 2031 Thursday", "2031-09-21"),
        ("Thursday, September 21, 2031", "2031-09-21"),
        ("Mardi 10 Décembre 2031", "2031-12-10"),
        ("10 décembre 2031 mardi 3:00 AM GMT", "2031-12-10"),
        ("21. September 2031 Sonntag", "2031-09-21"),
        ("21 сентября 2031 воскресенье", "2031-09-21"),
        ("September 21, 2031 Thursday 10:05 PM GMT First Edition", "2031-09-21"),
    ],
)
def test_date_lines_are_understood_in_the_words_of_the_article(written, published):
    lines = [FIRST[0], FIRST[1], Paragraph(written), *FIRST[3:]]
    file = File.of_bytes(b"x", "delivery.docx")

    [article] = nexis_uni.articles(lines)

    draft = drafted(article, file)
    assert (draft.published, draft.date_precision, draft.warnings) == (published, "day", ())


def test_a_date_line_that_is_not_understood_is_kept_aside_with_a_warning():
    lines = [FIRST[0], FIRST[1], Paragraph("Septembre-ish 2031"), *FIRST[3:]]

    [article] = nexis_uni.articles(lines)

    draft = drafted(article, File.of_bytes(b"x", "delivery.docx"))
    assert (draft.source, draft.published, draft.meta["date"]) == (
        "The Northwire Daily",
        "",
        "Septembre-ish 2031",
    )
    assert "'Septembre-ish 2031' is not understood" in draft.warnings[0]


def test_an_article_without_a_body_is_named_and_the_others_come_in():
    empty = [Paragraph("A picture", H), Paragraph("Velmer Bote"), Paragraph("End of Document")]

    found = read(as_docx([*FIRST, *empty, *SECOND]))

    assert [bool(one.text) for one in found] == [True, False, True]
    with pytest.raises(ReadError, match=r"^delivery\.docx: article 2: there is no sentence"):
        drafted(found[1], File.of_bytes(b"x", "delivery.docx"))


def test_an_article_whose_end_is_missing_comes_in_with_a_warning():
    *_, last = nexis_uni.articles([*FIRST, *SECOND[:-2]])

    assert last.text == "Die Gespräche wurden verschoben."
    assert last.warnings == ("no 'End of Document' follows: the file may be cut off",)


def test_what_follows_the_last_article_is_nobody_s():
    assert len(list(nexis_uni.articles([*FIRST, Paragraph("Page 3 of 3")]))) == 1


def test_an_rtf_that_was_cut_off_says_so_once():
    found = read(as_rtf([*FIRST, *SECOND]).rstrip(b"}"), "rtf")

    assert [one.of_file for one in found] == [
        ("the RTF is cut off: only what is there came in",),
        (),
    ]


@pytest.mark.parametrize("suffix", MADE)
@pytest.mark.parametrize(
    "lines",
    [
        [Paragraph("It was the End of Document."), Paragraph("Length: 3 words")],
        [one for one in FIRST if not one.text.startswith("End")],
    ],
)
def test_other_documents_are_no_exports(suffix, lines):
    file = File.of_bytes(MADE[suffix](lines), f"delivery.{suffix}")

    assert readers.recognised(file) in (docx.DOCX, rtf.RTF)


@settings(deadline=None)
@given(st.lists(st.sampled_from([*COVER, *FIRST, *SECOND]), max_size=40))
def test_any_order_of_paragraphs_gives_articles(paragraphs):
    found = list(nexis_uni.articles(paragraphs))

    assert len(found) >= sum(1 for one in paragraphs if one.text == "End of Document")
    assert all("End of Document" not in one.text for one in found)
