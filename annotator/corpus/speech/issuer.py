"""Whose words a paper has."""

from __future__ import annotations

from annotator.corpus.speech import phrases
from annotator.corpus.speech.mention import Mention, bare, is_possessive
from annotator.corpus.speech.subjects import is_known, subject_of
from annotator.corpus.speech.tokens import Sentence
from annotator.corpus.speech.words import Words


def issuer(sentence: Sentence, subject: Mention, words: Words) -> Mention:
    """Whose words a paper has: "Lind's statement", "a statement from the ministry".

    Of a paper that is nobody's yet it is who the sentence is about: "Lind sent a letter saying".
    """
    if subject.form != "role" or subject.title[-1] not in words.utterances:
        return subject
    first, last = subject.first, subject.last
    for at in range(first, last + 1):
        if is_possessive(sentence[at], words) and at < last:
            owner = phrases.before(sentence, first, at + 1, words)
            if owner is not None:
                return owner._replace(name=bare(owner.name, words), first=first, last=last)
        if sentence[at].low in words.issued:
            of = phrases.after(sentence, at + 1, words)
            if of is not None and of.last <= last:
                return of._replace(first=first, last=last)
    if sentence[first].low in words.pronouns:
        return Mention("pronoun", sentence[first].low, first, last)
    if sentence[first].low in words.indefinite and first:
        about = subject_of(sentence, words)
        if about is not None and about.last < first and is_known(about, words):
            return about._replace(first=first, last=last)
    return subject
