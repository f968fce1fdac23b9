"""Decide, then reveal: the coder answers first, and both answers are kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from annotator.learn.sampling import Policy
from annotator.store import reveals, tables
from annotator.store.seat import Seat
from annotator.workflow import desk, policies, projects, training
from tests.e2e.codebook import FRAME
from tests.e2e.hands import kept, open_desk, press
from tests.small import code_units, named

pytestmark = pytest.mark.browser

BOOK = f"""{FRAME}
[[variable.code]]
name = "road"
title = "Road"
definition = "A road is named."
hotkey = "2"
"""
SAID = "The law {0} is ours. The road {0} was shut. It rained on {0}."
SAVES = "**/api/v1/events"
SUGGESTS = "The model suggests Law. Change your answer or press Enter to go on."


@pytest.fixture
def project(project_of) -> Path:
    """Twelve articles that bela coded, a model of them, and suggestions after the answer."""
    place = project_of(BOOK, {f"{n:02}.txt": SAID.format(n) for n in range(12)})
    made = projects.open_project(place)
    code_units(made, named("law", "road"), coder="bela")
    training.train(made)
    policies.put(made.store, Policy("reveal", control=0), who="ana")
    projects.close_project(place)
    return place


def waiting(place: Path, word: str) -> str:
    """The first sentence with this word on which suggestions, if any, are seen after the answer."""
    made = projects.open_project(place)
    items = desk.upcoming(made, Seat("ana"), after=0, want=36)["next"]
    projects.close_project(place)
    mine = (one for one in items if one["mode"] == "reveal" and word in one["text"])
    return str(next(mine)["id"])


def last_says(place: Path) -> tuple[str | None, bool]:
    """Of ana's decision that stands: which answer came first, and if a suggestion was on screen."""
    made = projects.open_project(place)
    (mine,) = (one for one in tables.codings(made.store) if one.coder == "ana")
    said = (mine.first or None, any(one.shown for one in mine.candidates))
    projects.close_project(place)
    return said


def told(place: Path) -> tuple[list[str], list[tuple[set[str], set[str]]]]:
    """What stands in ana's view; of each reveal, the codes given first and in the end."""
    made = projects.open_project(place)
    mine = [one for one in tables.codings(made.store) if one.coder == "ana"]
    stands = [answer.code for coding in mine for answer in coding.answers]
    both = [
        ({code for *_, code in one.first}, {code for *_, code in one.final})
        for one in reveals.reveals(made.store)
    ]
    projects.close_project(place)
    return stands, both


def test_the_coder_answers_first_then_sees_and_may_change_and_both_are_kept(
    project, visit, page: Page
):
    unit, plain = waiting(project, "law"), waiting(project, "rained")
    here = page.get_by_test_id("desk")
    law, road = (page.locator(f"[data-testid=code][data-code={code}]") for code in ("law", "road"))
    suggested = page.locator("[data-testid=code][data-suggested]")
    notice = page.locator("[data-part=notice-text]")
    opened = visit(project)
    address = opened.at("", unit=unit)

    # Where nothing is suggested, one Enter goes on.
    open_desk(page, opened.at("", unit=plain))
    expect(here).to_have_attribute("data-unit", plain)
    press(page, "Enter")
    expect(here).not_to_have_attribute("data-unit", plain)
    press(page, "z")
    kept(page)

    open_desk(page, address)
    expect(here).to_have_attribute("data-unit", unit)
    expect(here).to_have_attribute("data-mode", "reveal")
    expect(suggested).to_have_count(0)

    # Without a connection too, nothing is seen before the answer, and all of it waits here.
    page.route(SAVES, lambda route: route.abort())
    press(page, "2")
    expect(suggested).to_have_count(0)
    press(page, "Enter")
    expect(here).to_have_attribute("data-unit", unit)
    expect(law).to_have_attribute("data-suggested", "")
    expect(law).to_have_attribute("aria-pressed", "false")
    expect(here).to_have_attribute("data-unsaved", "2")
    page.unroute(SAVES)
    kept(page)
    expect(notice).to_have_text(SUGGESTS)
    assert told(project) == (["road"], [({"road"}, {"road"})])
    assert last_says(project) == (None, False)

    press(page, "2", "1", "Enter")
    expect(here).not_to_have_attribute("data-unit", unit)
    kept(page)
    assert told(project) == (["law"], [({"road"}, {"law"})])

    press(page, "z")
    expect(here).to_have_attribute("data-unit", unit)
    expect(road).to_have_attribute("aria-pressed", "true")
    expect(law).to_have_attribute("aria-pressed", "false")
    kept(page)
    assert told(project) == (["road"], [({"road"}, {"road"})])

    # After a reload as well.
    press(page, "2", "1", "Enter")
    kept(page)
    open_desk(page, opened.url)
    press(page, "z")
    expect(here).to_have_attribute("data-unit", unit)
    expect(road).to_have_attribute("aria-pressed", "true")
    kept(page)
    assert told(project) == (["road"], [({"road"}, {"road"})])

    open_desk(page, address)
    expect(here).to_have_attribute("data-unit", unit)
    expect(road).to_have_attribute("aria-pressed", "true")
    expect(law).to_have_attribute("data-suggested", "")
    expect(notice).to_have_text(SUGGESTS)
    press(page, "Enter")
    expect(here).not_to_have_attribute("data-unit", unit)
    kept(page)
    assert told(project) == (["road"], [({"road"}, {"road"})])
    assert last_says(project) == (None, False)  # nothing was changed, and nothing kept

    # The first answer is taken back: what was seen is seen, and the next answer says so.
    press(page, "z")
    expect(here).to_have_attribute("data-unit", unit)
    kept(page)
    expect(law).to_have_attribute("data-suggested", "")
    assert told(project) == ([], [])
    press(page, "2", "1", "Enter")
    expect(here).not_to_have_attribute("data-unit", unit)
    kept(page)
    assert told(project) == (["law"], [])
    assert last_says(project) == (None, True)
