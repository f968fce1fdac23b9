"""Whether scores can be read as probabilities: the bins of a reliability plot, and one figure."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from annotator.learn.metrics import Scores, Truth, wilson

Decisions = NDArray[np.float64]

USUAL_SLOPE = 1.7
FIRMNESS = 8.0
"""What a slope far from the usual costs, in sentences: few answers cannot make a code sure."""

ROUNDS = 50

TENTHS = 10
LEAST_IN_BIN = 10
"""Sentences that a point of the plot stands on; narrower bins are joined until they have them."""


def sigmoid(decisions: NDArray[np.floating]) -> NDArray[np.float32]:
    """Decisions as numbers between 0 and 1, without overflow at either end."""
    return ((1 + np.tanh(np.asarray(decisions, np.float64) / 2)) / 2).astype(np.float32)


def calibrate(
    decisions: Decisions, truth: Truth, share: float | None = None
) -> tuple[float, float]:
    """Slope and offset of the sigmoid that turns standardised decisions into probabilities.

    Platt's (1999), with a normal prior on the slope instead of his targets: its middle is the
    slope that most codes of three public sets came to. With few answers it stands there, and the
    offset alone follows their share, or the given one; with many the prior does not matter.
    By Newton's steps.
    """
    positives = np.count_nonzero(truth)
    expected = (positives + 0.5) / (len(truth) + 1) if share is None else share
    start = math.log(expected / (1 - expected)) - 1
    found = np.array([USUAL_SLOPE, start])
    both = np.column_stack([decisions, np.ones(len(decisions))])
    penalty = np.array([FIRMNESS, 0.1])
    for _ in range(ROUNDS):
        given = sigmoid(both @ found).astype(np.float64)
        slope = both.T @ (given - truth) + penalty * (found - [USUAL_SLOPE, start])
        curve = (both * (given * (1 - given))[:, np.newaxis]).T @ both + np.diag(penalty)
        step = np.linalg.solve(curve, slope)
        found = found - step / max(1.0, float(np.abs(step).max()))
        if np.abs(step).max() < 1e-9:
            break
    return float(found[0]), float(found[1])


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Sentences of about one score, and how many of them carry the code (95 % Wilson interval)."""

    score: float
    n: int
    positives: int
    share: float
    low: float
    high: float


def bins(truth: Truth, scores: Scores) -> tuple[Bin, ...]:
    """Scores by tenths from the lowest up, each against the share of positives in it.

    >>> truth, scores = np.arange(40) % 4 == 0, np.full(40, 0.25)
    >>> [(one.score, one.share, one.n) for one in bins(truth, scores)]
    [(0.25, 0.25, 40)]
    """
    tenth = np.minimum((scores * TENTHS).astype(np.intp), TENTHS - 1)
    groups: list[NDArray[np.intp]] = []
    # From above: what is left over at the end then joins the low scores, which are many.
    for place in reversed(range(TENTHS)):
        here = np.flatnonzero(tenth == place)
        if groups and len(groups[-1]) < LEAST_IN_BIN:
            groups[-1] = np.concatenate([groups[-1], here])
        elif len(here):
            groups.append(here)
    if len(groups) > 1 and len(groups[-1]) < LEAST_IN_BIN:
        groups[-2:] = [np.concatenate(groups[-2:])]
    return tuple(_bin(truth[rows], scores[rows]) for rows in reversed(groups))


def _bin(truth: Truth, scores: Scores) -> Bin:
    n, positives = len(truth), int(np.count_nonzero(truth))
    low, high = wilson(positives, n)
    return Bin(
        score=float(np.mean(scores, dtype=np.float64)),
        n=n,
        positives=positives,
        share=positives / n,
        low=low,
        high=high,
    )


def brier(truth: Truth, scores: Scores) -> float:
    """The mean squared gap between score and truth (Brier 1950): 0 is perfect.

    >>> round(brier(np.array([True, False]), np.array([0.8, 0.4])), 3)
    0.1
    """
    return float(np.mean((scores.astype(np.float64) - truth) ** 2))
