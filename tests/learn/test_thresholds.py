"""Where a code is cut, in cases small enough to count."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.learn.metrics import measures
from annotator.learn.thresholds import at_precision, expected_best, share_of

TRUTH = np.array([1, 1, 0, 1, 0, 0, 1, 0], dtype=bool)
SCORES = np.array([0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2])

some_scores = st.lists(st.floats(0, 1, width=32), min_size=1, max_size=60).map(np.array)


def expected_f1(scores: np.ndarray, n: int) -> float:
    """F1 that is promised for suggesting the ``n`` highest, in the limit of many sentences."""
    return 2 * np.sort(scores)[::-1][:n].sum() / (n + scores.sum())


def test_two_sure_sentences_of_six_are_suggested():
    assert expected_best(np.array([0.9, 0.8, 0.2, 0.1, 0.1, 0.1]), 1 / 3) == 0.8


def test_the_cut_lies_between_the_best_f1_and_the_share():
    scores = np.r_[np.linspace(0.99, 0.9, 32), np.linspace(0.04, 0.01, 168)]
    best = 1 + int(np.argmax([expected_f1(scores, n) for n in range(1, 201)]))

    assert best == 32
    # By their geometric mean: of 32 and 2 the eighth, of 32 and 128 the sixty-fourth.
    assert expected_best(scores, 0.16) == scores[31]
    assert expected_best(scores, 0.01) == scores[7]
    assert expected_best(scores, 0.64) == scores[63]


@given(some_scores, st.floats(0, 1), st.floats(0, 1))
def test_the_more_frequent_a_code_the_lower_its_cut(scores, one, other):
    rare, frequent = sorted([one, other])

    assert expected_best(scores, rare) >= expected_best(scores, frequent)


@given(some_scores, st.floats(0, 1))
def test_the_cut_is_one_of_the_scores(scores, share):
    assert expected_best(scores, share) in scores


@pytest.mark.parametrize(
    ("wanted", "cut"), [(0.0, 0.2), (0.5, 0.2), (0.6, 0.5), (0.75, 0.6), (0.8, 0.8), (1.0, 0.8)]
)
def test_a_wanted_precision_is_cut_as_low_as_it_lasts(wanted, cut):
    # Each sentence five times, since one hit at the top promises nothing.
    assert at_precision(np.tile(TRUTH, 5), np.tile(SCORES, 5), wanted) == cut


def test_a_precision_that_rests_on_four_suggestions_is_not_reached():
    truth, scores = np.array([True] * 4 + [False] * 9), np.linspace(0.9, 0.1, 13)

    assert at_precision(truth, scores, 0.8) == pytest.approx(scores[4])
    assert at_precision(truth, scores, 0.9) is None


@given(st.lists(st.tuples(st.booleans(), st.sampled_from([0.1, 0.2, 0.5, 0.9])), min_size=1))
def test_what_is_suggested_is_as_precise_as_was_wanted(pairs):
    truth, scores = (np.array(one) for one in zip(*pairs, strict=True))

    cut = at_precision(truth, scores, 0.7)

    if cut is not None:
        assert measures(truth, scores >= cut).precision >= 0.7


def test_a_precision_that_no_score_reaches_has_no_cut():
    assert at_precision(~TRUTH, SCORES, 0.7) is None


def test_a_share_is_never_none_or_all():
    assert share_of(np.array([])) == 0.5
    assert share_of(np.zeros(9)) == pytest.approx(0.05)
    assert share_of(np.ones(9)) == pytest.approx(0.95)
    assert share_of(np.array([True, False, False])) == pytest.approx(0.375)
