"""How far coders agree on the same units, and how far beyond chance; numpy only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

DRAWS = 1_000

Counts = NDArray[np.integer[Any]]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Coders' agreement on ``units`` that two or more of them answered about, with 95 % intervals.

    ``percent`` is the mean share of pairs of coders who agree, from 0 to 1. ``alpha`` is None
    where all answers are the same, so that nothing tells agreement from chance; the intervals
    of it are None where most draws are like that.
    """

    units: int
    percent: float
    percent_low: float
    percent_high: float
    alpha: float | None
    alpha_low: float | None
    alpha_high: float | None


def alpha(counts: Counts) -> float | None:
    """Krippendorff's alpha for nominal answers; None where it cannot be told.

    ``counts`` is unit × answer: how many coders gave it. Units with fewer than two answers play
    no part. Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, sections A to C;
    its first example, ten units and two coders:

    >>> meg, owen = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]
    >>> round(alpha(np.array([[2 - a - b, a + b] for a, b in zip(meg, owen)])), 3)
    0.095
    """
    pairable = counts[counts.sum(axis=1) > 1]
    found = float(_alphas(np.ones((1, len(pairable))), pairable)[0])
    return None if np.isnan(found) else found


def agreement(counts: Counts, rng: np.random.Generator) -> Agreement | None:
    """Percent agreement and alpha with percentile intervals; None without two answers to a unit.

    Units are drawn with replacement, which keeps to its rate for alpha (Zapf, Castell, Morawietz
    and Karch 2016, BMC Medical Research Methodology 16, 93).
    """
    pairable = counts[counts.sum(axis=1) > 1]
    if not len(pairable):
        return None
    # Units with the same answers are alike, and few differ: draw how often each kind comes.
    kinds, often = np.unique(pairable, axis=0, return_counts=True)
    drawn = rng.multinomial(len(pairable), often / len(pairable), size=DRAWS).astype(np.float64)
    once = often[np.newaxis].astype(np.float64)
    found = float(_alphas(once, kinds)[0])
    redrawn = _alphas(drawn, kinds)
    sure = not np.isnan(found) and np.isnan(redrawn).mean() < 0.5
    low, high = np.nanquantile(redrawn, (0.025, 0.975)).tolist() if sure else (None, None)
    percent_low, percent_high = np.quantile(_percent(drawn, kinds), (0.025, 0.975)).tolist()
    return Agreement(
        units=len(pairable),
        percent=float(_percent(once, kinds)[0]),
        percent_low=percent_low,
        percent_high=percent_high,
        alpha=None if np.isnan(found) else found,
        alpha_low=low,
        alpha_high=high,
    )


def _alphas(often: Floats, counts: Counts) -> Floats:
    """Alpha of each row of ``often``, which says how often each unit is there; NaN for none."""
    answers = counts.sum(axis=1)
    differing = (np.square(answers) - np.square(counts).sum(axis=1)) / (answers - 1)
    values = often @ counts
    total = values.sum(axis=1)
    expected = np.square(total) - np.square(values).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Floats = 1 - (total - 1) * (often @ differing) / expected
    return np.where(expected > 0, found, np.nan)


def _percent(often: Floats, counts: Counts) -> Floats:
    answers = counts.sum(axis=1)
    alike = (np.square(counts).sum(axis=1) - answers) / (answers * (answers - 1))
    found: Floats = often @ alike / often.sum(axis=1)
    return found
