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
    """A training started from here, and the newest job there was before it."""

    process: subprocess.Popen[bytes]
    before: int


log = logging.getLogger(__name__)

_children: dict[Path, Child] = {}
_counted: dict[Path, int] = {}
_lock = threading.Lock()


def log_file(store: Store) -> Path:
    """Where the child processes write what they have to say."""
    return store.models / "training.log"


def start_training(project: Project, reason: str) -> bool:
    """Start training in a child process; False where one runs already."""
    with _lock:
        if is_training(project):
            return False
        project.store.models.mkdir(exist_ok=True)
        with log_file(project.store).open("ab") as log:
            process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "annotator", "train", str(project.path)),
                    *("--reason", reason, "--background"),
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=_environment(),
            )
        latest = jobs.latest(project.store)
        _children[project.path] = Child(process, latest.id if latest else 0)
    return True


def cancel_training(store: Store) -> None:
    """End the training that runs; it stops at its next report."""
    job = jobs.running(store)
    if job is not None:
        jobs.end(store, job.id, "cancelled", now(), "cancelled")


def is_training(project: Project) -> bool:
    """Whether a training runs, or was just started and has not reported yet."""
    child = _children.get(project.path)
    if child is not None and child.process.poll() is None:
        latest = jobs.latest(project.store)
        # A process whose work is over may take a moment to end; nobody need wait for that.
        if latest is None or latest.pid != child.process.pid:
            return True
        return latest.status in ("running", "cancelled")
    job = jobs.latest(project.store)
    if job is None or job.status != "running":
        return False
    if child is not None and child.process.pid == job.pid:
        # It was ended from outside, and could not say so itself.
        jobs.end(project.store, job.id, "failed", now(), _ended(project, child.process.returncode))
        return False
    return job.alive


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
    job, child = jobs.latest(project.store), _children.get(project.path)
    if job is not None and job.status == "running":
        return f"The last training ended without a word; {log_file(project.store)} may say why."
    if child is not None and child.process.poll() and (job.id if job else 0) == child.before:
        return f"The training broke off before it began; {log_file(project.store)} says why."
    if job is not None and job.status == "failed":
        return f"The last training failed: {job.message.rstrip('.')}."
    return ""


def _ended(project: Project, code: int) -> str:
    how = f"signal {-code}" if code < 0 else f"exit code {code}"
    return f"its process was ended from outside ({how}); {log_file(project.store)} may say why"


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
        if not is_training(project) and is_due(project.store):
            start_training(project, "automatic")
    except sqlite3.Error as fault:
        log.warning("could not ask whether a training is due, and asks again later: %s", fault)


def is_due(store: Store) -> bool:
    """Whether 25 decisions came since the last training and two codes have 5 positives each."""
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
