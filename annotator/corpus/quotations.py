"""Quotations of a text and who is behind them: direct, told by the author, or a term in marks."""

from __future__ import annotations

from collections.abc import Sequence

from annotator.core.voice import Heard, Quotation
from annotator.corpus.layout import Span, paragraphs, stripped
from annotator.corpus.speech.attribution import Listener
from annotator.corpus.speech.marks import Quoted, is_term, opens_sentence, quoted
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
        found = (
            _unheard(text, q, block)
            for block, here in zip(blocks, marked, strict=True)
            for q in here
        )
        return Heard(tuple(found), ())
    listener = Listener(text, known, marked)
    listener.read(blocks, marked)
    return listener.heard()


def _unheard(text: str, quoted: Quoted, block: Span) -> Quotation:
    """A quotation that nobody is looked for behind; ``block`` is its paragraph."""
    start, end, flag = quoted
    is_said = not is_term(text, start, end) or opens_sentence(text, start, end, block[0])
    return Quotation(start, end, "direct" if is_said else "scare", flag=flag)


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
