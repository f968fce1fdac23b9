"""Rolling back to an older model, as a person does it while somebody codes."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from annotator.workflow import projects
from tests.e2e.hands import choose, kept, open_desk

pytestmark = pytest.mark.browser


def save(page: Page, times: int) -> None:
    for _ in range(times):
        page.keyboard.press("Enter")
        kept(page)


def test_after_a_roll_back_on_the_page_the_desk_suggests_by_the_older_model(
    two_models, visit, page: Page
):
    place = two_models.path
    projects.close_project(place)
    bela = visit(place, coder="bela")
    open_desk(page, bela.url)
    save(page, 2)

    register = page.context.new_page()
    register.goto(bela.at("model", view="all"))
    choose(register, "Model", "m1")
    register.get_by_role("button", name="Put it in force").click()
    expect(register.get_by_text("Model m1 is in force.")).to_be_visible()
    expect(register.get_by_text("does not train by itself")).to_be_visible()
    expect(register.get_by_test_id("models")).to_contain_text("m1, in force")
    page.bring_to_front()
    save(page, 6)

    rows = projects.open_project(place).store.db.execute(
        "select model_id from event where coder = 'bela' and subject = 'unit' order by seq"
    )
    told = [model_id for (model_id,) in rows]
    # What stood on the screen and what was fetched ahead of it were drawn before the roll back.
    assert told[:2] == ["m2"] * 2
    assert told == sorted(told, reverse=True)
    assert set(told[-2:]) == {"m1"}
