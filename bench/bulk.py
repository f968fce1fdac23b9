"""Import as the command line does it, and export inside the process."""

from __future__ import annotations

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


# What the system tells of a child is never less than the process it was forked from.
IMPORT = """
import sys
from annotator.cli import main
try:
    main(["import", *sys.argv[1:]])
finally:
    print(open("/proc/self/status").read())
"""


def imported(home: Path, project: Path, place: Path, *words: str) -> Imported:
    """Import a file or folder as the command line does."""
    begun = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", IMPORT, str(project), str(place), *words],
        env=server.environment(home),
        check=True,
        capture_output=True,
        text=True,
    )
    seconds = time.perf_counter() - begun
    peak = next(line for line in done.stdout.splitlines() if line.startswith("VmHWM"))
    return Imported(seconds, int(peak.split()[1]) / 1024)


def exported(project: Project, times: int = 7) -> tuple[float, int]:
    """The median of the seconds an export of labels takes, and its bytes."""
    taken, content = [], b""
    for _ in range(times):
        begun = time.perf_counter()
        content = exporting.as_bytes(project.store, "labels")
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken), len(content)
