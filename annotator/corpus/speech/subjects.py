"""Subjects: who a sentence is about, and whose a verb of saying is when they stand before it."""

from __future__ import annotations

from collections.abc import Sequence

from annotator.corpus.layout import Span
from annotator.corpus.speech import phrases
from annotator.corpus.speech.apposition import (
    DASHES,
    apposition,
    before_apposition,
    clause_start,
    is_whole,
    parted_by_commas,
    reach,
    skip_opening,
    with_apposition,
)
from annotator.corpus.speech.mention import Mention, is_name
from annotator.corpus.speech.report import Report
from annotator.corpus.speech.tokens import Sentence, Token
from annotator.corpus.speech.words import Words

OPENING_MAX = 18
"""Tokens of what may stand before the subject of a sentence: "On Monday night in Norrel, …"."""


def subject_of(sentence: Sentence, words: Words) -> Mention | None:
    """Who or what an author's sentence is about, by the phrase that it begins with."""
    at = skip_opening(sentence, 0, words)
    if at >= len(sentence) or sentence[at].sort == "quote":
        return None
    low = sentence[at].low
    main = _main_subject(sentence, words)
    if main is not None:
        return with_apposition(sentence, main, words)
    if (
        low in words.preposition
        or low in words.cues
        or low in words.opening
        or (
            low.endswith(words.participle_endings)
            and sentence[at].low not in words.people
            and not is_name(sentence[at], words)
        )
    ):
        at = _behind_comma(sentence, at)
    subject = phrases.after(sentence, at, words)
    return with_apposition(sentence, subject, words) if subject else None


def _main_subject(sentence: Sentence, words: Words) -> Mention | None:
    """Who "When the whistle blew, Lind fell" is about; None where its first clause tells it."""
    if sentence[0].low not in words.subordinate:
        return None
    subject = phrases.after(sentence, _behind_comma(sentence, 1), words)
    return subject if subject is not None and subject.form == "name" else None


def _behind_comma(sentence: Sentence, at: int) -> int:
    for n in range(at, min(len(sentence), at + OPENING_MAX)):
        if sentence[n].text == ",":
            return n + 1
    return len(sentence)


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
    segments = _segments(sentence, last, words)
    told = _told_clause(sentence, found, words)
    if commas and segments[0][0] < told <= segments[0][1]:
        segments[0] = (told, segments[0][1])
    return _of_segments(sentence, segments, commas, words)


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


def _parts_clause(token: Token) -> bool:
    return token.text == "," or token.sort == "quote"


def _segments(sentence: Sentence, last: int, words: Words) -> list[Span]:
    """What commas part in the clause that ends with a token, without the days at its end."""
    last = _before_time(sentence, last, words)
    return parted_by_commas(sentence, clause_start(sentence, last), last)


def _of_relative(
    sentence: Sentence, at: int, kinds: frozenset[str], words: Words
) -> Mention | None:
    """Who "who" is in "Lind, head of a union, who said"; doing is no saying there."""
    if "act" in kinds or at < 2 or sentence[at - 1].text != "," or sentence[at - 2].sort == "quote":
        return None
    segments = _segments(sentence, at - 2, words)
    subject = phrases.before(sentence, *reach(segments[-1]), words)
    if subject is not None and subject.form == "role" and len(segments) > 1:
        named = phrases.before(sentence, *reach(segments[-2]), words)
        if named is not None and named.form == "name":
            return named._replace(about=subject.name, title=(*named.title, *subject.title))
    return _of_segments(sentence, segments, 0, words)


def _of_segments(
    sentence: Sentence, segments: Sequence[Span], commas: int, words: Words
) -> Mention | None:
    """The subject at the end of what commas part, ``commas`` of which are right behind it."""
    subject = phrases.before(sentence, *reach(segments[-1]), words)
    if commas == 1 and len(segments) == 1:
        return None
    if subject is None or (commas and len(segments) > 1):
        return before_apposition(sentence, segments, words) or subject
    other = _whole_subject(sentence, segments, subject, words)
    other = other or _first_of_two(sentence, segments, subject, words)
    if other is not None:
        return other
    if subject.form == "name" and len(segments) > 1 and subject.first == segments[-1][0]:
        beside = reach(segments[-2])
        if all(token.low not in words.finite for token in sentence[slice(*beside)]):
            about = apposition(sentence, *beside, words)
            return subject._replace(about=about or subject.about)
    return subject


