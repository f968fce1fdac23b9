"""What a model leaves for those who choose the next sentences, beside its scores.

How far its two views of a sentence are apart, and where codes may stand that it has not learned.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from annotator.learn.calibration import sigmoid
from annotator.learn.features import Floats, counted
from annotator.learn.model import Model, Parts
from annotator.learn.tokens import tokenise

VIEW = "letters"
"""The kind of pieces that is one view of a sentence; all others are the other one."""


def hinted(model: Model, spoken: Mapping[str, Sequence[str]]) -> Model:
    """The model with the codebook's own words as weights of the codes that it has not learned.

    Its decisions about these say where they may stand, by likeness in pieces of words as in
    ``cold_start``; their unit means nothing, and no score comes of them. ``spoken`` has the words
    that speak for a code by the key of its column.
    """
    weights = [each.copy() for each in model.weights]
    for at in unlearned(model):
        said = spoken.get(model.columns[at].key, ())
        for block, mine in zip(model.blocks, weights, strict=True):
            if block.kind == VIEW and said:
                texts = tokenise(list(said))
                rows = counted(texts) @ block.table(texts.lexicon)
                length = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
                mine[:, at] = rows.T @ (1 / np.maximum(length, 1e-9)) / len(said)
    return replace(model, weights=tuple(weights))


def unlearned(model: Model) -> list[int]:
    """The places of the columns that the model has not learned."""
    return [at for at, card in enumerate(model.cards) if not card.fitted]


@dataclass(frozen=True, eq=False)
class TwoViews:
    """Two views of a sentence: what the parts of its words say of each code, and all the rest.

    Each view alone foretells the whole decision as well as a straight line can; ``middle`` and
    ``steps`` are those lines, ``(views, codes)``, found in some of the sentences.
    """

    model: Model
    learned: NDArray[np.intp]
    middle: Floats
    steps: Floats
    whole: Floats

    @classmethod
    def of(cls, model: Model, parts: Parts) -> TwoViews:
        """The views, from the parts of some sentences."""
        learned = np.flatnonzero([card.fitted for card in model.cards])
        views = _views(model, parts, learned)
        total = views.sum(axis=0)
        middle = views.mean(axis=1)
        apart = views - middle[:, np.newaxis]
        variance = np.maximum((apart**2).mean(axis=1), 1e-12)
        with_total = (apart * (total - total.mean(axis=0))).mean(axis=1)
        return cls(model, learned, middle, with_total / variance, total.mean(axis=0))

    def apart(self, parts: Parts) -> Floats:
        """How far the scores are apart that the views alone would give, on average over codes."""
        views = _views(self.model, parts, self.learned)
        foretold = (views - self.middle[:, np.newaxis]) * self.steps[:, np.newaxis] + self.whole
        by = self.model.sigmoids
        slope, offset = by.slope_alone[self.learned], by.offset_alone[self.learned]
        one, other = sigmoid(slope * foretold + offset)
        found: Floats = np.abs(one - other).mean(axis=1).astype(np.float32)
        return found


def _views(model: Model, parts: Parts, learned: NDArray[np.intp]) -> Floats:
    """``(2, texts, codes)``: what the parts of words add, and what everything else does."""
    shape = (2, len(parts.known), len(learned))
    found = np.zeros(shape, np.float32)
    for block, added in zip(model.blocks, parts.added, strict=True):
        found[0 if block.kind == VIEW else 1] += added[:, learned]
    return found
