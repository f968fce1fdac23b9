"""Labels that come in whatever the page does: one table at a time for each project, in a thread.

All of a table is one transaction, so that a server that is stopped in the middle keeps nothing
of it, and the same table can be brought again.
"""

from __future__ import annotations

import logging

from annotator.core.errors import AnnotatorError
from annotator.corpus.file import File
from annotator.workflow import labelling
from annotator.workflow.jobs import Job, Jobs
from annotator.workflow.label_choices import LabelChoices
from annotator.workflow.labelling import CodeReport
from annotator.workflow.projects import Project

log = logging.getLogger(__name__)


class LabellingStoppedError(AnnotatorError):
    """Labels that somebody stopped on their way in: nothing of them came in."""


class LabelJob(Job):
    """One table on its way in; ``report`` is there once it is in."""

    def __init__(self, project: Project, file: File, choices: LabelChoices) -> None:
        self.name = file.name
        self.report: CodeReport | None = None
        self._now = (0, 0, "reading the table")
        super().__init__("labels", self._run, project, file, choices)

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

    def _tell(self, done: int, total: int, message: str) -> None:
        if self._stop.is_set():
            raise LabellingStoppedError(f"{self.name}: was stopped, and nothing came in")
        self._now = (done, total, message)

    def _run(self, project: Project, file: File, choices: LabelChoices) -> None:
        try:
            self.report = labelling.code_file(project.store, file, choices, progress=self._tell)
        except LabellingStoppedError as fault:
            self._reason = str(fault)
        except AnnotatorError as fault:
            log.exception("labels did not come in")
            self._reason = str(fault)


_jobs: Jobs[LabelJob] = Jobs()
job = _jobs.job
forget = _jobs.forget


def start(project: Project, file: File, choices: LabelChoices) -> bool:
    """Start; False where labels come into this project already."""
    return _jobs.start(project, lambda: LabelJob(project, file, choices))
