"""What became of an import, as a table that can be kept."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from annotator.workflow.importing import Outcome

COLUMNS = ("file", "result", "format", "documents", "units", "already_there", "remarks")
SAID = {
    "added": "added",
    "known": "already there",
    "refused": "refused",
    "skipped": "skipped",
}


def row(outcome: Outcome) -> dict[str, object]:
    """One file of the report, by the names of its columns."""
    # The row names its file already.
    message = outcome.message.removeprefix(f"{outcome.file}: ")
    remarks = "; ".join(filter(None, [message, *outcome.warnings]))
    cells = (
        *(outcome.file, SAID[outcome.status], outcome.format, outcome.documents, outcome.units),
        *(outcome.known, remarks),
    )
    return dict(zip(COLUMNS, cells, strict=True))


def as_csv(outcomes: Iterable[Outcome]) -> bytes:
    """The report as a file in UTF-8."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS)
    writer.writeheader()
    writer.writerows(map(row, outcomes))
    return out.getvalue().encode()
