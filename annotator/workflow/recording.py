"""Saves, in groups: while one transaction is on its way to the disk, the next ones gather.

With ``synchronous=FULL`` every commit waits for the disk. Committing what several coders sent
meanwhile in one transaction keeps each save durable and the wait short.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path

from annotator.store import Store, events
from annotator.store.events import Told

LARGEST_GROUP = 64
"""Requests that are committed together at the most."""

Answers = list[str | None]

log = logging.getLogger(__name__)


class Recorder:
    """The one writer of a project's events in this process."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: queue.SimpleQueue[tuple[Sequence[Told], Future[Answers]]] = (
            queue.SimpleQueue()
        )
        threading.Thread(target=self._write, name=f"record {store.path.name}", daemon=True).start()

    def submit(self, told: Sequence[Told]) -> Future[Answers]:
        """Record these events together; the answer comes when they are on the disk.

        For each event None, or why it was refused. The future raises ``sqlite3.Error`` where
        nothing could be kept: a full disk, a database that another program holds.
        """
        answers: Future[Answers] = Future()
        self._waiting.put((told, answers))
        return answers

    def _write(self) -> None:
        while True:
            group = [self._waiting.get()]
            while len(group) < LARGEST_GROUP and not self._waiting.empty():
                group.append(self._waiting.get())
            if not self._commit(group) and len(group) > 1:
                # One request may be at fault, and must not take the others down with it.
                for request in group:
                    self._commit([request], last=True)

    def _commit(
        self, group: list[tuple[Sequence[Told], Future[Answers]]], *, last: bool = False
    ) -> bool:
        try:
            answers = events.record(self._store, [one for told, _ in group for one in told])
        except Exception as fault:  # this thread must outlive any one request
            log.exception("could not record %d requests", len(group))
            if last or len(group) == 1:
                group[0][1].set_exception(fault)
            return False
        at = 0
        for told, future in group:
            future.set_result(answers[at : at + len(told)])
            at += len(told)
        return True


_recorders: dict[Path, Recorder] = {}
_lock = threading.Lock()


def recorder(store: Store) -> Recorder:
    """The recorder of this project; one for each project file in this process."""
    with _lock:
        if store.path not in _recorders:
            _recorders[store.path] = Recorder(store)
        return _recorders[store.path]
