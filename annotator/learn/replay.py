"""Finished coding played again: how many labels each way of choosing would have needed.

Every way begins with the same sentences drawn by chance and learns after each step, as the program
does; figures come from the random stream alone, from which nothing is learned here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from annotator.core.errors import ModelError
from annotator.core.progress import Progress, silent
from annotator.learn import samplers
from annotator.learn.features import Floats, Settings
from annotator.learn.leads import TwoViews, hinted, unlearned
from annotator.learn.model import Column, Model
from annotator.learn.samplers import Doubles, Frame
from annotator.learn.sampling import RESERVED, draw_of
from annotator.learn.tokens import Tokenised, tokenise

if TYPE_CHECKING:
    import pandas as pd

    from annotator.learn.fit import Material

BASELINE = "random"
GOALS = (0.8, 0.9, 0.95)
"""Shares of the F1 that all labels reach together."""

BEGIN, GROWTH = 30, 1.25
"""Labels of the first step, and by how much each step is larger than the one before."""

LEAST_TESTED, LEAST_POOL = 50, 100
"""Sentences of the random stream to score on, and others to choose from, at least."""

LEAST_POSITIVES = 5
"""Positives in the tested part from which a code counts in the mean F1."""

RUNS = 3


class Curve(NamedTuple):
    """One way of choosing: the macro-F1 at each step, of every run, and the labels for each goal.

    ``needed`` are means over the runs' mean curve; None where it is reached by no step.
    """

    order: str
    f1: list[list[float]]
    needed: dict[float, float | None]

    @property
    def mean(self) -> list[float]:
        """The mean of the runs at each step."""
        return [float(value) for value in np.mean(self.f1, axis=0)]


class Replay(NamedTuple):
    """All ways, by their numbers of labels at each step, and what all labels together reach.

    ``codes`` are how many codes the F1 is a mean of, ``tested`` the sentences it is counted on,
    and ``pool`` those that were chosen from.
    """

    sizes: list[int]
    full: float
    codes: int
    tested: int
    pool: int
    curves: list[Curve]

    def saved(self, order: str, goal: float) -> float | None:
        """How many labels this way saves on the way by chance; None where either misses it."""
        by_name = {curve.order: curve.needed.get(goal) for curve in self.curves}
        mine, chance = by_name.get(order), by_name.get(BASELINE)
        return None if mine is None or chance is None else chance - mine


def replay(
    table: pd.DataFrame,
    columns: Sequence[Column],
    orders: Sequence[str],
    *,
    material: Material,
    seed: int,
    runs: int = RUNS,
    settings: Settings | None = None,
    progress: Progress,
) -> Replay:
    """Play the rows of a training table again under each order, by its sampler's name.

    The table is that of ``fit.fit``; its rows of the random stream that were coded blind are only
    scored on. Chance is always among the orders, and first. Raises ``ModelError`` with a sentence
    where there are too few sentences of either kind.
    """
    tested = (table["draw"].to_numpy(float) < RESERVED) & table["blind"].to_numpy(bool)
    pool, scored_on = table[~tested], table[tested]
    _check(len(pool), len(scored_on))
    stage = _Stage.of(pool, scored_on, columns, material, settings or Settings(), seed)
    sizes = steps(len(pool))
    names = [BASELINE, *(name for name in orders if name != BASELINE)]
    total, done = runs * (len(names) * len(sizes) + 1), 0
    full: list[float] = []
    played: dict[str, list[list[float]]] = {name: [] for name in names}
    for run in range(runs):
        chance = stage.by_chance(run)
        progress(done, total, "learning from all labels")
        full.append(stage.f1(stage.learned(np.arange(len(pool)))))
        done += 1
        for name in names:
            played[name].append([])
            for f1 in stage.play(name, chance, sizes):
                progress(done, total, name)
                done += 1
                played[name][-1].append(f1)
    mean = float(np.mean(full))
    told = [Curve(name, f1, needed(sizes, f1, mean, len(pool))) for name, f1 in played.items()]
    progress(total, total, "done")
    return Replay(sizes, mean, int(stage.counts.sum()), len(scored_on), len(pool), told)


def _check(pool: int, tested: int) -> None:
    if tested < LEAST_TESTED:
        raise ModelError(
            f"a replay is scored on sentences of the random stream that were coded without"
            f" suggestions; {tested} are, and {LEAST_TESTED} are needed: code on in any order but"
            " the order of the articles"
        )
    if pool < LEAST_POOL:
        raise ModelError(
            "a replay chooses among coded sentences outside of the random stream;"
            f" {pool} are coded, and {LEAST_POOL} are needed"
        )


def steps(pool: int) -> list[int]:
    """The numbers of labels at which is learned anew.

    >>> steps(100)
    [30, 37, 46, 57, 71, 88]
    """
    found = [min(BEGIN, pool)]
    while int(found[-1] * GROWTH) < pool:
        found.append(int(found[-1] * GROWTH))
    return found


def needed(
    sizes: Sequence[int], f1: Sequence[Sequence[float]], full: float, pool: int
) -> dict[float, float | None]:
    """Labels until the runs' mean curve first reaches each share of the full F1.

    Between two steps a straight line; behind the last, the one to all labels.

    >>> needed([30, 60], [[0.2, 0.4]], 0.5, 100)
    {0.8: 60.0, 0.9: 80.0, 0.95: 90.0}
    """
    curve = [*np.mean(f1, axis=0).tolist(), full]
    places = [*sizes, pool]
    return {goal: _reached(places, curve, goal * full) for goal in GOALS}


def _reached(places: Sequence[int], curve: Sequence[float], goal: float) -> float | None:
    if not goal > 0:
        return None
    for at, value in enumerate(curve):
        if value >= goal - 1e-12:
            if at == 0:
                return float(places[0])
            share = (goal - curve[at - 1]) / (value - curve[at - 1])
            return round(places[at - 1] + share * (places[at] - places[at - 1]), 6)
    return None


@dataclass(frozen=True, eq=False, kw_only=True)
class _Stage:
    """What is played: the pool to choose from, and the sentences that figures are counted on."""

    pool: pd.DataFrame
    texts: Tokenised
    hints: Floats
    columns: Sequence[Column]
    tested: Sequence[str]
    truth: Floats
    counts: NDArray[np.bool_]
    material: Material
    settings: Settings
    seed: int

    @classmethod
    def of(
        cls,
        pool: pd.DataFrame,
        tested: pd.DataFrame,
        columns: Sequence[Column],
        material: Material,
        settings: Settings,
        seed: int,
    ) -> _Stage:
        from annotator.learn.cold_start import likenesses  # it loads scipy, for which no page waits

        keys = [column.key for column in columns]
        truth = tested[keys].to_numpy(np.float32, na_value=np.nan)
        texts = pool["text"].tolist()
        said = [material.spoken.get(key, ()) for key in keys]
        return cls(
            pool=pool.reset_index(drop=True),
            texts=tokenise(texts),
            hints=likenesses([{"definition": one} for one in said], texts).astype(np.float32),
            columns=columns,
            tested=tested["text"].tolist(),
            truth=truth,
            counts=np.sum(truth >= 0.5, axis=0) >= LEAST_POSITIVES,
            material=material,
            settings=settings,
            seed=seed,
        )

    def by_chance(self, run: int) -> Doubles:
        """A draw for each unit of the pool, outside of the random stream."""
        draws = [draw_of(unit, self.seed + run) for unit in self.pool["unit_id"]]
        return RESERVED + (1 - RESERVED) * np.array(draws)

    def play(self, name: str, draws: Doubles, sizes: Sequence[int]) -> Iterator[float]:
        """The macro-F1 at each step of one way of choosing."""
        chosen = np.argsort(draws, kind="stable")[: sizes[0]]
        model = self.learned(chosen)
        yield self.f1(model)
        for size in sizes[1:]:
            left = np.setdiff1d(np.arange(len(draws)), chosen)
            ranks = samplers.SAMPLERS[name].rank(self.frame(model, left, draws), "")
            best = samplers.highest_first(ranks, draws[left])[: size - len(chosen)]
            chosen = np.append(chosen, left[best])
            model = self.learned(chosen)
            yield self.f1(model)

    def learned(self, places: NDArray[np.intp]) -> Model | None:
        """What is learned from some units of the pool; None where nothing can be."""
        from annotator.learn.fit import fit  # it loads scipy's solvers, for which no page waits

        try:
            return fit(
                self.pool.iloc[np.sort(places)],
                self.columns,
                seed=self.seed,
                progress=silent,
                material=self.material,
                settings=self.settings,
            )
        except ModelError:
            return None

    def f1(self, model: Model | None) -> float:
        """The mean F1 of the codes that count; one that is never suggested has 0."""
        if model is None or not self.counts.any():
            return 0.0
        cuts = np.array([np.nan if card.alone is None else card.alone for card in model.cards])
        asked = ~np.isnan(self.truth)
        suggested = (np.nan_to_num(model.score(self.tested) - cuts, nan=-1.0) >= 0) & asked
        truth = self.truth >= 0.5
        hits = (truth & suggested).sum(axis=0)
        each = 2 * hits / np.maximum(truth.sum(axis=0) + suggested.sum(axis=0), 1)
        return float(each[self.counts].mean())

    def frame(self, model: Model | None, left: NDArray[np.intp], draws: Doubles) -> Frame:
        """What is left to choose from, with what the model says of it."""
        texts = self.pool["text"]
        frame = Frame(
            seqs=left.astype(np.int64),
            documents=np.zeros(len(left), np.int64),
            draws=draws[left],
            texts=lambda some: [texts[at] for at in some],
            keys=[column.key for column in self.columns],
            hints=self.hints[left],
        )
        if model is None:
            return frame
        taken = self.texts.taken(left)
        hinting = hinted(model, self.material.spoken)
        parts = hinting.parts(taken, hinting.of_tokens(taken.lexicon))
        decisions = hinting.whole(parts)
        cuts = [np.nan if not card.fitted else card.threshold for card in model.cards]
        return replace(
            frame,
            scores=model.scores_alone(decisions.copy()),
            thresholds=np.array(cuts, np.float32),
            positives=np.array([card.positives for card in model.cards]),
            apart=TwoViews.of(model, parts).apart(parts),
            hints=decisions[:, unlearned(model)],
        )
