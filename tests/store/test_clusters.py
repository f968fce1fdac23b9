"""Clusters in the store: their names, what people say of them, and how much is left to code."""

from __future__ import annotations

import random

import pytest

from annotator.core.annotation import Event
from annotator.core.errors import RejectedEventError
from annotator.store import (
    catalogue,
    checks,
    clusters,
    documents,
    events,
    progress,
    queue,
    settings,
    stories,
)
from annotator.store.connection import reading
from annotator.store.events import Told
from annotator.store.seat import Seat
from tests.store.conftest import article

AT = "2031-05-03T10:00:00.000+00:00"
ANA = Seat("ana")


def add(store, name, sentences, **about):
    """An article of these sentences; gives its id."""
    draft, segments = article(sentences, name, **about)
    documents.add_documents(
        store, [(draft, segments)], segmenter="test", draw=lambda unit: 0.5, at=AT
    )
    return draft.document_id


def group(store, *ids):
    for id_ in ids[1:]:
        clusters.unite(store, ids[0], id_, "ana", AT)


def clusters_of(store):
    rows = store.db.execute("select id, cluster_id, copy from document order by rowid")
    return {id_: (cluster, copy) for id_, cluster, copy in rows}


@pytest.fixture
def story(store):
    """Four copies of a story beside the two articles that have none."""
    said = ["A bridge opens in Korva.", "The mayor came."]
    ids = [add(store, f"paper {number}", [*said, f"Note {number}."]) for number in range(4)]
    group(store, *ids)
    return ids


def save(store, unit, op="set", coder="ana", arm="", **fields):
    number = events.count(store) + 1
    stated = {"uuid": f"cluster-event-{number:05}", "op": op, "unit": unit, "scheme": 1, "arm": arm}
    event = Event.model_validate(stated | fields)
    assert events.record(store, [Told(coder, event, AT)]) == [None]
    return event.uuid


def units_of(store, document_id):
    rows = store.db.execute(
        "select id from unit where document_id = ? order by idx", (document_id,)
    )
    return [row[0] for row in rows]


def faults(store):
    with reading(store.path) as conn:
        return checks.wrong_counts(conn), checks.documents_off_their_cluster(conn)


def test_a_cluster_bears_the_id_of_its_first_document(store, story):
    assert [clusters_of(store)[id_] for id_ in story] == [
        (story[0], 0),
        (story[0], 1),
        (story[0], 1),
        (story[0], 1),
    ]


def test_where_the_first_document_goes_the_next_oldest_gives_the_name(store, story):
    catalogue.remove(store, [story[0]], "ana", AT)

    assert [clusters_of(store)[id_] for id_ in story[1:]] == [
        (story[1], 0),
        (story[1], 1),
        (story[1], 1),
    ]
    assert faults(store) == ([], [])


def test_one_document_alone_is_no_cluster(store, story):
    catalogue.remove(store, story[:3], "ana", AT)

    assert clusters_of(store)[story[3]] == ("", 0)
    assert stories.listed(store) == []


def test_a_retired_document_keeps_its_cluster_and_is_no_copy(store, story):
    catalogue.retire(store, [story[0], story[2]], "ana", AT)

    assert [clusters_of(store)[id_] for id_ in story] == [
        (story[0], 0),
        (story[0], 0),
        (story[0], 0),
        (story[0], 1),
    ]
    assert [one.size for one in stories.listed(store)] == [2]

    catalogue.restore(store, [story[0], story[2]], "ana", AT)

    assert [clusters_of(store)[id_][1] for id_ in story] == [0, 1, 1, 1]
    assert faults(store) == ([], [])


def test_a_document_that_is_separated_leaves_and_comes_back_with_an_undo(store, story):
    made = clusters.separate(store, story[0], "ana", AT)

    assert clusters_of(store)[story[0]] == ("", 0)
    assert [clusters_of(store)[id_] for id_ in story[1:]] == [
        (story[1], 0),
        (story[1], 1),
        (story[1], 1),
    ]
    assert clusters.apart(store) == [(story[0], story[1])]

    clusters.undo(store, made, "ana", AT)

    assert [clusters_of(store)[id_] for id_ in story] == [(story[0], n > 0) for n in range(4)]
    assert clusters.apart(store) == []
    with pytest.raises(RejectedEventError, match="nothing here to take back"):
        clusters.undo(store, made, "ana", AT)


def test_clusters_that_are_united_by_mistake_come_apart_again(store, story):
    other = [add(store, f"wire {number}", ["Rain in Velm.", f"Day {number}."]) for number in (1, 2)]
    group(store, *other)
    made = clusters.unite(store, other[1], story[2], "ana", AT)
    together = clusters_of(store)

    clusters.undo(store, made, "ana", AT)

    assert {together[id_][0] for id_ in (*story, *other)} == {story[0]}
    assert [clusters_of(store)[id_] for id_ in other] == [(other[0], 0), (other[0], 1)]
    assert [clusters_of(store)[id_][1] for id_ in story] == [0, 1, 1, 1]


