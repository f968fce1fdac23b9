"""Article cards out and in again: rows of their own, and nothing of them in what models learn."""

from __future__ import annotations

import csv
import io

import pytest

from annotator.core.annotation import Event
from annotator.core.codebook import Codebook
from annotator.core.errors import TableError
from annotator.store import Store, codebooks, documents, events, tables
from annotator.store import settings as project_settings
from annotator.store.events import Told
from annotator.workflow import exporting, labelling
from annotator.workflow.training_table import training_table
from tests.conftest import ARTICLES, AT, article, frame, toy_codebook

CODES = [
    {"name": "calm", "title": "Calm", "definition": "It does not alarm."},
    {"name": "alarmed", "title": "Alarmed", "definition": "It warns."},
]
TONE = {"name": "tone", "unit": "document", "choice": "one", "code": CODES}


def with_tone() -> Codebook:
    book = toy_codebook().model_dump(mode="json")
    return Codebook.model_validate(
        book | {"version": "1.1.0", "variable": [*book["variable"], TONE]}
    )


@pytest.fixture
def coded(toy, decide):
    """The toy project, of which two articles have a card since the codebook asks for their tone."""
    codebooks.put_scheme(toy, [(with_tone(), "")], AT)
    decide(toy, "ana", "rain0", answers=[frame("peace")], scheme=2)
    answers = [{"variable": "tone", "code": "alarmed"}]
    tell(toy, "ana", "talks", answers=answers, memo="=late", seconds=7.5)
    tell(toy, "ana", "rain", op="skip")
    tell(toy, "ben", "talks", answers=[], flagged=True)
    return toy


def tell(store, coder, name, op="set", **fields):
    document = article(name)[0].document_id
    stated = {"uuid": f"card-{coder}-{name}", "op": op, "unit": document, "scheme": 2}
    stated |= {"subject": "document", "client_at": "2026-01-05T09:30:00+00:00"}
    event = Event.model_validate(stated | fields)
    assert events.record(store, [Told(coder, event, "2026-01-05T10:00:00+00:00")]) == [None]


def rows(store, name):
    text = exporting.as_bytes(store, name).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def of_cards(told):
    return [row for row in told if row["part"] == "document"]


def test_a_card_is_a_row_of_the_whole_article_without_its_text(coded):
    first, second, third = of_cards(rows(coded, "labels"))

    draft = article("talks")[0]
    length = str(len(draft.text))
    assert first["unit_id"] == f"{draft.document_id}:0-{length}"
    assert (first["start"], first["end"], first["text"]) == ("0", length, "")
    assert (first["unit_index"], first["paragraph"], first["speaker"]) == ("", "", "")
    assert (first["title"], first["source"]) == ("Norland and Esmar to talk", "Velm Courier")
    assert [first[name] for name in ("variable", "code", "status")] == ["tone", "alarmed", "coded"]
    assert (second["coder"], second["status"], second["flagged"]) == ("ben", "none", "1")
    assert (third["title"], third["status"]) == ("Rain, again", "skipped")


def test_cards_stand_behind_the_sentences_of_their_article(coded):
    order = [(row["title"], row["part"] == "document") for row in rows(coded, "wide")]

    assert [pair for n, pair in enumerate(order) if pair not in order[:n]] == [
        ("Norland and Esmar to talk", False),
        ("Norland and Esmar to talk", True),
        ("Rain, again", False),
        ("Rain, again", True),
    ]


def test_a_sentence_has_no_row_about_the_article_before_the_card_or_since(coded):
    told = rows(coded, "labels")

    sentences = {row["variable"] for row in told if row["part"] != "document"}
    assert sentences == {"frame", "stance"}
    assert {row["variable"] for row in of_cards(told)} == {"tone"}


def test_the_wide_table_leaves_blank_what_was_asked_of_the_other(coded):
    told = rows(coded, "wide")
    (card,) = [row for row in of_cards(told) if row["coder"] == "ana" and row["status"] == "coded"]
    (sentence,) = [
        row
        for row in told
        if row["title"] == "Rain, again" and row["coder"] == "ana" and row["part"] != "document"
    ]

    assert (card["tone_alarmed"], card["tone_calm"], card["frame_peace"]) == ("1", "0", "")
    assert (sentence["tone_alarmed"], sentence["frame_peace"]) == ("", "1")


def test_the_other_formats_say_how_many_cards_they_leave_out(coded):
    for name in ("units", "spans", "suggestions"):
        assert exporting.left_out(coded, name)["article cards"] == 3
        assert not any(row.get("part") == "document" for row in rows(coded, name))
    assert "article cards" not in exporting.left_out(coded, "labels")


@pytest.fixture
def other(tmp_path):
    """A project with the same articles, and with nothing coded."""
    store = Store.create(tmp_path / "other.annotator")
    project_settings.put(store, id="other", title="Other", seed="1", sample="0", made_at=AT)
    codebooks.put_scheme(store, [(toy_codebook(), "")], AT)
    codebooks.put_scheme(store, [(with_tone(), "")], AT)
    told = [article(name) for name in ARTICLES]
    documents.add_documents(store, told, segmenter="toy", draw=lambda unit: 0.5, at=AT)
    yield store
    store.close()


@pytest.mark.parametrize("name", ["labels", "excel"])
def test_cards_come_back_from_the_long_table_as_they_were(coded, other, tmp_path, name):
    path = tmp_path / "labels.csv"
    exporting.export(coded, name, path)

    report = labelling.code_table(other, path)

    assert report.decisions == len(list(tables.codings(coded)))
    assert exporting.as_bytes(other, "wide") == exporting.as_bytes(coded, "wide")
    assert of_cards(rows(other, "labels")) == of_cards(rows(coded, "labels"))
    again = labelling.code_table(other, path)
    assert (again.decisions, again.known) == (0, report.decisions)


def test_a_card_of_an_article_that_is_not_here_is_refused_and_nothing_comes_in(coded, tmp_path):
    path = tmp_path / "labels.csv"
    exporting.export(coded, "labels", path)
    empty = Store.create(tmp_path / "empty.annotator")
    project_settings.put(empty, id="empty", title="Empty", seed="1", sample="0", made_at=AT)
    codebooks.put_scheme(empty, [(with_tone(), "")], AT)

    with pytest.raises(TableError, match="2 of its article cards are about documents that are not"):
        labelling.code_table(empty, path, create=True)

    assert tables.totals(empty)["documents"] == 0
    empty.close()


def test_a_model_learns_from_sentences_alone(coded):
    before = training_table(coded)

    tell(coded, "cem", "talks", answers=[{"variable": "tone", "code": "calm"}])

    after = training_table(coded)
    assert list(after["unit_id"]) == list(before["unit_id"])
    assert after["tone||calm"].isna().all()
