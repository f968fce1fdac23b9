"""The forms in which tables carry labels, each read into what its rows say, and then into codes."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, NamedTuple

from annotator.core.codebook import Variable
from annotator.core.errors import TableError
from annotator.core.table import Table
from annotator.exchange.label_columns import Cells, Columns, number, says_yes_or_no, truths
from annotator.exchange.label_names import NUMBERS, Names, aliases_of, is_stance

MOST_NAMED = 50
"""Unknown labels that a fault names; more mean that the wrong column was named."""

MOST_PROPOSED = 3
"""Unknown labels for which a fault writes out the option to give."""

NO_CODE = ""
LEFT_OUT = "-"
"""What a label may stand for instead of a code: asked and left empty; the row is left out."""

Partly = Literal["refuse", "leave-out", "no"]
"""What becomes of a row where some codes of the variable were asked and others were not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Understanding:
    """How labels and cells are to be understood, where their words do not tell.

    ``codes`` is the code of a label, ``NO_CODE`` or ``LEFT_OUT``; codes may be written by their
    titles. ``not_asked`` are cells of yes/no columns that mean nobody was asked.
    """

    codes: Mapping[str, str] = field(default_factory=dict)
    not_asked: Collection[str] = ()
    partly: Partly = "refuse"


class Said(NamedTuple):
    """What a row says, before its labels are understood; None where nobody was asked."""

    row: int
    coder: str
    target: str
    labels: tuple[str, ...] | None


class Seat(NamedTuple):
    """Whose answer about what: the unit as the table names it, its coder and target."""

    unit: str
    coder: str
    target: str


