"""The lines under a headline: who wrote the article, where it appeared, and on which day.

They stay in the text and are nobody's sentence. Nothing is guessed: a line that is not wholly one
of these is the beginning of the article.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from annotator.corpus.dates import iso_date
from annotator.corpus.layout import FINAL_MARK, Span

MOST_LINES = 4
LONGEST = 80
"""Characters of the longest line that is looked at."""

BYLINE = re.compile(r"(?:by|von|par|por)\s+(?P<author>\S.*)", re.IGNORECASE)
PUBLISHED = re.compile(r"(?:published|posted|date)(?:\s+on)?\s*:?\s+", re.IGNORECASE)
SEPARATOR = re.compile(r"\s*[|·•]\s*|\s+[–—-]\s+|,\s+")
SMALL = frozenset(
    {"a", "al", "and", "bin", "da", "de", "del", "della", "der", "di", "du", "el", "et", "la"}
    | {"le", "of", "the", "und", "van", "von", "y"}
)
"""Words within a name that begin with a small letter."""

OUTLET = re.compile(
    r"\b(?:agency|broadcasting|bulletin|chronicle|courier|daily|dispatch|examiner|express|gazette"
    r"|globe|guardian|herald|independent|journal|ledger|mail|mercury|mirror|monitor|news|newswire"
    r"|observer|online|post|press|radio|record|register|reporter|review|sentinel|standard|star"
    r"|telegraph|television|times|today|tribune|tv|weekly|wire|zeitung)\b",
    re.IGNORECASE,
)
"""One of these is in a line that names an outlet; any other line may be a second headline."""


class Under(NamedTuple):
    """Where the lines lie, and what they say; ``date`` as it is written."""

    spans: tuple[Span, ...] = ()
    author: str = ""
    source: str = ""
    date: str = ""

    @property
    def end(self) -> int:
        """Where the article itself can begin."""
        return self.spans[-1][1] if self.spans else 0


NOTHING_UNDER = Under()


def read_under(text: str, start: int) -> Under:
    """The lines behind a headline that ends at ``start``; nothing without an author or a date.

    >>> read_under("Talks fail\\nBy Ines Tarro\\n14 March 2031\\n\\nThe talks failed.", 10)
    Under(spans=((11, 24), (25, 38)), author='Ines Tarro', source='', date='14 March 2031')
    """
    found = NOTHING_UNDER
    # An outlet is believed once a line says who wrote for it, or when.
    sure = found
    for line in _lines(text, start):
        told = _told(text[slice(*line)])
        if told is None or any(getattr(found, name) for name in told):
            break
        found = found._replace(spans=(*found.spans, line), **told)
        if found.author or found.date:
            sure = found
    return sure


def _lines(text: str, start: int) -> Iterator[Span]:
    """The next lines, without the empty ones and the white space around them."""
    number = 0
    for match in re.finditer(r"[^\n]+", text[start:]):
        bare = match[0].strip()
        if not bare:
            continue
        number += 1
        if number > MOST_LINES or len(bare) > LONGEST:
            return
        begins = start + match.start() + match[0].index(bare)
        yield begins, begins + len(bare)


def _told(line: str) -> dict[str, str] | None:
    """What a line says by field; None where it is more than that."""
    told: dict[str, str] = {}
    for part in _parts(line):
        kind, value = _part(part)
        if not kind or kind in told:
            return None
        told[kind] = value
    return told


def _parts(line: str) -> list[str]:
    """A line in its parts; a date keeps its comma."""
    if iso_date(PUBLISHED.sub("", line, count=1))[1] == "day":
        return [line]
    for match in SEPARATOR.finditer(line):
        if _part(line[match.end() :])[0] and _part(line[: match.start()])[0]:
            return [line[: match.start()], line[match.end() :]]
    return [line]


def _part(part: str) -> tuple[str, str]:
    written = PUBLISHED.sub("", part, count=1)
    if iso_date(written)[1] == "day":
        return "date", written
    if (match := BYLINE.fullmatch(part)) and _is_name(match["author"]):
        return "author", match["author"]
    if OUTLET.search(part) and _is_name(part):
        return "source", part
    return "", ""


def _is_name(words: str) -> bool:
    """Whether every word begins with a capital letter, but for the small ones within a name."""
    if FINAL_MARK.search(words):
        return False
    return all(
        word in SMALL or not word[0].isalpha() or word[0].isupper() for word in words.split()
    )
