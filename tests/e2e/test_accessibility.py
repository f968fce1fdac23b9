"""Every page for everybody: read out, by keys alone, enlarged, in light and in dark."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from annotator.ui.page.model import IN_FORCE, VIEWS
from annotator.workflow import label_check, plans, projects, sample_project, training
from annotator.workflow.plans import Design
from tests.e2e.axe import COLORS, QUIET, findings
from tests.e2e.codebook import FRAME
from tests.e2e.hands import TITLES, kept, press, visit_page

pytestmark = pytest.mark.browser

OF_THE_MODEL = tuple(f"model?view={name}" for name in VIEWS if name != IN_FORCE)
WHO = "who is coding"
PLACES = (*TITLES, *OF_THE_MODEL, WHO)

NARROW = 320
"""Pixels of a window of 1,280 that is enlarged to 400 % (WCAG 2.2, 1.4.10)."""

MOST_TABS = 60
RING = """one => {
    const ring = getComputedStyle(one);
    return ring.outlineStyle === "none" ? 0 : parseFloat(ring.outlineWidth);
}"""
STORY = b"The bridge\n\nThe law of Korva closed the bridge. Nobody said why.\n"


class Seen(NamedTuple):
    """What one page was like."""

    title: str
    light: list[str]
    dark: list[str]
    levels: list[int]
    """Of its headings, in the order of the page."""
    narrow: int
    """How many pixels wide the page is in a window of ``NARROW``."""


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample with a model, a drawn sample and a label check, so that every page has figures."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ANNOTATOR_HOME", str(tmp_path_factory.mktemp("sample")))
        made = sample_project.open_sample()
        training.train(made)
        design = Design(of="sentences", by=("source",), rule="proportional", size=60)
        plans.draw(made, "april", design, seed=1, within="", who="ana")
        label_check.make(made, 10, code=None, coder="", seed=1, who="ana")
        projects.close_project(made.path)
        return made.path


@pytest.fixture(scope="module")
def seen(_profile: BrowserContext, _shared, sample: Path) -> Iterator[dict[str, Seen]]:
    """Every page looked at once: a walk along the navigation, as a person goes."""
    visit = _shared.visit(sample)
    page = _profile.new_page()
    found = {}
    page.goto(visit.at("home"))
    for place in PLACES:
        _go(page, place)
        found[place] = _look(page)
    yield found
    page.close()


def _go(page: Page, place: str) -> None:
    if place == WHO:
        page.goto(re.sub("&?coder=ana", "", page.url.replace("/model", "/")))
    elif place in OF_THE_MODEL:
        view = VIEWS[place.rpartition("=")[2]]
        page.get_by_role("radio", name=view.title, exact=True).click()
    else:
        visit_page(page, place)
    expect(page.get_by_role("heading", level=1)).to_have_count(1)


def _look(page: Page) -> Seen:
    light = findings(page)
    page.emulate_media(color_scheme="dark")
    dark = findings(page, *COLORS)
    page.emulate_media(color_scheme="light")
    headings = page.get_by_role("heading").all()
    levels = [int(one.evaluate("one => one.tagName.slice(1)")) for one in headings]
    size = page.viewport_size
    assert size is not None
    page.set_viewport_size({"width": NARROW, "height": size["height"]})
    page.wait_for_function(QUIET)
    narrow = page.get_by_role("main").evaluate("main => main.scrollWidth")
    page.set_viewport_size(size)
    return Seen(page.title(), light, dark, levels, narrow)


@pytest.mark.parametrize("place", PLACES)
def test_axe_finds_nothing_serious_on_a_page_in_light_or_in_dark(seen, place):
    assert seen[place].light == []
    assert seen[place].dark == []


@pytest.mark.parametrize("place", PLACES)
def test_headings_begin_with_one_of_the_first_level_and_leave_none_out(seen, place):
    levels = seen[place].levels

    assert levels.count(1) == 1
    deeper = [after - before for before, after in pairwise(levels)]
    assert max(deeper, default=0) <= 1


@pytest.mark.parametrize("place", PLACES)
def test_a_page_enlarged_four_times_scrolls_in_one_direction_only(seen, place):
    assert seen[place].narrow <= NARROW


@pytest.mark.parametrize("place", TITLES)
def test_the_tab_of_the_browser_names_the_page_and_then_the_project(seen, place):
    assert seen[place].title == f"{TITLES[place]} · Sample: the Ilsa Heights · annotator"


def test_how_far_a_training_is_is_told_where_screen_readers_listen(sample, visit, page: Page):
    page.goto(visit(sample).at("model"))

    page.get_by_role("button", name="Train now").click()

    told = page.get_by_role("status").filter(has_text=re.compile("^Training"))
    expect(told).to_have_text(re.compile(r"^Training( has begun|: \d+ % done)$"))


def test_an_article_is_imported_coded_and_exported_by_keys_alone(tmp_path, visit, page: Page):
    (tmp_path / "small.toml").write_text(FRAME, encoding="utf-8")
    place = tmp_path / "p.annotator"
    projects.close_project(projects.create(place, [tmp_path / "small.toml"]).path)
    page.goto(visit(place).at("home"))
    expect(page.get_by_role("heading", level=1)).to_be_visible()

    _enter(page, "link", "Import")
    expect(page).to_have_title(re.compile("^Import"))
    with page.expect_file_chooser() as files:
        _enter(page, "button", "Upload")
    files.value.set_files({"name": "bridge.txt", "mimeType": "text/plain", "buffer": STORY})
    _enter(page, "button", "Import 1 file")
    _enter(page, "link", "Code them")
    expect(page.get_by_test_id("desk")).to_be_focused()
    press(page, "1", "Enter", "Enter")
    kept(page)
    _enter(page, "link", "Export", back=True)
    expect(page).to_have_title(re.compile("^Export"))
    with page.expect_download() as saved:
        _enter(page, "button", "Download CSV")

    with saved.value.path().open(encoding="utf-8", newline="") as file:
        told = [(row["text"], row["code"], row["status"]) for row in csv.DictReader(file)]
    assert told == [
        ("The bridge", "law", "coded"),
        ("The law of Korva closed the bridge.", "", "none"),
    ]


def _enter(page: Page, role: Any, name: str, *, back: bool = False) -> None:
    """Press Tab until this control has the focus, see that it shows it, and press Enter."""
    wanted = page.get_by_role(role, name=name, exact=True)
    expect(wanted).to_be_visible()
    page.wait_for_function(QUIET)
    for _ in range(MOST_TABS):
        page.keyboard.press("Shift+Tab" if back else "Tab")
        if wanted.evaluate("one => one === document.activeElement"):
            assert wanted.evaluate(RING) >= 2
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"Tab never came to {role} {name}")
