"""Whether scores can be read as probabilities: the bins of a reliability plot, and one figure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from annotator.learn.metrics import Scores, Truth, wilson

TENTHS = 10
LEAST_IN_BIN = 10
"""Sentences that a point of the plot stands on; narrower bins are joined until they have them."""


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
