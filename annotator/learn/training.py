"""How one code is learned and judged: enough answers? weights, calibration, thresholds, figures.

Everything that is said about a code's quality comes from scores of documents that the scoring
model never saw.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from annotator.learn.logistic import Decisions, Folds, calibrate, fit_code, folds, out_of_fold
from annotator.learn.metrics import (
    Truth,
    average_precision,
    best_threshold,
    desk_threshold,
    measures,
)
from annotator.learn.model import CodeCard, Column, sigmoid
from annotator.learn.sampling import RESERVED

if TYPE_CHECKING:
    import pandas as pd

LEAST_ANSWERS = 5
LEAST_DOCUMENTS = 2
CALIBRATED_FROM = 30
RESERVED_FROM = 30
PLAIN_THRESHOLD = 0.5

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What is known of the labelled units beside their codes, as arrays of one length."""

    documents: NDArray[np.object_]
    blind: Truth
    reserved: Truth

    @classmethod
    def of(cls, table: pd.DataFrame) -> Answers:
        """The arrays of a training table."""
        blind = table["blind"].to_numpy(dtype=bool)
        return cls(
            documents=table["document_id"].to_numpy(dtype=object),
            blind=blind,
            # A unit of the stream that was coded with a suggestion on screen is not evidence.
            reserved=blind & (table["draw"].to_numpy(dtype=np.float64) < RESERVED),
        )

    def where(self, asked: Truth) -> Answers:
        """Only the units that were asked about the code in hand."""
        return Answers(
            documents=self.documents[asked],
            blind=self.blind[asked],
            reserved=self.reserved[asked],
        )


@dataclass(frozen=True, kw_only=True)
class Learned:
    """One code's share of the model; zeros and NaN where it was not fitted."""

    card: CodeCard
    weights: Decisions
    out_of_fold: Floats
    intercept: float = 0.0
    slope: float = 1.0
    offset: float = 0.0


def learn(
    column: Column,
    rows: sparse.csr_matrix,
    given: NDArray[np.float64],
    answers: Answers,
    seed: int,
) -> Learned:
    """Learn one code from the units that were asked about it (``given`` is not NaN)."""
    asked = ~np.isnan(given)
    truth = given[asked] == 1
    known = answers.where(asked)
    nothing = Learned(
        card=CodeCard(
            **column._asdict(), positives=int(truth.sum()), negatives=int((~truth).sum())
        ),
        weights=np.zeros(rows.shape[1]),
        out_of_fold=np.full(len(given), np.nan, dtype=np.float32),
    )
    reason = _unfit(given[asked], truth, known, rows.shape[1])
    if reason:
        return replace(nothing, card=replace(nothing.card, note=reason))
    learned, scores = _fit_and_judge(nothing, rows[asked], truth, known, seed)
    learned.out_of_fold[asked] = scores
    return learned


def _unfit(given: NDArray[np.float64], truth: Truth, known: Answers, features: int) -> str:
    """Why a code cannot be learned, in one sentence; empty when it can."""
    positives, negatives = int(truth.sum()), int((~truth).sum())
    if not np.isin(given, (0, 1)).all():
        return "holds answers other than yes and no"
    if not positives and not negatives:
        return "nobody was asked yet"
    if positives < LEAST_ANSWERS:
        return f"has {positives} of at least {LEAST_ANSWERS} positive sentences"
    if negatives < LEAST_ANSWERS:
        return f"has {negatives} of at least {LEAST_ANSWERS} negative sentences"
    if len(np.unique(known.documents[truth])) < LEAST_DOCUMENTS:
        return "all positive sentences are from one document"
    return "" if features else "the coded sentences have no words in common"


def _fit_and_judge(
    nothing: Learned, rows: sparse.csr_matrix, truth: Truth, known: Answers, seed: int
) -> tuple[Learned, Floats]:
    weights, intercept = fit_code(rows, truth, seed)
    card = replace(nothing.card, fitted=True, threshold=PLAIN_THRESHOLD)
    learned = replace(nothing, weights=weights, intercept=intercept)
    fold = folds(truth, known.documents, seed)
    if fold is None:
        note = "too few documents to hold some out: untested, and cut at 0.5"
        unscored = np.full(len(truth), np.nan, dtype=np.float32)
        return replace(learned, card=replace(card, note=note)), unscored
    decisions = out_of_fold(rows, truth, fold, seed)
    slope, offset, note = _sigmoid_of(decisions, truth)
    scores = sigmoid(slope * decisions + offset)
    card = replace(_judge(card, scores, truth, fold, known), calibrated=not note, note=note)
    return replace(learned, card=card, slope=slope, offset=offset), scores


def _sigmoid_of(decisions: Decisions, truth: Truth) -> tuple[float, float, str]:
    """Slope, offset, and why they are not calibrated (empty when they are)."""
    if truth.sum() < CALIBRATED_FROM:
        return 1.0, 0.0, f"uncalibrated: fewer than {CALIBRATED_FROM} positive sentences"
    slope, offset = calibrate(decisions, truth)
    if slope <= 0:
        # Turned round, the sigmoid would suggest the code where the model sees the least of it.
        return 1.0, 0.0, "uncalibrated: on unseen documents no better than chance"
    return slope, offset, ""


def _judge(card: CodeCard, scores: Floats, truth: Truth, fold: Folds, known: Answers) -> CodeCard:
    threshold = best_threshold(truth, scores)
    where, on = _evaluation_rows(truth, known)
    figures = asdict(measures(truth[where], suggested_unseen(truth, scores, fold)[where]))
    del figures["predicted"]
    return replace(
        card,
        threshold=threshold,
        desk_threshold=desk_threshold(truth, scores, threshold),
        evaluated_on=on,
        evaluated_positives=figures.pop("positives"),
        average_precision=average_precision(truth[where], scores[where]),
        **figures,
    )


def _evaluation_rows(truth: Truth, known: Answers) -> tuple[Truth, str]:
    if truth[known.reserved].sum() >= RESERVED_FROM:
        return known.reserved, "reserved"
    if truth[known.blind].any():
        return known.blind, "blind"
    return np.ones(len(truth), dtype=bool), "all"


def suggested_unseen(truth: Truth, scores: Floats, fold: Folds) -> Truth:
    """What would have been suggested, each fold cut at a threshold chosen on the others.

    The threshold that fits these very answers best would make its own figures look better.
    """
    suggested = np.zeros(len(truth), dtype=bool)
    for held_out in np.unique(fold):
        inside = fold == held_out
        suggested[inside] = scores[inside] >= best_threshold(truth[~inside], scores[~inside])
    return suggested
