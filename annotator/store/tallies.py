"""Who has decided how much, and when: counts of the current view, for overviews.

What was coded in documents that are retired is out of them.
"""

from __future__ import annotations

from typing import NamedTuple

from annotator.store.catalogue import RETIRED_UNITS
from annotator.store.connection import Store


class CoderTally(NamedTuple):
    """What one coder has done, in units of the current view."""

    coder: str
    coded: int
    skipped: int
    not_codable: int
    flagged: int
    latest: str


def by_coder(store: Store) -> list[CoderTally]:
    """Every coder with what they decided or flagged, by name; copied decisions are not counted."""
    rows = store.db.execute(
        "select coder, coalesce(sum(status = 'coded'), 0), coalesce(sum(status = 'skipped'), 0),"
        " coalesce(sum(status = 'not_codable'), 0), sum(flagged), max(decided_at)"
        f" from coding where unit not in {RETIRED_UNITS} and arm <> 'copy'"
        " group by coder order by coder"
    )
    return [CoderTally(*row) for row in rows]


def by_day(store: Store) -> list[tuple[str, str, int]]:
    """``(day, coder, decisions)`` by the coder's clock; copied ones are not counted."""
    rows = store.db.execute(
        "select substr(decided_at, 1, 10), coder, count(*) from coding"
        f" where status is not null and decided_at <> '' and unit not in {RETIRED_UNITS}"
        " and arm <> 'copy' group by 1, 2 order by 1, 2"
    )
    return [(row[0], row[1], row[2]) for row in rows]


def decisions(store: Store) -> int:
    """How many decisions stand, on units and on whole articles."""
    row = store.db.execute(
        f"select (select count(*) from coding where status is not null"
        f"  and unit not in {RETIRED_UNITS}) + (select count(*) from card c"
        " join document d on d.id = c.document_id where c.status is not null and d.retired = 0)"
    ).fetchone()
    return int(row[0])
