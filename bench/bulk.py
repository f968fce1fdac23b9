"""Import as the command line does it, and export inside the process."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import NamedTuple

from annotator.workflow import exporting
from annotator.workflow.projects import Project
from bench import server


class Imported(NamedTuple):
    """What ``annotator import`` took, process start included.

    Seconds until all came in, seconds until all was found in it too, and the peak memory.
    """

    there: float
    seconds: float
    megabytes: float


LOOK_EVERY = 0.02  # seconds

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
    with tempfile.TemporaryFile("w+", encoding="utf-8") as said:
        process = subprocess.Popen(
            [sys.executable, "-c", IMPORT, str(project), str(place), *words],
            env=server.environment(home),
            stdout=said,
        )
        last = begun
        for _ in _growing(project, process):
            last = time.perf_counter()
        seconds = time.perf_counter() - begun
        said.seek(0)
        peak = next(line for line in said if line.startswith("VmHWM"))
    return Imported(last - begun, seconds, int(peak.split()[1]) / 1024)


def _growing(project: Path, process: subprocess.Popen[bytes]) -> Iterator[int]:
    """The number of units each time that it is another, until the process has ended well."""
    known = 0
    with closing(sqlite3.connect(f"file:{project}?mode=ro", uri=True)) as db:
        while process.poll() is None:
            # What one transaction brought is there at once: with one table, all or nothing.
            (number,) = db.execute("select coalesce(max(seq), 0) from unit").fetchone()
            if number != known:
                known = number
                yield number
            with suppress(subprocess.TimeoutExpired):
                process.wait(LOOK_EVERY)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, "annotator import")


def exported(project: Project, times: int = 7) -> tuple[list[float], int]:
    """The seconds of each of some exports of labels, and the bytes of one."""
    taken, content = [], b""
    for _ in range(times):
        begun = time.perf_counter()
        content = exporting.as_bytes(project.store, "labels")
        taken.append(time.perf_counter() - begun)
    return taken, len(content)
