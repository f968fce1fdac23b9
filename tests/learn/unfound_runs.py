"""Coding simulated again and again, to see how often an estimate of unfound units holds.

``python -m tests.learn.unfound_runs`` prints how often it covers the truth, by prevalence, by
the number of units drawn by chance, by the way of choosing and by what makes the coder stop.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm, t

from annotator.learn import stopping

PREVALENCES = (0.002, 0.01, 0.05, 0.3)
LOOKS = (30, 60, 100, 150, 200, 250, 300, 350, 400)
TOTAL = 2_000
ARTICLE = 20
"""Units of an article; some articles have far more of a code than others."""

LIKE_EACH_OTHER = 2.0
"""How alike the shares of articles are: small is unlike, and a code is in few articles then."""

Flags = NDArray[np.bool_]
Counts = NDArray[np.int64]

_carriers = lru_cache(maxsize=None)(stopping.carriers)


class Seen(NamedTuple):
    """What is known at every look of every run: arrays ``(runs, looks)`` of counts of units."""

    asked: Counts
    found: Counts
    drawn: Counts
    low: Counts
    high: Counts
    truth: Counts

    @property
    def covered(self) -> Flags:
        """Whether the interval held what was really unfound."""
        return (self.low <= self.truth) & (self.truth <= self.high)


def corpus(chance: np.random.Generator, runs: int, prevalence: float) -> Flags:
    """Which units carry a code, ``(runs, units)``, article by article."""
    mean = np.array([prevalence, 1 - prevalence]) * LIKE_EACH_OTHER
    shares = chance.beta(*mean, (runs, TOTAL // ARTICLE))
    return chance.random((runs, TOTAL)) < np.repeat(shares, ARTICLE, axis=1)


def by_scores(chance: np.random.Generator, carries: Flags, draws: Counts) -> NDArray[np.float64]:
    """A sampler's order: scores tell carriers apart; the random stream is out of its reach."""
    scores = 2 * carries + chance.normal(size=carries.shape)
    return np.where(draws < TOTAL // 5, np.inf, -scores)


def by_search(chance: np.random.Generator, carries: Flags, draws: Counts) -> NDArray[np.float64]:
    """What a search finds, in the random stream too."""
    del draws
    return -(2 * carries + chance.normal(size=carries.shape))


def as_it_reads(chance: np.random.Generator, carries: Flags, draws: Counts) -> NDArray[np.float64]:
    """Article by article, beside the random stream."""
    del chance, draws
    return np.broadcast_to(np.arange(TOTAL, dtype=np.float64), carries.shape)


WAYS = {"scores": by_scores, "search": by_search, "as it reads": as_it_reads}


def coded(
    seed: int,
    runs: int,
    prevalence: float,
    choose: Callable[..., NDArray[np.float64]] = by_scores,
) -> Seen:
    """Code corpora in a chosen order, one in five units by chance, and look at the estimate."""
    chance = np.random.default_rng(seed)
    carries = corpus(chance, runs, prevalence)
    draws = np.argsort(chance.random((runs, TOTAL)), axis=1)
    turn = np.argsort(np.argsort(choose(chance, carries, draws), axis=1, kind="stable"), axis=1)
    # In the order of the draws, so that what is decided from the start on is a prefix.
    order = np.argsort(draws, axis=1)
    carries, turn = (np.take_along_axis(one, order, axis=1) for one in (carries, turn))
    looks = [_look(carries, turn, drawn) for drawn in LOOKS]
    return Seen(*(np.stack(one, axis=1) for one in zip(*looks, strict=True)))


def _look(carries: Flags, turn: Counts, drawn: int) -> tuple[Counts, ...]:
    decided = (turn < 4 * drawn) | (np.arange(TOTAL) < drawn)
    prefix = np.where(decided.all(axis=1), TOTAL, np.argmin(decided, axis=1))
    in_prefix = np.arange(TOTAL) < prefix[:, None]
    asked, found = decided.sum(axis=1), (decided & carries).sum(axis=1)
    carrying = (in_prefix & carries).sum(axis=1)
    pairs = zip(prefix.tolist(), carrying.tolist(), strict=True)
    all_ = np.array([_carriers(TOTAL, *pair) for pair in pairs])
    low, high = np.clip(all_.T - found, 0, TOTAL - asked)
    return asked, found, prefix, low, high, carries.sum(axis=1) - found


def first(stops: Flags) -> Counts:
    """The look at which each run stops: the first that makes it, else the last one."""
    return np.where(stops.any(axis=1), np.argmax(stops, axis=1), stops.shape[1] - 1)


def stops(seen: Seen, seed: int) -> dict[str, Counts]:
    """Ways of stopping, and the look at which each run does so."""
    new = np.diff(seen.found, axis=1, prepend=0)
    shape = seen.found.shape
    surely = seen.found / np.maximum(seen.found + seen.high, 1)
    return {
        "at a time that chance gives": np.random.default_rng(seed).integers(0, shape[1], shape[0]),
        "when 50 % are surely found": first(surely >= 0.5),
        "when 80 % are surely found": first(surely >= 0.8),
        "when nothing new has come": first(new == 0),
        "when the range is at its smallest": np.argmin(seen.high - seen.low, axis=1),
    }


def at(flags: Flags, look: Counts) -> float:
    """How many of the runs have it at the look at which they stop."""
    return float(flags[np.arange(len(flags)), look].mean())


def difference_held(seed: int, runs: int, prevalence: float, drawn: int) -> float:
    """How often the difference estimator's interval holds the number of carriers.

    It is given the best scores there could be: the true chance that a unit carries the code, as
    far as one noisy sign of it tells.
    """
    chance = np.random.default_rng(seed)
    carries = corpus(chance, runs, prevalence)
    sign = 2 * carries + chance.normal(size=carries.shape)
    likely = prevalence * norm.pdf(sign - 2)
    scores = likely / (likely + (1 - prevalence) * norm.pdf(sign))
    sample = np.argsort(chance.random(carries.shape), axis=1)[:, :drawn]
    off = np.take_along_axis(carries - scores, sample, axis=1)
    estimate = scores.sum(axis=1) + TOTAL * off.mean(axis=1)
    error = TOTAL * np.sqrt((1 - drawn / TOTAL) * off.var(axis=1, ddof=1) / drawn)
    reach = t.ppf(0.975, drawn - 1) * error
    return float((np.abs(carries.sum(axis=1) - estimate) <= reach).mean())


def main(runs: int = 2_000) -> None:
    """Print how often the range holds, and how often the difference estimator's would."""
    write = sys.stdout.write
    write(f"prevalence  way of choosing  {'  '.join(f'{n:>5}' for n in LOOKS)}\n")
    for prevalence in PREVALENCES:
        for name, choose in WAYS.items():
            seen = coded(1, runs, prevalence, choose)
            shares = "  ".join(f"{share:5.3f}" for share in seen.covered.mean(axis=0))
            write(f"{prevalence:>10}  {name:<15}  {shares}\n")
            for rule, look in stops(seen, 1).items():
                write(f"{'':>10}  {name:<15}  {at(seen.covered, look):5.3f}  {rule}\n")
    for prevalence in PREVALENCES:
        held = (difference_held(1, runs, prevalence, drawn) for drawn in LOOKS)
        shares = "  ".join(f"{share:5.3f}" for share in held)
        write(f"{prevalence:>10}  {'by difference':<15}  {shares}\n")


if __name__ == "__main__":
    main()
