"""Help on the desk, in a real browser: the first steps, the keys at a glance, a resting finger."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from annotator.store import settings
from annotator.workflow import projects
from tests.e2e.conftest import ROOT
from tests.e2e.hands import kept, open_desk, press
from tests.models import put_model
from tests.small import codebook

pytestmark = pytest.mark.browser

BOOK = codebook("border", use='use = ["asserted", "rejected"]').replace(
    'name = "border"', 'name = "border"\nhotkey = "1"'
)
BOOK += '[[variable.code]]\nname = "road"\ntitle = "Road"\ndefinition = "A road is named."\n'
ARTICLES = {f"{n}.txt": f"The border {n} is ours. The road {n} was shut." for n in range(24)}


@pytest.fixture
def sample(project_of) -> Path:
    """A sample of short articles, with a model that suggests a code on a few of the sentences."""
    place = project_of(BOOK, ARTICLES)
    made = projects.open_project(place)
    settings.put(made.store, sample="1")
    put_model(made, ["border", "road"], desk=0.97)
    projects.close_project(place)
    return place


def test_a_newcomer_is_led_from_five_sentences_to_a_suggestion_and_out(page, visit, sample):
    desk = visit(sample, "zoe")
    open_desk(page, desk.url)
    line, sentence = page.get_by_test_id("desk-guide"), page.get_by_test_id("sentence")
    place = sentence.bounding_box()
    expect(line).to_contain_text("0 of 5: press the keys of the codes that fit, e.g. 1")

    press(page, *["Enter"] * 5)
    kept(page)
    line.get_by_role("button", name="Show me one").click()
    expect(line).to_contain_text("w says why")
    press(page, "Enter")
    expect(line.get_by_role("link", name="Export")).to_be_visible()
    assert sentence.bounding_box() == place

    line.get_by_role("button", name="Hide").click()
    expect(line).to_be_hidden()
    expect(page.get_by_test_id("desk")).to_be_focused()
    assert sentence.bounding_box() == place
    page.wait_for_load_state("networkidle")
    open_desk(page, desk.url)
    expect(line).to_be_hidden()


def hold_finger_on(page: Page, code: str) -> None:
    """Rest a finger on a chip until it is told what the code means, and lift it."""
    chip = page.locator(f"[data-testid=code][data-code={code}]")
    touch = {"pointerType": "touch", "bubbles": True, "composed": True}
    chip.dispatch_event("pointerdown", touch)
    expect(page.get_by_role("dialog", name="Codebook")).to_be_visible()
    chip.dispatch_event("pointerup", touch)
    chip.evaluate("chip => chip.click()")


def test_every_key_is_in_the_list_and_a_resting_finger_reads_what_a_code_means(
    page, visit, project_of
):
    open_desk(page, visit(project_of(BOOK, {"0.txt": ARTICLES["0.txt"]})).url)
    keys = page.get_by_role("dialog", name="Keys")

    press(page, "?", "?")
    expect(keys).to_be_visible()
    listed = keys.locator("section").all_inner_texts()
    assert "Border" in listed[0]
    assert "Road" not in listed[0]
    heard = re.findall(r'\{ key: "', (ROOT / "annotator/ui/desk/keys.js").read_text("utf-8"))
    commands = keys.locator("section").filter(has_not_text="Border").locator("li").count()
    assert commands > len(heard) > 30
    press(page, "Tab", "Tab", "Tab", "Tab")
    assert keys.evaluate("keys => keys.contains(keys.getRootNode().activeElement)")

    press(page, "Escape")
    expect(keys).to_be_hidden()
    expect(page.get_by_test_id("desk")).to_be_focused()

    hold_finger_on(page, "road")
    card = page.get_by_role("dialog", name="Codebook")
    expect(card.get_by_text("A road is named.")).to_be_in_viewport()
    expect(page.locator("[data-code=road]")).to_have_attribute("aria-pressed", "false")
    press(page, "Escape")
    page.locator("[data-code=road]").click()
    expect(page.locator("[data-code=road]")).to_have_attribute("aria-pressed", "true")
