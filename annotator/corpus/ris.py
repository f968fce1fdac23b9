"""RIS files: records of two-letter tags, as archives and reference managers export them.

A record describes an article and holds its abstract at most, so that is what comes in as text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import takewhile
from typing import Any

from annotator.core.errors import ReadError
from annotator.corpus.article import Article
from annotator.corpus.dates import iso_date, may_be_two_days
from annotator.corpus.decode import decoded
from annotator.corpus.file import File
from annotator.corpus.format import Format
from annotator.corpus.language_names import language_code

TAG = re.compile(r"(?P<tag>[A-Z][A-Z0-9])[^\S\n]{1,2}-(?:[^\S\n]+(?P<value>.*)|[^\S\n]*)")
OPENED = re.compile(r"^TY[^\S\n]{1,2}-[^\S\n]*[A-Z]{3,8}[^\S\n]*$", re.MULTILINE)

FIELDS = {
    "title": ("TI", "T1"),
    "author": ("AU", "A1"),
    "date": ("DA", "Y1", "PY"),
    "source": ("JF", "T2", "JO", "JA"),
    "place": ("CY", "PP"),
    "url": ("UR",),
    "external_id": ("AN", "DO", "ID"),
    "language": ("LA",),
    "section": ("SE",),
    "text": ("AB", "N2"),
}
"""The tags of each field, the first that is there; the others are meta."""

SEVERAL = frozenset({"author"})
"""Fields that take all values of their tag."""

# 2031/09/21/morning: year, month, day and other words, of which all but the year may be empty.
PARTS = re.compile(r"(\d{4})/(\d{0,2})(?:/(\d{0,2})(?:/.*)?)?")
ABSTRACTS = (
    "RIS holds abstracts, not articles: the text of this and every other record is its abstract"
)

Record = dict[str, list[list[str]]]
"""The values of each tag, and the lines of each value."""


def read_ris(file: File) -> Iterator[Article]:
    """The records of a file, in order."""
    text, warnings = decoded(file.content(), file.name)
    warnings.append(ABSTRACTS)
    number, some = 0, False
    for number, record in enumerate(_records(text), 1):
        article = _article(record, tuple(warnings), f"article {number}")
        if article.text:
            some, warnings = True, []
        yield article
    if not some:
        raise ReadError(
            f"{file.name}: none of its {number:,} records holds an abstract (AB or N2), so there "
            "is no text; export the articles themselves"
        )


def _records(text: str) -> Iterator[Record]:
    """Records from ``TY`` to ``ER``, or to the next ``TY`` where that is missing."""
    record: Record = {}
    tag = ""
    for line in text.split("\n"):
        found = TAG.fullmatch(line.strip())
        if found is None:
            if tag:
                record[tag][-1].append(line.strip())
            continue
        tag = found["tag"]
        if tag in ("TY", "ER") and record:
            yield record
            record = {}
        if tag == "ER" or (tag != "TY" and not record):
            tag = ""
            continue
        record.setdefault(tag, []).append([found["value"] or ""])
    if record:
        yield record


def _article(record: Record, warnings: tuple[str, ...], at: str) -> Article:
    tags = {name: _tag(record, name) for name in FIELDS}
    fields: dict[str, Any] = {
        name: _several(record[tag]) if name in SEVERAL else _line(record[tag][0])
        for name, tag in tags.items()
        if tag and name != "text"
    }
    fields["date"] = _date(fields.get("date", ""))
    fields["language"] = language_code(fields.get("language", ""))
    return Article(
        **fields,
        text=_paragraphs(record[tags["text"]][0]) if tags["text"] else "",
        meta=_meta(record, tags),
        found={name: tag for name, tag in tags.items() if tag},
        of_file=warnings,
        at=at,
    )


def _tag(record: Record, field: str) -> str:
    """The tag that gives a field: the first that is there, and of dates the one that says most."""
    there = [tag for tag in FIELDS[field] if any(_line(value) for value in record.get(tag, []))]
    if field == "date":
        there.sort(key=lambda tag: _worth(_date(_line(record[tag][0]))))
    return there[0] if there else ""


def _worth(written: str) -> int:
    """0 for a day, also one that may be two; then months, years, and what is not understood."""
    if may_be_two_days(written):
        return 0
    return ("day", "month", "year", "").index(iso_date(written)[1])


def _date(written: str) -> str:
    """A date as ``2031-09-21`` where it is written with the slashes of RIS; else as it is.

    >>> _date("2031/9/21/morning"), _date("2031/09//"), _date("2031//05/"), _date("21 Sep 2031")
    ('2031-09-21', '2031-09', '2031', '21 Sep 2031')
    """
    match = PARTS.fullmatch(written)
    if match is None:
        return written
    parts = list(takewhile(bool, match.groups()))
    return "-".join(part.zfill(2) for part in parts)


def _meta(record: Record, tags: dict[str, str]) -> dict[str, str]:
    """All that no field took: other tags, and further values of a tag that gives one."""
    meta: dict[str, str] = {}
    for tag, values in record.items():
        taken = [name for name, given in tags.items() if given == tag]
        left = [] if SEVERAL & set(taken) else values[1:] if taken else values
        if told := _several(left):
            meta[tag] = told
    return meta


def _several(values: list[list[str]]) -> str:
    return "; ".join(filter(None, map(_line, values)))


def _line(lines: list[str]) -> str:
    return " ".join(line for line in lines if line)


def _paragraphs(lines: list[str]) -> str:
    """A value of several lines, blank lines between its paragraphs."""
    blocks: list[list[str]] = [[]]
    for line in lines:
        blocks[-1].append(line) if line else blocks.append([])
    return "\n\n".join(" ".join(block) for block in blocks if block)


RIS = Format(
    name="ris",
    title="a RIS file",
    suffixes=(".ris",),
    fits=lambda file: bool(OPENED.search(file.head_text)),
    articles=read_ris,
)
