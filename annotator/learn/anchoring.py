"""Whether suggestions moved what coders gave: units that showed them against units that did not.

The arms are compared as they were assigned, among units for which a model had a score for the
code, whether or not anything was on screen. Only chance decided which unit is in which arm, so
that what differs between them is due to the suggestions, or to chance.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from annotator.learn import proportions
from annotator.learn.agreement import Agreement, agreement
from annotator.learn.proportions import Contrast, Rows, Share, share_of

Place = tuple[str, str, str]

EVERYBODY = ""
"""The coder of figures for all coders together."""

CHANCE = 0.05
"""A code has moved where its adjusted p-value is below this."""

LEAST_TIMED = 5
"""Decisions of a coder in either arm from which the time they take is compared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decisions:
    """Decisions of both arms in parallel arrays: one row a decision, in the last five one column
    for each of ``codes``.

    ``coders`` and ``units`` are numbers from 0 up, ``suggest`` says which arm a decision is of,
    ``seconds`` are NaN where they are not known. ``scored`` is whether the coder was asked about
    the code and a model had a score for it, ``above`` whether that reached the code's threshold,
    ``seen`` whether the suggestion was on screen when the coder answered, ``given`` what was
    answered. ``revealed`` marks decisions whose suggestions came into sight after an answer.
    """

    codes: tuple[Place, ...]
    names: tuple[str, ...]
    coders: NDArray[np.int64]
    units: NDArray[np.int64]
    suggest: Rows
    revealed: Rows
    seconds: NDArray[np.float64]
    scored: Rows
    above: Rows
    seen: Rows
    given: Rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Reveals:
    """Answers before and after the suggestions came into sight: a row each, a column a code."""

    coders: NDArray[np.int64]
    scored: Rows
    suggested: Rows
    first: Rows
    final: Rows


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeFigures:
    """One code and coder; of all codes together ``code`` is None, of all coders ``coder`` empty.

    ``given`` is the share of units that were given the code, ``same`` that of units where the
    answer was the model's, above its threshold or not. ``p_value`` is of Fisher's exact test that
    ``given`` is the same in both arms, ``adjusted`` for all codes that are looked at (Holm), and
    ``moved`` whether it is below ``CHANCE``. ``smallest`` is the difference that would have been
    seen, ``more`` how many more decisions a difference of ten points takes. ``accepted`` is how
    many of the suggestions on screen were taken over, ``anyway`` how many the coder gave of those
    above the threshold in the hidden arm. ``together_shown`` and ``together_hidden`` are how far
    coders agree with each other. None is what cannot be told.
    """

    coder: str
    code: Place | None
    given: Contrast | None
    same: Contrast | None
    p_value: float | None = None
    adjusted: float | None = None
    moved: bool = False
    smallest: float | None = None
    more: int | None = None
    accepted: Share | None
    anyway: Share | None
    together_shown: Agreement | None = None
    together_hidden: Agreement | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Seconds a decision: the medians of both arms, and the ratio of the geometric means."""

    coder: str
    shown: int
    hidden: int
    shown_median: float
    hidden_median: float
    ratio: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What coders changed once they saw the suggestions, of one code or, where it is None, of all.

    ``changed`` of the ``revealed`` decisions were; ``toward`` are answers that became what was on
    screen, ``away`` those that had been.
    """

    coder: str
    code: Place | None
    revealed: int
    changed: int
    toward: int
    away: int


def figures(
    decided: Decisions, *, allotted: float | None, rng: np.random.Generator
) -> list[CodeFigures]:
    """Of all coders together and of each: all codes together, then every code with a score.

    ``allotted`` is the share of further decisions that suggestions are shown on; None where only
    one of the arms goes on. Tests are adjusted among the codes of all coders together, and among
    all pairs of a coder and a code.
    """
    together = [
        _between(row, decided, rng) for row in _figures(decided, EVERYBODY, slice(None), allotted)
    ]
    apart = [
        row
        for number, name in enumerate(decided.names)
        for row in _figures(decided, name, decided.coders == number, allotted)
    ]
    return [*_tested(together), *_tested(apart)]


