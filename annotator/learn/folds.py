"""Which rows are held out together: whole documents, the same parts for all codes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from annotator.learn.metrics import Truth

Folds = NDArray[np.int64]

MOST_FOLDS = 10
FEW_ROWS, MANY_ROWS = 1_000, 5_000
"""Below, ten parts: with few answers each part that is held out weakens the model. Above, three."""


def folds(answers: NDArray[np.float64], documents: NDArray[Any], seed: int) -> Folds:
    """The part of each row; no document in two parts, and the carriers of each code spread.

    ``answers`` ``(rows, codes)`` are shares of coders, or NaN; from a half on the row carries the
    code. Documents are dealt out by the rarest code they carry, each to the part that has least
    of it: the iterative stratification of Sechidis, Tsoumakas and Vlahavas (2011, ECML PKDD), for
    groups. All rows are of part 0 where there is one document only.
    """
    names, of_document = np.unique(documents.astype(str), return_inverse=True)
    count = min(_wanted(len(answers)), len(names))
    carried = np.zeros((len(names), answers.shape[1]))
    np.add.at(carried, of_document, answers >= 0.5)
    size = np.bincount(of_document, minlength=len(names))
    part = np.zeros(len(names), dtype=np.int64)
    have, filled = np.zeros((count, answers.shape[1])), np.zeros(count)
    for document in _rarest_first(carried, seed):
        wanted = carried[document] > 0
        lacking = (have * wanted / np.maximum(carried.sum(axis=0), 1)).sum(axis=1)
        # What has all of a code but this document would be left with all of it, and it untested.
        all_but_this = (have > 0) & (have + carried[document] == carried.sum(axis=0))
        chosen = int(np.lexsort((filled, lacking, (all_but_this & wanted).sum(axis=1)))[0])
        part[document] = chosen
        have[chosen] += carried[document]
        filled[chosen] += size[document]
    return part[of_document]


def both_outside(truth: Truth, fold: Folds) -> bool:
    """Whether outside every part there are both answers, so that each can be held out."""
    parts = np.unique(fold)
    return len(parts) > 1 and all(
        0 < np.count_nonzero(truth[fold != one]) < np.count_nonzero(fold != one) for one in parts
    )


def _wanted(rows: int) -> int:
    if rows < FEW_ROWS:
        return MOST_FOLDS
    return 5 if rows < MANY_ROWS else 3


def _rarest_first(carried: NDArray[np.float64], seed: int) -> NDArray[np.intp]:
    """Documents by the rarest code they carry; those that carry none come last."""
    total = carried.sum(axis=0)
    rarest = np.where(carried > 0, total, np.inf).min(axis=1, initial=np.inf)
    shuffled = np.random.default_rng(seed).permutation(len(carried))
    return shuffled[np.argsort(rarest[shuffled], kind="stable")]
