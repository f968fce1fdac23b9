"""The list of documents: found, edited, retired and removed, and every change is an event."""

from __future__ import annotations

import itertools
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.core.annotation import Event
from annotator.core.document import Draft, Segment, letters_of
from annotator.core.errors import RejectedEventError
from annotator.store import (
    Store,
    catalogue,
    checks,
    cutting,
    desk_units,
    documents,
    events,
    progress,
    queue,
    reading,
    tables,
    tallies,
    view_checks,
)
from annotator.store.catalogue import Change
from annotator.store.events import Told
from annotator.store.progress import Progress
from annotator.store.seat import Seat

SAVED = Path(__file__).parents[1] / "data" / "project-2.db"
AT = "2021-05-03T10:00:00.000+00:00"


@pytest.fixture
def wire(store) -> str:
    """The document of three sentences."""
    return ids(store)[0]


@pytest.fixture
def courier(store) -> str:
    """The document of two sentences."""
    return ids(store)[1]


def ids(store: Store) -> list[str]:
    return [one.id for one in catalogue.page(store, order="added", retired=None).rows]


def add(store: Store, **fields: str) -> str:
    draft = Draft(text=f"One sentence of {fields}.", file="f.txt", file_sha256="0" * 64, **fields)
    whole = Segment(start=0, end=len(draft.text), paragraph=0, part="body")
    documents.add_documents(
        store, [(draft, [whole])], segmenter="test", draw=lambda name: 0.5, at=AT
    )
    return draft.document_id


# The list


def test_documents_are_found_by_words_of_their_title_outlet_author_or_file(store, wire):
    by_title = add(store, title="100% of it_")
    by_author = add(store, author="Mira Osk")

    def found(words: str) -> list[str]:
        return [one.id for one in catalogue.page(store, words=words, order="added").rows]

    assert found("WIRE") == [wire]
    assert found("0% of it_") == [by_title]
    assert found("0%it") == found("it__") == found("a_b") == []
    assert found(" mira ") == [by_author]
    assert len(found("f.txt")) == 2


def test_a_page_of_the_list_knows_how_long_the_whole_is(store):
    for day in (3, 1, 2):
        add(store, published=f"2031-05-0{day}", source="Post")

    page = catalogue.page(store, source="Post", descending=True, limit=2, offset=1)

    assert [one.published for one in page.rows] == ["2031-05-02", "2031-05-01"]
    assert page.total == 3


def test_an_entry_counts_the_units_that_anybody_decided(store, units, told, wire):
    events.record(store, [told("skip", units[0]), told("set", units[0], "ben")])
    events.record(store, [told("memo", units[1], memo="why?")])

    found = catalogue.entry(store, wire)

    assert found is not None
    assert (found.units, found.coded, found.file) == (3, 1, "wire.txt")
    assert catalogue.entry(store, "nothing") is None


def test_an_order_that_is_none_is_the_callers_fault(store):
    with pytest.raises(ValueError, match="no order 'text'; there are: added, published"):
        catalogue.page(store, order="text")


# Edits


def test_an_edit_is_an_event_and_the_id_stays(store, wire):
    made = catalogue.edit(store, "ana", [Change(wire, "source", "Velm Wire")], AT)

    found = catalogue.entry(store, wire)
    (told,) = catalogue.history(store, wire)
    assert found is not None
    assert found.source == "Velm Wire"
    assert (told.uuid, told.coder, told.op) == (made[0], "ana", "edit")
    assert (told.field, told.before, told.after) == ("source", "wire", "Velm Wire")


def test_a_value_that_is_what_it_was_makes_no_event(store, wire):
    changes = [Change(wire, "source", "wire"), Change(wire, "author", "")]

    assert catalogue.edit(store, "ana", changes, AT) == []
    assert catalogue.history(store, wire) == []


