"""A first codebook from the labels that a table carries: its codes, counted, with examples.

What a label means stands nowhere in a table, so every definition says that it must be written.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count

from annotator.core.codebook import STANCE_CODES, STANCE_SCALE, Code, Codebook, Target, Variable
from annotator.core.counting import counted
from annotator.core.errors import TableError
from annotator.core.table import Table
from annotator.exchange import codebook_toml
from annotator.exchange.label_columns import Columns, number
from annotator.exchange.label_forms import Understanding
from annotator.exchange.label_names import NUMBERS, Names, aliases_of
from annotator.exchange.label_table import (
    LabelledRow,
    delimiter_in,
    labels_of,
    read_labels,
)

MOST_CODES = 100
"""Labels of a variable; more mean that the wrong column was named."""

EXAMPLES = 2
LONGEST_EXAMPLE = 200
LONGEST_NAME = 60
KEYS = "123456789"
"""Hotkeys that a draft gives out; with more codes, the program looks for keys."""

UNWRITTEN = (
    "What the codes mean stands in no table: write the definitions before anybody codes by them."
)
OF_SCALE = (
    "The labels are read as positions of the stance scale: look whether they were given by its "
    "rules before anybody codes by them."
)

FEW = 0.01
"""The share of units with two labels in rows of one coder that is taken for slips."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A codebook as TOML, with what it was made from: how many rows carry each code."""

    codebook: Codebook
    toml: str
    counts: tuple[tuple[str, int], ...]
    notes: tuple[str, ...] = ()


def draft(
    table: Table,
    columns: Columns,
    *,
    name: str,
    title: str = "",
    variable: str = "",
    not_asked: Collection[str] = (),
) -> Draft:
    """A codebook of one variable with the labels of the table; raises ``TableError``."""
    columns = replace(columns, delimiter=delimiter_in(table, columns))
    labels = [one for one in labels_of(table, columns, not_asked) if one]
    named = [one for one in labels if one.casefold() != "none"]
    _refuse_odd(table, columns, named)
    stance = _is_stance(named)
    variable = variable or ("stance" if stance else "frame")
    targets = _targets(table, columns)
    found = _variable(variable, named, targets, stance=stance)
    codes = {} if stance else dict(zip(named, (code.name for code in found.code), strict=True))
    how = Understanding(codes=codes, not_asked=not_asked, partly="no")
    rows = read_labels(table, found, columns, "", how).rows
    several, slips = _several(rows)
    asked_each = columns.given or set(named) <= set(columns.labels)
    choice = "many" if not stance and (several or asked_each) else "one"
    counts = Counter(code for row in rows for code in row.codes)
    written = () if stance else _with_keys([_code(table, one, rows, counts) for one in found.code])
    settled = found.model_copy(
        update={"choice": choice, "code": written, "level": "ordinal" if stance else "nominal"}
    )
    book = Codebook(
        name=name,
        version="0.1.0",
        title=title or f"Drafted from {_one_line(table.name)}",
        description=f"Drafted from the labels of {_one_line(table.name)} "
        f"({len(table.rows):,} rows, SHA-256 {table.sha256}). {OF_SCALE if stance else UNWRITTEN}",
        variable=(settled,),
    )
    return Draft(
        codebook=book,
        toml=codebook_toml.dump(book),
        counts=tuple(
            (code.name, counts[code.name]) for code in settled.answers if counts[code.name]
        ),
        notes=_notes(slips if choice == "one" else 0, none=len(named) < len(labels)),
    )


def _with_keys(codes: Sequence[Code]) -> tuple[Code, ...]:
    """A hotkey for each code, or for none of them where there are too many."""
    if len(codes) > len(KEYS):
        return tuple(codes)
    keyed = zip(codes, KEYS, strict=False)
    return tuple(code.model_copy(update={"hotkey": key}) for code, key in keyed)


def _notes(slips: int, *, none: bool) -> tuple[str, ...]:
    """What whoever takes the draft should know; ``slips`` are units with two labels of a coder."""
    notes = []
    if slips:
        carry = counted(slips, "unit carries", "units carry")
        notes.append(f"{carry} two labels of one coder; keep one before coding")
    if none:
        notes.append("'none' is no code: those answers are left empty")
    return tuple(notes)


