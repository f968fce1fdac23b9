"""Sentences split and joined by hand: nothing is lost, and all of it can be taken back."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.core.annotation import Event
from annotator.core.errors import RejectedEventError
from annotator.corpus.segment import LONGEST_UNIT
from annotator.store import catalogue, events, progress
from annotator.store.events import Told
from annotator.store.seat import Seat
from annotator.workflow import analysing, boundaries, care, importing, projects
from annotator.workflow.boundaries import Boundary
from annotator.workflow.choosing import Choices
from annotator.workflow.resegmenting import resegment
from annotator.workflow.sources import from_uploads

LABELS = Path(__file__).parents[2] / "labels"
AT = "2026-02-02T10:00:00.000+00:00"

TEXT = """The road

It rained 🕊.And "the market closed," said Mira Osk. Nobody came.

The envoy left at noon.
"""
GLUED = 'It rained 🕊.And "the market closed," said Mira Osk.'
PARTS = ["It rained 🕊.", 'And "the market closed," said Mira Osk.']


@pytest.fixture
def project(tmp_path, monkeypatch):
    """Two articles; in the first a full stop without a space behind it."""
    monkeypatch.setenv("ANNOTATOR_HOME", str(tmp_path / "home"))
    made = projects.create(tmp_path / "p.annotator", [LABELS / "conflict.toml"])
    files = [("road.txt", TEXT.encode()), ("rain.txt", b"Rain\n\nIt rained. It was cold.\n")]
    list(importing.import_sources(made.store, made.seed, from_uploads(files)))
    yield made
    made.store.close()


@pytest.fixture
def heard(project):
    """The same, when the machine has listened to it."""
    analysing.finish(project.store)
    return project


def units(project, file: str = "road.txt") -> list[tuple[str, str]]:
    """Id and text of each unit, in the order of the text."""
    return list(
        project.store.db.execute(
            "select u.id, u.text from unit u join document d on d.id = u.document_id"
            " where d.file = ? order by u.idx",
            (file,),
        )
    )


def texts(project, file: str = "road.txt") -> list[str]:
    return [text for _, text in units(project, file)]


def named(project, text: str) -> str:
    return next(id_ for id_, one in units(project) if one == text)


def split(project, text: str, before: str, who: str = "ana", **fields):
    """Split the sentence ``text`` before the words ``before``."""
    unit = named(project, text)
    at = int(unit.partition(":")[2].partition("-")[0]) + text.index(before)
    return boundaries.change(project, Boundary(op="split", unit=unit, at=at, **fields), who)


def join(project, text: str, op: str = "join_next", who: str = "ana"):
    return boundaries.change(project, Boundary(op=op, unit=named(project, text)), who)


def undo(project, event: str, who: str = "ana"):
    return boundaries.change(project, Boundary(op="undo", event=event), who)


def found(project, words: str) -> list[str]:
    """The ids of the units that the search index has under all of these words."""
    rows = project.store.db.execute(
        "select id from unit where seq in"
        " (select rowid from unit_fts where unit_fts match ?) order by seq",
        (words,),
    )
    return [row[0] for row in rows]


def faults(project) -> list[str]:
    return [one.message for one in care.examine(project.path).checks if one.state == "fault"]


def contents(project) -> dict[str, list[tuple]]:
    """Every row that says anything of a unit, without the events and the note of numbers."""
    tables = ("unit", "voice", "speaker", "corpus", "document", "coding", "progress")
    return {
        table: sorted(project.store.db.execute(f"select * from {table}"), key=repr)
        for table in tables
    }


def test_a_sentence_is_split_before_a_word_counted_in_code_points(project):
    done = split(project, GLUED, "And")

    assert texts(project) == ["The road", *PARTS, "Nobody came.", "The envoy left at noon."]
    assert [one.place for one in done.after] == [1, 2]
    assert faults(project) == []


def test_white_space_at_the_place_of_the_split_belongs_to_no_sentence(project):
    split(project, "The envoy left at noon.", "at noon.")

    assert texts(project)[-2:] == ["The envoy left", "at noon."]


@pytest.mark.parametrize(("text", "op"), [(GLUED, "join_next"), ("Nobody came.", "join_previous")])
def test_two_sentences_are_joined_with_what_stands_between_them(project, text, op):
    join(project, text, op)

    assert texts(project) == ["The road", f"{GLUED} Nobody came.", "The envoy left at noon."]
    assert faults(project) == []


def test_counts_search_and_progress_follow(project):
    before = progress.of(project.store, Seat("ana"))
    split(project, GLUED, "And")
    join(project, "Nobody came.", "join_previous")

    after = progress.of(project.store, Seat("ana"))
    assert (before.total, after.total) == (7, 7)
    both = f"{PARTS[1]} Nobody came."
    assert found(project, "market came") == [named(project, both)]
    assert found(project, "rained") == [
        units(project, "rain.txt")[1][0],
        named(project, PARTS[0]),
    ]


def test_the_voices_of_new_sentences_come_from_the_quotations_that_were_found(heard):
    speaker = "select v.speaker from voice v join unit u on u.seq = v.unit where u.text = ?"
    split(heard, GLUED, "And")

    assert heard.store.db.execute(speaker, (PARTS[0],)).fetchall() == [("",)]
    assert heard.store.db.execute(speaker, (PARTS[1],)).fetchall() == [("Mira Osk",)]


def test_a_split_that_is_taken_back_leaves_all_as_it_was(heard):
    before = contents(heard)
    done = split(heard, GLUED, "And")

    undo(heard, done.uuid)

    assert contents(heard) == before
    assert faults(heard) == []


def test_a_join_that_is_taken_back_leaves_all_as_it_was(project):
    before = contents(project)
    done = join(project, GLUED)

    undo(project, done.uuid)

    assert contents(project) == before


def test_numbers_of_sentences_that_are_gone_are_not_given_again(project):
    numbers = {row[0] for row in project.store.db.execute("select seq from unit")}
    done = join(project, "Nobody came.", "join_previous")
    again = split(project, f"{GLUED} Nobody came.", "Nobody")

    came = {one.seq for one in (*done.after, *again.after)}
    assert len(came) == 3
    assert not came & numbers


def test_the_list_of_changes_tells_who_split_what(project):
    done = split(project, GLUED, "And", who="bela")
    undo(project, done.uuid, who="bela")

    one, other = catalogue.history(project.store, done.document_id)
    assert (one.op, one.coder, one.before, one.after) == ("split", "bela", GLUED, " | ".join(PARTS))
    assert (other.op, other.before, other.after) == ("join", " | ".join(PARTS), GLUED)


def test_a_preview_changes_nothing(project):
    before = contents(project)

    drawn = boundaries.draw(project, Boundary(op="join_next", unit=named(project, GLUED)))

    assert drawn.texts == [f"{GLUED} Nobody came."]
    assert contents(project) == before


@pytest.mark.parametrize("op", ["set", "skip", "memo", "flag", "speaker", "undone"])
@pytest.mark.parametrize("change", ["split", "join_next", "join_previous"])
def test_a_sentence_that_something_hangs_on_stays_as_it_is(project, op, change):
    fields = {"memo": {"memo": "?"}, "flag": {"flagged": True}, "speaker": {"voice": "author"}}
    tell(project, GLUED, "skip" if op == "undone" else op, **fields.get(op, {}))
    if op == "undone":
        tell(project, GLUED, "retract", ref="told-skip")

    unit = named(project, "Nobody came." if change == "join_previous" else GLUED)
    asked = Boundary(op=change, unit=unit, at=TEXT.index("And"))
    with pytest.raises(RejectedEventError, match="stays as it is once it was coded"):
        boundaries.change(project, asked, "ana")
    assert texts(project)[1:3] == [GLUED, "Nobody came."]


def tell(project, text: str, op: str, **fields) -> None:
    stated = {"uuid": f"told-{op}", "op": op, "unit": named(project, text), "scheme": 1}
    told = Told("ana", Event.model_validate(stated | fields), AT)
    assert events.record(project.store, [told]) == [None]


@pytest.mark.parametrize(
    ("text", "op", "said"),
    [
        ("The road", "join_next", "in another paragraph"),
        ("The envoy left at noon.", "join_previous", "in another paragraph"),
        ("The envoy left at noon.", "join_next", "no sentence after this one"),
        ("The road", "join_previous", "no sentence before this one"),
    ],
)
def test_sentences_that_do_not_belong_together_are_not_joined(project, text, op, said):
    with pytest.raises(RejectedEventError, match=said):
        join(project, text, op)


@pytest.mark.parametrize(
    ("before", "said"),
    [("It rained", "choose a later word"), (" 🕊", "before a word"), ("", "choose a later word")],
)
def test_a_sentence_is_not_split_outside_of_itself_or_before_a_space(project, before, said):
    with pytest.raises(RejectedEventError, match=said):
        split(project, GLUED, before)


@pytest.mark.parametrize(
    "text", ["Cafe\u0301s close.", "A 👨\u200d👩 stays.", "A 👍\U0001f3fd stays."]
)
def test_a_sentence_is_not_split_inside_of_a_character(project, text):
    files = from_uploads([("marks.txt", f"Marks\n\n{text}\n".encode())])
    list(importing.import_sources(project.store, project.seed, files))
    unit, stored = units(project, "marks.txt")[1]
    start = int(unit.partition(":")[2].partition("-")[0])
    joined = next(at for at, one in enumerate(stored) if one in "\u0301\u200d\U0001f3fd")

    with pytest.raises(RejectedEventError, match="not inside of a character"):
        boundaries.change(project, Boundary(op="split", unit=unit, at=start + joined), "ana")


def test_two_sentences_that_would_be_too_long_are_not_joined(project):
    long = "a" * (LONGEST_UNIT - 10)
    files = from_uploads([("long.txt", f"Long\n\n{long}. Nobody came.\n".encode())])
    list(importing.import_sources(project.store, project.seed, files))
    unit = units(project, "long.txt")[1][0]

    with pytest.raises(RejectedEventError, match="more than 100,000 characters"):
        boundaries.change(project, Boundary(op="join_next", unit=unit), "ana")


def test_a_sentence_that_somebody_else_split_meanwhile_is_not_split_again(project):
    unit = named(project, GLUED)
    split(project, GLUED, "And", who="bela")

    with pytest.raises(RejectedEventError, match="cut otherwise meanwhile; reload the page"):
        boundaries.change(project, Boundary(op="join_next", unit=unit), "ana")


def test_who_has_the_old_sentence_on_the_screen_is_told_that_it_was_cut_otherwise(project):
    unit = named(project, GLUED)
    split(project, GLUED, "And", who="bela")

    save = Event.model_validate({"uuid": "told-late", "op": "set", "unit": unit, "scheme": 1})
    (refusal,) = events.record(project.store, [Told("ana", save, AT)])
    assert refusal == "this sentence was cut otherwise meanwhile; reload the page and code it anew"


def test_only_who_set_a_boundary_takes_it_back_and_only_once(project):
    done = split(project, GLUED, "And", who="bela")

    with pytest.raises(RejectedEventError, match="bela set these boundaries"):
        undo(project, done.uuid, who="ana")
    undo(project, done.uuid, who="bela")
    with pytest.raises(RejectedEventError, match="no such change"):
        undo(project, done.uuid, who="bela")


def test_a_split_is_not_taken_back_once_a_part_is_coded(project):
    done = split(project, GLUED, "And")
    tell(project, PARTS[1], "skip")

    with pytest.raises(RejectedEventError, match="stays as it is"):
        undo(project, done.uuid)
    assert texts(project)[1:3] == PARTS


def test_cutting_all_documents_anew_leaves_boundaries_set_by_hand(project):
    done = split(project, GLUED, "And")

    report = resegment(project.store, project.seed, "paragraph")
    assert (report.by_hand, report.cut) == (1, 1)
    assert texts(project)[1:3] == PARTS
    assert any("by hand" in line for line in report.lines())
    assert json.loads(json.dumps(report.as_dict()))["by_hand"] == 1

    named_ = resegment(project.store, project.seed, "paragraph", documents=[done.document_id])
    assert (named_.by_hand, named_.cut) == (0, 1)
    # From now on it is a document like any other.
    assert resegment(project.store, project.seed, "sentence").by_hand == 0


def test_boundaries_that_were_taken_back_do_not_keep_a_document_from_being_cut(project):
    undo(project, split(project, GLUED, "And").uuid)

    assert resegment(project.store, project.seed, "paragraph").by_hand == 0


def test_a_row_of_a_table_can_be_split_too(project):
    files = from_uploads([("rows.csv", b"text,title\nIt is open. Go.,A title\nIt rained.,B\n")])
    list(importing.import_sources(project.store, project.seed, files, Choices(unit="row")))
    unit, text = units(project, "rows.csv")[0]

    boundaries.change(project, Boundary(op="split", unit=unit, at=text.index("Go.")), "ana")

    assert sorted(texts(project, "rows.csv")) == ["Go.", "It is open.", "It rained."]
    assert faults(project) == []


def test_what_cannot_be_kept_changes_nothing(project):
    before = contents(project)
    project.store.db.execute(
        "create trigger full_disk before insert on event begin select raise(abort, 'full'); end"
    )

    with pytest.raises(sqlite3.IntegrityError):
        split(project, GLUED, "And")
    project.store.db.execute("drop trigger full_disk")
    assert contents(project) == before


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 60), st.booleans()), max_size=8))
def test_whatever_is_split_and_joined_the_units_are_those_of_the_text(project, steps):
    made = []
    for place, offset, joining in steps:
        here = units(project)
        unit, text = here[place % len(here)]
        start = int(unit.partition(":")[2].partition("-")[0])
        asked = (
            Boundary(op="join_next", unit=unit)
            if joining
            else Boundary(op="split", unit=unit, at=start + offset % (len(text) + 1))
        )
        try:
            made.append(boundaries.change(project, asked, "ana").uuid)
        except RejectedEventError:
            continue
    assert faults(project) == []
    for event in reversed(made):
        undo(project, event)
    assert texts(project) == ["The road", GLUED, "Nobody came.", "The envoy left at noon."]
