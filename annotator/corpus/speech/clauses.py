"""Whose a verb of saying is when they stand before it: across clauses, commas and dashes."""

from __future__ import annotations

from collections.abc import Sequence

from annotator.corpus.layout import Span
from annotator.corpus.speech import phrases
from annotator.corpus.speech.apposition import DASHES, clause_start, reach
from annotator.corpus.speech.mention import Mention
from annotator.corpus.speech.report import SAY, Report
from annotator.corpus.speech.subjects import is_known, of_segments, segments_to, subject_of
from annotator.corpus.speech.tokens import Sentence, Token
from annotator.corpus.speech.words import Words, is_plural

QUOTE_LOOK = 12
"""Tokens behind "who" among which the words are that somebody puts on a thing."""


def subject_before(
    sentence: Sentence, at: int, kinds: frozenset[str], words: Words, found: Sequence[Report]
) -> Mention | None:
    """The subject before its verb."""
    last, commas, passive = at - 1, 0, False
    while last >= 0 and _is_between(sentence, last, words):
        commas += sentence[last].text == ","
        passive = passive or sentence[last].low in words.passive
        last -= 1
    if words.verb_last:
        return _first_subject(sentence, at, words)
    if "participle" in kinds:
        return _of_participle(sentence, at, last, bool(commas), words, found)
    if last < 0 or passive or sentence[last].low in words.passive:
        return None
    if sentence[last].low in words.infinitive:
        return None
    if _is_named(sentence, at, kinds, words) or _is_passive(sentence, at, words):
        return None
    if sentence[last].low in words.conjunction:
        return _of_clause(sentence, at, words, found)
    if sentence[last].text in DASHES:
        return _before_dashes(sentence, last, words)
    if sentence[last].low in words.relative:
        return _of_relative(sentence, last, kinds, words)
    if sentence[last].sort == "quote":
        return None
    segments = segments_to(sentence, last, words)
    told = _told_clause(sentence, found, words)
    if commas and segments[0][0] < told <= segments[0][1]:
        segments[0] = (told, segments[0][1])
    return of_segments(sentence, segments, commas, words)


def over_quotation(
    sentence: Sentence, at: int, inverted: Mention | None, words: Words
) -> Mention | None:
    """The subject before words in marks that commas set off: "Lind, known as “the Cat”, said"."""
    comma = sentence[at - 1].text == ","
    last = at - 1 - comma
    if inverted is not None or last < 2 or sentence[last].sort != "quote":
        return None
    first = next((n for n in range(last - 1, 0, -1) if _parts_clause(sentence[n])), 0)
    if sentence[first].text != "," or not (comma or sentence[last].text[-2:-1] == ","):
        return None
    return phrases.before(sentence, clause_start(sentence, first), first, words)


def _told_clause(sentence: Sentence, found: Sequence[Report], words: Words) -> int:
    """Where the clause begins that a report at the head of the sentence tells; 0 without one."""
    if not found or found[-1].first > 1 or found[-1].inverted or "say" not in found[-1].kinds:
        return 0
    report = found[-1]
    between = sentence[report.subject.last + 1 : report.at]
    if any(token.sort == "mark" or token.low in words.relative for token in between):
        return 0
    at = report.last + 1
    return at + (at < len(sentence) and sentence[at].low in words.that)


def _parts_clause(token: Token) -> bool:
    return token.text == "," or token.sort == "quote"


def _is_named(sentence: Sentence, at: int, kinds: frozenset[str], words: Words) -> bool:
    """Whether a verb only gives the name of a thing: "The film, called “The Clerk”, …"."""
    after = sentence[at + 1] if at + 1 < len(sentence) else None
    if "label" not in kinds or after is None or after.sort != "quote":
        return False
    if sentence[at - 1].text == ",":
        return True
    of = phrases.before(sentence, clause_start(sentence, at), at, words)
    return (
        of is not None
        and of.form == "role"
        and sentence[of.first].low in words.indefinite
        and (not of.first or sentence[of.first - 1].low not in words.that)
    )


def _is_passive(sentence: Sentence, at: int, words: Words) -> bool:
    """Whether whose words they are stands behind a verb: "announced by the mayor"."""
    if at + 2 >= len(sentence) or sentence[at + 1].low not in words.agents:
        return False
    return phrases.after(sentence, at + 2, words) is not None  # not: said by telephone


def _first_subject(sentence: Sentence, at: int, words: Words) -> Mention | None:
    """The subject where the verb comes last: what the sentence begins with."""
    subject = subject_of(sentence, words)
    return subject if subject is not None and subject.last < at else None


def _is_between(sentence: Sentence, at: int, words: Words) -> bool:
    token = sentence[at]
    if token.text == "," or token.low in words.between:
        return True
    if not words.adverb_endings or not token.low.endswith(words.adverb_endings):
        return False
    is_noun = at > 0 and sentence[at - 1].low in words.determiner  # her family
    return token.sort == "word" and not is_noun and token.low not in words.bodies


def _of_relative(
    sentence: Sentence, at: int, kinds: frozenset[str], words: Words
) -> Mention | None:
    """Who "who" is in "Lind, head of a union, who said"; doing is no saying there."""
    if "act" in kinds and not ("label" in kinds and _has_words_ahead(sentence, at)):
        return None
    if at < 2 or sentence[at - 1].text != "," or sentence[at - 2].sort == "quote":
        return None
    segments = segments_to(sentence, at - 2, words)
    if sentence[at].low in words.impersonal:
        body = _innermost(sentence, segments[-1], words)
        if body is not None and body.form != "name":
            return body
    subject = phrases.before(sentence, *reach(segments[-1]), words)
    if subject is not None and subject.form == "role" and len(segments) > 1:
        named = phrases.before(sentence, *reach(segments[-2]), words)
        if named is not None and named.form == "name":
            return named._replace(about=subject.name, title=(*named.title, *subject.title))
    if subject is not None and not is_known(subject, words):
        subject = _innermost(sentence, segments[-1], words) or subject
    if subject is not None and subject.form in ("name", "organisation"):
        before = sentence[subject.first - 1] if subject.first else sentence[0]
        if before.low in words.preposition or before.low in words.pronouns:
            return subject
    return of_segments(sentence, segments, 0, words)


