"""Imports that go on whatever the page does: one at a time for each project, in a thread.

A page that imported while it is drawn would stop at the first click elsewhere, and its report
would be lost with it. Each file is a transaction of its own, so that a server that is stopped
in the middle keeps what came in; importing the same files again adds the rest. What is found in
documents once they are in begins when the import ends.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence

from annotator.core.errors import AnnotatorError
from annotator.workflow import analysis_jobs, importing
from annotator.workflow.choosing import Choices
from annotator.workflow.importing import ImportCancelledError, Outcome
from annotator.workflow.jobs import Job, Jobs
from annotator.workflow.projects import Project
from annotator.workflow.sources import Source

log = logging.getLogger(__name__)


class ImportJob(Job):
    """One import; ``outcomes`` grows file by file."""

    def __init__(
        self,
        project: Project,
        sources: Sequence[Source],
        choices: Choices,
        expected: Mapping[str, int],
    ) -> None:
        self.total = len(sources)
        self.outcomes: list[Outcome] = []
        self._weights = [max(1, expected.get(source.name, 1)) for source in sources]
        self._now = (0, "")
        self._in_hand = 0
        super().__init__("import", self._run, project, sources, choices)

    @property
    def fault(self) -> str:
        """Why the import broke off, in one sentence; empty when it did not."""
        if self.running or len(self.outcomes) == self.total:
            return ""
        done = len(self.outcomes)
        return self._reason or (
            f"the import broke off after {done} of {self.total} files (the server's log tells "
            "more); import again"
        )

    @property
    def now(self) -> tuple[int, str]:
        """How many files are done, and the one in hand with its documents so far."""
        return self._now

    @property
    def share(self) -> float:
        """How much is done, 0 to 1, by documents where it was told how many to expect."""
        done, _ = self._now
        of_this = min([self._in_hand, *self._weights[done : done + 1]])
        return (sum(self._weights[:done]) + of_this) / sum(self._weights)

    def _tell(self, done: int, total: int, message: str) -> None:
        # Told once before each file, and once more after so many documents of it.
        told_before = message and done == self._now[0] and self._now[1]
        self._in_hand = self._in_hand + importing.EACH if told_before else 0
        self._now = (done, message)

    def _run(self, project: Project, sources: Sequence[Source], choices: Choices) -> None:
        try:
            for outcome in importing.import_sources(
                *(project.store, project.seed, sources, choices, self._tell),
                stopped=self._stop.is_set,
            ):
                self.outcomes.append(outcome)
        except ImportCancelledError as fault:
            self._reason = str(fault)
        except AnnotatorError as fault:
            log.exception("an import broke off")
            self._reason = str(fault)
        finally:
            analysis_jobs.start(project)


_jobs: Jobs[ImportJob] = Jobs()
job = _jobs.job
forget = _jobs.forget


def start(
    project: Project,
    sources: Sequence[Source],
    choices: Choices | None = None,
    expected: Mapping[str, int] | None = None,
) -> bool:
    """Start importing; False where an import into this project runs already.

    ``expected`` are the documents of a file by its name, as far as a preview has counted them.
    """
    if not sources:
        return False
    return _jobs.start(
        project, lambda: ImportJob(project, sources, choices or Choices(), expected or {})
    )
