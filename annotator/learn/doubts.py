"""Labels that the model doubts: confident learning, each code by itself as yes or no.

Northcutt, Jiang & Chuang, "Confident Learning: Estimating Uncertainty in Dataset Labels", Journal
of Artificial Intelligence Research 70 (2021), 1373-1411: a label is doubted where the model, which
never saw it, is as sure of the other answer as it is on average of the units that were given that.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

LEAST = 5
"""Units that must have a code, and that must not, before its labels are doubted."""

Floats = NDArray[np.floating]


class Doubts(NamedTuple):
    """Doubted labels, the most doubted first, as arrays of one length.

    ``units`` and ``codes`` are rows and columns of what was judged, ``margins`` the score of the
    given answer less that of the other, in ``[-1, 1]``. ``judged`` says of every unit whether any
    of its labels could be doubted at all.
    """

    units: NDArray[np.int64]
    codes: NDArray[np.int64]
    margins: NDArray[np.float64]
    judged: NDArray[np.bool_]


def doubts(scores: Floats, given: Floats) -> Doubts:
    """Doubted labels among those that were ``given``, by ``scores`` out of fold.

    Both are ``(units, codes)``. A score in ``[0, 1]`` is how likely the code is, NaN where there is
    none. What was given is the share of the coders who gave the code, NaN where nobody was asked;
    where they are evenly split there is no label.

    An answer is doubted where the other one reaches its threshold, the mean score of an answer
    among the units that were given it, and the given one does not reach its own or is the less
    likely of both. Doubted labels are ranked by the normalised margin.

    >>> scores = np.array([[0.9], [0.8], [0.9], [0.7], [0.8], [0.1], [0.2], [0.1], [0.9], [0.1]])
    >>> given = np.array([[1.0], [1.0], [1.0], [1.0], [1.0], [0.0], [0.0], [0.0], [0.0], [0.0]])
    >>> found = doubts(scores, given)
    >>> found.units.tolist(), found.margins.round(2).tolist()
    ([8], [-0.8])
    """
    yes, known = given > 0.5, ~np.isnan(scores) & ~np.isnan(given) & (given != 0.5)
    sure = np.where(yes, scores, 1 - scores).astype(np.float64)
    of_yes, of_no = _mean(sure, known & yes), _mean(sure, known & ~yes)
    reaches_given = sure >= np.where(yes, of_yes, of_no)
    reaches_other = 1 - sure >= np.where(yes, of_no, of_yes)
    judged = known & ~np.isnan(of_yes) & ~np.isnan(of_no)
    doubted = judged & reaches_other & ~(reaches_given & (sure >= 0.5))
    units, codes = np.nonzero(doubted)
    margins = 2 * sure[units, codes] - 1
    order = np.argsort(margins, kind="stable")
    return Doubts(units[order], codes[order], margins[order], judged.any(axis=1))


def _mean(sure: NDArray[np.float64], among: NDArray[np.bool_]) -> NDArray[np.float64]:
    """The mean of each column among some of its rows; NaN where these are too few."""
    number = among.sum(axis=0)
    total = np.where(among, sure, 0.0).sum(axis=0)
    return np.where(number >= LEAST, total / np.maximum(number, 1), np.nan)
