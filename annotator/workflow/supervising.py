"""Starting, watching and cancelling training from the web process, without its weight.

Training is a child process at low priority, so that it costs the coders neither the interpreter
lock nor their turn on the processor; when it dies, the model before stays in force.
"""

from __future__ import annotations

import logging
import os
import sqlite3
import subprocess
import sys
import threading
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from annotator.store import Store, events, jobs, tables
from annotator.store.jobs import Job
from annotator.workflow.clock import now
from annotator.workflow.projects import Project

EVERY = 25
"""New decisions after which a project trains by itself."""

ENOUGH = 5
"""Positives that two codes must have before it does so for the first time."""

TOO_EARLY = 3.0
"""Seconds before which no guess is made of how long a training will take."""


class Child(NamedTuple):
    """A training started from here, the newest job there was before it, and who sees its end."""

    process: subprocess.Popen[bytes]
    before: int
    watcher: threading.Thread


log = logging.getLogger(__name__)

_children: dict[Path, Child] = {}
_counted: dict[Path, int] = {}
_lock = threading.Lock()


def log_file(store: Store) -> Path:
    """Where the child processes write what they have to say."""
    return store.models / "training.log"


def start_training(project: Project, reason: str) -> bool:
    """Start training in a child process.

    False where one runs already: another one then follows it, and learns from what is coded until
    then. One that has not begun to read yet will know all that there is, so that none follows.
    """
    with _lock:
        if jobs.ask(project.store, reason) or is_training(project):
            return False
        _begin(project, "train", "--reason", reason)
    return True


def start_rescoring(project: Project, model_id: str, who: str) -> bool:
    """Score with an older model in a child process, which puts it in force in the end.

    False where a training runs.
    """
    with _lock:
        if is_training(project):
            return False
        _begin(project, "models", "--use", model_id, "--coder", who)
    return True


def go_on(project: Project) -> None:
    """Train by itself again after an older model was chosen; at once where that is due."""
    jobs.go_on(project.store)
    _train_if_due(project)


def _begin(project: Project, command: str, *options: str) -> None:
    latest = jobs.latest(project.store)
    process = _start(project, command, *options)
    watcher = threading.Thread(
        target=_see_to_its_end, args=(project, process), name="training", daemon=True
    )
    _children[project.path] = Child(process, latest.id if latest else 0, watcher)
    watcher.start()


def _start(project: Project, command: str, *options: str) -> subprocess.Popen[bytes]:
    project.store.models.mkdir(exist_ok=True)
    with log_file(project.store).open("ab") as log:
        return subprocess.Popen(
            [
                *(sys.executable, "-m", "annotator", command, str(project.path)),
                *(*options, "--background"),
            ],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=_environment(),
            # Ctrl+C in the server's terminal is not meant for it: it goes on without the server.
            start_new_session=True,
        )


def _see_to_its_end(project: Project, process: subprocess.Popen[bytes]) -> None:
    process.wait()
    try:
        _note_death(project, process)
        take_up(project)
    except sqlite3.Error as fault:
        log.warning("could not note how a training ended: %s", fault)


def _note_death(project: Project, process: subprocess.Popen[bytes]) -> None:
    """Close the job of a process that ended without doing so itself."""
    job = jobs.latest(project.store)
    if job is not None and job.status == "running" and job.pid == process.pid:
        jobs.end(project.store, job.id, "failed", now(), _ended(project, process.returncode))


def take_up(project: Project) -> bool:
    """Start the training that was to follow one that died, whoever had asked for it.

    Not where the last one from here could not even begin: the next could not either.
    """
    reason = jobs.following(project.store)
    if not reason or is_training(project) or _never_began(project):
        return False
    return start_training(project, reason)


def cancel_training(store: Store) -> None:
    """End the training that runs, which stops at its next report, and the one to follow it."""
    jobs.cancel(store, now())


def another_follows(project: Project) -> bool:
    """Whether one more training follows the one that runs."""
    return bool(jobs.following(project.store))


def is_training(project: Project) -> bool:
    """Whether a training runs, or was just started and has not reported yet."""
    child = _children.get(project.path)
    if child is not None and child.process.poll() is None:
        latest = jobs.latest(project.store)
        # A process whose work is over may take a moment to end; nobody need wait for that.
        if latest is None or latest.pid != child.process.pid:
            return True
        return latest.status in ("running", "cancelled") or another_follows(project)
    if child is not None:
        _note_death(project, child.process)
    return jobs.running(project.store) is not None


def is_stopping(project: Project) -> bool:
    """Whether a training was cancelled and has not come to its next report yet."""
    latest = jobs.latest(project.store)
    return latest is not None and latest.status == "cancelled" and is_training(project)


def remaining(job: Job, at: str) -> float | None:
    """About how many seconds a training has to go; None while that cannot be told."""
    gone = datetime.fromisoformat(at) - datetime.fromisoformat(job.started_at)
    seconds = gone.total_seconds()
    if seconds < TOO_EARLY or not 0 < job.done <= job.total:
        return None
    return seconds * (job.total - job.done) / job.done


def last_fault(project: Project) -> str:
    """Why the last training made no model, in one sentence; empty where it made one.

    A training that was cancelled has no fault.
    """
    if is_training(project):
        return ""
    job = jobs.latest(project.store)
    if job is not None and job.status == "running":
        return f"The last training ended without a word; {log_file(project.store)} may say why."
    if _never_began(project):
        return f"The training broke off before it began; {log_file(project.store)} says why."
    if job is not None and job.status == "failed":
        return f"The last training failed: {job.message.rstrip('.')}."
    return ""


def _never_began(project: Project) -> bool:
    """Whether the last training started from here ended before it could enter a job."""
    child, job = _children.get(project.path), jobs.latest(project.store)
    ended = child is not None and child.process.poll()
    return bool(ended) and child is not None and (job.id if job else 0) == child.before


def _ended(project: Project, code: int) -> str:
    log = log_file(project.store)
    if code < 0:
        return f"its process was ended from outside (signal {-code}); {log} may say why"
    return f"it broke off and could not note why (exit code {code}); {log} may say"


def after_saves(project: Project, saved: int) -> None:
    """Count decisions just saved, and train when there is something new to learn from.

    Whether there is, a thread of its own finds out: no save waits for it.
    """
    with _lock:
        _counted[project.path] = _counted.get(project.path, EVERY) + saved
        if _counted[project.path] < EVERY:
            return
        _counted[project.path] = 0
    threading.Thread(target=_train_if_due, args=(project,), name="train", daemon=True).start()


def _train_if_due(project: Project) -> None:
    try:
        if take_up(project) or (another_follows(project) and is_training(project)):
            return  # that one will learn from all of it, so that nothing has to be counted
        if is_due(project.store):
            start_training(project, jobs.AUTOMATIC)
    except sqlite3.Error as fault:
        log.warning("could not ask whether a training is due, and asks again later: %s", fault)


def is_due(store: Store) -> bool:
    """Whether 25 decisions came since the last training and two codes have 5 positives each.

    Never while an older model was chosen and nobody said to go on.
    """
    if jobs.is_paused(store):
        return False
    latest = jobs.latest(store)
    since = latest.last_event if latest else 0
    if events.decisions_since(store, since, most=EVERY) < EVERY:
        return False
    return (
        sum(number >= ENOUGH for number in tables.code_counts(store, articles=False).values()) >= 2
    )


def _environment() -> dict[str, str]:
    """The child finds this very package, and one thread of linear algebra is enough for it."""
    root = str(Path(__file__).resolve().parent.parent.parent)
    paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
    return os.environ | {
        "PYTHONPATH": os.pathsep.join(paths),
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }
