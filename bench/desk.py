"""What a coder feels, measured inside the browser: from the key to the next sentence painted."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Page, sync_playwright

from bench import server

FLAGS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
BETWEEN = 120  # milliseconds between two decisions

STAMP = """() => {
  const within = (node) => {
    for (const one of node.querySelectorAll("*")) {
      const found = one.shadowRoot?.querySelector("[data-testid=sentence]");
      if (found) return found;
    }
  };
  const sentence = within(document);
  window.painted = [];
  let pressed = 0;
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter") pressed = performance.now();
  }, true);
  new MutationObserver(() => {
    const since = pressed;
    pressed = 0;
    if (since) requestAnimationFrame(() => window.painted.push(performance.now() - since));
  }).observe(sentence, { childList: true, subtree: true, characterData: true });
  performance.setResourceTimingBufferSize(10000);
  performance.clearResourceTimings();
}"""
SAVED = """() => performance.getEntriesByType("resource")
  .filter((entry) => entry.name.endsWith("/api/v1/events"))
  .map((entry) => entry.responseEnd - entry.startTime)"""


class Felt(NamedTuple):
    """Milliseconds: Enter to the first frame with the next sentence, and to the save's reply."""

    painted: list[float]
    durable: list[float]


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


def felt(home: Path, project: Path, decisions: int) -> Felt:
    """Code this many sentences with one key and Enter each."""
    with server.served(home, project) as port, browser_page(f"http://127.0.0.1:{port}/") as page:
        page.locator("[data-testid=sentence]").wait_for()
        page.wait_for_timeout(2_000)
        page.evaluate(STAMP)
        for _ in range(decisions):
            page.keyboard.press("1")
            page.keyboard.press("Enter")
            page.wait_for_timeout(BETWEEN)
        return Felt(page.evaluate("window.painted"), page.evaluate(SAVED))


def usable(home: Path, *words: str) -> float:
    """Seconds from the start of the server's process to a sentence on the screen."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=list(FLAGS)
        )
        page = browser.new_page()
        begun = time.perf_counter()
        with server.launched(home, *words, "--coder", "bench") as port:
            server.wait(port)
            page.goto(f"http://127.0.0.1:{port}/")
            page.locator("[data-testid=sentence]").wait_for()
            gone = time.perf_counter() - begun
        browser.close()
    return gone
