"""Anybody's table of labels: which codes its rows give, by the names people write for codes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from annotator.core.codebook import Variable
from annotator.core.errors import TableError
from annotator.core.table import Table
from annotator.exchange.label_columns import Cells, Columns, delimiter_of, says_yes_or_no
from annotator.exchange.label_forms import (
    LEFT_OUT,
    MOST_NAMED,
    NO_CODE,
    Reading,
    Said,
    Understanding,
)
from annotator.exchange.label_names import Names

UNKNOWN = "?"
"""The code of a label that is none, where matches are proposed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledRow:
    """What one coder said of one unit in a row: no codes mean asked, and none given."""

    line: int
    id_: str
    text: str
    coder: str
    target: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """How one label of the table was understood, and in how many rows it stands.

    ``code`` may be ``NO_CODE`` or ``LEFT_OUT``.
    """

    label: str
    code: str
    rows: int

    def line(self) -> str:
        """The match in words."""
        said = {NO_CODE: "no code", LEFT_OUT: "left out"}.get(self.code, self.code)
        return f"{self.label or 'an empty cell'} → {said}: {self.rows:,} rows"


class Labelled(NamedTuple):
    """The rows with their codes, the mapping of labels, and what is to be told of them."""

    rows: list[LabelledRow]
    mapping: list[Match]
    notes: list[str]


def read_labels(
    table: Table,
    variable: Variable,
    columns: Columns,
    coder: str,
    understanding: Understanding | None = None,
) -> Labelled:
    """The rows with their codes and the mapping of labels; raises ``TableError``."""
    for column in columns.named:
        table.need(column)
    reading = Reading(table, variable, columns, understanding or Understanding())
    said = [one._replace(coder=one.coder or coder) for one in reading.said()]
    counts = Counter(label for one in said for label in one.labels or ())
    codes = reading.understood(counts)
    targets = _targets(table, variable, columns, said)
    rows, not_asked, left_out = [], 0, 0
    for one in said:
        given = [codes[label] for label in one.labels or ()]
        if one.labels is None or LEFT_OUT in given:
            not_asked, left_out = not_asked + (one.labels is None), left_out + bool(given)
            continue
        cells = table.rows[one.row]
        rows.append(
            LabelledRow(
                line=table.lines[one.row],
                id_=" ".join(cells[columns.id_].split()) if columns.id_ else "",
                text=cells[columns.text] if columns.text else "",
                coder=one.coder,
                target=targets(one.target),
                codes=tuple(dict.fromkeys(code for code in given if code != NO_CODE)),
            )
        )
    notes = [*reading.notes]
    if not_asked := not_asked - reading.partly_left:
        notes.append(f"{not_asked:,} rows say that nobody was asked, and are left out")
    if left_out:
        notes.append(f"{left_out:,} rows carry a label that is to be left out")
    mapping = [Match(label=label, code=codes[label], rows=rows) for label, rows in counts.items()]
    return Labelled(rows, sorted(mapping, key=lambda match: (-match.rows, match.label)), notes)


def labels_of(table: Table, columns: Columns, not_asked: Collection[str] = ()) -> list[str]:
    """The labels of a table of which no codebook is known, in the order of their appearance."""
    for column in columns.named:
        table.need(column)
    if columns.given:
        return list(dict.fromkeys(row[columns.labels[0]].strip() for row in table.rows))
    if len(columns.labels) > 1 and says_yes_or_no(table, columns.labels, not_asked):
        return list(columns.labels)
    cells = Cells(table, columns.of_labels, delimiter_in(table, columns), lambda written: False)
    return list(
        dict.fromkeys(
            label
            for row in table.rows
            for column in columns.of_labels
            for label in cells.labels(row[column])
        )
    )


def delimiter_in(table: Table, columns: Columns) -> str:
    """What stands between the labels of a cell: as it is given, else as the cells tell."""
    if columns.delimiter or table.lists & set(columns.of_labels):
        return columns.delimiter
    for column in columns.of_labels:
        table.need(column)
    return delimiter_of([row[column] for row in table.rows for column in columns.of_labels])


def propose(
    table: Table, variable: Variable, columns: Columns, understanding: Understanding
) -> list[Match]:
    """The labels of the table with the codes they seem to be, those that are none in front."""
    for column in columns.named:
        table.need(column)
    reading = Reading(table, variable, columns, understanding)
    said = list(reading.said())
    counts = Counter(label for one in said for label in one.labels or ())
    found = reading.found(counts)
    matches = [
        Match(label=label, code=UNKNOWN if code is None else code, rows=counts[label])
        for label, code in found.items()
    ]
    if reading.in_cells and (empty := [one.labels for one in said if not one.labels]):
        code = LEFT_OUT if columns.by_coder else NO_CODE
        matches.append(Match(label="", code=code, rows=len(empty)))
    return sorted(matches, key=_unknown_first)


def _unknown_first(match: Match) -> tuple[bool, bool, int, str]:
    return match.code != UNKNOWN, not match.label, -match.rows, match.label


def _targets(
    table: Table, variable: Variable, columns: Columns, said: Sequence[Said]
) -> Callable[[str], str]:
    names = variable.target_names
    if not columns.target and not columns.by_target:
        if len(names) > 1:
            raise TableError(
                f"{table.name}: {variable.name} is asked for {len(names)} targets "
                f"({', '.join(names)}); name the column that tells which: --target COL"
            )
        return lambda written: names[0]
    if variable.targets is None:
        raise TableError(f"{table.name}: {variable.name} has no targets; leave out --target")
    known = Names((target.name, [target.title, *target.aliases]) for target in variable.targets)
    counts = Counter(one.target for one in said if one.labels is not None)
    unknown = [f"{one!r} ({count})" for one, count in counts.items() if not known.find(one)]
    if unknown:
        more = f" and {len(unknown) - MOST_NAMED} more" if len(unknown) > MOST_NAMED else ""
        where = columns.target or "--labels-for"
        raise TableError(
            f"{table.name}: {where}: no target of {variable.name} is "
            f"{', '.join(unknown[:MOST_NAMED])}{more}; there are {', '.join(known.all)}; "
            "correct them, or leave the rows out"
        )
    return known.find