@pytest.mark.parametrize(
    ("published", "precision"),
    [("2031-05-04", "day"), ("2031-05", "month"), ("2031", "year"), ("", "")],
)
def test_a_date_is_as_exact_as_it_is_written(store, wire, published, precision):
    catalogue.edit(store, "ana", [Change(wire, "published", "1999-01-01")], AT)
    catalogue.edit(store, "ana", [Change(wire, "published", published)], AT)

    found = catalogue.entry(store, wire)
    assert found is not None
    assert (found.published, found.date_precision) == (published, precision)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("published", "31.02.2031", "is no date; write it as 2031-05-04"),
        ("published", "2031-02-31", "is no date"),
        ("published", "2031-W05", "is no date"),
        ("title", "Other", "'title' cannot be edited"),
        ("text", "Other", "'text' cannot be edited"),
    ],
)
def test_of_changes_that_are_refused_none_is_kept(store, wire, field, value, said):
    with pytest.raises(RejectedEventError, match=said):
        catalogue.edit(
            store, "ana", [Change(wire, "source", "Other"), Change(wire, field, value)], AT
        )

    assert catalogue.history(store, wire) == []
    assert catalogue.page(store, source="Other").total == 0


def test_a_document_that_is_not_there_is_named(store):
    for act in (
        lambda: catalogue.edit(store, "ana", [Change("gone", "source", "x")], AT),
        lambda: catalogue.retire(store, ["gone"], "ana", AT),
        lambda: catalogue.remove(store, ["gone"], "ana", AT),
    ):
        with pytest.raises(RejectedEventError, match="no document 'gone'"):
            act()


def test_an_edit_is_taken_back_by_an_event(store, wire):
    (first,) = catalogue.edit(store, "ana", [Change(wire, "published", "2031")], AT)

    catalogue.undo(store, "ben", first, AT)

    found = catalogue.entry(store, wire)
    assert found is not None
    assert (found.published, found.date_precision) == ("", "")
    assert [one.coder for one in catalogue.history(store, wire)] == ["ana", "ben"]


def test_an_edit_is_not_taken_back_once_the_field_was_changed_again(store, wire):
    (first,) = catalogue.edit(store, "ana", [Change(wire, "source", "One")], AT)
    catalogue.edit(store, "ben", [Change(wire, "source", "Two")], AT)

    with pytest.raises(RejectedEventError, match="source was changed again since, to 'Two'"):
        catalogue.undo(store, "ana", first, AT)
    with pytest.raises(RejectedEventError, match="not here"):
        catalogue.undo(store, "ana", "event-0001", AT)


def test_what_was_done_to_documents_is_no_decision_of_a_coder(store, units, told, wire):
    catalogue.edit(store, "cem", [Change(wire, "source", "Other")], AT)
    catalogue.retire(store, [wire], "cem", AT)
    catalogue.restore(store, [wire], "cem", AT)
    events.record(store, [told("set", units[0])])

    assert events.decisions_since(store, 0) == 1
    assert tables.coders(store) == ["ana"]
    assert [one.coder for one in tallies.by_coder(store)] == ["ana"]


# Removal


def test_only_a_document_that_nobody_wrote_about_is_removed(store, units, told, wire, courier):
    events.record(
        store, [told("memo", units[0], memo="why?"), told("flag", units[1], flagged=True)]
    )

    done = catalogue.remove(store, [wire, courier], "ana", AT)

    assert done.removed == [courier]
    assert done.kept == [catalogue.Kept(wire, "wire.txt", 2)]
    assert ids(store) == [wire]
    assert progress.of(store, Seat("ana")).total == 3


def test_a_decision_that_was_taken_back_holds_its_document_too(store, units, told, wire):
    events.record(store, [told("skip", units[0])])
    events.record(store, [told("retract", units[0], ref="event-0001")])

    assert catalogue.remove(store, [wire], "ana", AT).removed == []