def _first_of_two(
    sentence: Sentence, segments: Sequence[Span], subject: Mention, words: Words
) -> Mention | None:
    """The first of two people who say something together: "Lind and Kern said"."""
    if subject.form != "name":
        return None
    first = segments[-1][0]
    if subject.first > first + 1 and sentence[subject.first - 1].low in words.conjunction:
        other = phrases.before(sentence, first, subject.first - 1, words)
        if len(segments) > 1 and other is not None and other.first == first:
            first = segments[-2][0]  # a list: "Lind, Kern and Venn said"
            opener = phrases.before(sentence, *reach(segments[-2]), words)
            if opener is not None and is_whole(sentence, first, opener, words):
                return opener if is_known(opener, words) else None
            return None
    elif len(segments) > 1 and subject.first == first + 1:
        if sentence[first].low not in words.conjunction:
            return None
        first = segments[0][0]
        other = phrases.before(sentence, *reach(segments[0]), words)
    else:
        return None
    if other is None or other.form != "name" or not is_whole(sentence, first, other, words):
        return None
    return other


def _before_dashes(sentence: Sentence, last: int, words: Words) -> Mention | None:
    """The subject before what stands between dashes: "Lind — the captain — said"."""
    for at in range(last - 1, 0, -1):
        if sentence[at].text in DASHES:
            return phrases.before(sentence, clause_start(sentence, at), at, words)
    return None


def is_known(mention: Mention, words: Words) -> bool:
    """Whether a phrase is one for somebody or something that speaks."""
    if mention.form != "role":
        return True
    head = mention.title[-1]
    return head in words.people or head in words.bodies or head in words.papers


def _is_passive(sentence: Sentence, at: int, words: Words) -> bool:
    """Whether whose words they are stands behind a verb: "announced by the mayor"."""
    if at + 2 >= len(sentence) or sentence[at + 1].low not in words.agents:
        return False
    return phrases.after(sentence, at + 2, words) is not None  # not: said by telephone


def _whole_subject(
    sentence: Sentence, segments: Sequence[Span], subject: Mention, words: Words
) -> Mention | None:
    """The phrase that a clause begins with, where the one before the verb is only its end.

    "An official with a group that plans the town's future said", "people backing Lind said".
    """
    first = segments[-1][0]
    if subject.first <= skip_opening(sentence, first, words):
        return None
    named = _of_somewhere(sentence, first, subject, words)
    if named is not None:
        return named
    behind = sentence[subject.first - 1]
    if behind.low.endswith(words.participle_endings) and behind.low not in words.people:
        of = phrases.before(sentence, first, subject.first - 1, words)
        if of is not None and of.form == "role" and is_whole(sentence, first, of, words):
            return of
    if is_known(subject, words):
        return None
    opener = phrases.after(sentence, skip_opening(sentence, first, words), words)
    if opener is None or opener.last >= subject.first or not is_known(opener, words):
        return None
    return opener


def _of_somewhere(sentence: Sentence, first: int, subject: Mention, words: Words) -> Mention | None:
    """The name that a clause begins with, where all before the verb says whence somebody is.

    "Ada Lind of oil brokerage Norrel Brent said"
    """
    opener = phrases.after(sentence, skip_opening(sentence, first, words), words)
    if opener is None or opener.form != "name" or opener.last + 1 == subject.first:
        return None
    if opener.last >= subject.last:
        return opener
    between = sentence[opener.last + 1 : subject.first]
    if between[0].low not in words.role_preposition:
        return None
    is_clause = any(
        t.low in words.cues or t.low in words.finite or t.low in words.that for t in between
    )
    return None if is_clause else opener


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


def _before_time(sentence: Sentence, last: int, words: Words) -> int:
    """The last token before "on Monday" or "in May"."""
    at = last
    while at > 0 and (sentence[at].low in words.days or sentence[at].sort == "number"):
        at -= 1
    if at == last:
        return last
    return at - 1 if at and sentence[at].low in words.preposition else at


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
    return _of_clause(sentence, at, words, found)


def _of_clause(
    sentence: Sentence, at: int, words: Words, found: Sequence[Report]
) -> Mention | None:
    """The subject that a verb shares with one before it: the last report's, else the sentence's."""
    subject = found[-1].subject if found else subject_of(sentence, words)
    if found and sentence[at - 1].low not in words.conjunction:
        subject = _reported_subject(sentence, found[-1], at, words) or subject
    return subject._replace(first=at, last=at) if subject else None


def _reported_subject(sentence: Sentence, report: Report, at: int, words: Words) -> Mention | None:
    """Whose the verb is in "Lind said that the mayor had come and had called it a farce"."""
    if "participle" in words.cues.get(sentence[at].low, ()):
        return None
    for n in range(report.last + 1, at - 1):
        if sentence[n].low in words.that:
            return phrases.after(sentence, n + 1, words)
    return None
