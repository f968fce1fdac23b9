"""Quotations of a text and who is behind them: direct, told by the author, or a term in marks."""

from __future__ import annotations

from collections.abc import Sequence

from annotator.core.voice import Heard, Quotation
from annotator.corpus.layout import Span, paragraphs, stripped
from annotator.corpus.speech.attribution import Listener
from annotator.corpus.speech.marks import is_term, quoted
from annotator.corpus.speech.unit_voice import voices
from annotator.corpus.speech.words import words
from annotator.corpus.wire import read_wire

__all__ = ["FINDER", "hear", "voices"]

FINDER = "quotes 1"
"""The name of these rules; documents that others looked at are listened to again when asked."""


def hear(text: str, language: str, *, furniture: Sequence[Span] | None = None) -> Heard:
    """What is said in a text, and by whom.

    ``furniture`` are stretches that are nobody's words: date lines and datelines; where it is
    None, they are looked for. In a language without a file of words, quotations are found and
    nobody behind them.
    """
    if furniture is None:
        furniture = read_wire(text).furniture
    blocks = _outside(text, paragraphs(text), furniture)
    marked = quoted(text, blocks)
    known = words(language)
    if known is None:
        return Heard(
            tuple(
                Quotation(
                    q.start,
                    q.end,
                    "scare" if is_term(text, q.start, q.end) else "direct",
                    flag=q.flag,
                )
                for here in marked
                for q in here
            ),
            (),
        )
    listener = Listener(text, known)
    listener.read(blocks, marked)
    return listener.heard()


def _outside(text: str, blocks: Sequence[Span], furniture: Sequence[Span]) -> list[Span]:
    """The paragraphs without the furniture that they open with."""
    kept: list[Span] = []
    waiting = sorted(furniture, reverse=True)
    for start, end in blocks:
        while waiting and waiting[-1][0] < end:
            left, right = waiting.pop()
            if left <= start or not text[start:left].strip():
                start = stripped(text, max(start, min(right, end)), end)[0]
        if start < end:
            kept.append((start, end))
    return kept
