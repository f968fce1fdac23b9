"""Anybody's table of labels: which codes its rows give, by the names people write for codes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from annotator.core.codebook import Variable
from annotator.core.errors import TableError
from annotator.core.table import LIST_MARK, Table

MOST_NAMED = 50
"""Unknown labels that a fault names; more mean that the wrong column was named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Where a table keeps what; an empty name is a column that it has not."""

    labels: str
    text: str = ""
    id_: str = ""
    target: str = ""
    coder: str = ""
    delimiter: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledRow:
    """One row: no codes mean that the coder was asked and gave none."""

    line: int
    id_: str
    text: str
    coder: str
    target: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """How one label of the table was understood, and in how many rows it stands."""

    label: str
    code: str
    rows: int


def read_labels(
    table: Table, variable: Variable, columns: Columns, coder: str
) -> tuple[list[LabelledRow], list[Match]]:
    """The rows with their codes and the mapping of labels; raises ``TableError``."""
    for column in (columns.labels, columns.text, columns.id_, columns.target, columns.coder):
        if column:
            table.need(column)
    split = [_labels(row[columns.labels], columns, table) for row in table.rows]
    counts = Counter(label for labels in split for label in dict.fromkeys(labels))
    codes = _understood(
        table.name,
        f"{columns.labels}: is no code of {variable.name}",
        counts,
        Names((code.name, [code.title]) for code in variable.answers),
        "correct them, add the codes to the codebook, or leave the cell empty for none",
    )
    targets = _targets(table, variable, columns)
    rows = [
        LabelledRow(
            line=line,
            id_=row[columns.id_].strip() if columns.id_ else "",
            text=row[columns.text] if columns.text else "",
            coder=row[columns.coder].strip() if columns.coder else coder,
            target=targets(row),
            codes=tuple(dict.fromkeys(codes[label] for label in labels)),
        )
        for line, row, labels in zip(table.lines, table.rows, split, strict=True)
    ]
    mapping = [Match(label=label, code=codes[label], rows=rows) for label, rows in counts.items()]
    return rows, sorted(mapping, key=lambda match: (-match.rows, match.label))


def _labels(cell: str, columns: Columns, table: Table) -> list[str]:
    mark = LIST_MARK if columns.labels in table.lists else columns.delimiter
    parts = cell.split(mark) if mark else [cell]
    return [part.strip() for part in parts if part.strip()]


def _targets(table: Table, variable: Variable, columns: Columns) -> Callable[[dict[str, str]], str]:
    names = variable.target_names
    if not columns.target:
        if len(names) > 1:
            raise TableError(
                f"{table.name}: {variable.name} is asked for {len(names)} targets "
                f"({', '.join(names)}); name the column that tells which: --target COL"
            )
        return lambda row: names[0]
    if variable.targets is None:
        raise TableError(f"{table.name}: {variable.name} has no targets; leave out --target")
    counts = Counter(row[columns.target].strip() for row in table.rows)
    known = _understood(
        table.name,
        f"{columns.target}: is no target of {variable.name}",
        counts,
        Names((target.name, [target.title, *target.aliases]) for target in variable.targets),
        "correct them, or leave the rows out",
    )
    return lambda row: known[row[columns.target].strip()]


def _understood(
    name: str, fault: str, counts: Counter[str], names: Names, remedy: str
) -> dict[str, str]:
    """What each of these is; all that are nothing are named at once."""
    found = {written: names.find(written) for written in counts}
    unknown = [f"{written!r} ({counts[written]})" for written, known in found.items() if not known]
    if unknown:
        listed = ", ".join(unknown[:MOST_NAMED])
        more = f" and {len(unknown) - MOST_NAMED} more" if len(unknown) > MOST_NAMED else ""
        raise TableError(
            f"{name}: {fault}: {listed}{more}; there are {', '.join(names.all)}; {remedy}"
        )
    return {written: known for written, known in found.items() if known}


class Names:
    """Finds a code or target by its name, a title, either in another case, or as a slug.

    >>> names = Names([("health-safety", ["Health & Safety"]), ("law", ["Law"])])
    >>> names.find("Health & Safety"), names.find("LAW"), names.find("health safety")
    ('health-safety', 'law', 'health-safety')
    >>> names.find("Economy")
    ''
    """

    def __init__(self, named: Iterable[tuple[str, Sequence[str]]]) -> None:
        settled = list(named)
        self.all = [name for name, _ in settled]
        self._steps: list[tuple[Callable[[str], str], dict[str, set[str]]]] = []
        for only_names, form in ((True, str), (False, str), (False, str.casefold), (False, slug)):
            known: dict[str, set[str]] = {}
            for name, titles in settled:
                for written in (name, *(() if only_names else titles)):
                    known.setdefault(form(written), set()).add(name)
            self._steps.append((form, known))

    def find(self, written: str) -> str:
        """The one name that this is the strictest match for; empty where there is none."""
        for form, known in self._steps:
            found = known.get(form(written), set()) if form(written) else set()
            if found:
                return min(found) if len(found) == 1 else ""
        return ""


def slug(written: str) -> str:
    """Words in lower case, joined by hyphens.

    >>> slug("Health & Safety!"), slug("health_and  safety")
    ('health-safety', 'health-and-safety')
    """
    return re.sub(r"[\W_]+", "-", written.casefold()).strip("-")
