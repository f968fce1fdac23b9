"""Why a model suggests a code: what each word of the text adds to the decision.

Letter grams mean nothing to a reader, so each gives its part to the word it was cut from. What
is said of all terms together is the whole decision: nothing is left out but the intercept.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from pathlib import Path

from annotator.core.errors import ModelError
from annotator.learn.artefact import load
from annotator.learn.features import Floats, letter_grams, pairs, words
from annotator.learn.model import Column, Model

MOST_TERMS = 12

_EDGES = re.compile(r"^\W+|\W+$")


def explain(
    model: Model | Path, text: str, column: Column, most: int = MOST_TERMS
) -> list[tuple[str, float]]:
    """Terms of the text with what they add to the decision, the weightiest first.

    A positive weight speaks for the code, a negative one against it. Empty where the code is not
    fitted or no word is known. Imports no scikit-learn; ``model`` may be a saved model's folder.
    """
    known = load(model) if isinstance(model, Path) else model
    if column not in known.columns:
        raise ModelError(f"the model does not know {column.key}")
    weights = contributions(known, text, column)
    ranked = sorted(weights.items(), key=lambda term: (-abs(term[1]), term[0]))
    return [(term, weight) for term, weight in ranked[:most] if weight]


def contributions(model: Model, text: str, column: Column) -> dict[str, float]:
    """Every term of the text with its weight; their sum is the decision without its intercept."""
    of_code = model.weights[:, model.columns.index(column)]
    tokens = text.lower().split()
    by_word = Counter(words(text))
    by_pair = Counter(pairs(text))
    by_letters = Counter(gram for token in tokens for gram in letter_grams(token))
    features = model.features
    word_weight = _weigh(by_word + by_pair, features.word_index, features.idf, of_code)
    letter_weight = _weigh(by_letters, features.letter_index, features.idf, of_code)
    total: defaultdict[str, float] = defaultdict(float)
    for token in tokens:
        term = _EDGES.sub("", token) or token
        for word in words(token):
            total[term] += word_weight.get(word, 0.0) / by_word[word]
        for gram in letter_grams(token):
            total[term] += letter_weight.get(gram, 0.0) / by_letters[gram]
    for pair in by_pair:
        total[pair] += word_weight.get(pair, 0.0)
    return dict(total)


def _weigh(
    counts: Mapping[str, int], index: Mapping[str, int], idf: Floats, of_code: Floats
) -> dict[str, float]:
    """What each gram adds to the decision, as ``Features.transform`` weighs a single text."""
    value = {
        gram: (math.log(count) + 1) * float(idf[index[gram]])
        for gram, count in counts.items()
        if gram in index
    }
    length = math.sqrt(sum(one * one for one in value.values()))
    return {gram: one / length * float(of_code[index[gram]]) for gram, one in value.items()}
