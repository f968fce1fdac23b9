"""The long table for Excel: the same columns and rows, which nothing in a text can turn against it.

Excel takes a CSV file for UTF-8 only where a byte order mark says so, and runs a cell that begins
with ``=``, ``+``, ``-`` or ``@`` as a formula, whoever wrote it. Where its separator is the
semicolon it also cuts cells at the semicolons and line ends inside them, so that the middle of a
text can become the beginning of a cell. Source: OWASP, CSV Injection.

The rule: every place in a text cell that begins with such a character, after any apostrophes and
quotation marks, gets one more apostrophe in front; reading takes one away.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, TextIO

from annotator.core.codebook import Scheme
from annotator.core.records import CodingRecord
from annotator.exchange import labels_csv
from annotator.exchange.columns import NUMERIC
from annotator.exchange.csv_text import END, Quote, quoting, rows_of

# Whoever writes an export does not wait for what reads tables.
if TYPE_CHECKING:
    from annotator.core.table import Table

MARK = "\ufeff"
LONGEST_CELL = 32_767
"""Characters of a cell that Excel shows, in UTF-16 as it counts them."""

MOST_ROWS = 1_048_575
"""Rows of a sheet below its header."""

_FORMULA = "=+\\-@＝＋－＠"
_EXPOSED = rf"""\A(?=["']*[{_FORMULA}\t\r\n])|(?<=[;\r\n])(?=["']*[{_FORMULA}])"""
_TO_GUARD = re.compile(_EXPOSED)
_TO_BARE = re.compile(_EXPOSED.replace("(?=", "'(?="))
# Of whole lines: whether a cell of them may have to be guarded. Numbers below zero are found too.
_SUSPECT = re.compile(rf"""[,;"\r\n]["']*[{_FORMULA}\t]|,"["']*[\r\n]""")
_TEXT = [name not in NUMERIC for name in labels_csv.COLUMNS]


class Written(NamedTuple):
    """What a file for Excel holds; ``long_cells`` are whole in it, and Excel cuts them."""

    rows: int
    long_cells: int

    def warnings(self) -> list[str]:
        """What Excel will not show, one sentence each."""
        told = []
        if self.long_cells:
            cells = "1 cell is" if self.long_cells == 1 else f"{self.long_cells:,} cells are"
            told.append(
                f"{cells} longer than the {LONGEST_CELL:,} characters that Excel shows; the file "
                "has them whole, and saving it from Excel would cut them"
            )
        if self.rows > MOST_ROWS:
            told.append(
                f"Excel shows {MOST_ROWS:,} of the {self.rows:,} rows; saving the file from Excel "
                "would lose the others"
            )
        return told


def write(
    codings: Iterable[CodingRecord], schemes: Mapping[int, Scheme], current: Scheme, out: TextIO
) -> Written:
    """Write the long table so that Excel shows every text as it is."""
    guarded = _Guarded(out)
    rows = labels_csv.write(codings, schemes, current, guarded)
    return Written(rows, guarded.long_cells)


def guard(cell: str) -> str:
    """The cell with an apostrophe wherever Excel could take what follows for a formula.

    >>> guard("=1+1"), guard("'=1+1"), guard("a; =1"), guard("a;=1")
    ("'=1+1", "''=1+1", 'a; =1', "a;'=1")
    """
    return _TO_GUARD.sub("'", cell)


def bare(cell: str) -> str:
    """What ``guard`` was given.

    >>> bare("'=1+1"), bare("''=1+1"), bare("'tis so")
    ('=1+1', "'=1+1", "'tis so")
    """
    return _TO_BARE.sub("", cell) if "'" in cell else cell


def is_variant(table: Table) -> bool:
    """Whether a long table is the one for Excel; the plain one is UTF-8 without a mark."""
    return table.encoding != "utf-8"


def without_guards(table: Table) -> Table:
    """The table with every text as it was before it was written for Excel."""
    texts = [name for name in table.columns if name not in NUMERIC]
    return replace(
        table, rows=[row | {name: bare(row[name]) for name in texts} for row in table.rows]
    )


class _Guarded(io.StringIO):
    """Takes whole lines of the long table and hands them on guarded."""

    def __init__(self, out: TextIO) -> None:
        super().__init__(newline="")
        self.long_cells = 0
        self._out = out
        self._quote = quoting()
        self._begun = False

    def write(self, text: str) -> int:
        # Most lines hold nothing to guard, and reading them all took as long as writing them.
        if len(text) > LONGEST_CELL // 2 or _SUSPECT.search(text):
            text = self._guarded(text, self._quote)
        self._out.write(text if self._begun else MARK + text)
        self._begun = True
        return len(text)

    def _guarded(self, text: str, quote: Quote) -> str:
        lines = []
        for cells in rows_of(text):
            kept = [
                guard(cell) if is_text else cell for cell, is_text in zip(cells, _TEXT, strict=True)
            ]
            self.long_cells += sum(map(_is_long, kept))
            lines.append(quote(kept) + END)
        return "".join(lines)


def _is_long(cell: str) -> bool:
    if len(cell) <= LONGEST_CELL // 2:
        return False
    return len(cell.encode("utf-16-le")) // 2 > LONGEST_CELL
