"""Texts as lists of token numbers: what every feature is computed from, and what is cached.

News repeats its words. All that is expensive (cutting letters, hashing, looking up) is done once
per distinct token of a batch, and a text costs no more than its list of numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_TOKEN = re.compile(r"\w+|[^\w\s]+")

MOST_LETTERS = 64
"""Longer tokens are addresses, or text of a script without blanks; they are cut like this."""


@dataclass(frozen=True, eq=False)
class Tokenised:
    """Texts as numbers: text ``i`` is ``ids[ends[i]:ends[i + 1]]``, numbers of the lexicon."""

    lexicon: tuple[str, ...]
    ids: NDArray[np.int32]
    ends: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.ends) - 1

    def taken(self, texts: NDArray[np.intp]) -> Tokenised:
        """Some of the texts, with the tokens that stand in them."""
        number = np.diff(self.ends)[texts]
        ends = np.zeros(len(texts) + 1, np.int64)
        np.cumsum(number, out=ends[1:])
        at = np.repeat(self.ends[texts] - ends[:-1], number) + np.arange(ends[-1])
        used, ids = np.unique(self.ids[at], return_inverse=True)
        lexicon = tuple(self.lexicon[one] for one in used)
        return Tokenised(lexicon, ids.astype(np.int32), ends)


class _Lexicon(dict[str, int]):
    """The number of each token, in the order in which they were first seen."""

    def __missing__(self, token: str) -> int:
        self[token] = number = len(self)
        return number


def tokens(text: str) -> list[str]:
    """The lower-case words and runs of marks of a text.

    >>> tokens("«No», he said – again…")
    ['«', 'no', '»,', 'he', 'said', '–', 'again', '…']
    """
    found = _TOKEN.findall(text.lower())
    if len(text) > MOST_LETTERS and any(len(token) > MOST_LETTERS for token in found):
        return [piece for token in found for piece in _pieces(token)]
    return found


def _pieces(token: str) -> Iterator[str]:
    for start in range(0, len(token), MOST_LETTERS):
        yield token[start : start + MOST_LETTERS]


def tokenise(texts: Iterable[str], lexicon: Sequence[str] = ()) -> Tokenised:
    """The texts as numbers; tokens that the given lexicon lacks are added at its end."""
    known = _Lexicon(zip(lexicon, range(len(lexicon)), strict=True))
    number_of = known.__getitem__
    ids: list[int] = []
    ends = [0]
    for text in texts:
        ids.extend(map(number_of, tokens(text)))
        ends.append(len(ids))
    return Tokenised(tuple(known), np.array(ids, np.int32), np.array(ends, np.int64))
