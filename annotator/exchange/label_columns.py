"""Where anybody's table of labels keeps what, and what its cells say: labels, or yes and no."""

from __future__ import annotations

import ast
import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from annotator.core.errors import TableError
from annotator.core.table import LIST_MARK, Table

YES = {"1", "1.0", "true", "t", "yes", "y", "x", "✓", "✔", "☒"}
NO = {"0", "0.0", "false", "f", "no", "n"}
NOT_ASKED = {"-1", "-1.0", "na", "n/a", "nan", "none", "null", "<na>"}
"""What cells of yes/no columns say, in small letters; a blank is told by the others."""

DELIMITERS = ("|", ";", ",", "/")
"""What may stand between several labels of a cell, the likeliest first."""

CODERS = ("coder", "annotator", "rater", "worker", "judge")
LABELS = ("labels", "label", "code", "codes", "frame", "frames", "stance", "class", "category")
TARGETS = ("target", "topic", "about")
"""The names under which published tables keep these, the likeliest first."""

MOST_NAMED = 20
"""Values that a fault names; more mean that the wrong column was named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Where a table keeps what; an empty name is a column that it has not.

    ``labels`` is one column whose cells name labels, or several: each stands for a label and
    says yes or no, or all of them hold labels. ``given`` is a column that says yes or no to the
    label of its row. ``by_target`` and ``by_coder`` are columns of labels, each by the target or
    coder it is about; they stand in place of ``labels``.
    """

    labels: tuple[str, ...] = ()
    by_target: Mapping[str, str] = field(default_factory=dict)
    by_coder: Mapping[str, str] = field(default_factory=dict)
    given: str = ""
    text: str = ""
    id_: str = ""
    target: str = ""
    coder: str = ""
    delimiter: str = ""

    @property
    def of_labels(self) -> tuple[str, ...]:
        """Every column that holds labels or stands for one."""
        return (*self.labels, *self.by_target.values(), *self.by_coder.values())

    @property
    def named(self) -> tuple[str, ...]:
        """Every column that is named."""
        others = (self.given, self.text, self.id_, self.target, self.coder)
        return (*self.of_labels, *filter(None, others))


def matching(table: Table, patterns: Iterable[str]) -> tuple[str, ...]:
    """The columns that fit patterns like ``frame_*``, in the order of the table."""
    wanted = list(patterns)
    for pattern in wanted:
        if not any(fnmatchcase(column, pattern) for column in table.columns):
            raise TableError(
                f"{table.name}: no column is like {pattern!r}; "
                f"the columns are: {', '.join(table.columns)}"
            )
    return tuple(
        column for column in table.columns if any(fnmatchcase(column, one) for one in wanted)
    )


def likely(table: Table, names: Sequence[str]) -> str:
    """The column of the first of these names that the table has, in any case; else empty."""
    known = {column.casefold(): column for column in table.columns}
    return next((known[name] for name in names if name in known), "")


def says_yes_or_no(table: Table, columns: Sequence[str], not_asked: Collection[str] = ()) -> bool:
    """Whether all cells of these columns say yes, no or nothing, and some of them something."""
    found = {row[column].strip().casefold() for column in columns for row in table.rows}
    other = {word.strip().casefold() for word in not_asked}
    return bool(found & (YES | NO)) and found <= YES | NO | NOT_ASKED | other | {""}


def truths(
    table: Table, columns: Sequence[str], not_asked: Collection[str]
) -> Callable[[str], bool | None]:
    """Reads the cells of yes/no columns: yes, no, or None where nobody was asked.

    A blank is no in a table that only marks what is there, and not asked where no is written
    out. Raises ``TableError`` that names all cells that are neither.
    """
    counts = Counter(row[column].strip() for column in columns for row in table.rows)
    own = {word.strip().casefold() for word in not_asked}
    writes_no = any(written.casefold() in NO - own for written in counts)
    read: dict[str, bool | None] = {}
    strange: list[str] = []
    for written, count in counts.items():
        word = written.casefold()
        if word in own or word in NOT_ASKED or (not word and writes_no):
            read[written] = None
        elif word in YES or word in NO or not word:
            read[written] = word in YES
        else:
            strange.append(f"{written!r} ({count})")
    if strange:
        more = f" and {len(strange) - MOST_NAMED} more" if len(strange) > MOST_NAMED else ""
        raise TableError(
            f"{table.name}: column {', '.join(columns)}: {', '.join(strange[:MOST_NAMED])}{more}: "
            "is neither yes nor no; correct the cells, or say that nobody was asked there: "
            "--not-asked VALUE"
        )
    return lambda cell: read[cell.strip()]


