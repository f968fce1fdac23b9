"""The suggestions: one row per code that a model had scored when a decision was made."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import TextIO

from annotator.core.records import CodingRecord
from annotator.exchange.csv_text import END, quoting

_HEADER = (
    "decision_id,unit_id,coder,round,arm,variable,target,code,score,above_threshold,shown,outcome,"
    "model_id"
)
COLUMNS = tuple(_HEADER.split(","))

OUTCOMES = {
    (True, True): "accepted",
    (False, True): "typed",
    (True, False): "ignored",
    (False, False): "withheld",
}
"""What became of a candidate that was ``(shown, given)``."""


def write(codings: Iterable[CodingRecord], out: TextIO) -> int:
    """Write the table; the number of its rows."""
    quote = quoting()
    quote_code = cache(quote)
    out.write(_HEADER + END)
    rows = 0
    for coding in codings:
        unit = coding.unit.unit_id
        head = quote((coding.decision_id, unit, coding.coder, coding.round, coding.arm))
        # The leading empty field leaves the comma that the outcome's part ends before.
        model = quote(("", coding.model_id))
        given = {(answer.variable, answer.target, answer.code) for answer in coding.answers}
        for scored in coding.candidates:
            code = scored[:3]
            judged = f"{scored.score!r},{int(scored.above)},{int(scored.shown)}"
            outcome = OUTCOMES[scored.shown, code in given]
            out.write(f"{head},{quote_code(code)},{judged},{outcome}{model}{END}")
            rows += 1
    return rows
