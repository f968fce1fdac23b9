"""Decide, then reveal: one row per reveal and code that a model had scored, with both answers."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import TextIO

from annotator.core.records import RevealRecord
from annotator.exchange.csv_text import END, quoting

_HEADER = (
    "decision_id,first_decision_id,unit_id,coder,round,variable,target,code,score,shown,first,"
    "final,model_id"
)
COLUMNS = tuple(_HEADER.split(","))


def write(reveals: Iterable[RevealRecord], out: TextIO) -> int:
    """Write the table; the number of its rows."""
    quote = quoting()
    quote_code = cache(quote)
    out.write(_HEADER + END)
    rows = 0
    for reveal in reveals:
        head = quote(reveal[:5])
        # The leading empty field leaves the comma that the part before ends at.
        model = quote(("", reveal.model_id))
        for scored in reveal.candidates:
            code = scored[:3]
            seen = f"{scored.score!r},{int(scored.shown)}"
            given = f"{int(code in reveal.first)},{int(code in reveal.final)}"
            out.write(f"{head},{quote_code(code)},{seen},{given}{model}{END}")
            rows += 1
    return rows
