"""Nexis Uni and Lexis+: articles in one Word document or RTF, each closed by "End of Document".

Of each article title, source, date and copyright stand at the top, told by their order; fields
such as ``Byline:`` before the word ``Body``, and a classification after the text. In front of
several articles there may be a cover with the search and a table of contents.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from typing import Any
from urllib.parse import unquote

from annotator.corpus import docx, rtf
from annotator.corpus.article import Article
from annotator.corpus.dates import iso_date
from annotator.corpus.file import MAX_BYTES, File
from annotator.corpus.format import Format
from annotator.corpus.language_names import language_code
from annotator.corpus.office import Paragraph

END = "End of Document"
BODY = "body"
CLASSIFICATION = "classification"
LOAD_DATE = "load-date"
HEADING = "Heading 1"

FIELDS = {
    "byline": "author",
    "dateline": "place",
    "section": "section",
    "language": "language",
    "url": "url",
}
"""The labels that are fields of an article; the others are meta."""

BEFORE = frozenset(
    (
        *("section", "length", "byline", "dateline", "highlight", "headline", "series", "edition"),
        *("type", "url", "document-type", "publication-type", "correction-date", "copyright"),
    )
)
"""The labels above the text; another line with a colon belongs to the label before it."""

AFTER = frozenset({"graphic", "correction"})
"""Words that stand alone after the text, and head what is no part of it."""

IN_EVERY_EXPORT = (b"Length:", b"Section:", b"Byline:", b"Load-Date:", b"Classification")
"""At least two of these, that is; and the end of an article."""

LABEL = re.compile(r"(?P<label>[A-Z][A-Za-z]+(?:[-/ ][A-Za-z]+){0,2}):(?:\s+(?P<value>.*)|\s*)\Z")
BY = re.compile(r"by:?\s+(?=\S)", re.IGNORECASE)
IDENTITY = re.compile(r"urn:contentItem:([0-9A-Za-z]+(?:-[0-9A-Za-z]+){2,})", re.IGNORECASE)
YEAR = re.compile(r"\b[12]\d{3}\b")
TAG = re.compile(rb"<[^<>]*>")


def is_nexis_uni(file: File) -> bool:
    """Whether the end of an article and the labels of one stand in a Word document or RTF."""
    if file.size > MAX_BYTES:
        return False
    content = file.content() if rtf.RTF.fits(file) else TAG.sub(b"", docx.main_part(file))
    labels = sum(1 for label in IN_EVERY_EXPORT if label in content)
    return labels >= 2 and END.encode() in content


def read_nexis_uni(file: File) -> Iterator[Article]:
    """Every article of the export; one that has no body comes with an empty text."""
    if not rtf.RTF.fits(file):
        yield from articles(docx.read_paragraphs(file))
        return
    document = rtf.opened(file)
    warnings = document.warnings
    for article in articles(document.paragraphs):
        yield article._replace(of_file=warnings)
        warnings = ()


def articles(paragraphs: Iterable[Paragraph]) -> Iterator[Article]:
    """The articles of an export, from the paragraphs of the document in their order."""
    block: list[Paragraph] = []
    number = 1
    for paragraph in paragraphs:
        if _is(paragraph, END):
            yield _article(block, f"article {number}")
            block, number = [], number + 1
        elif paragraph.text.strip():
            block.append(paragraph)
    if any(_is(one, BODY) for one in block):
        cut_off = f"no {END!r} follows: the file may be cut off"
        yield _article(block, f"article {number}")._replace(warnings=(cut_off,))


def _article(block: Sequence[Paragraph], at: str) -> Article:
    body = next((n for n, one in enumerate(block) if _is(one, BODY)), len(block))
    text, after = _without_tail(block[body + 1 :])
    title, lines = _titled(block[:body])
    fields: dict[str, Any] = {"title": " ".join(one.text for one in title)}
    found = {"title": "heading" if title[:1] and title[0].has_style(HEADING) else "first line"}
    meta: dict[str, str] = {}
    top, below = _top_and_labels(lines)
    for name, value in _from_top(top).items():
        target = fields if name in ("source", "date") else meta
        target[name] = value
        found[name] = "line below the title"
    for label, value in (*_labelled(below, BEFORE), *_tail(after)):
        if field := FIELDS.get(label):
            fields[field], found[field] = _settled(field, value), label.title()
        else:
            meta[label] = f"{meta[label]}; {value}" if label in meta else value
    if identity := next(filter(None, (IDENTITY.search(unquote(one.link)) for one in title)), None):
        fields["external_id"], found["external_id"] = identity[1], "link of the title"
    return Article(
        **fields,
        text="\n\n".join(one.text for one in text),
        meta={name: value for name, value in meta.items() if value},
        found={name: place for name, place in found.items() if fields.get(name)},
        at=at,
    )


def _titled(head: Sequence[Paragraph]) -> tuple[Sequence[Paragraph], list[str]]:
    """The title, and the lines below it up to the text.

    What stands above the last heading is the cover of a delivery. Where no style tells the
    heading, title and source are the two paragraphs above the date.
    """
    styled = [n for n, one in enumerate(head) if one.has_style(HEADING)]
    if styled:
        end = styled[-1] + 1
        start = next(n for n in styled if all(k in styled for k in range(n, end)))
    else:
        dated = [n for n, one in enumerate(head) if n > 1 and _date(one.text)[0]]
        start = dated[-1] - 2 if dated else 0
        end = start + 1
    below = [line.strip() for one in head[end:] for line in one.text.split("\n") if line.strip()]
    return head[start:end], below


def _top_and_labels(lines: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    first = next((n for n, line in enumerate(lines) if _label(line, BEFORE)), len(lines))
    return lines[:first], lines[first:]


def _from_top(lines: Sequence[str]) -> dict[str, str]:
    """Source, date, edition and copyright, by their order and their form."""
    dated = next((n for n, line in enumerate(lines[:3]) if _date(line)[0]), None)
    if dated is None:
        dated = next((n for n, line in enumerate(lines[1:3], 1) if YEAR.search(line)), None)
    if dated is None:
        return {"source": lines[0] if lines else "", "copyright": " ".join(lines[1:])}
    date, edition = _date(lines[dated])
    return {
        "source": " ".join(lines[:dated]),
        "date": date or lines[dated],
        "edition": edition,
        "copyright": " ".join(lines[dated + 1 :]),
    }


def _date(line: str) -> tuple[str, str]:
    """The date that a line begins with, and the edition that follows it; empty where none is."""
    words = line.split()
    for end in range(min(len(words), 8), 0, -1):
        if iso_date(date := " ".join(words[:end]))[1] == "day":
            return date, " ".join(words[end:])
    return "", ""


def _without_tail(
    paragraphs: Sequence[Paragraph],
) -> tuple[Sequence[Paragraph], Sequence[Paragraph]]:
    """The text, and what stands after it: graphic, correction, classification, day of loading."""
    tail = [
        n
        for n, one in enumerate(paragraphs)
        if _is(one, CLASSIFICATION) or one.text.casefold().startswith(f"{LOAD_DATE}:")
    ]
    headed = [n for n, one in enumerate(paragraphs) if any(_is(one, word) for word in AFTER)]
    end = min((*tail[-2:], *headed), default=len(paragraphs))
    return paragraphs[:end], paragraphs[end:]


def _tail(paragraphs: Sequence[Paragraph]) -> Iterator[tuple[str, str]]:
    headed = ""
    labelled: list[str] = []
    for one in paragraphs:
        word = one.text.strip().casefold()
        if word in AFTER or word == CLASSIFICATION:
            headed = word
        elif headed in AFTER and not word.startswith(f"{LOAD_DATE}:"):
            yield headed, one.text
        else:
            headed = CLASSIFICATION
            labelled += one.text.split("\n")
    yield from _labelled(labelled)


def _labelled(
    lines: Iterable[str], known: Container[str] | None = None
) -> Iterator[tuple[str, str]]:
    """Labels in lower case with what follows them; a line without a label goes on."""
    label, value = "", ""
    for line in filter(None, map(str.strip, lines)):
        if match := _label(line, known):
            if label:
                yield label, value
            label, value = match["label"].casefold(), (match["value"] or "").strip()
        else:
            value = f"{value} {line}".strip()
    if label:
        yield label, value


def _label(line: str, known: Container[str] | None = None) -> re.Match[str] | None:
    match = LABEL.match(line)
    return match if match and (known is None or match["label"].casefold() in known) else None


def _settled(field: str, value: str) -> str:
    if field == "author":
        return BY.sub("", value, count=1) if BY.match(value) else value
    if field == "place":
        return value.rstrip(" -–—")
    return language_code(value) if field == "language" else value


def _is(paragraph: Paragraph, word: str) -> bool:
    return paragraph.text.strip().rstrip(":").casefold() == word.casefold()


NEXIS_UNI = Format(
    name="nexis-uni",
    title="Nexis Uni",
    suffixes=(*docx.SUFFIXES, *rtf.RTF.suffixes),
    fits=is_nexis_uni,
    articles=read_nexis_uni,
)
