"""How sure an average precision is, where the sentences of one document resemble each other."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from annotator.learn.metrics import Z95, Scores, Truth, average_precision, by_threshold

DRAWS = 200
LEAST_POSITIVES = 10
LEAST_CARRIERS = 5  # documents with a positive

Documents = NDArray[np.object_]


def average_precision_interval(
    truth: Truth, scores: Scores, documents: Documents, seed: int
) -> tuple[float, float] | None:
    """The 95 % interval of the average precision; None where too little is known.

    A normal interval on the logit scale (Boyd, Eng and Page 2013, ECML PKDD, section 3.2). Its
    standard error is found by drawing whole documents with replacement (Field and Welsh 2007,
    Journal of the Royal Statistical Society B 69), since sentences of one document are not
    independent, and is never below the binomial one, which also holds at an average of 1.
    """
    positives = int(np.count_nonzero(truth))
    if positives < LEAST_POSITIVES or len(np.unique(documents[truth])) < LEAST_CARRIERS:
        return None
    found = average_precision(truth, scores) or 0.0
    edge = 0.5 / positives
    inside = min(max(found, edge), 1 - edge)
    drawn = np.clip(_redrawn(truth, scores, documents, seed), edge, 1 - edge)
    binomial = 1 / math.sqrt(positives * inside * (1 - inside))
    error = max(float(np.std(_logit(drawn), ddof=1)), binomial)
    middle = math.log(inside / (1 - inside))
    low, high = (1 / (1 + math.exp(-middle - side * Z95 * error)) for side in (-1, 1))
    return min(low, found), max(high, found)


def _redrawn(truth: Truth, scores: Scores, documents: Documents, seed: int) -> Scores:
    """The average precision of each draw of documents that has a positive in it."""
    groups = np.unique(documents, return_inverse=True)[1]
    total = int(groups.max()) + 1
    # Only thresholds that gain a positive count; between two of them, documents can be summed up.
    thresholds, hits, _ = by_threshold(truth, scores)
    gaining = thresholds[np.diff(hits, prepend=0) > 0][::-1]
    step = len(gaining) - np.searchsorted(gaining, scores, side="right")
    known = step < len(gaining)
    shape = (total, len(gaining))
    asked = _counts(groups[known], step[known], shape)
    carried = _counts(groups[truth], step[truth], shape)
    times = np.random.default_rng(seed).multinomial(total, np.full(total, 1 / total), size=DRAWS)
    gained = np.asarray(times @ carried, dtype=np.float64)
    suggested = np.cumsum(np.asarray(times @ asked, dtype=np.float64), axis=1)
    reached = np.cumsum(gained, axis=1)
    there = reached[:, -1] > 0
    precision = np.divide(reached, suggested, out=np.zeros_like(reached), where=suggested > 0)
    weighed: Scores = (gained * precision).sum(axis=1)[there] / reached[there, -1]
    return weighed


def _counts(rows: NDArray[np.intp], columns: NDArray[np.intp], shape: tuple[int, int]) -> Any:
    return sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=shape)


def _logit(shares: Scores) -> Scores:
    return np.log(shares / (1 - shares))
