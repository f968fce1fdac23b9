"""Every code that was scored when suggestions were revealed is one row with both answers."""

from __future__ import annotations

import csv
import io

from annotator.exchange import reveals_csv
from annotator.store import reveals
from tests.conftest import frame, scored

PROMISED = (
    "decision_id,first_decision_id,unit_id,coder,round,variable,target,code,score,shown,first,"
    "final,model_id"
)


def test_columns_stand_in_the_promised_order():
    assert ",".join(reveals_csv.COLUMNS) == PROMISED


def test_each_code_is_told_as_given_before_and_after_the_reveal(toy, decide, golden):
    of_model = {"arm": "suggest", "model_id": "m1"}
    seen = [
        scored("peace", 0.9, above=True, shown=True),
        scored("security", 0.2, above=False, shown=False),
    ]
    first = decide(toy, "ben", "rain0", answers=[frame("security")], **of_model)
    decide(toy, "ben", "rain0", "reveal", first=first, candidates=seen, **of_model)
    final = decide(toy, "ben", "rain0", answers=[frame("peace")], first=first, **of_model)
    gone = decide(toy, "ben", "rain1", answers=[], **of_model)
    decide(toy, "ben", "rain1", "reveal", first=gone, candidates=seen, **of_model)
    decide(toy, "ben", "rain1", "retract", ref=gone)
    out = io.StringIO(newline="")

    rows = reveals_csv.write(reveals.reveals(toy), out)

    golden("reveals-changed.csv", out.getvalue().encode())
    told = list(csv.DictReader(io.StringIO(out.getvalue(), newline=""), strict=True))
    assert rows == len(told) == 5
    changed = [row for row in told if row["coder"] == "ben"]
    columns = ("decision_id", "first_decision_id", "code", "shown", "first", "final")
    assert [tuple(row[column] for column in columns) for row in changed] == [
        (final, first, "peace", "1", "0", "1"),
        (final, first, "security", "0", "1", "0"),
    ]
