"""The labels of a table and the codes they are taken for, side by side, to be corrected."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace

import streamlit as st

from annotator.core.codebook import Variable
from annotator.exchange.label_forms import LEFT_OUT, NO_CODE
from annotator.exchange.label_table import Match
from annotator.ui import marks
from annotator.workflow.label_choices import LabelChoices

SPECIAL = {NO_CODE: "— asked, and left empty", LEFT_OUT: "— leave its rows out"}
EMPTY = "(an empty cell)"


def draw(
    variable: Variable, proposed: Sequence[Match], choices: LabelChoices, place: str
) -> LabelChoices | None:
    """The choices with the code of each label; None while a label has none."""
    st.header("What the labels mean", anchor=False)
    words = words_of(variable)
    rows = [
        {"label": one.label or EMPTY, "rows": one.rows, "code": words.get(one.code)}
        for one in proposed
    ]
    content = repr([variable.name, rows]).encode("utf-8", "replace")
    edited = st.data_editor(
        rows,
        hide_index=True,
        disabled=["label", "rows"],
        placeholder="choose a code",
        column_config={
            "label": st.column_config.TextColumn("label in the table", width="large"),
            "rows": st.column_config.NumberColumn("rows", width="small"),
            "code": st.column_config.SelectboxColumn(
                "code of the codebook", options=list(words.values()), width="large"
            ),
        },
        # Another key for other labels: what was edited belongs to these alone.
        key=f"{place}.codes.{hashlib.sha256(content).hexdigest()[:12]}",
    )
    codes = codes_of(edited, words)
    missing = sum(one.label not in codes for one in proposed)
    if missing:
        are = "label is" if missing == 1 else "labels are"
        st.warning(
            marks.plain(
                f"{missing:,} {are} no code of {variable.heading}: choose a code in the table "
                "above, or draft a codebook from these labels."
            )
        )
        return None
    return replace(choices, codes=codes)


def words_of(variable: Variable) -> dict[str, str]:
    """How the table shows each code, and what a label may be instead of one."""
    titles = [code.title for code in variable.answers]
    shown = {
        code.name: code.title if titles.count(code.title) == 1 else f"{code.title} ({code.name})"
        for code in variable.answers
    }
    return shown | SPECIAL


def codes_of(edited: Sequence[Mapping[str, object]], words: Mapping[str, str]) -> dict[str, str]:
    """The code of each label that has one, from the rows of the table as they stand now.

    >>> codes_of([{"label": "Law", "code": "Law and order"}, {"label": "x", "code": None}],
    ...          {"law": "Law and order"})
    {'Law': 'law'}
    """
    names = {word: name for name, word in words.items()}
    return {
        "" if row["label"] == EMPTY else str(row["label"]): names[str(row["code"])]
        for row in edited
        if row["code"] in names
    }
