"""A copy of a project file while others write to it, with SQLite's online backup."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from annotator.store.checks import faults_of_file
from annotator.store.connection import reading

PAGES = 2_000  # copied between two reports: 8 MB


class Copied(NamedTuple):
    """What a copy holds; ``faults`` are what SQLite's own check found in it."""

    events: int
    models: tuple[str, ...]
    faults: tuple[str, ...]


def copy(path: Path, place: Path, tell: Callable[[int, int], None]) -> Copied:
    """Copy a project file as it stands at this moment to a new file, and check the copy.

    ``tell`` hears of pages done and in all. The copy is one file, complete and on the disk when
    this returns. Raises ``sqlite3.Error`` where either file cannot be read or written.
    """
    with reading(path) as source:
        with closing(sqlite3.connect(place)) as target:
            # The source reads one snapshot all along, so that saves never make this begin anew.
            source.backup(
                target, pages=PAGES, progress=lambda _, left, total: tell(total - left, total)
            )
            target.execute("pragma journal_mode = delete")
        events = _count(source)
    with closing(sqlite3.connect(place)) as made:
        faults = faults_of_file(made)
        if _count(made) != events:
            faults.append(f"holds {_count(made):,} of {events:,} events")
        models = tuple(row[0] for row in made.execute("select id from model order by id"))
    return Copied(events, models, tuple(faults))


def _count(conn: sqlite3.Connection) -> int:
    return int(conn.execute("select count(*) from event").fetchone()[0])
