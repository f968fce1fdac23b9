"""Starting, watching and cancelling training from the web process, without its weight.

Training is a child process at low priority, so that it costs the coders neither the interpreter
lock nor their turn on the processor; when it dies, the model before stays in force.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

from annotator.store import Store, events, jobs, tables
from annotator.workflow.clock import now
from annotator.workflow.projects import Project

EVERY = 25
"""New decisions after which a project trains by itself."""

ENOUGH = 5
"""Positives that two codes must have before it does so for the first time."""

_children: dict[Path, subprocess.Popen[bytes]] = {}
_counted: dict[Path, int] = {}
_lock = threading.Lock()


def start_training(project: Project, reason: str) -> bool:
    """Start training in a child process; False where one runs already."""
    with _lock:
        child = _children.get(project.path)
        if (child is not None and child.poll() is None) or jobs.running(project.store):
            return False
        project.store.models.mkdir(exist_ok=True)
        with (project.store.models / "training.log").open("ab") as log:
            _children[project.path] = subprocess.Popen(
                [
                    *(sys.executable, "-m", "annotator", "train", str(project.path)),
                    *("--reason", reason, "--background"),
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=_environment(),
            )
    return True


def cancel_training(store: Store) -> None:
    """End the training that runs; it stops at its next report."""
    job = jobs.running(store)
    if job is not None:
        jobs.end(store, job.id, "cancelled", now(), "cancelled")


def is_training(project: Project) -> bool:
    """Whether a training runs, or was just started and has not reported yet."""
    child = _children.get(project.path)
    return (child is not None and child.poll() is None) or jobs.running(project.store) is not None


def broke_off(project: Project) -> bool:
    """Whether the training that was started last from here ended with a fault."""
    child = _children.get(project.path)
    return child is not None and child.poll() not in (None, 0)


def after_saves(project: Project, saved: int) -> None:
    """Count decisions just saved, and train when there is something new to learn from."""
    with _lock:
        _counted[project.path] = _counted.get(project.path, EVERY) + saved
        if _counted[project.path] < EVERY:
            return
        _counted[project.path] = 0
    if is_due(project.store):
        start_training(project, "automatic")


def is_due(store: Store) -> bool:
    """Whether 25 decisions came since the last training and two codes have 5 positives each."""
    latest = jobs.latest(store)
    since = latest.last_event if latest else 0
    if events.decisions_since(store, since) < EVERY:
        return False
    return sum(number >= ENOUGH for number in tables.code_counts(store).values()) >= 2


def _environment() -> dict[str, str]:
    """The child finds this very package, and one thread of linear algebra is enough for it."""
    root = str(Path(__file__).resolve().parent.parent.parent)
    paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
    return os.environ | {
        "PYTHONPATH": os.pathsep.join(paths),
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }
