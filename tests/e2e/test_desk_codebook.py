"""The codebook changes under the coders' hands: no place is lost, and nothing is recoded."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from annotator.store import Store, tables
from tests.e2e.hands import kept, open_desk, press, unit_of
from tests.terminal import annotator

pytestmark = pytest.mark.browser

CODEBOOK = """
name = "small"
version = "1.0.0"
title = "Small"

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
title = "Losses of life, limb and livelihood among those who took no part"
definition = "Somebody is harmed."
hotkey = "a"

[[variable.code]]
name = "cannot-tell"
title = "Can't tell"
definition = "A frame is there, and none of these."
hotkey = "9"
exclusive = true

[[variable]]
name = "tone"
choice = "one"

[[variable.code]]
name = "calm"
title = "Calm"
definition = "Nobody is blamed."
hotkey = "2"

[[variable]]
name = "stance"
choice = "one"
level = "ordinal"
targets = [{ name = "velmar", title = "Velmar" }, { name = "osk", title = "Osk" }]
codes = "favor-against"
"""

ARTICLE = "Velmar closed the road. Osk sent envoys. The envoys were heard. They left on Monday."
SAVES = "**/api/v1/events"
TRADE = ("Enter", "Enter", "~Trade", "Enter", "~Goods change hands.", "Enter")
"""What adds the code Trade, but for its key: `+`, then one field after the other."""


@pytest.fixture
def project(three_articles) -> Path:
    """Three short articles under a codebook with free keys."""
    return three_articles(CODEBOOK, ARTICLE)


def run(*words: object) -> str:
    return annotator(*words, code=0).stdout


@pytest.fixture
def url(visit, project: Path) -> str:
    return str(visit(project).url)


@pytest.fixture
def desk(page: Page, url: str) -> Page:
    return open_desk(page, url)


def chip(page: Page, code: str):
    return page.locator(f"[data-testid=code][data-code={code}]")


def pressed(page: Page) -> list[str]:
    chips = page.locator("[data-testid=code][aria-pressed=true]")
    return chips.evaluate_all("found => found.map(({ dataset }) => dataset.code)")


def notice(page: Page):
    return page.locator("[data-part=notice-text]")


def panel(page: Page):
    return page.get_by_test_id("desk-addition")


def decisions(place: Path) -> dict[str, tuple[str, list[str], int]]:
    """Status, codes and scheme of every unit that was decided."""
    store = Store.open(place)
    found = {
        coding.unit.unit_id: (
            coding.status,
            sorted(answer.code for answer in coding.answers),
            coding.scheme,
        )
        for coding in tables.codings(store)
    }
    store.close()
    return found


def test_a_code_is_added_in_the_middle_of_a_sentence_without_losing_the_place(desk, project):
    press(desk, "1", "Enter")
    second = unit_of(desk)
    press(desk, "a", "j", "m", "~who says so?", "Escape")
    before = desk.get_by_test_id("sentence").bounding_box()
    root = desk.get_by_test_id("desk").element_handle()
    press(desk, "+")
    expect(panel(desk)).to_be_visible()
    sentence, covering = desk.get_by_test_id("sentence").bounding_box(), panel(desk).bounding_box()
    press(desk, *TRADE, "d", "Enter")

    expect(panel(desk)).to_be_hidden()
    expect(notice(desk)).to_have_text("Codebook small 1.1.0: new code “Trade”")
    expect(desk.get_by_test_id("desk")).to_be_focused()
    assert sentence == before == desk.get_by_test_id("sentence").bounding_box()
    assert covering["y"] > sentence["y"] + sentence["height"]
    assert (unit_of(desk), pressed(desk)) == (second, ["loss", "trade", "against"])
    assert root.evaluate("root => root.isConnected")
    expect(chip(desk, "trade")).to_have_attribute("aria-keyshortcuts", "d")
    codes = desk.locator("[data-testid=code][data-variable=frame]")
    assert codes.evaluate_all("all => all.map(({ dataset }) => dataset.code)") == [
        *("law", "loss", "trade", "cannot-tell"),
    ]

    press(desk, "Enter", "d", "Enter", "Enter")
    kept(desk)
    found = list(decisions(project).values())
    assert found == [
        ("coded", ["law"], 1),
        ("coded", ["against", "loss", "trade"], 2),
        ("coded", ["trade"], 2),
        ("coded", [], 2),
    ]
    rows = csv.DictReader(io.StringIO(run("export", project, "--format", "wide", "--output", "-")))
    assert [row["frame_trade"] for row in rows] == ["", "1", "1", "0"]


def test_a_fault_is_told_in_the_panel_and_what_was_typed_stays(desk, project):
    press(desk, "+", "Enter", "Enter", "~Law", "Enter", "~Once more.", "Control+Enter")
    fault = desk.locator("[data-part=addition-fault]")
    expect(fault).to_contain_text("'Law' already")
    assert desk.get_by_label("Title").input_value() == "Law"
    assert desk.get_by_label("Definition").input_value() == "Once more."

    desk.get_by_label("Title").fill("Law of the sea")
    press(desk, "Control+Enter")

    expect(panel(desk)).to_be_hidden()
    assert pressed(desk) == ["law-of-the-sea"]


def test_escape_leaves_the_codebook_as_it_is(desk):
    press(desk, "1", "+", *TRADE, "Escape", "a")

    assert pressed(desk) == ["law", "loss"]
    expect(chip(desk, "trade")).to_have_count(0)


def test_a_target_is_added_and_is_the_active_one(desk):
    press(desk, "j", "+", "ArrowRight", "Enter", "~Cassia", "Enter")
    expect(desk.locator(".row[aria-current=true]")).to_have_attribute("aria-label", "Cassia")
    press(desk, "l")

    on = desk.locator("[data-testid=code][aria-pressed=true]")
    assert on.evaluate_all("found => found.map(({ dataset }) => dataset.target)") == [
        *("velmar", "cassia"),
    ]


def test_the_keys_that_the_add_button_names_work_on_it_too(desk):
    press(desk, "+", "ArrowRight", "Tab", "~Cassia", "Tab", "Control+Enter")

    expect(panel(desk)).to_be_hidden()
    expect(desk.locator(".row[aria-current=true]")).to_have_attribute("aria-label", "Cassia")


@pytest.mark.parametrize(
    "event",
    [
        {"code": "NumpadAdd", "key": "+"},
        {"code": "BracketRight", "key": "+"},
        {"code": "Equal", "key": "+", "shiftKey": True},
        {"key": "+"},
    ],
)
def test_the_plus_is_found_on_every_layout(desk, event):
    plus = event | {"bubbles": True, "composed": True}
    desk.get_by_test_id("desk").dispatch_event("keydown", plus)

    expect(panel(desk)).to_be_visible()


def test_a_digit_that_has_the_plus_on_it_stays_the_codebooks(desk):
    for digit in ("Digit1", "Digit3"):
        plus = {"code": digit, "key": "+", "bubbles": True, "composed": True}
        desk.get_by_test_id("desk").dispatch_event("keydown", plus)

    assert pressed(desk) == ["law"]
    expect(panel(desk)).to_be_hidden()


def test_what_waits_under_the_older_scheme_is_kept_when_the_codebook_changes(desk, project):
    desk.route(SAVES, lambda route: route.abort())
    press(desk, "1", "Enter", "a", "Enter")
    press(desk, "+", *TRADE, "Enter")
    expect(chip(desk, "trade")).to_have_attribute("aria-pressed", "true")
    expect(desk.get_by_test_id("desk")).to_have_attribute("data-unsaved", "2")
    press(desk, "Enter")
    desk.unroute(SAVES)
    kept(desk)

    assert list(decisions(project).values()) == [
        ("coded", ["law"], 1),
        ("coded", ["loss"], 1),
        ("coded", ["trade"], 2),
    ]


def test_without_a_server_nothing_is_added_and_what_was_typed_stays(desk):
    desk.route("**/api/v1/codebook", lambda route: route.abort())
    press(desk, "+", *TRADE, "Enter")

    expect(desk.locator("[data-part=addition-fault]")).to_contain_text("no connection")
    assert desk.get_by_label("Title").input_value() == "Trade"


def test_another_desk_learns_of_the_code_on_its_next_save(desk, browser: Browser, url, project):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    other = open_desk(context.new_page(), url)
    press(other, "+", *TRADE, "d", "Enter")
    expect(chip(other, "trade")).to_have_count(1)
    expect(chip(desk, "trade")).to_have_count(0)

    press(desk, "Enter", "a")
    place = unit_of(desk)
    expect(chip(desk, "trade")).to_have_count(1)
    expect(notice(desk)).to_have_text("Codebook small 1.1.0: new code “Trade”")
    assert (unit_of(desk), pressed(desk)) == (place, ["loss"])
    press(desk, "d", "Enter")
    kept(desk)
    context.close()

    assert list(decisions(project).values()) == [
        ("coded", [], 1),
        ("coded", ["loss", "trade"], 2),
    ]


def test_a_page_that_is_opened_again_brings_the_newer_codebook(desk, project):
    press(desk, "1", "Enter", "a")
    kept(desk)
    changed = CODEBOOK.replace("Nobody is blamed.", "Nobody is blamed or praised.")
    (project.parent / "small.toml").write_text(changed, encoding="utf-8")
    run("codebook", "update", project, project.parent / "small.toml")
    desk.get_by_role("link", name="Export").click()
    expect(desk.get_by_role("heading", level=1)).to_be_visible()
    desk.get_by_role("link", name="Annotate").click()

    expect(notice(desk)).to_have_text("Codebook small 1.0.1: changed code “Calm”")
    assert pressed(desk) == ["loss"]


def test_drawing_the_page_again_with_what_it_knew_brings_no_older_codebook_back(desk):
    press(desk, "1", "+", *TRADE, "Enter")
    expect(chip(desk, "trade")).to_have_count(1)
    ground = "getComputedStyle(document.querySelector('.stApp')).backgroundColor"
    light = desk.evaluate(ground)
    desk.emulate_media(color_scheme="dark")
    desk.wait_for_function(f"{ground} !== '{light}'")
    press(desk, "Enter", "Backspace")

    assert pressed(desk) == ["law", "trade"]


def test_the_chip_that_has_the_focus_keeps_it_when_the_codebook_changes(desk, project):
    chip(desk, "calm").focus()
    changed = CODEBOOK.replace("Nobody is blamed.", "Nobody is blamed or praised.")
    (project.parent / "small.toml").write_text(changed, encoding="utf-8")
    run("codebook", "update", project, project.parent / "small.toml")
    press(desk, "Enter")

    expect(notice(desk)).to_contain_text("changed code “Calm”")
    expect(chip(desk, "calm")).to_be_focused()


def test_a_sentence_becomes_an_example_of_the_code_that_is_on(desk, project):
    press(desk, "1", "e")
    expect(notice(desk)).to_have_text("This sentence is an example of “Law” now.")
    expect(desk.locator("[data-part=about]")).to_contain_text("Example: Velmar closed the road.")
    press(desk, "e")
    expect(notice(desk)).to_have_text("This sentence is an example of “Law” already.")
    assert pressed(desk) == ["law"]

    press(desk, "a", "2", "e", "ArrowDown", "Enter")
    expect(notice(desk)).to_contain_text("is an example of “Losses of life")
    expect(desk.get_by_test_id("desk")).to_be_focused()
    assert pressed(desk) == ["law", "loss", "calm"]


def test_an_example_wants_a_code_of_the_codebook(desk):
    press(desk, "e")
    expect(notice(desk)).to_contain_text("Toggle a code of the codebook first")
    press(desk, "Shift+a", "j", "e")
    expect(notice(desk)).to_contain_text("Toggle a code of the codebook first")


def test_after_a_reload_undo_takes_back_the_decisions_made_before(desk, project):
    units = []
    for keys in (("1",), ("a", "2"), ("j",)):
        units.append(unit_of(desk))
        press(desk, *keys, "Enter")
    kept(desk)
    desk.reload()
    expect(desk.get_by_test_id("desk")).to_be_focused()
    press(desk, "z")
    expect(desk.get_by_test_id("desk")).to_have_attribute("data-unit", units[2])
    assert pressed(desk) == ["against"]
    press(desk, "z")
    assert (unit_of(desk), pressed(desk)) == (units[1], ["loss", "calm"])
    kept(desk)
    assert list(decisions(project)) == units[:1]

    press(desk, "Enter")
    kept(desk)
    assert decisions(project)[units[1]][1] == ["calm", "loss"]


def test_after_a_reload_undo_brings_back_the_decision_that_was_there_before(desk, project):
    first = unit_of(desk)
    press(desk, "1", "Enter", "Backspace", "a", "Enter")
    kept(desk)
    desk.reload()
    expect(desk.get_by_test_id("desk")).to_be_focused()
    press(desk, "z")
    expect(desk.locator("[data-part=status]")).to_have_text("coded")
    assert (unit_of(desk), pressed(desk)) == (first, ["law", "loss"])
    kept(desk)

    assert decisions(project) == {first: ("coded", ["law"], 1)}


def test_undo_reaches_what_still_waits_after_a_reload(desk, project):
    desk.context.route(SAVES, lambda route: route.abort())
    first = unit_of(desk)
    press(desk, "1", "Enter")
    second = unit_of(desk)
    press(desk, "s")
    desk.reload()
    expect(desk.get_by_test_id("desk")).to_be_focused()
    press(desk, "z")
    expect(desk.get_by_test_id("desk")).to_have_attribute("data-unit", second)
    desk.context.unroute(SAVES)
    kept(desk)

    assert list(decisions(project)) == [first]


def test_an_undo_that_waits_during_a_reload_is_not_undone_again(desk, project):
    first = unit_of(desk)
    press(desk, "1", "Enter")
    second = unit_of(desk)
    press(desk, "a", "Enter")
    kept(desk)
    desk.context.route(SAVES, lambda route: route.abort())
    press(desk, "z")
    desk.reload()
    expect(desk.get_by_test_id("desk")).to_have_attribute("data-unit", second)
    press(desk, "z")
    expect(desk.get_by_test_id("desk")).to_have_attribute("data-unit", first)
    desk.context.unroute(SAVES)
    kept(desk)

    assert decisions(project) == {}


def places(page: Page) -> str:
    """Where every chip, target and command stands."""
    boxes = page.locator("[data-testid=code], .target, .command")
    return str(
        boxes.evaluate_all(
            """all => all.map((one) => {
                const { x, y, width, height } = one.getBoundingClientRect();
                return [x, y, width, height].join();
            }).join(";")"""
        )
    )


def test_a_long_title_is_read_whole(desk):
    name = chip(desk, "loss").locator(".name")

    assert name.evaluate("name => name.scrollWidth <= name.clientWidth")
    assert name.bounding_box()["height"] > 2 * 13


def test_the_chips_stand_still_whatever_is_on(desk):
    for width in range(760, 1300, 45):
        desk.set_viewport_size({"width": width, "height": 900})
        before = places(desk)
        for key in ("1", "a", "Shift+a", "0", "j", "t", "0"):
            press(desk, key)
            assert places(desk) == before, (width, key)
        press(desk, "Enter")
        assert places(desk) == before


def test_whether_it_was_kept_is_seen_however_far_the_page_is_scrolled(desk):
    desk.set_viewport_size({"width": 1280, "height": 480})
    press(desk, "1", "Enter")
    kept(desk)
    desk.locator("[data-part=trail]").scroll_into_view_if_needed()

    assert desk.get_by_test_id("sentence").bounding_box()["y"] < 60
    expect(desk.locator("[data-part=kept]")).to_be_in_viewport(ratio=1)
    assert desk.locator("[data-part=kept]").evaluate(
        """kept => {
            const { x, y, width, height } = kept.getBoundingClientRect();
            const top = kept.getRootNode().elementFromPoint(x + width / 2, y + height / 2);
            return kept.contains(top);
        }"""
    )


def test_the_card_lists_the_desks_keys(desk):
    press(desk, "?", "?")
    keys = desk.get_by_role("dialog", name="Keys")

    expect(keys).to_contain_text("adds a code or a target to the codebook")
    expect(keys).to_contain_text("the codebook page takes it out again")


def test_after_a_reload_undo_takes_the_rest_of_an_article_back_as_one(desk, project):
    first = unit_of(desk)
    press(desk, "Shift+x")
    kept(desk)
    assert len(decisions(project)) == 4
    desk.reload()
    expect(desk.get_by_test_id("desk")).to_be_focused()
    press(desk, "z")
    expect(desk.get_by_test_id("desk")).to_have_attribute("data-unit", first)
    kept(desk)
    assert decisions(project) == {}

    press(desk, "Enter")
    assert unit_of(desk).startswith(first.partition(":")[0])
