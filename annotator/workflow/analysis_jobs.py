"""Analysing documents while pages are used: in a child process, so that saves do not wait for it.

One at a time for each project. The child keeps what it has found document by document, and goes
on to its end if the server is stopped.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path

from annotator.workflow import analysing
from annotator.workflow.jobs import Job, Jobs
from annotator.workflow.projects import Project

ROOT = Path(__file__).resolve().parents[2]
"""Where the child finds this very package."""


class AnalysisJob(Job):
    """One run over all documents that wait; ``done`` of ``total`` in the ``step`` in hand."""

    def __init__(self, project: Project) -> None:
        self.done = 0
        self.total = analysing.waiting(project.store)
        self.step = ""
        self.fault = ""
        self._child = subprocess.Popen(
            [*(sys.executable, "-m", "annotator", "analyse", str(project.path)), "--background"],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        super().__init__("analysis", self._follow)

    def cancel(self) -> None:
        """Stop it; what was found so far stays."""
        super().cancel()
        self._child.terminate()

    def _follow(self) -> None:
        said: list[str] = []
        with self._child as child:
            # Read beside the progress, so that neither pipe is ever full.
            listener = threading.Thread(target=lambda: said.extend(child.stderr or ()))
            listener.start()
            for line in child.stdout or ():
                self.done, self.total, self.step = json.loads(line)
            listener.join()
        if self._child.returncode and not self.cancelled:
            self.fault = said[-1].strip() if said else "it was ended from outside"


_jobs: Jobs[AnalysisJob] = Jobs()
job = _jobs.job
forget = _jobs.forget


def start(project: Project) -> bool:
    """Start analysing, where documents wait for it and nobody does so already."""
    return bool(analysing.waiting(project.store)) and _jobs.start(
        project, lambda: AnalysisJob(project)
    )


def keep_going(project: Project) -> AnalysisJob | None:
    """Start analysing unless it was stopped or broke off; the work in hand, or the last one."""
    last = job(project)
    if last is None or not (last.running or last.cancelled or last.fault):
        start(project)
    return job(project)
