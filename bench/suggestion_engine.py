"""All that the bench of suggestions knows of the engine that it measures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from annotator.learn.context import in_a_row
from annotator.learn.features import MOST_TEXTS, Features, Settings, fit_features
from annotator.learn.fit import Material, fit
from annotator.learn.model import Column, Model
from annotator.learn.tokens import Tokenised, tokenise
from annotator.learn.vectors import Vectors, learn_vectors
from annotator.workflow.token_cache import parts
from bench.suggestion_data import Labelled
from bench.suggestion_figures import Floats, Scores

Choice = Mapping[str, Any]

ABLATIONS: dict[str, Choice] = {
    one.name: {one.name: False} for one in fields(Settings) if one.type in (bool, "bool")
}
"""The engine without one group of its features, by the name of the group."""

SEED = 7
LEAST = 2
"""Positives a code is learned from here; the program asks for five before it suggests."""

UNCODED = 3_000
ARTICLE = 20  # sentences


def ours(
    train: Labelled,
    pool: Sequence[str],
    test: Sequence[str],
    *,
    corpus: Path | None,
    settings: Choice,
) -> Scores:
    """Learn from the labels, the pool (texts whose labels are unseen) and the corpus; score.

    The codebook is the labels' own names, which speak for their codes.
    """
    model = fitted(train, pool, corpus=corpus, settings=settings)
    cuts = [np.nan if card.alone is None else card.alone for card in model.cards]
    return Scores(model.score(test), np.array(cuts))


def fitted(train: Labelled, pool: Sequence[str], *, corpus: Path | None, settings: Choice) -> Model:
    """The model that the engine learns."""
    chosen = Settings(**({"least": LEAST} | dict(settings)))
    coded = set(train.texts)
    uncoded = [text for text in pool if text not in coded]
    material = Material(
        features=_features(tuple(pool), chosen),
        uncoded=uncoded[:: max(1, len(uncoded) // UNCODED)][:UNCODED],
        vectors=_vectors(corpus) if corpus else None,
        spoken={
            column.key: [title] for column, title in zip(_columns(train), train.codes, strict=True)
        },
    )
    return _learned(train, material, chosen)


def _columns(train: Labelled) -> list[Column]:
    return [Column("code", "", str(at)) for at in range(len(train.codes))]


def _learned(train: Labelled, material: Material, settings: Settings) -> Model:
    columns = _columns(train)
    answers = {column.key: train.truth[:, at].astype(float) for at, column in enumerate(columns)}
    table = pd.DataFrame(
        {
            "unit_id": [f"{at:08}" for at in range(len(train.texts))],
            "document_id": train.documents,
            "text": train.texts,
            "blind": True,
            "draw": 0.5,
            **answers,
        }
    )
    return fit(
        table,
        columns,
        seed=SEED,
        progress=lambda done, total, message: None,
        material=material,
        settings=settings,
    )


@lru_cache(maxsize=2)
def _features(pool: tuple[str, ...], settings: Settings) -> Features:
    drawn = np.random.RandomState(SEED).permutation(len(pool))[:MOST_TEXTS]
    return fit_features(tokenise([pool[at] for at in drawn]), settings, SEED)


@lru_cache(maxsize=1)
def _vectors(corpus: Path) -> Vectors:
    return learn_vectors(corpus.read_text("utf-8").splitlines(), seed=SEED)


class Kept:
    """What the engine keeps of units from one training to the next: tokens, and features."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = texts
        self.tokens: Tokenised = tokenise(texts)
        self.features = _features(tuple(texts), Settings())


def cached(texts: Sequence[str]) -> Kept:
    """What the engine keeps of these units."""
    return Kept(texts)


def refitted(train: Labelled, kept: Kept) -> Model:
    """The model that is learned from units of which ``cached`` kept something, in that order."""
    return _learned(train, Material(features=kept.features), Settings())


def rescored(model: Model, kept: Kept) -> Floats:
    """The scores of units of which ``cached`` kept something."""
    of_tokens = model.of_tokens(kept.tokens.lexicon)
    runs = parts(kept.tokens, 10_000)
    decisions = np.concatenate([model.decide(texts, of_tokens) for _, texts in runs])
    return model.scores_in_context(decisions, in_a_row(np.arange(len(decisions)) // ARTICLE))
