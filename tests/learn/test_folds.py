"""Who is held out together: whole documents, and every code that can be."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.learn.folds import both_outside, folds

NAN = np.nan


@st.composite
def codings(draw):
    """``(answers, documents)``: some documents of a few sentences, up to nine codes, some blank."""
    documents = draw(st.lists(st.integers(0, 25), min_size=1, max_size=60))
    codes = draw(st.integers(1, 9))
    answers = st.lists(st.sampled_from([0.0, 0.0, 0.0, 1.0, NAN]), min_size=codes, max_size=codes)
    told = [draw(answers) for _ in documents]
    return np.array(told), np.array([f"d{one}" for one in documents], dtype=object)


def carriers(answers, documents, code: int) -> set[str]:
    return set(documents[answers[:, code] == 1])


@given(codings(), st.integers(0, 5))
def test_no_document_is_in_two_parts(coding, seed):
    answers, documents = coding

    fold = folds(answers, documents, seed)

    assert len(fold) == len(documents)
    assert all(len(set(fold[documents == one])) == 1 for one in documents)


@given(codings(), st.integers(0, 5))
def test_every_code_of_two_documents_can_be_held_out(coding, seed):
    answers, documents = coding

    fold = folds(answers, documents, seed)

    # As long as a document has fewer codes than there are parts to choose from.
    for code in range(min(answers.shape[1], len(set(documents)) - 1)):
        if len(carriers(answers, documents, code)) > 1:
            assert len(set(fold[answers[:, code] == 1])) > 1


@pytest.mark.parametrize("seed", range(20))
def test_a_rare_code_is_held_out_though_frequent_ones_would_have_it_otherwise(seed):
    # With A are C and D, which stand in the parts of the two other documents of X already.
    carried = {"a1": "A", "a2": "ACD", "x1": "XCD", "x2": "XCD"}
    documents = np.array([*carried, *(f"empty{row % 90}" for row in range(5_000))], dtype=object)
    answers = np.array([[float(c in carried.get(d, "")) for c in "ACDX"] for d in documents])

    fold = folds(answers, documents, seed)

    assert fold[0] != fold[1]
    assert fold[2] != fold[3]


@pytest.mark.parametrize(("share", "carries"), [(0.5, True), (0.49, False)])
def test_a_row_carries_a_code_from_half_of_the_coders_on(share, carries):
    # One in ten carries the code: all parts have as much of it, or as chance will have it.
    answers = np.where(np.arange(100) < 10, share, 0.0)[:, np.newaxis]

    dealt = [folds(answers, np.arange(100).astype(str), seed)[:10] for seed in range(5)]

    assert all(len(set(fold.tolist())) == 10 for fold in dealt) == carries


def test_a_code_is_spread_evenly_over_the_parts():
    documents = np.arange(100).astype(str)
    answers = np.column_stack([np.arange(100) < 20, np.arange(100) % 2]).astype(float)

    fold = folds(answers, documents, seed=1)

    assert np.bincount(fold, weights=answers[:, 0]).tolist() == [2.0] * 10
    assert np.bincount(fold).tolist() == [10] * 10


def test_the_same_seed_deals_the_same_and_another_one_not():
    documents = np.repeat(np.arange(40), 3).astype(str)
    answers = (np.random.default_rng(1).random((120, 2)) < 0.3).astype(float)

    one, again, other = (folds(answers, documents, seed) for seed in (1, 1, 2))

    assert one.tolist() == again.tolist()
    assert one.tolist() != other.tolist()


@pytest.mark.parametrize(
    ("rows", "documents", "parts"),
    [(30, 1, 1), (30, 3, 3), (999, 100, 10), (1_000, 100, 5), (5_000, 100, 3)],
)
def test_there_are_ten_parts_of_few_rows_and_fewer_of_many_or_of_few_documents(
    rows, documents, parts
):
    names = (np.arange(rows) % documents).astype(str)

    fold = folds((np.arange(rows) % 7 == 0).astype(float)[:, np.newaxis], names, seed=1)

    assert sorted(set(fold.tolist())) == list(range(parts))


def test_documents_that_carry_nothing_fill_the_parts_evenly():
    names = np.arange(53).astype(str)

    fold = folds(np.zeros((53, 2)), names, seed=1)

    assert sorted(np.bincount(fold).tolist()) == [5] * 7 + [6] * 3


@pytest.mark.parametrize(
    ("truth", "fold", "can_be"),
    [
        ([1, 0, 1, 0], [0, 0, 1, 1], True),
        ([1, 1, 0, 0], [0, 0, 1, 1], False),
        ([1, 0, 0, 0], [0, 0, 1, 1], False),
        ([1, 0, 1, 0], [0, 0, 0, 0], False),
        ([1, 1, 1, 0], [0, 1, 2, 2], False),
    ],
)
def test_a_code_can_be_held_out_where_both_answers_stand_outside_every_part(truth, fold, can_be):
    assert both_outside(np.array(truth, dtype=bool), np.array(fold)) == can_be
