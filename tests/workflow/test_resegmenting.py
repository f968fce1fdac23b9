"""Documents cut into other units: what carries an annotation is never lost, and nothing hangs."""

from __future__ import annotations

import csv
import io
import json
import shutil
import sqlite3
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from annotator.core.annotation import Event
from annotator.core.codebook import Codebook
from annotator.core.errors import NotKeptError, RejectedEventError
from annotator.core.query import Search, read
from annotator.store import (
    Store,
    catalogue,
    codebooks,
    desk_units,
    events,
    progress,
    queue,
    search,
    settings,
)
from annotator.store.events import Told
from annotator.store.seat import Seat
from annotator.workflow import care, exporting, importing, suggesting
from annotator.workflow.choosing import Choices
from annotator.workflow.resegmenting import UNITS, resegment
from annotator.workflow.sources import from_uploads
from tests.terminal import annotator

AT = "2026-01-05T09:00:00.000+00:00"
SEED = 7

ROAD = """Norland closes the road

DRAVIK, Velmar, May 3 — The border is ours, the minister said. Nobody may pass.

"We will not leave," said Mira Osk. "They came at dawn. It was cold." The envoy left.
"""
DATED = """ date 2021-05-03 DRAVIK, Velmar, May 3. The border is ours, the minister said.

"They closed the road. Nobody may pass," he said. It rained.
"""
LISTED = "Rain in Velm\n\nIt rained — at last 🕊. Սա Վելմն է։ Եվ վերջ։\n\nA truce\n\nholds.\n"
FRONT = "---\ntitle: A truce holds\nsource: Post\n---\n\nIt holds. Nobody was hurt.\n\nThe end.\n"
CODEBOOK = Codebook.model_validate(
    {
        "name": "small",
        "version": "1.0.0",
        "title": "Small",
        "variable": [
            {
                "name": "frame",
                "code": [{"name": "peace", "title": "Peace", "definition": "Fighting ends."}],
            }
        ],
    }
)
FILES = {"road.txt": ROAD, "dated.txt": DATED, "listed.txt": LISTED, "front.md": FRONT}


def imported(store: Store, name: str, content: str, unit: str = "sentence") -> None:
    files = from_uploads([(name, content.encode())])
    (outcome,) = importing.import_sources(store, SEED, files, Choices(unit=unit))
    assert outcome.status == "added", outcome


@pytest.fixture(scope="module")
def base(tmp_path_factory) -> Path:
    """A project of four articles of different make, and two rows of a table."""
    place = tmp_path_factory.mktemp("base") / "base.annotator"
    store = Store.create(place)
    settings.put(store, id="base", title="Base", seed=str(SEED), sample="0", made_at=AT)
    codebooks.put_scheme(store, [(CODEBOOK, "")], AT)
    for name, content in FILES.items():
        imported(store, name, content)
    imported(store, "rows.csv", "text,title\nIt is open. Go.,A title\nIt rained.,B\n", "row")
    store.close()
    return place


@pytest.fixture
def store(base, tmp_path):
    shutil.copy(base, tmp_path / "p.annotator")
    opened = Store.open(tmp_path / "p.annotator")
    yield opened
    opened.close()


def units(store: Store, file: str = "") -> list[tuple[str, str]]:
    """Each unit as its id and text: of one file in the order of its text, or of all by number."""
    return list(
        store.db.execute(
            "select u.id, u.text from unit u join document d on d.id = u.document_id"
            " where ? in ('', d.file) order by case ? when '' then u.seq else u.idx end",
            (file, file),
        )
    )


def document(store: Store, file: str) -> str:
    return units(store, file)[0][0].partition(":")[0]


def tell(store: Store, unit: str, op: str = "set", number: int = 1, **fields: object) -> str:
    stated = {"uuid": f"event-{number:04}", "op": op, "unit": unit, "scheme": 1}
    event = Event.model_validate(stated | fields)
    assert events.record(store, [Told("ana", event, AT)]) == [None]
    return event.uuid


