"""What a model was learned from: one row per decision, as it stood then."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple, TextIO

from annotator.core.annotation import Answer
from annotator.exchange.csv_text import END, quoting


class Row(NamedTuple):
    """One decision; ``codes`` as it stood then.

    ``change`` says in a word what became of it since, and ``codes_now`` are the codes it has
    instead; both are empty where it is the same.
    """

    unit_id: str
    document_id: str
    title: str
    coder: str
    arm: str
    decided_at: str
    decision_id: str
    codebook: str
    codes: Sequence[str]
    change: str
    codes_now: Sequence[str]


COLUMNS = tuple("changed_since" if name == "change" else name for name in Row._fields)


def code(answer: Answer) -> str:
    """A code as a cell names it, with its target, its holder, and whether it was rejected.

    >>> code(Answer(variable="stance", target="norland", code="favor", holder="Mira Osk"))
    'stance:norland:favor (Mira Osk)'
    >>> code(Answer(variable="frame", code="road", use="rejected"))
    'frame:road (rejected)'
    """
    name = ":".join(filter(None, (answer.variable, answer.target, answer.code)))
    holder = f" ({answer.holder})" if answer.holder else ""
    return f"{name}{holder}{' (rejected)' if answer.use == 'rejected' else ''}"


def write(rows: Iterable[Row], out: TextIO) -> int:
    """Write the table; the number of its rows."""
    quote = quoting()
    out.write(quote(COLUMNS) + END)
    written = 0
    for row in rows:
        cells = row._replace(codes="|".join(row.codes), codes_now="|".join(row.codes_now))
        out.write(quote(cells) + END)
        written += 1
    return written
