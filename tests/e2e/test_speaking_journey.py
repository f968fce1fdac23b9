"""Who speaks, what is copied and what was drawn, from the page or key to the exported row."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from annotator.store import Store, tables
from tests.e2e.codebook import FRAME, STANCE
from tests.e2e.hands import choose, drag, kept, press

pytestmark = pytest.mark.browser

LOSS = """
[[variable.code]]
name = "loss"
title = "Loss"
definition = "Something was lost."
hotkey = "2"
"""

BROKEN = "Saken Mukan, an expert on the river, said that the council of Velmar had broken the pact."
OURS = '"The bridge is ours by law.'
NOBODY = "Nobody may close it again."
OPEN = 'We keep it open for every farmer of the valley," said Mira Oden, the mayor.'
MISTAKE = "He called the opening a mistake that the whole valley would pay for."
DAM = '"The dam will hold for the winter," said Mira Oden, the mayor.'

STORY = f"""The council of Velmar opened the bridge at Korva after nine weeks of talks.

{OURS} {NOBODY} {OPEN}

{BROKEN} {MISTAKE}

The market in the upper town stayed closed all day. Trade will begin again in June.
"""
REPRINT = STORY.replace("after nine weeks of talks", "after long talks")
RIVER = f"Rain fell on the hills for a third day. {DAM} The lower fields are under water."

ARTICLES = (
    ("Korva Herald", "2031-05-03", "Bridge at Korva is open", STORY),
    ("Velm Post", "2031-05-04", "Korva opens its bridge", REPRINT),
    ("Velm Post", "2031-05-05", "The river rises", RIVER),
)


@pytest.fixture
def project(project_of) -> Path:
    """A story in two papers, and another article in which its mayor speaks as well."""
    articles = {
        f"{number}.txt": f"---\ntitle: {title}\nsource: {source}\ndate: {day}\n---\n{text}"
        for number, (source, day, title, text) in enumerate(ARTICLES)
    }
    return project_of(FRAME + LOSS + STANCE, articles)


@pytest.fixture
def server(visit, project: Path):
    return visit(project)


def unit(place: Path, text: str, source: str = "Korva Herald") -> str:
    """The id of this sentence in this paper."""
    store = Store.open(place)
    (found,) = (one for one in tables.units(store) if (one.text, one.source) == (text, source))
    store.close()
    return found.unit_id


def code(page: Page, server, unit_id: str) -> None:
    """Open the desk on a sentence."""
    page.goto(server.at(unit=unit_id))
    expect(page.get_by_test_id("desk")).to_have_attribute("data-unit", unit_id)
    expect(page.get_by_test_id("desk")).to_be_focused()


def speaker(page: Page) -> Locator:
    return page.locator("[data-part=speaker]")


def found(page: Page) -> Locator:
    return page.get_by_test_id("found").locator("li")


def find_by_speaker(page: Page, name: str) -> None:
    page.get_by_text("Filters", exact=True).click()
    choose(page, "Speaker", name)


def exported(server, place: Path, form: str = "labels") -> list[dict[str, str]]:
    told = server.annotator("export", str(place), "--format", form, "--output", "-")
    return list(csv.DictReader(io.StringIO(told)))


def test_two_voices_of_one_sentence_and_the_words_they_rest_on_reach_the_exports(
    page, server, project
):
    here = unit(project, BROKEN)
    code(page, server, here)
    press(page, "1", *["Shift+ArrowRight"] * 2)
    press(page, "2")
    drag(page, "broken", "pact")
    press(page, "l", "h", "j", ".", ".", ",", "Enter")
    kept(page)

    rows = [one for one in exported(server, project) if one["unit_id"] == here]
    stances = [one for one in rows if one["target"] == "velmar"]
    assert [
        (one["holder"], one["code"], one["explicit"], one["confidence"]) for one in stances
    ] == [
        ("Saken Mukan", "against", "implied", "1"),
        ("", "favor", "", ""),
    ]
    assert {(one["voice"], one["speaker"]) for one in rows} == {("indirect", "Saken Mukan")}
    spans = exported(server, project, "spans")
    assert [(one["unit_id"], one["code"], one["span_text"]) for one in spans] == [
        (here, "law", "Saken Mukan"),
        (here, "loss", "broken the pact"),
    ]


def test_a_corrected_speaker_is_found_under_the_new_name_until_it_is_taken_back(
    page, server, project
):
    code(page, server, unit(project, OURS))
    expect(speaker(page)).to_have_text("Mira Oden · direct · sure")
    press(page, "p", "3")
    expect(speaker(page)).to_have_text("Saken Mukan · direct · set by you")
    press(page, "s")
    expect(page.get_by_test_id("sentence")).to_have_text(NOBODY)
    expect(speaker(page)).to_have_text("Saken Mukan · direct · set by you")
    press(page, "z")
    kept(page)

    his = server.at("find", speaker="Saken Mukan", source="Korva Herald")
    page.goto(his)
    expect(found(page).locator("p")).to_have_text([OURS, NOBODY, OPEN, BROKEN, MISTAKE])

    code(page, server, unit(project, OURS))
    press(page, "z")
    expect(speaker(page)).to_have_text("Mira Oden · direct · sure")
    kept(page)
    page.goto(his)
    expect(found(page).locator("p")).to_have_text([BROKEN, MISTAKE])


def test_what_one_person_says_in_three_articles_is_found_opened_and_coded_as_a_set(
    page, server, project
):
    page.goto(server.at("find"))
    find_by_speaker(page, "Mira Oden")
    expect(page.get_by_text("7 sentences", exact=True)).to_be_visible()
    found(page).filter(has_text="The dam").get_by_role("link").click()
    expect(page.get_by_test_id("sentence")).to_have_text(DAM)
    expect(page.get_by_test_id("desk")).to_be_focused()
    press(page, "1", "Enter")
    kept(page)

    page.go_back()
    page.get_by_role("button", name="Save as a set").click()
    page.get_by_role("textbox", name="Name").fill("mayor")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("The set “mayor” has 7 sentences.")).to_be_visible()
    page.goto(server.at(queue="mayor"))
    standing = page.locator("[data-part=place]")
    for done in range(1, 7):
        expect(standing).to_contain_text(f"{done} of 7")
        press(page, "2", "Enter")
    expect(page.get_by_test_id("desk-empty")).to_be_visible()
    kept(page)

    rows = [one for one in exported(server, project) if one["variable"] == "frame"]
    assert {one["speaker"] for one in rows} == {"Mira Oden"}
    assert sorted(one["code"] for one in rows) == ["law"] + ["loss"] * 6


def test_a_story_is_coded_once_its_copy_follows_and_goes_with_its_original(page, server, project):
    here, there = unit(project, BROKEN), unit(project, BROKEN, "Velm Post")
    code(page, server, here)
    press(page, "1", "Shift+ArrowRight", "h", "j", "Enter")
    kept(page)

    page.goto(server.at("copies"))
    page.get_by_role("button", name="Count what could be copied in all stories").click()
    page.get_by_role("button", name="Copy 1 decision to 1 same sentence").click()
    expect(page.get_by_text(re.compile("decided like"))).to_be_visible()
    rows = [one for one in exported(server, project) if one["code"]]
    assert {(one["unit_id"], one["arm"] == "copy") for one in rows} == {
        (here, False),
        (there, True),
    }
    assert [one["span_text"] for one in exported(server, project, "spans")] == ["Saken", "Saken"]
    assert {one["code"]: one["holder"] for one in rows if one["unit_id"] == there} == {
        "law": "",
        "against": "Saken Mukan",
    }

    page.goto(server.url)
    expect(page.get_by_test_id("desk")).to_be_focused()
    press(page, "z")
    kept(page)
    assert [one for one in exported(server, project) if one["code"]] == []


def test_a_sample_is_drawn_and_coded_and_its_rows_carry_how_likely_they_were(page, server, project):
    page.goto(server.at("samples"))
    page.get_by_text("Count copies once").click()
    number = page.get_by_label("Number of sentences")
    number.fill("3")
    number.press("Tab")
    expect(page.get_by_text("3 of 13 sentences would be drawn")).to_be_visible()
    page.get_by_role("button", name="Draw this sample").click()
    expect(page.get_by_text("Drew 3 sentences as sample-1")).to_be_visible()

    page.goto(server.at(queue="sample-1"))
    standing = page.locator("[data-part=place]")
    for done in range(3):
        expect(standing).to_contain_text(f"Sample: sample-1 · {done} of 3")
        press(page, "1", "Enter")
    expect(page.get_by_test_id("desk-empty")).to_contain_text("Every sentence of this sample")
    kept(page)

    rows = [one for one in exported(server, project) if one["code"] == "law"]
    assert [one["sample_plan"] for one in rows] == ["sample-1"] * 3
    assert [float(one["inclusion_probability"]) for one in rows] == pytest.approx([3 / 13] * 3)
