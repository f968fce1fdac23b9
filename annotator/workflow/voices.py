"""Finding who speaks: documents are listened to, and their voices and speakers kept."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing

from annotator.core.errors import NotKeptError
from annotator.core.progress import Progress, Stopped, never, silent
from annotator.store import Store, actor_view, voices
from annotator.store.voices import Found, Listened
from annotator.workflow import hearing
from annotator.workflow.hearing import Answer, Task

TITLE = "finding who speaks"

AT_ONCE = 150_000
"""Characters that are kept in one transaction: coders who save wait for a moment at most."""

MOST_AT_ONCE = 1_000
"""Documents that are, where they are short."""

READ_AT_ONCE = 50

WORTH_PROCESSES = 2_000_000
"""Characters from which on more processes are ready before one would be done."""


def waiting(store: Store) -> int:
    """How many documents nobody listened to yet; at least 1 while actors wait to be settled."""
    return max(voices.waiting(store), int(actor_view.unsettled(store)))


def run(store: Store, progress: Progress, stopped: Stopped) -> None:
    """Listen to every document that waits, some in each transaction, until it is ``stopped``.

    Raises ``NotKeptError`` where the project cannot be written; what was kept stays.
    """
    _listen(store, voices.waiting_ids(store), progress, stopped)


def again(
    store: Store,
    progress: Progress = silent,
    stopped: Stopped = never,
) -> int:
    """Listen anew to every document that an earlier finder listened to; how many there were.

    What coders corrected stays.
    """
    # Its patterns are compiled only when somebody listens.
    from annotator.corpus.quotations import FINDER

    ids = voices.waiting_ids(store, FINDER)
    _listen(store, ids, progress, stopped)
    return len(ids)


def _listen(store: Store, ids: Sequence[str], progress: Progress, stopped: Stopped) -> None:
    from annotator.corpus.quotations import FINDER

    done = 0
    progress(0, len(ids), TITLE)
    much = voices.characters(store, ids, enough=WORTH_PROCESSES) >= WORTH_PROCESSES
    answers = hearing.answers(_batches(store, ids), hearing.processes() if much else 1)
    try:
        with closing(answers), store.unhurried():
            for documents, told in answers:
                if stopped():
                    break
                voices.keep(store, list(map(_found, documents, told)), FINDER)
                done += len(documents)
                progress(done, len(ids), TITLE)
            actor_view.settle_waiting(store)
    except sqlite3.Error as fault:
        raise NotKeptError(
            f"who speaks could not be kept ({fault}), after {done:,} of {len(ids):,} documents, "
            "which are done; make room or wait, and go on with `annotator analyse`"
        ) from fault


def _batches(store: Store, ids: Sequence[str]) -> Iterator[tuple[list[Listened], list[Task]]]:
    batch: list[Listened] = []
    size = 0
    for first in range(0, len(ids), READ_AT_ONCE):
        for one in voices.listened(store, ids[first : first + READ_AT_ONCE]):
            batch.append(one)
            size += len(one.text)
            if size >= AT_ONCE or len(batch) >= MOST_AT_ONCE:
                yield batch, list(map(_task, batch))
                batch, size = [], 0
    if batch:
        yield batch, list(map(_task, batch))


def _task(one: Listened) -> Task:
    return Task(one.text, one.language, one.furniture, one.segments)


def _found(one: Listened, answer: Answer) -> Found:
    return Found(one, *answer)


def revoice(store: Store, document_id: str) -> None:
    """Find anew who speaks in each unit of a document that was cut into other ones.

    Its quotations stay; one that nobody listened to yet goes on waiting.
    """
    heard = voices.heard(store, document_id)
    if heard is None:
        return
    from annotator.corpus import quotations

    for one in voices.listened(store, [document_id]):
        voices.revoice(store, one, quotations.voices(one.text, one.segments, heard))
