"""Pages saved from Factiva: articles with the field codes of the archive, and without.

With codes (``Full Article/Report plus Indexing``) an article is a table of two columns: a code
such as ``HD``, and what it holds. Without them the fields stand below the headline, each in a
block, told by their order. The layouts are those that public parsers of such files know.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from annotator.core.errors import ReadError
from annotator.corpus.article import Article
from annotator.corpus.dates import iso_date
from annotator.corpus.file import File
from annotator.corpus.format import Format
from annotator.corpus.guards import refuse_entities
from annotator.corpus.language_names import language_code
from annotator.corpus.markup import decoded_markup, paragraphs_of, parsed

# The style sheet of a saved page is longer than a file's head, so that the title must do.
PAGE = re.compile(
    r"<title>\s*(?:Dow Jones )?Factiva\s*</title>|class=[\"']article [a-z]{2,4}Article\b",
    re.IGNORECASE,
)
CLASS = re.compile(r"(?:\A|\s)(?P<language>[a-z]{2})[a-z]{0,2}Article(?:\s|\Z)")
OPENED = re.compile(r"<div\b[^<>]{0,300}?\sclass=[\"'][^\"'<>]{0,200}?\b[a-z]{2,4}Article[\"'\s]")
CODE = re.compile(r"[A-Z][A-Z0-9]{1,3}")
COUNT = re.compile(r"\d+\)\s+")
CLOCK = re.compile(r"\d{1,2}:\d\d(?:\s?[AP]M)?(?:\s[A-Z]{2,4}T?)?", re.IGNORECASE)
SOURCE_CODE = re.compile(r"[A-Z0-9]{2,12}")
DOCUMENT = re.compile(r"\w+\s+([A-Z0-9]{6,}\w+)")

FIELDS = {"HD": "title", "PD": "date", "BY": "author", "SN": "source", "SE": "section"}
"""The codes that are fields of an article; text, id and language come apart, the rest is meta."""


def read_html(file: File) -> Iterator[Article]:
    """The articles of a saved page, in order."""
    content = file.content()
    refuse_entities(content, file.name)
    text, warnings = decoded_markup(content, file.name)
    number = 0
    for number, piece in enumerate(_pieces(text), 1):
        at = f"article {number}"
        try:
            fields = _fields(parsed(piece, f"{file.name}: {at}"))
        except ReadError as fault:
            warnings.append(str(fault).removeprefix(f"{file.name}: "))
            fields = {"text": ""}
        if fields["text"]:
            fields["of_file"], warnings = tuple(warnings), []
        yield Article(**fields, at=at)
    if not number:
        raise ReadError(
            f"{file.name}: this page of Factiva holds no article; mark the articles there, choose "
            "Format for Saving, Article Format, and save that page"
        )


def _pieces(text: str) -> Iterator[str]:
    """The page, cut where an article begins: a tree of all of it would be many times its size."""
    starts = [match.start() for match in OPENED.finditer(text)]
    return (text[start:end] for start, end in pairwise([*starts, len(text)]))


def _fields(piece: Any) -> dict[str, Any]:
    """What an article says, with codes or without; its language is part of its class."""
    classes = ((one, CLASS.search(one.get("class") or "")) for one in piece.iter("div"))
    found = next(((one, told["language"]) for one, told in classes if told), None)
    if found is None:
        return {"text": ""}
    article, language = found
    fields = _coded(article) or _uncoded(article)
    return fields | {"language": language, "found": fields["found"] | {"language": "class"}}


def _coded(article: Any) -> dict[str, Any]:
    """The fields of an article with codes; empty where it has none."""
    cells: dict[str, list[Any]] = {}
    # A table within the text has rows of its own, so only those of the article itself count.
    for row in (*article.iterfind("./table/tr"), *article.iterfind("./table/tbody/tr")):
        columns = row.findall("td")
        if len(columns) > 1 and CODE.fullmatch(code := _line(columns[0])):
            cells.setdefault(code, []).append(columns[1])
    if not cells:
        return {}
    written = {code: _joined(found) for code, found in cells.items()}
    fields: dict[str, Any] = {
        name: written.pop(code) for code, name in FIELDS.items() if code in written
    }
    found = {name: code for code, name in FIELDS.items() if name in fields}
    body = [code for code in ("LP", "TD") if written.pop(code, "")]
    text = [paragraphs_of(cell) for code in body for cell in cells[code]]
    if document := written.pop("AN", ""):
        fields["external_id"] = document.split()[-1]
        found["external_id"] = "AN"
    written.pop("LA", "")
    found["text"] = " + ".join(body)
    return fields | {"text": "\n\n".join(text), "found": found, "meta": written}


def _joined(cells: list[Any]) -> str:
    return "; ".join(_line(cell).replace(" | ", "; ") for cell in cells)


def _uncoded(article: Any) -> dict[str, Any]:
    """The fields of an article without codes, by their order around the headline."""
    before, headline, after = _around_headline(article)
    fields: dict[str, Any] = {"title": COUNT.sub("", headline, count=1), "section": before}
    meta: dict[str, str] = {}
    if author := [one for one in article.iterfind("div") if one.get("class") == "author"]:
        fields["author"] = _line(author[0])
    day = next((n for n, line in enumerate(after) if _is_day(line)), len(after))
    meta["WC"] = "; ".join(after[:day])
    rest = after[day + 1 :]
    if after[day:]:
        fields["date"] = after[day]
    if rest and CLOCK.fullmatch(rest[0]):
        meta["ET"] = rest.pop(0)
    if rest:
        fields["source"] = rest.pop(0)
    if rest and SOURCE_CODE.fullmatch(rest[0]):
        meta["SC"] = rest.pop(0)
    named = next((n for n, line in enumerate(rest) if language_code(line) != line), len(rest))
    meta["CY"] = "; ".join(rest[named + 1 :])
    meta["other"] = "; ".join(rest[:named])
    text, notes, fields["external_id"] = _below(article)
    meta["notes"] = "; ".join(notes)
    return {name: value for name, value in fields.items() if value} | {
        "text": "\n\n".join(text),
        "found": {name: "place on the page" for name, value in fields.items() if value},
        "meta": {key: value for key, value in meta.items() if value},
    }


def _around_headline(article: Any) -> tuple[str, str, list[str]]:
    """What stands before the headline, the headline, and the lines of blocks after it."""
    before: list[str] = []
    after: list[str] = []
    headline: str | None = None
    for block in article.iterfind("div"):
        if headline is None and (block.get("id") == "hd" or _has_headline(block)):
            headline = _line(block)
        elif not block.get("class"):
            (before if headline is None else after).append(_line(block))
    if headline is None:
        before, after = [], before
    return "; ".join(filter(None, before)), headline or "", [line for line in after if line]


def _has_headline(block: Any) -> bool:
    return any("Headline" in (one.get("class") or "") for one in block.iter("span", "b"))


def _is_day(line: str) -> bool:
    return len(line.split()) > 1 and iso_date(line)[1] == "day"


def _below(article: Any) -> tuple[list[str], list[str], str]:
    """The paragraphs of the text, the notes below them, and the document's code."""
    text: list[str] = []
    notes: list[str] = []
    document = ""
    for block in article.iter("p"):
        if "articleParagraph" in (block.get("class") or ""):
            text.append(paragraphs_of(block))
        elif told := DOCUMENT.fullmatch(line := _line(block)):
            document = told[1]
        elif line:
            notes.append(line)
    return text, notes, document


def _line(element: Any) -> str:
    return " ".join(paragraphs_of(element).split())


HTML = Format(
    name="factiva-html",
    title="a Factiva page",
    suffixes=(".html", ".htm"),
    fits=lambda file: bool(PAGE.search(file.head_text)),
    articles=read_html,
)
