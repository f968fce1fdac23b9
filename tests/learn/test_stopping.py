"""Unfound units: the exact interval, how often it holds, and what each hundred brought."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import hypergeom

from annotator.learn.stopping import LEAST_DRAWN, TIE, carriers, hundreds, unfound
from tests.learn.unfound_runs import PREVALENCES, WAYS, at, coded, stops

HOLDS = 0.9
"""The share of runs in which the interval is to hold the truth."""


@st.composite
def samples(draw: st.DrawFn) -> tuple[int, int, int]:
    total = draw(st.integers(1, 60))
    drawn = draw(st.integers(0, total))
    return total, drawn, draw(st.integers(0, drawn))


@given(samples(), st.sampled_from([0.8, 0.95]))
def test_the_interval_holds_every_number_that_the_sample_does_not_speak_against(sample, level):
    total, drawn, carrying = sample
    possible = np.arange(carrying, total - drawn + carrying + 1)
    tail = (1 - level) / 2 - TIE
    as_few = hypergeom.cdf(carrying, total, possible, drawn)
    as_many = hypergeom.sf(carrying - 1, total, possible, drawn)
    held = possible[(as_few > tail) & (as_many > tail)]

    assert carriers(total, drawn, carrying, level) == (held.min(), held.max())


def test_the_interval_is_that_of_a_published_calculator():
    # B. Dimm, cluster-text.com/confidence_interval.php: 8 of 16 drawn of 80 are 27.5 to 72.5 %.
    assert carriers(80, 16, 8) == (0.275 * 80, 0.725 * 80)


def test_a_large_corpus_has_the_interval_of_scipy():
    low, high = carriers(1_000_000, 4_000, 37)

    assert hypergeom.cdf(37, 1_000_000, high, 4_000) > 0.025
    assert hypergeom.cdf(37, 1_000_000, high + 1, 4_000) <= 0.025
    assert hypergeom.sf(36, 1_000_000, low, 4_000) > 0.025
    assert hypergeom.sf(36, 1_000_000, low - 1, 4_000) <= 0.025


@pytest.mark.parametrize("carrying", range(0, 41, 4))
def test_the_interval_covers_any_truth_as_often_as_it_says(carrying):
    drawn = hypergeom(40, carrying, 15)
    covered = [low <= carrying <= high for low, high in (carriers(40, 15, k) for k in range(16))]

    assert drawn.pmf(np.arange(16)) @ covered >= 0.95


@pytest.mark.parametrize("prevalence", PREVALENCES)
@pytest.mark.parametrize("way", WAYS)
def test_the_estimate_holds_whatever_else_was_coded_and_whenever_one_stops(prevalence, way):
    seen = coded(20260101, 200, prevalence, WAYS[way])

    assert seen.covered.mean(axis=0).min() >= HOLDS
    for rule, look in stops(seen, 1).items():
        assert at(seen.covered, look) >= HOLDS, rule


def test_more_units_by_chance_narrow_what_may_be_unfound():
    seen = coded(7, 200, 0.05)
    width = (seen.high - seen.low).mean(axis=0)

    assert (np.diff(width) < 0).all()


@given(samples(), st.data())
def test_what_is_unfound_is_never_below_nothing_nor_above_what_is_left(sample, data):
    total, drawn, carrying = sample
    asked = data.draw(st.integers(drawn, total))
    found = data.draw(st.integers(carrying, carrying + asked - drawn))

    one = unfound(total=total, asked=asked, found=found, drawn=drawn, carrying=carrying)

    if one.expected is None:
        assert one.lacking == LEAST_DRAWN - drawn > 0
    else:
        assert 0 <= one.low <= one.expected <= one.high <= total - asked


@pytest.mark.parametrize("total", [1, 12, 500])
def test_nothing_is_unfound_where_all_is_coded(total):
    one = unfound(total=total, asked=total, found=total // 3, drawn=total, carrying=total // 3)

    assert (one.low, one.expected, one.high) == (0, 0, 0)
    assert one.recall_low in (1.0, None)


def test_with_too_few_units_by_chance_no_figure_is_given():
    one = unfound(total=900, asked=400, found=70, drawn=21, carrying=4)

    assert (one.expected, one.low, one.high, one.recall, one.recall_low) == (None,) * 5
    assert one.lacking == 9


def test_recall_is_told_from_what_is_found_and_what_is_likely():
    one = unfound(total=2_000, asked=500, found=40, drawn=100, carrying=3)

    assert one.expected == 20
    assert one.recall == pytest.approx(40 / 60)
    assert one.recall_low == pytest.approx(40 / (40 + one.high))


def test_every_positive_is_counted_in_one_hundred():
    carrying = np.random.default_rng(1).random(730) < 0.2
    stream = np.arange(730) % 5 == 0

    brought = hundreds(carrying, stream)

    assert [one.upto for one in brought] == [30, *range(130, 731, 100)]
    assert [one.found for one in brought] == np.cumsum([one.new for one in brought]).tolist()
    assert sum(one.by_chance for one in brought) == (carrying & stream).sum()
    assert brought[-1].new == carrying[-100:].sum()
    assert hundreds(carrying[:0], stream[:0]) == []
