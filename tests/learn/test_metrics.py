"""Figures against published numbers, scikit-learn, and sums small enough to do by hand."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import average_precision_score

from annotator.learn.metrics import (
    average_precision,
    calibration_error,
    desk_threshold,
    measures,
    precision_recall,
    surest_precision,
    wilson,
)


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [
        # Newcombe (1998), Two-sided confidence intervals for the single proportion,
        # Statistics in Medicine 17:857-872, table I, method 3 (score, no continuity correction).
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_intervals_are_those_of_newcombe(successes, n, low, high):
    assert wilson(successes, n) == pytest.approx((low, high), abs=5e-5)


def test_equal_scores_are_never_cut_apart():
    truth = np.array([True, False, True])
    scores = np.array([0.5, 0.5, 0.5])

    assert desk_threshold(truth, scores, 0.5) is None


def test_the_desk_waits_until_precision_is_one_half_for_sure():
    # Three of three have a lower bound of .44, four of four of .51.
    assert desk_threshold(np.array([True] * 3), np.array([0.9, 0.8, 0.7]), 0.1) is None
    assert desk_threshold(np.array([True] * 4), np.array([0.9, 0.8, 0.7, 0.6]), 0.1) == 0.6


def test_the_desk_threshold_never_lies_below_the_threshold():
    truth = np.array([True] * 10 + [False])
    scores = np.linspace(0.9, 0.1, 11)

    assert desk_threshold(truth, scores, 0.0) == pytest.approx(0.1)
    assert desk_threshold(truth, scores, 0.5) == pytest.approx(0.5)


def test_average_precision_is_that_of_scikit_learn():
    rng = np.random.default_rng(3)
    truth = rng.random(200) < 0.2
    scores = np.round(rng.random(200), 1)

    assert average_precision(truth, scores) == pytest.approx(average_precision_score(truth, scores))


def test_calibration_error_is_the_mean_gap_of_the_bins():
    truth = np.array([True, False, True, True])
    scores = np.array([0.15, 0.15, 0.95, 1.0])

    # Bin .1: |.15 - .5| for two of four; last bin, with 1.0 in it: |.975 - 1| for two of four.
    assert calibration_error(truth, scores) == pytest.approx((0.35 + 0.025) / 2)


def test_what_cannot_be_told_is_not_told_as_zero():
    nothing_suggested = measures(np.array([True, False]), np.array([False, False]))
    nothing_positive = measures(np.array([False, False]), np.array([True, False]))

    assert nothing_suggested.precision is None
    assert nothing_suggested.recall == 0
    assert nothing_positive.recall is None
    assert nothing_positive.f1 is None
    assert average_precision(np.array([False]), np.array([0.5])) is None


def test_how_far_precision_has_come_is_its_best_lower_bound():
    truth, scores = np.array([True, True, True, False]), np.array([0.9, 0.8, 0.7, 0.6])

    # One of one, two of two, three of three, three of four: the third is the best, .44.
    assert surest_precision(truth, scores, 0.1) == pytest.approx(wilson(3, 3)[0])
    assert surest_precision(truth, scores, 0.85) == pytest.approx(wilson(1, 1)[0])


def test_the_curve_runs_from_the_first_positive_to_the_last():
    truth = np.array([True, False, True, False, False])
    scores = np.array([0.9, 0.8, 0.7, 0.6, 0.5])

    told = [
        (one.threshold, one.precision, one.recall, one.suggested)
        for one in precision_recall(truth, scores)
    ]

    assert told == [(0.9, 1.0, 0.5, 1), (0.7, pytest.approx(2 / 3), 1.0, 3)]


def test_a_long_curve_is_thinned_out_and_keeps_its_ends():
    truth, scores = np.ones(500, dtype=bool), np.linspace(1, 0.001, 500)

    curve = precision_recall(truth, scores, most=21)

    assert len(curve) == 21
    assert (curve[0].suggested, curve[-1].suggested) == (1, 500)
    assert precision_recall(~truth, scores) == ()
