"""What every peer is asked: to be installed, to start, to take 1,000 sentences, and to be quick.

Its servers find no way out: whatever they would send home goes to a port where nobody listens,
and so does what its pages ask of other hosts.
"""

from __future__ import annotations

import http.client
import os
import random
import statistics
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from playwright.sync_api import Page, Route, TimeoutError

from bench import desk, projects, server, starting
from bench.coding import LOOPS
from bench.rows import SMALL, p95

CODES = ("conflict", "morality", "economy", "security", "rights", "history")
DECISIONS = 60
PAUSE = 250  # milliseconds between a sentence and the keys for it
MISSED = 10_000  # milliseconds after which a key has done nothing
LOOP = 10.0  # seconds
PATIENCE = 240.0  # seconds for a first start
NOWHERE = "http://127.0.0.1:9"

Answer = tuple[int, bytes]
"""Status and body."""


class Program(ABC):
    """One other program in a folder of its own, with 1,000 sentences and six codes."""

    package: str
    """Its name on PyPI."""

    ready: str
    """The path that answers when it has started."""

    sentence: str
    """Where a page has the sentence, as a selector."""

    keys: tuple[str, ...]
    """Two codes, and on to the next sentence."""

    watched: str
    """The key, as the browser names it, that leads to the next sentence."""

    environment: Mapping[str, str] = {}
    """What keeps it from calling home."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.venv = folder / "venv"
        self.port = server.free_port()

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    @abstractmethod
    def prepare(self, sentences: list[str]) -> None:
        """Write what it wants before it starts."""

    @abstractmethod
    def command(self) -> list[str | Path]:
        """What starts it."""

    @abstractmethod
    def load(self) -> float | None:
        """Bring the sentences in; the seconds, or None where every start does."""

    @abstractmethod
    def enter(self, page: Page) -> None:
        """Sign in, and go to where sentences are coded."""

    @abstractmethod
    def session(self, number: int) -> Session:
        """A connection of one coder."""

    @abstractmethod
    def export(self) -> None:
        """Get every label out."""


class Line:
    """A connection that is kept open as a browser keeps it, with the last cookie it was given."""

    def __init__(self, program: Program) -> None:
        self._line = http.client.HTTPConnection("127.0.0.1", program.port, timeout=60)
        self.cookie = ""

    def ask(self, method: str, path: str, body: str, headers: Mapping[str, str]) -> Answer:
        """One request and its answer."""
        self._line.request(method, path, body, dict(headers))
        answer = self._line.getresponse()
        self.cookie = answer.getheader("Set-Cookie", self.cookie).partition(";")[0]
        return answer.status, answer.read()

    def close(self) -> None:
        """Hang up; the next question calls again."""
        self._line.close()


class Session(Line, ABC):
    """One coder's connection."""

    @abstractmethod
    def save(self, sentence: int) -> bool:
        """Save two codes for a sentence; whether it was acknowledged."""


def figures(program: Program, version: str) -> Iterator[tuple[str, str]]:
    """The figures of one program, by their keys, as they are there."""
    begun = time.perf_counter()
    starting.fresh(program.venv)
    starting.pip(program.venv, f"{program.package}=={version}")
    took = time.perf_counter() - begun
    yield "install", f"{starting.megabytes(program.venv)} MB, {took:.0f} s"
    program.prepare(_sentences())
    with _running(program) as first:
        loaded = program.load()
    every = "" if loaded else ", at every start"
    yield "import", f"{loaded or first:.1f} s for {SMALL:,}{every}"
    with _running(program) as again:
        yield from _felt(program, first, again)
        done = 0
        for sessions in LOOPS:
            saves, figure = _loop(program, sessions)
            done += saves
            yield f"loop-{sessions}", figure
        begun = time.perf_counter()
        program.export()
        yield "export", f"{time.perf_counter() - begun:.1f} s for {done:,} saves"


def _sentences() -> list[str]:
    chance, known = random.Random(6), projects.sentences()
    return [f"{chance.choice(known)[:-1]} (s{number})." for number in range(SMALL)]


@contextmanager
def _running(program: Program) -> Iterator[float]:
    """Run its server; the seconds until it answered."""
    alone = {name: told for name, told in os.environ.items() if name != "PYTHONPATH"}
    ways = {"HTTP_PROXY": NOWHERE, "HTTPS_PROXY": NOWHERE, "NO_PROXY": "127.0.0.1,localhost"}
    begun = time.perf_counter()
    environment = {**alone, **ways, **program.environment}
    log = program.folder / "server.log"
    with server.running(program.command(), program.folder, environment, log):
        server.wait(program.port, program.ready, PATIENCE)
        yield time.perf_counter() - begun


def _felt(program: Program, first: float, again: float) -> Iterator[tuple[str, str]]:
    """How soon its page is there, and how soon the next sentence is."""
    with desk.browser_page("about:blank") as page:
        page.route("**/*", lambda route: _stay(route, program))
        desk.watch(page, program.sentence, program.watched)
        begun = time.perf_counter()
        program.enter(page)
        page.locator(program.sentence).wait_for()
        opened = time.perf_counter() - begun
        yield "start", f"{again:.1f} + {opened:.1f} s (the first time {first:.1f} s)"
        missed = sum(not _decided(page, program) for _ in range(DECISIONS))
        found = desk.painted(page)
    missing = f", {missed} of {DECISIONS} keys did nothing" if missed else ""
    told = f"p50 {statistics.median(found):.0f}, p95 {p95(found):.0f} ms (n={len(found)}{missing})"
    yield f"painted-{SMALL}", told


def _stay(route: Route, program: Program) -> None:
    if route.request.url.startswith(program.address):
        route.continue_()
    else:
        route.abort()


def _decided(page: Page, program: Program) -> bool:
    """Code one sentence; whether another came."""
    page.wait_for_timeout(PAUSE)
    before = len(desk.painted(page))
    for key in program.keys:
        page.keyboard.press(key)
    try:
        page.wait_for_function(f"({desk.PAINTED}).length > {before}", timeout=MISSED)
    except TimeoutError:
        return False
    return True


def _saved(session: Session, sentence: int) -> bool:
    try:
        return session.save(sentence)
    except (OSError, http.client.HTTPException):  # it hung up; the next save calls again
        session.close()
        return False


def _loop(program: Program, sessions: int) -> tuple[int, str]:
    """Every session saves again as soon as the save before is acknowledged."""
    made = [program.session(number) for number in range(sessions)]
    taken: list[float] = []
    refused = count()
    until = time.perf_counter() + LOOP

    def work(session: Session) -> None:
        for sentence in range(SMALL):
            begun = time.perf_counter()
            if begun > until:
                break
            if _saved(session, sentence):
                taken.append(time.perf_counter() - begun)
            else:
                next(refused)

    begun = time.perf_counter()
    threads = [threading.Thread(target=work, args=(session,)) for session in made]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rate = len(taken) / (time.perf_counter() - begun)
    told = f"{rate:.0f} a second, p95 {p95([1e3 * one for one in taken]):.0f} ms"
    faults = next(refused)
    return len(taken), f"{told}, {faults} refused" if faults else told
