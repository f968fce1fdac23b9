"""Import as the command line does it, and export inside the process."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

from annotator.workflow import exporting
from annotator.workflow.projects import Project
from bench import server


def imported(home: Path, project: Path, folder: Path) -> float:
    """Seconds that ``annotator import`` of a folder takes, process start included."""
    begun = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "annotator", "import", str(project), str(folder)],
        env=server.environment(home),
        check=True,
        capture_output=True,
    )
    return time.perf_counter() - begun


def exported(project: Project, times: int = 7) -> tuple[float, int]:
    """The median of the seconds an export of labels takes, and its bytes."""
    taken, content = [], b""
    for _ in range(times):
        begun = time.perf_counter()
        content = exporting.as_bytes(project.store, "labels")
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken), len(content)
