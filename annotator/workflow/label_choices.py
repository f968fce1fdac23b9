"""How a table of labels is to be read: as somebody says, as it was last time, or as it looks."""

from __future__ import annotations

import hashlib
import json
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from annotator.core.codebook import Scheme, Variable
from annotator.core.errors import TableError
from annotator.core.table import Table
from annotator.corpus.dates import DateOrder
from annotator.corpus.format import Row, Rows
from annotator.exchange import label_columns
from annotator.exchange.label_columns import Cells, Columns
from annotator.exchange.label_forms import Partly, Understanding
from annotator.exchange.label_names import Names, aliases_of
from annotator.store import Store, codebooks, settings
from annotator.workflow import column_maps

MOST_LABELS = 60
"""Distinct cells of a column that may be one of labels; more are texts, names or dates."""


Repeated = Literal["refuse", "first", "last"]
"""What becomes of two answers of one coder to a question that takes one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelChoices:
    """What somebody says of a table of labels; what is empty is left to memory or to the program.

    ``labels`` and ``labels_like`` (patterns) name columns of labels, ``labels_for`` and
    ``labels_by`` one for each target and coder. ``given`` is a column that says yes or no to the
    label of its row. ``codes`` says what labels are: a code, nothing, or ``-`` for rows to leave
    out. ``not_asked`` are cells that mean nobody was asked; ``partly`` is what becomes of rows
    where only some codes were, ``repeated`` of a second answer of one coder where one is taken.
    ``coder`` is whose labels all of these are.
    """

    labels: Sequence[str] = ()
    labels_like: Sequence[str] = ()
    labels_for: Mapping[str, str] = field(default_factory=dict)
    labels_by: Mapping[str, str] = field(default_factory=dict)
    given: str = ""
    text: str = ""
    id_: str = ""
    target: str = ""
    coder_column: str = ""
    delimiter: str = ""
    variable: str = ""
    codes: Mapping[str, str] = field(default_factory=dict)
    not_asked: Sequence[str] = ()
    partly: Partly = "refuse"
    repeated: Repeated = "refuse"
    coder: str | None = None
    create: bool = False
    skip_unmatched: bool = False
    dates: DateOrder = ""

    @property
    def names_labels(self) -> bool:
        """Whether any column of labels is named."""
        return bool(self.labels or self.labels_like or self.labels_for or self.labels_by)

    @property
    def understanding(self) -> Understanding:
        """What of it is about the meaning of cells."""
        return Understanding(codes=self.codes, not_asked=self.not_asked, partly=self.partly)

    def of_table(self) -> dict[str, Any]:
        """What of it will be the same for the next table of the same columns."""
        return {name: getattr(self, name) for name in OF_THE_TABLE}

    def options(self) -> Iterator[str]:
        """What is remembered of it, as options of the command line."""
        for option, pairs in (("labels-for", self.labels_for), ("labels-by", self.labels_by)):
            yield from (f"--{option} {shlex.quote(f'{key}={at}')}" for key, at in pairs.items())
        for option, several in (("labels", self.labels), ("not-asked", self.not_asked)):
            yield from (f"--{option} {shlex.quote(one)}" for one in several)
        for option in ("given", "text", "id_", "target", "coder_column", "delimiter", "variable"):
            if value := getattr(self, option):
                yield f"--{option.strip('_').replace('_', '-')} {shlex.quote(value)}"
        yield from (f"--map {shlex.quote(f'{one}={code}')}" for one, code in self.codes.items())
        for option, way in (("partly-asked", self.partly), ("repeated", self.repeated)):
            if way != "refuse":
                yield f"--{option} {way}"


OF_THE_TABLE = (
    *("labels", "labels_for", "labels_by", "given", "text", "id_", "target", "coder_column"),
    *("delimiter", "variable", "codes", "not_asked", "partly", "repeated"),
)
"""What is remembered: all that will be the same for the next table of the same columns."""


def remember(store: Store, table: Table, choices: LabelChoices) -> None:
    """Keep the choices for the next table of the same columns."""
    kept = json.dumps(choices.of_table(), ensure_ascii=False, default=dict)
    settings.put(store, **{_key(table): kept})


def recall(store: Store, table: Table) -> LabelChoices | None:
    """What was said of a table of these columns last time; None where there was none."""
    kept = settings.value(store, _key(table))
    if not kept:
        return None
    known: dict[str, Any] = {k: v for k, v in json.loads(kept).items() if k in OF_THE_TABLE}
    return LabelChoices(**known)


def completed(store: Store, table: Table, choices: LabelChoices) -> tuple[LabelChoices, bool]:
    """The choices with what was said last time, where they name no labels; and whether it was."""
    like = label_columns.matching(table, choices.labels_like)
    choices = replace(choices, labels=(*choices.labels, *like), labels_like=())
    before = None if choices.names_labels else recall(store, table)
    if before is None:
        return choices, False
    said = {
        key: value for key in OF_THE_TABLE if (value := getattr(choices, key)) and value != "refuse"
    }
    said["codes"] = {**before.codes, **choices.codes}
    others = {key: getattr(choices, key) for key in ("coder", "create", "skip_unmatched", "dates")}
    return replace(before, **said, **others), True


def _key(table: Table) -> str:
    content = json.dumps(sorted(table.columns), ensure_ascii=False)
    return f"labels {hashlib.sha256(content.encode('utf-8', 'replace')).hexdigest()[:16]}"


def columns_of(table: Table, choices: LabelChoices) -> Columns:
    """The columns that the choices name; raises ``TableError`` that says what is missing."""
    have = f"the columns are: {', '.join(table.columns)}"
    ways = [choices.labels, choices.labels_for, choices.labels_by]
    if not any(ways):
        raise TableError(f"{table.name}: say which column holds the labels: --labels COL; {have}")
    if sum(map(bool, ways)) > 1:
        raise TableError(
            f"{table.name}: labels lie in columns of their own (--labels), one for each target "
            "(--labels-for) or one for each coder (--labels-by); give one of the three"
        )
    if not choices.text and (choices.create or not choices.id_):
        raise TableError(f"{table.name}: say which column holds the text: --text COL; {have}")
    return Columns(
        labels=tuple(dict.fromkeys(choices.labels)),
        by_target=choices.labels_for,
        by_coder=choices.labels_by,
        given=choices.given,
        text=choices.text,
        id_=choices.id_,
        target=choices.target,
        coder=_coder_column(table, choices),
        delimiter=choices.delimiter,
    )


def _coder_column(table: Table, choices: LabelChoices) -> str:
    if choices.coder is not None and (choices.coder_column or choices.labels_by):
        raise TableError(
            f"{table.name}: --coder says whose labels all of these are, and columns name coders "
            "too; give one of the two"
        )
    if choices.coder is not None or choices.labels_by or choices.coder_column:
        return choices.coder_column
    if "coder" not in table.columns:
        raise TableError(
            f"{table.name}: names no coder; say whose labels these are: --coder NAME or "
            "--coder-column COL"
        )
    return "coder"


def guessed(store: Store, table: Table) -> LabelChoices:
    """How the table looks; as it was last time, where there was one of the same columns."""
    before = recall(store, table)
    if before is not None:
        return before
    rows = Rows(table.columns, map(Row, table.lines, table.rows), lists=table.lists)
    fields = column_maps.look(store, rows).columns
    scheme = codebooks.current_scheme(store)
    taken = {fields.get("text", ""), fields.get("id", "")}
    free = [column for column in table.columns if column not in taken]
    variable, labels = _labels(table, scheme, free)
    coder = label_columns.likely(table, label_columns.CODERS)
    asks_about = variable is not None and variable.targets is not None
    return LabelChoices(
        text=fields.get("text", ""),
        id_=fields.get("id", ""),
        labels=labels,
        variable=variable.name if variable else "",
        coder_column=coder if coder not in labels else "",
        target=label_columns.likely(table, label_columns.TARGETS) if asks_about else "",
    )


def _labels(
    table: Table, scheme: Scheme, columns: Sequence[str]
) -> tuple[Variable | None, tuple[str, ...]]:
    """The variable and columns that fit best: by cells, by yes/no columns, by a usual name."""
    best: tuple[float, Variable | None, tuple[str, ...]] = (0.0, None, ())
    few: tuple[Variable | None, tuple[str, ...]] = (None, ())
    for _, variable in scheme.variables():
        names = Names(
            ((code.name, [code.title]) for code in variable.answers), aliases=aliases_of(variable)
        )
        marked = [c for c in columns if names.find(c) and label_columns.says_yes_or_no(table, [c])]
        if len(marked) / len(variable.answers) > max(best[0], 0.5):
            best = (len(marked) / len(variable.answers), variable, tuple(marked))
        if len(marked) > max(len(few[1]), 1):
            few = (variable, tuple(marked))
        for column in columns:
            share = _share(table, column, names)
            if share > best[0]:
                best = (share, variable, (column,))
    if best[1] is not None:
        return best[1], best[2]
    if few[0] is not None:
        return few
    usual = label_columns.likely(table, label_columns.LABELS)
    variables = [variable for _, variable in scheme.variables()]
    return variables[0] if len(variables) == 1 else None, (usual,) if usual in columns else ()


def _share(table: Table, column: str, names: Names) -> float:
    """The share of the distinct labels of a column that are codes."""
    cells = {row[column].strip() for row in table.rows} - {""}
    if not cells or len(cells) > MOST_LABELS**2:
        return 0.0
    read = Cells(table, [column], "", lambda written: bool(names.find(written)))
    labels = {label for cell in cells for label in read.labels(cell)}
    if not labels or len(labels) > MOST_LABELS:
        return 0.0
    return sum(bool(names.find(label)) for label in labels) / len(labels)
