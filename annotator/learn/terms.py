"""The words that speak for a code, or against it, wherever they stand."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from annotator.learn.features import Floats, counted
from annotator.learn.tokens import Tokenised

if TYPE_CHECKING:
    from annotator.learn.model import CodeCard, Model

MOST = 12
LEAST_TEXTS = 3
"""Coded sentences that a word must stand in; what stands in fewer is chance."""


def telling_terms(model: Model, texts: Tokenised) -> tuple[CodeCard, ...]:
    """The model's cards with the words that add most and least to each code's decision.

    ``texts`` are the coded sentences. A word's part is that of its pieces and of the whole, in a
    sentence of no other words.
    """
    shown = np.array([any(map(str.isalpha, token)) for token in texts.lexicon], dtype=bool)
    often = np.asarray((counted(texts) > 0).sum(axis=0)).ravel() >= LEAST_TEXTS
    chosen = np.flatnonzero(shown & often) if len(texts.lexicon) else np.zeros(0, np.intp)
    words = [texts.lexicon[at] for at in chosen]
    of_tokens = model.of_tokens(words)
    adds = np.zeros((len(words), len(model.columns)), np.float32)
    for mine, squares in zip(of_tokens.adds, of_tokens.squares, strict=True):
        adds += mine / np.sqrt(np.maximum(squares, 1e-9))[:, np.newaxis]
    adds -= adds.mean(axis=0, keepdims=True) if len(words) else 0
    return tuple(
        _told(card, words, adds[:, at]) if card.fitted else card
        for at, card in enumerate(model.cards)
    )


def _told(card: CodeCard, words: list[str], adds: Floats) -> CodeCard:
    order = np.argsort(-adds, kind="stable")
    return replace(
        card,
        terms_for=tuple(words[at] for at in order[:MOST] if adds[at] > 0),
        terms_against=tuple(words[at] for at in order[::-1][:MOST] if adds[at] < 0),
    )
