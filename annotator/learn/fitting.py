"""Weights for all codes, and decisions about what each fit never saw.

Everything that is said about a code is said from such decisions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from annotator.learn.context import STRENGTHS, Around
from annotator.learn.folds import Folds
from annotator.learn.metrics import (
    Truth,
    average_precision,
)
from annotator.learn.model import (
    Learning,
)
from annotator.learn.ridge import Doubles, Rows, Weights, balanced, fit_weights
from annotator.learn.sampling import RESERVED

if TYPE_CHECKING:
    import pandas as pd


FIRMNESSES = (1.0, 4.0, 16.0, 40.0)
"""Penalties that are tried, in the unit of one answer."""

USUAL_FIRMNESS = 16.0
NOISE = 0.005
"""Gains in average precision below this are chance, and the usual choice stays."""

TRIED_FROM, TRIED_TO = 200, 1_000
"""Coded sentences from which penalties are tried, and how many take part in the trial."""

JUDGED = "judged: "
"""How a column of a training table begins that has a code's answers as they are judged by."""

LEAST_SPREAD = 1e-3
"""Decisions that differ by less, in the unit of one answer, differ by rounding."""

Floats = NDArray[np.float32]
Step = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What is known of the labelled units beside their codes, as arrays of one length.

    ``judged`` has the answers that a model is judged by, by a column's key, for the codes where
    those are not the ones it learns from.
    """

    units: NDArray[np.object_]
    documents: NDArray[np.object_]
    blind: Truth
    reserved: Truth
    judged: Mapping[str, Doubles] = field(default_factory=dict)

    @classmethod
    def of(cls, table: pd.DataFrame) -> Answers:
        """The arrays of a training table."""
        blind = table["blind"].to_numpy(dtype=bool)
        return cls(
            units=table["unit_id"].to_numpy(dtype=object),
            documents=table["document_id"].to_numpy(dtype=object),
            blind=blind,
            # A unit of the stream that was coded with a suggestion on screen is not evidence.
            reserved=blind & (table["draw"].to_numpy(dtype=np.float64) < RESERVED),
            judged={
                name.removeprefix(JUDGED): table[name].to_numpy(dtype=np.float64, na_value=np.nan)
                for name in table.columns
                if name.startswith(JUDGED)
            },
        )

    def where(self, asked: Truth) -> Answers:
        """Only the units that were asked about the code in hand."""
        return Answers(
            units=self.units[asked],
            documents=self.documents[asked],
            blind=self.blind[asked],
            reserved=self.reserved[asked],
            judged={key: answers[asked] for key, answers in self.judged.items()},
        )


@dataclass(frozen=True, eq=False, kw_only=True)
class Evidence:
    """What is learned from, in rows of one space of features.

    ``coded`` are the labelled sentences, ``spoken`` the codebook's own words with their
    ``hints`` ``(rows, codes)`` of 1, -1 and 0, and ``uncoded`` sentences of the project that
    nobody labelled. ``near`` are the sentences around those, ``coded_around`` and
    ``uncoded_around`` whose neighbours they are.
    """

    coded: Rows
    spoken: Rows
    hints: Doubles
    uncoded: Rows
    near: Rows
    coded_around: Around
    uncoded_around: Around
    known: Answers
    kinship: Floats | None = None


@dataclass(frozen=True, eq=False)
class Seen:
    """A fit's decisions about sentences it never saw, and their middle and spread by code.

    The last two are what the sentences around those say.
    """

    held_out: Doubles
    uncoded: Doubles
    around_held_out: Doubles
    around_uncoded: Doubles

    @classmethod
    def by(cls, weights: Weights, material: Evidence, held_out: Doubles, rows: Truth) -> Seen:
        """What these weights decide; the decisions about the held-out rows are known."""
        uncoded, near = material.uncoded.decide(weights), material.near.decide(weights)
        middle = np.concatenate([held_out, uncoded]).mean(axis=0)
        return cls(
            held_out,
            uncoded,
            material.coded_around.where(rows).added(near, middle),
            material.uncoded_around.added(near, middle),
        )

    def in_context(self, strength: Doubles) -> Seen:
        """With the sentences around counting so much, by code."""
        return replace(
            self,
            held_out=self.held_out + strength * self.around_held_out,
            uncoded=self.uncoded + strength * self.around_uncoded,
        )

    def standard(self) -> tuple[Doubles, Doubles]:
        """The middle and the spread of each code's decisions."""
        every = np.concatenate([self.held_out, self.uncoded])
        return every.mean(axis=0), np.maximum(every.std(axis=0), LEAST_SPREAD)


@dataclass(frozen=True, eq=False)
class View:
    """The usable codes as decided in one way, with the sentences around or without."""

    known: Answers
    given: Doubles
    fold: Folds
    seen: Mapping[int, Seen]
    final: Seen

    def in_context(self, strength: Doubles) -> View:
        """The same with the sentences around counting so much."""
        seen = {part: one.in_context(strength) for part, one in self.seen.items()}
        return replace(self, seen=seen, final=self.final.in_context(strength))

    def judged_by(self, number: int, key: str) -> Doubles:
        """The answers that one code's figures are counted on."""
        return self.known.judged.get(key, self.given[:, number])

    def held_out(self, number: int) -> Doubles:
        """One code's standardised decisions about each row, by the fit that never saw it."""
        found = np.zeros(len(self.fold))
        for part, seen in self.seen.items():
            middle, spread = seen.standard()
            rows = self.fold == part
            found[rows] = (seen.held_out[:, number] - middle[number]) / spread[number]
        return found

    def unseen(self, number: int, seen: Seen) -> Doubles:
        """One code's standardised decisions about all that a fit never saw."""
        middle, spread = seen.standard()
        every = np.concatenate([seen.held_out[:, number], seen.uncoded[:, number]])
        standard: Doubles = (every - middle[number]) / spread[number]
        return standard


