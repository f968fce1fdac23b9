"""The texts that are nearest to another one in their wording."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.learn.precedents import LEAST, Wording
from annotator.learn.tokens import tokens

TEXTS = {
    3: "Troops raid the border town.",
    5: "The border towns were raided by a militia.",
    8: "Wheat prices rose on Tuesday.",
    9: "The price of wheat, officials said: the price rose, rose and rose!",
    12: "Envoys of Норвания spoke — 🕊.",
    20: "",
    21: "?!",
}

SENTENCES = st.lists(st.sampled_from(["border", "borders", "wheat", "no", "raid", "—"]), max_size=6)


def pieces(word: str) -> Counter[str]:
    """The pieces of three to five characters of a word, with a blank at either edge."""
    if not any(map(str.isalnum, word)):
        return Counter()
    padded = f" {word} "
    return Counter(
        padded[at : at + size] for size in (3, 4, 5) for at in range(len(padded) - size + 1)
    )


def likeness(text: str, other: str, texts: list[str]) -> float:
    """The cosine as docs/method.md tells it, counted by hand."""
    there: Counter[str] = Counter()
    for one in texts:
        for word in set(tokens(one)):
            there.update(pieces(word))

    def rarity(piece: str) -> float:
        return math.log((1 + len(texts)) / (1 + min(there[piece], len(texts)))) + 1

    def row(said: str) -> tuple[Counter[str], float]:
        total: Counter[str] = Counter()
        squares = 0.0
        for word, times in Counter(tokens(said)).items():
            for piece, often in pieces(word).items():
                weight = (1 + math.log(times)) * often * rarity(piece)
                total[piece] += weight
                squares += weight**2
        return total, math.sqrt(squares)

    (one, length), (two, others) = row(text), row(other)
    shared = sum(weight * two[piece] for piece, weight in one.items())
    return shared / (length * others) if length and others else 0.0


@pytest.mark.parametrize("text", ["A raid at the border", "wheat", "🕊", "", "Норвании price price"])
def test_likeness_is_the_cosine_of_the_pieces_of_words(text):
    wording = Wording.of(TEXTS.items())

    expected = [likeness(text, other, list(TEXTS.values())) for other in TEXTS.values()]

    assert wording.likeness(text).tolist() == pytest.approx(expected, rel=1e-6, abs=1e-9)


@given(st.lists(SENTENCES, max_size=12), SENTENCES)
def test_the_nearest_are_those_of_the_highest_cosine(said, asked):
    texts, text = [" ".join(words) for words in said], " ".join(asked)
    cosine = [round(likeness(text, other, texts), 6) for other in texts]

    found = Wording.of(enumerate(texts)).nearest(text).tolist()

    near = sorted(range(len(texts)), key=lambda at: (-cosine[at], at))
    clear = [at for at in near if abs(cosine[at] - LEAST) > 2e-6]
    assert [at for at in found if at in clear] == [at for at in clear if cosine[at] > LEAST]


def test_an_inflected_word_is_near_and_a_foreign_one_is_not():
    found = Wording.of(TEXTS.items()).nearest("A militia raids borders").tolist()

    assert set(found) == {3, 5}


def test_texts_that_are_as_near_come_in_the_order_of_their_keys():
    texts = [(9, "Troops at the border"), (4, "The border: troops at"), (7, "troops at THE border")]

    for order in (texts, texts[::-1]):
        assert Wording.of(order).nearest("the troops at the border").tolist() == [4, 7, 9]


@given(st.permutations(sorted(TEXTS)), st.integers(0, len(TEXTS)))
def test_texts_that_come_later_are_near_as_if_they_had_been_there_from_the_start(order, cut):
    first = Wording.of((key, TEXTS[key]) for key in order[:cut])
    later = first.with_more((key, TEXTS[key]) for key in order)

    assert sorted(later.keys.tolist()) == sorted(TEXTS)
    for text in ("The border was raided", "Wheat prices"):
        at_once = Wording.of(TEXTS.items())
        assert later.nearest(text).tolist() == at_once.nearest(text).tolist()
        known = dict(zip(later.keys.tolist(), later.likeness(text), strict=True))
        assert [known[key] for key in TEXTS] == pytest.approx(at_once.likeness(text).tolist())


def test_nothing_is_near_where_there_is_nothing():
    assert Wording.of().nearest("Troops raid the border").tolist() == []
    assert np.array_equal(Wording.of([(1, "")]).nearest(""), [])
