"""Labels that come in whatever the page does: one table at a time for each project, in a thread.

All of a table is one transaction, so that a server that is stopped in the middle keeps nothing
of it, and the same table can be brought again.
"""

from __future__ import annotations

import logging
import threading
from pathlib import Path

from annotator.core.errors import AnnotatorError
from annotator.corpus.file import File
from annotator.workflow import labelling
from annotator.workflow.label_choices import LabelChoices
from annotator.workflow.labelling import CodeReport
from annotator.workflow.projects import Project

log = logging.getLogger(__name__)

_jobs: dict[Path, LabelJob] = {}
_lock = threading.Lock()


class LabellingStoppedError(AnnotatorError):
    """Labels that somebody stopped on their way in: nothing of them came in."""


class LabelJob:
    """One table on its way in; ``report`` is there once it is in."""

    def __init__(self, project: Project, file: File, choices: LabelChoices) -> None:
        self.name = file.name
        self.report: CodeReport | None = None
        self._reason = ""
        self._work = (project, file, choices)
        self._stop = threading.Event()
        self._now = (0, 0, "reading the table")
        self._thread = threading.Thread(target=self._run, name="labels", daemon=True)
        self._thread.start()

    @property
    def running(self) -> bool:
        """Whether it is still coming in."""
        return self._thread.is_alive()

    @property
    def fault(self) -> str:
        """Why nothing came in, in one sentence; empty where it did."""
        if self.running or self.report is not None:
            return ""
        return self._reason or (
            f"{self.name}: the labels broke off, and nothing came in (the server's log tells "
            "more); bring the table again"
        )

    @property
    def now(self) -> tuple[int, int, str]:
        """How many decisions are recorded, of how many, and what is being done."""
        return self._now

    def cancel(self) -> None:
        """Stop: nothing of the table comes in."""
        self._stop.set()

    def wait(self) -> None:
        """Come back when it is done."""
        self._thread.join()

    def _tell(self, done: int, total: int, message: str) -> None:
        if self._stop.is_set():
            raise LabellingStoppedError(f"{self.name}: was stopped, and nothing came in")
        self._now = (done, total, message)

    def _run(self) -> None:
        project, file, choices = self._work
        try:
            self.report = labelling.code_file(project.store, file, choices, progress=self._tell)
        except LabellingStoppedError as fault:
            self._reason = str(fault)
        except AnnotatorError as fault:
            log.exception("labels did not come in")
            self._reason = str(fault)


def start(project: Project, file: File, choices: LabelChoices) -> bool:
    """Start; False where labels come into this project already."""
    with _lock:
        known = _jobs.get(project.path)
        if known is not None and known.running:
            return False
        _jobs[project.path] = LabelJob(project, file, choices)
    return True


def job(project: Project) -> LabelJob | None:
    """The labels that come into this project now, or else those that came last."""
    return _jobs.get(project.path)


def forget(project: Project) -> None:
    """Put away the report of labels that are in."""
    with _lock:
        known = _jobs.get(project.path)
        if known is not None and not known.running:
            del _jobs[project.path]
