"""DOCX: the text of the body in its order, tables and text boxes too.

Headers, footers, notes, comments and deleted text are left out; inserted text counts.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, cast

from annotator.core.errors import ReadError
from annotator.corpus.article import Article
from annotator.corpus.file import File
from annotator.corpus.format import Format
from annotator.corpus.guards import DAMAGE, check_office, unpacked
from annotator.corpus.office import Paragraph, article_of

if TYPE_CHECKING:
    from docx.document import Document

SUFFIXES = (".docx", ".docm")
OLD_SUFFIXES = (".doc", ".dot")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
"""The name that the container of an encrypted document gives to the document."""

# Word calls it document.xml, and its web edition sometimes document2.xml.
MAIN_PART = re.compile(r"word/document\d*\.xml", re.IGNORECASE)

MOST_PART = 50 * 2**20
MOST_UNPACKED = 200 * 2**20
"""Bytes of all parts together, pictures too, which are unpacked with the text."""

WITH_MACROS = "application/vnd.ms-word.document.macroEnabled.main+xml"

FAULTS = (ValueError, TypeError, LookupError, AttributeError, AssertionError, SyntaxError)
"""What python-docx and lxml raise where parts are missing or broken."""

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"

BLOCKS = frozenset({f"{W}p", f"{W}tbl", f"{W}txbxContent"})
LEFT_OUT = frozenset(
    (*(f"{W}{name}" for name in ("del", "moveFrom", "pPr", "rPr", "instrText")), FALLBACK)
)
"""Elements whose text is not the article's, or stands there a second time."""

CHARACTERS = {
    f"{W}tab": "\t",
    f"{W}br": "\n",
    f"{W}cr": "\n",
    f"{W}noBreakHyphen": "-",
}


def is_docx(file: File) -> bool:
    """Whether this is a Word document: by its parts or, where it is broken, by its name."""
    if any(map(MAIN_PART.fullmatch, file.members)):
        return True
    if file.head.startswith(OLE):
        return file.suffix in (*SUFFIXES, *OLD_SUFFIXES)
    return file.suffix in SUFFIXES and file.head.startswith(b"PK")


def main_part(file: File) -> bytes:
    """The part with the text as it stands, to tell what it is; empty where it cannot be had."""
    name = next(filter(MAIN_PART.fullmatch, sorted(file.members)), "")
    if not name:
        return b""
    try:
        with file.open() as content, zipfile.ZipFile(content) as archive:
            return unpacked(archive, archive.getinfo(name), file.name, MOST_PART)
    except (ReadError, *DAMAGE):
        return b""


def read_docx(file: File) -> Iterator[Article]:
    """One article; see ``article_of``."""
    document = opened(file)
    yield article_of(_all(document, file.name), _properties(document), file.name)


def read_paragraphs(file: File) -> list[Paragraph]:
    """The paragraphs of the body in their order; a cell of a table gives its own."""
    return _all(opened(file), file.name)


def opened(file: File) -> Document:
    """The document; raises ``ReadError`` where it is old, encrypted, harmful or damaged."""
    if file.head.startswith(OLE):
        raise _refusal(file)
    from docx.opc.exceptions import OpcError
    from docx.opc.part import PartFactory
    from docx.package import Package
    from docx.parts.document import DocumentPart

    # python-docx knows documents without macros alone; the text of the others is the same.
    PartFactory.part_type_for[WITH_MACROS] = DocumentPart
    content = file.content()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            check_office(archive, file.name, MOST_PART)
            if sum(one.file_size for one in archive.infolist()) > MOST_UNPACKED:
                raise ReadError(
                    f"{file.name}: unpacks to more than {MOST_UNPACKED // 2**20} MB; take the "
                    "pictures out of it"
                )
        part = cast("DocumentPart", Package.open(io.BytesIO(content)).main_document_part)
        return cast("Document", part.document)
    except (OpcError, *DAMAGE, *FAULTS) as fault:
        raise _damaged(file.name) from fault


def _damaged(name: str) -> ReadError:
    return ReadError(
        f"{name}: the Word document is damaged or cut off; fetch it again, or open it in Word and "
        "save it as .docx"
    )


def _refusal(file: File) -> ReadError:
    if ENCRYPTED in file.content():
        return ReadError(
            f"{file.name}: the Word document is encrypted; open it with its password and save it "
            "without one"
        )
    return ReadError(
        f"{file.name}: this is a document of Word 2003 or older; open it in Word and save it as "
        ".docx"
    )


def _all(document: Document, name: str) -> list[Paragraph]:
    try:
        names = {
            style.get(f"{W}styleId"): style.find(f"{W}name").get(f"{W}val")
            for style in document.styles.element.iterfind(f"{W}style[{W}name]")
        }
        related = document.part.rels.items()
        links = {key: one.target_ref for key, one in related if one.is_external}
        return list(_blocks(document.element.body, names, links))
    except FAULTS as fault:
        raise _damaged(name) from fault


def _blocks(parent: Any, names: dict[str, str], links: dict[str, str]) -> Iterator[Paragraph]:
    """Every block below an element, whatever wraps it; text boxes after their paragraph."""
    for child in parent:
        if child.tag == f"{W}p":
            yield _paragraph(child, names, links)
            for box in _boxes(child):
                yield from _blocks(box, names, links)
        elif child.tag not in LEFT_OUT and not _is_deleted_row(child):
            yield from _blocks(child, names, links)


def _paragraph(element: Any, names: dict[str, str], links: dict[str, str]) -> Paragraph:
    style = element.find(f"{W}pPr/{W}pStyle")
    name = names.get(style.get(f"{W}val"), "") if style is not None else ""
    link = element.find(f".//{W}hyperlink[@{R_ID}]")
    return Paragraph(
        text="".join(_text(element)).strip(),
        style=name,
        link=links.get(link.get(R_ID), "") if link is not None else "",
    )


def _text(element: Any) -> Iterator[str]:
    for child in element:
        if child.tag == f"{W}t":
            yield child.text or ""
        elif child.tag in CHARACTERS:
            yield CHARACTERS[child.tag]
        elif child.tag not in LEFT_OUT and child.tag not in BLOCKS:
            yield from _text(child)


def _boxes(element: Any) -> Iterator[Any]:
    for child in element:
        if child.tag == f"{W}txbxContent":
            yield child
        elif child.tag not in LEFT_OUT:
            yield from _boxes(child)


def _is_deleted_row(element: Any) -> bool:
    return element.tag == f"{W}tr" and element.find(f"{W}trPr/{W}del") is not None


def _properties(document: Document) -> dict[str, str]:
    """Title, author, subject, keywords and day of making, as far as they can be read."""
    try:
        stated = document.core_properties
        found = {
            "title": stated.title,
            "author": stated.author,
            "subject": stated.subject,
            "keywords": stated.keywords,
            "created": stated.created.isoformat() if stated.created else "",
        }
    except FAULTS:
        return {}
    return {name: " ".join(value.split()) for name, value in found.items() if value}


DOCX = Format(
    name="docx", title="Word document", suffixes=SUFFIXES, fits=is_docx, articles=read_docx
)