class Reading:
    """One table on its way to codes: the form it has, and what its rows say in that form."""

    def __init__(
        self, table: Table, variable: Variable, columns: Columns, how: Understanding
    ) -> None:
        self.table = table
        self.variable = variable
        self.columns = columns
        self.how = how
        self.names = Names(
            ((code.name, [code.title]) for code in variable.answers), aliases=aliases_of(variable)
        )
        given = {label: self._code(label, code) for label, code in how.codes.items()}
        self.given = given | {" ".join(label.split()): code for label, code in given.items()}
        self.notes: list[str] = []
        self.partly_left = 0

    def said(self) -> Iterator[Said]:
        """What each row says, in the form that the table has."""
        if self.columns.given:
            yield from self._one_question_a_row()
        elif self.in_cells:
            yield from self._labels_in_cells()
        else:
            yield from self._one_column_a_label()

    @cached_property
    def in_cells(self) -> bool:
        """Whether the labels are what cells say, and not what columns are called."""
        return not self.columns.given and not self._is_yes_no()

    def _is_yes_no(self) -> bool:
        """Whether each column stands for a label: all are labels, or their cells say yes and no.

        A single column is one of labels wherever its cells are.
        """
        columns = self.columns.labels
        if not columns or not says_yes_or_no(self.table, columns, self.how.not_asked):
            return len(columns) > 1 and all(map(self._is_label, columns))
        if len(columns) > 1:
            return True
        cells = {row[columns[0]].strip() for row in self.table.rows}
        return self._is_label(columns[0]) and not all(map(self._is_label, filter(None, cells)))

    def _labels_in_cells(self) -> Iterator[Said]:
        columns = self.columns
        cells = Cells(self.table, columns.of_labels, columns.delimiter, self._is_label)
        if cells.guessed:
            self.notes.append(f"{cells.guessed!r} was taken as what parts several labels of a cell")
        places = [
            *((coder, "", column) for coder, column in columns.by_coder.items()),
            *(("", target, column) for target, column in columns.by_target.items()),
        ]
        for at, row in enumerate(self.table.rows):
            coder, target = self._about(row)
            if columns.labels:
                several = [cells.labels(row[column]) for column in columns.labels]
                yield self._cell(at, coder, target, tuple(dict.fromkeys(sum(several, ()))))
            for of_coder, of_target, column in places:
                found = cells.labels(row[column])
                yield self._cell(at, of_coder or coder, of_target or target, found)

    def _cell(self, at: int, coder: str, target: str, labels: tuple[str, ...]) -> Said:
        """An empty cell is asked and left empty; in a coder's own column, not coded."""
        if labels or ("" not in self.given and not self.columns.by_coder):
            return Said(at, coder, target, labels)
        return Said(at, coder, target, ("",) if "" in self.given else None)

    def _one_column_a_label(self) -> Iterator[Said]:
        columns = [column for column in self.columns.labels if self.given.get(column) != LEFT_OUT]
        self._refuse_without_column(columns)
        truth = truths(self.table, columns, self.how.not_asked)
        partly: list[tuple[int, str]] = []
        for at, row in enumerate(self.table.rows):
            coder, target = self._about(row)
            told = [truth(row[column]) for column in columns]
            labels = tuple(c for c, yes in zip(columns, told, strict=True) if yes)
            if None in told and any(one is not None for one in told):
                partly.append((at, columns[told.index(None)]))
                asked = self.how.partly == "no"
            else:
                asked = None not in told
            yield Said(at, coder, target, labels if asked else None)
        self._tell_partly(partly)

    def _one_question_a_row(self) -> Iterator[Said]:
        """Rows of one coder, unit and target are put together: each answers for one label."""
        first, together = self._answers()
        labels = list(dict.fromkeys(label for told in together.values() for label in told))
        self._refuse_without_column(labels)
        partly: list[tuple[int, str]] = []
        for seat, told in together.items():
            missing = next((label for label in labels if told.get(label) is None), None)
            given = tuple(label for label, yes in told.items() if yes)
            asked = missing is None
            if missing is not None and any(yes is not None for yes in told.values()):
                partly.append((first[seat], missing))
                asked = self.how.partly == "no"
            yield Said(first[seat], seat.coder, seat.target, given if asked else None)
        self._tell_partly(partly)

    def _answers(self) -> tuple[dict[Seat, int], dict[Seat, dict[str, bool | None]]]:
        """The first row of each coder, unit and target, and the answer to each label."""
        columns = self.columns
        if not columns.id_ and not columns.text:
            raise TableError(
                f"{self.table.name}: say which column tells the units apart: --id COL or --text COL"
            )
        if len(columns.labels) != 1:
            raise TableError(
                f"{self.table.name}: {columns.given} says yes or no to the label of one column; "
                "name that one with --labels"
            )
        truth = truths(self.table, [columns.given], self.how.not_asked)
        together: dict[Seat, dict[str, bool | None]] = {}
        first: dict[Seat, int] = {}
        for at, row in enumerate(self.table.rows):
            label = row[columns.labels[0]].strip()
            if self.given.get(label) == LEFT_OUT:
                continue
            seat = Seat(row[columns.id_ or columns.text].strip(), *self._about(row))
            told = together.setdefault(seat, {})
            yes = truth(row[columns.given])
            if told.setdefault(label, yes) != yes:
                raise TableError(
                    f"{self.table.name}: line {self.table.lines[at]}: says otherwise of {label!r} "
                    "than a row further up; keep one"
                )
            first.setdefault(seat, at)
        return first, together

    def _about(self, row: Mapping[str, str]) -> tuple[str, str]:
        """The coder and the target that a row names."""
        columns = self.columns
        coder = row[columns.coder].strip() if columns.coder else ""
        return coder, row[columns.target].strip() if columns.target else ""

    def _refuse_without_column(self, labels: Sequence[str]) -> None:
        """A code that no column stands for was not asked, and must not come out as 0."""
        named = {self.given.get(label) or self.names.find(label) for label in labels}
        missing = [code.name for code in self.variable.answers if code.name not in named]
        if "" in named or not missing:
            return  # a label that is no code is a fault of its own
        said = f"{len(missing)} codes of {self.variable.name} stand nowhere in the table"
        listed = ", ".join(missing[:MOST_NAMED])
        if self.how.partly == "no":
            self.notes.append(f"{said} and count as not given: {listed}")
            return
        raise TableError(
            f"{self.table.name}: {said} ({listed}), so nobody was asked about them, and a "
            "variable is asked as a whole; use a codebook with these codes alone (`annotator "
            "codebook draft` makes one), or count them as not given: --partly-asked no"
        )

    def _tell_partly(self, partly: Sequence[tuple[int, str]]) -> None:
        if not partly:
            return
        if self.how.partly != "refuse":
            done = "left out" if self.how.partly == "leave-out" else "taken as no"
            self.partly_left = len(partly) if self.how.partly == "leave-out" else 0
            self.notes.append(
                f"{len(partly):,} rows were asked about some codes of {self.variable.name} only: "
                f"{done}"
            )
            return
        at, label = partly[0]
        raise TableError(
            f"{self.table.name}: line {self.table.lines[at]}: {label!r} was not asked and others "
            f"were, as in {len(partly)} rows; a variable is asked as a whole: leave such rows out "
            "(--partly-asked leave-out), count what was not asked as not given (--partly-asked "
            "no), or give each column a variable of its own with the codes yes and no"
        )

    def found(self, counts: Counter[str]) -> dict[str, str | None]:
        """The code of each label; None where it is no code."""
        numbers = {number(label) for label in counts} - {""}
        is_scale = is_stance(self.variable) and "-1" in numbers and numbers <= set(NUMBERS)
        found: dict[str, str | None] = {}
        for label in counts:
            known = self.given.get(label, self.names.find(label) or None)
            if known is None and is_scale:
                known = NUMBERS.get(number(label))
            if known is None and label.casefold() == "none":
                known = NO_CODE
            found[label] = known
        return found

    def understood(self, counts: Counter[str]) -> dict[str, str]:
        """The code of each label; raises ``TableError`` that names all that have none."""
        found = self.found(counts)
        unknown = {label: counts[label] for label, known in found.items() if known is None}
        if unknown:
            raise TableError(self._unknown(unknown))
        return {label: known for label, known in found.items() if known is not None}

    def _unknown(self, unknown: Mapping[str, int]) -> str:
        where = ", ".join(self.columns.of_labels)
        named = [f"{label!r} ({count})" for label, count in unknown.items()]
        more = f" and {len(named) - MOST_NAMED} more" if len(named) > MOST_NAMED else ""
        first = list(unknown)[:MOST_PROPOSED]
        proposed = [f"{label}={self.names.nearest(label) or 'CODE'}" for label in first]
        maps = " ".join(f"--map {shlex.quote(one)}" for one in proposed)
        return (
            f"{self.table.name}: column {where}: no code of {self.variable.name} is "
            f"{', '.join(named[:MOST_NAMED])}{more}; there are {', '.join(self.names.all)}; say "
            f"what they are: {maps}{' …' if unknown.keys() - first else ''} (nothing behind = "
            "leaves the answer empty, - leaves the rows out)"
        )

    def _is_label(self, written: str) -> bool:
        return (
            written in self.given
            or bool(self.names.find(written))
            or written.casefold() == "none"
            or (is_stance(self.variable) and number(written) in NUMBERS)
        )

    def _code(self, label: str, written: str) -> str:
        if written in (NO_CODE, LEFT_OUT):
            return written
        found = self.names.find(written)
        if not found:
            near = self.names.nearest(written)
            raise TableError(
                f"--map {shlex.quote(f'{label}={written}')}: {self.variable.name} has no code "
                f"{written!r}; there are {', '.join(self.names.all)}"
                + (f"; did you mean {near}?" if near else "")
            )
        return found
