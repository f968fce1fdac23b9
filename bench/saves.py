"""Saves over HTTP as desks send them: closed loops, coders at a steady pace, a long day."""

from __future__ import annotations

import random
import re
import socket
import statistics
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from annotator.store import events
from annotator.workflow import projects, tokens
from annotator.workflow.projects import Project

AHEAD = 20
"""Saves after which a desk asks for the next units as well."""

FETCHED = 40
ANSWERS = (
    '[{"variable":"frame","code":"sovereignty"},'
    '{"variable":"stance","code":"favor","target":"velmar"}]'
)


class Load(NamedTuple):
    """What a load came to: seconds of every save in order of each session, and what was lost."""

    seconds: list[float]
    took: float
    lost: int

    @property
    def rate(self) -> float:
        """Saves a second."""
        return len(self.seconds) / self.took

    def quantile(self, share: float) -> float:
        """Milliseconds that this share of the saves stayed below."""
        return (
            sorted(self.seconds)[min(int(len(self.seconds) * share), len(self.seconds) - 1)] * 1e3
        )


class Session:
    """One coder's connection, kept open as a browser keeps it."""

    def __init__(self, project: Project, port: int, coder: str) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._head = (
            "POST /api/v1/events HTTP/1.1\r\nHost: localhost\r\n"
            f"Annotator-Token: {tokens.mint(project, coder)}\r\n"
            "Content-Type: application/json\r\nContent-Length: "
        )
        self.kept: list[str] = []

    def save(self, unit: str, want: int = 0) -> float:
        """Save a decision on a unit; the seconds until it was acknowledged."""
        name = str(uuid.uuid4())
        body = (
            f'{{"events":[{{"uuid":"{name}","op":"set","unit":"{unit}","scheme":1,'
            f'"answers":{ANSWERS}}}],"want":{want},"after":0}}'
        )
        begun = time.perf_counter()
        self._socket.sendall(f"{self._head}{len(body)}\r\n\r\n{body}".encode())
        reply = self._reply()
        gone = time.perf_counter() - begun
        if f'"acks":["{name}"]'.encode() in reply:
            self.kept.append(name)
        return gone

    def _reply(self) -> bytes:
        received = bytearray()
        while True:
            received += self._socket.recv(1 << 16)
            head, found, body = bytes(received).partition(b"\r\n\r\n")
            if found:
                length = re.search(rb"content-length: (\d+)", head)
                assert length, head
                if len(body) >= int(length[1]):
                    return body


def units_of(path: Path) -> list[str]:
    """The ids of a project's units."""
    found = projects.open_project(path).store.db.execute("select id from unit order by seq")
    return [row[0] for row in found]


def closed_loop(path: Path, port: int, sessions: int, seconds: float) -> Load:
    """Every session saves again as soon as the save before is acknowledged."""

    def run(session: Session, units: Iterator[str], until: float) -> list[float]:
        taken = []
        while time.perf_counter() < until:
            taken.append(session.save(next(units), FETCHED if len(taken) % AHEAD == 0 else 0))
        return taken

    return _load(path, port, sessions, seconds, run)


def paced(path: Path, port: int, sessions: int, seconds: float) -> Load:
    """Every session saves once a second, beginning at a moment of its own."""

    def run(session: Session, units: Iterator[str], until: float) -> list[float]:
        taken: list[float] = []
        pause = threading.Event()
        at = time.perf_counter() + random.Random(id(session)).random()
        while at < until:
            pause.wait(max(0.0, at - time.perf_counter()))
            taken.append(session.save(next(units), FETCHED if len(taken) % AHEAD == 0 else 0))
            at += 1.0
        return taken

    return _load(path, port, sessions, seconds, run)


def long_day(path: Path, port: int, saves: int, turns: int = 500) -> tuple[float, float]:
    """Milliseconds of the median save of a coder who begins, and of one who has done so many.

    The two take turns, so that whatever else the machine does meets both alike.
    """
    project, units = projects.open_project(path), units_of(path)
    mark = uuid.uuid4().hex[:6]
    old, new = (Session(project, port, f"{mark}-{name}") for name in ("old", "new"))
    for unit in units[:saves]:
        old.save(unit)
    pairs = [
        (new.save(first), old.save(later))
        for first, later in zip(units[:turns], units[saves : saves + turns], strict=True)
    ]
    begins, goes_on = zip(*pairs, strict=True)
    return statistics.median(begins) * 1e3, statistics.median(goes_on) * 1e3


Run = Callable[[Session, Iterator[str], float], list[float]]


def _load(path: Path, port: int, sessions: int, seconds: float, run: Run) -> Load:
    project, units, mark = projects.open_project(path), units_of(path), uuid.uuid4().hex[:6]
    made = [Session(project, port, f"{mark}-{number}") for number in range(sessions)]
    taken: list[float] = []
    lock = threading.Lock()
    until = time.perf_counter() + seconds

    def work(session: Session) -> None:
        mine = run(session, _round(units), until)
        with lock:
            taken.extend(mine)

    begun = time.perf_counter()
    threads = [threading.Thread(target=work, args=(session,)) for session in made]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - begun
    kept = [name for session in made for name in session.kept]
    lost = len(taken) - len(events.known(project.store, kept))
    return Load(taken, took, lost)


def _round(units: list[str]) -> Iterator[str]:
    while True:
        yield from units
