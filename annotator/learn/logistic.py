"""One code's logistic regression, and its scores for documents it has not seen.

The only module that imports scikit-learn; only fitting needs it.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

from annotator.learn.metrics import Truth

Decisions = NDArray[np.float64]
Folds = NDArray[np.int64]

MOST_FOLDS = 5


def fit_code(rows: sparse.csr_matrix, truth: Truth, seed: int) -> tuple[Decisions, float]:
    """The weights of the features and the intercept for one code."""
    fitted = LogisticRegression(
        solver="liblinear", class_weight="balanced", max_iter=1000, random_state=seed
    ).fit(rows, truth)
    return fitted.coef_[0], float(fitted.intercept_[0])


def folds(truth: Truth, documents: NDArray[np.object_], seed: int) -> Folds | None:
    """The fold of each row: no document in two folds, both answers outside every fold.

    As many folds as the documents with and without the code allow, at most five.
    None where not even two can be made.
    """
    groups = np.unique(documents, return_inverse=True)[1]
    carriers = min(len(np.unique(groups[truth])), len(np.unique(groups[~truth])))
    for count in range(min(MOST_FOLDS, carriers), 1, -1):
        drawn = _draw(truth, groups, count, seed)
        if all(0 < truth[drawn != fold].sum() < np.sum(drawn != fold) for fold in range(count)):
            return drawn
    return None


def out_of_fold(
    rows: sparse.csr_matrix, truth: Truth, fold: Folds, seed: int, step: Callable[[int], None]
) -> Decisions:
    """Each row's decision by a model that never saw its document.

    ``step`` is told a number, one more each time, before each fold is held out.
    """
    decisions = np.zeros(len(truth))
    for number, held_out in enumerate(np.unique(fold), start=1):
        step(number)
        inside = fold == held_out
        weights, intercept = fit_code(rows[~inside], truth[~inside], seed)
        decisions[inside] = rows[inside] @ weights + intercept
    return decisions


def calibrate(decisions: Decisions, truth: Truth) -> tuple[float, float]:
    """Slope and offset of the sigmoid that turns decisions into probabilities (Platt 1999).

    Platt's targets stand a little inside 0 and 1, so that few positives do not make it certain.
    """
    positives = np.count_nonzero(truth)
    negatives = len(truth) - positives
    target = np.where(truth, (positives + 1) / (positives + 2), 1 / (negatives + 2))
    fitted = LogisticRegression(C=1e6, solver="newton-cholesky").fit(
        np.concatenate([decisions, decisions])[:, np.newaxis],
        np.repeat([True, False], len(truth)),
        sample_weight=np.concatenate([target, 1 - target]),
    )
    return float(fitted.coef_[0, 0]), float(fitted.intercept_[0])


def _draw(truth: Truth, groups: NDArray[np.int64], count: int, seed: int) -> Folds:
    every_row_alone = len(np.unique(groups)) == len(groups)
    # The same promise, without a Python loop over thousands of one-sentence documents.
    if every_row_alone:
        splits = StratifiedKFold(count, shuffle=True, random_state=seed).split(groups, truth)
    else:
        grouped = StratifiedGroupKFold(count, shuffle=True, random_state=seed)
        splits = grouped.split(groups, truth, groups)
    drawn = np.zeros(len(truth), dtype=np.int64)
    for fold, (_, held_out) in enumerate(splits):
        drawn[held_out] = fold
    return drawn
