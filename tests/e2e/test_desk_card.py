"""The article card: what is asked of a whole article, behind its last sentence."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from annotator.store import Store, tables
from annotator.store.connection import reading
from annotator.workflow import care
from tests.e2e.hands import kept, open_desk, press

pytestmark = pytest.mark.browser

CODEBOOK = """
name = "tone"
version = "1.0.0"
title = "Tone"

[[variable]]
name = "frame"
question = "Which frames does this sentence use?"

[[variable.code]]
name = "trade"
title = "Trade"
definition = "Goods and money."
hotkey = "1"

[[variable]]
name = "tone"
question = "What is the tone of the article?"
unit = "document"
choice = "one"
required = true

[[variable.code]]
name = "calm"
title = "Calm"
definition = "It does not alarm."
hotkey = "3"

[[variable.code]]
name = "alarmed"
title = "Alarmed"
definition = "It warns."
hotkey = "4"
"""

BRIDGE = "A toll for the bridge\n\nThe council voted for <b>a toll</b>. Nobody spoke against it.\n"
FLOUR = "Flour\n\nFlour was dear in Korva.\n"


@pytest.fixture
def project(project_of) -> Path:
    """An article of three sentences, then one of two."""
    return project_of(CODEBOOK, {"bridge.txt": BRIDGE, "flour.txt": FLOUR})


@pytest.fixture
def ids(project: Path) -> list[str]:
    """The two articles."""
    with reading(project) as conn:
        return [row[0] for row in conn.execute("select id from document order by rowid")]


@pytest.fixture
def desk(page: Page, visit, project: Path) -> Page:
    return open_desk(page, visit(project).url)


def at(page: Page, unit: str | re.Pattern[str]) -> None:
    expect(page.get_by_test_id("desk")).to_have_attribute("data-unit", unit)


def chips(page: Page, variable: str):
    return page.locator(f"[data-testid=code][data-variable={variable}]")


def said(project: Path) -> dict[tuple[str, str], tuple[str, list[str]]]:
    """What stands, by part and title."""
    store = Store.open(project)
    found = {
        (one.unit.part, one.unit.title): (one.status, [answer.code for answer in one.answers])
        for one in tables.codings(store)
    }
    store.close()
    return found


def test_the_card_comes_behind_the_last_sentence_and_leads_to_the_next_article(desk, project, ids):
    expect(chips(desk, "frame")).to_have_count(1)
    expect(chips(desk, "tone")).to_have_count(0)

    press(desk, "1", "Enter", "Enter", "Enter")

    at(desk, ids[0])
    expect(desk.get_by_test_id("sentence")).to_have_text("A toll for the bridge")
    expect(chips(desk, "tone")).to_have_count(2)
    expect(chips(desk, "frame")).to_have_count(0)
    article = desk.get_by_test_id("desk-article")
    expect(article).to_contain_text("The council voted for <b>a toll</b>. Nobody spoke against it.")
    expect(article.get_by_role("button")).to_have_count(1)

    press(desk, "4", "Enter")
    at(desk, re.compile(f"^{ids[1]}:"))
    kept(desk)
    assert said(project)["document", "A toll for the bridge"] == ("coded", ["alarmed"])
    assert care.examine(project).faults == 0


def test_a_question_that_must_be_answered_holds_the_card_and_no_sentence(desk, ids):
    press(desk, "Enter", "Enter", "Enter", "Enter")

    at(desk, ids[0])
    expect(desk.get_by_text("Not saved: Tone must be answered.")).to_be_visible()


def test_undo_and_back_go_over_the_card_as_over_a_sentence_after_a_reload_too(desk, project, ids):
    press(desk, "Enter", "Enter", "Enter", "3", "Enter")
    at(desk, re.compile(f"^{ids[1]}:"))
    kept(desk)
    desk.reload()
    at(desk, re.compile(f"^{ids[1]}:"))
    expect(desk.get_by_test_id("desk")).to_be_focused()

    press(desk, "Backspace")
    at(desk, ids[0])
    expect(chips(desk, "tone").first).to_have_attribute("aria-pressed", "true")
    press(desk, "Enter", "z")
    at(desk, ids[0])
    press(desk, "4", "Enter")
    kept(desk)

    assert said(project)["document", "A toll for the bridge"] == ("coded", ["alarmed"])


def test_an_article_whose_rest_is_set_aside_has_its_card_next(desk, ids):
    press(desk, "Shift+X")

    at(desk, ids[0])
    press(desk, "x")
    at(desk, re.compile(f"^{ids[1]}:"))


def test_a_card_that_was_not_answered_is_the_first_thing_after_a_reload(desk, ids):
    press(desk, "Enter", "Enter", "Enter")
    at(desk, ids[0])
    kept(desk)

    desk.reload()

    at(desk, ids[0])
    expect(desk.get_by_test_id("desk-article")).to_contain_text("Nobody spoke against it.")


def test_the_card_can_be_opened_early_and_comes_again_only_if_it_was_left(desk, project, ids):
    press(desk, "v")
    desk.get_by_test_id("open-card").click()
    at(desk, ids[0])
    press(desk, "3", "f", "Enter")
    at(desk, re.compile(f"^{ids[0]}:0-"))

    press(desk, "Enter", "Enter", "Enter")
    at(desk, re.compile(f"^{ids[1]}:"))
    press(desk, "Enter", "Enter")
    at(desk, ids[1])
    press(desk, "s")
    expect(desk.get_by_test_id("desk-empty")).to_be_visible()
    kept(desk)

    assert said(project)["document", "Flour"] == ("skipped", [])


def test_a_mark_in_the_margin_leads_to_its_sentence_and_enter_back_to_the_card(desk, ids):
    press(desk, "Enter", "1", "Enter", "Enter")
    at(desk, ids[0])

    desk.get_by_test_id("desk-article").get_by_role("button", name="Trade").click()

    expect(desk.get_by_test_id("sentence")).to_have_text("The council voted for <b>a toll</b>.")
    press(desk, "Enter", "Enter")
    at(desk, ids[0])
