"""Each row of docs/faults.md is backed by a test."""

from __future__ import annotations

import re
from pathlib import Path

TESTS = Path(__file__).parents[1]
TABLE = TESTS.parent / "docs" / "faults.md"


def test_every_row_of_the_fault_table_names_a_test_that_is_there():
    rows = [line for line in TABLE.read_text("utf-8").splitlines() if line.startswith("| ")]
    promises = [row for row in rows if not row.startswith(("| what happens", "| ---"))]
    every = "".join(path.read_text("utf-8") for path in TESTS.rglob("test_*.py"))
    known = set(re.findall(r"^def (test_\w+)", every, re.MULTILINE))

    named = [re.fullmatch(r"\|.*\| `(test_\w+)` \|", row) for row in promises]

    assert len(promises) > 30
    assert [row for row, match in zip(promises, named, strict=True) if match is None] == []
    assert {match[1] for match in named if match} - known == set()