def faults(place: Path) -> list[str]:
    return [check.line() for check in care.examine(place).checks if check.state == "fault"]


# Without annotations


def test_an_article_is_rebuilt_as_it_was_before_it_had_units(store):
    before = units(store)

    report = resegment(store, SEED, "sentence")

    assert (report.cut, report.same, report.rows, report.left) == (0, 4, 2, ())
    assert units(store) == before
    assert events.count(store) == 0


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("file", FILES)
def test_cutting_anew_gives_what_importing_so_gives(store, tmp_path, unit, file):
    other = Store.create(tmp_path / "other.annotator")
    settings.put(other, seed=str(SEED))
    imported(other, file, FILES[file], unit)
    about = (
        "select id, idx, start, end, paragraph, part, text, draw from unit where document_id = ?"
    )
    name = document(store, file)

    # By the whole article, so that where the title stands is no longer kept in a unit.
    resegment(store, SEED, "document", documents=[name])
    resegment(store, SEED, unit, documents=[name])

    due = other.db.execute(f"{about} order by idx", (name,)).fetchall()
    assert store.db.execute(f"{about} order by idx", (name,)).fetchall() == due
    for column in ("segmenter", "units"):
        wanted = other.db.execute(f"select {column} from document").fetchall()
        assert (
            store.db.execute(f"select {column} from document where id = ?", (name,)).fetchall()
            == wanted
        )
    other.close()


def test_an_article_that_is_cut_anew_comes_last_and_whole(store):
    first = document(store, "road.txt")
    before = len(units(store))

    report = resegment(store, SEED, "paragraph", documents=[first])

    ahead = queue.next_units(store, Seat("ana"), after=0, want=99)
    assert (report.cut, report.units_before, report.units_after) == (1, 7, 3)
    assert len(ahead) == before - 4 == progress.of(store, Seat("ana")).total
    assert [one.document_id for one in ahead][-3:] == [first] * 3
    assert [one.position for one in ahead][-3:] == [0, 1, 2]
    assert ahead[-1].text.startswith('"We will not leave,"')
    assert found(store, "dawn cold envoy") == [ahead[-1].unit_id]
    assert [one.after for one in catalogue.history(store, first)] == ["3"]


def test_rows_are_left_alone_unless_they_are_named(store):
    row = document(store, "rows.csv")

    everything = resegment(store, SEED, "sentence")
    named = resegment(store, SEED, "sentence", documents=[row])

    assert (everything.rows, named.rows, named.cut) == (2, 0, 1)
    texts = [text for id_, text in units(store, "rows.csv") if id_.startswith(row)]
    assert texts == ["It is open.", "Go."]


def test_the_language_it_is_cut_by_becomes_its_own(store):
    name = document(store, "listed.txt")

    before = units(store, "listed.txt")

    resegment(store, SEED, "sentence", documents=[name], language="HY", who="ana")

    found = catalogue.entry(store, name)
    assert found is not None
    assert found.language == "hy"
    assert units(store, "listed.txt") != before
    assert [one.field for one in catalogue.history(store, name)] == ["units", "language"]
    with pytest.raises(RejectedEventError, match="write its code"):
        resegment(store, SEED, "sentence", language="armenian")


def test_a_rehearsal_tells_the_same_and_changes_nothing(store):
    before = units(store)

    rehearsed = resegment(store, SEED, "paragraph", dry_run=True)

    assert (units(store), events.count(store)) == (before, 0)
    done = resegment(store, SEED, "paragraph")
    assert rehearsed.as_dict() == done.as_dict() | {"dry_run": True}


def test_a_document_that_is_not_there_is_named_before_anything_is_cut(store):
    before = units(store)

    with pytest.raises(RejectedEventError, match="no document 'gone'"):
        resegment(store, SEED, "paragraph", documents=[document(store, "road.txt"), "gone"])

    assert units(store) == before


# With annotations