def paces(decided: Decisions) -> list[Pace]:
    """The time of all coders together and of each, where it can be told."""
    found = [_pace(decided, name, [at]) for at, name in enumerate(decided.names)]
    everybody = _pace(decided, EVERYBODY, range(len(decided.names)))
    return [one for one in (everybody, *found) if one is not None]


def changes(codes: Sequence[Place], names: Sequence[str], revealed: Reveals) -> list[Change]:
    """Of all coders together and of each, where anything was revealed: all codes, then each."""
    found = list(_changes(codes, EVERYBODY, revealed, np.ones(len(revealed.coders), bool)))
    for number, name in enumerate(names):
        found += _changes(codes, name, revealed, revealed.coders == number)
    return found


def _figures(
    decided: Decisions, coder: str, rows: Rows | slice, allotted: float | None
) -> Iterator[CodeFigures]:
    units, suggest, revealed = decided.units[rows], decided.suggest[rows], decided.revealed[rows]
    tables = (decided.scored, decided.above, decided.seen, decided.given)
    # Codes are taken one by one, which is quick where each lies in one piece.
    scored, above, seen, given = (np.ascontiguousarray(table[rows].T) for table in tables)
    codes = np.flatnonzero(scored.any(axis=1))
    if not len(codes):
        return
    cell = np.nonzero(scored)
    every = (above[cell], seen[cell], given[cell], units[cell[1]], suggest[cell[1]])
    yield _code(coder, None, every, revealed[cell[1]], None)
    for at in codes:
        here = scored[at]
        columns = (above[at, here], seen[at, here], given[at, here], units[here], suggest[here])
        yield _code(coder, decided.codes[at], columns, revealed[here], allotted)


def _code(
    coder: str,
    code: Place | None,
    columns: tuple[Rows, Rows, Rows, NDArray[np.int64], Rows],
    revealed: Rows,
    allotted: float | None,
) -> CodeFigures:
    above, seen, given, units, suggest = columns
    hidden = ~suggest
    was_seen, would_be = suggest & seen & ~revealed, hidden & above
    contrasted = _contrast(given, suggest, units)
    tested = contrasted if code is not None else None
    return CodeFigures(
        coder=coder,
        code=code,
        given=contrasted,
        same=_contrast(given == above, suggest, units),
        p_value=proportions.fisher(tested.shown, tested.hidden) if tested else None,
        more=proportions.more_needed(tested, allotted) if tested and allotted else None,
        accepted=share_of(given[was_seen], units[was_seen]),
        anyway=share_of(given[would_be], units[would_be]),
    )


def _contrast(given: Rows, suggest: Rows, units: NDArray[np.int64]) -> Contrast | None:
    shown = share_of(given[suggest], units[suggest])
    hidden = share_of(given[~suggest], units[~suggest])
    return proportions.contrast(shown, hidden) if shown and hidden else None


def _tested(rows: list[CodeFigures]) -> list[CodeFigures]:
    """The rows with what follows from how many codes are looked at."""
    # Of a code that was never given, or always, a test of these margins can find nothing.
    looked_at = {at: row.p_value for at, row in enumerate(rows) if _varies(row)}
    chances = [chance for chance in looked_at.values() if chance is not None]
    adjusted = dict(zip(looked_at, proportions.holm(chances), strict=True))
    return [
        replace(
            row,
            adjusted=adjusted[at],
            moved=adjusted[at] < CHANCE,
            smallest=proportions.smallest_seen(row.given, len(chances)),
        )
        if at in adjusted and row.given
        else row
        for at, row in enumerate(rows)
    ]


def _varies(row: CodeFigures) -> bool:
    if row.p_value is None or row.given is None:
        return False
    arms = (row.given.shown, row.given.hidden)
    return 0 < sum(arm.count for arm in arms) < sum(arm.n for arm in arms)