def test_an_event_tells_what_a_removed_document_was(store, courier):
    catalogue.edit(store, "ana", [Change(courier, "published", "2031-05")], AT)
    catalogue.remove(store, [courier], "ana", AT)

    row = store.db.execute("select op, payload from event order by seq desc limit 1").fetchone()
    assert row[0] == "remove"
    assert row[1] == (
        '{"title": "", "file": "courier.txt", "source": "courier", "published": "2031-05",'
        f' "sha256": "{"0" * 64}", "units": 2}}'
    )


def test_a_removed_document_may_come_in_again_as_it_was(store, courier):
    seen = checks_of(store)
    catalogue.edit(store, "ana", [Change(courier, "source", "Other")], AT)
    catalogue.remove(store, [courier], "ana", AT)
    text = "They came at dawn. We will not leave."
    draft = Draft(text=text, file="courier.txt", file_sha256="0" * 64, source="courier")
    documents.add_documents(
        store,
        [(draft, [Segment(start=0, end=18, paragraph=0, part="lead")])],
        segmenter="test",
        draw=lambda name: 0.5,
        at=AT,
    )

    assert draft.document_id == courier
    assert checks_of(store) == seen == []


def checks_of(store: Store) -> list[object]:
    """Every fault of the documents, the view and the counts."""
    conn = store.db.conn
    return [
        *checks.documents_off_their_events(conn),
        *checks.documents_off_their_letters(conn),
        *view_checks.differences(conn),
        *checks.wrong_counts(conn),
        *checks.units_off_their_text(conn),
        *([1] * checks.events_without_document(conn)),
        *([1] * checks.events_without_unit(conn)),
        *([1] * checks.documents_off_their_units(conn)),
    ]


# Retirement


def test_a_retired_document_is_out_of_the_queue_and_of_all_counts(
    store, units, told, wire, courier
):
    given_ = {"answers": [{"variable": "frame", "code": "blockade"}]}
    events.record(store, [told("set", units[0], **given_), told("skip", units[1])])
    events.record(store, [told("flag", units[2], flagged=True), told("set", units[3])])

    assert catalogue.retire(store, [wire], "ana", AT, "a duplicate") == [wire]

    assert progress.of(store, Seat("ana")) == Progress(1, 2, 0, 1, 0, 0)
    assert progress.of(store, Seat("ben")) == Progress(0, 2, 0, 1, 0, 0)
    assert desk_units.set_aside(store, Seat("ana"), "skipped") == []
    assert desk_units.set_aside(store, Seat("ana"), "flagged") == []
    assert [one.unit_id for one in desk_units.recent(store, Seat("ana"))] == [units[3]]
    ahead = queue.next_units(store, Seat("ben"), after=0, want=9)
    assert [one.document_id for one in ahead] == [courier, courier]
    assert tables.totals(store) == {"documents": 1, "units": 2, "annotated_units": 1}
    assert tables.code_counts(store) == {}
    assert [one.unit.document_id for one in tables.codings(store)] == [courier]
    assert len(list(tables.codings(store, retired=True))) == 3
    assert {one.document_id for one in tables.units(store)} == {courier}
    assert [one[:4] for one in tallies.by_coder(store)] == [("ana", 1, 0, 0)]
    assert tallies.decisions(store) == 1
    assert [one.reason for one in catalogue.history(store, wire)] == ["a duplicate"]


def test_words_of_a_retired_document_are_not_found(store, units, wire, found):
    catalogue.retire(store, [wire], "ana", AT)
    assert found(store, "the border") == []
    assert [one.file for one in documents.overview(store)] == ["courier.txt"]
    assert documents.sources(store) == [("courier", 1)]

    catalogue.restore(store, [wire], "ana", AT)
    assert found(store, "the border") == [units[0]]


