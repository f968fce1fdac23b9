"""Who speaks, on the desk: read at a glance, and set right with two keys."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from annotator.store import Store
from annotator.workflow import care
from tests.e2e.codebook import FRAME
from tests.e2e.hands import kept, open_desk, press

pytestmark = pytest.mark.browser

ARTICLE = """Talks on the bridge

The council met. "The bridge is ours. Nobody may close it. We keep it open," said Mira Osk.

"It is late," said Saken Mukan. "I know," he said. Rain fell on <b>Velm</b>.
"""
TITLE, MET, OURS, NOBODY, OPEN, LATE, KNOW, RAIN = range(8)


@pytest.fixture
def project(project_of) -> Path:
    """One article with a quotation of three sentences, and one that a pronoun leads to."""
    return project_of(FRAME, {"talks.txt": ARTICLE})


@pytest.fixture
def server(visit, project: Path):
    return visit(project)


@pytest.fixture
def desk(page: Page, server) -> Page:
    return opened(page, server)


def opened(page: Page, server) -> Page:
    return open_desk(page, server.url)


def go_to(page: Page, place: int) -> None:
    """Skip to a sentence of the article."""
    here = page.locator("[data-part=place]")
    expect(here).to_have_text(re.compile(r"\d of 8"))
    expect(page.get_by_test_id("desk")).to_be_focused()
    for _ in range(place + 1 - int(str(here.text_content()).split()[0])):
        press(page, "s")
    expect(here).to_have_text(f"{place + 1} of 8")


def speaker(page: Page):
    return page.locator("[data-part=speaker]")


def told(page: Page) -> str:
    return str(page.locator("[data-part=notice-text]").text_content())


def voices(place: Path) -> list[str]:
    """Who speaks in every sentence, as the project has it."""
    store = Store.open(place)
    rows = store.db.execute(
        "select coalesce(c.voice || ' ' || c.speaker || ' by hand', m.voice || ' ' || m.speaker)"
        " from unit u join voice m on m.unit = u.seq and m.basis = 'machine'"
        " left join voice c on c.unit = u.seq and c.basis = 'coder' order by u.seq"
    ).fetchall()
    store.close()
    assert [one.message for one in care.examine(place).checks if one.state == "fault"] == []
    return [row[0].strip() for row in rows]


def test_the_line_above_says_who_speaks_and_what_to_check(desk):
    expect(speaker(desk)).to_have_text("Author")
    go_to(desk, OURS)
    expect(speaker(desk)).to_have_text("Mira Osk · direct · sure")
    expect(speaker(desk)).to_have_attribute("title", re.compile("Mira Osk: named, beside “said”"))

    go_to(desk, KNOW)
    expect(speaker(desk)).to_have_text(
        re.compile("Saken Mukan · (direct|mixed) · (check|likely|sure)")
    )
    expect(speaker(desk)).to_have_attribute("title", re.compile("found through a pronoun"))
    expect(speaker(desk)).to_have_css("cursor", "pointer")


def test_two_keys_set_the_speaker_of_the_whole_quotation(desk, project):
    before = voices(project)
    go_to(desk, NOBODY)
    done = desk.locator("[data-part=figures]").text_content()

    press(desk, "p")
    names = desk.locator("[data-part=people-list] span").all_text_contents()
    assert names == ["Author", "Mira Osk", "Saken Mukan"]
    press(desk, "3")

    expect(speaker(desk)).to_have_text("Saken Mukan · direct · set by you")
    assert told(desk) == "Speaker set to Saken Mukan in 3 sentences · z undoes"
    assert desk.locator("[data-part=figures]").text_content() == done
    press(desk, "s")
    expect(speaker(desk)).to_have_text(re.compile("^Saken Mukan · (direct|mixed) · set by you$"))
    kept(desk)
    here = voices(project)
    assert [one.endswith("Saken Mukan by hand") for one in here[OURS : OPEN + 1]] == [True] * 3
    assert here[:OURS] + here[LATE:] == before[:OURS] + before[LATE:]


def test_undo_takes_decisions_and_corrections_back_in_the_order_they_were_made(desk, project):
    before = voices(project)
    go_to(desk, OURS)
    press(desk, "p", "1")
    expect(speaker(desk)).to_have_text("Author · set by you")
    press(desk, "1", "Enter", "p", "3", "z")
    expect(speaker(desk)).to_have_text("Author · set by you")

    press(desk, "z")
    expect(desk.get_by_test_id("sentence")).to_have_text('"The bridge is ours.')
    expect(desk.locator("[data-testid=code][aria-pressed=true]")).to_have_count(1)
    press(desk, "z")
    expect(speaker(desk)).to_have_text("Mira Osk · direct · sure")
    kept(desk)
    assert voices(project) == before


def test_a_name_that_is_typed_filters_or_makes_a_new_person(desk, project):
    go_to(desk, RAIN)
    press(desk, "p")
    desk.keyboard.type("osk")
    assert desk.locator("[data-part=people-list] span").all_text_contents() == ["Mira Osk", "osk"]
    press(desk, "Enter")
    expect(speaker(desk)).to_have_text("Mira Osk · indirect · set by you")

    press(desk, "p")
    desk.keyboard.type("<i>Kor</i> Val")
    press(desk, "Tab", "Enter")
    expect(speaker(desk)).to_have_text("<i>Kor</i> Val · mixed · set by you")
    press(desk, "p")
    names = desk.locator("[data-part=people-list] span").all_text_contents()
    assert names[:2] == ["Author", "<i>Kor</i> Val"]
    press(desk, "Escape")
    kept(desk)
    assert voices(project)[RAIN] == "mixed <i>Kor</i> Val by hand"


def test_shift_names_a_second_speaker_of_the_same_sentence(desk):
    go_to(desk, OPEN)
    press(desk, "p", "Shift+3")
    expect(speaker(desk)).to_have_text(re.compile("^Mira Osk and Saken Mukan ·"))
    press(desk, "p", "Shift+2")
    expect(speaker(desk)).to_have_text(re.compile("^Saken Mukan ·"))


def test_escape_changes_nothing_and_the_list_leaves_the_sentence_in_sight(desk):
    go_to(desk, OURS)
    press(desk, "p")
    box = desk.get_by_test_id("desk-people").bounding_box()
    sentence = desk.get_by_test_id("sentence").bounding_box()
    press(desk, "Escape")

    assert sentence["y"] + sentence["height"] <= box["y"]
    expect(speaker(desk)).to_have_text("Mira Osk · direct · sure")
    expect(desk.get_by_test_id("desk")).to_be_focused()
    expect(desk.get_by_test_id("desk")).to_have_attribute("data-unsaved", "0")


def test_a_click_on_the_speaker_opens_the_list_and_a_click_chooses(desk):
    go_to(desk, OURS)
    speaker(desk).click()
    desk.locator("[data-part=people-list] li").nth(0).click()

    expect(speaker(desk)).to_have_text("Author · set by you")
    expect(desk.get_by_test_id("desk")).to_be_focused()


def test_a_correction_made_offline_outlives_a_reload_and_can_still_be_taken_back(
    desk, server, project
):
    before = voices(project)
    go_to(desk, OURS)
    kept(desk)
    desk.context.route("**/api/v1/events", lambda route: route.abort())
    press(desk, "p", "3")
    expect(desk.get_by_test_id("desk")).to_have_attribute("data-unsaved", "1")

    desk.reload()
    expect(speaker(desk)).to_have_text("Saken Mukan · direct · set by you")
    press(desk, "s")
    expect(speaker(desk)).to_have_text("Saken Mukan · direct · set by you")
    assert voices(project) == before
    press(desk, "z", "z")
    expect(speaker(desk)).to_have_text("Mira Osk · direct · sure")
    press(desk, "p", "1")
    desk.context.unroute("**/api/v1/events")
    kept(desk)
    assert voices(project)[OURS:LATE] == ["author  by hand"] * 3


def test_after_a_reload_the_correction_is_the_last_thing_that_undo_takes_back(
    desk, server, project
):
    before = voices(project)
    go_to(desk, OURS)
    press(desk, "p", "3")
    kept(desk)

    opened(desk, server)
    expect(speaker(desk)).to_have_text("Saken Mukan · direct · set by you")
    press(desk, "z")
    expect(speaker(desk)).to_have_text("Mira Osk · direct · sure")
    kept(desk)
    assert voices(project) == before


def test_a_correction_of_another_coder_says_whose_it_is(page, browser, visit, project):
    page.goto(visit(project).url)
    go_to(page, OURS)
    press(page, "p", "3")
    kept(page)

    other = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    other.goto(visit(project, "bela").url)
    go_to(other, OURS)
    expect(speaker(other)).to_have_text("Saken Mukan · direct · set by ana")
    other.context.close()
