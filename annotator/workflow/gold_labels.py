"""What a file says is right: for each text, which codes it carries, by whoever decided on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from annotator.core.codebook import Codebook, Variable
from annotator.core.errors import TableError
from annotator.core.table import Table
from annotator.corpus import table_file
from annotator.corpus.file import File
from annotator.exchange import labels_reader
from annotator.exchange.label_table import LabelledRow, Match, read_labels
from annotator.exchange.labels_reader import LongDecision, Version
from annotator.learn.model import Column
from annotator.store import Store, codebooks, documents
from annotator.workflow import label_choices, label_matching, labelling
from annotator.workflow.clock import now
from annotator.workflow.label_choices import LabelChoices

NOBODY = "gold"
"""Whose labels those of a table are that names no coder."""

Votes = dict[str, list[float]]
"""By the key of a code: 1.0 or 0.0 of each coder who was asked about it."""


class Judged(NamedTuple):
    """One text with what coders said of it; ``unit`` is empty where the project has no such unit.

    ``text`` is what the file says, which may be nothing.
    """

    unit: str
    text: str
    votes: Votes


class Gold(NamedTuple):
    """What a file of labels holds, however many rows it says it in."""

    name: str
    rows: int
    judged: list[Judged]
    mapping: tuple[Match, ...] = ()
    notes: tuple[str, ...] = ()


def read_gold(store: Store, path: Path, choices: LabelChoices) -> Gold:
    """Read what ``annotator code`` reads, and write nothing; raises ``TableError``, ``ReadError``.

    A row is about the unit that ``code`` would record it for; rows about none are new text.
    """
    file = File.of_path(path)
    table = table_file.read(file)
    choices, _ = label_choices.completed(store, table, choices)
    if not choices.names_labels and not choices.text and labels_reader.is_long_form(table):
        return _long_form(store, path, table)
    names_coders = choices.coder_column or choices.labels_by or "coder" in table.columns
    coder = None if names_coders else NOBODY
    return _labels(
        store, file, table, replace(choices, coder=coder, create=False, skip_unmatched=True)
    )


def _labels(store: Store, file: File, table: Table, choices: LabelChoices) -> Gold:
    columns = label_choices.columns_of(table, choices)
    scheme = codebooks.current_scheme(store)
    asked = labelling.variable_of(table.name, scheme, choices.variable)
    read = read_labels(table, asked, columns, choices.coder or "", choices.understanding)
    units = label_matching.match_rows(store, file, read.rows, columns, choices, now()).units
    if not any(units) and not columns.text:
        raise TableError(
            f"{table.name}: column {columns.id_}: none of these is the id of a unit of this "
            "project; name the column of the text too, to have the rows scored as new: --text COL"
        )
    texts: dict[str, Judged] = {}
    together: dict[tuple[str, str, str], list[LabelledRow]] = {}
    for row, unit in zip(read.rows, units, strict=True):
        key = unit or f"{row.id_} {row.text.strip()}"
        texts.setdefault(key, Judged(unit or "", row.text.strip(), {}))
        together.setdefault((key, row.coder, row.target), []).append(row)
    for (key, _, target), rows in together.items():
        given = _given(table.name, asked, rows, choices.repeated)
        for code in asked.answers:
            name = Column(asked.name, target, code.name).key
            texts[key].votes.setdefault(name, []).append(float(code.name in given))
    judged = list(texts.values())
    return Gold(table.name, len(table.rows), judged, tuple(read.mapping), tuple(read.notes))


def _given(name: str, asked: Variable, rows: Sequence[LabelledRow], repeated: str) -> list[str]:
    """The codes that one coder gave a text, in all of its rows."""
    codes = list(dict.fromkeys(code for row in rows for code in row.codes))
    if asked.choice == "many" or len(codes) < 2:
        return codes
    if repeated == "refuse":
        raise TableError(
            f"{name}: line {rows[-1].line}: its text is both {codes[0]} and {codes[1]}, but "
            f"{asked.name} takes one code; keep one, or say which counts: --repeated first"
        )
    return codes[:1] if repeated == "first" else codes[-1:]


def _long_form(store: Store, path: Path, table: Table) -> Gold:
    decisions = [
        one
        for one in labels_reader.read_decisions(table, NOBODY)
        if one.op == "set" and not one.card
    ]
    books = _Books(store, path, table.name)
    here = _units(store, [one.unit_id for one in decisions])
    texts: dict[str, Judged] = {}
    for one in decisions:
        unit, text = here.get(one.unit_id, ""), one.row.get("text", "").strip()
        votes = texts.setdefault(one.unit_id, Judged(unit, text, {})).votes
        for name, vote in books.votes(one).items():
            votes.setdefault(name, []).append(vote)
    return Gold(table.name, len(table.rows), list(texts.values()))


def _units(store: Store, ids: Sequence[str]) -> dict[str, str]:
    """The unit of each id that the project knows: its own, or that of a document of one unit."""
    external = documents.units_of_external_ids(store, ids)
    single = {id_: units[0] for id_, units in external.items() if len(units) == 1}
    return single | {id_: id_ for id_ in documents.known_units(store, ids)}


class _Books:
    """The codebooks under which a long form was coded: a code is asked where its version has it."""

    def __init__(self, store: Store, path: Path, name: str) -> None:
        self._name = name
        self._beside = labels_reader.read_dictionary(path)
        self._known: dict[Version, Codebook] = {
            (book.name, book.version): book
            for scheme in codebooks.schemes(store).values()
            for book in scheme.codebooks
        }

    def votes(self, decision: LongDecision) -> dict[str, float]:
        """1.0 or 0.0 for each code that was asked; none for one that was only rejected."""
        variables = {
            variable.name: variable
            for version in decision.versions
            for variable in self._book(version, decision.line).variable
        }
        told = {
            Column(name, target, code.name).key: 0.0
            for name, target in decision.asked
            if name in variables
            for code in variables[name].answers
        }
        given = [(Column(a.variable, a.target, a.code).key, a.use) for a in decision.answers]
        asserted = {key: 1.0 for key, use in given if use == "asserted"}
        rejected = {key for key, use in given if use == "rejected"}
        return {key: vote for key, vote in told.items() if key not in rejected} | asserted

    def _book(self, version: Version, line: int) -> Codebook:
        if version not in self._known:
            found = self._beside.codebook(version) if self._beside else None
            if found is None:
                wanted = labels_reader.dictionary_path(Path(self._name)).name
                raise TableError(
                    f"{self._name}: line {line}: was coded with {' '.join(version)}, which is not "
                    f"in this project; put {wanted}, which was exported with it, beside the file"
                )
            self._known[version] = found
        return self._known[version]
