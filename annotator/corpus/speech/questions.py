"""Questions of the author right before a quotation: "Did it hurt? “Only once.”"."""

from __future__ import annotations

import re

from annotator.corpus.speech import phrases
from annotator.corpus.speech.mention import is_name
from annotator.corpus.speech.somebody import Spoken
from annotator.corpus.speech.tokens import tokens
from annotator.corpus.speech.words import Words

QUESTION = re.compile(r"[^.!?\n]+\?\s*\Z")
QUESTION_LOOK = 160
"""Characters before a quotation among which a question is."""


def answers(text: str, start: int) -> bool:
    """Whether the author asks right before a quotation that begins at an offset."""
    return text[max(0, start - 3) : start].rstrip().endswith("?")


def asked(text: str, start: int, words: Words) -> list[Spoken]:
    """The names in a question before a quotation, the first one alone: "What did Lind say?"."""
    question = QUESTION.search(text, max(0, start - QUESTION_LOOK), start)
    if question is None:
        return []
    part = tokens(question[0], question.start(), words)
    for at, token in enumerate(part):
        if is_name(token, words):
            mention = phrases.after(part, at, words)
            if mention is not None and mention.form == "name":
                return [Spoken(token.start, mention)]
    return []
