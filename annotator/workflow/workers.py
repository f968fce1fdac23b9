"""Who scores the parts: this process, several of them, or a dask cluster; all by ``score_part``."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Any

from annotator.core.errors import ExportError
from annotator.workflow.scoring import Done, Task, score_part

Dones = Generator[Done]
Run = Callable[[Sequence[Task]], Dones]
"""Does the tasks in any order, and gives each as it is done."""

PATIENCE = 10.0
"""Seconds to wait for a scheduler, and for a first worker."""

LOST = 120.0
"""Seconds without any worker after which a cluster is given up."""

TRIES = 2
"""How often processes may die before it is no accident."""


def here(tasks: Sequence[Task]) -> Dones:
    """One after the other, in this process."""
    yield from map(score_part, tasks)


def in_processes(workers: int) -> Run:
    """That many processes; where one dies, what it had is done by new ones, once."""

    def run(tasks: Sequence[Task]) -> Dones:
        left = {task.number: task for task in tasks}
        for _ in range(TRIES):
            try:
                for done in _in_pool(workers, left.values()):
                    del left[done.number]
                    yield done
            except BrokenProcessPool:
                continue
            return
        raise ExportError(
            "worker processes were ended from outside twice, perhaps for want of memory; "
            f"try again with fewer than {workers} --workers"
        )

    return run


def _in_pool(workers: int, tasks: Iterable[Task]) -> Dones:
    # Spawned, not forked: a fork takes the locks of whatever threads there are with it.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_settle)
    try:
        # A process that was ended breaks the pool, at times while tasks are still handed out.
        for future in as_completed([pool.submit(score_part, task) for task in tasks]):
            yield future.result()
    finally:
        pool.shutdown(cancel_futures=True)


def _settle() -> None:
    """A worker leaves the keyboard to the process that began it, and never outlives that one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_follow_parent, daemon=True).start()


def _follow_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def on_cluster(address: str, patience: float = PATIENCE) -> Run:
    """The workers of a dask scheduler; what a lost one had is done by the others.

    Raises ``ExportError`` at once where dask.distributed is not installed.
    """
    try:
        import distributed
    except ImportError as fault:
        raise ExportError(
            "--cluster needs dask.distributed; install it with pip install 'annotator[cluster]'"
        ) from fault

    def run(tasks: Sequence[Task]) -> Dones:
        with _connected(address, patience) as client:
            futures = client.map(score_part, tasks, pure=False)
            left = set(futures)
            while left:
                try:
                    waited = distributed.wait(left, timeout=LOST, return_when="FIRST_COMPLETED")
                except TimeoutError:
                    _check_workers(client, address)
                    continue
                left = waited.not_done
                for future in waited.done:
                    yield _result(future, address)

    return run


@contextmanager
def _connected(address: str, patience: float) -> Iterator[Any]:
    import distributed

    # What goes wrong is told in a sentence of ours; dask would print its traceback beside it.
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    try:
        client = distributed.Client(address, timeout=patience)
    except (OSError, ValueError) as fault:
        raise ExportError(
            f"no scheduler answers at {address}; start `dask scheduler` and give the address "
            "that it names, as tcp://HOST:PORT"
        ) from fault
    with client:
        try:
            client.wait_for_workers(1, timeout=patience)
        except TimeoutError as fault:
            raise _no_workers(address) from fault
        yield client


def _check_workers(client: Any, address: str) -> None:
    if not client.nthreads():
        raise _no_workers(address)


def _no_workers(address: str) -> ExportError:
    return ExportError(
        f"the scheduler at {address} has no workers; start some with `dask worker {address}`"
    )


def _result(future: Any, address: str) -> Done:
    from distributed import CancelledError, KilledWorker

    try:
        done: Done = future.result()
    except KilledWorker as fault:
        raise ExportError(
            "one part ended worker after worker, perhaps for want of memory; give the workers more"
        ) from fault
    except CancelledError as fault:
        raise ExportError(f"the scheduler at {address} was lost") from fault
    return done
