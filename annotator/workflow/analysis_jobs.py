"""Analysing documents while pages are used: in a child process, so that saves do not wait for it.

One at a time for each project. The child keeps what it has found document by document, and goes
on to its end if the server is stopped.
"""

from __future__ import annotations

from annotator.workflow import analysing
from annotator.workflow.jobs import ChildJob, Jobs
from annotator.workflow.projects import Project


class AnalysisJob(ChildJob):
    """One run over all documents that wait."""

    def __init__(self, project: Project) -> None:
        waiting = analysing.waiting(project.store)
        super().__init__("analysis", "analyse", str(project.path), total=waiting)

    def cancel(self) -> None:
        """Stop it; what was found so far stays."""
        super().cancel()
        self.process.terminate()


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
