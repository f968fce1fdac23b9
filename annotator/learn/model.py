"""Suggestions: one logistic regression per code over shared text features.

The seam that any better engine fills is ``fit`` and ``Model.score`` here, and ``save`` and
``load`` in ``artefact``. Only ``fit`` imports scikit-learn.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from annotator.core.errors import ModelError
from annotator.learn.features import Features, Floats, fit_features

if TYPE_CHECKING:
    import pandas as pd

TEXTS_AT_ONCE = 10_000

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
class CodeCard:
    """What the model learned about one code, and how good its suggestions are.

    ``positives`` and ``negatives`` are what it was trained on; ``n``, ``evaluated_positives`` and
    the figures after them are about the rows that ``evaluated_on`` names: the reserved random
    stream, all blind rows, or all rows. ``desk_threshold`` None: the desk says "learning".
    """

    variable: str
    target: str
    code: str
    positives: int
    negatives: int
    fitted: bool = False
    calibrated: bool = False
    threshold: float | None = None
    desk_threshold: float | None = None
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
    note: str = ""


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
    A code that cannot be learned says why in its card and leaves the others alone.
    """
    # Imported here, so that loading a model and scoring with it never import scikit-learn.
    from annotator.learn.training import Answers, Learned, learn

    _check(table, columns)
    # The same tags make the same model, in whatever order the store hands them over.
    table = table.sort_values("unit_id", kind="stable", ignore_index=True)
    texts = table["text"].tolist()
    progress(0, len(columns), "reading the words of the coded sentences")
    # Learned from all coded texts at once, held-out folds included: which grams there are and
    # how rare they are is known without any label, so no label leaks through it.
    features = fit_features(texts)
    rows = features.transform(texts).astype(np.float64)
    answers = Answers.of(table)
    learned: list[Learned] = []
    for done, column in enumerate(columns):
        progress(done, len(columns), column.key)
        given = table[column.key].to_numpy(dtype=np.float64, na_value=np.nan)
        learned.append(learn(column, rows, given, answers, seed))
    progress(len(columns), len(columns), "done")
    return Model(
        features=features,
        columns=tuple(columns),
        weights=np.column_stack([one.weights for one in learned]).astype(np.float32),
        intercept=np.array([one.intercept for one in learned], dtype=np.float32),
        slope=np.array([one.slope for one in learned], dtype=np.float32),
        offset=np.array([one.offset for one in learned], dtype=np.float32),
        cards=tuple(one.card for one in learned),
        seed=seed,
        units=tuple(table["unit_id"]),
        out_of_fold=np.column_stack([one.out_of_fold for one in learned]).astype(np.float32),
    )


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
