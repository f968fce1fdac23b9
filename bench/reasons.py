"""How long a coder waits to be told why a code is suggested."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from annotator.core.annotation import Event
from annotator.learn.model import Column
from annotator.store import events, queue, tables
from annotator.store.events import Told
from annotator.store.seat import Seat
from annotator.workflow import projects as annotator_projects
from annotator.workflow import reasons, training
from annotator.workflow.projects import Project
from bench import projects, server, training_desk

CODED = 10_000
MORE = 1_000
TIMES = 50
STARTS = 5
SEAT = Seat("bea")

COLD = """
import sys, time
from pathlib import Path
from annotator import api
from annotator.learn.model import Column
from annotator.store.seat import Seat
from annotator.workflow import desk, projects, reasons
project = projects.open_project(Path(sys.argv[1]))
desk.opening(project, Seat("bea"))
begun = time.perf_counter()
assert reasons.why(project, Seat("bea"), sys.argv[2], Column(*sys.argv[3:]))["precedents"]
print((time.perf_counter() - begun) * 1000)
"""
"""The first question to a server that has shown the desk; it prints its milliseconds."""


class Waits(NamedTuple):
    """Milliseconds of questions one after another, each after another save, and of first ones."""

    warm: list[float]
    after_saves: list[float]
    cold: list[float]


def waits(home: Path, place: Path) -> Waits:
    """Ask for reasons in a project of which 10,000 units are coded."""
    made = projects.project(place, CODED + MORE)
    training_desk.label(made, CODED)
    training.train(made)
    column = Column(*next(made.scheme.columns()))
    asked = _asked(made, column)
    cold = [_cold(home, place, asked[at], column) for at in range(STARTS)]
    reasons.why(made, SEAT, asked[0], column)
    warm = [_milliseconds(made, unit, column) for unit in asked]
    after = []
    for number, unit in enumerate(asked):
        _save(made, number, unit)
        after.append(_milliseconds(made, unit, column))
    annotator_projects.close_project(place)
    return Waits(warm, after, cold)


def _asked(made: Project, column: Column) -> list[str]:
    """Units that nobody coded and whose suggestions may be seen."""

    def told() -> Iterator[str]:
        for unit in queue.next_units(made.store, Seat("ana"), after=0, want=MORE):
            if reasons.why(made, SEAT, unit.unit_id, column):
                yield unit.unit_id

    return [unit for _, unit in zip(range(TIMES), told(), strict=False)]


def _milliseconds(made: Project, unit: str, column: Column) -> float:
    begun = time.perf_counter()
    reasons.why(made, SEAT, unit, column)
    return (time.perf_counter() - begun) * 1000


def _save(made: Project, number: int, but: str) -> None:
    """Somebody codes one more unit."""
    units = [one for one in tables.units(made.store) if one.seq == CODED + 1 + number]
    stated = {"uuid": f"more-{number:08}", "op": "set", "scheme": made.scheme.id}
    told = [
        Told("ana", Event.model_validate(stated | {"unit": one.unit_id}), projects.AT)
        for one in units
    ]
    events.record_all(made.store, told)


def _cold(home: Path, place: Path, unit: str, column: Column) -> float:
    words = [sys.executable, "-c", COLD, str(place), unit, *column]
    said = subprocess.run(
        words, env=server.environment(home), check=True, capture_output=True, text=True
    )
    return float(said.stdout)
