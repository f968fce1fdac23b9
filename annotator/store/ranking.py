"""What a ranking of the whole corpus is made from, and how a desk walks it.

A cursor in a ranking names the ranking too, by its generation. One of an earlier generation means
"from the top": its places are those of other units now.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from annotator.store import codebooks, unit_rows
from annotator.store.connection import Store

PLACES = 2**27
"""More than the places of any ranking."""

GENERATIONS = 2**26
"""With so many, cursors stay below 2**53, up to which a browser's numbers are whole."""


class Ranking(NamedTuple):
    """The numbers of all units of the corpus in the order of coding, as of one generation."""

    numbers: NDArray[np.int64]
    generation: int

    def cursor(self, place: int) -> int:
        """What stands for having come up to this place; the first is 1."""
        return self.generation % GENERATIONS * PLACES + place

    def behind(self, cursor: int) -> int:
        """How many places the cursor has behind it: none where it is of another generation."""
        generation, place = divmod(cursor, PLACES)
        return place if generation == self.generation % GENERATIONS else 0


class Changes(NamedTuple):
    """The newest events that are no decisions: about ``documents``, and of ``any`` such kind.

    ``seen`` is the last event that was looked at.
    """

    documents: int = 0
    any: int = 0
    seen: int = 0


class State(NamedTuple):
    """What a project's rankings depend on, in numbers that never fall.

    ``training`` is the newest one that ended well, ``unit`` the highest number that a unit ever
    had.
    """

    training: int
    unit: int
    scheme: int
    changes: Changes

    @property
    def generation(self) -> int:
        """Higher than in every earlier state."""
        return self.training + self.unit + self.scheme + self.changes.any

    @property
    def corpus(self) -> tuple[int, int]:
        """What changes with every import, retirement, and cut of a document."""
        return self.unit, self.changes.documents


def state(store: Store, before: Changes) -> State:
    """The state of a project now; ``before`` is what was known of its events already."""
    (training,) = store.db.execute(
        "select coalesce(max(id), 0) from train_job where status = 'done'"
    ).fetchone()
    last = unit_rows.last_unit(store.db.conn)
    return State(training, last, codebooks.current_number(store), _changes(store, before))


def _changes(store: Store, before: Changes) -> Changes:
    # All events are many, and those since the last look are few: each is found by its own way.
    found_by = "not indexed" if before.seen else "indexed by event_subject"
    (last,) = store.db.execute("select coalesce(max(seq), 0) from event").fetchone()
    documents, newest = store.db.execute(
        f"select max(case when subject = 'document' then seq end), max(seq) from event {found_by}"
        " where seq > ? and seq <= ? and subject in ('document', 'model', 'project')"
        " and round = ''",  # what is decided on article cards has one
        (before.seen, last),
    ).fetchone()
    return Changes(documents or before.documents, newest or before.any, int(last))


def corpus(store: Store) -> Iterator[tuple[int, int, float]]:
    """Of every unit, as articles are read: its number, that of its document, and its draw."""
    return store.db.execute(
        "select u.seq, d.rowid, u.draw from document d cross join unit u on u.document_id = d.id"
        " where d.retired = 0 order by d.rowid, u.idx"
    )
