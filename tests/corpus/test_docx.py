"""DOCX: the body as text, in its order; what would do harm or is broken says so."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import datetime

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.core.errors import ReadError
from annotator.corpus import docx, readers
from annotator.corpus.article import drafted
from annotator.corpus.file import File

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
FIRST = "The bridge over the Lem is closed."
SECOND = "Nobody could say when it would open."
MAIN = "word/document.xml"


def made(fill: Callable[..., object] | None = None, *texts: str) -> bytes:
    """A document with these paragraphs, after ``fill`` has put something into it."""
    document = Document()
    document.core_properties.author = ""
    if fill:
        fill(document)
    for text in texts:
        document.add_paragraph(text)
    document.save(out := io.BytesIO())
    return out.getvalue()


def changed(content: bytes, name: str, how: Callable[[bytes], bytes] | None) -> bytes:
    """A document with one part changed, or without it where there is no change to make."""
    with zipfile.ZipFile(io.BytesIO(content)) as old:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
            for one in old.infolist():
                part = old.read(one)
                if one.filename != name:
                    new.writestr(one.filename, part)
                elif how:
                    new.writestr(one.filename, how(part))
    return out.getvalue()


def with_body(xml: str) -> bytes:
    """A document whose body begins with this markup."""

    def fill(document):
        wrapped = parse_xml(f"<w:body {nsdecls('w', 'r')} {MORE}>{xml}</w:body>")
        for element in reversed(wrapped):
            document.element.body.insert(0, element)

    return made(fill)


MORE = (
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)


def p(*runs: str) -> str:
    return f"<w:p>{''.join(runs)}</w:p>"


def r(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def read(content: bytes, name: str = "korva.docx"):
    file = File.of_bytes(content, name)
    [article] = readers.articles(file, readers.recognised(file))
    return article


def paragraphs(content: bytes) -> list[str]:
    return read(content).text.split("\n\n")


def fault(content: bytes, name: str = "korva.docx") -> str:
    with pytest.raises(ReadError) as raised:
        read(content, name)
    return str(raised.value)


def test_paragraphs_lists_and_tables_come_in_the_order_of_the_body():
    def fill(document):
        document.add_paragraph(FIRST)
        table = document.add_table(rows=1, cols=2)
        table.cell(0, 0).text = "Toll"
        table.cell(0, 1).text = "4 marks"
        document.add_paragraph("A list.", style="List Bullet")

    assert paragraphs(made(fill, SECOND)) == [FIRST, "Toll", "4 marks", "A list.", SECOND]


def test_headers_footers_and_comments_are_left_out():
    def fill(document):
        document.sections[0].header.paragraphs[0].text = "Northwire"
        document.sections[0].footer.paragraphs[0].text = "Page 1"
        run = document.add_paragraph(FIRST).runs[0]
        document.add_comment(run, text="Is this so?", author="Ana")

    assert paragraphs(made(fill, SECOND)) == [FIRST, SECOND]


def test_inserted_text_counts_and_deleted_text_does_not():
    deleted = (
        '<w:del w:id="1"><w:r><w:delText> not</w:delText><w:tab/></w:r></w:del>'
        '<w:moveFrom w:id="2"><w:r><w:t> here</w:t></w:r></w:moveFrom>'
    )
    inserted = f'<w:ins w:id="3">{r(" still")}</w:ins>'
    row = f"<w:tc>{p(r('Gone.'))}</w:tc>"
    table = f'<w:tbl><w:tr><w:trPr><w:del w:id="4"/></w:trPr>{row}</w:tr></w:tbl>'

    content = with_body(p(r("It is"), deleted, inserted, r(" closed.")) + table)

    assert read(content).text == "It is still closed."


def test_links_fields_and_content_controls_give_their_text():
    link = f"<w:hyperlink>{r('the bridge')}</w:hyperlink>"
    field = '<w:r><w:instrText>DATE</w:instrText></w:r><w:fldSimple w:instr="PAGE">{}</w:fldSimple>'
    control = f"<w:sdt><w:sdtContent>{p(r('Nobody pays.'))}</w:sdtContent></w:sdt>"

    content = with_body(p(r("They saw "), link, field.format(r(" four")), r(".")) + control)

    assert paragraphs(content) == ["They saw the bridge four.", "Nobody pays."]


def test_a_text_box_is_read_once_after_its_paragraph():
    inner = f"<w:txbxContent>{p(r('In a box.'))}</w:txbxContent>"
    box = f"<v:shape><v:textbox>{inner}</v:textbox></v:shape>"
    both = (
        f"<mc:AlternateContent><mc:Choice>{box}</mc:Choice>"
        f"<mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"
    )

    assert paragraphs(with_body(p(r("Before."), f"<w:r>{both}</w:r>"))) == ["Before.", "In a box."]


def test_a_soft_line_break_is_a_line_of_the_same_paragraph():
    assert read(with_body(p(r("One line."), "<w:r><w:br/></w:r>", r("Another.")))).text == (
        "One line.\nAnother."
    )


def test_the_title_style_gives_the_title_and_leaves_the_text():
    def fill(document):
        document.core_properties.title = "Draft of May"
        document.add_paragraph("Korva")
        document.add_paragraph("Bridge closed", style="Title")

    article = read(made(fill, FIRST))

    assert (article.title, article.text) == ("Bridge closed", f"Korva\n\n{FIRST}")
    assert article.found == {"title": "style Title"}


def test_a_first_heading_is_the_title():
    article = read(made(lambda document: document.add_heading("Bridge closed", 1), FIRST))

    assert (article.title, article.text) == ("Bridge closed", FIRST)


def test_a_heading_below_the_first_sentence_heads_a_part_of_the_text():
    def fill(document):
        document.add_paragraph(FIRST)
        document.add_heading("Talks", 1)

    article = read(made(fill, SECOND))

    assert (article.title, article.text.split("\n\n")) == ("", [FIRST, "Talks", SECOND])


def test_properties_give_title_author_and_the_day_of_making():
    def fill(document):
        document.core_properties.title = "Bridge closed"
        document.core_properties.author = "Ilena Marsh"
        document.core_properties.created = datetime(2031, 5, 4, 10, 30)

    article = read(made(fill, FIRST))

    assert (article.title, article.author, article.date) == ("Bridge closed", "Ilena Marsh", "")
    assert article.meta["created"].startswith("2031-05-04T10:30:00")
    assert article.found == {"title": "document title", "author": "document author"}


@pytest.mark.parametrize("title", ["", "korva", "Word Document", "Document1", "korva_final.docx"])
def test_without_a_stated_title_a_headline_opens_the_text(title):
    content = made(
        lambda document: setattr(document.core_properties, "title", title), "Bridge closed", FIRST
    )
    file = File.of_bytes(content, "korva.docx")

    assert drafted(read(content), file).title == "Bridge closed"


def test_a_document_with_macros_is_read():
    plain = b"vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    content = changed(
        made(None, FIRST),
        "[Content_Types].xml",
        lambda xml: xml.replace(plain, b"vnd.ms-word.document.macroEnabled.main+xml"),
    )

    assert read(content, "korva.docm").text == FIRST


def test_a_word_document_is_told_by_its_parts():
    assert readers.recognised(File.of_bytes(made(None, FIRST), "korva.zip")) is docx.DOCX


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (OLE + bytes(600), "this is a document of Word 2003 or older; open it in Word and save"),
        (
            OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
            "the Word document is encrypted; open it with its password",
        ),
    ],
)
@pytest.mark.parametrize("name", ["korva.doc", "korva.docx"])
def test_old_and_encrypted_documents_are_refused_with_the_remedy(content, said, name):
    assert fault(content, name).startswith(f"{name}: {said}")


DAMAGED = "korva.docx: the Word document is damaged or cut off; fetch it again"


@pytest.mark.parametrize("part", [0.1, 0.5, 0.99])
def test_a_document_that_was_cut_off_says_so(part):
    content = made(None, FIRST)

    assert fault(content[: int(part * len(content))]).startswith(DAMAGED)


@pytest.mark.parametrize("part", ["_rels/.rels", "[Content_Types].xml", MAIN])
def test_a_document_without_a_part_that_it_needs_is_damaged(part):
    assert fault(changed(made(None, FIRST), part, None)).startswith(DAMAGED)


def test_xml_that_is_broken_off_is_damaged():
    content = changed(made(None, FIRST), MAIN, lambda xml: xml[: len(xml) // 2])

    assert fault(content).startswith(DAMAGED)


def test_entities_are_refused():
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><x>&b;</x>'

    assert "declares XML entities" in fault(changed(made(None, FIRST), MAIN, lambda _: bomb))


@pytest.mark.parametrize("part", [MAIN, "docProps/thumbnail.jpeg"])
def test_a_part_that_unpacks_to_much_more_than_its_size_is_refused(part):
    content = changed(made(None, FIRST), part, lambda _: bytes(5_000_000))

    assert "unpacks to more than 200 times its size" in fault(content)


def test_a_document_without_text_says_that_there_is_no_sentence():
    content = made(None, "")

    with pytest.raises(ReadError, match="there is no sentence in it"):
        drafted(read(content), File.of_bytes(content, "korva.docx"))


VALID = made(lambda document: document.add_heading("Bridge closed", 1), FIRST, SECOND)


@settings(deadline=None, max_examples=50)
@given(
    at=st.integers(0, len(VALID) - 1),
    end=st.integers(0, len(VALID)),
    byte=st.integers(0, 255),
    junk=st.binary(max_size=40),
)
def test_any_damage_gives_text_or_a_sentence(at, end, byte, junk):
    told = []
    for content in (
        VALID[:end],
        VALID[:at] + bytes([byte]) + VALID[at + 1 :],
        VALID[:at] + junk + VALID[at:],
        changed(VALID, MAIN, lambda xml: xml[: at % len(xml)] + junk + xml[at:]),
    ):
        file = File.of_bytes(content, "korva.docx")
        try:
            [drafted(one, file) for one in docx.read_docx(file)]
        except ReadError as fault_told:
            told.append(str(fault_told))
    assert not any("\n" in one for one in told)
