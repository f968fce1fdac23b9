"""Where two texts differ: sentence by sentence, and word by word in sentences that changed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

MOST = 100_000
"""Characters of each text that are compared."""

MOST_WORDS = 400
"""Words of a changed passage that are compared one by one; a longer one has changed as a whole."""

Kind = Literal["same", "gone", "new"]

# Each class stops where the next begins, so that no text makes this go back and forth.
_SENTENCE = re.compile(r"[^.!?…\n]*(?:[.!?…]+[\"'”’»)\]]*|\n)\s*|[^.!?…\n]+")
_WORD = re.compile(r"\s*\S+\s*")


class Piece(NamedTuple):
    """A stretch of text: in both texts, ``gone`` from the first, or ``new`` in the second."""

    text: str
    kind: Kind


def differences(one: str, other: str) -> list[Piece]:
    """What it takes to make the second text of the first, in order.

    White space at the ends of sentences and words does not count. Of each text, ``MOST``
    characters are looked at.

    >>> for piece in differences("The mill was shut. We slept.", "The mill was old. We slept."):
    ...     print(piece.kind, repr(piece.text))
    same 'The mill was '
    gone 'shut. '
    new 'old. '
    same 'We slept.'
    """
    parts = [_SENTENCE.findall(text[:MOST]) for text in (one, other)]
    return list(_joined(_compared(parts[0], parts[1], closely=True)))


def _compared(one: Sequence[str], other: Sequence[str], *, closely: bool) -> Iterator[Piece]:
    keys = [[part.strip() for part in parts] for parts in (one, other)]
    for kind, a, b, c, d in SequenceMatcher(None, keys[0], keys[1]).get_opcodes():
        if kind == "equal":
            # The white space of either text: what is cut out may have stood in its own paragraph.
            pairs = zip(one[a:b], other[c:d], strict=True)
            yield Piece("".join(max(pair, key=len) for pair in pairs), "same")
        elif closely and b - a == d - c:
            for before, after in zip(one[a:b], other[c:d], strict=True):
                yield from _changed(before, after)
        elif closely and kind == "replace":
            yield from _changed("".join(one[a:b]), "".join(other[c:d]))
        else:
            gone = "".join(one[a:b])
            # The line ends where the new words do.
            yield Piece(gone.rstrip() + " " if d > c and gone else gone, "gone")
            yield Piece("".join(other[c:d]), "new")


def _changed(one: str, other: str) -> Iterator[Piece]:
    """A passage that changed: word by word where that can be followed, else as a whole."""
    words = [_WORD.findall(text) for text in (one, other)]
    pieces = [Piece(one.rstrip() + " ", "gone"), Piece(other, "new")]
    if max(map(len, words)) <= MOST_WORDS:
        closely = list(_compared(words[0], words[1], closely=False))
        kept = sum(len(piece.text) for piece in closely if piece.kind == "same")
        if 2 * kept >= min(len(one), len(other)):
            pieces = closely
    yield from pieces


def _joined(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """The same without empty pieces, and with neighbours of one kind made one."""
    held: Piece | None = None
    for piece in pieces:
        if not piece.text:
            continue
        if held is not None and held.kind == piece.kind:
            held = Piece(held.text + piece.text, piece.kind)
            continue
        if held is not None:
            yield held
        held = piece
    if held is not None:
        yield held
