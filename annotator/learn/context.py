"""What stands around a sentence, as far as it tells something about the sentence itself.

A frame seldom stands in one sentence alone. The decisions about the two sentences on either side
are added to a sentence's own: the mean of the nearest two in full, of the next two by half. The
same weights serve, nothing more is learned, and a text without neighbours is decided by itself.
On party manifestos, split by document, it raised average precision from .64 to .82 with 250
labels, and from .70 to .87 with 3,000; learning weights of their own for neighbours gave less.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy import sparse

STRENGTHS = (0.0, 0.3, 0.6)
"""How much the neighbours may count; more was no better."""

FAR = 0.5
"""What the sentences two steps away count, of those one step away."""

Near = tuple[tuple[str, ...], tuple[str, ...]]
"""Texts one step away from a sentence, and two steps away: none, one or two of each."""

NOWHERE: Near = ((), ())


@dataclass(frozen=True, eq=False)
class Around:
    """How much each of some neighbours counts for each sentence: ``(sentences, neighbours)``."""

    shares: sparse.csr_matrix

    @classmethod
    def of(cls, near: Sequence[Near], number: dict[str, int]) -> Around:
        """The neighbours of sentences, each a row by the number of its text."""
        from scipy import sparse  # a tenth of a second that the first page need not wait for

        cells = [
            (row, number[text], weight / len(texts))
            for row, steps in enumerate(near)
            for texts, weight in zip(steps, (1.0, FAR), strict=True)
            for text in texts
        ]
        rows, columns, values = zip(*cells, strict=True) if cells else ((), (), ())
        shape = (len(near), len(number))
        return cls(sparse.csr_matrix((np.array(values, np.float32), (rows, columns)), shape=shape))

    def where(self, chosen: NDArray[Any]) -> Around:
        """Some of the sentences."""
        return Around(self.shares[chosen])

    def added(self, decisions: NDArray[Any], middle: NDArray[Any]) -> NDArray[Any]:
        """What neighbours of these decisions say, ``(sentences, codes)``; nothing where none are.

        ``middle`` is each code's usual decision: a neighbour that is usual says nothing.
        """
        there = np.asarray(self.shares.sum(axis=1))
        said: NDArray[Any] = self.shares @ decisions - there * middle
        return said


def in_a_row(documents: NDArray[Any]) -> Around:
    """The neighbours of sentences that follow each other, by the document of each."""
    from scipy import sparse

    number = len(documents)
    cells = []
    for step, weight in ((1, 1.0), (2, FAR)):
        at = np.arange(number - step) if number > step else np.zeros(0, np.int64)
        same = at[documents[at] == documents[at + step]]
        here, there = np.concatenate([same, same + step]), np.concatenate([same + step, same])
        of_row = np.bincount(here, minlength=number)
        cells.append((here, there, weight / of_row[here]))
    rows, columns, values = (np.concatenate(parts) for parts in zip(*cells, strict=True))
    shape = (number, number)
    return Around(sparse.csr_matrix((values.astype(np.float32), (rows, columns)), shape=shape))
