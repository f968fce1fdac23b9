"""Pieces of words have the same numbers on every machine and in every release."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.learn.hashing import letter_pieces, word_pieces

WHOLE = 2**64 - 1

# Written down once: a change here would make saved models and caches speak of other words.
LETTERS = {
    ("the", " th"): 0x91F70969841844DB,
    ("the", "the"): 0x901962260B6A34D5,
    ("the", "he "): 0x6400BC6A8CF1DEDD,
    ("the", " the "): 0xCA13B3B034539748,
    ("սահման", "սահ"): 0x6F2671246915B523,
    ("սահման", "ահման"): 0x110E9DCBE537C6F9,
    ("🕊️", " 🕊️"): 0x85E86F42DD8AA2BF,
    ("🕊️", "🕊️ "): 0x3AEB7A4804E9D723,
    ("停战", "停战 "): 0x5C5C93EC43E9680F,
    ("\ud800", " \ud800 "): 0x8881F3DA358DCFFB,
}
WORDS = {
    "the": 0x26FABB06F7A2690C,
    "a": 0xD1ECA9CDC0066F33,
    "…": 0x7709ED0D316C32F1,
    "սահման": 0xA0B2B17B905602F1,
    "🕊️": 0x54AC42CECE731F15,
    "\ud800": 0x3C1403D36EDF6AE1,
    "停战": 0xA6B2B0A144206F0B,
    "x" * 64: 0xAD4D2C6BE36BF0D0,
}

lexicons = st.lists(st.text(max_size=12), max_size=8)


def cut(token: str) -> list[str]:
    """The pieces of a token as anybody would cut them."""
    edged = f" {token} "
    return [edged[at : at + n] for n in (3, 4, 5) for at in range(len(edged) - n + 1)]


def number(piece: str, first: int = 0xCBF29CE484222325) -> int:
    """FNV-1a over code points with the last steps of SplitMix64, without numpy."""
    state = first
    for letter in piece:
        state = (state ^ ord(letter)) * 0x100000001B3 & WHOLE
    state = (state ^ state >> 30) * 0xBF58476D1CE4E5B9 & WHOLE
    state = (state ^ state >> 27) * 0x94D049BB133111EB & WHOLE
    return state ^ state >> 31


@pytest.mark.parametrize(("token", "piece"), LETTERS)
def test_a_piece_has_the_number_that_it_always_had(token, piece):
    found = letter_pieces([token]).hashes[cut(token).index(piece)]

    assert hex(found) == hex(LETTERS[token, piece])


@pytest.mark.parametrize("token", WORDS)
def test_a_word_has_the_number_that_it_always_had(token):
    assert hex(word_pieces([token]).hashes[0]) == hex(WORDS[token])


@given(lexicons)
def test_pieces_are_those_of_three_to_five_letters_and_of_the_token_they_were_cut_from(lexicon):
    found = letter_pieces(lexicon)

    wanted = [(at, number(piece)) for at, token in enumerate(lexicon) for piece in cut(token)]
    assert list(zip(found.owner.tolist(), found.hashes.tolist(), strict=True)) == wanted


@given(lexicons)
def test_each_word_has_one_number_and_not_that_of_a_piece(lexicon):
    found = word_pieces(lexicon)

    assert found.owner.tolist() == list(range(len(lexicon)))
    assert not set(found.hashes.tolist()) & {number(token) for token in lexicon}


def test_a_word_has_its_number_in_any_company():
    alone = [word_pieces([token]).hashes[0] for token in WORDS]

    assert word_pieces(list(WORDS)).hashes.tolist() == alone


def test_no_two_pieces_of_many_words_share_a_number():
    rng = np.random.default_rng(6)
    letters = np.array(list("abcdefghijklmnopqrstuvwxyzաբգդեզէըթժ0123456789-…🕊"))
    drawn = letters[rng.integers(len(letters), size=(12_000, 9))]
    lexicon = ["".join(row[: 2 + at % 8]) for at, row in enumerate(drawn)]

    pieces, words = letter_pieces(lexicon).hashes, word_pieces(lexicon).hashes

    different = {piece for token in lexicon for piece in cut(token)}
    assert len(different) > 100_000
    assert len(np.unique(pieces)) == len(different)
    assert len(np.unique([*pieces, *words])) == len(different) + len(set(lexicon))
