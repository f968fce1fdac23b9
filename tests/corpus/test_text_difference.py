"""What differs between two texts, told as pieces that add up to both."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.corpus.text_difference import MOST, differences

LETTERS = st.text(alphabet="ab .!?\n“”", max_size=80)


def side(pieces, kind):
    """The words of one of the two texts, from its pieces."""
    return "".join(piece.text for piece in pieces if piece.kind in ("same", kind)).split()


@given(LETTERS, LETTERS)
def test_the_pieces_add_up_to_both_texts(one, other):
    pieces = differences(one, other)

    assert "".join(side(pieces, "gone")) == "".join(one.split())
    assert "".join(side(pieces, "new")) == "".join(other.split())


def test_a_word_that_changed_is_marked_alone():
    one = "The bridge at Korva was opened on Tuesday. All came."
    other = "The bridge at Korva was opened on Monday. All came."

    told = [(piece.kind, piece.text.strip()) for piece in differences(one, other)]

    assert told == [
        ("same", "The bridge at Korva was opened on"),
        ("gone", "Tuesday."),
        ("new", "Monday."),
        ("same", "All came."),
    ]


def test_a_paragraph_that_was_written_anew_is_marked_as_a_whole():
    one = "Rain fell on the valley for a week. All came."
    other = "Prices of bread rose in a town far off. All came."

    assert [piece.kind for piece in differences(one, other)] == ["gone", "new", "same"]


def test_the_same_text_set_otherwise_is_the_same():
    pieces = differences("One line. Two lines.", "One line.\n\nTwo lines.")

    assert [piece.kind for piece in pieces] == ["same"]


def test_what_stood_in_a_paragraph_of_its_own_does_so_where_it_is_struck_out():
    one = "“That they did not do.”\n\nThe transport was late.\n\nAll came."
    other = "“That they did not do.” All came."

    told = [(piece.kind, piece.text) for piece in differences(one, other)]

    assert told == [
        ("same", "“That they did not do.”\n\n"),
        ("gone", "The transport was late.\n\n"),
        ("same", "All came."),
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Same line.\n" * 9_000, "Same line.\n" * 8_000),
        ("." * MOST, "!" * MOST),
        ("a b " * 30_000, "b a " * 30_000),
        ("a" * MOST, "b " * 50_000),
        ("\n" * MOST, " " * MOST),
    ],
)
@pytest.mark.timeout(60)  # sentence by sentence with no limit, some of these take hours
def test_texts_that_are_made_to_take_long_are_compared(one, other):
    pieces = differences(one, other)

    assert "".join(side(pieces, "gone")) == "".join(one[:MOST].split())
    assert "".join(side(pieces, "new")) == "".join(other[:MOST].split())
