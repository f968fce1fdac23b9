"""The codebook changed in a browser: on its page, and by a file edited outside."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from annotator.workflow import projects
from tests.e2e.axe import QUIET

pytestmark = pytest.mark.browser

SMALL = """\
name = "small"
version = "1.0.0"
title = "Small"

[[variable]]
name = "frame"

[[variable.code]]
name = "border"
title = "Border"
definition = "A border is named."
hotkey = "1"
color = "#9b2226"

[[variable.code]]
name = "road"
title = "Road"
definition = "A road is named."
"""


def card(page: Page, title: str):
    return page.locator("section", has=page.get_by_text(title, exact=True))


def choose_color(page: Page, color: str) -> None:
    page.get_by_test_id("stColorPickerBlock").click()
    field = page.get_by_test_id("stColorPickerPopover").locator("input").first
    field.fill(color)
    page.keyboard.press("Escape")


def test_a_codebook_is_edited_on_its_page_and_by_a_file(visit, page, tmp_path: Path) -> None:
    file = tmp_path / "small.toml"
    file.write_text(SMALL, encoding="utf-8")
    project = tmp_path / "p.annotator"
    projects.create(project, [file])
    projects.close_project(project)
    page.goto(visit(project).at("codebook"))
    expect(page.get_by_text("small 1.0.0", exact=True)).to_be_visible()

    page.get_by_role("button", name="Edit").first.click()
    page.get_by_label("Definition").fill("A border is drawn.")
    choose_color(page, "#112233")
    page.get_by_role("button", name="Save").click()

    expect(card(page, "Border")).to_contain_text("A border is drawn.")
    expect(card(page, "Border")).to_have_css("border-left-color", "rgb(17, 34, 51)")
    expect(page.get_by_text("small 1.0.1", exact=True)).to_be_visible()
    expect(page.get_by_test_id("stAlert")).to_contain_text("small 1.0.1 is in force now.")

    with page.expect_download() as download:
        page.get_by_role("button", name="Download TOML").click()
    written = download.value.path().read_text(encoding="utf-8")
    assert 'definition = "A border is drawn."' in written
    page.get_by_role("tab", name="Take in a file").click()
    page.locator("input[type=file]").set_input_files(
        {
            "name": "small.toml",
            "mimeType": "application/toml",
            "buffer": written.replace("A road is named.", "A road is shut.").encode(),
        }
    )

    expect(page.get_by_text("small 1.0.1 → 1.0.2: 1 changed")).to_be_visible()
    expect(page.locator("del")).to_have_text("named")
    expect(page.locator("ins")).to_have_text("shut")
    page.get_by_role("button", name="Take it in").click()
    expect(page.get_by_text("small 1.0.2 is in force now.")).to_be_visible()
    page.get_by_role("tab", name="Codes").click()
    expect(card(page, "Road")).to_contain_text("A road is shut.")

    page.wait_for_function(QUIET)  # a tab that is pressed while another is drawn stays behind it
    page.get_by_role("tab", name="History").click()
    expect(page.get_by_text("The first version in this project.")).to_be_visible()
    expect(page.get_by_role("button", name="TOML")).to_have_count(3)
