"""How good scores are against the truth, for one code; numpy only.

``truth`` is a boolean array, ``scores`` are floats of the same length, without missing values.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Truth = NDArray[np.bool_]
Scores = NDArray[np.floating[Any]]

Z95 = 1.959963984540054
DESK_PRECISION = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """Precision and recall with their 95 % Wilson intervals; None is "cannot be told".

    Precision cannot be told where nothing was suggested, recall where nothing is positive.
    """

    n: int
    positives: int
    predicted: int
    precision: float | None
    precision_low: float | None
    precision_high: float | None
    recall: float | None
    recall_low: float | None
    recall_high: float | None
    f1: float | None


def measures(truth: Truth, predicted: Truth) -> Measures:
    """Compare what was suggested with the truth."""
    hits = int(np.count_nonzero(truth & predicted))
    positives = int(np.count_nonzero(truth))
    suggested = int(np.count_nonzero(predicted))
    precision_low, precision_high = wilson(hits, suggested) if suggested else (None, None)
    recall_low, recall_high = wilson(hits, positives) if positives else (None, None)
    return Measures(
        n=len(truth),
        positives=positives,
        predicted=suggested,
        precision=hits / suggested if suggested else None,
        precision_low=precision_low,
        precision_high=precision_high,
        recall=hits / positives if positives else None,
        recall_low=recall_low,
        recall_high=recall_high,
        f1=2 * hits / (positives + suggested) if positives else None,
    )


def wilson(successes: int, n: int, z: float = Z95) -> tuple[float, float]:
    """The Wilson score interval of a proportion; ``n`` is at least 1.

    81 of 263 is row one of Newcombe (1998), Statistics in Medicine 17, table I, method 3:

    >>> [round(bound, 4) for bound in wilson(81, 263)]
    [0.2553, 0.3662]
    """
    share = successes / n
    middle = share + z * z / (2 * n)
    half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    whole = 1 + z * z / n
    return max(0.0, (middle - half) / whole), min(1.0, (middle + half) / whole)


def desk_threshold(truth: Truth, scores: Scores, threshold: float) -> float | None:
    """The lowest threshold from ``threshold`` up whose precision is at least one half for sure.

    "For sure" is the lower bound of the Wilson interval. None: there is no such threshold yet.
    """
    for at, low in _sure_precision(truth, scores, threshold):
        if low >= DESK_PRECISION:
            return at
    return None


def surest_precision(truth: Truth, scores: Scores, threshold: float) -> float:
    """The highest lower bound of precision at any threshold from ``threshold`` up; 0 for none."""
    return max((low for _, low in _sure_precision(truth, scores, threshold)), default=0.0)


def _sure_precision(
    truth: Truth, scores: Scores, threshold: float
) -> Iterator[tuple[float, float]]:
    """Every threshold from ``threshold`` up, rising, with the lower bound of its precision."""
    rising = [array[::-1].tolist() for array in by_threshold(truth, scores)]
    for at, hits, suggested in zip(*rising, strict=True):
        if at >= threshold:
            yield float(at), wilson(hits, suggested)[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class CurvePoint:
    """Precision and recall at one threshold, and how many sentences are suggested there."""

    threshold: float
    precision: float
    recall: float
    suggested: int


def precision_recall(truth: Truth, scores: Scores, most: int = 21) -> tuple[CurvePoint, ...]:
    """Precision and recall at up to ``most`` thresholds, from the highest down.

    Of the thresholds that gain a positive, those that lie evenly on the way from none to all.
    """
    thresholds, hits, suggested = by_threshold(truth, scores)
    gaining = np.flatnonzero(np.diff(hits, prepend=0) > 0)
    if not len(gaining):
        return ()
    chosen = gaining[np.unique(np.linspace(0, len(gaining) - 1, most).round().astype(int))]
    return tuple(
        CurvePoint(
            threshold=float(thresholds[at]),
            precision=float(hits[at] / suggested[at]),
            recall=float(hits[at] / hits[-1]),
            suggested=int(suggested[at]),
        )
        for at in chosen
    )


def average_precision(truth: Truth, scores: Scores) -> float | None:
    """The area under precision and recall, as steps; None without a positive."""
    positives = np.count_nonzero(truth)
    if not positives:
        return None
    _, hits, suggested = by_threshold(truth, scores)
    gained = np.diff(hits, prepend=0) / positives
    return float(np.sum(gained * hits / suggested))


def calibration_error(truth: Truth, scores: Scores, bins: int = 10) -> float | None:
    """The expected calibration error over bins of equal width; None without a row.

    >>> truth = np.array([True, False, False, False])
    >>> calibration_error(truth, np.array([0.25, 0.25, 0.25, 0.25]))
    0.0
    """
    if not len(truth):
        return None
    place = np.minimum((scores * bins).astype(np.intp), bins - 1)
    # Per bin: |sum of scores − number of positives|, which is n × |mean score − share positive|.
    gaps = np.bincount(place, weights=scores - truth, minlength=bins)
    return float(np.abs(gaps).sum() / len(truth))


def by_threshold(
    truth: Truth, scores: Scores
) -> tuple[Scores, NDArray[np.int64], NDArray[np.int64]]:
    """Every distinct score from the highest down, with hits and suggestions at that threshold."""
    order = np.argsort(-scores, kind="stable")
    falling = scores[order]
    last_of_equals = np.flatnonzero(np.append(np.diff(falling) != 0, True))
    hits = np.cumsum(truth[order], dtype=np.int64)[last_of_equals]
    return falling[last_of_equals], hits, last_of_equals.astype(np.int64) + 1
