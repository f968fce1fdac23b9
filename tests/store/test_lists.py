"""Lists of units: kept in order, walked by the desk, counted by triggers, dropped and restored."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.core.annotation import Event
from annotator.core.errors import RejectedEventError
from annotator.store import Store, catalogue, desk_units, events, lists, progress, queue
from annotator.store.events import Told
from annotator.store.lists import Listed
from annotator.store.progress import Progress
from annotator.store.seat import Seat

AT = "2031-05-03T10:00:00.000+00:00"
ANA = Seat("ana", queue="may")


def save(store, units, name="may", kind="plan", **fields):
    rows = [Listed(unit, 0.5, "all") for unit in units]
    return lists.save(store, name, kind, "", {"n": 1}, rows, who="ana", at=AT, **fields)


def numbers(store):
    return {row[0]: row[1] for row in store.db.execute("select id, seq from unit")}


def test_a_list_keeps_its_units_in_their_order_with_their_probabilities(store):
    rows = [Listed(4, 0.25, "wire"), Listed(1, 1.0, "courier"), Listed(3, 0.25, "wire")]

    made = lists.save(store, "may", "plan", "May 2031", {"seed": 7}, rows, who="ana", at=AT)

    assert lists.rows(store, "may") == rows
    assert made == lists.find(store, "may")
    assert (made.heading, made.units, dict(made.settings)) == ("May 2031", 3, {"seed": 7})


@pytest.mark.parametrize("name", ["", " may", "a\tb", "x" * 81])
def test_a_name_that_could_not_be_told_from_another_is_refused(store, name):
    with pytest.raises(RejectedEventError):
        save(store, [1], name)
    assert lists.everything(store) == []


def test_a_second_list_of_the_same_name_is_refused_and_the_first_stays(store):
    save(store, [1, 2])

    with pytest.raises(RejectedEventError, match="choose another name"):
        save(store, [3])

    assert [one.unit for one in lists.rows(store, "may")] == [1, 2]


def test_the_desk_walks_a_list_in_its_order_and_leaves_out_what_is_decided(store, units, told):
    save(store, [4, 1, 3, 2])
    events.record_all(store, [told("set", units[0])])

    walked = queue.next_units(store, ANA, after=0, want=9)

    assert [unit.seq for unit in walked] == [4, 3, 2]
    assert [unit.cursor for unit in walked] == [1, 3, 4]
    further = queue.next_units(store, ANA, after=walked[1].cursor, want=9)
    assert [unit.seq for unit in further] == [2]


def test_a_decision_counts_in_every_list_that_has_the_unit(store, units, told):
    save(store, [1, 2])
    save(store, [2, 3, 4], "june", "set")

    events.record_all(store, [told("set", units[1], queue="june")])

    assert progress.of(store, ANA) == Progress(1, 2, 0, 0, 0, 0)
    assert progress.of(store, ANA._replace(queue="june")) == Progress(1, 3, 0, 0, 0, 0)
    assert progress.of(store, Seat("ben", queue="june")).done == 0


def test_what_was_coded_before_a_list_was_made_counts_in_it(store, units, told):
    events.record_all(store, [told("set", units[0]), told("skip", units[3], flagged=True)])

    save(store, [1, 2, 4])

    assert progress.of(store, ANA) == Progress(2, 3, 0, 0, 1, 1)
    assert lists.progress(store) == [("may", "ana", 2, 1, 1)]


def test_skipped_and_last_decisions_are_those_of_the_list(store, units, told):
    save(store, [2, 4])
    events.record_all(store, [told("skip", units[n]) for n in (0, 1, 2, 3)])

    assert [unit.seq for unit in desk_units.set_aside(store, ANA, "skipped")] == [2, 4]
    assert [unit.seq for unit in desk_units.recent(store, ANA)] == [4, 2]
    assert len(desk_units.recent(store, Seat("ana"))) == 4


def test_units_of_a_retired_document_are_out_of_the_list_until_it_is_restored(store, units, told):
    save(store, [1, 2, 4])
    events.record_all(store, [told("set", units[n]) for n in (0, 3)])
    document = units[0].partition(":")[0]

    catalogue.retire(store, [document], "ana", AT)

    assert progress.of(store, ANA) == Progress(1, 1, 0, 0, 0, 0)
    assert [one.unit_id for one in lists.units(store, "may")] == [units[3]]
    catalogue.restore(store, [document], "ana", AT)
    assert progress.of(store, ANA) == Progress(2, 3, 0, 0, 0, 0)


def test_a_document_of_a_listed_unit_is_not_removed(store, units):
    save(store, [1])

    removal = catalogue.remove(store, [units[0].partition(":")[0]], "ana", AT)

    assert removal.removed == []
    assert len(lists.rows(store, "may")) == 1


def test_an_extension_comes_at_the_end_and_changes_nothing_before(store):
    save(store, [4, 1])

    made = lists.extend(store, "may", {"n": 2}, [Listed(2, 0.1, "later")], who="ben", at=AT)

    assert lists.rows(store, "may") == [
        Listed(4, 0.5, "all"),
        Listed(1, 0.5, "all"),
        Listed(2, 0.1, "later"),
    ]
    assert (made.units, dict(made.settings)) == (3, {"n": 2})


def test_a_plan_that_somebody_decided_through_is_not_dropped_until_all_is_taken_back(
    store, units, told
):
    save(store, [1, 2])
    decided = told("set", units[0], queue="may")
    events.record_all(store, [decided, told("set", units[1])])

    with pytest.raises(RejectedEventError, match="1 decision was made through the sample 'may'"):
        lists.drop(store, "may", who="ana", at=AT)
    events.record_all(store, [told("retract", units[0], ref=decided.event.uuid)])
    lists.drop(store, "may", who="ana", at=AT)

    assert lists.find(store, "may") is None


def test_a_list_that_was_dropped_comes_back_as_it_was(store, units, told):
    before = save(store, [4, 1, 3])
    rows = lists.rows(store, "may")
    events.record_all(store, [told("set", units[3])])

    gone = lists.drop(store, "may", who="ana", at=AT)
    back = lists.restore(store, gone, who="ana", at=AT)

    assert back == before
    assert lists.rows(store, "may") == rows
    assert progress.of(store, ANA).done == 1


def test_another_title_leaves_the_name_that_decisions_carry(store):
    save(store, [1])

    renamed = lists.retitle(store, "may", "Spring", who="ben", at=AT)

    assert (renamed.name, renamed.heading) == ("may", "Spring")


def test_whatever_is_done_to_a_list_is_an_event(store):
    save(store, [1])
    lists.extend(store, "may", {}, [Listed(2)], who="ben", at=AT)
    lists.retitle(store, "may", "Spring", who="ben", at=AT)
    lists.restore(store, lists.drop(store, "may", who="cem", at=AT), who="cem", at=AT)

    told = store.db.execute("select op, coder from event where subject = 'list' order by seq")

    assert told.fetchall() == [
        ("save", "ana"),
        ("extend", "ben"),
        ("edit", "ben"),
        ("drop", "cem"),
        ("restore", "cem"),
    ]


STEP = st.tuples(
    st.sampled_from(["ana", "ben"]),
    st.sampled_from(["set", "skip", "rest", "flag", "unflag", "undo", "retire", "restore"]),
    st.integers(0, 4),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(STEP, max_size=14))
def test_progress_in_a_list_is_the_same_as_counting_anew(store_of_five, steps):
    with TemporaryDirectory() as folder:
        store = store_of_five(Path(folder))
        save(store, [5, 2, 1])
        units = [row[0] for row in store.db.execute("select id from unit order by seq")]
        made: dict[str, list[tuple[str, str]]] = {"ana": [], "ben": []}
        for number, (coder, op, unit) in enumerate(steps):
            act(store, number, coder, op, units[unit], made[coder])

        for coder in made:
            seat = Seat(coder, queue="may")
            assert progress.of(store, seat) == counted(store, coder)
        store.close()


def act(store: Store, number: int, coder: str, op: str, unit: str, made: list[tuple[str, str]]):
    if op in {"retire", "restore"}:
        getattr(catalogue, op)(store, [unit.partition(":")[0]], coder, AT)
        return
    if op == "undo":
        if not made:
            return
        ref, unit = made.pop()
        fields = {"op": "retract", "ref": ref}
    else:
        fields = {
            "rest": {"op": "not_codable", "rest": True},
            "flag": {"flagged": True},
            "unflag": {"op": "flag", "flagged": False},
        }.get(op, {})
    stated = {"uuid": f"event-{number:04}", "op": op, "unit": unit, "scheme": 1} | fields
    events.record_all(store, [Told(coder, Event.model_validate(stated), AT)])
    if op != "undo":
        made.append((stated["uuid"], unit))


def counted(store: Store, coder: str) -> Progress:
    there = (
        "from listed l join unit u on u.seq = l.unit join document d on d.id = u.document_id"
        " left join coding c on c.unit = l.unit and c.coder = ? where d.retired = 0"
    )
    row = store.db.execute(
        f"select count(c.status), count(*), count(*) filter (where c.status = 'skipped'),"
        f" count(*) filter (where c.flagged = 1) {there}",
        (coder,),
    ).fetchone()
    return Progress(row[0], row[1], 0, 0, row[2], row[3])
