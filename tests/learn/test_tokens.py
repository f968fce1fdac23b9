"""Texts as numbers: nothing of a text is lost but blanks and capitals."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from annotator.learn.tokens import MOST_LETTERS, Tokenised, tokenise, tokens

words = st.text(alphabet=st.sampled_from("abAßİ é.,»—🕊́\ud800\n\u00a0նո停"), max_size=30)
texts = st.lists(st.one_of(st.text(max_size=40), words), max_size=8)


def read(tokenised: Tokenised) -> list[list[str]]:
    """The tokens of each text, looked up in the lexicon."""
    ends = tokenised.ends.tolist()
    return [
        [tokenised.lexicon[one] for one in tokenised.ids[start:end]]
        for start, end in pairwise(ends)
    ]


@given(texts)
def test_numbers_give_the_tokens_back(given_texts):
    found = tokenise(given_texts)

    assert read(found) == [tokens(text) for text in given_texts]
    assert len(set(found.lexicon)) == len(found.lexicon)
    assert len(found) == len(given_texts)


@given(st.text(max_size=200))
def test_tokens_in_a_row_are_the_text_without_blanks_in_lower_case(text):
    assert "".join(tokens(text)) == "".join(text.lower().split())


@given(texts, st.data())
def test_taking_some_texts_is_tokenising_those(given_texts, data):
    every = st.integers(0, max(len(given_texts) - 1, 0))
    chosen = data.draw(st.lists(every, max_size=6) if given_texts else st.just([]))

    taken = tokenise(given_texts).taken(np.array(chosen, dtype=np.intp))

    fresh = tokenise([given_texts[at] for at in chosen])
    assert read(taken) == read(fresh)
    assert sorted(taken.lexicon) == sorted(fresh.lexicon)
    assert (taken.ids.dtype, taken.ends.dtype) == (fresh.ids.dtype, fresh.ends.dtype)


@given(texts, texts)
def test_a_lexicon_that_grows_keeps_its_numbers(before, after):
    known = tokenise(before).lexicon

    grown = tokenise(after, known)

    assert grown.lexicon[: len(known)] == known
    assert read(grown) == [tokens(text) for text in after]


def test_words_and_runs_of_marks_are_tokens():
    assert tokens("“We WON'T sign” — ever!?\n3.5 քո 🕊️") == [
        *("“", "we", "won", "'", "t", "sign", "”", "—", "ever", "!?", "3", ".", "5", "քո", "🕊️"),
    ]


def test_a_very_long_token_is_cut_and_loses_no_letter():
    address = "x" * 100 + "y" * 100

    found = tokens(f"See {address}!")

    assert found[0] == "see"
    assert [len(token) for token in found[1:-1]] == [MOST_LETTERS] * 3 + [8]
    assert "".join(found[1:-1]) == address
