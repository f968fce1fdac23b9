"""How one code is learned and judged: enough answers? weights, calibration, thresholds, figures.

Everything that is said about a code's quality comes from scores of documents that the scoring
model never saw.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from annotator.learn.calibration import bins, brier
from annotator.learn.intervals import average_precision_interval
from annotator.learn.logistic import (
    MOST_FOLDS,
    Decisions,
    Folds,
    calibrate,
    fit_code,
    folds,
    out_of_fold,
)
from annotator.learn.metrics import (
    Truth,
    average_precision,
    best_threshold,
    calibration_error,
    desk_threshold,
    measures,
    precision_recall,
    surest_precision,
)
from annotator.learn.model import (
    LEAST_ANSWERS,
    LEAST_DOCUMENTS,
    CodeCard,
    Column,
    Mistake,
    sigmoid,
)
from annotator.learn.sampling import RESERVED

if TYPE_CHECKING:
    import pandas as pd

CALIBRATED_FROM = 30
"""Positives from which scores are calibrated; with fewer, the sigmoid itself is too unsure.

Where true probabilities were known, its mean error was .11 with 5 positives, .08 with 10, .04
with 30 and .02 with 100, the worst of twenty twice that.
"""

RELIABLE_FROM = 30
"""Tested positives, and as many negatives, that a reliability plot and its figures stand on."""

RESERVED_FROM = 30
PLAIN_THRESHOLD = 0.5
MOST_MISTAKES = 12

STEPS = MOST_FOLDS + 1
"""Regressions for one code at most: the one that stays, and one for each held-out fold."""

Step = Callable[[int], None]

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What is known of the labelled units beside their codes, as arrays of one length."""

    units: NDArray[np.object_]
    documents: NDArray[np.object_]
    blind: Truth
    reserved: Truth

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
        )

    def where(self, asked: Truth) -> Answers:
        """Only the units that were asked about the code in hand."""
        return Answers(
            units=self.units[asked],
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
    step: Step,
) -> Learned:
    """Learn one code from the units that were asked about it (``given`` is not NaN).

    ``step`` is told how many regressions are done before each of them.
    """
    asked = ~np.isnan(given)
    truth = given[asked] == 1
    known = answers.where(asked)
    nothing = Learned(
        card=CodeCard(
            **column._asdict(),
            positives=int(truth.sum()),
            negatives=int((~truth).sum()),
            positive_documents=len(np.unique(known.documents[truth])),
        ),
        weights=np.zeros(rows.shape[1]),
        out_of_fold=np.full(len(given), np.nan, dtype=np.float32),
    )
    step(0)
    reason = _unfit(given[asked], nothing.card, rows.shape[1])
    if reason:
        return replace(nothing, card=replace(nothing.card, note=reason))
    learned, scores = _fit_and_judge(nothing, rows[asked], truth, known, seed, step)
    learned.out_of_fold[asked] = scores
    return learned


def enough(given: NDArray[np.float64]) -> bool:
    """Whether there are as many positives and negatives as a code needs at least."""
    return bool(min(np.sum(given == 1), np.sum(given == 0)) >= LEAST_ANSWERS)


def _unfit(given: NDArray[np.float64], card: CodeCard, features: int) -> str:
    """Why a code cannot be learned, in one sentence; empty when it can."""
    positives, negatives = card.positives, card.negatives
    if not np.isin(given, (0, 1)).all():
        return "holds answers other than yes and no"
    if not positives and not negatives:
        return "nobody was asked yet"
    if positives < LEAST_ANSWERS:
        return f"has {positives} of at least {LEAST_ANSWERS} positive sentences"
    if negatives < LEAST_ANSWERS:
        return f"has {negatives} of at least {LEAST_ANSWERS} negative sentences"
    if (card.positive_documents or 0) < LEAST_DOCUMENTS:
        return "all positive sentences are from one document"
    return "" if features else "the coded sentences have no words in common"


