"""One article and the units that coders judge in it; its text never changes after import."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, NamedTuple

Part = Literal["headline", "lead", "body"]
DatePrecision = Literal["day", "month", "year", ""]


NOTHING: Mapping[str, str] = MappingProxyType({})


# Named tuples are made in half the time of frozen dataclasses, and a table makes 100,000.
class Draft(NamedTuple):
    """One article as a reader found it in a file, before it has units.

    ``text`` begins with the title where one is known, as a paragraph of its own.
    ``published`` is ISO: ``2023-09-21``, ``2023-09`` or ``2023``, as ``date_precision`` says.
    ``headline_end`` is where the title ends in ``text``, in code points; 0 when there is no title.
    ``furniture`` are spans of ``text`` that are nobody's sentence: a date line, a dateline.
    ``found`` tells where the reader found each field: a column, a tag, the front matter.
    """

    text: str
    file: str
    file_sha256: str
    title: str = ""
    headline_end: int = 0
    furniture: tuple[tuple[int, int], ...] = ()
    published: str = ""
    date_precision: DatePrecision = ""
    author: str = ""
    source: str = ""
    place: str = ""
    url: str = ""
    external_id: str = ""
    language: str = ""
    section: str = ""
    meta: Mapping[str, str] = NOTHING
    found: Mapping[str, str] = NOTHING
    warnings: tuple[str, ...] = ()

    @property
    def origin(self) -> str:
        """What tells the same text from two outlets apart; fixed at import."""
        return self.external_id or self.url or f"{self.source}|{self.published}"

    @property
    def document_id(self) -> str:
        """Sixteen hex digits of the SHA-256 of text and origin."""
        return hashlib.sha256(f"{self.text}\0{self.origin}".encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """Where one unit lies: ``[start, end)`` in code points of the document's text."""

    start: int
    end: int
    paragraph: int
    part: Part


NOT_LETTERS = re.compile(r"[\W_]+")


def letters_of(text: str) -> int:
    """A number of 64 bits that is the same for the same words, however they are set.

    >>> letters_of("The bridge is open.") == letters_of("THE BRIDGE\\n\\nis open")
    True
    """
    letters = NOT_LETTERS.sub("", text.casefold())
    digest = hashlib.sha256(letters.encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def unit_id(document_id: str, start: int, end: int) -> str:
    """The name of a unit in every table and export.

    >>> unit_id("9f86d081884c7d65", 49, 293)
    '9f86d081884c7d65:49-293'
    """
    return f"{document_id}:{start}-{end}"
