"""The desk's keys and panels, in a real browser: what no other test can see."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from annotator.store import Store, tables
from tests.e2e.hands import kept, open_desk, press, unit_of, visit_page

pytestmark = pytest.mark.browser

CODEBOOK = """
name = "small"
version = "1.0.0"
title = "Small"
description = '''
1. Judge this sentence.
2. Point at the words.'''

[[variable]]
name = "frame"
question = "Which frames?"
choice = "many"
use = ["asserted", "rejected"]

[[variable.code]]
name = "law"
title = "Law"
definition = "A rule or a right is named."
hotkey = "1"

[[variable.code]]
name = "loss"
title = "Loss"
definition = "Somebody is harmed."
hotkey = "a"

[[variable.code]]
name = "trade"
title = "Trade"
definition = "Goods or money change hands."

[[variable.code]]
name = "cannot-tell"
title = "Can't tell"
definition = "A frame is there, and none of these."
hotkey = "9"
exclusive = true

[[variable]]
name = "stance"
choice = "one"
level = "ordinal"
targets = [{ name = "velmar", title = "Velmar" }, { name = "osk", title = "Osk" }]
codes = "favor-against"
"""

ARTICLE = """Velmar opens the bridge

The council of Velmar opened the bridge on Monday. “It is ours by law,” said the envoy of Osk.

