"""What became of an import, as a table that can be kept."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from annotator.core.errors import ExportError
from annotator.store import Store
from annotator.workflow import export_files
from annotator.workflow.importing import Outcome

COLUMNS = ("file", "result", "format", "documents", "units", "already_there", "remarks")
SAID = {
    "added": "added",
    "known": "already there",
    "refused": "refused",
    "skipped": "skipped",
}


def check_place(store: Store, place: Path, paths: Sequence[Path]) -> None:
    """Refuse a place where no report can be written, or where one of the files lies.

    Raises ``ExportError``; ask before the import, whose report would be lost after it.
    """
    export_files.check_place(store, place)
    if any(place.resolve().is_relative_to(path.resolve()) for path in paths):
        raise ExportError(f"{place} lies among the files that are imported; choose another place")


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
