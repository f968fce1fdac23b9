"""Labels looked at again on the desk: one is kept, one is changed, and what came of it is told."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from annotator.store import Store, lists, reviews, tables
from annotator.store.lists import Listed
from annotator.workflow import projects
from tests.e2e.hands import kept, open_desk, press
from tests.small import AT, code_units, codebook

pytestmark = pytest.mark.browser

BOOK = codebook("border", "road").replace('name = "border"', 'name = "border"\nhotkey = "1"')
ARTICLE = "Velmar closed the road. Osk sent envoys to the border. The envoys left on Monday."


@pytest.fixture
def place(three_articles):
    """Ana coded four sentences as border; a check has two of them, the second doubted first."""
    made = three_articles(BOOK, ARTICLE)
    project = projects.open_project(made)
    code_units(project, lambda *_: ["border"], slice(4), client_at=AT)
    seqs = [unit.seq for unit in tables.units(project.store)]
    rows = [Listed(seqs[1], None, "doubted"), Listed(seqs[0], None, "mixed in")]
    lists.save(project.store, "again", "check", "", {}, rows, who="ana", at=AT)
    projects.close_project(made)
    return made


def test_a_doubted_and_an_undoubted_label_are_kept_changed_undone_and_counted(visit, place, page):
    open_desk(page, visit(place).at(queue="again"))
    chip = page.locator("[data-testid=code][data-code=border]")
    notice, standing = page.locator("[data-part=notice-text]"), page.locator("[data-part=place]")
    expect(standing).to_contain_text("Label check: again · 0 of 2")
    expect(notice).to_have_text(
        "You answered this on May 3, 2021. Change it, or press Enter to keep it."
    )
    expect(chip).to_have_attribute("aria-pressed", "true")
    expect(page.locator("[data-suggested]")).to_have_count(0)

    press(page, "1", "Enter")
    expect(standing).to_contain_text("1 of 2")
    press(page, "z")
    expect(standing).to_contain_text("0 of 2")
    expect(chip).to_have_attribute("aria-pressed", "true")
    expect(notice).to_contain_text("press Enter to keep it")
    press(page, "1", "Enter", "Enter")

    empty = page.get_by_test_id("desk-empty")
    expect(empty).to_contain_text("Every label of this check is looked at")
    expect(empty).to_contain_text("Of 1 doubted label you changed 1, of 1 other 0.")
    kept(page)
    page.reload()
    expect(empty).to_contain_text("you changed 1")
    press(page, "z")
    expect(standing).to_contain_text("1 of 2")
    expect(notice).to_contain_text("press Enter to keep it")
    kept(page)
    store = Store.open(place)
    found = {one.stratum: one.after for one in reviews.reviews(store, "again")}
    store.close()
    assert found["mixed in"] is None
    assert found["doubted"].event.answers == ()
    press(page, "Enter")
    empty.get_by_role("link", name="Look at it code by code").click()
    expect(page).to_have_url(re.compile("/model"))
    expect(page.get_by_text("There is no model yet that could doubt a label")).to_be_visible()