class Cells:
    """The labels in the cells of a column; a whole cell that is a label is never cut.

    ``is_label`` tells what is one. Without a delimiter, one is guessed: the one by which most of
    the cells that are no label fall into labels.
    """

    def __init__(
        self,
        table: Table,
        columns: Sequence[str],
        delimiter: str,
        is_label: Callable[[str], bool],
    ) -> None:
        self._is_label = is_label
        self._lists = bool(table.lists & set(columns))
        self._read: dict[str, tuple[str, ...]] = {}
        self.delimiter = delimiter
        self.guessed = ""
        if not delimiter and not self._lists:
            cells = {row[column].strip() for column in columns for row in table.rows}
            whole = [cell for cell in cells if cell and not is_label(cell) and not listed(cell)]
            self.delimiter = self.guessed = self._guess(whole)

    def labels(self, cell: str) -> tuple[str, ...]:
        """The labels of a cell, each once."""
        found = self._read.get(cell)
        if found is None:
            parts = self._parts(cell.strip())
            found = tuple(dict.fromkeys(" ".join(part.split()) for part in parts if part.strip()))
            self._read[cell] = found
        return found

    def _parts(self, cell: str) -> Sequence[str]:
        if (several := listed(cell)) is not None:
            return several
        mark = LIST_MARK if self._lists else self.delimiter
        if not mark or self._is_label(cell):
            return [cell]
        return cell.split(mark)

    def _guess(self, whole: Sequence[str]) -> str:
        def known(mark: str) -> int:
            return sum(_all(self._is_label, cell.split(mark)) for cell in whole if mark in cell)

        best = max(DELIMITERS, key=known)
        return best if known(best) else ""


def _all(is_label: Callable[[str], bool], parts: Sequence[str]) -> bool:
    named = [part.strip() for part in parts if part.strip()]
    return bool(named) and all(map(is_label, named))


def delimiter_of(cells: Collection[str]) -> str:
    """What stands between labels where nothing is known of them; empty where each is one.

    Labels come again in other cells, so cutting where they are joined leaves fewer of them.

    >>> delimiter_of(["law", "law;trade", "trade"]), delimiter_of(["Law, order", "Trade, tax"])
    (';', '')
    """
    whole = {cell.strip() for cell in cells if cell.strip() and listed(cell) is None}
    for mark in DELIMITERS[:-1]:
        parts = {part.strip() for cell in whole for part in cell.split(mark) if part.strip()}
        if any(mark in cell for cell in whole) and len(parts) < len(whole):
            return mark
    return ""


def listed(cell: str) -> list[str] | None:
    """The entries of a list that JSON or Python wrote into a cell; None where it is none.

    >>> listed('["law", "trade"]'), listed("['law']"), listed("[law]")
    (['law', 'trade'], ['law'], None)
    """
    cell = cell.strip()
    if not (cell.startswith("[") and cell.endswith("]")):
        return None
    for read in (json.loads, ast.literal_eval):
        try:
            found = read(cell)
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            continue
        if isinstance(found, list) and all(isinstance(one, str | int | float) for one in found):
            return [str(one) for one in found if one != ""]
    return None


NUMBER = re.compile(r"([+-]?)(\d+)(?:\.0+)?")


def number(written: str) -> str:
    """A whole number as it is written shortest; empty where it is none.

    >>> number("1.0"), number("+1"), number("-1"), number("one")
    ('1', '1', '-1', '')
    """
    found = NUMBER.fullmatch(written.strip())
    if not found or not found[2].isascii() or len(found[2]) > 9:
        return ""
    value = int(found[2])
    return f"-{value}" if found[1] == "-" and value else str(value)