def _refuse_odd(table: Table, columns: Columns, labels: Sequence[str]) -> None:
    where = ", ".join(columns.of_labels)
    if not labels:
        raise TableError(
            f"{table.name}: column {where}: holds no label; name another: --labels COL"
        )
    if len(labels) > MOST_CODES:
        raise TableError(
            f"{table.name}: column {where}: holds {len(labels):,} different labels, such as "
            f"{labels[0][:40]!r}, and a draft takes {MOST_CODES}; name the column of the labels, "
            "or what parts several in a cell: --delimiter"
        )


def _is_stance(labels: Sequence[str]) -> bool:
    """Whether the labels are positions of the stance scale, one of which takes a side."""
    names = Names(
        ((code.name, [code.title]) for code in STANCE_CODES),
        aliases=aliases_of(Variable(name="stance", codes=STANCE_SCALE)),
    )
    numbers = {number(label) for label in labels}
    if "-1" in numbers and numbers <= set(NUMBERS):
        return True
    found = {names.find(label) for label in labels}
    return len(found) > 1 and "" not in found and bool(found & {"favor", "against"})


def _targets(table: Table, columns: Columns) -> tuple[Target, ...] | None:
    cells = [row[columns.target].strip() for row in table.rows] if columns.target else []
    written = list(dict.fromkeys(filter(None, [*cells, *columns.by_target])))
    if not written:
        return None
    if len(written) > MOST_CODES:
        raise TableError(
            f"{table.name}: column {columns.target}: holds {len(written):,} different targets; "
            "name the column of what the labels are about"
        )
    names = names_of(written, "target")
    return tuple(
        Target(name=name, title=_one_line(one)) for name, one in zip(names, written, strict=True)
    )


def _variable(
    name: str, labels: Sequence[str], targets: tuple[Target, ...] | None, *, stance: bool
) -> Variable:
    if stance:
        return Variable(name=name, choice="one", codes=STANCE_SCALE, targets=targets)
    codes = tuple(
        Code(name=one, title=_one_line(label), definition=label)
        for one, label in zip(names_of(labels, "code"), labels, strict=True)
    )
    return Variable(name=name, code=codes, targets=targets)


def names_of(labels: Iterable[str], noun: str) -> list[str]:
    """A name for each label: small letters, digits and hyphens, each once.

    >>> names_of(["Law & Order", "law order", "Здоровье", "-1", "None"], "code")
    ['law-order', 'law-order-2', 'code-3', 'minus-1', 'none-4']
    """
    taken: set[str] = set()
    found = []
    for at, label in enumerate(labels, 1):
        plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
        plain = re.sub(r"^\s*-(?=\d)", "minus ", plain)
        name = re.sub(r"[^a-z0-9]+", "-", plain)[:LONGEST_NAME].strip("-") or f"{noun}-{at}"
        name = f"none-{len(taken)}" if name == "none" else name
        numbered = (f"{name}-{number}" for number in count(2))
        unique = next(one for one in chain([name], numbered) if one not in taken)
        taken.add(unique)
        found.append(unique)
    return found


def _several(rows: Sequence[LabelledRow]) -> tuple[bool, int]:
    """Whether units carry several labels of one coder, and how many do by rows of their own."""
    together: dict[tuple[str, str, str], set[str]] = {}
    for row in rows:
        seat = (row.id_ or row.text or str(row.line), row.coder, row.target)
        together.setdefault(seat, set()).update(row.codes)
    by_rows = sum(len(codes) > 1 for codes in together.values())
    in_cells = any(len(row.codes) > 1 for row in rows)
    return in_cells or by_rows > FEW * len(together), by_rows


def _code(table: Table, code: Code, rows: Sequence[LabelledRow], counts: Counter[str]) -> Code:
    definition = (
        f"Given in {_one_line(table.name)} as {code.definition!r} in {counts[code.name]:,} rows. "
        "Write here what it means."
    )
    short = (
        f"{text} (line {row.line})"
        for row in rows
        if row.codes == (code.name,) and (text := _one_line(row.text))
        if len(text) <= LONGEST_EXAMPLE
    )
    examples = tuple(one for one, _ in zip(dict.fromkeys(short), range(EXAMPLES), strict=False))
    return code.model_copy(update={"definition": definition, "examples": examples})


def _one_line(written: str) -> str:
    return " ".join(written.replace("\0", " ").split())
