"""What is kept of the guided start: the steps a coder was said to have taken, left or taken up."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from annotator.store import journal
from annotator.store.connection import Store
from annotator.store.seat import Seat

_OP = "guide"


def said(store: Store, coder: str) -> list[str]:
    """The steps that were kept for this coder, oldest first."""
    rows = store.db.execute(
        "select payload ->> 'step' from event where subject = 'project' and subject_id = ''"
        " and coder = ? and op = ? order by seq",
        (coder, _OP),
    )
    return [str(row[0]) for row in rows]


def append(conn: sqlite3.Connection, coder: str, step: str, at: str) -> None:
    """Keep one step of this coder, as an event about the project."""
    journal.append(conn, ("project", ""), _OP, {"step": step}, coder, at)


def decided_lately(store: Store, seat: Seat, *, most: int = 500) -> Sequence[str]:
    """The units that the coder decided on last, by id, newest first."""
    rows = store.db.execute(
        "select u.id from (select unit, recorded from coding where coder = ? and round = ?"
        " and pass = ? and decided is not null order by recorded desc limit ?) c"
        " join unit u on u.seq = c.unit order by c.recorded desc",
        (*seat[:3], most),
    )
    return [str(row[0]) for row in rows]
