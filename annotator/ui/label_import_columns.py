"""Which column of a table of labels is what: guessed, and to be corrected."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from annotator.core.codebook import Scheme, Variable
from annotator.core.table import Table
from annotator.workflow.label_choices import LabelChoices

FORMS = {
    "cells": "in one column, or in a column for each label",
    "targets": "in a column for each target",
    "coders": "in a column for each coder",
}
PARTLY = {
    "refuse": "take nothing in, and say so",
    "leave-out": "leave such rows out",
    "no": "count what was not asked as not given",
}
REPEATED = {
    "refuse": "take nothing in, and say so",
    "first": "take the first",
    "last": "take the last",
}


def for_export() -> LabelChoices:
    """What is to be said of our own export."""
    create = st.toggle(
        "Make an article of each sentence that is not here", key="labels.export.create"
    )
    return LabelChoices(create=create)


def draw(scheme: Scheme, table: Table, guess: LabelChoices, place: str, coder: str) -> LabelChoices:
    """The columns as they are chosen; what nothing is known of begins with a guess."""
    st.header("What the columns are", anchor=False)
    drawn = _Columns(table, place)
    top = st.columns(4)
    variables = {variable.name: variable for _, variable in scheme.variables()}
    with top[0]:
        variable = variables[drawn.one_of("variable", "Question", list(variables), guess.variable)]
    with top[1]:
        text = drawn.column("text", "Text", guess.text)
    with top[2]:
        id_ = drawn.column(
            "id",
            "Id",
            guess.id_,
            "Where one is chosen, rows match by it alone, and never by their text.",
        )
    with top[3]:
        coder_column = drawn.column("coder_column", "Coder", guess.coder_column)
    said: dict[str, Any] = _labels(drawn, variable, guess)
    by_column = coder_column or said.get("labels_by")
    if not by_column:
        said["coder"] = st.text_input(
            "Whose labels these are",
            key=f"{place}.coder",
            placeholder=f"a name, such as {coder}" if coder else "a name, such as published",
        ).strip()
    said |= _more(drawn, guess)
    return LabelChoices(
        text=text,
        id_=id_,
        variable=variable.name,
        coder_column="" if said.get("labels_by") else coder_column,
        codes=guess.codes,
        **said,
    )


def _labels(drawn: _Columns, variable: Variable, guess: LabelChoices) -> dict[str, Any]:
    """The columns of labels, in the form that they have."""
    known = "targets" if guess.labels_for else "coders" if guess.labels_by else "cells"
    forms = [form for form in FORMS if form != "targets" or variable.targets is not None]
    form = st.selectbox(
        "The labels lie",
        forms,
        index=forms.index(known) if known in forms else 0,
        format_func=FORMS.__getitem__,
        key=f"{drawn.place}.form",
    )
    if form == "targets":
        boxes = st.columns(4)
        found = {}
        for number, target in enumerate(variable.targets or ()):
            with boxes[number % len(boxes)]:
                before = guess.labels_for.get(target.name, "")
                found[target.name] = drawn.column(f"for.{target.name}", target.title, before)
        return {"labels_for": {name: column for name, column in found.items() if column}}
    if form == "coders":
        chosen = drawn.several("by", "Columns named after their coders", list(guess.labels_by))
        return {"labels_by": {column: column for column in chosen}}
    several = drawn.several("labels", "Columns of labels", guess.labels)
    if variable.targets is None:
        return {"labels": several}
    return {"labels": several, "target": drawn.column("target", "Target", guess.target)}


def _more(drawn: _Columns, guess: LabelChoices) -> dict[str, Any]:
    with st.expander("More about the table", icon=":material/tune:"):
        # The whole width for each: in a column their words are cut off.
        create = st.toggle(
            "Make an article of each row that matches none",
            value=guess.create,
            key=f"{drawn.place}.create",
        )
        skip = st.toggle("Leave out rows that match no unit", key=f"{drawn.place}.skip")
        one, two, three = st.columns(3, vertical_alignment="bottom")
        with one:
            delimiter = st.text_input(
                "What stands between several labels of a cell",
                value=guess.delimiter,
                key=f"{drawn.place}.delimiter",
                help="Left empty, it is found by the codebook.",
            )
        with two:
            given = drawn.column(
                "given",
                "Says yes or no to the label",
                guess.given,
                "Where each row has a question in one column and its answer in another.",
            )
        with three:
            not_asked = st.text_input(
                "What cells say where nobody was asked",
                value=next(iter(guess.not_asked), ""),
                key=f"{drawn.place}.not_asked",
                help="In columns of yes and no. -1 and NA are known.",
            ).strip()
        rules = _rules(drawn, guess)
    return rules | {
        "delimiter": delimiter.strip() or delimiter,
        "given": given,
        "not_asked": (not_asked,) if not_asked else (),
        "create": create,
        "skip_unmatched": skip,
    }


def _rules(drawn: _Columns, guess: LabelChoices) -> dict[str, Any]:
    """What becomes of rows that do not say all, or say it twice."""
    left, right = st.columns(2)
    with left:
        label = "Rows where only some codes were asked"
        partly = drawn.one_of("partly", label, list(PARTLY), guess.partly, PARTLY)
    with right:
        label = "A second answer where one is taken"
        repeated = drawn.one_of("repeated", label, list(REPEATED), guess.repeated, REPEATED)
    return {"partly": partly, "repeated": repeated}


class _Columns:
    """Boxes in which a column of one table is chosen; what was chosen stays with that table."""

    def __init__(self, table: Table, place: str) -> None:
        self.table = table
        self.place = place

    def column(self, name: str, label: str, before: str, help_: str | None = None) -> str:
        """One column, or none."""
        options = ["", *self.table.columns]
        chosen = st.selectbox(
            label,
            options,
            index=options.index(before) if before in options else 0,
            format_func=lambda column: column or "none",
            key=f"{self.place}.{name}",
            help=help_,
        )
        return str(chosen or "")

    def several(self, name: str, label: str, before: Sequence[str]) -> tuple[str, ...]:
        """Any number of columns."""
        known = [column for column in before if column in self.table.columns]
        chosen = st.multiselect(
            label, self.table.columns, default=known, key=f"{self.place}.{name}"
        )
        return tuple(chosen)

    def one_of(
        self,
        name: str,
        label: str,
        options: list[str],
        before: str,
        words: dict[str, str] | None = None,
    ) -> str:
        """One of a few words."""
        chosen = st.selectbox(
            label,
            options,
            index=options.index(before) if before in options else 0,
            format_func=lambda one: (words or {}).get(one, one),
            key=f"{self.place}.{name}",
        )
        return str(chosen)
