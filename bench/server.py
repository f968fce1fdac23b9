"""A server in a process of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 60.0  # seconds


class Running(NamedTuple):
    """A server's process and its port."""

    process: subprocess.Popen[bytes]
    port: int


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(home: Path) -> dict[str, str]:
    """The environment of a process that finds this very package."""
    return os.environ | {"ANNOTATOR_HOME": str(home), "PYTHONPATH": str(ROOT)}


@contextmanager
def running(
    words: Sequence[str | Path], folder: Path, environment: Mapping[str, str], log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """A process that serves something, started in a folder, until it is no longer needed."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as said:
        process = subprocess.Popen(words, cwd=folder, env=environment, stdout=said, stderr=said)
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


@contextmanager
def launched(home: Path, *words: str) -> Iterator[int]:
    """Start ``annotator serve`` with these words, answering or not; its port."""
    with started(home, *words) as found:
        yield found.port


@contextmanager
def started(home: Path, *words: str) -> Iterator[Running]:
    """Start ``annotator serve`` with these words, answering or not."""
    port = free_port()
    serve = (sys.executable, "-m", "annotator", "serve", *words)
    ours = (*serve, "--port", str(port), "--no-browser")
    home.mkdir(parents=True, exist_ok=True)
    with running(ours, home, environment(home), home / "server.log") as process:
        yield Running(process, port)


@contextmanager
def served(home: Path, project: Path, coder: str = "bench") -> Iterator[int]:
    """The port of a server that answers."""
    with launched(home, str(project), "--coder", coder) as port:
        wait(port)
        yield port


def wait(port: int, path: str = "_stcore/health", patience: float = PATIENCE) -> None:
    """Wait until the server answers at that path."""
    pause, until = threading.Event(), time.monotonic() + patience
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/{path}", timeout=10):
                return
        except OSError:
            pause.wait(0.02)
    raise TimeoutError(f"no answer on port {port} within {patience:.0f} s")
