"""Each row of docs/faults.md is backed by a test of this folder."""

from __future__ import annotations

import re
from pathlib import Path

HERE = Path(__file__).parent
TABLE = HERE.parents[1] / "docs" / "faults.md"


def test_every_row_of_the_fault_table_names_a_test_that_is_here():
    rows = [line for line in TABLE.read_text("utf-8").splitlines() if line.startswith("| ")]
    promises = [row for row in rows if not row.startswith(("| what happens", "| ---"))]
    here = "".join(path.read_text("utf-8") for path in HERE.glob("test_*.py"))
    known = set(re.findall(r"^def (test_\w+)", here, re.MULTILINE))

    named = [re.fullmatch(r"\|.*\| `(test_\w+)` \|", row) for row in promises]

    assert len(promises) > 30
    assert [row for row, match in zip(promises, named, strict=True) if match is None] == []
    assert {match[1] for match in named if match} - known == set()
