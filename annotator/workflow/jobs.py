"""Work that goes on whatever the page does: in a thread, one piece of a kind for each project.

A page that worked while it is drawn would stop at the first click elsewhere, and its report would
be lost with it. The longest work is done in a child process, so that coders' saves do not wait.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Generic, TypeVar

from annotator.workflow.projects import Project

ROOT = Path(__file__).resolve().parents[2]
"""Where a child process finds this very package."""


class Job:
    """One piece of work; it begins when it is made.

    The thread lets go of its arguments when it ends: they may be 200 MB of uploads.
    """

    def __init__(self, name: str, work: Callable[..., None], *args: Any) -> None:
        self._stop = threading.Event()
        self._reason = ""
        self._thread = threading.Thread(target=work, args=args, name=name, daemon=True)
        self._thread.start()

    @property
    def running(self) -> bool:
        """Whether there is work left to do."""
        return self._thread.is_alive()

    @property
    def cancelled(self) -> bool:
        """Whether somebody stopped it."""
        return self._stop.is_set()

    def cancel(self) -> None:
        """Stop as soon as the work looks up; what it then keeps, each kind says."""
        self._stop.set()

    def wait(self) -> None:
        """Come back when it is done."""
        self._thread.join()


class ChildJob(Job):
    """A command of the program in the background; ``done`` of ``total`` in the ``step`` in hand.

    ``fault`` is why it broke off, in one sentence; ``said`` is all that it wrote beside its
    progress, line by line. Both are complete once it is done.
    """

    def __init__(self, name: str, *command: str, total: int = 0, step: str = "") -> None:
        self.done = 0
        self.total = total
        self.step = step
        self.fault = ""
        self.said: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, "-m", "annotator", *command, "--background"],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        super().__init__(name, self._follow)

    def _follow(self) -> None:
        with self.process as child:
            # Read beside the progress, so that neither pipe is ever full.
            listener = threading.Thread(target=lambda: self.said.extend(child.stderr or ()))
            listener.start()
            for line in child.stdout or ():
                self.done, self.total, self.step = json.loads(line)
            listener.join()
        if self.process.returncode and not self.cancelled:
            self.fault = self.said[-1].strip() if self.said else "it was ended from outside"


J = TypeVar("J", bound=Job)


class Jobs(Generic[J]):
    """The piece of work of one kind that each project has now, or had last."""

    def __init__(self) -> None:
        self._jobs: dict[Path, J] = {}
        self._lock = threading.Lock()

    def start(self, project: Project, begin: Callable[[], J]) -> bool:
        """Begin; False where such work is done in this project already."""
        with self._lock:
            known = self._jobs.get(project.path)
            if known is not None and known.running:
                return False
            self._jobs[project.path] = begin()
        return True

    def job(self, project: Project) -> J | None:
        """The work that is done in this project now, or else the last one."""
        return self._jobs.get(project.path)

    def forget(self, project: Project) -> None:
        """Put away the report of work that is done."""
        with self._lock:
            known = self._jobs.get(project.path)
            if known is not None and not known.running:
                del self._jobs[project.path]
