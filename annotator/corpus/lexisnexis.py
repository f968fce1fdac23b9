"""Text files of LexisNexis, as they were downloaded to about 2019, in English, German and French.

Many articles in a file, parted by a centred ``3 of 10 DOCUMENTS``. Source, date and title stand at
the top, told by their order; fields such as ``BYLINE:`` before the text and ``LOAD-DATE:`` after
it, and a copyright notice at either end. Lines are wrapped at about 78 characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from annotator.core.errors import ReadError
from annotator.corpus.article import Article
from annotator.corpus.dates import iso_date
from annotator.corpus.decode import decoded
from annotator.corpus.file import File
from annotator.corpus.format import Format
from annotator.corpus.language_names import language_code
from annotator.corpus.layout import BULLET, HYPHEN_END, WRAP_WIDTHS

MARK = re.compile(
    r"^[^\S\n]*(?:\d+ of \d+ DOCUMENTS?|(?:Dokument|DOKUMENT) \d+ von \d+"
    r"|(?:Document|DOCUMENT) \d+ (?:de|of|sur) \d+)[^\S\n]*$",
    re.MULTILINE,
)

FIELDS = {
    "HEADLINE": "title",
    **dict.fromkeys(("BYLINE", "AUTOR", "AUTEUR"), "author"),
    **dict.fromkeys(("SECTION", "RUBRIK", "RUBRIQUE"), "section"),
    **dict.fromkeys(("DATELINE", "ORT"), "place"),
    **dict.fromkeys(("LANGUAGE", "SPRACHE", "LANGUE"), "language"),
    "URL": "url",
}
"""The fields of an article by their names in the three languages; the others are meta."""

BODY = "BODY"
LENGTHS = frozenset({"LENGTH", "LÄNGE", "LONGUEUR"})
HEAD = frozenset(
    (
        *(name for name, field in FIELDS.items() if field not in ("language", "url")),
        *LENGTHS,
        *("HIGHLIGHT", "ENCART", "INSERT", "SHOW", "SERIES", "TYPE", "GUESTS", "CATEGORY", BODY),
    )
)
"""Names of fields before the text."""

TAIL = frozenset(
    (
        *("LOAD-DATE", "LANGUAGE", "GRAPHIC", "PUBLICATION-TYPE", "JOURNAL-CODE", "PUB-TYPE"),
        *("DOCUMENT-TYPE", "CORRECTION-DATE", "SPRACHE", "GRAFIK", "ZEITUNGS-CODE"),
        *("DATE-CHARGEMENT", "LANGUE", "TYPE-PUBLICATION", "GRAPHIQUE"),
    )
)
"""Names of fields after the text that no text has itself."""

LATER = frozenset(
    (
        *("SUBJECT", "COMPANY", "ORGANIZATION", "ORGANISATION", "PERSON", "TICKER", "INDUSTRY"),
        *("GEOGRAPHIC", "CITY", "STATE", "COUNTRY", "URL", "NOTES", "NAME", "TYPE", "SERIES"),
        *("DISTRIBUTION", "UPDATE", "CORRECTION", "ENHANCEMENT", "PUBLICATIONTYPE"),
        *("SUJET", "SOCIETE", "LOCALISATION-GEO", "GEO-LOCALIZATION", "SECTEUR-ACTIVITE"),
    )
)
"""Names of fields after the text that a text may have too: they count at the very end alone."""

NAME = re.compile(r"(?P<name>[A-ZÄÖÜÉÈ]+(?:[ -][A-ZÄÖÜÉÈ]+)*):(?:[^\S\n]+(?P<value>.*)|[^\S\n]*)")
RIGHTS = re.compile(r"\s*(?:Copyright\b|©|\(c\) \d{4}|All Rights Reserved)", re.IGNORECASE)
VON = re.compile(r"(?:VON|Von|By|BY)\s+")
TOP = 12
"""Lines at the top among which the date is looked for."""

DATE_WORDS = 8
"""Words of the longest date, with weekday, time and zone."""

SLACK = 10
"""Characters by which a broken line may be shorter than it had to be, before its end is meant."""

Block = list[str]
"""Lines between two blank ones."""


class Parts(NamedTuple):
    """One article: its blocks before the first field, its fields, and its text."""

    top: list[Block]
    fields: dict[str, str]
    body: list[Block]


def read_lexisnexis(file: File) -> Iterator[Article]:
    """The articles of a download, in order; what stands before the first is its cover page."""
    text, warnings = decoded(file.content(), file.name)
    articles = MARK.split(text)[1:]
    if not articles:
        raise ReadError(f"{file.name}: holds no article of LexisNexis; download it again as text")
    for number, article in enumerate(articles, 1):
        parts = _parts(_blocks(article))
        yield _article(parts, tuple(warnings), f"article {number}")
        warnings = [] if parts.body else warnings


def _article(parts: Parts, warnings: tuple[str, ...], at: str) -> Article:
    top = _top(parts.top)
    fields: dict[str, Any] = {
        FIELDS[name]: value for name, value in parts.fields.items() if name in FIELDS
    }
    found = {FIELDS[name]: name for name in parts.fields if name in FIELDS}
    for name in ("source", "date", "title"):
        if top[name] and not fields.get(name):
            fields[name], found[name] = top[name], "place on the page"
    if "author" in fields:
        fields["author"] = VON.sub("", fields["author"], count=1)
    fields["language"] = language_code(fields.get("language", ""))
    meta = {name: value for name, value in parts.fields.items() if name not in FIELDS}
    meta |= {name: top[name] for name in ("edition", "copyright") if top[name]}
    return Article(
        **fields,
        text="\n\n".join(_paragraphs(parts.body)),
        meta={name: value for name, value in meta.items() if value},
        found=found,
        of_file=warnings,
        at=at,
    )


def _blocks(text: str) -> list[Block]:
    blocks: list[Block] = [[]]
    for line in text.replace("\f", "\n").split("\n"):
        if line.strip():
            blocks[-1].append(line.rstrip())
        elif blocks[-1]:
            blocks.append([])
        if _name([line]) == BODY:
            blocks[-1:] = [[f"{BODY}:"], [value] if (value := line.partition(":")[2]) else []]
    return [block for block in blocks if block]


def _parts(blocks: list[Block]) -> Parts:
    """Where the head ends and where the tail begins; fields of both together."""
    first = next((n for n, block in enumerate(blocks) if _name(block) in HEAD | TAIL), None)
    if first is None:
        return _without_fields(blocks)
    start = _head_end(blocks, first)
    end = _tail_start(blocks, start)
    top, body = blocks[:first], blocks[start:end]
    if _name(blocks[first]) not in HEAD:
        top, body = _split_top(blocks[:first])
    return Parts(top, _fields(blocks[first:start] + blocks[end:]), body)


def _without_fields(blocks: list[Block]) -> Parts:
    end = len(blocks)
    while end and RIGHTS.match(blocks[end - 1][0]):
        end -= 1
    top, body = _split_top(blocks[:end])
    return Parts(top + blocks[end:], {}, body)


def _split_top(blocks: list[Block]) -> tuple[list[Block], list[Block]]:
    """Where no field ends the head: source, date and one block of title, then the text."""
    dated = next((n for n, block in enumerate(blocks[:4]) if any(map(_day, block[:4]))), 0)
    cut = dated + 2 if len(blocks) > dated + 2 else dated + 1
    return blocks[:cut], blocks[cut:]


def _head_end(blocks: list[Block], first: int) -> int:
    """The block at which the text begins.

    That is after ``BODY``, or else after the length and the fields beside it; where there is no
    length, after the fields that follow each other.
    """
    names = [_name(block) for block in blocks]
    ends = next((n for n, name in enumerate(names) if name in TAIL), len(blocks))
    for marks in (frozenset({BODY}), LENGTHS):
        if at := next((n + 1 for n in range(first, ends) if _names(blocks[n]) & marks), 0):
            break
    else:
        at = first
    while at < ends and names[at] in HEAD and BODY not in names[first:at]:
        at += 1
    return at


def _tail_start(blocks: list[Block], start: int) -> int:
    """The first block after the text: a field that no text has, or what stands at the very end."""
    end = len(blocks)
    while end > start and (
        _name(blocks[end - 1]) in TAIL | LATER or RIGHTS.match(blocks[end - 1][0])
    ):
        end -= 1
    return next((n for n in range(start, end) if _name(blocks[n]) in TAIL), end)


def _name(block: Sequence[str]) -> str:
    match = NAME.fullmatch(block[0].strip())
    return match["name"] if match else ""


def _names(block: Block) -> set[str]:
    return {_name([line]) for line in block}


def _fields(blocks: list[Block]) -> dict[str, str]:
    """What the blocks say, by name; one without a name goes on with the field before it."""
    said: dict[str, list[str]] = {}
    last = ""
    for block in blocks:
        if RIGHTS.match(block[0]):
            said.setdefault("copyright", []).extend(line.strip() for line in block)
            continue
        for line in block:
            match = NAME.fullmatch(line.strip())
            if match and match["name"] in HEAD | TAIL | LATER:
                last = match["name"]
                said.setdefault(last, []).append(match["value"] or "")
            elif last:
                said[last].append(line.strip())
    return {name: " ".join(filter(None, lines)) for name, lines in said.items() if name != BODY}


def _top(blocks: list[Block]) -> dict[str, str]:
    """What stands at the top, by its order: source, date, edition, title; rights anywhere."""
    rights = [line.strip() for block in blocks for line in block if RIGHTS.match(line)]
    lines = [
        (n, line.strip())
        for n, block in enumerate(blocks)
        for line in block
        if not RIGHTS.match(line)
    ]
    dated = next((n for n, (_, line) in enumerate(lines[:TOP]) if _day(line)), None)
    if dated is None:
        first = lines[0][0] if lines else 0
        return {
            "source": " ".join(line for n, line in lines if n == first),
            "date": "",
            "edition": "",
            "title": " ".join(line for n, line in lines if n != first),
            "copyright": " ".join(rights),
        }
    block, written = lines[dated]
    beside = [" ".join(written.split()).removeprefix(_day(written)).strip(" ,;")]
    beside += [line for n, line in lines[dated + 1 :] if n == block]
    return {
        "source": " ".join(line for _, line in lines[:dated]),
        "date": _day(written),
        "edition": " ".join(filter(None, beside)),
        "title": " ".join(line for n, line in lines if n > block),
        "copyright": " ".join(rights),
    }


def _day(line: str) -> str:
    """The date that a line begins with, as written: ``January 11, 2010 Monday``; else nothing.

    >>> _day("January 11, 2010, Monday, LATE EDITION"), _day("Monday was quiet")
    ('January 11, 2010, Monday', '')
    """
    words = line.split(maxsplit=DATE_WORDS)[:DATE_WORDS]
    for count in range(len(words), 1, -1):
        written = " ".join(words[:count]).rstrip(",;")
        if iso_date(written)[0]:
            return written
    return ""


def _paragraphs(blocks: list[Block]) -> list[str]:
    """The paragraphs of the text: wrapped lines joined; a line that is indented begins one."""
    inner = [len(line.strip()) for block in blocks for line in block[:-1]]
    wide = [length for length in inner if length in WRAP_WIDTHS]
    width = max(wide) if 2 * len(wide) >= len(inner) and wide else 0
    return [paragraph for block in blocks for paragraph in _joined(block, width)]


def _joined(block: Block, width: int) -> Iterator[str]:
    """The paragraphs of a block.

    Where the next word had found room on a line, its end is meant; so is every end where lines
    are not wrapped.
    """
    lines = [block[0].strip()]
    for before, line in pairwise(block):
        room = width - len(before.strip()) - len(line.split()[0]) - 1
        indented = len(line) - len(line.lstrip()) > len(before) - len(before.lstrip()) + 1
        if not width or room > SLACK or indented or re.match(BULLET, line.strip()):
            yield _one_line(lines)
            lines = []
        lines.append(line.strip())
    yield _one_line(lines)


def _one_line(lines: list[str]) -> str:
    return HYPHEN_END.sub("", "\n".join(lines)).replace("\n", " ")


def _fits(file: File) -> bool:
    return bool(MARK.search(file.head_text)) and any(
        _name([line]) in HEAD | TAIL for line in file.head_text.splitlines()
    )


LEXISNEXIS = Format(
    name="lexisnexis-txt",
    title="a LexisNexis text file",
    suffixes=(".txt",),
    fits=_fits,
    articles=read_lexisnexis,
)
