"""What comes next: the units that wait for a coder, in order, of a list, or of a ranking."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import NamedTuple

from annotator.core.annotation import Answer
from annotator.store import reviews, views
from annotator.store.coded_once import without_copies
from annotator.store.connection import Store
from annotator.store.desk_units import UNITS, DeskUnit, shown
from annotator.store.ranking import Ranking
from annotator.store.seat import Seat
from annotator.store.views import NOTHING

LEAST_READ, MOST_READ = 200, 20_000
"""Units of a ranking that are looked at together for some that are open."""

_OPEN = (
    "d.retired = 0 and not exists (select 1 from coding c where c.coder = :coder"
    " and c.round = :round and c.pass = :pass_ and c.unit = u.seq and c.decided is not null)"
)
"""Of a unit ``u`` of a document ``d``: it waits for the coder."""


def next_units(
    store: Store, seat: Seat, *, after: int, want: int, ranking: Ranking | None = None
) -> list[DeskUnit]:
    """The next ``want`` units after cursor ``after`` on which the coder has not decided.

    Those of the corpus in the order of coding or, where the seat has a list, those of the list.
    Where it has an order, those of its ``ranking``; none without one. Where the list is a check,
    those that the coder decided on and has yet to review.
    """
    if seat.queue != seat.list:
        return _next_ranked(store, seat, ranking, after, want) if ranking else []
    listed = "join listed l on l.unit = u.seq where l.list = :queue and l.position > :after"
    open_ = reviews.DUE if reviews.is_check(store, seat.list) else _OPEN
    walk = f"{listed} and {open_} order by l.position"
    if not seat.queue:
        walk = f"where u.seq > :after and {_OPEN}{without_copies(store)} order by u.seq"
    asked = seat._asdict() | {"after": after, "want": want}
    rows = store.db.execute(f"{UNITS} {walk} limit :want", asked).fetchall()
    return shown(store, seat, rows)


def _next_ranked(
    store: Store, seat: Seat, ranking: Ranking, after: int, want: int
) -> list[DeskUnit]:
    """The next units of a ranking; where the first few are decided, the coder has come far in it.

    All decisions are then read in a row, which takes a third of looking each unit up.
    """
    at, read, cursors = ranking.behind(after), LEAST_READ, dict[int, int]()
    done: set[int] | None = None
    while len(cursors) < want and at < len(ranking.numbers):
        some = ranking.numbers[at : at + read].tolist()
        known = _decided_among(store, seat, some) if done is None else done
        waiting = [(at + 1 + place, unit) for place, unit in enumerate(some) if unit not in known]
        cursors |= {
            unit: ranking.cursor(place)
            for place, unit in _in_corpus(store, seat, waiting, want - len(cursors))
        }
        at, read = at + len(some), min(2 * read, MOST_READ)
        done = _decided(store, seat) if done is None and len(cursors) < want else done
    rows = store.db.execute(
        UNITS + "where u.seq in (select value from json_each(?))", (json.dumps(list(cursors)),)
    ).fetchall()
    found = shown(store, seat, rows, cursors)
    return sorted(found, key=lambda unit: unit.cursor)


def _decided_among(store: Store, seat: Seat, units: Sequence[int]) -> set[int]:
    """Those of these units that the coder has decided."""
    rows = store.db.execute(
        "select c.unit from json_each(?) j cross join coding c on c.coder = ? and c.round = ?"
        " and c.pass = ? and c.unit = j.value where c.decided is not null",
        (json.dumps(units), *seat[:3]),
    )
    return {row[0] for row in rows}


def _decided(store: Store, seat: Seat) -> set[int]:
    """All units that the coder has decided."""
    rows = store.db.execute(
        "select unit from coding where coder = ? and round = ? and pass = ?"
        " and decided is not null order by unit",
        seat[:3],
    )
    return {row[0] for row in rows}


def _in_corpus(
    store: Store, seat: Seat, units: Sequence[tuple[int, int]], want: int
) -> list[tuple[int, int]]:
    """The first of these units, each with its place, that are to be coded at all."""
    found: list[tuple[int, int]] = []
    for at in range(0, len(units), LEAST_READ):
        some = units[at : at + LEAST_READ]
        rows = store.db.execute(
            "select u.seq from json_each(:units) j cross join unit u on u.seq = j.value"
            " cross join document d on d.id = u.document_id"
            f" where d.retired = 0{without_copies(store)}",
            seat._asdict() | {"units": json.dumps([unit for _, unit in some])},
        )
        here = {row[0] for row in rows}
        found += [one for one in some if one[1] in here]
        if len(found) >= want:
            break
    return found[:want]


class Undecided(NamedTuple):
    """A unit that waits for a coder on the desk, with what they only confirmed in a list."""

    seq: int
    unit_id: str
    draw: float
    answers: tuple[Answer, ...]


def undecided(store: Store, seat: Seat, numbers: Sequence[int]) -> list[Undecided]:
    """Those of the units of these numbers that wait for the coder, in their order."""
    rows = store.db.execute(
        "select u.seq, u.id, u.draw from json_each(:units) j cross join unit u on u.seq = j.value"
        f" cross join document d on d.id = u.document_id where {_OPEN}{without_copies(store)}"
        " order by j.key",
        seat._asdict() | {"units": json.dumps(numbers)},
    ).fetchall()
    held = views.standing(store.db.conn, views.UNITS, seat, [row[0] for row in rows])
    return [Undecided._make((*row, held.get(row[0], NOTHING).decision.answers)) for row in rows]
