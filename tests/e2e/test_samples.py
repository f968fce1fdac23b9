"""A sample from the first press to the last sentence: drawn on its page, coded on the desk."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from annotator.store import Store, lists, tables
from annotator.workflow import plans, projects
from tests.e2e.hands import kept

pytestmark = pytest.mark.browser

CODEBOOK = """
name = "small"
version = "1.0.0"
title = "Small"

[[variable]]
name = "frame"

[[variable.code]]
name = "peace"
title = "Peace"
definition = "The end of fighting."
hotkey = "1"
"""
ARTICLE = "Velmar closed the road. Osk sent envoys. The envoys were heard. They left on Monday."


@pytest.fixture
def place(three_articles) -> Path:
    return Path(three_articles(CODEBOOK, ARTICLE))


def plan(place: Path, name: str, **design: object) -> list[str]:
    """Draw a sample before anybody opens the project; its units in order."""
    project = projects.open_project(place)
    plans.draw(project, name, plans.design(**design), seed=5)
    found = [one.unit_id for one in lists.units(project.store, name)]
    projects.close_project(place)
    return found


def codings(place: Path) -> dict[str, str]:
    store = Store.open(place)
    found = {one.unit.unit_id: one.sample_plan for one in tables.codings(store)}
    store.close()
    return found


def on_unit(page: Page, unit: str) -> None:
    expect(page.get_by_test_id("desk")).to_have_attribute("data-unit", unit)


def standing(page: Page):
    return page.locator("[data-part=place]")


def test_a_sample_is_drawn_on_its_page_and_coded_to_the_end(visit, place, page):
    here = visit(place)
    page.goto(here.at("samples"))
    number = page.get_by_label("Number of sentences")
    number.fill("3")
    number.press("Tab")
    expect(page.get_by_text("3 of 12 sentences would be drawn")).to_be_visible()
    page.get_by_role("button", name="Draw this sample").click()
    expect(page.get_by_text("Drew 3 sentences as sample-1")).to_be_visible()

    page.get_by_role("link", name="Code this sample").click()
    expect(standing(page)).to_contain_text("Sample: sample-1 · 0 of 3")
    for done in range(3):
        expect(standing(page)).to_contain_text(f"{done} of 3")
        page.keyboard.press("1")
        page.keyboard.press("Enter")

    empty = page.get_by_test_id("desk-empty")
    expect(empty).to_contain_text("Every sentence of this sample is decided")
    kept(page)
    assert list(codings(place).values()) == ["sample-1"] * 3
    empty.get_by_role("link", name="Go on with the whole project").click()
    expect(page.locator("[data-part=figures]")).to_contain_text("3 of 12 sentences")


def test_a_set_that_was_just_saved_is_coded_from_where_it_was_saved(visit, place, page):
    here = visit(place)
    page.goto(here.at("find", q="envoys"))
    page.get_by_text("Save as a set").click()
    name = page.get_by_label("Name", exact=True)
    name.fill("envoys")
    name.press("Enter")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("The set “envoys” has 6 sentences.")).to_be_visible()

    page.get_by_role("link", name="Code this set").first.click()

    expect(standing(page)).to_contain_text("Set: envoys · 0 of 6")
    assert len(page.context.pages) == 1


def test_a_long_name_of_a_list_leaves_room_for_title_outlet_and_speaker(visit, place, page):
    name = "a long name of a sample that nobody would ever read to its end"
    plan(place, name, size=6)
    here = visit(place)
    page.set_viewport_size({"width": 768, "height": 1000})
    page.goto(here.at(queue=name))
    expect(standing(page)).to_contain_text("Sample: a long name")

    head = page.locator(".head").bounding_box()
    told = page.locator(".place").bounding_box()

    assert page.locator("[data-part=title]").bounding_box()["width"] > head["width"] / 3
    for part in ("meta", "speaker"):
        assert page.locator(f"[data-part={part}]").evaluate(
            "one => one.scrollWidth <= one.clientWidth"
        )
    assert told["x"] + told["width"] <= head["x"] + head["width"] + 1
    assert told["y"] < page.locator("[data-part=speaker]").bounding_box()["y"]


def test_the_desk_keeps_to_the_list_over_other_pages_until_it_is_left(visit, place, page):
    units = plan(place, "may", size=6)
    here = visit(place)
    page.goto(here.at(queue="may"))
    on_unit(page, units[0])
    page.keyboard.press("Enter")
    on_unit(page, units[1])
    kept(page)

    page.get_by_role("link", name="Project", exact=True).click()
    expect(page.get_by_test_id("desk")).to_have_count(0)
    page.get_by_role("link", name="Annotate", exact=True).click()
    on_unit(page, units[1])

    page.get_by_test_id("desk-leave").click()
    expect(page.get_by_test_id("desk")).to_have_attribute("data-unit", re.compile(r":0-\d+$"))
    expect(standing(page)).not_to_contain_text("Sample")


def test_going_back_undo_and_flags_walk_as_they_do_in_the_project(visit, place, page):
    units = plan(place, "may", size=6)
    here = visit(place)
    page.goto(here.at(queue="may"))
    on_unit(page, units[0])
    for key in ("Enter", "s", "f", "Enter"):
        page.keyboard.press(key)
    on_unit(page, units[3])

    page.keyboard.press("Backspace")
    on_unit(page, units[2])
    page.keyboard.press("z")
    on_unit(page, units[2])
    expect(standing(page)).to_contain_text("2 of 6")
    kept(page)
    page.get_by_role("button", name="1 skipped").click()
    on_unit(page, units[1])

    assert set(codings(place)) == set(units[:2])


def test_setting_the_rest_of_an_article_aside_takes_what_follows_in_the_text(visit, place, page):
    units = plan(place, "all", size=12)
    here = visit(place)
    page.goto(here.at(queue="all"))
    on_unit(page, units[0])
    document, start = at(units[0])
    later = {one for one in units if at(one)[0] == document and at(one)[1] >= start}
    earlier = [one for one in units if one not in later]

    page.keyboard.press("Shift+X")

    on_unit(page, earlier[0])
    kept(page)
    assert set(codings(place)) == later
    expect(standing(page)).to_contain_text(f"{len(later)} of 12")


def test_what_was_decided_through_a_sample_is_not_asked_again_in_the_project(visit, place, page):
    units = plan(place, "first", size=12, in_order=True)
    here = visit(place)
    page.goto(here.url)
    on_unit(page, units[0])
    page.goto(here.at(queue="first"))
    on_unit(page, units[0])
    page.keyboard.press("Enter")
    on_unit(page, units[1])
    kept(page)

    page.get_by_test_id("desk-leave").click()

    expect(standing(page)).not_to_contain_text("Sample")
    on_unit(page, units[1])


def at(unit: str) -> tuple[str, int]:
    document, _, span = unit.partition(":")
    return document, int(span.partition("-")[0])
