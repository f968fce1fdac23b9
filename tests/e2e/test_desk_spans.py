"""Evidence on the desk, in a real browser: the words a code rests on, by mouse and by keyboard."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from annotator.store import Store, tables
from tests.e2e.hands import drag, kept, middle_of, open_desk, press, unit_of

pytestmark = pytest.mark.browser

CODEBOOK = """
name = "small"
version = "1.0.0"
title = "Small"

[[variable]]
name = "frame"
question = "Which frames?"
use = ["asserted", "rejected"]
""" + "".join(
    f"""
[[variable.code]]
name = "{name}"
title = "{name.capitalize()}"
definition = "What {name} means."
color = "{color}"
{f'hotkey = "{key}"' if key else ""}
"""
    for name, key, color in (
        ("law", "1", "#9b2226"),
        ("loss", "a", "#005f73"),
        ("peace", "2", "#2d6a4f"),
        ("blame", "3", "#6a4c93"),
        ("blockade", "b", "#8a5a00"),
        ("trade", "", "#1d3557"),
    )
)

LONG = " ".join(
    f"clause {n} of the pact binds the council to keep the road open," for n in range(34)
)

ARTICLE = f"""Velmar opens the bridge

“It is ours by law,” said the envoy of Osk on Monday. Nobody was hurt 🙂 at the cafe\u0301 near \
\U00010330\U00010331 hill. Trade will begin again in May.