def _fit_and_judge(
    nothing: Learned,
    rows: sparse.csr_matrix,
    truth: Truth,
    known: Answers,
    seed: int,
    step: Step,
) -> tuple[Learned, Floats]:
    weights, intercept = fit_code(rows, truth, seed)
    card = replace(nothing.card, fitted=True, threshold=PLAIN_THRESHOLD)
    learned = replace(nothing, weights=weights, intercept=intercept)
    fold = folds(truth, known.documents, seed)
    if fold is None:
        note = "too few documents to hold some out: untested, and cut at 0.5"
        unscored = np.full(len(truth), np.nan, dtype=np.float32)
        return replace(learned, card=replace(card, note=note)), unscored
    decisions = out_of_fold(rows, truth, fold, seed, step)
    slope, offset, note = _sigmoid_of(decisions, truth)
    scores = sigmoid(slope * decisions + offset)
    card = replace(card, calibrated=not note, note=note)
    card = _judge(card, scores, truth, fold, known, seed)
    if card.calibrated:
        card = _judge_calibration(card, calibrated_unseen(decisions, truth, fold), truth, known)
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


def _judge(
    card: CodeCard, scores: Floats, truth: Truth, fold: Folds, known: Answers, seed: int
) -> CodeCard:
    threshold = best_threshold(truth, scores)
    where, on = _evaluation_rows(truth, known)
    suggested = suggested_unseen(truth, scores, fold)[where]
    figures = asdict(measures(truth[where], suggested))
    del figures["predicted"]
    low, high = average_precision_interval(
        truth[where], scores[where], known.documents[where], seed
    ) or (None, None)
    return replace(
        card,
        threshold=threshold,
        desk_threshold=desk_threshold(truth, scores, threshold),
        surest_precision=surest_precision(truth, scores, threshold),
        evaluated_on=on,
        evaluated_positives=figures.pop("positives"),
        average_precision=average_precision(truth[where], scores[where]),
        average_precision_low=low,
        average_precision_high=high,
        curve=precision_recall(truth[where], scores[where]),
        **figures,
        **_mistakes(truth[where], suggested, scores[where], known.units[where]),
    )


def _mistakes(
    truth: Truth, suggested: Truth, scores: Floats, units: NDArray[np.object_]
) -> dict[str, Any]:
    """What was wrongly suggested, the highest score first; what was missed, the lowest first."""
    order = np.argsort(scores, kind="stable")
    wrong = [at for at in order[::-1] if suggested[at] and not truth[at]]
    missed = [at for at in order if truth[at] and not suggested[at]]
    return {
        name: tuple(
            Mistake(unit_id=str(units[at]), score=float(scores[at])) for at in found[:MOST_MISTAKES]
        )
        for name, found in (("false_positives", wrong), ("false_negatives", missed))
    }


def _judge_calibration(card: CodeCard, scores: Floats, truth: Truth, known: Answers) -> CodeCard:
    """The reliability plot and its figures, where enough rows were tested."""
    where, _ = _evaluation_rows(truth, known)
    told, given = truth[where], scores[where]
    if min(np.count_nonzero(told), np.count_nonzero(~told)) < RELIABLE_FROM:
        return card
    return replace(
        card,
        brier=brier(told, given),
        calibration_error=calibration_error(told, given),
        reliability=bins(told, given),
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


def calibrated_unseen(decisions: Decisions, truth: Truth, fold: Folds) -> Floats:
    """Scores as probabilities, each fold by a sigmoid that was fitted on the others.

    The sigmoid that fits these very answers best would always look calibrated on them.
    """
    scores = np.zeros(len(truth), dtype=np.float32)
    for held_out in np.unique(fold):
        inside = fold == held_out
        slope, offset = calibrate(decisions[~inside], truth[~inside])
        scores[inside] = sigmoid(slope * decisions[inside] + offset)
    return scores
