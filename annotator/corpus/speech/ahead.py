"""Names that come behind the pronoun for them: "Although he said no, Lind came"."""

from __future__ import annotations

from annotator.corpus.speech import phrases
from annotator.corpus.speech.report import Report
from annotator.corpus.speech.somebody import Spoken
from annotator.corpus.speech.tokens import Sentence, Token
from annotator.corpus.speech.words import Words

AHEAD = 25
"""Tokens behind a verb among which the name comes that a pronoun before it means."""


def named_ahead(part: Sentence, report: Report, words: Words) -> Spoken | None:
    """The subject that a sentence has behind a clause with a report and its pronoun."""
    if report.subject.form != "pronoun" or part[0].low not in words.subordinate:
        return None
    behind = range(report.last + 1, min(len(part) - 1, report.last + AHEAD))
    comma = next((n for n in behind if _ends_with_comma(part[n])), None)
    mention = phrases.after(part, comma + 1, words) if comma is not None else None
    if mention is None or mention.form != "name" or mention.last + 1 >= len(part):
        return None
    if part[mention.last + 1].low in words.cues:
        return None  # while he said no, Lind said yes
    return Spoken(part[mention.first].start, mention)


def _ends_with_comma(token: Token) -> bool:
    return token.text == "," or (token.sort == "quote" and token.text[-2:-1] == ",")