Nobody was hurt. The market stayed closed all day. Trade will begin again in May.
"""


@pytest.fixture
def project(three_articles) -> Path:
    """Three articles under a codebook with an exclusive code, a code without a key, a matrix."""
    return three_articles(CODEBOOK, ARTICLE)


@pytest.fixture
def desk(page: Page, visit, project: Path) -> Page:
    """The desk, open on the first sentence."""
    return open_desk(page, visit(project).url)


def pressed(page: Page) -> list[str]:
    """The chips that are on, as ``code``, ``code@target`` or ``not code``."""
    chips = page.locator("[data-testid=code][aria-pressed=true]")
    return chips.evaluate_all(
        """found => found.map(({ dataset }) =>
            (dataset.use === "rejected" ? "not " : "") + dataset.code
            + (dataset.target ? "@" + dataset.target : ""))"""
    )


def told(page: Page) -> str:
    return str(page.locator("[data-part=notice-text]").text_content())


def decisions(place: Path) -> dict[str, tuple[str | None, list[str]]]:
    """Status and codes of every unit that was decided."""
    store = Store.open(place)
    found = {
        coding.unit.unit_id: (coding.status, sorted(a.code for a in coding.answers))
        for coding in tables.codings(store)
    }
    store.close()
    return found


def test_an_exclusive_code_stands_alone_and_a_target_takes_one_position(desk):
    press(desk, "1", "Shift+a")
    assert pressed(desk) == ["law", "not loss"]

    press(desk, "9")
    assert pressed(desk) == ["cannot-tell"]

    press(desk, "1", "j", "k", "t", "l")
    assert pressed(desk) == ["law", "neutral@velmar", "favor@osk"]


def test_none_is_said_of_the_active_target_alone(desk):
    press(desk, "j", "t", "l")
    assert pressed(desk) == ["against@velmar", "favor@osk"]

    press(desk, "0")
    assert pressed(desk) == ["against@velmar"]
    assert desk.locator(".row .looked").all_text_contents() == ["", "none ✓"]

    press(desk, "l", "t", "0")
    assert pressed(desk) == ["favor@osk"]
    assert desk.locator(".row .looked").all_text_contents() == ["none ✓", ""]


def test_a_chip_of_another_row_makes_its_target_active_until_the_next_sentence(desk):
    row = desk.locator(".row[aria-current=true]")
    desk.locator("[data-testid=code][data-target=osk][data-code=against]").click()
    expect(row).to_have_attribute("aria-label", "Osk")

    press(desk, "l")
    assert pressed(desk) == ["favor@osk"]

    press(desk, "Enter")
    expect(row).to_have_attribute("aria-label", "Velmar")


def test_keys_go_by_their_place_on_the_board_on_every_layout(desk):
    for code, key in (("Digit1", "&"), ("KeyA", "ф"), ("Numpad9", "9")):
        desk.get_by_test_id("desk").dispatch_event(
            "keydown", {"code": code, "key": key, "bubbles": True, "composed": True}
        )

    assert pressed(desk) == ["cannot-tell"]
    press(desk, "Numpad1")
    assert pressed(desk) == ["law"]


def test_a_held_enter_saves_one_sentence(desk):
    first = unit_of(desk)
    for _ in range(4):
        desk.keyboard.down("Enter")
    second = unit_of(desk)
    desk.keyboard.up("Enter")
    press(desk, "Backspace")

    assert second != first
    assert unit_of(desk) == first


def test_enter_on_a_chip_saves_and_space_toggles_it(desk, project):
    first = unit_of(desk)
    desk.locator("[data-testid=code][data-code=trade]").focus()
    press(desk, "Space", "Enter")
    kept(desk)

    assert unit_of(desk) != first
    assert decisions(project) == {first: ("coded", ["trade"])}


def test_going_back_and_undo_restore_what_was_decided(desk, project):
    units = []
    for key in ("1", "a"):
        units.append(unit_of(desk))
        press(desk, key, "Enter")
    units.append(unit_of(desk))
    press(desk, "1", "s", "Backspace")
    assert (unit_of(desk), pressed(desk)) == (units[2], ["law"])

    press(desk, "Backspace", "Backspace", "a", "Enter", "Enter", "Enter")
    kept(desk)
    assert decisions(project) == {
        units[0]: ("coded", ["law", "loss"]),
        units[1]: ("coded", ["loss"]),
        units[2]: ("coded", ["law"]),
    }

    press(desk, "z", "z")  # the second was only looked at
    assert (unit_of(desk), pressed(desk)) == (units[0], ["law", "loss"])
    kept(desk)
    assert decisions(project)[units[0]] == ("coded", ["law"])
    assert decisions(project)[units[2]] == ("skipped", [])


def test_what_is_toggled_and_not_kept_outlives_a_reload_of_any_page(desk, project):
    first, url = unit_of(desk), desk.url
    press(desk, "1", "Shift+A", "l")
    visit_page(desk, "export")
    desk.reload()
    open_desk(desk, url)

    assert (unit_of(desk), pressed(desk)) == (first, ["law", "not loss", "favor@velmar"])
    press(desk, "Enter")
    kept(desk)
    assert decisions(project) == {first: ("coded", ["favor", "law", "loss"])}

    press(desk, "1", "1")
    second = unit_of(desk)
    desk.reload()
    expect(desk.get_by_test_id("desk")).to_be_focused()
    assert (unit_of(desk), pressed(desk)) == (second, [])


def test_the_rest_of_an_article_can_be_put_aside_and_taken_back(desk, project):
    first = unit_of(desk)
    press(desk, "Shift+x")
    article = first.partition(":")[0]
    assert not unit_of(desk).startswith(article)
    kept(desk)
    assert [status for status, _ in decisions(project).values()] == ["not_codable"] * 6

    assert told(desk) == "6 sentences set aside; z takes it back."

    press(desk, "z")
    assert (unit_of(desk), told(desk)) == (first, "")
    kept(desk)
    assert decisions(project) == {}
    press(desk, "Enter")
    assert unit_of(desk).startswith(article)


def test_walking_over_a_sentence_that_is_not_codable_leaves_it_so(desk, project):
    first = unit_of(desk)
    press(desk, "x", "Backspace")
    assert "not codable" in told(desk)
    press(desk, "Enter")
    kept(desk)
    assert decisions(project) == {first: ("not_codable", [])}

    press(desk, "Backspace", "0", "Enter")
    kept(desk)
    assert decisions(project) == {first: ("coded", [])}


def test_a_memo_is_text_and_its_sentence_stays_in_sight(desk, project):
    first = unit_of(desk)
    press(desk, "m")
    desk.keyboard.type("1 zone?")
    press(desk, "Enter")
    desk.keyboard.type("a")
    memo = desk.locator("[data-part=memo]").bounding_box()
    sentence = desk.get_by_test_id("sentence").bounding_box()
    press(desk, "Control+Enter")

    assert memo["y"] + memo["height"] <= sentence["y"]
    assert (unit_of(desk), pressed(desk)) == (first, [])
    press(desk, "Enter")
    kept(desk)
    store = Store.open(project)
    assert [coding.memo for coding in tables.codings(store)] == ["1 zone?\na"]
    store.close()


@pytest.mark.parametrize("key", ["v", "?", "/", "m"])
def test_closing_what_was_opened_gives_the_keys_back_to_the_desk(desk, key):
    press(desk, key)
    expect(desk.get_by_test_id("desk")).not_to_be_focused()
    press(desk, "Escape", "1")

    expect(desk.get_by_test_id("desk")).to_be_focused()
    assert pressed(desk) == ["law"]


def test_a_code_without_a_key_is_found_by_its_name(desk):
    first = unit_of(desk)
    press(desk, "/")
    desk.keyboard.type("trad")
    press(desk, "Enter")

    assert (unit_of(desk), pressed(desk)) == (first, ["trade"])


def test_the_article_opens_at_the_sentence_and_leads_to_another(desk):
    press(desk, "Enter", "Enter")
    current = desk.locator("mark[aria-current]")
    press(desk, "v")
    expect(current).to_have_text(str(desk.get_by_test_id("sentence").text_content()))
    expect(desk.locator("mark[data-status=coded]")).to_have_count(2)

    other = desk.locator("mark").nth(4)
    unit = other.get_attribute("data-visits")
    other.click()

    expect(desk.get_by_test_id("desk")).to_have_attribute("data-unit", str(unit))


def test_nothing_moves_from_one_sentence_to_the_next(desk):
    places = set()
    for _ in range(6):
        boxes = desk.locator("[data-testid=code], [data-testid=sentence], [data-command]")
        places.add(
            tuple(boxes.evaluate_all("all => all.map(one => one.getBoundingClientRect().top)"))
        )
        press(desk, "Enter")

    assert len(places) == 1


def test_streamlits_own_keys_do_nothing_on_the_desk(desk):
    press(desk, "c", "r")
    desk.evaluate("document.activeElement.blur()")
    press(desk, "c", "r", "1")

    assert pressed(desk) == ["law"]
    expect(desk.get_by_role("dialog")).to_have_count(0)


def test_the_end_says_what_to_do_next_and_lets_the_coder_back(desk, project):
    for _ in range(18):
        expect(desk.get_by_test_id("desk")).not_to_have_attribute("data-unit", "")
        press(desk, "1", "Enter")
    empty = desk.get_by_test_id("desk-empty")
    expect(empty).to_contain_text("Everything is coded")
    kept(desk)
    before = decisions(project)

    press(desk, "1", "Enter", "s", "x", "f", "m", "0", "t", "v", "w")
    kept(desk)
    assert decisions(project) == before
    assert desk.get_by_test_id("sentence").text_content() == ""

    press(desk, "Backspace")
    expect(empty).to_have_count(0)
    assert pressed(desk) == ["law"]


def test_the_end_leads_through_what_was_skipped_and_flagged(desk, project):
    skipped = []
    for number in range(18):
        expect(desk.get_by_test_id("desk")).not_to_have_attribute("data-unit", "")
        if number in {1, 17}:
            skipped.append(unit_of(desk))
            press(desk, "s")
        elif number == 4:
            flagged = unit_of(desk)
            press(desk, "a", "f", "Enter")
        else:
            press(desk, "1", "Enter")
    empty = desk.get_by_test_id("desk-empty")
    expect(empty).to_contain_text("2 skipped, 1 flagged")
    expect(empty).not_to_contain_text("Everything is coded")
    kept(desk)
    desk.reload()

    desk.get_by_role("button", name="Go through the skipped").last.click()
    for unit in skipped:
        expect(desk.get_by_test_id("desk")).to_have_attribute("data-unit", unit)
        press(desk, "1", "Enter")
    expect(empty).to_contain_text("1 flagged")
    expect(empty).not_to_contain_text("skipped")
    empty.get_by_role("button", name="Go through the flagged").focus()
    press(desk, "Enter")
    expect(desk.get_by_test_id("desk")).to_have_attribute("data-unit", flagged)
    assert pressed(desk) == ["loss"]
    press(desk, "f", "Enter")

    expect(empty).to_contain_text("Everything is coded")
    kept(desk)
    found = decisions(project)
    assert [found[unit] for unit in skipped] == [("coded", ["law"])] * 2
    assert found[flagged] == ("coded", ["loss"])


def test_the_counts_of_the_progress_line_lead_back_to_what_was_skipped(desk):
    first = unit_of(desk)
    press(desk, "s", "1", "Enter")
    third = unit_of(desk)
    kept(desk)
    desk.get_by_role("button", name="1 skipped").click()
    expect(desk.get_by_test_id("desk")).to_have_attribute("data-unit", first)

    press(desk, "a", "Enter")

    assert unit_of(desk) == third
    expect(desk.get_by_role("button", name="1 skipped")).to_have_count(0)


def test_the_trail_says_which_frames_were_rejected_and_of_whom_a_stance_is(desk):
    press(desk, "Shift+a", "Enter", "j", "Enter", "Enter")

    assert desk.locator(".step em").all_text_contents() == [
        "Loss (rejected)",
        "Velmar: Against",
        "none",
    ]


def test_a_chip_says_how_it_is_rejected_and_that_it_is(desk):
    chip = desk.locator("[data-testid=code][data-code=loss]")
    assert str(chip.get_attribute("title")).startswith("Shift+a or Shift+click: rejected")
    press(desk, "Shift+a")

    expect(chip).to_have_attribute("data-use", "rejected")
    expect(chip).to_have_attribute("aria-label", "Loss, rejected")
    expect(chip).to_contain_text("rejected")


def test_the_card_begins_with_how_to_decide_and_says_how_to_reject(desk):
    press(desk, "?")
    guide = desk.locator(".guide")
    expect(guide).to_be_visible()
    assert guide.text_content() == "1. Judge this sentence.\n2. Point at the words."
    expect(desk.locator(".shift")).to_have_count(1)

    desk.keyboard.type("harmed")
    expect(guide).to_be_hidden()
    desk.keyboard.press("Control+a")
    desk.keyboard.type("point at")
    expect(guide).to_be_visible()


def test_the_definition_box_forgets_the_code_of_the_sentence_before(desk):
    about = desk.locator("[data-part=about]")
    hint = about.text_content()
    press(desk, "1")
    expect(about).to_contain_text("A rule or a right is named.")

    press(desk, "Enter")

    assert about.text_content() == hint


@pytest.mark.parametrize("keys", [["Enter"], ["m"]])
def test_a_sentence_out_of_sight_is_brought_back_and_one_in_sight_stands_still(desk, keys):
    desk.set_viewport_size({"width": 1280, "height": 480})
    sentence = desk.get_by_test_id("sentence")
    place = sentence.bounding_box()["y"]
    scroll_down(desk, 30)
    press(desk, *keys)
    assert sentence.bounding_box()["y"] == place - 30 if keys == ["Enter"] else place

    press(desk, "Escape")
    scroll_down(desk, 300)
    press(desk, *keys)

    assert sentence.bounding_box()["y"] == place


def scroll_down(page: Page, pixels: int) -> None:
    """Scroll the page, and let the browser notice."""
    page.evaluate(
        """pixels => new Promise(done => {
            document.querySelector("[data-testid=stMain]").scrollBy(0, pixels);
            requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done)));
        })""",
        pixels,
    )
