"""Shares with their intervals, how far two of them lie apart, and what would be seen of that.

Rows that belong together, as several coders' answers about one unit do, are allowed for by a
design effect: the factor by which a share varies more than one of independent rows (Rao and Scott
1992, A simple method for the analysis of clustered binary data, Biometrics 48, 577–585). Their
method divides both counts by it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from annotator.learn.metrics import Z95, wilson

Z80 = 0.8416212335729143
"""The normal quantile of a power of 80 %."""

Floats = NDArray[np.float64]
Rows = NDArray[np.bool_]
Clusters = NDArray[np.integer[Any]]

MORE: Floats = np.unique(np.append(0, np.geomspace(1, 1e7, 2_000).round()))
"""Numbers of further rows that are tried, less than a hundredth apart or next to each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """``count`` of ``n`` rows, with the 95 % interval; ``n`` is at least 1."""

    n: int
    count: int
    design: float
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Contrast:
    """A share with suggestions on screen against one without; the difference is the first less."""

    shown: Share
    hidden: Share
    difference: float
    low: float
    high: float


def share(count: int, n: int, design: float = 1.0) -> Share:
    """A share with its Wilson interval (Wilson 1927, Journal of the American Statistical
    Association 22, 209–212), for counts divided by the design effect.

    Dividing both counts by it is the same as stretching the quantile by its root.
    """
    low, high = wilson(count, n, Z95 * math.sqrt(design))
    return Share(n=n, count=count, design=design, value=count / n, low=low, high=high)


def share_of(given: Rows, clusters: Clusters) -> Share | None:
    """The share of true rows; rows of one cluster belong together. None without a row."""
    if not len(given):
        return None
    return share(int(np.count_nonzero(given)), len(given), design_effect(given, clusters))


def design_effect(given: Rows, clusters: Clusters) -> float:
    """How much more the share of true rows varies than that of as many independent rows.

    At least 1: the estimate itself may be smaller by chance (Rao and Scott 1992, section 2).
    Where all rows are alike it cannot be estimated, and rows of a cluster count as one.
    """
    sizes = np.bincount(clusters)
    there = sizes > 0
    sizes = sizes[there].astype(np.float64)
    rows, groups = len(given), len(sizes)
    if groups == rows or groups < 2:
        return float(max(1.0, rows / groups))
    value = np.count_nonzero(given) / rows
    if value in (0.0, 1.0):
        return float(np.square(sizes).sum() / rows)
    residuals = np.bincount(clusters, weights=given)[there] - value * sizes
    variance = groups / (groups - 1) * np.square(residuals).sum() / rows**2
    return float(max(1.0, variance * rows / (value * (1 - value))))


def contrast(shown: Share, hidden: Share) -> Contrast:
    """The difference with the interval of method 10, hybrid score, of Newcombe (1998), Interval
    estimation for the difference between independent proportions, Statistics in Medicine 17,
    873–890. The first row of its table II:

    >>> found = contrast(share(56, 70), share(48, 80))
    >>> round(found.difference, 4), round(found.low, 4), round(found.high, 4)
    (0.2, 0.0524, 0.3339)
    """
    difference = shown.value - hidden.value
    below = math.hypot(shown.value - shown.low, hidden.high - hidden.value)
    above = math.hypot(shown.high - shown.value, hidden.value - hidden.low)
    return Contrast(
        shown=shown,
        hidden=hidden,
        difference=difference,
        low=max(-1.0, difference - below),
        high=min(1.0, difference + above),
    )


