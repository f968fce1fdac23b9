"""Shares and their differences: published figures, and how often the intervals hold."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from scipy.stats import fisher_exact

from annotator.learn.proportions import (
    contrast,
    fisher,
    holm,
    more_needed,
    share,
    share_of,
    smallest_seen,
)

DRAWS = 4_000


@pytest.mark.parametrize(
    ("count", "n", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_shares_have_the_intervals_of_newcombe_1998_table_one(count, n, low, high):
    found = share(count, n)

    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)
def test_differences_have_the_intervals_of_newcombe_1998_table_two(one, other, low, high):
    found = contrast(share(*one), share(*other))

    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize("value", [0.05, 0.3, 0.5])
@pytest.mark.parametrize(("n", "m"), [(60, 60), (400, 100)])
def test_the_intervals_hold_in_nineteen_of_twenty_draws(n, m, value):
    rng = np.random.default_rng(1)
    known = cache(share)
    moved = value + 0.1
    held = []
    for a, b in zip(rng.binomial(n, moved, DRAWS), rng.binomial(m, value, DRAWS), strict=True):
        one, other = known(int(a), n), known(int(b), m)
        apart = contrast(one, other)
        held.append((one.low <= moved <= one.high, apart.low <= 0.1 <= apart.high))

    assert (np.mean(held, axis=0) >= 0.93).all()


def test_answers_of_several_coders_about_one_unit_do_not_make_a_share_surer_than_it_is():
    rng = np.random.default_rng(2)
    coders = np.repeat(np.arange(150), 4)
    found = []
    for _ in range(500):
        # All four give it where the unit is like that, or each by chance.
        alike = rng.random(150) < 0.7
        unit = rng.random(150) < 0.3
        given = np.where(alike[coders], unit[coders], rng.random(600) < 0.3)
        one, naive = share_of(given, coders), share(int(given.sum()), 600)
        found.append((one.low <= 0.3 <= one.high, naive.low <= 0.3 <= naive.high))

    held, naively = np.mean(found, axis=0)
    assert held >= 0.93
    assert naively < 0.85


def test_units_with_one_answer_each_are_taken_as_they_are():
    given = np.array([True, False, False, True, True])

    assert share_of(given, np.arange(5)) == share(3, 5)


def test_fishers_test_gives_what_scipy_gives():
    rng = np.random.default_rng(3)
    tables = [
        ((int(rng.integers(0, n + 1)), n), (int(rng.integers(0, m + 1)), m))
        for n, m in rng.integers(1, 60, (60, 2)).tolist()
    ]

    found = [fisher(share(*one), share(*other)) for one, other in tables]

    expected = [fisher_exact([[a, n - a], [b, m - b]]).pvalue for (a, n), (b, m) in tables]
    assert found == pytest.approx(expected)


def test_looking_at_many_codes_makes_each_of_them_harder_to_move():
    adjusted = holm([0.004, 0.5, 0.02, 0.02])

    assert adjusted == pytest.approx([0.016, 0.5, 0.06, 0.06])


@pytest.mark.parametrize("base", [0.05, 0.3, 0.85])
def test_what_is_said_to_be_needed_shows_the_difference_in_about_four_of_five_draws(base):
    rng = np.random.default_rng(4)
    have = contrast(share(8, 10), share(round(100 * base), 100))
    moved = base + 0.1 if base < 0.5 else base - 0.1

    more = more_needed(have, allotted=0.8)
    n, m = round(10 + 0.8 * more), round(100 + 0.2 * more)
    known = cache(lambda a, b: fisher(share(a, n), share(b, m)))
    drawn = zip(rng.binomial(n, moved, 400), rng.binomial(m, base, 400), strict=True)
    seen = np.mean([known(int(a), int(b)) < 0.05 for a, b in drawn])

    # Fisher's test is a little stricter than the approximation; four standard errors are .08.
    assert seen == pytest.approx(0.78, abs=0.08)


def test_more_sentences_and_fewer_codes_let_smaller_differences_be_seen():
    sizes = [contrast(share(n // 4, n), share(n // 4, n)) for n in (100, 400, 1600)]

    seen = [smallest_seen(one) for one in sizes]

    assert all(bigger > smaller for bigger, smaller in pairwise(seen))
    assert smallest_seen(sizes[1], looks=20) > seen[1]
    # Four times the sentences, half the difference.
    assert seen[1] == pytest.approx(2 * seen[2], rel=0.1)


def test_where_enough_is_there_nothing_more_is_needed():
    assert more_needed(contrast(share(900, 3_000), share(900, 3_000)), allotted=0.8) == 0