def test_annotated_units_that_are_units_again_keep_what_they_have(store):
    title, *_, last = units(store, "road.txt")
    resegment(store, SEED, "paragraph", documents=[document(store, "road.txt")])
    tell(store, title[0], flagged=True, memo="the title")
    (seq,) = store.db.execute("select seq from unit where id = ?", (title[0],)).fetchone()

    report = resegment(store, SEED, "sentence", documents=[document(store, "road.txt")])

    assert (report.cut, report.kept, report.left) == (1, 1, ())
    assert units(store, "road.txt")[0] == title
    assert units(store, "road.txt")[-1] == last
    (shown,) = desk_units.unit(store, Seat("ana"), title[0])
    assert (shown.seq, shown.decision.memo, shown.decision.flagged) == (seq, "the title", True)
    far = progress.of(store, Seat("ana"))
    assert (far.done, far.total, far.flagged) == (1, len(units(store)), 1)


@pytest.mark.parametrize("op", ["set", "memo", "undone", "assigned", "sampled", "voiced"])
def test_an_article_is_left_as_it_was_where_a_unit_would_be_lost(store, op):
    name = document(store, "road.txt")
    unit, text = units(store, "road.txt")[2]
    hang(store, op, unit)
    before = units(store)

    report = resegment(store, SEED, "paragraph")

    (left,) = report.left
    span = unit.partition(":")[2]
    assert (left.document_id, left.title) == (name, "Norland closes the road")
    assert left.reason == f"1 annotated unit would be gone, the first {span} {text!r}"
    assert units(store, "road.txt") == [one for one in before if one[0].startswith(name)]
    assert report.cut == 3


def found(store: Store, words: str) -> list[str]:
    return [hit.unit.unit_id for hit in search.page(store, Search(words=read(words)))]


def hang(store: Store, op: str, unit: str) -> None:
    """Let something hang on a unit."""
    place = "(select seq from unit where id = ?)"
    rows = {
        "assigned": f"insert into assignment values ('main', 'ana', {place}, 1, 1)",
        "sampled": f"insert into listed values ('may', 1, {place}, 0.5, '')",
        "voiced": f"insert into voice (unit, basis, voice) values ({place}, 'coder', 'direct')",
    }
    if op in rows:
        with store.write() as conn:
            conn.execute(
                "insert into unit_list (name, kind, title, settings, made_by, made_at)"
                " values ('may', 'plan', '', '{}', 'ana', '')"
            )
            conn.execute(rows[op], (unit,))
    elif op == "undone":
        tell(store, unit, "retract", 2, ref=tell(store, unit))
    else:
        tell(store, unit, op, memo="why?")


def test_an_article_is_done_when_the_sentences_that_came_new_are_done(store):
    name = document(store, "front.md")
    resegment(store, SEED, "document", documents=[name])
    resegment(store, SEED, "paragraph", documents=[name])
    for number, (unit, _) in enumerate(units(store, "front.md")):
        tell(store, unit, number=number)
    assert progress.of(store, Seat("ana")).documents_done == 1

    # The paragraph of two sentences is in the way; the title and the last one are not.
    report = resegment(store, SEED, "sentence", documents=[name])

    assert [one.document_id for one in report.left] == [name]
    assert progress.of(store, Seat("ana")).documents_done == 1


# What else looks at units


def test_a_model_has_no_score_for_a_unit_that_is_new(store):
    name = document(store, "road.txt")
    highest = max(row[0] for row in store.db.execute("select seq from unit"))
    resegment(store, SEED, "paragraph", documents=[name])
    engine = suggesting.Engine(
        "m1",
        {"codes": [{"variable": "frame", "target": "", "code": "peace"}]},
        np.ones((highest + 1, 1)),
    )

    seen = [
        suggesting.candidates(unit, engine, codebooks.current_scheme(store), "off")
        for (unit,) in (
            desk_units.unit(store, Seat("ana"), one[0]) for one in units(store, "road.txt")
        )
    ]

    assert seen == [[], [], []]


