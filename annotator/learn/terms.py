"""The words and pairs of words that speak for a code, or against it, wherever they stand."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from annotator.learn.features import Features

MOST = 12
LEAST_TEXTS = 3
"""Coded sentences that a term must stand in; what stands in fewer is chance."""


def telling_terms(
    features: Features, weights: NDArray[np.float64], texts: int
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The terms with the highest and the lowest weight, the most telling first.

    ``weights`` are one code's, ``texts`` how many the features were learned from. Pieces of
    words have weights too, but mean nothing to a reader, and are left out.
    """
    rarity = features.idf[: len(features.words)].astype(np.float64)
    weight = weights[: len(features.words)] * rarity
    # The rarity that a term of just enough texts has; some room for its rounding to float32.
    rarest = np.log((1 + texts) / (1 + LEAST_TEXTS)) + 1 + 1e-4
    order = np.argsort(-weight, kind="stable")
    order = order[rarity[order] <= rarest]
    speak_for = [features.words[at] for at in order[:MOST] if weight[at] > 0]
    speak_against = [features.words[at] for at in order[::-1][:MOST] if weight[at] < 0]
    return tuple(speak_for), tuple(speak_against)
