"""One code: scores, threshold and figures, from decisions about documents never seen."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from annotator.learn.calibration import bins, brier, calibrate, sigmoid
from annotator.learn.fitting import Answers, View
from annotator.learn.folds import Folds, both_outside
from annotator.learn.intervals import average_precision_interval
from annotator.learn.metrics import (
    Truth,
    average_precision,
    calibration_error,
    desk_threshold,
    measures,
    precision_recall,
    surest_precision,
)
from annotator.learn.model import CodeCard, Column, Mistake
from annotator.learn.ridge import Doubles
from annotator.learn.thresholds import at_precision, expected_best, share_of

CALIBRATED_FROM = 30
"""Positives from which scores are called probabilities; with fewer, the sigmoid is too unsure.

Where true probabilities were known, its mean error was .11 with 5 positives, .08 with 10, .04
with 30 and .02 with 100, the worst of twenty twice that.
"""

RELIABLE_FROM = 30
"""Tested positives, and as many negatives, that a reliability plot and its figures stand on."""

RESERVED_FROM = 30
PLAIN_THRESHOLD = 0.5
MOST_MISTAKES = 12

Floats = NDArray[np.float32]


def judged(
    card: CodeCard, fitted: View, number: int, precision: float | None, seed: int
) -> tuple[CodeCard, tuple[float, float], Floats]:
    """A code's card, the slope and offset of its sigmoid, its scores out of fold."""
    answers = fitted.judged_by(number, Column(card.variable, card.target, card.code).key)
    asked = ~np.isnan(answers)
    truth, fold = answers[asked] >= 0.5, fitted.fold[asked]
    known = fitted.known.where(asked)
    card = replace(card, fitted=True, threshold=PLAIN_THRESHOLD, wanted_precision=precision)
    scores = np.full(len(answers), np.nan, np.float32)
    middle, spread = (float(values[number]) for values in fitted.final.standard())
    if not both_outside(truth, fold):
        # Nothing was tested: what codes usually come to, and the share alone.
        slope, offset = calibrate(np.zeros(0), np.zeros(0, bool), share_of(truth))
        unseen = sigmoid(slope * fitted.unseen(number, fitted.final) + offset)
        # What was not tested reaches no precision that is wanted.
        threshold = expected_best(unseen, share_of(truth)) if precision is None else 1.0
        card = replace(card, threshold=threshold, note="untested: too few documents to hold out")
        return card, (slope / spread, offset - slope * middle / spread), scores
    standard = fitted.held_out(number)[asked]
    slope, offset, note = _sigmoid_of(standard, truth)
    scores[asked] = sigmoid(slope * standard + offset)
    share = share_of(truth[known.reserved] if known.reserved.sum() >= 100 else truth)
    unseen = sigmoid(slope * fitted.unseen(number, fitted.final) + offset)
    threshold = _threshold(truth, scores[asked], unseen, share, precision)
    given, suggested = _as_if_new(fitted, number, standard, truth, fold, known, precision)
    card = replace(card, calibrated=not note, note=note, threshold=threshold)
    card = _judge(card, scores[asked], suggested, truth, known, seed)
    if card.calibrated:
        card = _judge_calibration(card, given, truth, known)
    return card, (slope / spread, offset - slope * middle / spread), scores


def _sigmoid_of(standard: Doubles, truth: Truth) -> tuple[float, float, str]:
    """Slope, offset, and why they are no probabilities (empty when they are)."""
    slope, offset = calibrate(standard, truth)
    if slope <= 0:
        # Turned round, the sigmoid would suggest the code where the model sees the least of it.
        return 1.0, offset, "uncalibrated: on unseen documents no better than chance"
    if truth.sum() < CALIBRATED_FROM:
        return slope, offset, f"uncalibrated: fewer than {CALIBRATED_FROM} positive sentences"
    return slope, offset, ""


def _threshold(
    truth: Truth, scores: Floats, unseen: Floats, share: float, precision: float | None
) -> float:
    if precision is not None:
        found = at_precision(truth, scores, precision)
        # Nothing reaches it: nothing is suggested.
        return 1.0 if found is None else found
    return expected_best(unseen, share)


def _as_if_new(
    fitted: View,
    number: int,
    standard: Doubles,
    truth: Truth,
    fold: Folds,
    known: Answers,
    precision: float | None,
) -> tuple[Floats, Truth]:
    """Scores, and what would have been suggested, each part by a sigmoid and a cut from the others.

    Those that fit these very answers best would make their own figures look better.
    """
    scores = np.zeros(len(truth), np.float32)
    suggested = np.zeros(len(truth), bool)
    for part in np.unique(fold):
        inside = fold == part
        slope, offset = calibrate(standard[~inside], truth[~inside])
        slope = max(slope, 1e-6)
        scores[inside] = sigmoid(slope * standard[inside] + offset)
        outside = sigmoid(slope * standard[~inside] + offset)
        unseen = sigmoid(slope * fitted.unseen(number, fitted.seen[int(part)]) + offset)
        stream = ~inside & known.reserved
        share = share_of(truth[stream] if stream.sum() >= 100 else truth[~inside])
        cut = _threshold(truth[~inside], outside, unseen, share, precision)
        suggested[inside] = scores[inside] >= cut
    return scores, suggested


def _judge(
    card: CodeCard, scores: Floats, suggested: Truth, truth: Truth, known: Answers, seed: int
) -> CodeCard:
    threshold = card.threshold or PLAIN_THRESHOLD
    where, on = _evaluation_rows(truth, known)
    figures = asdict(measures(truth[where], suggested[where]))
    del figures["predicted"]
    low, high = average_precision_interval(
        truth[where], scores[where], known.documents[where], seed
    ) or (None, None)
    return replace(
        card,
        desk_threshold=desk_threshold(truth, scores, threshold),
        surest_precision=surest_precision(truth, scores, threshold),
        evaluated_on=on,
        evaluated_positives=figures.pop("positives"),
        average_precision=average_precision(truth[where], scores[where]),
        average_precision_low=low,
        average_precision_high=high,
        curve=precision_recall(truth[where], scores[where]),
        **figures,
        **_mistakes(truth[where], suggested[where], scores[where], known.units[where]),
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