By the terms of the pact {LONG} and nobody objected.
"""


@pytest.fixture
def project(three_articles) -> Path:
    """Three articles with a quotation, rare letters, and a very long sentence."""
    return three_articles(CODEBOOK, ARTICLE)


@pytest.fixture
def desk(page: Page, visit, project: Path) -> Page:
    """The desk, open on the first sentence below the headline."""
    open_desk(page, visit(project).url)
    press(page, "Enter")
    return page


def text_of(page: Page) -> str:
    return str(page.get_by_test_id("sentence").text_content())


def told(page: Page) -> str:
    return str(page.get_by_test_id("desk-told").text_content())


def marked(page: Page, title: str) -> str:
    """The words that are drawn as evidence for a code, stretches of them parted by a bar."""
    pieces = page.get_by_test_id("sentence").evaluate(
        """(sentence, title) => [...sentence.childNodes].map((node) =>
            (node.dataset?.evidence ?? "").split("; ").includes(title) ? node.textContent : "|")""",
        title,
    )
    return re.sub(r"\|+", "|", "".join(pieces)).strip("|")


def evidence(place: Path) -> dict[str, dict[str, list[str]]]:
    """What the project holds as evidence: by unit and code, the words."""
    store = Store.open(place)
    texts = dict(store.db.execute("select id, text from document"))
    found = {
        coding.unit.unit_id: {
            answer.code: [texts[coding.unit.document_id][start:end] for start, end in answer.spans]
            for answer in coding.answers
        }
        for coding in tables.codings(store)
        if coding.answers
    }
    store.close()
    return found


def double_click(page: Page, word: str) -> None:
    page.mouse.dblclick(*middle_of(page, word))


def test_words_chosen_with_the_keyboard_are_evidence_for_the_code_toggled_last(desk, project):
    unit, text = unit_of(desk), text_of(desk)
    press(desk, "a", "1", "ArrowRight", *["Shift+ArrowRight"] * 3)

    assert (told(desk), marked(desk, "Law")) == ("evidence: 3 words for Law", "It is ours")
    assert text_of(desk) == text
    press(desk, "Shift+ArrowLeft", "Enter")
    kept(desk)
    assert evidence(project) == {unit: {"law": ["It is"], "loss": []}}


def test_the_mouse_takes_whole_words_and_no_punctuation(desk, project):
    unit = unit_of(desk)
    press(desk, "1")
    drag(desk, "ours", "law")
    press(desk, "a")
    drag(desk, "Osk", "said")
    assert [marked(desk, "Law"), marked(desk, "Loss")] == ["ours by law", "said the envoy of Osk"]

    press(desk, "Enter")
    kept(desk)

    assert evidence(project) == {unit: {"law": ["ours by law"], "loss": ["said the envoy of Osk"]}}


def test_a_code_has_several_stretches_and_those_that_meet_become_one(desk, project):
    press(desk, "1", "ArrowRight", "Shift+ArrowRight")
    double_click(desk, "envoy")
    drag(desk, "is", "ours")
    assert marked(desk, "Law") == "It|is ours|envoy"
    drag(desk, "It", "is")

    assert marked(desk, "Law") == "It is ours|envoy"

    press(desk, "Enter")
    kept(desk)
    assert list(evidence(project).values()) == [{"law": ["It is ours", "envoy"]}]


def test_evidence_of_several_codes_overlaps_and_each_has_its_key_and_its_line(desk):
    press(desk, "1")
    drag(desk, "It", "law")
    press(desk, "a")
    drag(desk, "ours", "said")
    desk.locator("[data-testid=code][data-code=trade]").click()
    drag(desk, "by", "law")

    piece = desk.locator("[data-testid=sentence] mark", has_text="by")
    expect(piece).to_have_attribute("data-evidence", "Law; Loss; Trade")
    lines = piece.evaluate("one => getComputedStyle(one).backgroundPosition.split(', ')")
    assert len(set(lines)) == 3
    tags = desk.locator("[data-tag]").evaluate_all("all => all.map(one => one.dataset.tag)")
    assert tags == ["1", "a", "Tr"]


def test_letters_outside_the_first_plane_and_marks_on_letters_stay_whole(desk, project):
    press(desk, "Enter")
    unit, text = unit_of(desk), text_of(desk)
    press(desk, "1", "Shift+End", *["Shift+ArrowLeft"] * 2)
    assert marked(desk, "Law").endswith(" near")
    press(desk, "a")
    drag(desk, "hill", "\U00010330")
    press(desk, "2")
    double_click(desk, "caf")

    press(desk, "Enter")
    kept(desk)

    assert text == "Nobody was hurt 🙂 at the cafe\u0301 near \U00010330\U00010331 hill."
    assert evidence(project) == {
        unit: {
            "law": ["Nobody was hurt 🙂 at the cafe\u0301 near"],
            "loss": ["\U00010330\U00010331 hill"],
            "peace": ["cafe\u0301"],
        }
    }


def test_words_chosen_before_their_code_wait_for_it(desk):
    drag(desk, "by", "law")
    expect(desk.locator("[data-part=notice-text]")).to_have_text(
        "2 words chosen: the next code that you toggle rests on them."
    )

    press(desk, "1")

    assert marked(desk, "Law") == "by law"


def test_escape_lets_the_chosen_words_go_and_delete_takes_evidence_away(desk):
    press(desk, "1", "ArrowRight", "Shift+ArrowRight", "ArrowRight", "ArrowRight")
    press(desk, "Shift+ArrowRight", "Shift+ArrowRight")
    assert marked(desk, "Law") == "It|ours by"

    press(desk, "Escape")
    assert marked(desk, "Law") == "It"

    double_click(desk, "envoy")
    press(desk, "Escape", "Escape")
    desk.mouse.click(*middle_of(desk, "It"))
    press(desk, "Delete")
    assert marked(desk, "Law") == ""


def test_a_code_toggled_off_loses_its_words_and_undo_brings_them_back(desk, project):
    unit = unit_of(desk)
    press(desk, "1", "Shift+ArrowRight", "Enter")
    press(desk, "Backspace", "1", "1", "Enter")
    kept(desk)
    assert evidence(project) == {unit: {"law": []}}

    press(desk, "z")
    kept(desk)

    assert evidence(project) == {unit: {"law": ["It"]}}
    press(desk, "z")
    assert (unit_of(desk), marked(desk, "Law")) == (unit, "It")
    kept(desk)
    assert evidence(project) == {}


def test_evidence_outlives_a_reload_and_a_second_save(desk, project):
    unit = unit_of(desk)
    press(desk, "1")
    drag(desk, "by", "law")
    press(desk, "Shift+1", "Enter")
    kept(desk)
    desk.reload()
    expect(desk.get_by_test_id("desk")).to_be_focused()

    press(desk, "Backspace")
    assert (unit_of(desk), marked(desk, "Law (rejected)")) == (unit, "by law")
    press(desk, "a", "Enter")
    kept(desk)

    assert evidence(project) == {unit: {"law": ["by law"], "loss": []}}


def test_pointing_at_a_code_shows_its_words(desk):
    press(desk, "1", "Shift+ArrowRight", "a")
    double_click(desk, "envoy")
    expect(desk.locator("mark[data-lit]")).to_have_text("envoy")

    desk.locator("[data-testid=code][data-code=law]").hover()

    expect(desk.locator("mark[data-lit]")).to_have_text("It")


def test_a_very_long_sentence_with_six_overlaps_moves_nothing_and_scrolls_in_its_box(desk):
    boxes = desk.locator("[data-testid=code], .commands [data-command], [data-part=now]")
    places = "all => all.map((one) => Object.values(one.getBoundingClientRect().toJSON()).join())"
    before = boxes.evaluate_all(places)
    press(desk, *["Enter"] * 3)
    text = text_of(desk)
    assert len(text) > 2_000

    for key in ("1", "a", "2", "3", "b"):
        press(desk, key, "Escape", "Escape", "ArrowRight", "ArrowRight", *["Shift+ArrowRight"] * 9)
    desk.locator("[data-testid=code][data-code=trade]").click()
    press(desk, "Shift+End")

    assert text_of(desk) == text
    assert boxes.evaluate_all(places) == before
    assert desk.locator("[data-part=now]").evaluate("box => box.scrollTop > 100")
    most = desk.locator("mark").evaluate_all(
        "all => Math.max(...all.map((one) => one.dataset.evidence.split('; ').length))"
    )
    assert most == 6


def test_evidence_at_typing_speed_stands_with_its_sentence(desk, project):
    due = {}
    for turn in range(12):
        unit, text = unit_of(desk), text_of(desk)
        count = turn % 3 + 1
        press(desk, "1", *["Shift+ArrowRight"] * count, "a", "ArrowRight", "Shift+ArrowRight")
        press(desk, "Enter")
        words = re.findall(r"[^\s“”,.]+", text)
        due[unit] = [" ".join(words[:count]), words[count]]
    kept(desk)

    found = evidence(project)
    assert {unit: [law, loss] for unit, one in found.items() for law, loss in [spans(one)]} == due


def spans(codes: dict[str, list[str]]) -> tuple[str, str]:
    (law,), (loss,) = codes["law"], codes["loss"]
    return law, loss
