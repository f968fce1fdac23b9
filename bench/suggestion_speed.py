"""How long learning and scoring take, beside bare scikit-learn in the same run, on one core.

The texts are the sample's sentences, each with three invented words put in, some of which are a
thousand times as frequent as others, as the words of a language are. Fifteen codes leave words
of their own behind in them, the first in a quarter of the texts, the last in one of sixty.
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, NamedTuple

import numpy as np
from sklearn.pipeline import Pipeline
from threadpoolctl import threadpool_limits

from annotator.learn.model import Model
from bench import projects, suggestion_engine
from bench.suggestion_baselines import pipeline
from bench.suggestion_data import Labelled

CODES = 15
LEARNED, FEW = 10_000, 2_000
"""Labels of the training that is timed, and of the models that only score."""

NEW, DISTINCT, UNITS = 50_000, 200_000, 1_000_000
VOCABULARY, INVENTED = 200_000, 3
SYLLABLES = [first + second for first in "bdfghjklmnprstvz" for second in "aeiou"]
MOST_SHARE = 0.25
CARRIED, STRAY = 0.7, 0.02
"""How often a code's own word is there where the code is, and where it is not."""


class Timed(NamedTuple):
    """Seconds of ours and of what it is compared with, and what was worked on."""

    ours: float
    other: float
    about: str

    @property
    def times(self) -> float:
        """How many times as fast ours is."""
        return self.other / self.ours


def sentences(seed: int) -> Iterator[str]:
    """Sentences without end, no two the same."""
    chance = random.Random(seed)
    known = [text.split(" ") for text in projects.sentences()]
    given: set[str] = set()
    while True:
        words = list(chance.choice(known))
        for _ in range(INVENTED):
            # The logarithm of the rank is even: each word is half as frequent as that of half its.
            words.insert(chance.randrange(len(words)), _word(int(VOCABULARY ** chance.random())))
        text = " ".join(words)
        if text not in given:
            given.add(text)
            yield text


def _word(number: int) -> str:
    word = ""
    while number:
        number, at = divmod(number, len(SYLLABLES))
        word += SYLLABLES[at]
    return word or "o"


def labelled(number: int, seed: int) -> Labelled:
    """So many texts with their codes, twenty to a document."""
    chance = np.random.default_rng(seed)
    shares = MOST_SHARE / np.arange(1, CODES + 1)
    truth = chance.random((number, CODES)) < shares
    there = chance.random((number, CODES)) < np.where(truth, CARRIED, STRAY)
    marks = [f"trace{code:02}" for code in range(CODES)]
    texts = [
        " ".join([text, *(marks[code] for code in np.flatnonzero(left))])
        for text, left in zip(islice(sentences(seed), number), there, strict=True)
    ]
    documents = [str(at // projects.ARTICLE) for at in range(number)]
    return Labelled(texts, documents, truth, tuple(marks), single=False)


@threadpool_limits.wrap(limits=1)
def retrained() -> float:
    """CPU seconds of learning 15 codes from 10,000 labels whose texts the engine knew before."""
    train = labelled(LEARNED, 1)
    kept = suggestion_engine.cached(train.texts)
    return _seconds(lambda: suggestion_engine.refitted(train, kept))


@threadpool_limits.wrap(limits=1)
def new_text() -> Timed:
    """CPU seconds of scoring text that nobody has seen."""
    model, bare = _models()
    texts = list(islice(sentences(3), NEW))
    slow = _seconds(lambda: bare.predict_proba(texts))
    return Timed(_seconds(lambda: model.score(texts)), slow, _described(texts))


@threadpool_limits.wrap(limits=1)
def rescored() -> Timed:
    """CPU seconds of scoring known units again after a training.

    Bare scikit-learn vectorises them again, as it keeps nothing of them; it is timed on some and
    counted twenty times.
    """
    model, bare = _models()
    known = list(islice(sentences(3), DISTINCT))
    slow = _seconds(lambda: bare.predict_proba(known[:NEW]))
    kept = suggestion_engine.cached(known * (UNITS // DISTINCT))
    again = _seconds(lambda: suggestion_engine.rescored(model, kept))
    about = f"{UNITS:,} units, {DISTINCT:,} of them distinct, bare from {NEW:,}"
    return Timed(again, slow * UNITS / NEW, about)


def _models() -> tuple[Model, Pipeline]:
    """Ours and bare scikit-learn's, of the same few labels."""
    train = labelled(FEW, 2)
    ours = suggestion_engine.fitted(train, train.texts, corpus=None, settings={})
    return ours, pipeline(train)


def _described(texts: list[str]) -> str:
    words = re.findall(r"\w+", " ".join(texts).lower())
    return f"{len(texts):,} distinct sentences, {len(words):,} words, {len(set(words)):,} distinct"


def _seconds(done: Callable[[], Any]) -> float:
    begun = time.process_time()
    done()
    return time.process_time() - begun
