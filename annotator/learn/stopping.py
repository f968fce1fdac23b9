"""When to stop: how many units with a code are still unfound, and what the last ones brought.

The units in the order of their draws are a seeded permutation of the corpus. Those that come before
the first one that nobody decided on are a simple random sample of it without replacement, however
all the others were chosen. What the sample says of the whole corpus, less what is found already,
is unfound.

Where some units of the sample were decided for other reasons, the sample may run on for a few of
them, which carry a code more often than others. That adds less than one carrier to it: units
decided with probability q make it run on for q / (1 - q) units, of which carriers are over-counted
by a factor of 1 / q at most.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from annotator.learn.proportions import log_choose

Flags = NDArray[np.bool_]

CONFIDENCE = 0.95

LEAST_DRAWN = 30
"""Units drawn by chance before anything is said: with fewer, the interval is most of the corpus."""

HUNDRED = 100

TIE = 1e-9
"""How near two chances are that are the same but for rounding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfound:
    """What is known of one code, in units of a corpus of ``total``.

    ``asked`` of them were asked for it, ``found`` of those carry it. ``drawn`` of those asked were
    drawn by chance, ``carrying`` of them carry it. ``expected`` units with the code are likely
    among those that nobody was asked about, ``low`` to ``high`` with 95 % confidence; None where
    too few were drawn.
    """

    total: int
    asked: int
    found: int
    drawn: int
    carrying: int
    expected: int | None
    low: int | None
    high: int | None

    @property
    def lacking(self) -> int:
        """How many more units by chance it takes before anything can be said."""
        return 0 if self.expected is not None else LEAST_DRAWN - self.drawn

    @property
    def recall(self) -> float | None:
        """The share of the code's units that is found; None where it cannot be told."""
        return _share(self.found, self.expected)

    @property
    def recall_low(self) -> float | None:
        """The share that is surely found."""
        return _share(self.found, self.high)

    @property
    def recall_high(self) -> float | None:
        """The share that is found at most."""
        return _share(self.found, self.low)


def _share(found: int, unfound: int | None) -> float | None:
    return None if unfound is None or not found + unfound else found / (found + unfound)


def unfound(*, total: int, asked: int, found: int, drawn: int, carrying: int) -> Unfound:
    """The estimate for one code, from counts of units as ``Unfound`` has them.

    >>> one = unfound(total=10_000, asked=900, found=80, drawn=200, carrying=2)
    >>> one.expected, one.low, one.high
    (20, 0, 273)
    """
    known = {"total": total, "asked": asked, "found": found, "drawn": drawn, "carrying": carrying}
    left = total - asked
    if drawn < LEAST_DRAWN and left:
        return Unfound(**known, expected=None, low=None, high=None)
    least, most = carriers(total, drawn, carrying)
    likely = round(total * carrying / drawn) if drawn else 0
    expected, low, high = (min(max(number - found, 0), left) for number in (likely, least, most))
    return Unfound(**known, expected=expected, low=low, high=high)


def carriers(
    total: int, drawn: int, carrying: int, confidence: float = CONFIDENCE
) -> tuple[int, int]:
    """The exact interval of how many of ``total`` units carry a code.

    ``carrying`` of ``drawn`` do, which were drawn by chance without replacement. The interval
    holds every number by which a sample as far off, upwards or downwards, has at least half of
    what is left of the confidence: Clopper and Pearson's way (1934, Biometrika 26) with the
    hypergeometric distribution (Buonaccorsi 1987, The American Statistician 41). It covers the
    truth in at least that share of samples, whatever the truth is.

    >>> carriers(50, 10, 3)
    (5, 31)
    """
    # Rounding must not settle a tie: that number is held.
    tail = (1 - confidence) / 2 - TIE
    highest = total - drawn + carrying
    high = _largest(carrying, highest, lambda all_: _at_most(carrying, total, all_, drawn) > tail)
    if not carrying:
        return 0, high
    low = 1 + _largest(
        carrying - 1, highest, lambda all_: 1 - _at_most(carrying - 1, total, all_, drawn) <= tail
    )
    return low, high


def _largest(low: int, high: int, holds: Callable[[int], bool]) -> int:
    """The largest number for which something holds that holds up to there, and for ``low``."""
    while low < high:
        middle = (low + high + 1) // 2
        if holds(middle):
            low = middle
        else:
            high = middle - 1
    return low


def _at_most(most: int, total: int, carrying: int, drawn: int) -> float:
    """The chance that at most so many of the drawn units are among those that carry the code."""
    least = max(0, drawn - (total - carrying))
    counts = np.arange(least, min(most, carrying, drawn) + 1)
    logs = log_choose(carrying, counts) + log_choose(total - carrying, drawn - counts)
    return float(np.exp(logs - log_choose(total, np.array(drawn))).sum())


class Hundred(NamedTuple):
    """A hundred units that were decided one after another, and how many of them carry a code.

    ``upto`` is how many had been decided at its end, ``found`` how many of all those carry the
    code. Of the hundred's own, ``by_chance`` are of the random stream and ``chosen`` are not.
    """

    upto: int
    by_chance: int
    chosen: int
    found: int

    @property
    def new(self) -> int:
        """How many units with the code it brought."""
        return self.by_chance + self.chosen


def hundreds(carrying: Flags, stream: Flags) -> list[Hundred]:
    """What each hundred units brought; the last one is whole, the first may be smaller.

    Both arrays have a place for each unit, in the order of the decisions: whether it carries the
    code, and whether it is of the random stream.

    >>> [one.new for one in hundreds(np.arange(250) < 60, np.zeros(250, bool))]
    [50, 10, 0]
    """
    ends = np.arange(len(carrying), 0, -HUNDRED)[::-1]
    found = np.cumsum(carrying)[ends - 1]
    of_stream = np.cumsum(carrying & stream)[ends - 1]
    by_chance = np.diff(of_stream, prepend=0)
    chosen = np.diff(found, prepend=0) - by_chance
    rows = zip(*(array.tolist() for array in (ends, by_chance, chosen, found)), strict=True)
    return [Hundred(*row) for row in rows]
