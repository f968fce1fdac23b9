"""Suggestions: one logistic regression per code over shared text features.

The seam that any better engine fills is ``fit`` and ``Model.score`` here, and ``save`` and
``load`` in ``artefact``. Only ``fit`` imports scikit-learn.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from annotator.core.errors import ModelError
from annotator.learn.calibration import Bin
from annotator.learn.features import Features, Floats, fit_features
from annotator.learn.metrics import CurvePoint
from annotator.learn.terms import telling_terms

if TYPE_CHECKING:
    import pandas as pd

    from annotator.learn.training import Learned

TEXTS_AT_ONCE = 10_000

LEAST_ANSWERS = 5
"""Positives, and as many negatives, that a code is learned from at least."""

LEAST_DOCUMENTS = 2
"""Documents that the positives must stand in, so that one can be held out."""

Progress = Callable[[int, int, str], None]


class Column(NamedTuple):
    """One question that is answered with yes or no."""

    variable: str
    target: str
    code: str

    @property
    def key(self) -> str:
        """The column's name in tables.

        >>> Column("stance", "norvane", "favor").key
        'stance|norvane|favor'
        """
        return "|".join(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """A coded unit that a model which never saw its document got wrong, and its score there."""

    unit_id: str
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeCard:
    """What the model learned about one code, and how good its suggestions are.

    ``positives`` and ``negatives`` are what it was trained on, ``positive_documents`` how many
    documents the positives stand in; ``n``, ``evaluated_positives`` and the figures after them
    are about the rows that ``evaluated_on`` names: the reserved random stream, all blind rows,
    or all rows. ``desk_threshold`` None: the desk says "learning"; ``surest_precision`` is then
    how far the lower bound of its precision has come. ``reliability``, ``brier`` and
    ``calibration_error`` are there for calibrated codes with enough tested rows, and
    ``curve`` falls from the highest threshold to the lowest. A figure that is None, or a list
    that is empty, cannot be told, or was not yet known to the version that saved the card.
    """

    variable: str
    target: str
    code: str
    positives: int
    negatives: int
    positive_documents: int | None = None
    fitted: bool = False
    calibrated: bool = False
    threshold: float | None = None
    desk_threshold: float | None = None
    surest_precision: float | None = None
    n: int = 0
    evaluated_positives: int = 0
    evaluated_on: str = ""
    precision: float | None = None
    precision_low: float | None = None
    precision_high: float | None = None
    recall: float | None = None
    recall_low: float | None = None
    recall_high: float | None = None
    f1: float | None = None
    average_precision: float | None = None
    average_precision_low: float | None = None
    average_precision_high: float | None = None
    brier: float | None = None
    calibration_error: float | None = None
    reliability: tuple[Bin, ...] = ()
    curve: tuple[CurvePoint, ...] = ()
    false_positives: tuple[Mistake, ...] = ()
    false_negatives: tuple[Mistake, ...] = ()
    terms_for: tuple[str, ...] = ()
    terms_against: tuple[str, ...] = ()
    note: str = ""

    @classmethod
    def of(cls, saved: Mapping[str, Any]) -> CodeCard:
        """The card of one code as JSON holds it, of this version or another one."""
        known = {one.name: saved[one.name] for one in fields(cls) if one.name in saved}
        rows: dict[str, type] = {
            "reliability": Bin,
            "curve": CurvePoint,
            "false_positives": Mistake,
            "false_negatives": Mistake,
        }
        known |= {
            name: tuple(kind(**row) for row in saved.get(name, ())) for name, kind in rows.items()
        }
        known |= {name: tuple(saved.get(name, ())) for name in ("terms_for", "terms_against")}
        return cls(**known)


@dataclass(frozen=True, kw_only=True)
class Model:
    """Arrays and cards; one column of each array per code, zeros where a code is not fitted.

    A score is ``sigmoid(slope × decision + offset)``. ``units`` are the ids trained on, and
    ``out_of_fold`` their scores by models that never saw their document (NaN: none): a trained
    unit scored by ``score`` flatters the model, so evaluation takes it from there.
    """

    features: Features
    columns: tuple[Column, ...]
    weights: Floats
    intercept: Floats
    slope: Floats
    offset: Floats
    cards: tuple[CodeCard, ...]
    seed: int
    units: tuple[str, ...]
    out_of_fold: Floats
    model_id: str = ""

    def score(self, texts: Sequence[str]) -> Floats:
        """One row per text, one column per code, each in ``[0, 1]``; NaN where not fitted."""
        fitted = np.array([card.fitted for card in self.cards], dtype=bool)
        scores = np.full((len(texts), len(self.columns)), np.nan, dtype=np.float32)
        for start in range(0, len(texts), TEXTS_AT_ONCE):
            rows = self.features.transform(texts[start : start + TEXTS_AT_ONCE])
            decisions = rows @ self.weights + self.intercept
            scores[start : start + TEXTS_AT_ONCE] = sigmoid(self.slope * decisions + self.offset)
        scores[:, ~fitted] = np.nan
        return scores


def sigmoid(decisions: NDArray[np.floating]) -> Floats:
    """Decisions as numbers between 0 and 1, without overflow at either end."""
    return ((1 + np.tanh(np.asarray(decisions, np.float64) / 2)) / 2).astype(np.float32)


def fit(table: pd.DataFrame, columns: Sequence[Column], *, seed: int, progress: Progress) -> Model:
    """Learn every code of ``columns`` that the table has enough answers for.

    The table has one row per labelled unit: ``unit_id, document_id, text``, ``blind`` (coded
    without a suggestion on screen), ``draw`` (below ``RESERVED``: the random stream), and one
    column per code under its ``key`` with 1, 0 or NaN (not asked: no part in that code).
    A code that cannot be learned says why in its card and leaves the others alone. Progress is
    told before each single regression, with the key of its code.
    """
    # Imported here, so that loading a model and scoring with it never import scikit-learn.
    from annotator.learn.training import STEPS, Answers, enough, learn

    _check(table, columns)
    # The same tags make the same model, in whatever order the store hands them over.
    table = table.sort_values("unit_id", kind="stable", ignore_index=True)
    texts = table["text"].tolist()
    given = [table[column.key].to_numpy(dtype=np.float64, na_value=np.nan) for column in columns]
    work = [STEPS * enough(answers) for answers in given]
    total = sum(work)
    progress(0, total, "reading the words of the coded sentences")
    # Learned from all coded texts at once, held-out folds included: which grams there are and
    # how rare they are is known without any label, so no label leaks through it.
    features = fit_features(texts)
    rows = features.transform(texts).astype(np.float64)
    known = Answers.of(table)
    learned = [
        learn(column, rows, given[at], known, seed, _stepping(progress, work, at, column.key))
        for at, column in enumerate(columns)
    ]
    progress(total, total, "done")
    return Model(
        features=features,
        columns=tuple(columns),
        weights=np.column_stack([one.weights for one in learned]).astype(np.float32),
        intercept=np.array([one.intercept for one in learned], dtype=np.float32),
        slope=np.array([one.slope for one in learned], dtype=np.float32),
        offset=np.array([one.offset for one in learned], dtype=np.float32),
        cards=tuple(_with_terms(one, features, len(texts)) for one in learned),
        seed=seed,
        units=tuple(table["unit_id"]),
        out_of_fold=np.column_stack([one.out_of_fold for one in learned]).astype(np.float32),
    )


def _stepping(progress: Progress, work: Sequence[int], at: int, key: str) -> Callable[[int], None]:
    """Progress within the code at that place, told as progress of the whole."""

    def tell(done: int) -> None:
        progress(sum(work[:at]) + done, sum(work), key)

    return tell


def _with_terms(learned: Learned, features: Features, texts: int) -> CodeCard:
    if not learned.card.fitted:
        return learned.card
    speak_for, speak_against = telling_terms(features, learned.weights, texts)
    return replace(learned.card, terms_for=speak_for, terms_against=speak_against)


def _check(table: pd.DataFrame, columns: Sequence[Column]) -> None:
    if not columns:
        raise ModelError("there is no code to learn")
    needed = ["unit_id", "document_id", "text", "blind", "draw", *(c.key for c in columns)]
    missing = [name for name in needed if name not in table.columns]
    if missing:
        raise ModelError(f"the training table has no column {', '.join(missing)}")
    if table.empty:
        raise ModelError("nothing is coded yet, so there is nothing to learn from")
    if table["unit_id"].duplicated().any():
        raise ModelError("the training table has a unit in more than one row")
