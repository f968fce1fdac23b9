"""Coding played again: what is counted, and on what."""

from __future__ import annotations

import numpy as np
import pytest

from annotator.core.errors import ModelError
from annotator.core.progress import silent
from annotator.learn.fit import Material
from annotator.learn.replay import needed, replay, steps


def played(table, columns, orders=("least-sure",), **settings):
    return replay(table, columns, orders, material=Material(), seed=1, progress=silent, **settings)


@pytest.fixture(scope="module")
def coded(make_table):
    table = make_table(n=170, seed=4)
    table["draw"] = np.where(np.arange(170) % 5 < 2, 0.1, 0.9)
    return table


def test_the_labels_for_a_goal_lie_between_the_steps_around_it():
    # .45 lies half way from .4 at 60 labels to the .5 of all 100.
    assert needed([30, 60], [[0.2, 0.4]], 0.5, 100)[0.9] == pytest.approx(80)


def test_the_runs_are_averaged_before_the_goal_is_looked_for():
    assert needed([10, 20], [[0.0, 0.8], [0.4, 0.8]], 0.5, 30)[0.8] == pytest.approx(
        10 + 10 * (0.4 - 0.2) / 0.6
    )


def test_where_all_labels_together_find_nothing_no_goal_is_reached():
    assert set(needed([10], [[0.0]], 0.0, 30).values()) == {None}


def test_steps_grow_and_end_before_all_labels():
    assert steps(300)[0] == 30
    assert steps(300)[-1] < 300
    assert steps(12) == [12]


@pytest.fixture(scope="module")
def report(coded, columns):
    return played(coded, columns, ["disagreement"], runs=1)


def test_every_way_begins_with_the_same_labels_and_chance_is_always_played(report):
    chance, other = report.curves
    assert [chance.order, other.order] == ["random", "disagreement"]
    assert chance.f1[0][0] == other.f1[0][0]
    assert len(chance.f1[0]) == len(report.sizes)


def test_figures_come_from_the_random_stream_and_nothing_is_learned_from_it(coded, columns):
    reserved = coded["draw"] < 0.2
    turned = coded.copy()
    keys = [column.key for column in columns]
    turned.loc[reserved, keys] = 1 - turned.loc[reserved, keys]

    right, wrong = (played(table, columns, [], runs=1) for table in (coded, turned))

    assert (right.tested, right.pool) == (reserved.sum(), (~reserved).sum())
    # With the answers of the stream turned round, the same models are wrong where they were right.
    assert wrong.full < right.full / 2


def test_what_was_coded_with_suggestions_on_screen_is_not_scored_on(coded, columns):
    led = coded.copy()
    led["blind"] = coded.index % 10 != 0

    assert played(led, columns, [], runs=1).tested == (led["blind"] & (led["draw"] < 0.2)).sum()


def test_the_same_coding_plays_the_same_twice(coded, columns, report):
    assert played(coded, columns, ["disagreement"], runs=1) == report


@pytest.mark.parametrize(("draw", "said"), [(0.9, "random stream"), (0.1, "outside of the random")])
def test_too_few_of_either_kind_is_said(coded, columns, draw, said):
    with pytest.raises(ModelError, match=said):
        played(coded.assign(draw=draw), columns)


def test_what_is_saved_is_beside_chance(report):
    chance, other = (curve.needed[0.8] for curve in report.curves)

    assert report.saved("disagreement", 0.8) == pytest.approx(chance - other)
