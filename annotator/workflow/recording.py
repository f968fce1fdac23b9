"""Saves, in groups: while one transaction is on its way to the disk, the next ones gather.

With ``synchronous=FULL`` every commit waits for the disk. Committing what several coders sent
meanwhile in one transaction keeps each save durable and the wait short.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any, NamedTuple

from annotator.store import Store, events
from annotator.store.events import Told

LARGEST_GROUP = 64
"""Requests that are committed together at the most."""

Answers = list[str | None]

log = logging.getLogger(__name__)


class Kept(NamedTuple):
    """What became of a request: for each event None, or why it was refused; and the reply."""

    answers: Answers
    reply: Any


class _Request(NamedTuple):
    told: Sequence[Told]
    reply: Callable[[], Any]
    kept: Future[Kept]


class Recorder:
    """The one writer of a project's events in this process."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: queue.SimpleQueue[_Request | None] = queue.SimpleQueue()
        threading.Thread(target=self._write, name=f"record {store.path.name}", daemon=True).start()

    def submit(self, told: Sequence[Told], reply: Callable[[], Any] = lambda: None) -> Future[Kept]:
        """Record these events together; the result comes when they are on the disk.

        ``reply`` is called then, in the thread that wrote, which spares a save the change to
        another one; it must be quick, since the next group waits for it. The future raises
        ``sqlite3.Error`` where nothing could be kept: a full disk, a database that another
        program holds.
        """
        kept: Future[Kept] = Future()
        self._waiting.put(_Request(told, reply, kept))
        return kept

    def stop(self) -> None:
        """Let the thread end when all that was submitted is recorded."""
        self._waiting.put(None)

    def _write(self) -> None:
        while (first := self._waiting.get()) is not None:
            group = [first]
            while len(group) < LARGEST_GROUP and not self._waiting.empty():
                request = self._waiting.get()
                if request is None:
                    self.stop()  # after this group
                    break
                group.append(request)
            if not self._commit(group) and len(group) > 1:
                # One request may be at fault, and must not take the others down with it.
                for request in group:
                    self._commit([request], last=True)

    def _commit(self, group: list[_Request], *, last: bool = False) -> bool:
        try:
            answers = events.record(self._store, [one for request in group for one in request.told])
        except Exception as fault:  # this thread must outlive any one request
            log.exception("could not record %d requests", len(group))
            if last or len(group) == 1:
                group[0].kept.set_exception(fault)
            return False
        at = 0
        for request in group:
            self._answer(request, answers[at : at + len(request.told)])
            at += len(request.told)
        return True

    def _answer(self, request: _Request, answers: Answers) -> None:
        try:
            request.kept.set_result(Kept(answers, request.reply()))
        except Exception as fault:  # kept, but not told: whoever asks again hears it
            log.exception("could not reply to a save")
            request.kept.set_exception(fault)


_recorders: dict[Path, Recorder] = {}
_lock = threading.Lock()


def recorder(store: Store) -> Recorder:
    """The recorder of this project; one for each project file in this process."""
    with _lock:
        if store.path not in _recorders:
            _recorders[store.path] = Recorder(store)
        return _recorders[store.path]


def forget(store: Store) -> None:
    """Let the recorder of a project that is closed come to its end."""
    with _lock:
        gone = _recorders.pop(store.path, None)
    if gone is not None:
        gone.stop()
