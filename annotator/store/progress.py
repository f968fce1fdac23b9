"""How far a coder is, in the project or in a list."""

from __future__ import annotations

from typing import NamedTuple

from annotator.store import lists, reviews
from annotator.store.coded_once import is_coded_once
from annotator.store.connection import Store
from annotator.store.seat import Seat


class Progress(NamedTuple):
    """How far one coder is: units by state, and articles with nothing left.

    Of a list the units are counted, and no articles: it may hold a few sentences of each.
    """

    done: int
    total: int
    documents_done: int
    documents: int
    skipped: int
    flagged: int


def of(store: Store, seat: Seat) -> Progress:
    """Kept by triggers on the view; ``done`` counts every decided unit, skipped ones too."""
    if seat.list:
        return _progress_in_list(store, seat)
    documents, total = store.db.execute("select documents, units from corpus").fetchone()
    row = store.db.execute(
        "select done, skipped, flagged, documents_done from progress"
        " where coder = ? and round = ? and pass = ?",
        seat[:3],
    ).fetchone()
    done, skipped, flagged, documents_done = row or (0, 0, 0, 0)
    found = Progress(done, total, documents_done, documents, skipped, flagged)
    return _without_copies(store, seat, found) if is_coded_once(store) else found


def _without_copies(store: Store, seat: Seat, found: Progress) -> Progress:
    """The same where each story is coded once: copies count only for who has begun them."""
    copies, units = store.db.execute("select documents, units from copied").fetchone()
    row = store.db.execute(
        "select documents, units, done, documents_done from once_progress"
        " where coder = ? and round = ? and pass = ?",
        seat[:3],
    ).fetchone()
    begun, begun_units, done, documents_done = row or (0, 0, 0, 0)
    return found._replace(
        done=found.done - done,
        total=found.total - units + begun_units,
        documents_done=found.documents_done - documents_done,
        documents=found.documents - copies + begun,
    )


def _progress_in_list(store: Store, seat: Seat) -> Progress:
    found = lists.find(store, seat.queue)
    row = store.db.execute(
        "select done, skipped, flagged from list_progress"
        " where coder = ? and round = ? and pass = ? and list = ?",
        seat,
    ).fetchone()
    done, skipped, flagged = row or (0, 0, 0)
    total = found.units if found else 0
    if found and found.kind == "check":
        done, total = reviews.far(store, seat, seat.list)
    return Progress(done, total, 0, 0, skipped, flagged)
