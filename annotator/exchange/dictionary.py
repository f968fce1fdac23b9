"""The data dictionary: the file beside every CSV that says what its columns and codes mean."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TextIO

from annotator.core.codebook import STANCE_CODES, STANCE_SCALE, Codebook, Scheme
from annotator.exchange.asked import versions_of_codes
from annotator.exchange.columns import Described

ENDING = ".codebook.json"


def write(
    out: TextIO,
    *,
    format_name: str,
    project: str,
    schemes: Mapping[int, Scheme],
    columns: Sequence[Described],
    left_out: Mapping[str, int],
) -> None:
    """Write the dictionary of one export as JSON.

    ``codebooks`` holds every version that was ever in force, in full; ``codes`` says since which
    version each code is asked; ``left_out`` counts what the export does not hold.
    """
    content = {
        "format": format_name,
        "project": project,
        "columns": columns,
        "codes": versions_of_codes(schemes),
        "schemes": [_scheme(schemes[number]) for number in sorted(schemes)],
        "codebooks": _codebooks(schemes),
        "scales": {STANCE_SCALE: [code.model_dump(mode="json") for code in STANCE_CODES]},
        "left_out": dict(left_out),
    }
    json.dump(content, out, ensure_ascii=False, indent=1)
    out.write("\n")


def _scheme(scheme: Scheme) -> dict[str, object]:
    books = [{"name": book.name, "version": book.version} for book in scheme.codebooks]
    return {"id": scheme.id, "codebooks": books}


def _codebooks(schemes: Mapping[int, Scheme]) -> list[dict[str, object]]:
    books: dict[tuple[str, str], Codebook] = {}
    for number in sorted(schemes):
        for book in schemes[number].codebooks:
            books.setdefault((book.name, book.version), book)
    return [book.model_dump(mode="json") for book in books.values()]
