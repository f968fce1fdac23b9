"""Reviews of labels, and what was only confirmed in a list: counted, kept, opened from before."""

from __future__ import annotations

import shutil
from pathlib import Path

from annotator.store import Store, catalogue, desk_units, events, lists, progress, queue, reviews
from annotator.store.lists import Listed
from annotator.store.seat import Seat

AT = "2021-05-03T10:00:00.000+00:00"
SAVED = Path(__file__).parents[1] / "data" / "project-4.db"
ANA = Seat("ana", queue="again")
ROAD = {"answers": [{"variable": "frame", "code": "blockade"}]}
ONLY = {"arm": "bulk", "asked": ["frame::blockade"], **ROAD}


def check_of(store, numbers):
    rows = [Listed(number, None, "doubted") for number in numbers]
    return lists.save(store, "again", "check", "", {}, rows, who="ana", at=AT)


def test_a_project_saved_before_there_were_checks_keeps_its_lists_and_takes_a_check(tmp_path):
    place = tmp_path / "old.annotator"
    shutil.copy(SAVED, place)

    opened = Store.open(place)

    found = {one.name: (one.kind, one.units) for one in lists.everything(opened)}
    assert found == {"may": ("plan", 4), "few": ("set", 1)}
    assert [one.probability for one in lists.rows(opened, "may")] == [0.5] * 4
    assert progress.of(opened, Seat("ana", queue="may"))[:2] == (3, 4)
    check_of(opened, [1, 2])
    assert progress.of(opened, ANA)[:2] == (0, 2)
    assert opened.db.execute("pragma foreign_key_check").fetchall() == []
    opened.close()


def test_a_check_serves_only_what_the_coder_gave_a_label_in_the_order_of_the_list(
    store, units, told
):
    events.record_all(store, [told("set", units[0]), told("skip", units[1]), told("set", units[3])])
    check_of(store, [4, 2, 3, 1])

    assert [unit.seq for unit in queue.next_units(store, ANA, after=0, want=9)] == [4, 1]
    assert progress.of(store, ANA)[:2] == (0, 2)
    assert queue.next_units(store, ANA._replace(coder="ben"), after=0, want=9) == []


def test_a_review_through_one_check_is_none_through_another(store, units, told):
    events.record_all(store, [told("set", units[0])])
    check_of(store, [1])
    lists.save(store, "other", "check", "", {}, [Listed(1)], who="ana", at=AT)

    events.record_all(store, [told("set", units[0], arm="check", queue="again")])

    assert progress.of(store, ANA)[:2] == (1, 1)
    assert progress.of(store, ANA._replace(queue="other"))[:2] == (0, 1)


def test_of_several_reviews_the_last_counts_and_of_those_undone_none(store, units, told):
    through = {"arm": "check", "queue": "again"}
    first, second = (told("set", units[0], **through, **more) for more in ({}, ROAD))
    before = told("set", units[0])
    events.record_all(store, [before, first, second])
    check_of(store, [1])

    (review,) = reviews.reviews(store, "again")

    assert (review.before.event.uuid, review.after.event.uuid) == (
        before.event.uuid,
        second.event.uuid,
    )
    events.record_all(store, [told("retract", units[0], ref=second.event.uuid)])
    (review,) = reviews.reviews(store, "again")
    assert review.after.event.uuid == first.event.uuid


def test_units_of_retired_documents_are_not_reviewed(store, units, told):
    events.record_all(store, [told("set", units[0]), told("set", units[3])])
    check_of(store, [1, 4])

    catalogue.retire(store, [units[0].partition(":")[0]], "ana", AT)

    assert [one.unit_id for one in reviews.reviews(store, "again")] == [units[3]]
    assert progress.of(store, ANA)[:2] == (0, 1)


def test_what_was_only_confirmed_counts_nowhere_until_it_is_coded(store, units, told):
    lists.save(store, "all", "set", "", {}, [Listed(n) for n in (1, 2)], who="ana", at=AT)
    everywhere = (Seat("ana"), Seat("ana", queue="all"))
    blank = [progress.of(store, seat) for seat in everywhere]

    events.record_all(store, [told("set", units[0], **ONLY)])

    assert [progress.of(store, seat) for seat in everywhere] == blank
    lists.extend(store, "all", {}, [Listed(3)], who="ana", at=AT)
    assert progress.of(store, everywhere[1])[:2] == (0, 3)
    coded = told("set", units[0])
    events.record_all(store, [coded])
    assert [progress.of(store, seat).done for seat in everywhere] == [1, 1]
    events.record_all(store, [told("retract", units[0], ref=coded.event.uuid)])
    assert [progress.of(store, seat).done for seat in everywhere] == [0, 0]


def test_a_memo_on_what_was_only_confirmed_is_shown_with_it(store, units, told):
    events.record_all(
        store, [told("set", units[0], **ONLY), told("memo", units[0], memo="really?")]
    )

    (unit,) = desk_units.unit(store, Seat("ana"), units[0])

    assert unit.decision.memo == "really?"
    assert (unit.decision.status, unit.decision.answers) == (None, ())


def test_a_decision_may_ask_one_code_and_answers_no_other(store, units, told):
    other = {"variable": "frame", "code": "sovereignty"}

    kept = events.record(
        store,
        [
            told("set", units[0], asked=["frame::blockade"], answers=[other]),
            told("set", units[0], asked=["frame::siege"]),
            told("set", units[0], **ONLY),
        ],
    )

    assert kept == [
        "frame: has an answer and was not asked",
        "the codebook cannot ask 'frame::siege'",
        None,
    ]
