"""Import as the command line does it, and export inside the process."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

from annotator.workflow import exporting
from annotator.workflow.projects import Project
from bench import server


class Imported(NamedTuple):
    """Seconds that ``annotator import`` took, process start included, and its peak memory."""

    seconds: float
    megabytes: float


def imported(home: Path, project: Path, place: Path, *words: str) -> Imported:
    """Import a file or folder as the command line does."""
    begun = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "annotator", "import", str(project), str(place), *words],
        env=server.environment(home),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"annotator import ended with {process.returncode}")
    return Imported(time.perf_counter() - begun, used.ru_maxrss / 1024)


def exported(project: Project, times: int = 7) -> tuple[float, int]:
    """The median of the seconds an export of labels takes, and its bytes."""
    taken, content = [], b""
    for _ in range(times):
        begun = time.perf_counter()
        content = exporting.as_bytes(project.store, "labels")
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken), len(content)