def _innermost(sentence: Sentence, segment: Span, words: Words) -> Mention | None:
    """The phrase that closes a segment: "the talk came from Lind's party", before "which"."""
    first, last = segment
    for at in range(last, first, -1):
        if sentence[at - 1].low in words.role_preposition:
            body = phrases.before(sentence, at, last + 1, words)
            if _is_place(sentence, at, body, words):
                last = at - 2  # the head of the Reed Institute in Norrel
                continue
            if body is None or body.first != at or not is_known(body, words):
                return None
            return body if body.form != "pronoun" else None
    return None


def _is_place(sentence: Sentence, at: int, named: Mention | None, words: Words) -> bool:
    """Whether a name tells where a body is: "in Norrel"."""
    is_whole = named is not None and named.form == "name" and named.first == at
    return is_whole and sentence[at - 1].low in words.placed and sentence[at - 2].sort == "name"


def _has_words_ahead(sentence: Sentence, at: int) -> bool:
    """Whether words in marks follow in the same clause: "who called it “a farce”"."""
    for token in sentence[at : at + QUOTE_LOOK]:
        if token.sort in ("quote", "mark"):
            return token.sort == "quote"
    return False


def _before_dashes(sentence: Sentence, last: int, words: Words) -> Mention | None:
    """The subject before what stands between dashes: "Lind — the captain — said"."""
    for at in range(last - 1, 0, -1):
        if sentence[at].text in DASHES:
            return phrases.before(sentence, clause_start(sentence, at), at, words)
    return None


def _of_participle(
    sentence: Sentence, at: int, last: int, comma: bool, words: Words, found: Sequence[Report]
) -> Mention | None:
    """Whose "saying that" it is: "with one resident writing", else whose sentence it is."""
    if last < 0:
        return None
    if not comma and last > 0 and sentence[last].sort in ("name", "word"):
        own = phrases.before(sentence, clause_start(sentence, last), last + 1, words)
        if own is not None and own.first and sentence[own.first - 1].low in words.accompanied:
            return own
        if own is not None and own.form == "role" and own.title[-1] in words.papers:
            return own
        if own is not None and _are_many(sentence, own, at, words):
            return own
        if sentence[last].low in words.perceived and sentence[last - 1].low in words.passive:
            return _perceived(sentence, last - 1, words)
        relative = _relative_before(sentence, at, words)
        which = _of_relative(sentence, relative, SAY, words) if relative else None
        if which is not None:
            return which
    return _of_clause(sentence, at, words, found)


def _are_many(sentence: Sentence, own: Mention, at: int, words: Words) -> bool:
    """Whether several say the words right behind: "was met by farmers shouting “Shame!”"."""
    if own.form != "role" or not is_known(own, words) or not is_plural(own.title[-1], words):
        return False
    before = sentence[own.first - 1].low if own.first else ""
    is_beside = before in words.agents or before in words.accompanied or before in words.partitive
    return is_beside and at + 1 < len(sentence) and sentence[at + 1].sort == "quote"


def _perceived(sentence: Sentence, last: int, words: Words) -> Mention | None:
    """Who "can be heard shouting"."""
    while last > 0 and (sentence[last].low in words.passive or sentence[last].low in words.finite):
        last -= 1
    return phrases.before(sentence, clause_start(sentence, last), last + 1, words)


def _relative_before(sentence: Sentence, at: int, words: Words) -> int:
    """Where the relative clause begins that a participle closes: "…, which … by saying"; or 0."""
    for n in range(at - 1, 0, -1):
        if sentence[n].low in words.relative:
            return n if sentence[n - 1].text == "," else 0
        if sentence[n].sort in ("mark", "quote"):
            return 0
    return 0


def _of_clause(
    sentence: Sentence, at: int, words: Words, found: Sequence[Report]
) -> Mention | None:
    """The subject that a verb shares with one before it: the last report's, else the sentence's."""
    subject = found[-1].subject if found else subject_of(sentence, words)
    if found and sentence[at - 1].low not in words.conjunction:
        subject = _reported_subject(sentence, found[-1], at, words) or subject
    if not found and (subject is None or not is_known(subject, words)):
        subject = _subordinate_subject(sentence, at, words) or subject
    return subject._replace(first=at, last=at) if subject else None


def _subordinate_subject(sentence: Sentence, at: int, words: Words) -> Mention | None:
    """Whose a verb is in a sentence on a thing: "The sea rose when Lind came, saying"."""
    for n in range(at - 1, 0, -1):
        if sentence[n].low in words.subordinate:
            subject = phrases.after(sentence, n + 1, words)
            return subject if subject is not None and is_known(subject, words) else None
    return None


def _reported_subject(sentence: Sentence, report: Report, at: int, words: Words) -> Mention | None:
    """Whose the verb is in "Lind said that the mayor had come and had called it a farce"."""
    if "participle" in words.cues.get(sentence[at].low, ()):
        return None
    for n in range(report.last + 1, at - 1):
        if sentence[n].low in words.that:
            return phrases.after(sentence, n + 1, words)
    return None
