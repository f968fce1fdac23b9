"""Long exports for a page: each in a child process, so that coders' saves do not wait for it.

The finished file lies in a folder of its own that is gone with the server. One export of a
project and format at a time; the last one is kept until another one takes its place.
"""

from __future__ import annotations

import shutil
import tempfile
import weakref
from pathlib import Path
from typing import NamedTuple

from annotator.exchange import dictionary
from annotator.store import events, tables
from annotator.workflow.jobs import ChildJob, Jobs
from annotator.workflow.projects import Project


class State(NamedTuple):
    """What of a project tells whether an export would be another one now."""

    last_event: int
    units: int


def state_of(project: Project) -> State:
    """The state of the project as it stands."""
    return State(events.last(project.store), tables.totals(project.store)["units"])


class ExportJob(ChildJob):
    """One export with its data dictionary; ``done`` of ``total`` records are written."""

    def __init__(self, project: Project, format_name: str) -> None:
        self.state = state_of(project)
        folder = tempfile.mkdtemp(prefix="annotator-export-")
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        self.file = Path(folder) / f"{project.path.stem}-{format_name}.csv"
        super().__init__(
            *("export", "export", str(project.path)),
            *("--format", format_name, "--output", str(self.file)),
            step="starting",
        )

    @property
    def dictionary(self) -> Path:
        """The data dictionary beside the file."""
        return self.file.with_name(self.file.stem + dictionary.ENDING)

    @property
    def warnings(self) -> list[str]:
        """What it warned of."""
        marked = (line.strip() for line in self.said if line.startswith("warning: "))
        return [line.removeprefix("warning: ") for line in marked]

    def cancel(self) -> None:
        """End it; nothing of it is left."""
        super().cancel()
        self.process.kill()


_jobs: dict[str, Jobs[ExportJob]] = {}


def start(project: Project, format_name: str) -> None:
    """Start an export, unless the same one runs already."""
    _of(format_name).start(project, lambda: ExportJob(project, format_name))


def job(project: Project, format_name: str) -> ExportJob | None:
    """The export of this project and format that runs, or else the last one."""
    return _of(format_name).job(project)


def _of(format_name: str) -> Jobs[ExportJob]:
    return _jobs.setdefault(format_name, Jobs())