def _between(row: CodeFigures, decided: Decisions, rng: np.random.Generator) -> CodeFigures:
    """The row with how far coders agree with each other, where several coded units of both arms."""
    if row.code is None or len(decided.names) < 2:
        return row
    at = decided.codes.index(row.code)
    scored, given = decided.scored[:, at], decided.given[:, at]
    found = []
    for arm in (decided.suggest, ~decided.suggest):
        here = scored & arm
        units, yes = decided.units[here], given[here]
        counts = np.stack([np.bincount(units[~yes], minlength=_top(units)), _yes(units, yes)], 1)
        found.append(agreement(counts, rng))
    shown, hidden = found
    if shown is None or hidden is None:
        return row
    return replace(row, together_shown=shown, together_hidden=hidden)


def _yes(units: NDArray[np.int64], yes: Rows) -> NDArray[np.intp]:
    return np.bincount(units[yes], minlength=_top(units))


def _top(units: NDArray[np.int64]) -> int:
    return int(units.max(initial=-1)) + 1


def _pace(decided: Decisions, coder: str, numbers: Sequence[int]) -> Pace | None:
    """The time of these coders, each held against themselves.

    The difference of the mean logarithms, weighted by ``n m / (n + m)`` of each coder, with an
    interval by Student's t and the degrees of freedom of Satterthwaite (1946), Biometrics
    Bulletin 2, 110–114; for one coder that is the interval of Welch (1947), Biometrika 34, 28–35.
    """
    timed = decided.seconds > 0
    arms = []
    for number in numbers:
        own = timed & (decided.coders == number)
        shown, hidden = (decided.seconds[own & arm] for arm in (decided.suggest, ~decided.suggest))
        if min(len(shown), len(hidden)) >= LEAST_TIMED:
            arms.append((shown, hidden))
    if not arms:
        return None
    middle, half = _log_ratio(arms)
    all_shown, all_hidden = (np.concatenate(arm) for arm in zip(*arms, strict=True))
    return Pace(
        coder=coder,
        shown=len(all_shown),
        hidden=len(all_hidden),
        shown_median=float(np.median(all_shown)),
        hidden_median=float(np.median(all_hidden)),
        ratio=float(np.exp(middle)),
        low=float(np.exp(middle - half)),
        high=float(np.exp(middle + half)),
    )


def _log_ratio(
    arms: Sequence[tuple[NDArray[np.float64], NDArray[np.float64]]],
) -> tuple[float, float]:
    """The difference of the mean logarithms, and half the width of its 95 % interval."""
    from scipy.special import stdtrit

    weights = np.array([len(a) * len(b) / (len(a) + len(b)) for a, b in arms])
    weights /= weights.sum()
    differences = np.array([np.log(a).mean() - np.log(b).mean() for a, b in arms])
    parts = np.array([[np.log(a).var(ddof=1) / len(a) for a in pair] for pair in arms])
    parts *= np.square(weights)[:, np.newaxis]
    freedom = np.array([[len(a) - 1 for a in pair] for pair in arms])
    variance = float(parts.sum())
    if variance == 0:
        return float(weights @ differences), 0.0
    quantile = float(stdtrit(variance**2 / (np.square(parts) / freedom).sum(), 0.975))
    return float(weights @ differences), quantile * float(np.sqrt(variance))


def _changes(codes: Sequence[Place], coder: str, revealed: Reveals, rows: Rows) -> Iterator[Change]:
    if not rows.any():
        return
    scored, suggested = revealed.scored[rows], revealed.suggested[rows]
    first, final = revealed.first[rows], revealed.final[rows]
    changed = scored & (first != final)
    toward = changed & (final == suggested)
    away = changed & (first == suggested)
    several = int(np.count_nonzero(changed.any(axis=1)))
    counts = (int(np.count_nonzero(toward)), int(np.count_nonzero(away)))
    yield _change(coder, None, len(scored), several, *counts)
    for at in np.flatnonzero(scored.any(axis=0)).tolist():
        pairs = (scored[:, at], changed[:, at], toward[:, at], away[:, at])
        yield _change(coder, codes[at], *(int(np.count_nonzero(one)) for one in pairs))


def _change(coder: str, code: Place | None, *counts: int) -> Change:
    revealed, changed, toward, away = counts
    return Change(
        coder=coder, code=code, revealed=revealed, changed=changed, toward=toward, away=away
    )
