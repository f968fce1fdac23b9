"""What is found in documents once they are in; a page does it in the background.

Each step keeps in the project what it has done, document by document. Stopped in the middle, or
by two programs at once, nothing is lost and nothing is done wrong; it is only done again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from annotator.core.progress import Progress, Stopped, never, silent
from annotator.store import Store
from annotator.workflow import clusters as copies
from annotator.workflow import voices


class Step(NamedTuple):
    """One thing that is found in documents.

    ``title`` says it in a progress bar; ``waiting`` counts the documents that nobody looked at
    yet; ``run`` looks at them, in transactions of their own, until ``Stopped`` says so.
    """

    title: str
    waiting: Callable[[Store], int]
    run: Callable[[Store, Progress, Stopped], None]


STEPS: tuple[Step, ...] = (
    Step(voices.TITLE, voices.waiting, voices.run),
    Step(copies.TITLE, copies.waiting, copies.find),
)
"""Every step, in the order they are taken."""


def waiting(store: Store) -> int:
    """How many documents have a step before them."""
    return max((step.waiting(store) for step in STEPS), default=0)


def finish(
    store: Store,
    progress: Progress = silent,
    stopped: Stopped = never,
) -> None:
    """Take every step on the documents that wait for it."""
    for step in STEPS:
        if step.waiting(store) and not stopped():
            step.run(store, progress, stopped)