class Fitted:
    """The usable codes: weights from all answers, and decisions about what each fit never saw."""

    def __init__(
        self,
        material: Evidence,
        given: Doubles,
        questions: Sequence[str],
        fold: Folds,
        seed: int,
        step: Step,
    ) -> None:
        firmness, material = _tried(material, given, fold, seed, step)
        self.learning = Learning(firmness, codebook=len(material.spoken) > 0)
        parts = np.unique(fold).tolist()
        seen: dict[int, Seen] = {}
        for number, part in enumerate(parts, start=1):
            step(f"testing on articles that were held out, part {number} of {len(parts)}")
            inside = fold == part
            weights = _weights(material, given, ~inside, firmness)
            held_out = material.coded.where(inside).decide(weights)
            seen[part] = Seen.by(weights, material, held_out, inside)
        step("learning from all coded sentences")
        everything = np.ones(len(given), bool)
        self.weights = _weights(material, given, everything, firmness)
        # Where nothing was held out, its own sentences must do to tell how high decisions are.
        known = material.coded.decide(self.weights)
        if len(parts) > 1:
            for part in parts:
                known[fold == part] = seen[part].held_out
        final = Seen.by(self.weights, material, known, everything)
        self.alone = View(material.known, given, fold, seen, final)
        self.strength = _strengths(self.alone, questions)
        self.in_context = self.alone.in_context(self.strength)


def _strengths(alone: View, questions: Sequence[str]) -> Doubles:
    """How much the sentences around count for each code: one choice for all of a question."""
    found = np.zeros(len(questions))
    if not any(seen.around_held_out.any() for seen in alone.seen.values()):
        return found
    worth = {
        strength: _each_precision(alone.in_context(np.full(len(questions), strength)))
        for strength in STRENGTHS
    }
    for question in dict.fromkeys(questions):
        mine = np.array([one == question for one in questions])
        means = {strength: float(values[mine].mean()) for strength, values in worth.items()}
        best = max(means, key=means.__getitem__)
        if means[best] > means[0.0] + NOISE:
            found[mine] = best
    return found


def _each_precision(view: View) -> Doubles:
    """The average precision of each code on the rows that were held out."""
    values = []
    for number in range(view.given.shape[1]):
        asked = ~np.isnan(view.given[:, number])
        truth = view.given[asked, number] >= 0.5
        values.append(average_precision(truth, view.held_out(number)[asked]) or 0.0)
    return np.array(values)


def _weights(material: Evidence, given: Doubles, inside: Truth, firmness: float) -> Weights:
    """Weights from some of the coded rows, and from what the codebook says."""
    chosen = given[inside]
    asked = ~np.isnan(chosen)
    answers = np.where(asked, 2 * chosen - 1, 0.0)
    weigh = balanced(answers, asked)
    rows = material.coded.where(inside)
    if len(material.spoken):
        rows = rows.followed_by(material.spoken)
        answers = np.concatenate([answers, material.hints])
        weigh = np.concatenate([weigh, _heard(material.hints, weigh)])
    return fit_weights(rows, answers, weigh, firmness, material.kinship)


HINT = 2.0
"""How many sentences with the code one text of the codebook counts; many texts, twice that."""


def _heard(hints: Doubles, weigh: Doubles) -> Doubles:
    """What the codebook's texts count for their own code, and against the others of its question.

    Words that stand in the texts of all codes of a question then speak for none.
    """
    one = HINT * weigh.max(axis=0)
    speaking, others = (hints > 0).sum(axis=0), (hints < 0).sum(axis=0)
    total = one * np.minimum(speaking, 2)
    mine = total / np.maximum(speaking, 1)
    against = total / np.maximum(others, 1)
    return np.where(hints > 0, mine, np.where(hints < 0, against, 0.0))


def _tried(
    material: Evidence, given: Doubles, fold: Folds, seed: int, step: Step
) -> tuple[float, Evidence]:
    """The penalty, and whether the codebook speaks, with the best average precision.

    One choice for all codes: one for each would follow chance where positives are few. The trial
    takes at most ``TRIED_TO`` rows and three parts, so that it stays within a second or two.
    """
    third = fold % 3
    if len(given) < TRIED_FROM or len(np.unique(third)) < 2:
        return USUAL_FIRMNESS, material
    drawn = np.random.default_rng(seed).permutation(len(given))[:TRIED_TO]
    chosen = np.isin(np.arange(len(given)), drawn)

    def worth(firmness: float, with_this: Evidence) -> float:
        values: list[float] = []
        for part in np.unique(third):
            step("choosing how firmly to learn")
            outside, inside = chosen & (third != part), chosen & (third == part)
            weights = _weights(with_this, given, outside, firmness)
            values += _precisions(given[inside], material.coded.where(inside).decide(weights))
        return float(np.mean(values)) if values else 0.0

    found = {firmness: worth(firmness, material) for firmness in FIRMNESSES}
    best = max(found, key=found.__getitem__)
    if found[best] <= found[USUAL_FIRMNESS] + NOISE:
        best = USUAL_FIRMNESS
    silent = replace(
        material, spoken=material.spoken.where(np.zeros(0, np.intp)), hints=material.hints[:0]
    )
    if len(material.spoken) and worth(best, silent) > found[best] + NOISE:
        return best, silent
    return best, material


def _precisions(given: Doubles, decisions: Doubles) -> Iterator[float]:
    for at in range(given.shape[1]):
        asked = ~np.isnan(given[:, at])
        value = average_precision(given[asked, at] >= 0.5, decisions[asked, at])
        if value is not None:
            yield value
