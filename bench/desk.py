"""What a coder feels, measured inside the browser: from the key to the next sentence painted."""

from __future__ import annotations

import json
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Page, sync_playwright

from annotator.store import Store, tables
from bench import server

FLAGS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
CODER = "bench"
SENTENCE = "[data-testid=sentence]"
BETWEEN = 120  # milliseconds between two decisions
SETTLED = 2_000  # milliseconds
WATCH = Path(__file__).with_name("watch.js").read_text("utf-8")

PAINTED = 'JSON.parse(sessionStorage.getItem("bench.painted") ?? "[]")'
SAVED = """() => performance.getEntriesByType("resource")
  .filter((entry) => entry.name.endsWith("/api/v1/events"))
  .map((entry) => entry.responseEnd - entry.startTime)"""
REMEMBER_SAVES = """() => {
  performance.setResourceTimingBufferSize(10000);
  performance.clearResourceTimings();
}"""
KEYS = """(chips) => Object.fromEntries(chips.map(
  (chip) => [chip.getAttribute("aria-keyshortcuts"), chip.dataset.code]))"""


class Felt(NamedTuple):
    """Milliseconds: Enter to the first frame with the next sentence, and to the save's reply."""

    painted: list[float]
    durable: list[float]


class Typed(NamedTuple):
    """How many sentences have the annotation that was typed, and the keys a second that came."""

    right: int
    rate: float


class Opened(NamedTuple):
    """Seconds to a sentence on the screen, and the packages whose libraries were loaded by then."""

    seconds: float
    libraries: set[str]


@contextmanager
def browser_page(address: str) -> Iterator[Page]:
    """A page of the system's Chromium, on its way to this address."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=list(FLAGS)
        )
        page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        page.goto(address)
        yield page
        browser.close()


def watch(page: Page, sentence: str, key: str) -> None:
    """From its next address on, the page notes the time from a key to another sentence painted."""
    page.add_init_script(f"({WATCH})({json.dumps([sentence, key])})")


def painted(page: Page) -> list[float]:
    """The milliseconds of every such time so far."""
    found: list[float] = page.evaluate(PAINTED)
    return found


@contextmanager
def _at_desk(home: Path, project: Path) -> Iterator[Page]:
    with server.served(home, project, CODER) as port, browser_page("about:blank") as page:
        watch(page, SENTENCE, "Enter")
        page.goto(f"http://127.0.0.1:{port}/")
        page.locator(SENTENCE).wait_for()
        page.wait_for_timeout(SETTLED)
        yield page


def felt(home: Path, project: Path, decisions: int) -> Felt:
    """Code this many sentences with one key and Enter each."""
    with _at_desk(home, project) as page:
        page.evaluate(REMEMBER_SAVES)
        for _ in range(decisions):
            page.keyboard.press("1")
            page.keyboard.press("Enter")
            page.wait_for_timeout(BETWEEN)
        return Felt(painted(page), page.evaluate(SAVED))


def typed(home: Path, project: Path, sentences: int, rate: int) -> Typed:
    """Type a code and Enter for each sentence at that many keys a second; count what was kept."""
    plan = [str(number % 9 + 1) for number in range(sentences)]
    with _at_desk(home, project) as page:
        begun = time.perf_counter()
        for number, key in enumerate(key for code in plan for key in (code, "Enter")):
            early = begun + number / rate - time.perf_counter()
            page.wait_for_timeout(max(0.0, 1_000 * early))
            page.keyboard.press(key)
        took = time.perf_counter() - begun
        page.locator("[data-testid=desk][data-unsaved='0']").wait_for()
        chips = page.locator("[data-testid=code][data-variable=frame][aria-keyshortcuts]")
        codes: dict[str, str] = chips.evaluate_all(KEYS)
    return Typed(_right(project, [codes[key] for key in plan]), 2 * sentences / took)


def _right(project: Path, plan: list[str]) -> int:
    """How many of the first units have exactly the code that was meant for them."""
    store = Store.open(project)
    units = [unit.unit_id for unit in tables.units(store)]
    meant = dict(zip(units, ([code] for code in plan), strict=False))
    kept = {
        one.unit.unit_id: [answer.code for answer in one.answers]
        for one in tables.codings(store)
        if one.coder == CODER
    }
    store.close()
    return sum(kept.get(unit) == codes for unit, codes in meant.items())


def opened(home: Path, *words: str) -> Opened:
    """Start a server with these words, and open its desk."""
    with browser_page("about:blank") as page:
        begun = time.perf_counter()
        with server.started(home, *words, "--coder", CODER) as started:
            server.wait(started.port)
            page.goto(f"http://127.0.0.1:{started.port}/")
            page.locator(SENTENCE).wait_for()
            return Opened(time.perf_counter() - begun, _libraries(started.process.pid))


def _libraries(pid: int) -> set[str]:
    """The packages of which a process has loaded a shared library."""
    maps = Path(f"/proc/{pid}/maps").read_text()
    return set(re.findall(r"/site-packages/(\w+)/.*\.so", maps))