def test_a_pair_that_was_rejected_is_suggested_again_after_an_undo(store):
    one, other = (row[0] for row in store.db.execute("select id from document order by rowid"))
    assert clusters.put(store, [], [(other, one, 0.41)], [], clusters.state(store))

    made = clusters.separate(store, other, "ana", AT, other_id=one)

    assert stories.suggested(store) == []
    clusters.undo(store, made, "ana", AT)
    assert [(p.document_id, p.other_id, p.likeness) for p in stories.suggested(store)] == [
        (other, one, 0.41)
    ]


def test_a_document_is_separated_from_another_one_that_is_here(store, story):
    (alone,) = store.db.execute("select id from document order by rowid").fetchone()

    for document in (alone, story[1]):
        with pytest.raises(RejectedEventError, match="name two different ones"):
            clusters.separate(store, document, "ana", AT, other_id=document)
        with pytest.raises(RejectedEventError, match="has no document 'gone'"):
            clusters.separate(store, document, "ana", AT, other_id="gone")

    assert clusters.apart(store) == []
    assert clusters_of(store)[story[1]] == (story[0], 1)


def test_a_comparison_is_not_kept_where_somebody_changed_documents_meanwhile(store, story):
    before = clusters.state(store)
    clusters.separate(store, story[3], "ana", AT)

    assert not clusters.put(store, [story], [], [], before)
    assert clusters_of(store)[story[3]] == ("", 0)


def test_weights_of_a_story_add_up_to_one(store, story):
    catalogue.retire(store, [story[1]], "ana", AT)

    found = {one.document_id: one.weight for one in stories.weights(store)}

    assert story[1] not in found
    assert sum(found[id_] for id_ in story if id_ != story[1]) == pytest.approx(1)
    assert sum(found.values()) == pytest.approx(3)


def test_outlets_are_told_who_printed_a_story_first(store):
    told = [
        add(store, "Late Post", ["Rain in Velm."], published="2031-05-04"),
        add(store, "Early Wire", ["Rain in Velm.", "Much."], published="2031-05-02"),
        add(store, "Undated", ["Rain in Velm.", "More."]),
    ]
    group(store, *told)

    assert stories.shared(store) == [("Early Wire", "Late Post", 1)]
    (cluster,) = stories.listed(store)
    assert cluster.outlets == ("Early Wire", "Late Post", "Undated")
    assert (cluster.first, cluster.last, cluster.size) == ("2031-05-02", "2031-05-04", 3)


def test_where_each_story_is_coded_once_the_queue_has_no_later_copies(store, story):
    settings.put(store, code_once="1")

    found = {one.document_id for one in queue.next_units(store, ANA, after=0, want=50)}

    assert story[0] in found
    assert found.isdisjoint(story[1:])
    # Two articles of five sentences, and the story of three.
    assert progress.of(store, ANA)[:4] == (0, 8, 0, 3)


def test_a_copy_that_a_coder_has_begun_stays_in_their_queue(store, story):
    settings.put(store, code_once="1")
    save(store, units_of(store, story[2])[0])

    found = [one.document_id for one in queue.next_units(store, ANA, after=0, want=50)]
    other = [one.document_id for one in queue.next_units(store, Seat("ben"), after=0, want=50)]

    assert found.count(story[2]) == 2
    assert story[2] not in other
    assert progress.of(store, ANA)[:4] == (1, 11, 0, 4)


def test_progress_ends_where_the_queue_does_whatever_happens(store, story):
    """Whatever is saved, copied, undone, retired or regrouped, in whatever order."""
    settings.put(store, code_once="1")
    chance = random.Random(7)
    ids = [row[0] for row in store.db.execute("select id from document order by rowid")]
    made: list[tuple[str, str, str]] = []
    for _ in range(150):
        one, other = chance.sample(ids, 2)
        coder = chance.choice(["ana", "ben"])
        settings.put(store, propagate=chance.choice(["ask", "always"]))
        act = chance.randrange(7)
        if act < 3:
            unit = chance.choice(units_of(store, one))
            made.append((coder, unit, save(store, unit, chance.choice(["set", "skip"]), coder)))
        elif act == 3 and made:
            coder, unit, uuid = made.pop(chance.randrange(len(made)))
            save(store, unit, "retract", coder, ref=uuid)
        elif act == 4:
            chance.choice([catalogue.retire, catalogue.restore])(store, [one], "ana", AT)
        elif act == 5 and clusters.cluster_of(store, one):
            clusters.separate(store, one, "ana", AT)
        elif act == 6 and clusters.cluster_of(store, one) != clusters.cluster_of(store, other):
            clusters.unite(store, one, other, "ana", AT)
        assert faults(store) == ([], [])
        for seat in (ANA, Seat("ben")):
            told = progress.of(store, seat)
            assert told.total - told.done == len(queue.next_units(store, seat, after=0, want=99))
