"""An order of texts in which each brings what those before it did not."""

from __future__ import annotations

from annotator.learn.covering import covering

TEXTS = [
    "the road is closed",
    "the road is closed",
    "the harbour is open",
    "the harbour is open",
    "nobody came",
    "nobody came",
]


def test_texts_about_other_things_come_before_a_second_one_about_the_same():
    first = covering(TEXTS, 3)

    assert {at // 2 for at in first.tolist()} == {0, 1, 2}


def test_each_text_is_chosen_once_and_no_more_than_are_wanted():
    assert sorted(covering(TEXTS, 99).tolist()) == list(range(6))
    assert len(covering(TEXTS, 2)) == 2


def test_no_texts_give_no_order():
    assert covering([], 5).tolist() == []
