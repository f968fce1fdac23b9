"""Which documents tell the same story: exact copies, and those that an editor shortened or changed.

Each document has a signature: the MinHash of its stretches of four words. Two signatures agree in
about the share of stretches that the two documents have in common. Documents are taken in the order
of import. Each is compared with what shares a band of its signature, and never with every copy that
is there already: near-identical copies are found through the first of them. Where the signatures do
not settle it, the stretches themselves are compared, so that a shortened copy is known by what of
it stands in the longer one.

Broder (1997), On the resemblance and containment of documents; Leskovec, Rajaraman and Ullman,
Mining of Massive Datasets, chapter 3, on bands.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from rensa import RMinHash

from annotator.core.document import letters_of
from annotator.corpus.stretches import ODD, contained, set_of, stretches_of, words_of

PERMUTATIONS = 128
BAND = 3
"""Permutations of a band; with four, 93.6 % of medium rewrites were found in place of 99.2 %."""

SEED = 42
SIZE = 4 * PERMUTATIONS
"""Bytes of a signature."""

SHORTEST = 30
"""Words from which on near copies are looked for; a shorter document has exact copies alone."""

SAME = 0.5
"""Likeness from which on two documents tell the same story."""

NEARLY = 0.8
"""Likeness to any document of a story from which on its first one need not be looked at."""

SUGGESTED = 0.3
"""Likeness from which on somebody had better look at them."""

CONTAINED = 0.6
"""Share of the shorter document's stretches in the longer one that settles it below ``SAME``."""

IDENTICAL = 0.95
"""Likeness from which on a document need not be found by itself: its original finds its copies."""

FULL = 50
"""Documents that a band remembers; what more share it is boilerplate, or copies of one story."""

COMPARED = 30
"""Documents that each one is compared with, those with most bands in common first."""

AT_ONCE = 2_000
"""Documents whose stretches are in memory together."""

Signatures = npt.NDArray[np.uint32]


class Resemblance(NamedTuple):
    """Two documents, by their numbers, that may tell the same story; ``one`` came in later."""

    one: int
    other: int
    likeness: float


class Grouped(NamedTuple):
    """For each document the number of the first one of its story, and the doubtful pairs."""

    first: list[int]
    suggested: list[Resemblance]


def body(text: str, title: str = "", furniture: Iterable[tuple[int, int]] = ()) -> str:
    """What of an article is compared: not its title, nor its ``furniture`` (spans of the text).

    Outlets print the same story under titles and date lines of their own.

    >>> body("A bridge opens\\n\\n4 May\\n\\nIt is open.", "A bridge opens", [(16, 21)]).split()
    ['It', 'is', 'open.']
    """
    at = len(title) if title and text.startswith(title) else 0
    pieces = []
    for start, end in sorted(furniture):
        pieces.append(text[at : max(at, start)])
        at = max(at, end)
    return "\n".join((*pieces, text[at:]))


def signature(text: str) -> bytes:
    """The signature of one text; see ``signatures``."""
    return signatures([text])[0]


def signatures(texts: Sequence[str]) -> list[bytes]:
    """By which each text is compared: ``SIZE`` bytes, the same in every process and release.

    A text of fewer than ``SHORTEST`` words has the eight bytes of ``letters_of``, and so only the
    same letters are its copy; one without words has none, and no copies.
    """
    found: list[bytes] = []
    for start in range(0, len(texts), AT_ONCE):
        found += _signatures(
            [words_of(text) for text in texts[start : start + AT_ONCE]], texts, start
        )
    return found


def _signatures(words: list[list[bytes]], texts: Sequence[str], start: int) -> list[bytes]:
    long = [number for number, found in enumerate(words) if len(found) >= SHORTEST]
    stretches = [stretches_of(words[number]) for number in long]
    signed: dict[int, bytes] = {}
    if long:
        offsets = np.cumsum([0, *map(len, stretches)], dtype=np.uint64)
        matrix = RMinHash.digest_matrix_from_flat_token_hashes(
            np.concatenate(stretches), offsets, PERMUTATIONS, SEED
        )
        rows = np.array(matrix.to_rows(), dtype="<u4")
        signed = {number: row.tobytes() for number, row in zip(long, rows, strict=True)}
    return [
        signed.get(number) or (_letters(texts[start + number]) if found else b"")
        for number, found in enumerate(words)
    ]


