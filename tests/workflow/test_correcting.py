"""Who speaks in a sentence, as the desk is told it, and as coders set it right."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from annotator.core.annotation import Event
from annotator.core.voice import Heard, Person, Quotation, UnitVoice
from annotator.store import events, progress, voices
from annotator.store.events import Told
from annotator.store.seat import Seat
from annotator.workflow import care, desk, importing, projects
from annotator.workflow.sources import from_uploads

LABELS = Path(__file__).parents[2] / "labels"
AT = "2026-02-02T10:00:00.000+00:00"
ANA = Seat("ana")

TEXT = """Talks

The council met. "The bridge is ours. Nobody may close it.

"We keep it open," said Mira Osk. Rain fell. "It is late," said Saken Mukan, who noted the hour.

They say that "peace" holds.
"""
TITLE, MET, OURS, NOBODY, OPEN, RAIN, LATE, PEACE = range(8)
PEOPLE = (Person("Mira Osk", kind="official"), Person("Saken Mukan", kind="expert"))
VOICES = {
    OURS: UnitVoice("direct", ("Mira Osk",), "chain", 0.7),
    NOBODY: UnitVoice("direct", ("Mira Osk",), "chain", 0.7),
    OPEN: UnitVoice("mixed", ("Mira Osk",), "name", 0.95),
    LATE: UnitVoice("mixed", ("Saken Mukan",), "pronoun", 0.85),
}


def said(begin: str, end: str, speaker: str, **more) -> Quotation:
    start = TEXT.index(begin)
    return Quotation(start, TEXT.index(end) + len(end), "direct", speaker, **more)


HEARD = Heard(
    (
        said('"The bridge', "close it.", "Mira Osk", mode="chain", confidence=0.7, flag="unclosed"),
        said('"We keep', 'open,"', "Mira Osk", mode="name", confidence=0.95, flag="continued"),
        said('"It is', 'late,"', "Saken Mukan", mode="pronoun", confidence=0.85, cue="said"),
        said("who noted", "hour", "Saken Mukan", mode="pronoun", confidence=0.9, cue="noted"),
        Quotation(TEXT.index('"peace'), TEXT.index('peace"') + 6, "scare"),
    ),
    PEOPLE,
)


@pytest.fixture
def project(tmp_path, monkeypatch):
    """One article, with a quotation that runs through three sentences of two paragraphs."""
    monkeypatch.setenv("ANNOTATOR_HOME", str(tmp_path / "home"))
    made = projects.create(tmp_path / "p.annotator", [LABELS / "conflict.toml"])
    list(
        importing.import_sources(
            made.store, made.seed, from_uploads([("talks.txt", TEXT.encode())])
        )
    )
    yield made
    made.store.close()


def listen(project, found: dict[int, UnitVoice]) -> None:
    """Let the machine have heard this in the article."""
    ids = [row[0] for row in project.store.db.execute("select id from document")]
    (document,) = voices.listened(project.store, ids)
    told = [found.get(at, UnitVoice("author")) for at in range(len(document.segments))]
    assert len(told) == PEACE + 1
    voices.keep(project.store, [voices.Found(document, HEARD, told)], "hand")


@pytest.fixture
def heard(project):
    """The same, when the machine has listened to it."""
    listen(project, VOICES)
    return project


@pytest.fixture
def send(project):
    """Record an event about a sentence; the reason where it was refused."""
    numbers = itertools.count(1)

    def record(place: int, op: str = "speaker", coder: str = "ana", **fields) -> str | None:
        stated = {"uuid": f"told-{next(numbers):04}", "op": op, "scheme": 1}
        stated["unit"] = items(project)[place]["id"]
        told = Told(coder, Event.model_validate(stated | fields), AT)
        (refusal,) = events.record(project.store, [told])
        return refusal

    return record


def items(project) -> list[dict]:
    return desk.opening(project, Seat("reader"))["next"]


def spoken(project) -> list[str]:
    """Voice and speakers of every sentence, and who set them."""
    return [
        " ".join([one["voice"], *(person["name"] for person in one["speakers"]), one["set_by"]])
        for one in items(project)
    ]


def faults(project) -> list[str]:
    return [one.message for one in care.examine(project.path).checks if one.state == "fault"]


def test_a_sentence_says_who_speaks_and_how_sure_that_is(heard):
    told = items(heard)

    assert told[MET] | {"voice": "author", "speakers": [], "set_by": ""} == told[MET]
    (osk,) = told[OURS]["speakers"]
    assert (osk["name"], osk["mode"], osk["certainty"]) == ("Mira Osk", "chain", "check")
    assert told[OPEN]["speakers"][0]["certainty"] == "sure"
    # Of two quotations in one sentence, the weaker tells how sure the speaker is.
    (mukan,) = told[LATE]["speakers"]
    assert (mukan["certainty"], mukan["cue"], mukan["basis"]) == ("likely", "said", "machine")


def test_the_people_of_the_article_come_with_each_sentence_those_who_speak_in_it_first(heard):
    told = items(heard)

    names = [[(one["name"], one["here"]) for one in told[at]["people"]] for at in (MET, LATE)]
    assert names[0] == [("Mira Osk", False), ("Saken Mukan", False)]
    assert names[1] == [("Saken Mukan", True), ("Mira Osk", False)]
    assert [one["kind"] for one in told[LATE]["people"]] == ["expert", "official"]


def test_before_anybody_listened_nothing_is_said_of_the_speaker(project):
    assert {(one["voice"], len(one["people"])) for one in items(project)} == {("", 0)}


def test_a_correction_holds_for_the_whole_quotation_over_its_paragraphs(heard, send):
    assert items(heard)[NOBODY]["alike"] == ((OURS, OPEN),)

    assert send(NOBODY, voice="direct", speakers=["Saken Mukan"]) is None

    assert spoken(heard) == [
        "author ",
        "author ",
        "direct Saken Mukan ana",
        "direct Saken Mukan ana",
        "mixed Saken Mukan ana",
        "author ",
        "mixed Saken Mukan ",
        "author ",
    ]
    assert faults(heard) == []


def test_a_quotation_that_is_none_is_the_authors_in_all_its_sentences(heard, send):
    send(OURS, voice="author")

    assert spoken(heard)[OURS : OPEN + 1] == ["author ana"] * 3


def test_a_sentence_of_the_quotation_with_other_speakers_is_left_alone(project, send):
    listen(
        project, VOICES | {NOBODY: UnitVoice("mixed", ("Mira Osk", "Saken Mukan"), "chain", 0.7)}
    )
    assert items(project)[OURS]["alike"] == ((OURS, OURS), (OPEN, OPEN))

    send(OPEN, voice="mixed", speakers=["Kor Val"])

    assert spoken(project)[OURS : OPEN + 1] == [
        "direct Kor Val ana",
        "mixed Mira Osk Saken Mukan ",
        "mixed Kor Val ana",
    ]


def test_an_undo_brings_back_what_the_machine_found_and_what_another_coder_said(heard, send):
    before = spoken(heard)
    send(OURS, voice="indirect", speakers=["Kor Val"], uuid="told-anas", coder="ana")
    send(NOBODY, voice="direct", speakers=["Saken Mukan"], uuid="told-belas", coder="bela")
    assert spoken(heard)[OURS] == "direct Saken Mukan bela"

    assert send(NOBODY, "retract", coder="bela", ref="told-belas") is None
    assert spoken(heard)[OURS : OPEN + 1] == [
        "indirect Kor Val ana",
        "indirect Kor Val ana",
        "mixed Kor Val ana",
    ]

    send(OURS, "retract", ref="told-anas")
    assert spoken(heard) == before
    assert faults(heard) == []


def test_a_correction_decides_nothing_and_moves_no_progress(heard, send):
    send(OURS, voice="author")

    assert progress.of(heard.store, ANA)[:1] == (0,)
    assert heard.store.db.execute("select count(*) from coding").fetchone() == (0,)
    assert items(heard)[OURS]["decision"] is None


def test_a_decision_and_a_memo_outlive_a_correction_that_is_taken_back(heard, send):
    send(OURS, "set", memo="who?", answers=[{"variable": "frame", "code": "sovereignty"}])
    send(OURS, voice="author", uuid="told-late")
    send(OURS, "retract", ref="told-late")

    (item,) = [one for one in desk.opening(heard, ANA)["recent"] if one["index"] == OURS]
    assert item["decision"]["memo"] == "who?"
    assert [one["code"] for one in item["decision"]["answers"]] == ["sovereignty"]
    assert faults(heard) == []


def test_the_same_correction_sent_twice_is_one(heard, send):
    send(OURS, voice="author", uuid="told-once")
    count = events.count(heard.store)

    assert send(OURS, voice="author", uuid="told-once") is None
    assert events.count(heard.store) == count == 3


def test_a_new_name_is_a_person_of_the_document_until_nobody_says_so(heard, send):
    send(RAIN, voice="indirect", speakers=["Kor Val"], uuid="told-kor")
    assert [one["name"] for one in items(heard)[TITLE]["people"]][-1] == "Kor Val"

    send(RAIN, "retract", ref="told-kor")
    assert [one["name"] for one in items(heard)[TITLE]["people"]] == ["Mira Osk", "Saken Mukan"]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({}, "who speaks must come with a voice: author, direct, indirect or mixed"),
        (
            {"voice": "author", "speakers": ["Mira Osk"]},
            "where the author speaks, nobody else can be named; choose another voice",
        ),
        (
            {"voice": "direct", "speakers": ["  "]},
            "a speaker has no name; write one, or choose the author",
        ),
        (
            {"voice": "direct", "speakers": ["Mira Osk", "Mira Osk"]},
            "a speaker is named twice; name each of them once",
        ),
    ],
)
def test_a_correction_that_makes_no_sense_is_refused_in_a_sentence(heard, send, fields, reason):
    assert send(OURS, **fields) == reason
    assert events.count(heard.store) == 0


def test_what_the_desk_can_take_back_comes_in_the_order_it_was_done(heard, send):
    send(MET, "set", answers=[])
    send(OURS, voice="author")
    send(RAIN, "skip")
    send(LATE, voice="author", uuid="told-gone")
    send(LATE, "retract", ref="told-gone")

    lately = desk.opening(heard, ANA)["lately"]

    assert [one["op"] for one in lately] == ["set", "speaker", "skip"]
    assert [one["unit"] for one in lately] == [items(heard)[at]["id"] for at in (MET, OURS, RAIN)]
