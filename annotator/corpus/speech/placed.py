"""Reports that are told by their place beside a quotation alone, whatever the verb."""

from __future__ import annotations

from collections.abc import Sequence

from annotator.corpus.speech import phrases
from annotator.corpus.speech.apposition import clause_start, is_whole, with_apposition
from annotator.corpus.speech.report import JOINTS, SAY, Report
from annotator.corpus.speech.subjects import is_known, subject_of
from annotator.corpus.speech.tokens import Sentence, Token
from annotator.corpus.speech.words import Words


def told_by_place(
    sentence: Sentence, at: int, words: Words, found: Sequence[Report]
) -> Report | None:
    """A report by its place alone, beside a quotation: "…,” grinned Lind", "Lind: “…"."""
    if any(report.first <= at + 2 and at <= report.at for report in found):
        return None
    told = _behind(sentence, at, words)
    if told is None and not any(report.at < at for report in found):
        told = _before_colon(sentence, at, words) or _of_sentence(sentence, at, words)
    return told


def _of_sentence(sentence: Sentence, at: int, words: Words) -> Report | None:
    """Whose sentence ends in a colon: "Lind, soaked to the skin, was in no doubt: “…"."""
    colon = at - 1
    if colon < 2 or sentence[colon].text != ":":
        return None
    subject = subject_of(sentence, words)
    if subject is None or subject.last >= colon:
        return None
    if subject.form == "role" and subject.title[-1] not in words.people:
        return None
    return Report(subject, ":", colon, subject.first, colon, SAY)


def _behind(sentence: Sentence, at: int, words: Words) -> Report | None:
    inner = sentence[at].text[-2:-1]
    here = at + 1
    if here < len(sentence) and sentence[here].text in JOINTS:
        here += 1
    elif inner not in (",", "?", "!", "，", "？", "！"):
        return None
    if here + 1 >= len(sentence):
        return None
    if _is_verb(sentence[here], words):
        subject = phrases.after(sentence, here + 1, words)
        if subject is None or subject.form == "pronoun" or not is_known(subject, words):
            return None
        if subject.first == here + 1:
            cue = sentence[here].low
            subject = with_apposition(sentence, subject, words)
            return Report(subject, cue, here, here, subject.last, SAY, True)
        return None
    subject = phrases.after(sentence, here, words)
    if subject is None or subject.form == "role":
        return None
    verb = subject.last + 1
    if verb < len(sentence) and _is_verb(sentence[verb], words):
        return Report(subject, sentence[verb].low, verb, here, verb, SAY)
    return None


def _is_verb(token: Token, words: Words) -> bool:
    return (
        token.sort == "word"
        and bool(words.verb_endings)
        and token.low.endswith(words.verb_endings)
        and (token.low not in words.small or token.low in words.cues)
        and token.low not in words.people
        and token.low not in words.outlets
    )


def _before_colon(sentence: Sentence, at: int, words: Words) -> Report | None:
    """ "Lind stormed: “…", and the label of an interview or a debate, "Lind: “…"."""
    colon = at - 1
    if colon < 1 or sentence[colon].text not in (":", ","):
        return None
    verb = colon - 1
    if _is_verb(sentence[verb], words) and verb:
        subject = phrases.before(sentence, clause_start(sentence, verb), verb, words)
        if subject is not None and subject.form != "role":
            return Report(subject, sentence[verb].low, verb, subject.first, verb, SAY)
    if sentence[colon].text == ":":
        subject = phrases.before(sentence, 0, colon, words)
        if (
            subject is not None
            and subject.form != "pronoun"
            and is_whole(sentence, 0, subject, words)
        ):
            return Report(subject, ":", colon, subject.first, colon, SAY)
    return None
