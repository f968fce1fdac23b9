"""Pieces of words as 64-bit numbers: the same for the same letters on every machine, for good.

No vocabulary of strings is kept: a model knows its features by number, and whole batches of
distinct tokens are cut and numbered by numpy at once. Two pieces of one project share a number
about once in a million projects.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

LETTERS = (3, 5)
"""The shortest and the longest piece, in characters; a blank stands at either edge of a token."""

Hashes = NDArray[np.uint64]

_OFFSET = np.uint64(0xCBF29CE484222325)
_PRIME = np.uint64(0x100000001B3)
_WORD = np.uint64(0x9E3779B97F4A7C15)


class Pieces(NamedTuple):
    """The pieces of a lexicon: piece ``i`` is of token ``owner[i]`` and is ``hashes[i]``."""

    owner: NDArray[np.int32]
    hashes: Hashes


def letter_pieces(lexicon: Sequence[str]) -> Pieces:
    """The pieces of three to five characters of each token, by token, shortest first."""
    points, starts = _points([f" {token} " for token in lexicon])
    lengths = np.diff(starts)
    owners, found = [], []
    least, most = LETTERS
    for size in range(least, most + 1):
        number = np.maximum(lengths - size + 1, 0)
        owner = np.repeat(np.arange(len(lexicon), dtype=np.int32), number)
        first = np.repeat(starts[:-1], number) + _counted(number)
        state = np.full(len(first), _OFFSET)
        for step in range(size):
            state = (state ^ points[first + step]) * _PRIME
        owners.append(owner)
        found.append(_mixed(state))
    owner = np.concatenate(owners)
    order = np.argsort(owner, kind="stable")
    return Pieces(owner[order], np.concatenate(found)[order])


def word_pieces(lexicon: Sequence[str]) -> Pieces:
    """Each token as a whole, under another number than the piece of the same letters."""
    points, starts = _points(lexicon)
    state = np.full(len(lexicon), _OFFSET ^ _WORD)
    lengths = np.diff(starts)
    for step in range(int(lengths.max(initial=0))):
        inside = lengths > step
        state[inside] = (state[inside] ^ points[starts[:-1][inside] + step]) * _PRIME
    return Pieces(np.arange(len(lexicon), dtype=np.int32), _mixed(state))


def _points(texts: Sequence[str]) -> tuple[Hashes, NDArray[np.int64]]:
    """The code points of all texts in a row, and where each text begins."""
    starts = np.zeros(len(texts) + 1, np.int64)
    np.cumsum([len(text) for text in texts], out=starts[1:])
    # Half a surrogate pair is a character to Python, and comes in with broken files.
    raw = "".join(texts).encode("utf-32-le", "surrogatepass")
    return np.frombuffer(raw, np.uint32).astype(np.uint64), starts


def _counted(number: NDArray[np.int64]) -> NDArray[np.int64]:
    """0, 1, 2 … for each of the numbers, in a row."""
    ends = np.cumsum(number)
    return np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - number, number)


def _mixed(state: Hashes) -> Hashes:
    """FNV-1a mixes its last letters badly; the end of SplitMix64 (Steele 2014) mends that."""
    state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return state ^ (state >> np.uint64(31))
