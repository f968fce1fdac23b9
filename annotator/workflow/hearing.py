"""Listening to many documents at once, in processes of their own where that is worth it.

A process that listens imports nothing but the finder, so that it is ready in a moment.
"""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Generator, Iterable, Sequence
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from multiprocessing import get_context, parent_process
from typing import NamedTuple, TypeVar

from annotator.core.document import Segment
from annotator.core.voice import Heard, UnitVoice

MOST_PROCESSES = 8

Item = TypeVar("Item")


class Task(NamedTuple):
    """One document to listen to."""

    text: str
    language: str
    furniture: tuple[tuple[int, int], ...]
    segments: tuple[Segment, ...]


class Answer(NamedTuple):
    """What was heard in it, and the voice of each of its segments."""

    heard: Heard
    voices: list[UnitVoice]


def processes() -> int:
    """How many processes listening may have: as many as there are processors, within reason."""
    return min(os.cpu_count() or 1, MOST_PROCESSES)


def hear(task: Task) -> Answer:
    """Listen to one document."""
    # Compiling the patterns takes longer than most commands that never listen.
    from annotator.corpus import quotations

    heard = quotations.hear(task.text, task.language, furniture=task.furniture)
    return Answer(heard, quotations.voices(task.text, task.segments, heard))


def hear_all(tasks: Sequence[Task]) -> list[Answer]:
    """Listen to some documents, one after the other."""
    return [hear(task) for task in tasks]


def answers(
    batches: Iterable[tuple[Item, Sequence[Task]]], processes: int
) -> Generator[tuple[Item, list[Answer]], None, None]:
    """Listen to batch after batch, in their order; each comes back with what it is called.

    With fewer than two ``processes`` it is done in this one, and so is what is left where the
    system gives none.
    """
    if processes < 2:
        for name, tasks in batches:
            yield name, hear_all(tasks)
        return
    pool = ProcessPoolExecutor(
        processes, mp_context=get_context("spawn"), initializer=_leave_with_parent
    )
    under_way: deque[tuple[Item, Sequence[Task], Future[list[Answer]] | None]] = deque()
    try:
        for name, tasks in batches:
            under_way.append((name, tasks, _submit(pool, tasks)))
            if len(under_way) > 2 * processes:
                yield _next(under_way)
        while under_way:
            yield _next(under_way)
    finally:
        pool.shutdown(cancel_futures=True)


def _submit(pool: ProcessPoolExecutor, tasks: Sequence[Task]) -> Future[list[Answer]] | None:
    try:
        return pool.submit(hear_all, tasks)
    except (BrokenExecutor, OSError):
        return None


def _next(
    under_way: deque[tuple[Item, Sequence[Task], Future[list[Answer]] | None]],
) -> tuple[Item, list[Answer]]:
    name, tasks, future = under_way.popleft()
    if future is None:
        return name, hear_all(tasks)
    try:
        return name, future.result()
    except BrokenExecutor:
        return name, hear_all(tasks)


def _leave_with_parent() -> None:
    """End with the process that asked, even one that was killed and told nobody."""
    parent = parent_process()

    def watch() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=watch, name="parent", daemon=True).start()
