"""A code without a model, in the browser: from its keywords to the desk on what was ranked."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.hands import kept

pytestmark = pytest.mark.browser

BOOK = """
name = "toy"
version = "1.0.0"
title = "Toy"

[[variable]]
name = "frame"

[[variable.code]]
name = "blockade"
title = "Blockade"
definition = "Roads are closed on purpose."
hotkey = "1"
"""

DAYS = " ".join(f"Day {n} was quiet in Velm. Bread came over bridge {n}." for n in range(12))


def test_what_is_ranked_is_coded_on_the_desk_in_that_order(project_of, visit, page: Page):
    opened = visit(project_of(BOOK, {"days.txt": DAYS}))
    page.goto(opened.at("model"))

    page.get_by_role("textbox", name="Keywords, with commas").fill("bread")
    page.get_by_role("button", name="Rank sentences").click()
    first, second = (page.locator("ol.found li p").nth(n) for n in (0, 1))
    expect(first).to_contain_text("Bread came")
    wanted = [first.inner_text(), second.inner_text()]
    page.get_by_role("button", name="Code these on the desk").click()

    sentence = page.get_by_test_id("sentence")
    expect(sentence).to_have_text(wanted[0])
    page.keyboard.press("Enter")
    expect(sentence).to_have_text(wanted[1])
    kept(page)
    page.reload()
    expect(sentence).to_have_text(wanted[1])
