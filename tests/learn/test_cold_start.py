"""An order by likeness: what speaks for a code comes first, and nothing but the order is told."""

from __future__ import annotations

import numpy as np
import pytest

from annotator.learn.cold_start import likeness, ranked

TEXTS = [
    "The bus was late again.",
    "Roads into the valley stayed closed, and no bread came through the blockade.",
    "Ministers met in the capital.",
    "A second road was closed on Monday.",
]


def order(said, texts=TEXTS, named=None):
    marked = np.zeros(len(texts), bool) if named is None else np.array(named)
    return ranked(likeness(said, texts), marked).tolist()


def test_what_has_the_codes_own_words_comes_first():
    said = {"title": ["Blockade"], "definition": ["Roads are closed on purpose."]}

    assert order(said)[:2] == [1, 3]


def test_a_sentence_that_carries_the_code_speaks_for_others_like_it():
    assert order({"positives": ["Ministers of both states met."]})[0] == 2


def test_what_has_a_keyword_goes_before_any_likeness_and_the_rest_is_in_order():
    said = {"definition": ["Roads are closed on purpose."]}

    assert order(said, named=[True, False, False, True])[:3] == [3, 0, 1]


def test_parts_of_words_count_so_that_endings_do_not_matter():
    assert order({"title": ["Blockading"]})[0] == 1


@pytest.mark.parametrize("said", [{}, {"title": []}, {"title": ["Հայաստան"]}])
def test_where_nothing_is_alike_the_order_stays(said):
    assert order(said) == [0, 1, 2, 3]


def test_a_kind_with_many_texts_speaks_no_louder_than_one_with_a_single_text():
    said = {"title": ["Ministers"], "examples": ["The bus was late."] * 9}

    assert order(said)[:2] == [2, 0]


@pytest.mark.parametrize("texts", [[], [""], ["", "   "], ["same"] * 5])
def test_empty_and_equal_texts_are_ranked_too(texts):
    assert order({"title": ["same"]}, texts) == list(range(len(texts)))
