"""What is said of whole articles: events like any others, in a view of their own."""

from __future__ import annotations

import pytest

from annotator.core.codebook import Codebook
from annotator.store import (
    cards,
    catalogue,
    checks,
    codebooks,
    events,
    lists,
    progress,
    queue,
    settings,
    tables,
    view_checks,
)
from annotator.store.connection import reading
from annotator.store.lists import Listed
from annotator.store.seat import Seat
from tests.store.conftest import AT, CODEBOOK

ANA = Seat("ana")
TONE = {
    "name": "tone",
    "unit": "document",
    "choice": "one",
    "required": True,
    "code": [
        {"name": "calm", "title": "Calm", "definition": "It does not alarm."},
        {"name": "alarmed", "title": "Alarmed", "definition": "It warns."},
    ],
}
CALM = {"variable": "tone", "code": "calm"}
ALARMED = {"variable": "tone", "code": "alarmed"}


@pytest.fixture
def store(store):
    """The five sentences, under a codebook that also asks for the tone of each article."""
    book = CODEBOOK.model_dump(mode="json")
    book |= {"version": "1.1.0", "variable": [*book["variable"], TONE]}
    codebooks.put_scheme(store, [(Codebook.model_validate(book), "")], AT)
    return store


@pytest.fixture
def wire(store):
    return store.db.execute("select id from document order by rowid").fetchone()[0]


@pytest.fixture
def on(told):
    """An event about a unit under the codebook with the tone."""

    def make(op, unit, **fields):
        return told(op, unit, **({"scheme": 2} | fields))

    return make


@pytest.fixture
def card(on, wire):
    """An event about the first article."""

    def make(op="set", **fields):
        return on(op, wire, subject="document", **fields)

    return make


def kept(store, *told):
    assert events.record(store, list(told)) == [None] * len(told)


def refusal(store, told):
    return events.record(store, [told])[0]


def held(store, document, seat=ANA):
    (found,) = cards.find(store, seat, [document])
    return found.decision.status, [answer.code for answer in found.decision.answers]


def test_a_card_is_answered_marked_and_taken_back_as_a_sentence_is(store, card, wire):
    first = card(answers=[CALM], memo="by the title")
    kept(store, first, card("flag", flagged=True), card(answers=[ALARMED]))
    assert held(store, wire) == ("coded", ["alarmed"])

    (second,) = [
        row[0] for row in store.db.execute("select event from card where status = 'coded'")
    ]
    kept(store, card("retract", ref=second))
    assert held(store, wire) == ("coded", ["calm"])
    kept(store, card("retract", ref=first.event.uuid))

    (found,) = cards.find(store, ANA, [wire])
    # The flag was an event of its own, and the memo came with the decision.
    assert (found.decision.status, found.decision.memo, found.decision.flagged) == (None, "", True)


def test_a_sentence_is_not_asked_about_the_article_nor_a_card_about_sentences(
    store, units, on, card
):
    kept(store, on("set", units[0]), on("skip", units[1]), card(answers=[CALM]))

    asked = {one.unit.part: one.asked for one in tables.codings(store)}
    assert asked == {"lead": ("frame", "stance"), "document": ("tone",)}

    told = refusal(store, on("set", units[2], answers=[CALM]))
    assert (
        told
        == "tone: is asked of a whole article, on its card; reload the page and answer it there"
    )
    frame = {"variable": "frame", "code": "blockade"}
    assert "is asked of single sentences" in refusal(store, card(answers=[CALM, frame]))


def test_what_was_asked_of_a_sentence_before_there_were_cards_stays_as_it_was(store, units, on):
    before = on("set", units[0], answers=[CALM])
    with store.write() as conn:
        conn.execute(
            "insert into event (uuid, coder, subject, subject_id, op, payload, scheme, round, pass,"
            " arm, client_at, recorded_at) values ('older-001', 'ana', 'unit', ?, 'set', ?, 2,"
            " 'main', 1, '', '', ?)",
            (units[0], before.event.model_dump_json(include={"op", "answers"}), AT),
        )
        events.rebuild(conn, events.Place(1, "ana", "main", 1))

    (coding,) = tables.codings(store)

    assert coding.asked is None
    assert [answer.code for answer in coding.answers] == ["calm"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"answers": []}, "tone: is required"),
        ({"answers": [{**CALM, "spans": [[0, 3]]}]}, "evidence is marked in sentences"),
        ({"op": "speaker", "voice": "author"}, "who speaks is said of a sentence"),
        ({"answers": [CALM], "scheme": 1}, "asks nothing about whole articles"),
        ({"op": "retract", "ref": "nothing-here"}, "the event to take back is not here"),
    ],
)
def test_a_card_that_cannot_be_kept_is_refused_in_a_sentence(store, card, fields, said):
    assert said in refusal(store, card(**fields))
    assert events.count(store) == 0


