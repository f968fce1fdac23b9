"""How soon a large project has a new order after a training, and how soon the desk walks it.

The model is invented: of fifteen codes it gives every unit a score that chance made, few of them
high. What a training does before is not in it.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from annotator.core.annotation import Event
from annotator.core.order import Order
from annotator.learn.model import CodeCard
from annotator.store import events, jobs, queue, tables
from annotator.store.events import Told
from annotator.store.seat import Seat
from annotator.workflow import orders, suggesting
from annotator.workflow import projects as annotator_projects
from annotator.workflow.projects import Project
from bench import projects

CODES = 15
DECIDED = 10_000
WANTED = 40
TIMES = 3
GROUP = 500


class Measured(NamedTuple):
    """Seconds: of the first order, of each after new scores by its name, and of a desk's walk."""

    first: float
    again: dict[str, float]
    walk: float


def measured(place: Path) -> Measured:
    """Rank a project of ``bench.projects`` anew with each order of a model, after other scores."""
    made = annotator_projects.open_project(place)
    _put_model(made, 0)
    first = _seconds(lambda: orders.in_order(made, Order("random").name))
    names = [Order(name, by).name for name in orders.OF_MODEL for by in ("sentences", "articles")]
    again: dict[str, list[float]] = {name: [] for name in names}
    for number in range(1, TIMES + 1):
        _put_model(made, number)
        for name in names:
            again[name].append(_seconds(lambda name=name: orders.in_order(made, name)))
    middle = {name: statistics.median(times) for name, times in again.items()}
    return Measured(first, middle, _walked(made, Order("least-sure").name))


def _put_model(made: Project, number: int) -> None:
    """Put a model in force whose scores nobody has ranked by."""
    columns = list(made.scheme.columns())[:CODES]
    last = max(number for number, _ in tables.unit_names(made.store))
    scores = np.random.default_rng(number).random((last + 1, CODES), np.float32) ** 4
    job = jobs.start(made.store, pid=1, reason="asked", at=projects.AT, last_event=0)
    place = suggesting.scores_file(made.store, f"m{job.id}")
    place.parent.mkdir(parents=True)
    np.save(place, scores)
    np.save(place.with_name(suggesting.APART), scores[:, 0])
    cards = [
        CodeCard(
            **dict(zip(("variable", "target", "code"), column, strict=True)),
            positives=9 + at,
            negatives=9,
            fitted=True,
            threshold=0.4,
        )
        for at, column in enumerate(columns)
    ]
    card = {"codes": [asdict(one) for one in cards], "trained_on": 100}
    jobs.put_model(made.store, job.id, f"m{job.id}", made.scheme.id, card, projects.AT)


def _walked(made: Project, name: str) -> float:
    """Seconds to the next units behind those that the coder decided, at the order's top."""
    ranking = orders.in_order(made, name)
    assert ranking is not None
    ids = dict(tables.unit_names(made.store))
    told = [
        Told("ana", _event(number, ids[unit], name, made.scheme.id), projects.AT)
        for number, unit in enumerate(ranking.numbers[:DECIDED].tolist())
    ]
    for at in range(0, len(told), GROUP):
        events.record_all(made.store, told[at : at + GROUP])
    seat = Seat("ana", queue=name)
    walks = [
        _seconds(lambda: queue.next_units(made.store, seat, after=0, want=WANTED, ranking=ranking))
        for _ in range(TIMES)
    ]
    return statistics.median(walks)


def _event(number: int, unit: str, name: str, scheme: int) -> Event:
    stated = {"uuid": f"ranked-{number:08}", "op": "set", "unit": unit, "scheme": scheme}
    return Event.model_validate(stated | {"queue": name})


def _seconds(done: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    done()
    return time.perf_counter() - begun
