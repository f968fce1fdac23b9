"""The job of a training: its heartbeat, its reports, and what is said where it broke off."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from annotator.core.errors import ModelError
from annotator.core.progress import Progress
from annotator.store import Store, jobs
from annotator.store.jobs import Job
from annotator.workflow.clock import now

HEARTBEAT = 5.0  # seconds

OFTEN = 0.2
"""Seconds between two reports that are written; each is a write that saves of coders wait for."""


@contextmanager
def working(
    store: Store, job: Job, progress: Progress | None, log: Path | None
) -> Iterator[Progress]:
    """The reports of a job; what broke it off is said in it."""
    try:
        with _beating(store, job.id) as report:
            yield _both(report, progress)
    except ModelError as fault:
        _close(store, job, str(fault))
        raise
    except BaseException as fault:
        _close(store, job, _plainly(fault) + (f"; {log} says more" if log else ""))
        raise


def _close(store: Store, job: Job, message: str) -> None:
    # A full disk may take not even that; the job then counts as dead with its process.
    with suppress(sqlite3.Error):
        jobs.end(store, job.id, "failed", now(), message)


def _plainly(fault: BaseException) -> str:
    """What broke a training off, in words that are not a programmer's."""
    if isinstance(fault, MemoryError):
        return "it broke off: this machine has too little memory for it"
    if isinstance(fault, KeyboardInterrupt):
        return "it was interrupted at the keyboard"
    if isinstance(fault, OSError):
        where = f" ({fault.filename})" if fault.filename else ""
        # numpy says of a full disk only how much it wrote.
        return f"it broke off: {fault.strerror or 'its files could not be written whole'}{where}"
    if isinstance(fault, sqlite3.Error):
        return f"it broke off: the project file cannot be used ({fault})"
    return f"it broke off through a fault in the program ({type(fault).__name__})"


def _both(report: Progress, progress: Progress | None) -> Progress:
    def tell(done: int, total: int, message: str) -> None:
        report(done, total, message)
        if progress:
            progress(done, total, message)

    return tell


@contextmanager
def _beating(store: Store, job: int) -> Iterator[Progress]:
    """Keep the job's heartbeat going between progress reports; cancelling ends the next report."""
    state: list[Any] = [0, 0, "starting"]
    finished = threading.Event()
    written = float("-inf")

    def keep_alive() -> None:
        while not finished.wait(HEARTBEAT):
            # One beat that finds the file locked or the disk full is made up for by the next.
            with suppress(sqlite3.Error):
                jobs.beat(store, job, *state)

    def report(done: int, total: int, message: str) -> None:
        nonlocal written
        state[:] = [done, total, message]
        at = time.monotonic()
        if at - written < OFTEN:
            goes_on = jobs.is_open(store, job)
        else:
            goes_on, written = jobs.beat(store, job, done, total, message), at
        if not goes_on:
            raise ModelError(jobs.CANCELLED)

    beater = threading.Thread(target=keep_alive, daemon=True)
    beater.start()
    try:
        yield report
    finally:
        finished.set()
        beater.join()
