"""How codes are learned: which can be, from what, and what becomes of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from annotator.learn.features import LEAST_ANSWERS
from annotator.learn.fitting import FIRMNESSES, Evidence, Fitted
from annotator.learn.folds import MOST_FOLDS, folds
from annotator.learn.judging import judged
from annotator.learn.model import (
    LEAST_DOCUMENTS,
    UNTRIED,
    CodeCard,
    Column,
    Learning,
    Sigmoids,
)
from annotator.learn.ridge import Doubles, Weights

if TYPE_CHECKING:
    pass


Floats = NDArray[np.float32]
Step = Callable[[str], None]


class Learned(NamedTuple):
    """All codes: weights, sigmoids of sentences in context and alone, cards, scores out of fold."""

    weights: Weights
    sigmoids: Sigmoids
    cards: tuple[CodeCard, ...]
    out_of_fold: Floats
    learning: Learning = UNTRIED


def learn(
    columns: Sequence[Column],
    material: Evidence,
    given: Doubles,
    *,
    precision: Mapping[str, float],
    least: int,
    seed: int,
    step: Step,
) -> Learned:
    """Learn every code of ``given`` ``(rows, codes)`` that has answers enough.

    An answer is the share of coders who gave the code, NaN where nobody was asked. ``precision``
    names codes that are to be cut where so many suggestions are right; ``least`` is how many
    answers of either kind a code needs. ``step`` is told what comes next, in ``steps`` calls.
    """
    cards = [
        _counts(column, given[:, at], material.known.documents) for at, column in enumerate(columns)
    ]
    reasons = [_unfit(given[:, at], card, material, least) for at, card in enumerate(cards)]
    usable = [at for at, reason in enumerate(reasons) if not reason]
    fold = folds(given, material.known.documents, seed)
    weights = tuple(
        np.zeros((len(block.hashes), len(columns)), np.float32)
        for block in material.coded.space.features.blocks
    )
    sigmoids = Sigmoids.plain(len(columns))
    scores = np.full(given.shape, np.nan, np.float32)
    cards = [replace(card, note=why) for card, why in zip(cards, reasons, strict=True)]
    if not usable:
        return Learned(weights, sigmoids, tuple(cards), scores)
    kinship = _kinship([columns[at] for at in usable])
    part = replace(material, hints=material.hints[:, usable], kinship=kinship)
    questions = [f"{columns[at].variable}|{columns[at].target}" for at in usable]
    fitted = Fitted(part, given[:, usable], questions, fold, seed, step)
    for number, at in enumerate(usable):
        step(columns[at].key)
        for mine, of_all in zip(weights, fitted.weights, strict=True):
            mine[:, at] = of_all[:, number]
        wanted = precision.get(columns[at].key)
        cards[at], (slope, offset), scores[:, at] = judged(
            cards[at], fitted.in_context, number, wanted, seed
        )
        strength, middle = fitted.strength[number], fitted.alone.final.standard()[0][number]
        sigmoids.put(at, slope, offset, strength, middle)
        if strength:
            # New text often comes without the sentences around it.
            by_itself, (slope, offset), _ = judged(cards[at], fitted.alone, number, wanted, seed)
            sigmoids.put_alone(at, slope, offset)
            cards[at] = replace(cards[at], threshold_alone=by_itself.threshold)
    return Learned(weights, sigmoids, tuple(cards), scores, fitted.learning)


KINSHIP = 0.5
"""How much a code learns from the same code for another target.

With the topics of a set as 22 targets of one code, average precision rose from .60 to .68 with 250
labels in all, and from .70 to .76 with 2,500; .3 to .9 gave the same within .01.
"""


def _kinship(columns: Sequence[Column]) -> Floats | None:
    """``(codes, codes)``: praise sounds alike whoever it is for; None where no code has a kin."""
    names = np.array([f"{one.variable}|{one.code}" for one in columns])
    same = names[:, np.newaxis] == names
    if same.sum() == len(columns):
        return None
    found: Floats = np.where(same, np.float32(KINSHIP), np.float32(0))
    np.fill_diagonal(found, 1.0)
    return found


def steps(given: Doubles) -> int:
    """How many steps ``learn`` tells at most."""
    return int(given.shape[1]) + (len(FIRMNESSES) + 1) * 3 + MOST_FOLDS + 2


def enough(given: NDArray[np.float64]) -> bool:
    """Whether there are as many positives and negatives as a code needs at least."""
    return bool(min(np.sum(given >= 0.5), np.sum(given < 0.5)) >= LEAST_ANSWERS)


def _counts(column: Column, given: Doubles, documents: NDArray[np.object_]) -> CodeCard:
    return CodeCard(
        **column._asdict(),
        positives=int(np.sum(given >= 0.5)),
        negatives=int(np.sum(given < 0.5)),
        positive_documents=len(np.unique(documents[given >= 0.5])),
    )


def _unfit(given: Doubles, card: CodeCard, material: Evidence, least: int) -> str:
    """Why a code cannot be learned, in one sentence; empty when it can."""
    positives, negatives = card.positives, card.negatives
    told = given[~np.isnan(given)]
    if not ((told >= 0) & (told <= 1)).all():
        return "holds answers other than yes and no"
    if not positives and not negatives:
        return "nobody was asked yet"
    if positives < least:
        return f"has {positives} of at least {least} positive sentences"
    if negatives < least:
        return f"has {negatives} of at least {least} negative sentences"
    if (card.positive_documents or 0) < min(LEAST_DOCUMENTS, least):
        return "all positive sentences are from one document"
    pieces = sum(len(block.hashes) for block in material.coded.space.features.blocks)
    return "" if pieces else "the sentences have no words in common"
