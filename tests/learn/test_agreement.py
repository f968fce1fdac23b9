"""Coders' agreement: published figures, and how often the interval holds."""

from __future__ import annotations

import numpy as np
import pytest

from annotator.learn.agreement import agreement, alpha


def counted(*answers: str) -> np.ndarray:
    """Unit × answer from a row of answers for each coder; a stop is none."""
    columns = list(zip(*answers, strict=True))
    return np.array([[column.count(value) for value in "12345"] for column in columns])


def binary(rng, units: int, coders: int, sure: float) -> np.ndarray:
    """Answers of coders who see what is there, or else guess; unit × (no, yes)."""
    truth = rng.random((units, 1)) < 0.3
    given = np.where(rng.random((units, coders)) < sure, truth, rng.random((units, coders)) < 0.3)
    yes = given.sum(axis=1)
    return np.stack([coders - yes, yes], axis=1)


def test_four_observers_and_missing_answers_give_what_krippendorff_2011_printed():
    four = counted("123321412...", "1233224125.3", ".3332342251.", "12332441251.")

    assert alpha(four) == pytest.approx(0.743, abs=5e-4)


def test_coders_who_always_agree_have_an_alpha_of_one_and_those_who_guess_of_none():
    rng = np.random.default_rng(1)

    assert alpha(binary(rng, 500, 2, 1.0)) == 1
    assert alpha(binary(rng, 20_000, 2, 0.0)) == pytest.approx(0, abs=0.02)


def test_nothing_is_said_where_all_answers_are_the_same_or_nobody_answered_twice():
    assert alpha(np.array([[2, 0], [2, 0]])) is None
    assert agreement(np.array([[1, 0], [0, 1]]), np.random.default_rng(1)) is None
    same = agreement(np.array([[2, 0]] * 9), np.random.default_rng(1))
    assert (same.percent, same.alpha, same.alpha_low) == (1.0, None, None)


def test_the_intervals_hold_in_about_nineteen_of_twenty_draws():
    rng = np.random.default_rng(2)
    whole = agreement(binary(rng, 100_000, 3, 0.8), rng)
    held = []
    for _ in range(250):
        one = agreement(binary(rng, 120, 3, 0.8), rng)
        held.append(
            (
                one.alpha_low <= whole.alpha <= one.alpha_high,
                one.percent_low <= whole.percent <= one.percent_high,
            )
        )

    assert (np.mean(held, axis=0) >= 0.92).all()
