"""A table as it was read from a file: rows of cells, all of them text."""

from __future__ import annotations

from dataclasses import dataclass, field

from annotator.core.errors import ReadError

LONGEST_CODER = 100
LIST_MARK = "|"
"""What stands between the values of a cell that held a list, in JSON or Parquet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table as it was read; every row has every column, empty where the file has nothing.

    ``lines`` tells where each row begins: its line in a text file, else its number from 1.
    ``lists`` names the columns with cells that held lists; their values are joined by ``|``.
    """

    name: str
    columns: tuple[str, ...]
    rows: list[dict[str, str]]
    lines: list[int] = field(repr=False)
    sha256: str = field(repr=False)
    lists: frozenset[str] = frozenset()
    encoding: str = "utf-8"

    def need(self, column: str) -> str:
        """The column, if the table has it; ReadError names those it has."""
        if column not in self.columns:
            have = ", ".join(self.columns)
            raise ReadError(f"{self.name}: there is no column {column!r}; the columns are: {have}")
        return column


def check_coder(name: str, line: int, coder: str) -> None:
    """Any name is a coder's name that is not empty and not a whole sentence."""
    if not coder.strip():
        raise ReadError(f"{name}: line {line}: names no coder; fill the cell, or give --coder")
    if len(coder) > LONGEST_CODER:
        raise ReadError(
            f"{name}: line {line}: the coder's name is longer than {LONGEST_CODER} characters; "
            "shorten it"
        )
