"""A codebook drafted from a table of labels: for a project that is to be made of it."""

from __future__ import annotations

import re
from pathlib import Path

from annotator.core.codebook import NAME
from annotator.core.errors import CodebookError, TableError
from annotator.core.table import Table
from annotator.corpus import guessing
from annotator.corpus.table_file import read_table
from annotator.exchange import codebook_draft, codebook_toml, label_columns
from annotator.exchange.codebook_draft import Draft
from annotator.exchange.label_columns import Columns
from annotator.workflow import projects
from annotator.workflow.label_choices import LabelChoices

SAMPLE = 200
"""Rows by which the columns of text and id are found."""


def draft_codebook(path: Path, output: Path, choices: LabelChoices, *, title: str = "") -> Draft:
    """Draft a codebook from a file and write it, checked, where nothing is yet."""
    if output.exists():
        raise CodebookError(
            [f"{output}: is there already, and nothing was written; name another file"]
        )
    made = drafted(read_table(path), choices, name=output.stem, title=title)
    codebook_toml.parse(made.toml, output.name)
    output.parent.mkdir(parents=True, exist_ok=True)
    with output.open("x", encoding="utf-8") as file:
        file.write(made.toml)
    return made


def drafted(table: Table, choices: LabelChoices, *, name: str, title: str = "") -> Draft:
    """A codebook with the labels of a table; raises ``TableError`` where it has none."""
    if choices.variable and not re.fullmatch(NAME, choices.variable):
        raise TableError(
            f"--variable {choices.variable}: write small letters, digits and hyphens, such as frame"
        )
    columns = _columns(table, choices)
    return codebook_draft.draft(
        table,
        columns,
        name=projects.slug(name) or "draft",
        title=title,
        variable=choices.variable,
        not_asked=choices.not_asked,
    )


def _columns(table: Table, choices: LabelChoices) -> Columns:
    guesses = guessing.guesses(table.columns, table.rows[:SAMPLE])
    guess = {field: one.column for field, one in guesses.items()}
    labels = (*choices.labels, *label_columns.matching(table, choices.labels_like))
    if not labels and not choices.names_labels:
        raise TableError(
            f"{table.name}: say which column holds the labels: --labels COL; "
            f"the columns are: {', '.join(table.columns)}"
        )
    return Columns(
        labels=tuple(dict.fromkeys(labels)),
        by_target=choices.labels_for,
        by_coder=choices.labels_by,
        given=choices.given,
        text=choices.text or guess.get("text", ""),
        id_=choices.id_ or guess.get("id", ""),
        target=choices.target,
        coder=choices.coder_column or label_columns.likely(table, label_columns.CODERS),
        delimiter=choices.delimiter,
    )
