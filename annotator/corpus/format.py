"""What a format is: how it is told by its content, and how its articles or rows are read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass
from typing import NamedTuple

from annotator.corpus.article import Article
from annotator.corpus.file import File

Fits = Callable[[File], bool]
"""Whether a file is of a format: by its first bytes and, where these leave it open, its name."""

ReadArticles = Callable[[File], Iterator[Article]]
"""The articles of a file, one by one; raises ``ReadError`` in one sentence that names the file."""


class Row(NamedTuple):
    """One row of a table: the line on which it begins (else its number), and its cells."""

    line: int
    cells: Mapping[str, str]


class Rows(NamedTuple):
    """A table as it is read: its columns, and its rows one by one.

    ``columns`` are those of the header or, where a format has none, of the first row; a later
    row may have more. ``lists`` are columns whose cells held lists, joined by ``|``; it grows
    with the rows. ``place`` is what the number of a row counts: ``line`` or ``row``.
    """

    columns: tuple[str, ...]
    rows: Iterator[Row]
    encoding: str = "utf-8"
    lists: Set[str] = frozenset()
    place: str = "line"
    warnings: tuple[str, ...] = ()


ReadRows = Callable[[File], Rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One kind of file. Either ``articles`` or ``rows`` reads it.

    ``name`` is short and stable (``factiva-html``), ``title`` what people call it. ``suffixes``
    are shown to users, and offered by file choosers.
    """

    name: str
    title: str
    suffixes: tuple[str, ...]
    fits: Fits
    articles: ReadArticles | None = None
    rows: ReadRows | None = None


def by_suffix(*suffixes: str) -> Fits:
    """A test by the name alone, for formats whose content looks like anything."""
    return lambda file: file.suffix in suffixes


def by_magic(*beginnings: bytes) -> Fits:
    """A test by the very first bytes."""
    return lambda file: file.head.startswith(beginnings)
