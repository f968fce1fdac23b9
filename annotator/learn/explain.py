"""Why a model suggests a code: what each word of the text adds to the decision.

Pieces of words mean nothing to a reader, so each gives its part to the word it was cut from.
What is said of all words and of the sentences around together is the whole decision: nothing is
left out but the sigmoid's own offset.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import chain
from pathlib import Path

import numpy as np

from annotator.core.errors import ModelError
from annotator.learn.artefact import load
from annotator.learn.context import NOWHERE, Around, Near
from annotator.learn.features import counted
from annotator.learn.model import Column, Model
from annotator.learn.tokens import tokenise

MOST_TERMS = 12
AROUND = "(the sentences around)"
UNKNOWN = "(no known word)"


def explain(
    model: Model | Path,
    text: str,
    column: Column,
    most: int = MOST_TERMS,
    near: Near = NOWHERE,
) -> list[tuple[str, float]]:
    """Words of the text with what they add to the decision, the weightiest first.

    A positive weight speaks for the code, a negative one against it; what the sentences around it
    add stands as ``AROUND``. Empty where the code is not
    fitted or no word is known. Imports no scikit-learn; ``model`` may be a saved model's folder.
    """
    known = load(model) if isinstance(model, Path) else model
    if column not in known.columns:
        raise ModelError(f"the model does not know {column.key}")
    weights = contributions(known, text, column, near)
    ranked = sorted(weights.items(), key=lambda term: (-abs(term[1]), term[0]))
    return [(term, weight) for term, weight in ranked[:most] if weight]


def contributions(
    model: Model, text: str, column: Column, near: Near = NOWHERE
) -> dict[str, float]:
    """Every word and mark of the text with its part; their sum is the decision but its offset."""
    at = model.columns.index(column)
    slope = float(model.sigmoids.slope[at])
    texts = tokenise([text])
    of_tokens, counts = model.of_tokens(texts.lexicon), counted(texts)
    squared = counts.power(2)
    total: defaultdict[str, float] = defaultdict(float)
    if not any(squares.any() for squares in of_tokens.squares):
        total[UNKNOWN] = float(model.sigmoids.middle[at]) * slope
    for adds, squares in zip(of_tokens.adds, of_tokens.squares, strict=True):
        length = float(np.sqrt(max(float((squared @ squares)[0]), 1e-9)))
        parts = counts.toarray()[0] * adds[:, at] / length * slope
        for token, part in zip(texts.lexicon, parts.tolist(), strict=True):
            total[token] += part
    if added := _added(model, at, near):
        total[AROUND] = added * slope
    return dict(total)


def _added(model: Model, at: int, near: Near) -> float:
    """What the sentences around add to the decision of one code."""
    texts = list(dict.fromkeys(chain(*near)))
    strength = float(model.sigmoids.strength[at])
    if not texts or not strength:
        return 0.0
    cut = tokenise(texts)
    decisions = model.decide(cut, model.of_tokens(cut.lexicon))
    around = Around.of([near], {one: number for number, one in enumerate(texts)})
    return strength * float(around.added(decisions, model.sigmoids.middle)[0, at])
