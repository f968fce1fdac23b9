"""Long exports for a page: each in a child process, so that coders' saves do not wait for it.

The finished file lies in a folder of its own that is gone with the server. One export of a
project and format at a time; the last one is kept until another one takes its place.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import threading
import weakref
from pathlib import Path
from typing import NamedTuple

from annotator.exchange import dictionary
from annotator.store import events, tables
from annotator.workflow.projects import Project

ROOT = Path(__file__).resolve().parents[2]
"""Where the child finds this very package."""

_jobs: dict[tuple[Path, str], ExportJob] = {}
_lock = threading.Lock()


class State(NamedTuple):
    """What of a project tells whether an export would be another one now."""

    last_event: int
    units: int


def state_of(project: Project) -> State:
    """The state of the project as it stands."""
    return State(events.last(project.store), tables.totals(project.store)["units"])


class ExportJob:
    """One export with its data dictionary; ``done`` of ``total`` records are written."""

    def __init__(self, project: Project, format_name: str) -> None:
        self.done = 0
        self.total = 0
        self.step = "starting"
        self.warnings: list[str] = []
        self.fault = ""
        self.cancelled = False
        self.state = state_of(project)
        folder = tempfile.mkdtemp(prefix="annotator-export-")
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        self.file = Path(folder) / f"{project.path.stem}-{format_name}.csv"
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "annotator", "export", str(project.path)),
                *("--format", format_name, "--output", str(self.file), "--background"),
            ],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        self._thread = threading.Thread(target=self._follow, name="export", daemon=True)
        self._thread.start()

    @property
    def running(self) -> bool:
        """Whether it is still being written."""
        return self._thread.is_alive()

    @property
    def dictionary(self) -> Path:
        """The data dictionary beside the file."""
        return self.file.with_name(self.file.stem + dictionary.ENDING)

    def cancel(self) -> None:
        """End it; nothing of it is left."""
        self.cancelled = True
        self.process.kill()

    def wait(self) -> None:
        """Come back when it is done."""
        self._thread.join()

    def _follow(self) -> None:
        said: list[str] = []
        with self.process as child:
            # Read beside the progress, so that neither pipe is ever full.
            listener = threading.Thread(target=lambda: said.extend(child.stderr or ()))
            listener.start()
            for line in child.stdout or ():
                self.done, self.total, self.step = json.loads(line)
            listener.join()
        if self.process.returncode and not self.cancelled:
            self.fault = said[-1].strip() if said else "the export was ended from outside"
        marked = (line.strip() for line in said if line.startswith("warning: "))
        self.warnings = [line.removeprefix("warning: ") for line in marked]


def start(project: Project, format_name: str) -> None:
    """Start an export, unless the same one runs already."""
    with _lock:
        known = _jobs.get((project.path, format_name))
        if known is None or not known.running:
            _jobs[project.path, format_name] = ExportJob(project, format_name)


def job(project: Project, format_name: str) -> ExportJob | None:
    """The export of this project and format that runs, or else the last one."""
    return _jobs.get((project.path, format_name))
