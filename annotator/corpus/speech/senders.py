"""Who sent a letter that a text tells of."""

from __future__ import annotations

import re

from annotator.corpus.speech import phrases
from annotator.corpus.speech.mention import Mention
from annotator.corpus.speech.somebody import Spoken
from annotator.corpus.speech.subjects import is_known, subject_of
from annotator.corpus.speech.tokens import Sentence, parted, tokens
from annotator.corpus.speech.words import Words

LOOK = 3_000
"""Characters before "the letter" in which it is looked for who sent it."""
OBJECT_MAX = 4
"""Tokens between a verb of sending and the letter: "sent the council a long letter"."""


class Senders:
    """Finds whose "the letter" is: of whom a sentence before tells that they wrote one."""

    def __init__(self, text: str, words: Words) -> None:
        self._text = text
        self._words = words

    def sender(self, head: str, at: int) -> Spoken | None:
        """Who sent the last paper of a kind before an offset; None where nobody is named."""
        start = max(0, at - LOOK)
        before = self._text[start:at]
        for begun in reversed([*re.finditer(r"[^\n]+", before)]):
            if head not in begun[0].lower():
                continue
            for first, last in reversed([*parted(begun[0], self._words)]):
                offset = start + begun.start() + first
                sentence = tokens(begun[0][first:last], offset, self._words)
                found = self._sends(sentence, head) if sentence else None
                if found is not None:
                    return Spoken(offset, found)
        return None

    def _sends(self, sentence: Sentence, head: str) -> Mention | None:
        words = self._words
        for at, token in enumerate(sentence):
            if token.low != head:
                continue
            if at + 2 < len(sentence) and sentence[at + 1].low in words.issued:
                of = phrases.after(sentence, at + 2, words)
                if of is not None and of.form != "pronoun":
                    return of
            near = sentence[max(0, at - OBJECT_MAX - 1) : at]
            if any(t.low in words.sends for t in near):
                about = subject_of(sentence, words)
                if about is not None and about.last < at and self._writes(about):
                    return about
        return None

    def _writes(self, about: Mention) -> bool:
        return about.form != "pronoun" and is_known(about, self._words)
