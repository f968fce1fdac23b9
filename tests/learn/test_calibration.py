"""Calibrated scores are the probabilities that were put in, and stay in their order."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize
from sklearn.metrics import brier_score_loss

from annotator.learn.calibration import (
    FIRMNESS,
    LEAST_IN_BIN,
    USUAL_SLOPE,
    bins,
    brier,
    calibrate,
    sigmoid,
)
from annotator.learn.fit import fit
from annotator.learn.model import Column
from annotator.learn.tokens import tokenise

CODE = Column("frame", "", "market")


@pytest.mark.parametrize(("slope", "offset"), [(2.0, -2.5), (1.0, 0.0), (0.5, -1.0)])
def test_known_probabilities_are_found_again_from_the_answers(slope, offset):
    rng = np.random.default_rng(8)
    decisions = rng.normal(0, 1.2, 3_000)
    known = sigmoid(slope * decisions + offset)

    found = calibrate(decisions, rng.random(3_000) < known)

    assert np.abs(sigmoid(found[0] * decisions + found[1]) - known).mean() < 0.03


def test_a_sentence_is_scored_with_the_probability_that_it_was_made_with():
    rng = np.random.default_rng(9)
    known = {"wheat": 0.1, "tariff": 0.35, "export": 0.65, "market": 0.9}
    words = rng.choice(list(known), 2_000)
    answers = rng.random(2_000) < [known[word] for word in words]
    table = pd.DataFrame(
        {
            "unit_id": [f"u{row:05}" for row in range(2_000)],
            "document_id": [f"d{row // 5}" for row in range(2_000)],
            "text": [
                f"The envoy spoke of {word} on day {row % 7}." for row, word in enumerate(words)
            ],
            "blind": True,
            "draw": 0.5,
            CODE.key: answers.astype(float),
        }
    )

    model = fit(table, [CODE], seed=1, progress=lambda *step: None)

    assert model.cards[0].calibrated
    texts = [f"The envoy spoke of {word} on day 3." for word in known]
    assert model.score(texts)[:, 0] == pytest.approx(list(known.values()), abs=0.07)
    assert model.cards[0].calibration_error < 0.04


@pytest.mark.parametrize(("positives", "n"), [(0, 0), (1, 4), (2, 4), (3, 6)])
def test_with_few_answers_the_slope_is_the_usual_one_however_well_they_fit(positives, n):
    truth = np.arange(n) < positives

    slope, _ = calibrate(np.where(truth, 1.5, -1.0), truth)

    assert slope == pytest.approx(USUAL_SLOPE, abs=0.15)


@pytest.mark.parametrize("share", [0.05, 0.3, 0.9])
def test_without_an_answer_the_offset_follows_the_share_alone(share):
    found = calibrate(np.zeros(0), np.zeros(0, dtype=bool), share)

    assert found == pytest.approx((USUAL_SLOPE, np.log(share / (1 - share)) - 1))


@pytest.mark.parametrize(("slope", "offset"), [(4.0, -3.0), (0.2, -1.0)])
def test_with_many_answers_a_slope_far_from_the_usual_is_found(slope, offset):
    rng = np.random.default_rng(11)
    decisions = rng.normal(0, 1, 20_000)

    found = calibrate(decisions, rng.random(20_000) < sigmoid(slope * decisions + offset))

    assert found == pytest.approx((slope, offset), abs=0.12)


def test_the_sigmoid_is_the_likeliest_under_answers_and_prior():
    rng = np.random.default_rng(12)
    decisions = rng.normal(0, 1, 40)
    truth = rng.random(40) < sigmoid(2 * decisions - 1)
    expected = (truth.sum() + 0.5) / 41
    middle = np.array([USUAL_SLOPE, np.log(expected / (1 - expected)) - 1])

    def unlikely(found: np.ndarray) -> float:
        told = found[0] * decisions + found[1]
        apart = np.array([FIRMNESS, 0.1]) @ np.square(found - middle) / 2
        return float(np.logaddexp(0, np.where(truth, -told, told)).sum() + apart)

    best = minimize(unlikely, middle, method="BFGS").x

    assert calibrate(decisions, truth) == pytest.approx(best, abs=1e-4)


def test_sentences_that_are_told_apart_perfectly_do_not_make_a_code_certain():
    truth = np.arange(200) < 60

    slope, offset = calibrate(np.where(truth, 1.5, -0.65), truth)

    assert sigmoid(np.array([slope * 1.5 + offset])) < 0.999


def test_a_sigmoid_without_end_stays_between_zero_and_one():
    assert sigmoid(np.array([-1e9, -800.0, 0.0, 800.0, 1e9])).tolist() == [0, 0, 0.5, 1, 1]


@pytest.mark.parametrize(("signal", "seed"), [(1.0, 1), (0.5, 1), *((0.0, n) for n in range(3))])
def test_calibration_never_changes_the_order_of_sentences(make_table, signal, seed):
    table = make_table(n=150)
    rng = np.random.default_rng(seed)
    drawn = rng.random(150) < 0.3
    column = Column("frame", "", "security")
    table[column.key] = np.where(rng.random(150) < signal, table[column.key], drawn)

    model = fit(table, [column], seed=1, progress=lambda *step: None)

    texts = tokenise(make_table(n=200, seed=50)["text"])
    decisions = model.decide(texts, model.of_tokens(texts.lexicon))
    scores = model.scores_alone(decisions)
    assert model.sigmoids.slope_alone[0] > 0
    assert (np.diff(scores[np.argsort(decisions[:, 0]), 0]) >= 0).all()


def test_brier_is_that_of_scikit_learn():
    rng = np.random.default_rng(3)
    truth, scores = rng.random(200) < 0.3, rng.random(200)

    assert brier(truth, scores) == pytest.approx(brier_score_loss(truth, scores))


def test_a_bin_counts_the_sentences_of_one_tenth():
    scores = np.repeat([0.04, 0.55], [40, 20])
    truth = np.r_[np.arange(40) < 4, np.arange(20) < 12]

    low, high = bins(truth, scores)

    assert (low.n, low.positives, low.score, low.share) == (40, 4, pytest.approx(0.04), 0.1)
    assert (high.n, high.positives, high.score, high.share) == (20, 12, pytest.approx(0.55), 0.6)
    # Wilson's interval of 12 of 20.
    assert (high.low, high.high) == pytest.approx((0.3866, 0.7812), abs=5e-4)


def test_thin_tenths_are_joined_until_a_point_stands_on_ten_sentences():
    scores = np.repeat([0.95, 0.75, 0.35, 0.05], [6, 5, 30, 3])

    low, high = bins(scores > 0.7, scores)

    assert (high.n, high.positives) == (11, 11)
    assert (low.n, low.positives) == (33, 0)


@given(st.lists(st.floats(0, 1, width=32), min_size=1, max_size=200))
def test_every_sentence_is_in_one_bin_and_no_bin_is_thin(given_scores):
    scores = np.array(given_scores, dtype=np.float32)

    found = bins(scores > 0.5, scores)

    assert sum(one.n for one in found) == len(scores)
    assert all(one.n >= LEAST_IN_BIN for one in found) or len(found) == 1
    assert [one.score for one in found] == sorted(one.score for one in found)
