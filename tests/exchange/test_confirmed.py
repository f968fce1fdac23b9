"""What was confirmed in a list, in the tables: one code is told, and the rest was not asked."""

from __future__ import annotations

import csv
import io

from annotator.core.table import Table
from annotator.exchange import labels_csv, labels_reader, wide_csv
from annotator.store import codebooks, tables
from tests.conftest import frame, scored, stance

LED = {"arm": "bulk", "queue": "confirm", "model_id": "m1"}


def confirmed(store, decide):
    """Cem confirmed peace in one sentence, and in another that its author favours norland."""
    candidates = [scored("peace", 0.93, above=True, shown=True)]
    asked = ["frame::peace"]
    decide(
        store, "cem", "rain1", answers=[frame("peace")], asked=asked, candidates=candidates, **LED
    )
    answers = [stance("norland", "favor")]
    decide(store, "cem", "rain2", answers=answers, asked=["stance:norland"], **LED)
    return store


def written(module, store):
    out = io.StringIO(newline="")
    known, current = codebooks.schemes(store), codebooks.current_scheme(store)
    module.write(tables.codings(store), known, current, out)
    return out.getvalue()


def test_confirmations_in_the_long_and_in_the_wide_table(empty_toy, decide, golden):
    confirmed(empty_toy, decide)

    golden("confirmed-labels.csv", written(labels_csv, empty_toy).encode())
    golden("confirmed-wide.csv", written(wide_csv, empty_toy).encode())


def test_the_long_table_is_read_back_with_the_codes_that_were_asked_alone(empty_toy, decide):
    told = csv.DictReader(io.StringIO(written(labels_csv, confirmed(empty_toy, decide))))
    rows, lines = list(told), list(range(2, 9))
    table = Table(name="labels.csv", columns=labels_csv.COLUMNS, rows=rows, lines=lines, sha256="")

    peace, favor = labels_reader.read_decisions(table, None)

    assert peace.codes == {("frame", "", "peace")}
    assert favor.codes == frozenset()
    assert ("stance", "norland") in favor.asked - favor.not_asked
