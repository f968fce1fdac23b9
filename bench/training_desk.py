"""What a coder feels while the project learns: one training after another beside the desk."""

from __future__ import annotations

import os
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from annotator.core.annotation import Event
from annotator.core.codebook import Scheme
from annotator.store import Store, events, jobs, tables
from annotator.store.events import Told
from annotator.workflow import projects as annotator_projects
from annotator.workflow import supervising, training
from annotator.workflow.clock import now
from annotator.workflow.projects import Project
from bench import desk, projects

LABELS = 10_000
GIVEN, GIVEN_STANCE = 0.1, 0.5
"""How often a code of many is given, and how often a stance toward a target."""

LOOK_EVERY = 0.05  # seconds


class Learning(NamedTuple):
    """Milliseconds from Enter to the next sentence, and how many trainings ended meanwhile."""

    quiet: list[float]
    busy: list[float]
    trainings: int


def felt(home: Path, place: Path, decisions: int) -> Learning:
    """Code sentences of a project, first in peace, then while it learns."""
    made = annotator_projects.open_project(place)
    label(made, LABELS)
    training.train(made)
    with _nothing_learned(made.store):
        quiet = desk.felt(home, place, decisions)
    before = len(jobs.model_ids(made.store))
    with _back_to_back(made):
        busy = desk.felt(home, place, decisions)
    ended = len(jobs.model_ids(made.store)) - before
    annotator_projects.close_project(place)
    return Learning(quiet.painted, busy.painted, ended)


def label(made: Project, number: int) -> None:
    """Code the first units as chance has it, so that every code is learned."""
    chance, scheme = random.Random(5), made.scheme
    told = []
    for at, unit in zip(range(number), tables.units(made.store), strict=False):
        stated = {
            "uuid": f"label-{at:08}",
            "op": "set",
            "unit": unit.unit_id,
            "scheme": scheme.id,
            "answers": list(_answers(chance, scheme)),
        }
        told.append(Told("ana", Event.model_validate(stated), projects.AT))
    for start in range(0, len(told), projects.GROUP):
        events.record_all(made.store, told[start : start + projects.GROUP])


def _answers(chance: random.Random, scheme: Scheme) -> Iterator[dict[str, str]]:
    for _, variable in scheme.variables():
        codes = [code.name for code in variable.answers if not code.exclusive]
        if not variable.targets:
            given = (code for code in codes if chance.random() < GIVEN)
            yield from ({"variable": variable.name, "code": code} for code in given)
        for target in variable.targets or ():
            if chance.random() < GIVEN_STANCE:
                code = chance.choice(codes)
                yield {"variable": variable.name, "target": target.name, "code": code}


@contextmanager
def _nothing_learned(store: Store) -> Iterator[None]:
    """Keep the server from training by itself, as if a training ran already."""
    jobs.start(store, pid=os.getpid(), reason="bench", at=now(), last_event=0)
    yield
    jobs.cancel(store, now())


@contextmanager
def _back_to_back(made: Project) -> Iterator[None]:
    """Trainings as the server starts them, one after another."""
    over = threading.Event()

    def go_on() -> None:
        while not over.wait(LOOK_EVERY):
            if not supervising.is_training(made):
                supervising.start_training(made, "asked")

    thread = threading.Thread(target=go_on)
    thread.start()
    while not supervising.is_training(made):
        over.wait(LOOK_EVERY)
    yield
    over.set()
    thread.join()
    supervising.cancel_training(made.store)
    while supervising.is_training(made):
        threading.Event().wait(LOOK_EVERY)
