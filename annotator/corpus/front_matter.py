"""The head of a txt or md file: plain ``key: value`` lines between two lines of ``---``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import NamedTuple

from annotator.corpus.article import LANGUAGE
from annotator.corpus.dates import iso_date, may_be_two_days

FRONT_MATTER = re.compile(
    r"\s*^---[^\S\n]*\n(?P<lines>(?:.*\n)*?)(?:---|\.\.\.)[^\S\n]*(?:\n|\Z)", re.MULTILINE
)
FIELD = re.compile(r"(?P<key>[^\W\d_][\w -]{0,40}?)[^\S\n]*:(?:[^\S\n]+(?P<value>.*))?")
ITEM = re.compile(r"\s*-\s+(?P<value>.*)|\s+(?P<more>\S.*)")
OPENED = re.compile(
    r"\s*^(?P<rule>---)[^\S\n]*\n(?P<key>[^\W\d_][\w -]{0,40}?)[^\S\n]*:", re.MULTILINE
)
KNOWN = frozenset(
    {"title", "date", "source", "author", "place", "url", "id", "language", "section"}
)
SHOWN = 60
"""Characters of a line that a warning shows."""

UNDERSTOOD: dict[str, tuple[Callable[[str], object], str]] = {
    "date": (lambda written: may_be_two_days(written) or iso_date(written)[0], "2031-05-04"),
    "language": (LANGUAGE.fullmatch, "en"),
}
"""Fields with a form of their own: what they are checked by, and an example."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What a file says about itself, as written. ``meta`` keeps the keys of no field."""

    title: str = ""
    date: str = ""
    source: str = ""
    author: str = ""
    place: str = ""
    url: str = ""
    external_id: str = ""
    language: str = ""
    section: str = ""
    meta: dict[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    def fields(self) -> dict[str, str]:
        """The fields by their names, without what is in none."""
        return {
            one.name: getattr(self, one.name)
            for one in fields(self)
            if one.name not in ("meta", "warnings")
        }


def split_head(text: str) -> tuple[Head, str]:
    """The head and the text after it; a text whose first lines are no head stays as it is.

    A line that is neither a field nor part of one is kept aside with a warning, unless it shows
    that the lines are prose.

    >>> split_head("---\\ntitle: Bridge open\\ndesk: north\\n---\\nText.")[0].meta
    {'desk': 'north'}
    """
    match = FRONT_MATTER.match(text)
    if match is None:
        return Head(warnings=_not_taken(text, {})), text
    read = _read(match["lines"], 1 + text.count("\n", 0, match.start("lines")))
    if read.is_head:
        return _head(read), text[match.end() :].lstrip("\n")
    return Head(warnings=_not_taken(text, {} if read.is_prose else read.stray)), text


class _Read(NamedTuple):
    """The lines of a head: its fields, the line of each, and the lines that are none."""

    fields: dict[str, str]
    at: dict[str, int]
    stray: dict[int, str]
    is_prose: bool

    @property
    def is_head(self) -> bool:
        """Whether these are fields, but for a slip here and there."""
        known = sum(key in KNOWN for key in self.fields)
        return (
            bool(self.fields) and not self.is_prose and (not self.stray or known > len(self.stray))
        )


def _read(lines: str, first: int) -> _Read:
    fields: dict[str, str] = {}
    at: dict[str, int] = {}
    stray: dict[int, str] = {}
    key, gap, is_prose = "", False, False
    for number, line in enumerate(lines.split("\n"), first):
        gap = gap or not line.strip()
        if not line.strip() or line.startswith("#"):
            continue
        if key and (item := ITEM.fullmatch(line)):
            more = _unquoted(item["value"] or item["more"] or "")
            fields[key] = f"{fields[key]}; {more}" if fields[key] else more
        elif match := FIELD.fullmatch(line):
            key = match["key"].strip().lower()
            fields[key] = _unquoted(match["value"] or "")
            at[key] = number
        else:
            stray[number] = line.strip()
            # A head has no paragraphs: this is the article, and some rule further down in it.
            is_prose = is_prose or gap
    return _Read(fields, at, stray, is_prose)


def _not_taken(text: str, stray: Mapping[int, str]) -> tuple[str, ...]:
    """A warning where the text begins as a head does, and is none all the same."""
    opened = OPENED.match(text)
    if opened is None or opened["key"].strip().lower() not in KNOWN:
        return ()
    if stray:
        number, line = next(iter(stray.items()))
        return (
            f"line {number}: {_short(line)!r} is not `key: value`, so all lines up to the next "
            "--- were taken as text; correct the line",
        )
    begins = 1 + text.count("\n", 0, opened.start("rule"))
    return (
        f"line {begins}: the head that begins here has no end, so it was taken as text; put a line "
        "of --- after its last `key: value`",
    )


def _unquoted(value: str) -> str:
    value = value.strip()
    if len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1]
    return value


def _head(read: _Read) -> Head:
    left = dict(read.fields)
    warnings = {
        read.at[key]: f"the {key} {left[key]!r} is not understood; write it like {example}"
        for key, (fits, example) in UNDERSTOOD.items()
        if left.get(key) and not fits(left[key])
    } | {
        number: f"{_short(line)!r} is not `key: value` and was kept aside; correct the line"
        for number, line in read.stray.items()
    }
    kept = {key: left.pop(key) for key, told in read.at.items() if told in warnings}
    return Head(
        title=" ".join(left.pop("title", "").split()),
        date=left.pop("date", ""),
        source=left.pop("source", ""),
        author=left.pop("author", ""),
        place=left.pop("place", ""),
        url=left.pop("url", ""),
        external_id=left.pop("id", ""),
        language=left.pop("language", ""),
        section=left.pop("section", ""),
        meta=left | kept | {f"line {number}": line for number, line in read.stray.items()},
        warnings=tuple(f"line {number}: {told}" for number, told in sorted(warnings.items())),
    )


def _short(line: str) -> str:
    return line if len(line) <= SHOWN else f"{line[: SHOWN - 1]}…"
