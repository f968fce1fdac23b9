"""What an estimate of unfound units is made of: the corpus, the decisions on it, and their answers.

All of it is of the main round, whoever coded. Where documents are coded once, those that copy an
earlier one are no part of the corpus here: no queue has their units.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from annotator.core.annotation import MAIN_ROUND
from annotator.store import coded_once
from annotator.store.catalogue import RETIRED_UNITS
from annotator.store.connection import Store

_COPIES = "(select id from document where copy = 1 and cluster_id <> '')"


EARLY = 0.05
"""A draw that few projects get beyond."""


class Decided(NamedTuple):
    """A standing decision on a unit, by the numbers of the unit and of the event that made it.

    ``asked`` is a JSON list of what was asked, or None for everything in the scheme.
    """

    unit: int
    draw: float
    number: int
    status: str
    arm: str
    scheme: int
    asked: str | None


def units(store: Store) -> int:
    """How many units the corpus has."""
    once = f" and id not in {_COPIES}" if coded_once.is_coded_once(store) else ""
    row = store.db.execute(
        f"select coalesce(sum(units), 0) from document where retired = 0{once}"
    ).fetchone()
    return int(row[0])


def first_open(store: Store) -> float:
    """The draw of the first unit, as chance puts them, on which nobody decided; 1 without one.

    What was only confirmed in a list was chosen by its score, and counts as undecided.
    """
    # It is mostly early, and looking up whether a unit is decided on is most of the work.
    for below in (EARLY, 1.0):
        row = store.db.execute(
            "select min(u.draw) from unit u where u.draw < ? and u.seq not in"
            " (select unit from coding where round = ? and decided is not null)"
            f" and not {_is_out(store)}",
            (below, MAIN_ROUND),
        ).fetchone()
        if row[0] is not None:
            return float(row[0])
    return 1.0


def decisions(store: Store) -> Iterator[Decided]:
    """Every decision on a unit of the corpus, in the order in which they were made."""
    rows = store.db.execute(
        "select c.unit, u.draw, c.recorded, c.status, c.arm, c.scheme,"
        " json_extract(e.payload, '$.asked')"
        " from coding c join unit u on u.seq = c.unit join event e on e.uuid = c.event"
        f" where c.round = ? and c.status is not null and not {_is_out(store)}"
        " order by c.recorded",
        (MAIN_ROUND,),
    )
    return map(Decided._make, rows)


def given(store: Store) -> Iterator[tuple[int, str, str, str, int]]:
    """Every unit with a ``(variable, target, code)`` it was given, and how many gave it."""
    return store.db.execute(
        "select unit, variable, target, code, count(*) from (select distinct unit, coder, pass,"
        " variable, target, code from annotation where round = ? and use = 'asserted')"
        " group by unit, variable, target, code",
        (MAIN_ROUND,),
    )


def _is_out(store: Store) -> str:
    """The condition by which a unit ``u`` is no part of the corpus."""
    retired = f"u.seq in {RETIRED_UNITS}"
    if not coded_once.is_coded_once(store):
        return retired
    return f"({retired} or u.document_id in {_COPIES})"