def test_what_is_left_out_names_what_is_retired(store, units, told, wire):
    events.record(store, [told("set", units[0]), told("skip", units[1])])

    catalogue.retire(store, [wire], "ana", AT)

    assert tables.left_out(store) == {
        "undecided units": 2,
        "skipped": 0,
        "not codable": 0,
        "memos or flags without a decision": 0,
        "units of retired documents": 3,
        "decisions on retired documents": 2,
    }


def test_a_restored_document_is_as_it_was_with_what_was_coded_meanwhile(store, units, told, wire):
    events.record(store, [told("set", units[0]), told("set", units[1])])
    catalogue.retire(store, [wire], "ana", AT)

    # A desk had the third sentence on its screen already; another coder's had all of them.
    events.record(store, [told("set", units[2]), told("skip", units[0], "ben")])
    assert progress.of(store, Seat("ana")) == Progress(0, 2, 0, 1, 0, 0)
    assert progress.of(store, Seat("ben")) == Progress(0, 2, 0, 1, 0, 0)

    assert catalogue.restore(store, [wire], "ana", AT) == [wire]

    assert progress.of(store, Seat("ana")) == Progress(3, 5, 1, 2, 0, 0)
    assert progress.of(store, Seat("ben")) == Progress(1, 5, 0, 2, 1, 0)


def test_an_undo_in_a_retired_document_counts_when_it_is_restored(store, units, told, wire):
    events.record(store, [told("skip", units[0]), told("flag", units[1], flagged=True)])
    catalogue.retire(store, [wire], "ana", AT)

    events.record(store, [told("retract", units[0], ref="event-0001")])
    events.record(store, [told("flag", units[1], flagged=False)])

    assert progress.of(store, Seat("ana")) == Progress(0, 2, 0, 1, 0, 0)
    catalogue.restore(store, [wire], "ana", AT)
    assert progress.of(store, Seat("ana")) == Progress(0, 5, 0, 2, 0, 0)


def test_a_document_is_done_only_while_none_of_its_units_is_open(store, units, told, courier):
    whole = cutting.whole(store, courier)
    first = Segment(start=0, end=18, paragraph=0, part="lead")
    both = [first, Segment(start=19, end=37, paragraph=0, part="lead")]
    events.record(store, [told("set", units[3])])

    def done_after(segments: list[Segment]) -> int:
        cutting.cut_anew(
            store, whole, segments, segmenter="x", draw=lambda name: 0.5, who="ana", at=AT
        )
        return progress.of(store, Seat("ana")).documents_done

    assert [done_after(cut) for cut in ([first], both, [first])] == [1, 0, 1]


def test_a_unit_of_a_retired_document_is_shown_to_whoever_names_it(store, units, wire):
    catalogue.retire(store, [wire], "ana", AT)

    (shown,) = desk_units.unit(store, Seat("ana"), units[0])
    (other,) = desk_units.unit(store, Seat("ana"), units[3])

    assert (shown.retired, other.retired) == (True, False)
    assert reading.article(store, Seat("ana"), wire)


def test_what_is_retired_or_restored_already_makes_no_event(store, wire):
    assert catalogue.restore(store, [wire], "ana", AT) == []
    assert catalogue.retire(store, [wire, wire], "ana", AT) == [wire]
    assert catalogue.retire(store, [wire], "ana", AT) == []
    assert [one.op for one in catalogue.history(store, wire)] == ["retire"]


# Everything together

STEP = st.tuples(
    st.sampled_from(
        ["set", "skip", "flag", "unflag", "undo", "retire", "restore", "edit", "cut", "remove"]
    ),
    st.sampled_from(["ana", "ben"]),
    st.integers(0, 4),
)


