"""Texts in an order in which each brings as much as it can that the others before it did not."""

from __future__ import annotations

import heapq
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from annotator.learn.features import counted
from annotator.learn.tokens import tokenise

LEAST_TEXTS = 2
"""Texts a word must stand in: one that stands nowhere else stands for nothing."""


def covering(texts: Sequence[str], most: int) -> NDArray[np.intp]:
    """The places of at most so many texts, the one that brings most first.

    A word is worth its rarity times the root of how often it was brought, so that a second time
    tells less than the first; a text is worth its words by the root of its length, since long
    ones take longer to code. Greedy with lazy gains (Minoux 1978), which comes within 1 - 1/e of
    the best choice of that size; the function is that of Wei, Iyer and Bilmes (2015, ICML).
    """
    if not texts:
        return np.zeros(0, np.intp)
    words = counted(tokenise(texts)).tocsc()
    stands_in = np.diff(words.indptr)
    common = stands_in >= LEAST_TEXTS
    worth = np.log(len(texts) / np.maximum(stands_in, 1))[common]
    rows = words[:, common].tocsr()
    length = np.sqrt(np.maximum(np.diff(words.tocsr().indptr), 1))
    brought = np.zeros(len(worth))

    def gain(at: int) -> float:
        mine = slice(rows.indptr[at], rows.indptr[at + 1])
        word, times = rows.indices[mine], rows.data[mine]
        more = np.sqrt(brought[word] + times) - np.sqrt(brought[word])
        return float(worth[word] @ more / length[at])

    # Gains only fall: one that was found before is the most it can be now.
    waiting = [(-gain(at), at) for at in range(len(texts))]
    heapq.heapify(waiting)
    chosen: list[int] = []
    while waiting and len(chosen) < most:
        _, at = heapq.heappop(waiting)
        now = -gain(at)
        if waiting and now > waiting[0][0]:
            heapq.heappush(waiting, (now, at))
            continue
        chosen.append(at)
        mine = slice(rows.indptr[at], rows.indptr[at + 1])
        brought[rows.indices[mine]] += rows.data[mine]
    return np.array(chosen, np.intp)
