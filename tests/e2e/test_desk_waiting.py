"""A desk that was opened early: articles and speakers come to it without the page being loaded."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from annotator.workflow import importing, projects
from tests.e2e.codebook import FRAME
from tests.e2e.hands import open_desk, press

pytestmark = pytest.mark.browser

ARTICLE = "“The bridge is ours,” said Mira Osk.\n\n“Nobody may close it,” said Saken Mukan.\n"
SOON = 20_000  # milliseconds: the desk looks every four seconds, and a child process begins


def bring(project: Path, folder: Path) -> None:
    """Import an article as the page does, which leaves its speakers to be found later."""
    (folder / "talks.txt").write_text(ARTICLE, encoding="utf-8")
    opened = projects.open_project(project)
    importing.import_paths(opened.store, opened.seed, [folder / "talks.txt"])
    projects.close_project(project)


def test_a_desk_that_had_nothing_shows_the_first_sentence_that_comes_in(
    page: Page, visit, project_of, tmp_path
):
    project = project_of(FRAME, {})
    page.goto(visit(project).url)
    expect(page.get_by_test_id("desk-empty")).to_contain_text("Nothing to code yet")

    bring(project, tmp_path)

    expect(page.get_by_test_id("sentence")).to_have_text(
        "“The bridge is ours,” said Mira Osk.", timeout=SOON
    )
    press(page, "1", "Enter")
    expect(page.get_by_test_id("sentence")).to_have_text("“Nobody may close it,” said Saken Mukan.")


def test_speakers_that_are_found_late_come_to_the_sentence_in_hand_and_to_those_ahead(
    page: Page, visit, project_of, tmp_path
):
    project = project_of(FRAME, {})
    bring(project, tmp_path)
    open_desk(page, visit(project).url)

    speaker = page.locator("[data-part=speaker]")
    expect(speaker).to_have_text("Mira Osk · direct · sure", timeout=SOON)
    press(page, "Enter")
    expect(speaker).to_have_text("Saken Mukan · direct · sure", timeout=SOON)