def test_a_card_of_no_article_is_refused(store, on):
    told = on("set", "nowhere", subject="document", answers=[CALM])

    assert refusal(store, told) == "this project has no document 'nowhere'"


def test_a_required_question_about_the_article_holds_up_no_sentence(store, units, on):
    kept(store, on("set", units[0]))


def test_a_card_is_due_when_every_sentence_is_decided_in_whatever_way(store, units, on, card, wire):
    kept(store, on("set", units[2]), on("skip", units[0]))
    assert cards.due(store, ANA) == []

    kept(store, on("not_codable", units[1]))
    assert [one.document_id for one in cards.due(store, ANA)] == [wire]
    assert cards.due(store, Seat("ben")) == []

    answer = card(answers=[CALM])
    kept(store, answer)
    assert cards.due(store, ANA) == []
    kept(store, card("retract", ref=answer.event.uuid))
    assert [one.document_id for one in cards.due(store, ANA)] == [wire]


def test_the_cards_ahead_stand_behind_the_last_open_sentence(store, units, on, card, wire):
    kept(store, on("set", units[2]))

    (ahead,) = cards.ahead(store, ANA, [wire])
    assert (ahead.document_id, ahead.cursor, ahead.due) == (wire, 2, False)

    kept(store, card(answers=[CALM]))
    assert cards.ahead(store, ANA, [wire]) == []


def test_a_sample_of_single_sentences_brings_no_card_and_one_of_articles_does(
    store, units, on, wire
):
    for name, numbers in (("single", [1, 4]), ("whole", [3, 1, 2])):
        rows = [Listed(number, 0.5) for number in numbers]
        lists.save(store, name, "plan", "", {}, rows, who="ana", at=AT)
    single, whole = Seat("ana", queue="single"), Seat("ana", queue="whole")

    assert cards.ahead(store, single, [wire]) == []
    (ahead,) = cards.ahead(store, whole, [wire])
    last = queue.next_units(store, whole, after=0, want=9)[-1]
    assert (ahead.cursor, last.unit_id) == (last.cursor, units[1])

    kept(store, *(on("set", unit, queue="whole") for unit in units[:3]))
    assert [one.document_id for one in cards.due(store, whole)] == [wire]


def test_an_article_out_of_the_corpus_has_no_card_due(store, units, on, wire):
    kept(store, *(on("set", unit) for unit in units[:3]))

    catalogue.retire(store, [wire], "ana", AT)

    assert cards.due(store, ANA) == []


def test_a_document_with_a_card_is_not_removed_and_its_history_is_that_of_the_document(
    store, card, wire
):
    answer = card(answers=[CALM])
    kept(store, answer, card("retract", ref=answer.event.uuid))
    catalogue.edit(store, "ana", [catalogue.Change(wire, "author", "Ria Tan")], AT)

    (left,) = catalogue.remove(store, [wire], "ana", AT).kept

    assert left.carries == "an article card"
    assert [one.op for one in catalogue.history(store, wire)] == ["edit"]


def test_a_card_that_differs_from_its_events_is_found_and_made_anew(store, card, wire):
    kept(store, card(answers=[CALM]))
    with store.write() as conn:
        conn.execute("update card set status = 'skipped'")
        conn.execute("delete from card_annotation")

    with reading(store.path) as conn:
        (found,) = view_checks.differences(conn)
    assert found.unit == f"the card of {wire}"
    checks.mend(store, [found.place])

    assert held(store, wire) == ("coded", ["calm"])
    with reading(store.path) as conn:
        assert list(view_checks.differences(conn)) == []


def test_progress_counts_sentences_and_no_cards(store, card):
    kept(store, card(answers=[CALM]))

    assert progress.of(store, ANA).done == 0


def test_where_each_story_is_coded_once_the_card_of_a_copy_is_for_who_began_it(
    store, units, on, wire
):
    with store.write() as conn:
        conn.execute("update document set cluster_id = ?, copy = (id <> ?)", (wire, wire))
    settings.put(store, code_once="1")
    kept(store, *(on("set", unit, arm="copy") for unit in units[3:]))
    assert cards.due(store, ANA) == []

    kept(store, on("set", units[3]))

    (found,) = cards.due(store, ANA)
    assert found.document_id == units[3].partition(":")[0]
