"""What comes next is chosen on the start card; a training changes it and moves nothing in hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from annotator.store.seat import Seat
from annotator.workflow import desk, projects
from tests.e2e.codebook import FRAME
from tests.e2e.hands import kept, press
from tests.models import put_model

pytestmark = pytest.mark.browser

LEAST_SURE = Seat("ana", queue="by:least-sure")


@pytest.fixture
def place(project_of) -> Path:
    """Eight articles of five sentences."""
    texts = [
        " ".join(f"On day {n} the road was shut for {at} hours." for at in range(5))
        for n in range(8)
    ]
    return project_of(FRAME, {f"{number}.txt": text for number, text in enumerate(texts)})


def train(place: Path, seed: int) -> None:
    project = projects.open_project(place)
    put_model(project, ["law"], seed)
    projects.close_project(place)


def ahead(place: Path) -> list[str]:
    """What ana would be given now, were she to open the desk."""
    project = projects.open_project(place)
    found = [one["id"] for one in desk.upcoming(project, LEAST_SURE, after=0, want=40)["next"]]
    projects.close_project(place)
    return found


def on_unit(page: Page, unit: str) -> None:
    expect(page.get_by_test_id("desk")).to_have_attribute("data-unit", unit)


def test_least_sure_is_chosen_and_a_training_changes_what_follows_the_sentence_in_hand(
    visit, place, page
):
    here = visit(place)
    train(place, seed=1)
    page.goto(here.at(start="1"))
    page.get_by_text("Where the model is least sure", exact=True).click()
    page.get_by_role("button", name="Start coding").click()

    first, second, third, fourth, *_ = ahead(place)
    on_unit(page, first)
    order = page.get_by_test_id("desk-order")
    expect(order).to_have_text("Where the model is least sure · change")
    expect(page.get_by_test_id("desk-leave")).to_be_hidden()
    press(page, "1", "Enter")
    on_unit(page, second)
    kept(page)

    train(place, seed=2)
    with page.expect_response(lambda one: "/api/v1/queue" in one.url):
        press(page, "1", "Enter")
    on_unit(page, third)
    press(page, "1")
    expect(page.locator("[data-testid=code][data-code=law]")).to_have_attribute(
        "aria-pressed", "true"
    )
    following = [one for one in ahead(place) if one not in (first, second, third)]
    assert following[0] != fourth
    press(page, "Enter")
    on_unit(page, following[0])
    press(page, "Enter")
    on_unit(page, following[1])
    kept(page)

    assert decided(place) == dict.fromkeys((first, second, third, following[0]), "by:least-sure")
    order.get_by_role("link", name="change").click()
    expect(page.get_by_role("radio", name="Where the model is least sure")).to_be_checked()


def decided(place: Path) -> dict[str, str]:
    """Through what each unit was decided."""
    project = projects.open_project(place)
    rows = project.store.db.execute(
        "select subject_id, json_extract(payload, '$.queue') from event where coder = 'ana'"
    ).fetchall()
    projects.close_project(place)
    return dict(rows)
