"""Why a model suggests a code: what each word of the text adds to the decision.

Pieces of words mean nothing to a reader, so each gives its part to the word it was cut from.
What is said of all words and of the sentences around together is the whole decision: nothing is
left out but the sigmoid's own offset.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import numpy as np

from annotator.core.errors import ModelError
from annotator.learn.artefact import load
from annotator.learn.context import NOWHERE, Around, Near
from annotator.learn.features import counted
from annotator.learn.model import Column, Model
from annotator.learn.tokens import tokenise, tokens

MOST_TERMS = 12
AROUND = "(the sentences around)"
UNKNOWN = "(no known word)"


class Word(NamedTuple):
    """A word that speaks for a code or, below zero, against it.

    ``places`` are where it stands in the text, ``[start, end)`` in code points.
    """

    term: str
    weight: float
    places: tuple[tuple[int, int], ...]


class Reasons(NamedTuple):
    """What makes a decision: the weightiest words first, the sentences ``around``, and the rest."""

    words: tuple[Word, ...]
    around: float
    rest: float


def explain(
    model: Model | Path,
    text: str,
    column: Column,
    most: int = MOST_TERMS,
    near: Near = NOWHERE,
) -> Reasons:
    """What speaks for a code in a text, and what against it; no word where it was not learned.

    Marks alone tell a reader nothing: they are in the rest, so that nothing is left out. Imports
    no scikit-learn; ``model`` may be a saved model's folder. Raises ``ModelError`` for a code that
    the model does not know.
    """
    known = load(model) if isinstance(model, Path) else model
    if column not in known.columns:
        raise ModelError(f"the model does not know {column.key}")
    weights = contributions(known, text, column, near)
    around = weights.pop(AROUND, 0.0)
    stand = places(text)
    named = [(term, weight) for term, weight in weights.items() if weight and term in stand]
    named.sort(key=lambda term: (-abs(term[1]), term[0]))
    words = tuple(Word(term, weight, stand[term]) for term, weight in named[:most])
    return Reasons(words, around, sum(weights.values()) - sum(word.weight for word in words))


def places(text: str) -> dict[str, tuple[tuple[int, int], ...]]:
    """Where each word stands in a text, in code points; marks alone are no words.

    >>> places("Ships; no SHIPS.")
    {'ships': ((0, 5), (10, 15)), 'no': ((7, 9),)}
    """
    lowered = text.lower()
    # In lower case a letter may be longer: whose letter each of them was.
    origin = [at for at, letter in enumerate(text) for _ in letter.lower()]
    found: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    end = 0
    for token in tokens(text):
        start = lowered.index(token, end)
        end = start + len(token)
        if any(map(str.isalnum, token)):
            found[token].append((origin[start], origin[end - 1] + 1))
    return {token: tuple(where) for token, where in found.items()}


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
