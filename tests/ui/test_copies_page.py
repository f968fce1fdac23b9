"""The copies page: stories, what differs, what people say of them, and copied decisions."""

from __future__ import annotations

import pytest

from annotator.core.annotation import Event
from annotator.corpus.text_difference import differences
from annotator.store import clusters as stored
from annotator.store import events, stories, tables
from annotator.store.events import Told
from annotator.ui import copies_story
from annotator.workflow import clusters
from annotator.workflow.importing import import_paths

HOSTILE = "<img src=x onerror=alert(1)> **b** $x$"
STORY = [
    "The bridge at Korva was opened on Tuesday by the mayor of the town and two of her children.",
    "It had been closed for eleven years, since the flood that took the old mill and the ferry.",
    "“We are one town again,” said Mara Tolve, who has sold bread on the north bank all her life.",
    "Trains will stop on both banks from the first of June, the railway of Norland announced.",
]
LIKE = [
    *STORY[:2],
    "Rain kept the harvest of Velm in the barns for a third week, and prices rose on all markets.",
    "Nobody in the valley remembers such a summer, and the river stands higher than last spring.",
]


@pytest.fixture
def copied(empty, tmp_path):
    """A story in three outlets, one of them with a hostile name, and a pair that is doubtful."""
    for number, (outlet, paragraphs) in enumerate(
        [
            ("Norland Wire", STORY),
            ("Velm Courier", [STORY[0].replace("Tuesday", "Monday"), *STORY[1:]]),
            (HOSTILE, STORY),
            ("Esmar Post", LIKE),
        ]
    ):
        file = tmp_path / f"{number}.md"
        head = f"---\ntitle: Story {number}\nsource: '{outlet}'\ndate: 2031-05-0{number + 1}\n---\n"
        file.write_text(head + "\n\n".join(paragraphs), encoding="utf-8")
        import_paths(empty.store, empty.seed, [file])
    clusters.find(empty.store)
    return empty


@pytest.fixture
def decided(copied):
    """Ada has coded the first sentence below the title."""
    unit = list(tables.units(copied.store))[2]
    stated = {"uuid": "copies-page-1", "op": "set", "unit": unit.unit_id, "scheme": 1}
    events.record_all(copied.store, [Told("Ada", Event.model_validate(stated), "2031-05-09")])
    return copied


def choose_story(page, row=0):
    page.session_state["copies.stories"] = {"selection": {"rows": [row], "columns": []}}
    return page.run()


def sizes(project):
    return [one.size for one in stories.listed(project.store)]


def test_a_project_without_copies_says_so(coded, draw):
    clusters.find(coded.store)

    page = draw("copies")

    assert not page.exception
    assert "No document tells the same story" in page.info[0].value


def test_the_stories_are_listed_with_their_outlets_and_dates(copied, draw):
    page = draw("copies")

    assert not page.exception
    row = page.dataframe[0].value.iloc[0]
    assert row["copies"] == 3
    assert row["outlets"] == f"Norland Wire, Velm Courier, {HOSTILE}"
    assert (row["first"], row["last"], row["coded"]) == ("2031-05-01", "2031-05-03", "0 of 3")
    assert [one.value for one in page.metric][:2] == ["1", "3"]


def test_each_story_can_be_coded_once_and_decisions_copied_with_every_save(copied, draw):
    page = draw("copies")

    page.toggle(key="copies.once").set_value(True).run()
    page.selectbox(key="copies.spread").set_value("always").run()

    assert not page.exception
    assert clusters.codes_once(copied.store)
    assert clusters.spreads(copied.store) == "always"


def test_decisions_are_copied_by_a_button_that_says_how_many(decided, draw):
    page = choose_story(draw("copies"))
    button = page.button(key="copies.spread.story")

    assert button.label == "Copy 1 decision to 2 same sentences"
    button.click().run()

    assert not page.exception
    assert sorted(one.arm for one in tables.codings(decided.store)) == ["", "copy", "copy"]
    assert "2 sentences" in page.success[0].value


def undo_of(page, where):
    return next(one for one in page.button if one.key and one.key.startswith(f"copies.{where}."))


@pytest.mark.parametrize("where", ["undo", "history"])
def test_copied_decisions_are_taken_back_beside_the_message_or_in_the_history(decided, draw, where):
    page = choose_story(draw("copies"))
    page.button(key="copies.spread.story").click().run()
    told = [one.value for one in page.text if "copied to" in one.value]
    assert told[0].endswith(": decisions copied to 2 same sentences in the story Story 0")

    undo_of(page, where).click().run()

    assert not page.exception
    assert [one.arm for one in tables.codings(decided.store)] == [""]
    assert page.success[0].value == "It is taken back\\."
    assert not [one for one in page.button if one.key and one.key.startswith("copies.history.")]


def test_a_document_is_separated_and_brought_back(copied, draw):
    page = choose_story(draw("copies"))

    page.button(key="copies.separate").click().run()
    assert sizes(copied) == [2]
    undo = next(one for one in page.button if one.key and one.key.startswith("copies.history."))
    undo.click().run()

    assert not page.exception
    assert sizes(copied) == [3]


def test_a_doubtful_pair_is_accepted_or_rejected(copied, draw):
    pair = stories.suggested(copied.store)[0]
    page = draw("copies")
    assert "Story 3 (Esmar Post)" in page.selectbox(key="copies.pair").options[0]

    page.button(key="copies.accept").click().run()
    assert sizes(copied) == [4]
    clusters.undo(copied.store, stories.history(copied.store)[0].uuid)
    stored.put(
        copied.store,
        [],
        [(pair.document_id, pair.other_id, pair.likeness)],
        [],
        stored.state(copied.store),
    )
    page = draw("copies")
    page.button(key="copies.reject").click().run()

    assert not page.exception
    assert sizes(copied) == [3]
    assert stories.suggested(copied.store) == []


def test_what_differs_is_shown_as_the_characters_it_is():
    told = copies_story.html_of(differences("It is open now.", f"It is open {HOSTILE}."))

    assert "<img" not in told
    assert "&lt;img src=x onerror=alert(1)&gt;" in told
    assert "<del>now. </del>" in told
