"""Rows of a table to articles, by a mapping of fields to columns that is guessed or given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from annotator.corpus.article import Article
from annotator.corpus.format import Rows

FIELDS = (
    *("text", "title", "date", "author", "source"),
    *("place", "url", "id", "language", "section"),
)
"""What a column of a table can be, by the names users know; the others go to ``meta``."""


def guess(columns: Sequence[str], sample: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """The column of each field, for the fields that have one."""
    named = {column.casefold(): column for column in columns}
    return {name: named[name] for name in FIELDS if name in named}


def articles(rows: Rows, columns: Mapping[str, str], *, as_is: bool) -> Iterator[Article]:
    """An article of each row; ``columns`` names the column of each field."""
    taken = {column for column in columns.values() if column}
    found = {name: f"column {column}" for name, column in columns.items() if column}
    for row in rows.rows:
        cells = {name: row.cells.get(column, "") for name, column in columns.items() if column}
        yield Article(
            text=cells.get("text", ""),
            title=cells.get("title", ""),
            date=cells.get("date", ""),
            author=cells.get("author", ""),
            source=cells.get("source", ""),
            place=cells.get("place", ""),
            url=cells.get("url", ""),
            external_id=cells.get("id", ""),
            language=cells.get("language", ""),
            section=cells.get("section", ""),
            meta={key: value for key, value in row.cells.items() if key not in taken and value},
            found=found,
            at=f"line {row.line}",
            as_is=as_is,
        )
