"""What tests in the browser do again and again: press keys, draw the mouse, choose, wait."""

from __future__ import annotations

import re
from contextlib import suppress

from playwright.sync_api import Page, TimeoutError, expect

TITLES = {
    "home": "Project",
    "import": "Import",
    "find": "Find",
    "speakers": "Speakers",
    "copies": "Copies",
    "samples": "Samples",
    "codebook": "Codebook",
    "export": "Export",
    "model": "Model",
}
"""The pages by their addresses, and what the navigation calls them."""


def open_desk(page: Page, url: str) -> Page:
    """Open the desk, and wait until it takes keys."""
    page.goto(url)
    desk = page.get_by_test_id("desk")
    expect(desk).to_have_attribute("data-unit", re.compile(r":\d+-\d+$"))
    expect(desk).to_be_focused()
    return page


def press(page: Page, *keys: str) -> None:
    """Press keys one after another; what begins with ``~`` is typed."""
    for key in keys:
        if key.startswith("~"):
            page.keyboard.type(key[1:])
        else:
            page.keyboard.press(key)


def visit_page(page: Page, place: str) -> None:
    """Go to one of the pages as a person goes, by the navigation."""
    page.get_by_role("link", name=TITLES[place], exact=True).click()
    expect(page).to_have_title(re.compile(f"^{TITLES[place]} · "))


def unit_of(page: Page) -> str:
    """The id of the unit on the desk."""
    return str(page.get_by_test_id("desk").get_attribute("data-unit"))


def kept(page: Page) -> None:
    """Wait until nothing is unsaved."""
    expect(page.get_by_test_id("desk")).to_have_attribute("data-unsaved", "0")


def middle_of(page: Page, word: str) -> tuple[float, float]:
    """Where a word of the sentence is drawn, in pixels of the page."""
    x, y = page.get_by_test_id("sentence").evaluate(
        """(sentence, word) => {
            const texts = document.createTreeWalker(sentence, NodeFilter.SHOW_TEXT);
            while (texts.nextNode()) {
                const at = texts.currentNode.data.indexOf(word);
                if (at < 0) continue;
                const range = document.createRange();
                range.setStart(texts.currentNode, at);
                range.setEnd(texts.currentNode, at + word.length);
                const box = range.getBoundingClientRect();
                return [box.x + box.width / 2, box.y + box.height / 2];
            }
        }""",
        word,
    )
    return x, y


def drag(page: Page, start: str, end: str) -> None:
    """Draw the mouse from the middle of one word to that of another."""
    page.mouse.move(*middle_of(page, start))
    page.mouse.down()
    page.mouse.move(*middle_of(page, end), steps=4)
    page.mouse.up()


def choose(page: Page, box: str, option: str) -> None:
    """Choose in a list, once more where the page was drawn meanwhile: that closes the list."""
    found = page.get_by_role("option", name=option, exact=True)
    for _ in range(5):
        page.get_by_role("combobox", name=box).click()
        with suppress(TimeoutError):
            found.click(timeout=4_000)
            return
    raise AssertionError(f"the list {box} never showed {option}")
