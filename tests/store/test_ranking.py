"""How the desk walks a ranking: past what is decided or out of the corpus, by its own cursors."""

from __future__ import annotations

import numpy as np
import pytest

from annotator.store import (
    catalogue,
    clusters,
    desk_units,
    events,
    lists,
    progress,
    queue,
    settings,
)
from annotator.store.ranking import GENERATIONS, PLACES, Ranking
from annotator.store.seat import Seat
from annotator.store.spreading import ONCE

AT = "2031-05-03T10:00:00.000+00:00"
ANA = Seat("ana", queue="by:least-sure")
RANKING = Ranking(np.array([4, 1, 5, 3, 2]), 7)


def walked(store, after=0, want=9, ranking=RANKING):
    found = queue.next_units(store, ANA, after=after, want=want, ranking=ranking)
    return [(unit.seq, unit.cursor) for unit in found]


def test_a_ranking_is_walked_in_its_order_past_what_the_coder_decided(store, units, told):
    events.record_all(store, [told("set", units[0]), told("skip", units[4])])

    assert walked(store) == [(seq, RANKING.cursor(at)) for seq, at in ((4, 1), (3, 4), (2, 5))]
    assert [seq for seq, _ in walked(store, after=RANKING.cursor(1), want=1)] == [3]
    assert walked(store, after=RANKING.cursor(5)) == []


def test_what_was_only_confirmed_in_a_list_of_suggestions_still_comes(store, units, told):
    events.record_all(store, [told("set", units[3], arm="bulk")])

    assert [seq for seq, _ in walked(store)] == [4, 1, 5, 3, 2]


def test_a_cursor_of_another_generation_means_from_the_top(store):
    earlier = RANKING._replace(generation=6)

    assert walked(store, after=earlier.cursor(4)) == walked(store)


def test_cursors_are_whole_numbers_in_any_browser_and_grow_with_the_generation():
    assert Ranking(RANKING.numbers, GENERATIONS - 1).cursor(PLACES - 1) < 2**53
    assert RANKING.cursor(5) < RANKING._replace(generation=8).cursor(1)


def test_articles_that_are_retired_meanwhile_are_passed_over(store, units):
    catalogue.retire(store, [units[0].partition(":")[0]], who="ana", at=AT)

    assert [seq for seq, _ in walked(store)] == [4, 5]


def test_where_each_story_is_coded_once_its_copies_are_passed_over(store, units):
    stories = [list(dict.fromkeys(unit.partition(":")[0] for unit in units))]
    clusters.put(store, stories, [], [], clusters.state(store))
    settings.put(store, **{ONCE: "1"})

    assert [seq for seq, _ in walked(store)] == [1, 3, 2]


def test_what_was_skipped_and_decided_last_is_that_of_the_whole_project(store, units, told):
    events.record_all(store, [told("set", units[1]), told("skip", units[3], queue=ANA.queue)])

    assert [unit.seq for unit in desk_units.set_aside(store, ANA, "skipped")] == [4]
    assert [unit.seq for unit in desk_units.recent(store, ANA)] == [4, 2]
    assert progress.of(store, ANA) == progress.of(store, Seat("ana"))
    assert progress.of(store, ANA).done == 2


@pytest.mark.parametrize("name", ["random-stream", "confirm"])
def test_no_list_may_have_a_name_that_means_something_else_in_exports(name):
    assert "take another name" in str(lists.fault_in_name(name))
