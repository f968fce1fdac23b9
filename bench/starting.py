"""Measures of the beginning: from nothing to an installed program, and to a sentence on screen."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from bench import desk, server
from bench.rows import MILLION, SMALL, Bench, Row

STARTS = 5
USABLE = 3  # seconds
HEAVY = ("pandas", "sklearn")
"""Packages that a desk does without until something asks for them."""

INSTALLED = 850  # megabytes
COMMANDS = ("pip install -r requirements.txt", "streamlit run streamlit_app.py")
"""What README.md tells a newcomer to type."""


def start(bench: Bench) -> Iterator[Row]:
    """From nothing to a sentence on the screen."""
    cases: list[tuple[str, list[str]]] = [("the sample, built at this start", [])]
    for units in (SMALL, MILLION):
        cases.append((f"{units:,} units", [str(bench.copy(units, f"start-{units}"))]))
    for name, words in cases:
        opened = [
            desk.opened(bench.folder / f"start-{name}-{number}", *words)
            for number in range(STARTS + 1)
        ][1:]  # the first warms the disk cache
        taken = [one.seconds for one in opened]
        middle = statistics.median(taken)
        heavy = {package for one in opened for package in HEAVY if package in one.libraries}
        yield Row(
            f"process start → page usable, {name} (n={STARTS})",
            f"{middle:.2f} s ({min(taken):.2f}–{max(taken):.2f}), "
            f"{' and '.join(sorted(heavy)) or 'neither'} imported",
            f"≤ {USABLE} s, neither pandas nor scikit-learn",
            middle <= USABLE and not heavy,
            "start",
        )


def install(bench: Bench) -> Iterator[Row]:
    """A fresh virtual environment with README's two commands."""
    place = bench.folder / "fresh"
    first, second = COMMANDS
    begun = time.perf_counter()
    fresh(place)
    pip(place, "-r", str(server.ROOT / "requirements.txt"))
    seconds, size = time.perf_counter() - begun, megabytes(place)
    port = server.free_port()
    program, *rest = second.split()
    options = ("--server.headless", "true", "--server.port", str(port))
    alone = os.environ | {"ANNOTATOR_HOME": str(bench.folder / "fresh-home")}
    alone.pop("PYTHONPATH", None)
    command: list[str | Path] = [place / "bin" / program, *rest, *options]
    with server.running(command, server.ROOT, alone, bench.folder / "fresh.log"):
        server.wait(port)
    yield Row(
        f"install into a fresh environment: `{first}`, then `{second}` answers",
        f"{size} MB, {seconds:.0f} s, {len(COMMANDS)} commands, no file to write",
        f"≤ {INSTALLED} MB, two commands",
        size <= INSTALLED,
        "install",
    )


def fresh(place: Path) -> None:
    """An empty virtual environment."""
    subprocess.run([sys.executable, "-m", "venv", str(place)], check=True)


def pip(place: Path, *words: str) -> None:
    """Install into an environment, as somebody does who never installed it before."""
    quietly = ("install", "-qq", "--no-cache-dir")
    subprocess.run([place / "bin" / "python", "-m", "pip", *quietly, *words], check=True)


def megabytes(place: Path) -> int:
    """What a folder takes on the disk."""
    said = subprocess.run(["du", "-sm", place], check=True, capture_output=True, text=True)
    return int(said.stdout.split()[0])
