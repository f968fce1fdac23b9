"""Every candidate of every decision is one row that says what became of it."""

from __future__ import annotations

import csv
import io

from annotator.exchange import suggestions_csv
from annotator.store import tables

PROMISED = (
    "decision_id,unit_id,coder,round,arm,variable,target,code,score,above_threshold,shown,outcome,"
    "model_id"
)


def test_columns_stand_in_the_promised_order():
    assert ",".join(suggestions_csv.COLUMNS) == PROMISED


def test_each_candidate_is_accepted_typed_ignored_or_withheld(toy):
    out = io.StringIO(newline="")

    rows = suggestions_csv.write(tables.codings(toy), out)

    told = list(csv.DictReader(io.StringIO(out.getvalue(), newline=""), strict=True))
    columns = ("arm", "code", "score", "above_threshold", "shown", "outcome")
    assert rows == len(told)
    assert [tuple(row[column] for column in columns) for row in told] == [
        ("suggest", "sovereignty", "0.91", "1", "1", "accepted"),
        ("suggest", "security", "0.08", "0", "0", "withheld"),
        ("suggest", "peace", "0.66", "1", "1", "ignored"),
        ("control", "security", "0.6", "1", "0", "typed"),
    ]
