"""The head of a txt or md file: plain ``key: value`` lines between two lines of ``---``."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from annotator.core.document import DatePrecision
from annotator.corpus.dates import iso_date

FRONT_MATTER = re.compile(
    r"\s*^---[^\S\n]*\n(?P<lines>(?:.*\n)*?)(?:---|\.\.\.)[^\S\n]*(?:\n|\Z)", re.MULTILINE
)
FIELD = re.compile(r"(?P<key>[^\W\d_][\w -]{0,40}?)[^\S\n]*:(?:[^\S\n]+(?P<value>.*))?")
ITEM = re.compile(r"\s*-\s+(?P<value>.*)|\s+(?P<more>\S.*)")
EXAMPLES = {"date": "2031-05-04", "language": "en"}
LANGUAGE = re.compile(r"([a-zA-Z]{2,3})(?:[-_]\w+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What a file says about itself. ``meta`` keeps the keys that no field is known for."""

    title: str = ""
    published: str = ""
    date_precision: DatePrecision = ""
    source: str = ""
    author: str = ""
    place: str = ""
    url: str = ""
    external_id: str = ""
    language: str = ""
    section: str = ""
    meta: dict[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


def split_head(text: str) -> tuple[Head, str]:
    """The head and the text after it; a text whose first lines are no head stays as it is.

    >>> split_head("---\\ntitle: Bridge open\\ndesk: north\\n---\\nText.")[0].meta
    {'desk': 'north'}
    """
    match = FRONT_MATTER.match(text)
    fields = _fields(match["lines"]) if match else {}
    if match is None or not fields:
        return Head(), text
    return _head(fields), text[match.end() :].lstrip("\n")


def _fields(lines: str) -> dict[str, str]:
    """Keys and values; empty where any line is neither, for then this is no head."""
    fields: dict[str, str] = {}
    key = ""
    for line in lines.split("\n"):
        if not line.strip() or line.startswith("#"):
            continue
        if key and (item := ITEM.fullmatch(line)):
            more = _unquoted(item["value"] or item["more"] or "")
            fields[key] = f"{fields[key]}; {more}" if fields[key] else more
        elif match := FIELD.fullmatch(line):
            key = match["key"].strip().lower()
            fields[key] = _unquoted(match["value"] or "")
        else:
            return {}
    return fields


def _unquoted(value: str) -> str:
    value = value.strip()
    if len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1]
    return value


def _head(fields: dict[str, str]) -> Head:
    left = dict(fields)
    published, precision = iso_date(left.get("date", ""))
    if published:
        del left["date"]
    if language := LANGUAGE.fullmatch(left.get("language", "")):
        del left["language"]
    warnings = tuple(
        f"the {key} {left[key]!r} is not understood; write it like {example}"
        for key, example in EXAMPLES.items()
        if left.get(key)
    )
    return Head(
        title=" ".join(left.pop("title", "").split()),
        published=published,
        date_precision=precision,
        source=left.pop("source", ""),
        author=left.pop("author", ""),
        place=left.pop("place", ""),
        url=left.pop("url", ""),
        external_id=left.pop("id", ""),
        language=language[1].lower() if language else "",
        section=left.pop("section", ""),
        meta=left,
        warnings=warnings,
    )
