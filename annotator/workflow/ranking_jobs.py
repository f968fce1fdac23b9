"""Rankings for the model page: each in a child process, so that coders' saves do not wait for it.

One of each coder in each project at a time; the last one is kept until another takes its place.
"""

from __future__ import annotations

import csv
import shutil
import tempfile
import weakref
from pathlib import Path

from annotator.workflow.jobs import ChildJob, Jobs
from annotator.workflow.overview import Place
from annotator.workflow.projects import Project


class RankingJob(ChildJob):
    """The sentences that a coder should look at first for one code; ``said`` are its remarks."""

    def __init__(self, project: Project, place: Place, coder: str) -> None:
        self.place = place
        folder = tempfile.mkdtemp(prefix="annotator-ranking-")
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        self._file = Path(folder) / "ranking.csv"
        variable, target, code = place
        super().__init__(
            *("ranking", "rank", str(project.path), "--variable", variable, "--code", code),
            *("--target", target, "--coder", coder, "--output", str(self._file)),
            step="starting",
        )

    @property
    def units(self) -> list[str]:
        """The ids of the sentences, best first; none before it is done."""
        if self.running or self.fault or not self._file.is_file():
            return []
        with self._file.open(encoding="utf-8", newline="") as file:
            return [row["unit_id"] for row in csv.DictReader(file)]


_jobs: dict[str, Jobs[RankingJob]] = {}


def start(project: Project, place: Place, coder: str) -> None:
    """Start a ranking, unless one of this coder runs already."""
    _of(coder).start(project, lambda: RankingJob(project, place, coder))


def job(project: Project, coder: str) -> RankingJob | None:
    """The coder's ranking in this project that runs, or else the last one."""
    return _of(coder).job(project)


def _of(coder: str) -> Jobs[RankingJob]:
    return _jobs.setdefault(coder, Jobs())
