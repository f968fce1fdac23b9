"""A server in a process of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 60.0  # seconds


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(home: Path) -> dict[str, str]:
    """The environment of a process that finds this very package."""
    return os.environ | {"ANNOTATOR_HOME": str(home), "PYTHONPATH": str(ROOT)}


@contextmanager
def launched(home: Path, *words: str) -> Iterator[int]:
    """Start ``annotator serve`` with these words, answering or not; its port."""
    port = free_port()
    home.mkdir(parents=True, exist_ok=True)
    with (home / "server.log").open("ab") as log:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "annotator", "serve", *words),
                *("--port", str(port), "--no-browser"),
            ],
            cwd=home,
            env=environment(home),
            stdout=log,
            stderr=log,
        )
    try:
        yield port
    finally:
        process.terminate()
        process.wait()


@contextmanager
def served(home: Path, project: Path, coder: str = "bench") -> Iterator[int]:
    """The port of a server that answers."""
    with launched(home, str(project), "--coder", coder) as port:
        wait(port)
        yield port


def wait(port: int) -> None:
    """Wait until the server answers."""
    pause, until = threading.Event(), time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1):
                return
        except OSError:
            pause.wait(0.02)
    raise TimeoutError(f"no answer on port {port} within {PATIENCE:.0f} s")
