"""Stances on the desk, in a real browser: whose, how plainly, how surely, and against oneself."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from annotator.store import Store, tables
from tests.e2e.codebook import FRAME, STANCE
from tests.e2e.hands import kept, open_desk, press, unit_of

pytestmark = pytest.mark.browser

CODEBOOK = FRAME + STANCE

ARTICLE = """Velmar opens the bridge

The council of Velmar opened the bridge on Monday. “It is ours by law,” said Saken Mukan.

Nobody was hurt. The market stayed closed all day. Trade will begin again in May.

The first week was calm. The second week was calm. The third week was calm.

The fourth week was calm. The fifth week was calm.
The sixth week was calm. The seventh week was calm.
"""

PEOPLE = (("Mira Oden", "expert"), ("Saken Mukan", "official"))
QUOTED = "%ours by law%"  # the only sentence in which somebody speaks


@pytest.fixture
def project(three_articles) -> Path:
    """Three articles of two people, one of whom speaks in the third sentence."""
    place = three_articles(CODEBOOK, ARTICLE)
    store = Store.open(place)
    with store.write() as conn:
        for table in ("speaker", "quotation", "person", "voice"):
            conn.execute(f"delete from {table}")
        conn.execute("update document set voices = 'test'")
        conn.executemany(
            "insert into person (document_id, name, kind) select id, ?, ? from document", PEOPLE
        )
        conn.execute(
            "insert into voice (unit, basis, voice)"
            " select seq, 'machine', 'direct' from unit where text like ?",
            (QUOTED,),
        )
        conn.execute(
            "insert into speaker (unit, basis, position, person) select u.seq, 'machine', 0, p.id"
            " from unit u join person p on p.document_id = u.document_id"
            " where u.text like ? and p.name = 'Saken Mukan'",
            (QUOTED,),
        )
    store.close()
    return place


@pytest.fixture
def server(visit, project: Path):
    return visit(project)


@pytest.fixture
def desk(page: Page, server) -> Page:
    """The desk, open on the sentence in which somebody speaks."""
    open_desk(page, server.url)
    press(page, "Enter", "Enter")
    expect(page.get_by_test_id("sentence")).to_contain_text("ours by law")
    return page


def pressed(page: Page) -> list[str]:
    """The chips that are on, as ``code`` or ``code@target``."""
    chips = page.locator("[data-testid=code][aria-pressed=true]")
    return chips.evaluate_all(
        """found => found.map(({ dataset }) =>
            dataset.code + (dataset.target ? "@" + dataset.target : ""))"""
    )


def holder(page: Page) -> str:
    return str(page.locator("[data-testid=holder][aria-pressed=true]").text_content())


def tuples(page: Page) -> list[str]:
    return page.locator("[data-testid=tuple] [data-tuple]").all_text_contents()


def warning(page: Page) -> str:
    told = page.locator("[data-part=contradiction]")
    return " ".join(told.inner_text().split()) if told.is_visible() else ""


def held(place: Path) -> dict[str, list[tuple]]:
    """Every stance in the project, by unit."""
    store = Store.open(place)
    found = {
        coding.unit.unit_id: [
            (one.target, one.holder, one.holder_type, one.code, one.explicit, one.confidence)
            for one in coding.answers
        ]
        for coding in tables.codings(store)
        if coding.answers
    }
    store.close()
    return found


def test_two_holders_take_opposite_positions_on_one_target(desk, project, server, tmp_path):
    unit = unit_of(desk)
    press(desk, "l", "h", "j", ".", ".", ",", ",", "Enter")
    kept(desk)

    assert held(project) == {
        unit: [
            ("velmar", "Saken Mukan", "official", "against", "implied", 2),
            ("velmar", "", "", "favor", "", None),
        ]
    }
    told = server.annotator("export", str(project), "--format", "labels", "--output", "-")
    rows = [row for row in csv.DictReader(io.StringIO(told)) if row["unit_id"] == unit]
    assert [
        (row["holder"], row["holder_type"], row["code"], row["explicit"], row["confidence"])
        for row in rows
        if row["target"] == "velmar"
    ] == [("Saken Mukan", "official", "against", "implied", "2"), ("", "", "favor", "", "")]


def test_the_chips_are_those_of_the_holder_and_the_next_sentence_begins_with_the_author(desk):
    press(desk, "l", "h")
    assert (holder(desk), pressed(desk)) == ("Saken Mukan", [])
    press(desk, "j")
    assert pressed(desk) == ["against@velmar"]
    chip = desk.locator("[data-testid=code][data-code=against][data-target=velmar]")
    expect(chip).to_have_attribute("aria-label", "Velmar, Saken Mukan: Against")

    press(desk, "Shift+h")
    assert (holder(desk), pressed(desk)) == ("Author", ["favor@velmar"])

    press(desk, "h", "Enter")
    assert (holder(desk), pressed(desk)) == ("Author", [])


def test_who_speaks_here_comes_first_and_the_others_of_the_article_after(desk):
    turns = []
    for _ in range(3):
        press(desk, "h")
        turns.append(holder(desk))
    assert turns == ["Saken Mukan", "Mira Oden", "Author"]

    press(desk, "Enter", "h")
    assert holder(desk) == "Mira Oden"
    desk.get_by_test_id("holder").filter(has_text="Saken Mukan").click()
    press(desk, "t", "j")
    assert tuples(desk) == ["Osk · Saken Mukan · Against"]


def test_a_speaker_who_is_set_can_hold_a_stance_in_the_next_sentence_of_the_article_too(desk):
    press(desk, "p")
    desk.keyboard.type("vel")
    names = desk.locator("[data-part=people-list] span").all_text_contents()
    assert names == ["Velmar", "vel"]  # a target of the codebook, whom nobody quotes here
    press(desk, "Enter", "Enter")

    offered = desk.get_by_test_id("holder").all_text_contents()
    assert offered == ["Author", "Mira Oden", "Saken Mukan", "Velmar"]


def test_where_nobody_speaks_the_one_in_hand_is_said_to_speak_elsewhere(desk):
    press(desk, "Enter", "h")

    said = desk.locator("[data-part=notice-text]")
    expect(said).to_have_text("Mira Oden speaks elsewhere in the article. p says who speaks here.")


def test_a_holder_in_hand_gives_way_to_the_speaker_who_is_set(desk):
    press(desk, "h")
    assert holder(desk) == "Saken Mukan"

    press(desk, "p")
    desk.keyboard.type("Osk")
    press(desk, "Enter", "l")

    assert holder(desk) == "Osk"
    assert tuples(desk) == ["Velmar · Osk · In favor"]


def test_whoever_was_set_as_the_speaker_and_is_set_back_holds_no_stance(desk):
    press(desk, "p")
    desk.keyboard.type("Zed")
    press(desk, "Enter", "h")
    assert holder(desk) == "Zed"

    press(desk, "z")
    assert holder(desk) == "Author"
    press(desk, "j")
    assert tuples(desk) == ["Velmar · Author · Against"]


def test_none_clears_the_active_target_and_holder_alone(desk):
    press(desk, "l", "h", "j", "t", "k", "Shift+t", "0")

    assert tuples(desk) == ["Velmar · Author · In favor", "Osk · Saken Mukan · Neutral"]
    assert desk.locator(".row .looked").all_text_contents() == ["none ✓", ""]
    press(desk, "Shift+h")
    assert desk.locator(".row .looked").all_text_contents() == ["", ""]


def test_a_listed_stance_is_removed_or_taken_up_again(desk):
    press(desk, "l", "h", "j", "t", "k")
    listed = desk.get_by_test_id("tuple")
    listed.filter(has_text="Velmar · Author").locator("[data-tuple]").click()
    assert (holder(desk), pressed(desk)) == ("Author", ["favor@velmar"])
    expect(desk.locator(".row[aria-current=true]")).to_have_attribute("aria-label", "Velmar")

    press(desk, ",")
    assert "Velmar · Author · In favor · sure 1/3" in tuples(desk)
    listed.filter(has_text="Osk").locator("[data-removes]").click()
    press(desk, "1")

    assert tuples(desk) == [
        "Velmar · Saken Mukan · Against",
        "Velmar · Author · In favor · sure 1/3",
    ]
    assert pressed(desk) == ["law", "favor@velmar"]


def test_how_plain_and_how_sure_go_round_by_the_place_of_their_keys(desk):
    press(desk, "j")
    seen = []
    for code, key in (("Period", ":"), ("Comma", ";")) * 4:
        desk.get_by_test_id("desk").dispatch_event(
            "keydown", {"code": code, "key": key, "bubbles": True, "composed": True}
        )
        seen.append(tuples(desk)[0].removeprefix("Velmar · Author · Against"))

    assert seen == [
        " · explicit",
        " · explicit · sure 1/3",
        " · implied · sure 1/3",
        " · implied · sure 2/3",
        " · sure 2/3",
        " · sure 3/3",
        " · explicit · sure 3/3",
        " · explicit",
    ]


def test_going_against_oneself_is_said_and_leads_there_and_stops_nobody(desk, project):
    first = unit_of(desk)
    press(desk, "h", "j", "Enter", "j")
    assert warning(desk) == ""

    press(desk, "h", "h", "l")
    assert warning(desk) == "You had Saken Mukan against Velmar in sentence 3 — show"
    press(desk, "k")
    assert warning(desk) == ""
    press(desk, "l")
    second = unit_of(desk)
    desk.locator("[data-part=contradiction-show]").click()
    assert unit_of(desk) == first
    press(desk, "Enter", "Enter")
    kept(desk)

    assert [one[3] for one in held(project)[second]] == ["against", "favor"]


def test_a_stance_given_long_ago_in_the_article_is_known_after_a_reload(desk):
    press(desk, "h", "j", *["Enter"] * 10)
    kept(desk)
    desk.reload()
    expect(desk.get_by_test_id("desk")).to_be_focused()

    press(desk, "h", "h", "l")

    assert warning(desk) == "You had Saken Mukan against Velmar in sentence 3 — show"


def test_an_undone_stance_contradicts_nothing(desk):
    press(desk, "h", "j", "Enter", "h", "h", "l")
    assert warning(desk) != ""

    press(desk, "z", "h", "j", "0", "Enter", "h", "h", "l")

    assert warning(desk) == ""


def test_every_holders_stance_outlives_going_back_undo_and_a_reload(desk, project):
    unit = unit_of(desk)
    press(desk, "l", "h", "j", ".", "Shift+ArrowRight", "Enter")
    both = ["Velmar · Saken Mukan · Against · explicit", "Velmar · Author · In favor"]
    kept(desk)
    before = held(project)

    press(desk, "Backspace")
    assert tuples(desk) == both
    press(desk, "1", "Enter", "z")
    kept(desk)
    assert held(project) == before

    desk.reload()
    expect(desk.get_by_test_id("desk")).to_be_focused()
    press(desk, "Backspace")
    assert (unit_of(desk), tuples(desk)) == (unit, both)
    press(desk, "Enter")
    kept(desk)
    assert held(project) == before


def test_stances_of_two_holders_at_typing_speed_stand_with_their_sentence(desk, project):
    due = {}
    for turn in range(12):
        mine, theirs = ("l", "j") if turn % 2 else ("k", "u")
        codes = {"l": "favor", "j": "against", "k": "neutral", "u": "mixed"}
        due[unit_of(desk)] = {"": codes[mine], "Saken Mukan": codes[theirs]}
        steps = 1 if desk.locator("[data-holds='Saken Mukan'][data-here]").count() else 2
        press(desk, mine, *["h"] * steps, theirs, "Enter")
    kept(desk)

    found = {unit: {one[1]: one[3] for one in told} for unit, told in held(project).items()}
    assert found == due
