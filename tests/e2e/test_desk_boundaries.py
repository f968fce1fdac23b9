"""Sentences that were cut wrongly, split and joined on the desk."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from annotator.store import Store, tables
from annotator.workflow import care
from tests.e2e.codebook import FRAME
from tests.e2e.hands import kept, open_desk, press

pytestmark = pytest.mark.browser

ARTICLE = """The road

It rained 🕊.And it was cold. Nobody came. The market stayed closed.

It ended on Monday.
"""
GLUED, NOBODY, MARKET = "It rained 🕊.And it was cold.", "Nobody came.", "The market stayed closed."


@pytest.fixture
def project(three_articles) -> Path:
    """Three articles of five sentences; in each a full stop without a space behind it."""
    return three_articles(FRAME, ARTICLE)


@pytest.fixture
def desk(page: Page, visit, project: Path) -> Page:
    """The desk, open on the sentence that should be two."""
    open_desk(page, visit(project).url)
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("sentence")).to_have_text(GLUED)
    kept(page)
    return page


def sentence(page: Page):
    return page.get_by_test_id("sentence")


def drawn(page: Page):
    return page.locator("[data-part=boundaries-sentences] li")


def fault(page: Page):
    return page.locator("[data-part=boundaries-fault]")


def place(page: Page):
    return page.locator("[data-part=place]")


def cut(project: Path) -> list[str]:
    """The sentences of the first article, where the doctor finds nothing wrong."""
    store = Store.open(project)
    rows = store.db.execute(
        "select text from unit where document_id = (select document_id from unit where seq = 1)"
        " order by idx"
    ).fetchall()
    store.close()
    assert [one.message for one in care.examine(project).checks if one.state == "fault"] == []
    return [row[0] for row in rows]


def test_a_sentence_is_split_where_the_full_stop_stands_and_coding_goes_on_in_order(desk, project):
    press(desk, "|")
    expect(drawn(desk)).to_have_text(["It rained 🕊.", "And it was cold."])
    press(desk, "Enter")

    expect(sentence(desk)).to_have_text("It rained 🕊.")
    expect(place(desk)).to_have_text("2 of 6")
    expect(desk.locator("[data-part=notice-text]")).to_have_text("Split in two · z undoes")
    expect(desk.locator("[data-part=figures]")).to_contain_text("of 16 sentences")
    for text, at in (("And it was cold.", 3), (NOBODY, 4), (MARKET, 5)):
        press(desk, "1", "Enter")
        expect(sentence(desk)).to_have_text(text)
        expect(place(desk)).to_have_text(f"{at} of 6")
    kept(desk)

    assert cut(project)[1:4] == ["It rained 🕊.", "And it was cold.", NOBODY]
    store = Store.open(project)
    coded = [(one.unit.text, len(one.answers)) for one in tables.codings(store)]
    store.close()
    assert dict(coded) == {"The road": 0, "It rained 🕊.": 1, "And it was cold.": 1, NOBODY: 1}


def test_the_arrows_choose_the_word_before_which_it_is_split(desk, project):
    press(desk, "|", "ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft")
    expect(drawn(desk)).to_have_text(["It rained 🕊.And it", "was cold."])
    for _ in range(9):
        press(desk, "ArrowLeft")
    expect(drawn(desk)).to_have_text(["It", "rained 🕊.And it was cold."])
    press(desk, "Escape")

    expect(sentence(desk)).to_have_text(GLUED)
    assert cut(project)[1] == GLUED


def test_a_sentence_is_joined_with_the_next_and_with_the_one_before(desk, project):
    press(desk, "|", "j")
    expect(drawn(desk)).to_have_text([f"{GLUED} {NOBODY}"])
    press(desk, "Enter")
    expect(sentence(desk)).to_have_text(f"{GLUED} {NOBODY}")
    expect(place(desk)).to_have_text("2 of 4")

    # The next one comes as ever, and is joined to this one from there; none of them is coded.
    press(desk, "v")
    desk.locator("[data-part=article-text] mark", has_text=MARKET).click()
    expect(sentence(desk)).to_have_text(MARKET)
    press(desk, "|", "k")
    expect(drawn(desk)).to_have_text([f"{GLUED} {NOBODY} {MARKET}"])
    press(desk, "Enter")
    expect(sentence(desk)).to_have_text(f"{GLUED} {NOBODY} {MARKET}")
    assert cut(project) == ["The road", f"{GLUED} {NOBODY} {MARKET}", "It ended on day 0."]


@pytest.mark.parametrize("way", ["on the desk", "in the mode"])
def test_a_boundary_is_taken_back_as_the_last_thing_done(desk, project, way):
    before = cut(project)
    press(desk, "|", "Enter")
    expect(sentence(desk)).to_have_text("It rained 🕊.")
    press(desk, *(["z"] if way == "on the desk" else ["|", "z"]))

    expect(sentence(desk)).to_have_text(GLUED)
    expect(place(desk)).to_have_text("2 of 5")
    assert cut(project) == before
    press(desk, "Enter")
    expect(sentence(desk)).to_have_text(NOBODY)
    press(desk, "z", "z")
    expect(sentence(desk)).to_have_text("The road")


def test_what_cannot_be_done_is_said_and_nothing_is_changed(desk, project):
    press(desk, "|", "k")
    expect(fault(desk)).to_have_text(re.compile("in another paragraph"))
    press(desk, "z")
    expect(fault(desk)).to_have_text("The last thing done was no boundary.")
    expect(drawn(desk)).to_have_text([GLUED])
    press(desk, "Enter")
    expect(fault(desk)).to_have_text(re.compile("in another paragraph"))
    press(desk, "Escape", "f", "|")

    expect(desk.get_by_test_id("desk-boundaries")).to_be_hidden()
    told = desk.locator("[data-part=notice-text]")
    expect(told).to_have_text("This sentence stays as it is: it was coded, marked or corrected.")
    assert cut(project)[1] == GLUED


def test_without_a_connection_boundaries_stay_as_they_are(desk, project):
    desk.context.set_offline(True)
    press(desk, "|", "Enter")

    expect(fault(desk)).to_have_text("Not done: no connection to the server.")
    expect(desk.get_by_test_id("desk-boundaries")).to_be_visible()
    assert cut(project)[1] == GLUED


def test_boundaries_can_be_set_with_the_mouse_alone(desk):
    desk.get_by_role("button", name="Boundaries").click()
    later = desk.locator("[data-does=later]")
    later.click()
    expect(drawn(desk)).to_have_text(["It rained 🕊.And", "it was cold."])
    desk.locator("[data-does=apply]").click()

    expect(sentence(desk)).to_have_text("It rained 🕊.And")
    expect(desk.get_by_test_id("desk")).to_be_focused()


def test_what_the_server_says_comes_next_leaves_the_parts_where_they_are(desk):
    press(desk, "|", "Enter")
    expect(sentence(desk)).to_have_text("It rained 🕊.")
    # Setting the rest of an article aside and taking that back asks the server for what is next.
    press(desk, "Shift+x", "z")
    with desk.expect_response("**/api/v1/events"):
        press(desk, "f")
    kept(desk)
    press(desk, "Enter")
    expect(sentence(desk)).to_have_text("And it was cold.")
    press(desk, "Enter")
    expect(sentence(desk)).to_have_text(NOBODY)