def fisher(one: Share, other: Share) -> float:
    """The two-sided p-value of Fisher's exact test: of all tables of the same margins, those no
    likelier than the one that was found (Agresti 2013, Categorical Data Analysis, section 3.5).

    Of clustered rows, counts divided by the design effect are tested. Fisher's tea taster
    guessed three of four cups right on either side:

    >>> round(fisher(share(3, 4), share(1, 4)), 3)
    0.486
    """
    a, n = (round(number / one.design) for number in (one.count, one.n))
    b, m = (round(number / other.design) for number in (other.count, other.n))
    total = a + b
    counts = np.arange(max(0, total - m), min(n, total) + 1)
    likely = log_choose(n, counts) + log_choose(m, total - counts)
    chance = np.exp(likely - likely.max())
    # What is as likely must not be lost to rounding.
    as_rare = chance <= chance[counts == a] * (1 + 1e-9)
    return min(1.0, float(chance[as_rare].sum() / chance.sum()))


def log_choose(n: int, chosen: NDArray[np.intp]) -> Floats:
    """The logarithm of the number of ways to choose so many of ``n``, for each entry.

    >>> np.exp(log_choose(5, np.array([0, 1, 2]))).round().tolist()
    [1.0, 5.0, 10.0]
    """
    from scipy.special import gammaln

    found: Floats = gammaln(n + 1) - gammaln(chosen + 1) - gammaln(n - chosen + 1)
    return found


def holm(chances: Sequence[float]) -> list[float]:
    """P-values adjusted for looking at all of them at once: with a bound of .05, some difference
    that is none is taken for one in at most 5 % of cases (Holm 1979, A simple sequentially
    rejective multiple test procedure, Scandinavian Journal of Statistics 6, 65–70).

    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    order = np.argsort(np.array(chances), kind="stable").tolist()
    adjusted = [1.0] * len(chances)
    highest = 0.0
    for rank, at in enumerate(order):
        highest = max(highest, min(1.0, (len(chances) - rank) * chances[at]))
        adjusted[at] = highest
    return adjusted


def smallest_seen(contrasted: Contrast, looks: int = 1) -> float:
    """The smallest difference from the hidden arm's share that would have been seen in four cases
    of five, where so many codes are looked at.

    Two-sided, 5 % in all by the first step of Holm, power 80 %, by the normal approximation for
    arms of different sizes (Fleiss, Levin and Paik 2003, Statistical Methods for Rates and
    Proportions, chapter 4, without the correction for continuity). The difference leads toward
    one half, where shares vary most.
    """
    from scipy.special import ndtri

    z = float(ndtri(1 - 0.025 / looks))
    steps = np.arange(1, 1001) / 1000
    lacking = _blur(contrasted.hidden.value, steps, *_sizes(contrasted), z) > steps
    return float(steps[min(int(np.count_nonzero(lacking)), len(steps) - 1)])


def more_needed(contrasted: Contrast, allotted: float, difference: float = 0.1) -> int:
    """How many more rows the two arms need together for a difference of so much to be seen.

    ``allotted`` is the share of further rows that suggestions are shown on, between 0 and 1.
    Power and source are those of ``smallest_seen``, for one code alone.
    """
    shown, hidden = _sizes(contrasted)
    design = max(contrasted.shown.design, contrasted.hidden.design)
    sizes = (shown + allotted * MORE / design, hidden + (1 - allotted) * MORE / design)
    lacking = _blur(contrasted.hidden.value, difference, *sizes, Z95) > difference
    return int(MORE[min(int(np.count_nonzero(lacking)), len(MORE) - 1)])


def _sizes(contrasted: Contrast) -> tuple[float, float]:
    shown, hidden = contrasted.shown, contrasted.hidden
    return shown.n / shown.design, hidden.n / hidden.design


def _blur(
    base: float, steps: Floats | float, shown: Floats | float, hidden: Floats | float, z: float
) -> Floats:
    """What each difference must exceed to be seen against chance in four cases of five."""
    moved = np.clip(base + steps if base < 0.5 else base - steps, 0.0, 1.0)
    middle = (shown * moved + hidden * base) / (shown + hidden)
    none: Floats = np.sqrt(middle * (1 - middle) * (1 / shown + 1 / hidden))
    some: Floats = np.sqrt(moved * (1 - moved) / shown + base * (1 - base) / hidden)
    return z * none + Z80 * some
