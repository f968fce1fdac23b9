"""Each measure in a process of its own, so that none harms another or the run.

What a measure says meanwhile goes to a log; one that breaks off, or takes too long, is a row that
says so.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from bench.server import ROOT

SAID = 200
"""Letters of a fault that a row has room for."""


def run(words: Sequence[str], folder: Path, name: str, minutes: float) -> tuple[list[str], str]:
    """Run a module of ours that appends lines to a file; the lines, and the fault if it had one.

    With it end all that it started.
    """
    lines, log = folder / f"{name}.jsonl", folder / f"{name}.log"
    lines.touch()
    with log.open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", *words, str(lines)],
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
    fault = ""
    try:
        if process.wait(minutes * 60):
            fault = _last(log) or f"it ended with code {process.returncode}"
    except subprocess.TimeoutExpired:
        fault = f"it took more than {minutes:g} minutes"
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    return lines.read_text("utf-8").splitlines(), fault


def say(lines: Path, answer: object) -> None:
    """Append one line, as JSON."""
    with lines.open("a", encoding="utf-8") as file:
        file.write(json.dumps(answer, ensure_ascii=False) + "\n")


def _last(log: Path) -> str:
    """What the process said last."""
    said = [line for line in log.read_text("utf-8", "replace").splitlines() if line.strip()]
    return said[-1].strip()[:SAID] if said else ""