def counted(store: Store, coder: str) -> Progress:
    """The same figures, counted from the current view."""
    here = "from unit u join document d on d.id = u.document_id and d.retired = 0"
    (total,) = store.db.execute(f"select count(*) {here}").fetchone()
    done, skipped, flagged = store.db.execute(
        "select count(status), count(*) filter (where status = 'skipped'),"
        f" count(*) filter (where flagged) {here} join coding c on c.unit = u.seq"
        " where coder = ?",
        (coder,),
    ).fetchone()
    complete, whole = store.db.execute(
        "select coalesce(sum(units = (select count(*) from unit u join coding c on c.unit = u.seq"
        " where u.document_id = d.id and c.coder = ? and c.status is not null)), 0), count(*)"
        " from document d where retired = 0",
        (coder,),
    ).fetchone()
    return Progress(done, total, complete, whole, skipped, flagged)


def take(store: Store, number: int, op: str, coder: str, unit: str, made: list[str]) -> None:
    document = unit.partition(":")[0]
    if op in ("retire", "restore", "remove"):
        getattr(catalogue, op)(store, [document], coder, AT)
    elif op == "edit":
        catalogue.edit(store, coder, [Change(document, "published", str(2000 + number % 3))], AT)
    elif op == "cut":
        whole = cutting.whole(store, document)
        ends = [0, number % 3 * 9, len(whole.text)]
        segments = [
            Segment(start=a, end=b, paragraph=0, part="body")
            for a, b in itertools.pairwise(ends)
            if a < b
        ]
        cutting.cut_anew(
            store, whole, segments, segmenter="x", draw=lambda name: 0.5, who=coder, at=AT
        )
    elif op != "undo" or made:
        fields = {
            "flag": {"flagged": True},
            "unflag": {"op": "flag", "flagged": False},
            "undo": {"op": "retract", "ref": made[-1] if made else None},
        }.get(op, {})
        stated = {"uuid": f"event-{number:04}", "op": op, "unit": unit, "scheme": 1}
        event = Event.model_validate(stated | fields)
        (refusal,) = events.record(store, [Told(coder, event, AT)])
        if refusal is None and op in ("set", "skip"):
            made.append(event.uuid)


@settings(max_examples=60, deadline=None)
@given(steps=st.lists(STEP, max_size=25))
def test_after_any_work_progress_is_what_counting_gives_and_nothing_is_astray(steps, store_of_five):
    with TemporaryDirectory() as folder:
        store = store_of_five(Path(folder))
        made: dict[tuple[str, str], list[str]] = {}
        for number, (op, coder, place) in enumerate(steps):
            units = [row[0] for row in store.db.execute("select id from unit order by seq")]
            if not units:
                break
            unit = units[place % len(units)]
            take(store, number, op, coder, unit, made.setdefault((coder, unit), []))

            for who in ("ana", "ben"):
                assert progress.of(store, Seat(who)) == counted(store, who)
        assert checks_of(store) == []
        store.close()


def test_numbers_of_units_are_never_given_again(store, units, courier):
    (last,) = store.db.execute("select max(seq) from unit").fetchone()
    catalogue.remove(store, [courier], "ana", AT)
    whole = cutting.whole(store, units[0].partition(":")[0])
    one = Segment(start=0, end=len(whole.text), paragraph=0, part="body")

    cutting.cut_anew(store, whole, [one], segmenter="x", draw=lambda name: 0.5, who="ana", at=AT)
    catalogue.remove(store, [whole.id], "ana", AT)
    add(store)

    assert store.db.execute("select seq from unit").fetchall() == [(last + 2,)]


def test_a_project_saved_by_the_release_before_opens_with_its_labels_and_counts(tmp_path):
    place = tmp_path / "old.annotator"
    shutil.copy(SAVED, place)

    opened = Store.open(place)

    (coding,) = tables.codings(opened)
    (text, letters) = opened.db.execute("select text, letters from document").fetchone()
    assert [answer.code for answer in coding.answers] == ["sovereignty"]
    assert progress.of(opened, Seat("ana")) == Progress(1, 3, 0, 1, 0, 0)
    assert letters == letters_of(text)
    assert [one.title for one in catalogue.page(opened).rows] == ["The bridge is closed"]
    assert checks_of(opened) == []
    opened.close()