def _letters(text: str) -> bytes:
    return letters_of(text).to_bytes(8, "big", signed=True)


def likeness(one: bytes, other: bytes) -> float:
    """About the share of stretches that two documents have in common, 0 to 1.

    The standard error is at most .045. Of short texts, 1 for the same letters, else 0.
    """
    if len(one) != len(other) or len(one) < SIZE:
        return float(one == other != b"")
    return float(np.mean(np.frombuffer(one, "<u4") == np.frombuffer(other, "<u4")))


def grouped(
    signed: Sequence[bytes],
    text_of: Callable[[int], str],
    *,
    before: Sequence[int] = (),
    apart: Collection[tuple[int, int]] = (),
    tell: Callable[[int], None] = lambda done: None,
) -> Grouped:
    """Put documents that tell the same story together, in the order of ``signed``.

    ``text_of`` gives the text of a document by its number; it is asked only where the signatures
    leave it open. ``before`` are the groups of the first documents, each as the number of its
    group's first one, which stay together. The documents of a pair ``apart`` are never brought
    together, nor are their groups. ``tell`` hears now and then how many are done. A document
    joins a group only where it is like the group's first document too, so that no chain of
    small changes leads from one story to another.
    """
    return _Grouping(signed, text_of, before, apart).run(len(before), tell)