def test_a_save_about_a_unit_that_is_gone_is_refused_and_not_lost_in_silence(store):
    unit = units(store, "road.txt")[2][0]
    resegment(store, SEED, "paragraph")
    event = Event.model_validate({"uuid": "event-9999", "op": "set", "unit": unit, "scheme": 1})

    assert events.record(store, [Told("ana", event, AT)]) == [
        "this sentence was cut otherwise meanwhile; reload the page and code it anew"
    ]


def test_a_project_that_another_program_writes_to_is_left_in_a_sentence(store, monkeypatch):
    monkeypatch.setattr("annotator.store.connection.LOCK_PATIENCE", 0.05)
    opened = Store.open(store.path)
    holder = sqlite3.connect(store.path)
    holder.execute("begin immediate")

    with pytest.raises(NotKeptError, match=r"could not be cut .*locked.*after 0 of 6 documents"):
        resegment(opened, SEED, "paragraph")

    holder.close()
    opened.close()
    assert resegment(store, SEED, "paragraph").cut == 4


def test_the_command_tells_what_became_of_each(store):
    tell(store, units(store, "road.txt")[2][0])
    words = ["resegment", str(store.path), "--unit", "paragraph"]

    rehearsed = annotator(*words, "--dry-run", "--json")
    done = annotator(*words)

    told = json.loads(rehearsed.stdout)
    assert (told["cut"], told["rows"], told["left"][0]["title"]) == (
        3,
        2,
        "Norland closes the road",
    )
    first, *_, last = done.stdout.splitlines()
    assert first.startswith("cut 3 documents anew into paragraphs: ")
    assert last.startswith(f"left as it is: {document(store, 'road.txt')} (Norland closes")


# Everything together

ANNOTATION = st.tuples(
    st.sampled_from(["set", "skip", "not_codable", "memo", "flag", "undo"]), st.integers(0, 99)
)
CUT = st.tuples(st.sampled_from(list(UNITS)), st.booleans())
WORK = st.lists(st.one_of(ANNOTATION, CUT), max_size=14)


def labels(store: Store) -> dict[str, dict[str, str]]:
    content = exporting.as_bytes(store, "labels").decode()
    rows = csv.DictReader(io.StringIO(content, newline=""))
    return {row["unit_id"]: row for row in rows}


@hypothesis_settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(work=WORK)
def test_whatever_is_cut_in_between_no_annotation_is_lost(work, base):
    with TemporaryDirectory() as folder:
        place = Path(folder) / "p.annotator"
        shutil.copy(base, place)
        store = Store.open(place)
        decided: dict[str, str] = {}
        seen: dict[str, str] = {}
        for number, (what, how) in enumerate(work):
            if what in UNITS:
                rows = [document(store, "rows.csv")] if how else []
                resegment(store, SEED, what, documents=rows)
            else:
                unit, text = units(store)[how % len(units(store))]
                if what != "undo" or unit in decided:
                    seen[unit] = text
                    annotate(store, what, unit, number, decided)

            assert dict(units(store)).items() >= seen.items()
            assert {unit: labels(store)[unit]["decision_id"] for unit in decided} == decided
            assert {unit: labels(store)[unit]["text"] for unit in decided} == {
                unit: seen[unit] for unit in decided
            }
        store.close()
        assert faults(place) == []


def annotate(store: Store, what: str, unit: str, number: int, decided: dict[str, str]) -> None:
    """Record an event, and keep in ``decided`` what it should come to."""
    if what == "undo":
        tell(store, unit, "retract", number, ref=decided.pop(unit))
        if standing := desk_units.unit(store, Seat("ana"), unit)[0].decision.event:
            decided[unit] = standing
        return
    fields = {"memo": {"memo": "why?"}, "flag": {"flagged": True}}.get(what, {})
    made = tell(store, unit, what, number, **fields)
    if what in ("set", "skip", "not_codable"):
        decided[unit] = made
