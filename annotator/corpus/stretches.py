"""The stretches of words that documents are compared by, as numbers of 64 bits."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

STRETCH = 4
"""Words of a stretch."""

Stretches = npt.NDArray[np.uint64]

# Scripts without spaces: each sign counts as a word.
_SIGNS = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(r"\w+")
_TYPOGRAPHY = re.compile("[\u00a0«»\u2010-\u2027\u202f]+")
_SPACED = bytes(code if chr(code).isalnum() or code == ord("_") else 32 for code in range(128))
_SPACED += bytes(128)  # never looked up
_SIGN = re.compile(f"[{_SIGNS}]")
_WORD_OR_SIGN = re.compile(rf"[{_SIGNS}]|[^\W{_SIGNS}]+")
ODD = tuple(map(np.uint64, (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9)))
"""Odd numbers that numbers of 64 bits are mixed with."""


def words_of(text: str) -> list[bytes]:
    """The words of a text, folded, as UTF-8: most texts are taken apart as bytes, and fast."""
    folded = _TYPOGRAPHY.sub(" ", text.casefold())
    if folded.isascii():
        return folded.encode().translate(_SPACED).split()
    pattern = _WORD_OR_SIGN if _SIGN.search(folded) else _WORD
    return [word.encode("utf-8", "surrogatepass") for word in pattern.findall(folded)]


class _Hashes(dict[bytes, int]):
    """A number of 64 bits for each word, the same in every process, which ``hash`` is not."""

    MOST = 500_000

    def __missing__(self, word: bytes) -> int:
        if len(self) > self.MOST:
            self.clear()
        digest = hashlib.blake2b(word, digest_size=8).digest()
        number = self[word] = int.from_bytes(digest, "little")
        return number


_hashes = _Hashes()


def stretches_of(words: Sequence[bytes]) -> Stretches:
    """Each ``STRETCH`` words in a row as a number of 64 bits, in order, repeated where they are."""
    if len(words) < STRETCH:
        return np.empty(0, np.uint64)
    word = np.fromiter(map(_hashes.__getitem__, words), np.uint64, len(words))
    mixed = word[: 1 - STRETCH]
    for place, odd in enumerate(ODD, 1):
        mixed = mixed * odd + word[place : len(word) + 1 - STRETCH + place]
    return mixed ^ (mixed >> np.uint64(29))


def set_of(text: str) -> Stretches:
    """The stretches of a text, each once, in the order of their numbers."""
    return np.unique(stretches_of(words_of(text)))


def contained(one: Stretches, other: Stretches) -> float:
    """The share of the shorter text's stretches that stand in the longer one, 0 to 1.

    >>> one, other = map(set_of, ("the bridge at Korva is open", "Now the bridge at Korva is open"))
    >>> contained(one, other)
    1.0
    """
    shorter = min(len(one), len(other))
    if not shorter:
        return 0.0
    return len(np.intersect1d(one, other, assume_unique=True)) / shorter
