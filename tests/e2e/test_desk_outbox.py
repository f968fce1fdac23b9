"""What becomes of a save when something is in its way: the desk holds it, and says so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from annotator.store import Store, tables
from tests.e2e.hands import open_desk, press, unit_of
from tests.terminal import annotator

pytestmark = pytest.mark.browser

CONFLICT = Path(__file__).resolve().parents[2] / "labels" / "conflict.toml"
ARTICLE = "Velmar closed the road. Osk sent envoys. The envoys were heard. They left on Monday."
SAVES = "**/api/v1/events"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three short articles under the conflict codebook."""
    monkeypatch.setenv("ANNOTATOR_HOME", str(tmp_path))
    place = tmp_path / "p.annotator"
    (tmp_path / "articles").mkdir()
    for number in range(3):
        text = ARTICLE.replace("Monday", f"day {number}")
        (tmp_path / "articles" / f"{number}.txt").write_text(text, encoding="utf-8")
    annotator("init", place, "--codebook", CONFLICT, "--target", "osk=Osk", code=0)
    annotator("import", place, tmp_path / "articles", code=0)
    return place


@pytest.fixture
def url(visit, project: Path) -> str:
    return str(visit(project).url)


def unsaved(page: Page, count: int) -> None:
    expect(page.get_by_test_id("desk")).to_have_attribute(
        "data-unsaved", str(count), timeout=20_000
    )


def notice(page: Page):
    return page.locator("[data-part=notice-text]")


def decided(place: Path) -> set[str]:
    store = Store.open(place)
    found = {coding.unit.unit_id for coding in tables.codings(store)}
    store.close()
    return found


def refuse(route: Route) -> None:
    sent = json.loads(route.request.post_data or "{}")["events"]
    rejected = [{"uuid": event["uuid"], "reason": "the codebook is closed"} for event in sent]
    route.fulfill(json={"acks": [], "rejected": rejected, "next": []})


def test_two_tabs_of_one_coder_keep_each_others_saves(page, url, project):
    one, two = open_desk(page, url), open_desk(page.context.new_page(), url)
    page.context.route(SAVES, lambda route: route.abort())
    press(one, "1", "Enter", "Enter")
    press(two, "2", "Enter", "Enter", "Enter")
    unsaved(two, 3)
    one.close()

    two.reload()

    unsaved(two, 5)
    page.context.unroute(SAVES)
    unsaved(two, 0)
    assert len(decided(project)) == 3
    assert (
        two.evaluate("Object.keys(localStorage).filter(key => key.startsWith('annotator'))") == []
    )


def test_a_refused_token_is_replaced_and_nothing_is_lost(page, url, project):
    open_desk(page, url)
    answers = iter([401])

    def once(route: Route) -> None:
        status = next(answers, None)
        if status:
            route.fulfill(status=status, json={"error": "the token has expired"})
        else:
            route.continue_()

    page.route(SAVES, once)
    press(page, "1", "Enter")

    unsaved(page, 0)
    assert len(decided(project)) == 1


def test_a_rejected_save_is_told_with_its_sentence_until_it_is_dismissed(page, url, project):
    open_desk(page, url)
    first = unit_of(page)
    page.route(SAVES, refuse)
    press(page, "1", "Enter")
    expect(notice(page)).to_contain_text("the codebook is closed — “Velmar closed the road.”")
    unsaved(page, 0)
    page.unroute(SAVES)
    page.reload()
    expect(notice(page)).to_contain_text("the codebook is closed")

    page.get_by_text("Go to the sentence").click()
    assert unit_of(page) == first
    page.get_by_text("Dismiss").click()
    expect(notice(page)).to_have_text("")

    press(page, "1", "Enter")
    unsaved(page, 0)
    assert decided(project) == {first}


def test_without_a_server_coding_goes_on_and_nothing_covers_the_sentence(page, serve, project):
    server = serve(project)
    open_desk(page, server.url)
    before = page.get_by_test_id("sentence").bounding_box()
    server.kill()
    press(page, "1", "Enter")
    expect(notice(page)).to_contain_text("No connection")
    # Streamlit's own dialog, which would stop every key, comes after a few of its retries.
    for count in range(2, 7):
        page.wait_for_timeout(1_500)
        press(page, "1", "Enter")
        unsaved(page, count)
    assert page.get_by_test_id("sentence").bounding_box()["y"] == before["y"]

    server.start()

    unsaved(page, 0)
    assert len(decided(project)) == 6


def test_a_browser_without_storage_says_so_and_saves_all_the_same(page, url, project):
    page = page.context.new_page()  # which alone has no storage
    page.add_init_script("Storage.prototype.setItem = () => { throw new DOMException('full') }")
    open_desk(page, url)
    press(page, "1", "Enter")

    unsaved(page, 0)
    expect(notice(page)).to_contain_text("storage is full or switched off")
    assert len(decided(project)) == 1


def test_saves_go_out_while_another_page_is_open(page, url, project):
    open_desk(page, url)
    page.route(SAVES, lambda route: route.abort())
    press(page, "1", "Enter", "2", "Enter", "3")
    third = unit_of(page)
    page.get_by_role("link", name="Export").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.unroute(SAVES)
    # Asked of the project: a request on its way while routing ends is hidden from Playwright.
    for _ in range(300):
        if len(decided(project)) == 2:
            break
        page.wait_for_timeout(100)
    assert len(decided(project)) == 2
    page.get_by_role("link", name="Annotate").click()

    unsaved(page, 0)
    assert unit_of(page) == third
    expect(page.locator("[data-testid=code][aria-pressed=true]")).to_have_count(1)
    assert len(decided(project)) == 2
