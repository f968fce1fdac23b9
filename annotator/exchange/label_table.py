"""Anybody's table of labels: which codes its rows give, by the names people write for codes."""

from __future__ import annotations

import re
import shlex
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Literal, NamedTuple

from annotator.core.codebook import Variable
from annotator.core.errors import TableError
from annotator.core.table import Table
from annotator.exchange.label_columns import Cells, Columns, number, says_yes_or_no, truths

MOST_NAMED = 50
"""Unknown labels that a fault names; more mean that the wrong column was named."""

NO_CODE = ""
LEFT_OUT = "-"
"""What a label may stand for instead of a code: asked and left empty; the row is left out."""

Partly = Literal["refuse", "leave-out", "no"]
"""What becomes of a row where some codes of the variable were asked and others were not."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Understanding:
    """How labels and cells are to be understood, where their words do not tell.

    ``codes`` is the code of a label, ``NO_CODE`` or ``LEFT_OUT``; codes may be written by their
    titles. ``not_asked`` are cells of yes/no columns that mean nobody was asked.
    """

    codes: Mapping[str, str] = field(default_factory=dict)
    not_asked: Collection[str] = ()
    partly: Partly = "refuse"


class Labelled(NamedTuple):
    """The rows with their codes, the mapping of labels, and what is to be told of them."""

    rows: list[LabelledRow]
    mapping: list[Match]
    notes: list[str]


class _Said(NamedTuple):
    """What a row says, before its labels are understood; None where nobody was asked."""

    row: int
    coder: str
    target: str
    labels: tuple[str, ...] | None


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
    reading = _Reading(table, variable, columns, understanding or Understanding())
    said = [one._replace(coder=one.coder or coder) for one in reading.said()]
    counts = Counter(label for one in said for label in one.labels or ())
    codes = reading.understood(counts)
    targets = _targets(table, variable, columns)
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
    if not_asked:
        notes.append(f"{not_asked:,} rows say that nobody was asked, and are left out")
    if left_out:
        notes.append(f"{left_out:,} rows carry a label that is to be left out")
    mapping = [Match(label=label, code=codes[label], rows=rows) for label, rows in counts.items()]
    return Labelled(rows, sorted(mapping, key=lambda match: (-match.rows, match.label)), notes)


class _Reading:
    """One table on its way to codes: the form it has, and what its rows say in that form."""

    def __init__(
        self, table: Table, variable: Variable, columns: Columns, how: Understanding
    ) -> None:
        self.table = table
        self.variable = variable
        self.columns = columns
        self.how = how
        self.names = Names(
            ((code.name, [code.title]) for code in variable.answers), aliases=_aliases(variable)
        )
        self.given = {label: self._code(label, code) for label, code in how.codes.items()}
        self.notes: list[str] = []

    def said(self) -> Iterator[_Said]:
        """What each row says, in the form that the table has."""
        if self.columns.given:
            yield from self._one_question_a_row()
        elif self._is_yes_no():
            yield from self._one_column_a_label()
        else:
            yield from self._labels_in_cells()

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

    def _labels_in_cells(self) -> Iterator[_Said]:
        columns = self.columns
        cells = Cells(self.table, columns.of_labels, columns.delimiter, self._is_label)
        if cells.guessed:
            self.notes.append(f"{cells.guessed!r} was taken as what parts several labels of a cell")
        places = [
            *((coder, "", column) for coder, column in columns.by_coder.items()),
            *(("", target, column) for target, column in columns.by_target.items()),
        ]
        for at, row in enumerate(self.table.rows):
            coder = row[columns.coder].strip() if columns.coder else ""
            target = row[columns.target].strip() if columns.target else ""
            if columns.labels:
                several = [cells.labels(row[column]) for column in columns.labels]
                yield self._cell(at, coder, target, tuple(dict.fromkeys(sum(several, ()))))
            for of_coder, of_target, column in places:
                found = cells.labels(row[column])
                yield self._cell(at, of_coder or coder, of_target or target, found)

    def _cell(self, at: int, coder: str, target: str, labels: tuple[str, ...]) -> _Said:
        """An empty cell is asked and left empty; in a coder's own column, not coded."""
        if labels or ("" not in self.given and not self.columns.by_coder):
            return _Said(at, coder, target, labels)
        return _Said(at, coder, target, ("",) if "" in self.given else None)

    def _one_column_a_label(self) -> Iterator[_Said]:
        columns = [column for column in self.columns.labels if self.given.get(column) != LEFT_OUT]
        self._refuse_without_column(columns)
        truth = truths(self.table, columns, self.how.not_asked)
        partly: list[tuple[int, str]] = []
        for at, row in enumerate(self.table.rows):
            coder = row[self.columns.coder].strip() if self.columns.coder else ""
            target = row[self.columns.target].strip() if self.columns.target else ""
            told = [truth(row[column]) for column in columns]
            labels = tuple(c for c, yes in zip(columns, told, strict=True) if yes)
            if None in told and any(one is not None for one in told):
                partly.append((at, columns[told.index(None)]))
                asked = self.how.partly == "no"
            else:
                asked = None not in told
            yield _Said(at, coder, target, labels if asked else None)
        self._tell_partly(partly)

    def _one_question_a_row(self) -> Iterator[_Said]:
        """Rows of one coder, unit and target are put together: each answers for one label."""
        columns = self.columns
        truth = truths(self.table, [columns.given], self.how.not_asked)
        if len(columns.labels) != 1:
            raise TableError(
                f"{self.table.name}: {columns.given} says yes or no to the label of one column; "
                "name that one with --labels"
            )
        together: dict[tuple[str, str, str], dict[str, bool | None]] = {}
        first: dict[tuple[str, str, str], int] = {}
        for at, row in enumerate(self.table.rows):
            label = row[columns.labels[0]].strip()
            if self.given.get(label) == LEFT_OUT:
                continue
            coder = row[columns.coder].strip() if columns.coder else ""
            target = row[columns.target].strip() if columns.target else ""
            seat = (row[columns.id_ or columns.text].strip(), coder, target)
            told = together.setdefault(seat, {})
            yes = truth(row[columns.given])
            if told.setdefault(label, yes) != yes:
                raise TableError(
                    f"{self.table.name}: line {self.table.lines[at]}: says otherwise of {label!r} "
                    "than a row further up; keep one"
                )
            first.setdefault(seat, at)
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
            yield _Said(first[seat], seat[1], seat[2], given if asked else None)
        self._tell_partly(partly)

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

    def understood(self, counts: Counter[str]) -> dict[str, str]:
        """The code of each label; raises ``TableError`` that names all that have none."""
        numbers = {number(label) for label in counts} - {""}
        scale = _NUMBERS if "-1" in numbers and numbers <= set(_NUMBERS) else {}
        found: dict[str, str | None] = {}
        for label in counts:
            known = self.given.get(label, self.names.find(label) or None)
            if known is None and scale and _is_stance(self.variable):
                known = scale.get(number(label))
            if known is None and label.casefold() == "none":
                known = NO_CODE
            found[label] = known
        unknown = {label: counts[label] for label, known in found.items() if known is None}
        if unknown:
            raise TableError(self._unknown(unknown))
        return {label: known for label, known in found.items() if known is not None}

    def _unknown(self, unknown: Mapping[str, int]) -> str:
        where = ", ".join(self.columns.of_labels)
        named = [f"{label!r} ({count})" for label, count in unknown.items()]
        more = f" and {len(named) - MOST_NAMED} more" if len(named) > MOST_NAMED else ""
        maps = [
            f"--map {shlex.quote(f'{label}={self.names.nearest(label) or "CODE"}')}"
            for label in list(unknown)[:3]
        ]
        return (
            f"{self.table.name}: column {where}: no code of {self.variable.name} is "
            f"{', '.join(named[:MOST_NAMED])}{more}; there are {', '.join(self.names.all)}; say "
            f"what they are: {' '.join(maps)}{' …' if unknown_more(unknown) else ''} (nothing "
            "behind = leaves the answer empty, - leaves the rows out)"
        )

    def _is_label(self, written: str) -> bool:
        return (
            written in self.given
            or bool(self.names.find(written))
            or written.casefold() == "none"
            or (_is_stance(self.variable) and number(written) in _NUMBERS)
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


def unknown_more(unknown: Mapping[str, int]) -> bool:
    """Whether more labels are unknown than a fault writes out as options."""
    return len(unknown) > 3


def _targets(table: Table, variable: Variable, columns: Columns) -> Callable[[str], str]:
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
    cells = [row[columns.target].strip() for row in table.rows] if columns.target else []
    counts = Counter(cells or columns.by_target)
    unknown = [
        f"{written!r} ({count})" for written, count in counts.items() if not known.find(written)
    ]
    if unknown:
        more = f" and {len(unknown) - MOST_NAMED} more" if len(unknown) > MOST_NAMED else ""
        raise TableError(
            f"{table.name}: {columns.target or 'targets'}: no target of {variable.name} is "
            f"{', '.join(unknown[:MOST_NAMED])}{more}; there are {', '.join(known.all)}; "
            "correct them, or leave the rows out"
        )
    return {written: known.find(written) for written in counts}.__getitem__


STANCES = {
    "against": ("anti", "con", "oppose", "opposed", "opposes", "opposing", "contra", "unfavorable"),
    "favor": (
        "favour",
        "pro",
        "for",
        "support",
        "supports",
        "supporting",
        "in-favour",
        "favorable",
    ),
    "neutral": ("neither",),
}
"""What published sets call the positions of the stance scale, as slugs."""

_NUMBERS = {"-1": "against", "0": "neutral", "1": "favor"}


def _is_stance(variable: Variable) -> bool:
    return {code.name for code in variable.answers} >= set(STANCES)


def _aliases(variable: Variable) -> dict[str, str]:
    return stance_words() if _is_stance(variable) else {}


def stance_words() -> dict[str, str]:
    """The position of each word that published sets use for one."""
    return {word: name for name, words in STANCES.items() for word in words}


class Names:
    """Finds a code or target by its name, a title, either in another case, or as a slug.

    ``aliases`` are other slugs; the first word of a slug counts where the whole is none.

    >>> names = Names([("health-safety", ["Health & Safety"]), ("law", ["Law"])])
    >>> names.find("Health & Safety"), names.find("LAW"), names.find("health safety")
    ('health-safety', 'law', 'health-safety')
    >>> names.find("Economy"), names.nearest("Health and safty")
    ('', 'health-safety')
    """

    def __init__(
        self,
        named: Iterable[tuple[str, Sequence[str]]],
        aliases: Mapping[str, str] | None = None,
    ) -> None:
        settled = list(named)
        self.all = [name for name, _ in settled]
        self._aliases = aliases or {}
        self._written = {word.casefold(): n for n, words in settled for word in (n, *words)}
        self._steps: list[tuple[Callable[[str], str], dict[str, set[str]]]] = []
        self._found: dict[str, str] = {}
        for only_names, form in ((True, str), (False, str), (False, str.casefold), (False, slug)):
            known: dict[str, set[str]] = {}
            for name, titles in settled:
                for written in (name, *(() if only_names else titles)):
                    known.setdefault(form(written), set()).add(name)
            self._steps.append((form, known))

    def find(self, written: str) -> str:
        """The one name that this is the strictest match for; empty where there is none."""
        if written not in self._found:
            self._found[written] = self._find(written)
        return self._found[written]

    def nearest(self, written: str) -> str:
        """The name that is written most like this; empty where none is."""
        close = get_close_matches(written.casefold(), list(self._written), n=1, cutoff=0.5)
        return self._written[close[0]] if close else ""

    def _find(self, written: str) -> str:
        for form, known in self._steps:
            found = known.get(form(written), set()) if form(written) else set()
            if found:
                return min(found) if len(found) == 1 else ""
        whole = slug(written)
        return self._aliases.get(whole) or self._aliases.get(whole.partition("-")[0], "")


def slug(written: str) -> str:
    """Words in lower case, joined by hyphens; a whole number keeps its sign.

    >>> slug("Health & Safety!"), slug("health_and  safety"), slug("-1.0")
    ('health-safety', 'health-and-safety', '-1')
    """
    return number(written) or re.sub(r"[\W_]+", "-", written.casefold()).strip("-")
