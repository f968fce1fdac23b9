"""What bare scikit-learn makes of the same labels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import Pipeline, make_pipeline, make_union

from bench.suggestion_data import Labelled, Truth
from bench.suggestion_figures import Floats

BASELINES = ("word", "bare")

_REGRESSION = {"C": 1.0, "class_weight": "balanced", "max_iter": 1000}


def vectors(name: str, train: Sequence[str], new: Sequence[str]) -> tuple[Any, Any]:
    """The texts as rows, by a vocabulary of the first ones alone."""
    vectorizer = _vectorizer(name)
    return vectorizer.fit_transform(train), vectorizer.transform(new)


def one_by_one(train: Labelled, rows: sparse.csr_matrix, new: sparse.csr_matrix) -> Floats:
    """One probability per text and code, by one regression per code (one-vs-rest)."""
    if train.single and len(train.codes) == 2:  # each is what the other is not
        first = _probability(rows, train.truth[:, 0], new)
        return np.column_stack([first, 1 - first])
    return np.column_stack([_probability(rows, truth, new) for truth in train.truth.T])


def together(train: Labelled, rows: sparse.csr_matrix, new: sparse.csr_matrix) -> Floats:
    """The same by one regression over all codes (softmax), for texts of one code each."""
    given = train.truth.argmax(axis=1)
    scores = np.zeros((new.shape[0], len(train.codes)))
    if len(np.unique(given)) == 1:
        scores[:, given[0]] = 1.0
        return scores
    fitted = LogisticRegression(**_REGRESSION).fit(rows, given)
    scores[:, fitted.classes_] = fitted.predict_proba(new)
    return scores


def pipeline(train: Labelled) -> Pipeline:
    """The fitted pipeline whose speed ours is compared with."""
    one = make_pipeline(_vectorizer("bare"), OneVsRestClassifier(LogisticRegression(**_REGRESSION)))
    return one.fit(train.texts, train.truth.astype(int))


def _vectorizer(name: str) -> Any:
    word = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
    letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True)
    return {"word": word, "bare": make_union(word, letters)}[name]


def _probability(rows: sparse.csr_matrix, truth: Truth, new: sparse.csr_matrix) -> Floats:
    if truth.all() or not truth.any():
        return np.full(new.shape[0], float(truth[0]))
    return LogisticRegression(**_REGRESSION).fit(rows, truth).predict_proba(new)[:, 1]
