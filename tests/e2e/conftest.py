"""Real servers on real project files, and a real Chromium."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Playwright,
    ViewportSize,
    expect,
    sync_playwright,
)

from annotator.workflow import analysing, importing, projects

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SIZE = ViewportSize(width=1280, height=900)
PATIENCE = 30.0  # seconds for a server to answer
expect.set_options(timeout=20_000)  # milliseconds: nothing waits that long but on a busy machine


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without a browser the tests that drive one are left out, and said so; on CI it is a fault."""
    if CHROMIUM or os.environ.get("CI"):
        return
    driven = [item for item in items if item.get_closest_marker("browser")]
    if driven:
        config.hook.pytest_deselected(items=driven)
        items[:] = [item for item in items if item not in driven]


class Server:
    """An annotator server in a process of its own, which tests may kill and start again."""

    def __init__(self, project: Path, coder: str | None, home: Path, *options: str) -> None:
        self.project = project
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._log = home / "server.log"
        self._options = (*(("--coder", coder) if coder else ()), *options)
        self._env = os.environ | {"ANNOTATOR_HOME": str(home), "PYTHONPATH": str(ROOT)}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and wait until it answers."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "annotator", "serve", str(self.project)),
                    *("--port", str(self.port), "--no-browser", *self._options),
                ],
                cwd=self._log.parent,
                env=self._env,
                stdout=log,
                stderr=log,
            )
        pause = threading.Event()
        for _ in range(int(PATIENCE / 0.1)):
            if self._process.poll() is not None:
                pytest.fail(self._log.read_text())
            try:
                with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=1):
                    return
            except OSError:
                pause.wait(0.1)
        pytest.fail("the server did not answer\n" + self._log.read_text())

    def kill(self) -> None:
        """End it at once, as a power cut would; no process of it may stay behind."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def visit(self, project: Path, coder: str = "ana") -> Visit:
        """Open another project on this server."""
        asked = {"project": projects.open_project(project).id, "coder": coder}
        projects.close_project(project)
        # The server knows the projects that were opened before.
        place = self._log.parent / "projects.json"
        place.write_text(json.dumps([str(project)]), encoding="utf-8")
        return Visit(self, project, asked)

    def annotator(self, *words: str) -> str:
        """Run a command on this server's machine; its standard output."""
        with self.running(*words) as process:
            said, faults = process.communicate()
        assert process.returncode == 0, faults
        return said

    def running(self, *words: str) -> subprocess.Popen[str]:
        """A command that runs on this server's machine meanwhile."""
        return subprocess.Popen(
            [sys.executable, "-m", "annotator", *words],
            env=self._env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )


class Visit(NamedTuple):
    """One project on a server that others use as well."""

    server: Server
    project: Path
    asked: dict[str, str]

    @property
    def url(self) -> str:
        """The desk's address."""
        return self.at()

    def at(self, page: str = "", **asked: str) -> str:
        """The address of a page, with what else it is asked."""
        return f"{self.server.url}/{page}?{urlencode(self.asked | asked)}"

    def annotator(self, *words: str) -> str:
        """Run a command on the server's machine; its standard output."""
        return self.server.annotator(*words)

    def running(self, *words: str) -> subprocess.Popen[str]:
        """A command that runs on the server's machine meanwhile."""
        return self.server.running(*words)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Start a server on a project file; every server is killed when the test is over."""
    started: list[Server] = []

    def start(project: Path, coder: str | None = "ana", *options: str) -> Server:
        server = Server(project, coder, tmp_path, *options)
        server.start()
        started.append(server)
        return server

    yield start
    for server in started:
        server.kill()


@pytest.fixture(scope="session")
def _shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("shared")
    book = ROOT / "labels" / "generic-frames.toml"
    projects.close_project(projects.create(home / "none.annotator", [book]).path)
    server = Server(home / "none.annotator", None, home)
    server.start()
    yield server
    server.kill()


@pytest.fixture
def visit(_shared: Server) -> Callable[..., Visit]:
    """Open a project on the one server of this run, which takes half the time of a server anew.

    For tests that neither end the server nor ask what it was started with.
    """
    return _shared.visit


@pytest.fixture
def project_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str, Mapping[str, str]], Path]:
    """Make a project of these articles, told by their files' names, under a codebook."""
    monkeypatch.setenv("ANNOTATOR_HOME", str(tmp_path))

    def make(codebook: str, articles: Mapping[str, str]) -> Path:
        book, folder = tmp_path / "small.toml", tmp_path / "articles"
        book.write_text(codebook, encoding="utf-8")
        folder.mkdir()
        for name, text in articles.items():
            (folder / name).write_text(text, encoding="utf-8")
        made = projects.create(tmp_path / "p.annotator", [book])
        importing.import_paths(made.store, made.seed, [folder])
        analysing.finish(made.store)
        projects.close_project(made.path)
        return made.path

    return make


@pytest.fixture
def three_articles(project_of: Callable[..., Path]) -> Callable[[str, str], Path]:
    """Make a project of one article three times, each on a day of its own, under a codebook."""

    def make(codebook: str, article: str) -> Path:
        days = {f"{number}.txt": article.replace("Monday", f"day {number}") for number in range(3)}
        return project_of(codebook, days)

    return make


@pytest.fixture(scope="session")
def _playwright() -> Iterator[Playwright]:
    assert CHROMIUM, "no Chromium on this machine; install Debian's package chromium"
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(_playwright: Playwright) -> Iterator[Browser]:
    """The system's Chromium, headless, for tests that need a second profile."""
    driven = _playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
    yield driven
    driven.close()


@pytest.fixture(scope="session")
def _profile(
    _playwright: Playwright, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[BrowserContext]:
    # Only a profile on disk keeps scripts compiled, which is a quarter of what a page costs.
    context = _playwright.chromium.launch_persistent_context(
        tmp_path_factory.mktemp("profile"),
        executable_path=CHROMIUM,
        args=list(FLAGS),
        viewport=SIZE,
        accept_downloads=True,
    )
    yield context
    context.close()


@pytest.fixture
def page(_profile: BrowserContext) -> Iterator[Page]:
    """The one tab of a profile that keeps the server's scripts, and nothing of other tests.

    A tab anew is a window anew, which costs Chromium as much as the page in it.
    """
    page = _profile.pages[0]
    page.set_viewport_size(SIZE)
    page.mouse.move(0, 0)
    yield page
    _profile.set_offline(False)
    _profile.unroute_all()
    _profile.clear_cookies()
    # Without any window the browser would end.
    kept = _profile.new_page() if page.is_closed() else page
    for open_ in _profile.pages:
        open_.unroute_all()
        if open_.url.startswith("http"):
            open_.evaluate("localStorage.clear(); sessionStorage.clear()")
        if open_ is not kept:
            open_.close()
    kept.goto("about:blank")
