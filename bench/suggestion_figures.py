"""From scores to suggestions, and how right they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from annotator.learn.metrics import calibration_error
from bench.suggestion_data import Labelled, Truth

CALIBRATED_FROM = 100
"""Positives to learn from, in a code whose calibration is told."""

Floats = NDArray[np.floating[Any]]


class Scores(NamedTuple):
    """One row per text, one column per code (NaN: not learned), and each code's threshold."""

    scores: Floats
    thresholds: Floats


def decide(scores: Floats, thresholds: Floats, *, single: bool) -> Truth:
    """The codes that are suggested: all at their thresholds, or the one furthest above its own.

    A code without a score or a threshold (NaN) is never suggested.
    """
    above = np.nan_to_num(scores - thresholds, nan=-np.inf)
    if not single:
        return above >= 0
    suggested = np.zeros(above.shape, dtype=bool)
    suggested[np.arange(len(above)), above.argmax(axis=1)] = True
    return suggested & np.isfinite(above)


def prevalent(scores: Floats, labelled: Truth) -> Floats:
    """Thresholds at which each code is suggested for the share of texts that it has in labels."""
    falling = -np.sort(-np.nan_to_num(scores, nan=-np.inf), axis=0)
    wanted = np.round(labelled.mean(axis=0) * len(scores)).astype(int)
    last = falling[np.maximum(wanted, 1) - 1, np.arange(len(wanted))]
    return np.where(wanted > 0, last, np.inf)


def macro_f1(truth: Truth, suggested: Truth) -> float:
    """The mean F1 of the codes that the truth has; one never suggested counts 0."""
    hits = (truth & suggested).sum(axis=0)
    positives = truth.sum(axis=0)
    there = positives > 0
    return float(np.mean((2 * hits / np.maximum(positives + suggested.sum(axis=0), 1))[there]))


class Errors(NamedTuple):
    """Calibration errors of codes with enough positives: of all together, and the worst."""

    pooled: float
    worst: float
    codes: int

    def __str__(self) -> str:
        return f"{self.pooled:.3f} (worst of {self.codes}: {self.worst:.3f})"


class Calibration:
    """Scores of test parts beside the truth, of the codes with enough positives in training."""

    def __init__(self) -> None:
        self._of: dict[int, list[tuple[Truth, Floats]]] = {}

    def add(self, train: Labelled, test: Labelled, scores: Floats) -> None:
        """Take in the scores of one test part."""
        enough = train.truth.sum(axis=0) >= CALIBRATED_FROM
        for code in np.flatnonzero(enough & ~np.isnan(scores).any(axis=0)).tolist():
            self._of.setdefault(code, []).append((test.truth[:, code], scores[:, code]))

    def errors(self) -> Errors | None:
        """The errors over all test parts; None where no code has enough positives."""
        if not self._of:
            return None
        by_code = [_error(pairs) for pairs in self._of.values()]
        together = _error([pair for pairs in self._of.values() for pair in pairs])
        return Errors(together, max(by_code), len(by_code))


def _error(pairs: Sequence[tuple[Truth, Floats]]) -> float:
    truth, scores = (np.concatenate(arrays) for arrays in zip(*pairs, strict=True))
    return calibration_error(truth, scores) or 0.0