class _Grouping:
    def __init__(
        self,
        signed: Sequence[bytes],
        text_of: Callable[[int], str],
        before: Sequence[int],
        apart: Collection[tuple[int, int]],
    ) -> None:
        self._signed = signed
        self._rows = {n: row for row, n in enumerate(_long(signed))}
        self._matrix = _matrix(signed, self._rows)
        self._buckets = _buckets(self._matrix)
        self._held: dict[int, list[int]] = {}
        self._short: dict[bytes, int] = {}
        self._set = lru_cache(maxsize=5_000)(lambda number: set_of(text_of(number)))
        self._first = [*before, *range(len(before), len(signed))]
        self._foes: dict[int, set[int]] = {}
        self._suggested: list[Resemblance] = []
        for one, other in apart:
            self._foes.setdefault(self._find(one), set()).add(other)
            self._foes.setdefault(self._find(other), set()).add(one)

    def run(self, known: int, tell: Callable[[int], None]) -> Grouped:
        for done, number in enumerate(self._worth_a_look(known)):
            if number in self._rows:
                self._take(number, new=number >= known)
            else:
                self._take_short(number, new=number >= known)
            if done % AT_ONCE == 0:
                tell(number)
        first = [self._find(number) for number in range(len(self._signed))]
        doubtful = [
            one
            for one in self._suggested
            if first[one.one] != first[one.other] and not self._are_foes(one.one, one.other)
        ]
        return Grouped(first, doubtful)

    def _worth_a_look(self, known: int) -> list[int]:
        """The short documents, and the long ones that share a band with one that is new."""
        long = list(self._rows)
        new = np.array(long) >= known
        fresh = np.zeros(self._buckets.max(initial=-1) + 2, bool)
        fresh[self._buckets[new]] = True
        fresh[-1] = False  # where -1 leads to: nobody shares the band
        self._buckets[~fresh[self._buckets]] = -1
        shares: list[bool] = np.any(self._buckets >= 0, axis=1).tolist()
        found = [number for number, shared in zip(long, shares, strict=True) if shared]
        found += [n for n, one in enumerate(self._signed) if one and n not in self._rows]
        return sorted(found)

    def _take_short(self, number: int, *, new: bool) -> None:
        other = self._short.setdefault(self._signed[number], number)
        if new and other != number and not self._are_foes(number, other):
            self._join(number, other)

    def _take(self, number: int, *, new: bool) -> None:
        bands = self._buckets[self._rows[number]]
        shared = [self._held.setdefault(int(band), []) for band in bands[bands >= 0]]
        if not shared:
            return
        best = self._place(number, shared) if new else 0.0
        if best < IDENTICAL:
            for held in shared:
                if len(held) < FULL:
                    held.append(number)

    def _place(self, number: int, shared: Iterable[list[int]]) -> float:
        """Find the story of a document; the likeness to the document most like it."""
        votes = Counter(other for held in shared for other in held)
        others = [other for other, _ in votes.most_common(COMPARED)]
        if not others:
            return 0.0
        rows = self._matrix[[self._rows[other] for other in others]]
        alike: list[float] = np.mean(rows == self._matrix[self._rows[number]], axis=1).tolist()
        ranked = sorted(zip(alike, others, strict=True), key=lambda pair: (-pair[0], pair[1]))
        looked: set[int] = set()
        for like, other in ranked:
            group = self._find(other)
            if group in looked or group == self._find(number):
                continue
            looked.add(group)
            if self._belongs(number, other, like):
                self._bring(number, group)
        like, other = ranked[0]
        if self._find(number) == number and like >= SUGGESTED:
            self._suggested.append(Resemblance(number, other, round(like, 3)))
        return like

    def _belongs(self, number: int, other: int, like: float) -> bool:
        """Whether a document tells the story of another one and of the first of its group."""
        first = self._find(other)
        if self._are_foes(number, other) or not self._is_same(number, other, like, SAME):
            return False
        if like >= NEARLY or first == other:
            return True
        return self._is_same(number, first, self._like(number, first), SUGGESTED)

    def _bring(self, number: int, group: int) -> None:
        """Put a document into a group; where it is in one, the groups' first ones must be alike."""
        own = self._find(number)
        if own == number or self._is_same(own, group, self._like(own, group), SUGGESTED):
            self._join(number, group)

    def _is_same(self, one: int, other: int, like: float, enough: float) -> bool:
        if like >= enough:
            return True
        return like >= SUGGESTED / 2 and contained(self._set(one), self._set(other)) >= CONTAINED

    def _like(self, one: int, other: int) -> float:
        if one not in self._rows or other not in self._rows:
            return float(self._signed[one] == self._signed[other])
        return float(np.mean(self._matrix[self._rows[one]] == self._matrix[self._rows[other]]))

    def _find(self, number: int) -> int:
        first = self._first
        while first[number] != number:
            first[number] = first[first[number]]
            number = first[number]
        return number

    def _are_foes(self, one: int, other: int) -> bool:
        one, other = self._find(one), self._find(other)
        return any(self._find(foe) == other for foe in self._foes.get(one, ()))

    def _join(self, one: int, other: int) -> None:
        late, early = sorted((self._find(one), self._find(other)), reverse=True)
        self._first[late] = early
        if foes := self._foes.pop(late, None):
            self._foes.setdefault(early, set()).update(foes)


def _long(signed: Sequence[bytes]) -> Iterator[int]:
    return (number for number, one in enumerate(signed) if len(one) == SIZE)


def _matrix(signed: Sequence[bytes], rows: Collection[int]) -> Signatures:
    content = b"".join(signed[number] for number in rows)
    return np.frombuffer(content, "<u4").reshape(len(rows), PERMUTATIONS)


def _buckets(matrix: Signatures) -> npt.NDArray[np.int64]:
    """For each document and band the number of those who share it; -1 where nobody else does."""
    bands = matrix.shape[1] // BAND
    keys = np.tile(np.arange(1, bands + 1, dtype=np.uint64) * ODD[0], (len(matrix), 1))
    for place in range(BAND):
        keys = (keys ^ matrix[:, place : bands * BAND : BAND]) * ODD[1]
        keys ^= keys >> np.uint64(31)
    _, bucket, count = np.unique(keys, return_inverse=True, return_counts=True)
    bucket = bucket.reshape(keys.shape)
    return np.where(count[bucket] > 1, bucket, -1)
