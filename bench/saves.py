"""Saves over HTTP as desks send them: closed loops, coders at a steady pace, a long day."""

from __future__ import annotations

import random
import re
import socket
import statistics
import threading
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from annotator.store import events
from annotator.workflow import projects, tokens
from annotator.workflow.projects import Project

AHEAD, FETCHED = 20, 40
"""As the desk has it: with fewer units ahead than these, it asks for so many behind the last."""

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
    """One coder's connection, kept open as a browser keeps it, and the units they decide on."""

    def __init__(
        self, project: Project, port: int, coder: str, units: list[tuple[int, str]]
    ) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._head = (
            "POST /api/v1/events HTTP/1.1\r\nHost: localhost\r\n"
            f"Annotator-Token: {tokens.mint(project, coder)}\r\n"
            "Content-Type: application/json\r\nContent-Length: "
        )
        self._units = units
        self._at = 0
        self._ahead = FETCHED  # with which a desk opens
        self.kept: list[str] = []

    def save(self) -> float:
        """Save a decision on the next unit; the seconds until it was acknowledged."""
        name = str(uuid.uuid4())
        _, unit = self._units[self._at % len(self._units)]
        self._at += 1
        self._ahead -= 1
        last, _ = self._units[(self._at + self._ahead - 1) % len(self._units)]
        want = FETCHED if self._ahead < AHEAD else 0
        self._ahead += want
        body = (
            f'{{"events":[{{"uuid":"{name}","op":"set","unit":"{unit}","scheme":1,'
            f'"answers":{ANSWERS}}}],"want":{want},"after":{last}}}'
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


def units_of(path: Path) -> list[tuple[int, str]]:
    """The numbers of a project's units, which are their cursors as well, and their ids."""
    found = projects.open_project(path).store.db.execute("select seq, id from unit order by seq")
    return found.fetchall()


def closed_loop(path: Path, port: int, sessions: int, seconds: float) -> Load:
    """Every session saves again as soon as the save before is acknowledged."""

    def run(session: Session, until: float) -> list[float]:
        taken = []
        while time.perf_counter() < until:
            taken.append(session.save())
        return taken

    return _load(path, port, sessions, seconds, run)


def paced(path: Path, port: int, sessions: int, seconds: float) -> Load:
    """Every session saves once a second, beginning at a moment of its own."""

    def run(session: Session, until: float) -> list[float]:
        taken: list[float] = []
        pause = threading.Event()
        at = time.perf_counter() + random.Random(id(session)).random()
        while at < until:
            pause.wait(max(0.0, at - time.perf_counter()))
            taken.append(session.save())
            at += 1.0
        return taken

    return _load(path, port, sessions, seconds, run)


def long_day(path: Path, port: int, saves: int, turns: int = 500) -> tuple[float, float]:
    """Milliseconds of the median save of a coder who begins, and of one who has done so many.

    The two take turns, so that whatever else the machine does meets both alike.
    """
    project, units = projects.open_project(path), units_of(path)
    mark = uuid.uuid4().hex[:6]
    old, new = (Session(project, port, f"{mark}-{name}", units) for name in ("old", "new"))
    for _ in range(saves):
        old.save()
    begins, goes_on = zip(*[(new.save(), old.save()) for _ in range(turns)], strict=True)
    return statistics.median(begins) * 1e3, statistics.median(goes_on) * 1e3


Run = Callable[[Session, float], list[float]]


def _load(path: Path, port: int, sessions: int, seconds: float, run: Run) -> Load:
    project, units, mark = projects.open_project(path), units_of(path), uuid.uuid4().hex[:6]
    made = [Session(project, port, f"{mark}-{number}", units) for number in range(sessions)]
    taken: list[float] = []
    lock = threading.Lock()
    until = time.perf_counter() + seconds

    def work(session: Session) -> None:
        mine = run(session, until)
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
