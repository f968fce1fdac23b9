"""Subjects: who a sentence is about, and whose a verb of saying is when they stand before it."""

from __future__ import annotations

from collections.abc import Sequence

from annotator.corpus.layout import Span
from annotator.corpus.speech import phrases
from annotator.corpus.speech.apposition import (
    apposition,
    before_apposition,
    clause_start,
    is_whole,
    parted_by_commas,
    reach,
    skip_opening,
    with_apposition,
)
from annotator.corpus.speech.mention import Mention, is_name, text_of
from annotator.corpus.speech.tokens import Sentence
from annotator.corpus.speech.words import Words, is_plural

OPENING_MAX = 18
"""Tokens of what may stand before the subject of a sentence: "On Monday night in Norrel, …"."""


def subject_of(sentence: Sentence, words: Words) -> Mention | None:
    """Who or what an author's sentence is about, by the phrase that it begins with."""
    at = skip_opening(sentence, 0, words)
    if at >= len(sentence) or sentence[at].sort == "quote":
        return None
    low = sentence[at].low
    brought_out = _brought_out(sentence, words)
    if brought_out is not None:
        return brought_out
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
    if subject is None:
        return None
    if subject.form == "name" and _is_companions(sentence, subject.last + 2, words):
        return subject._replace(together=True)
    return with_apposition(sentence, subject, words)


def _brought_out(sentence: Sentence, words: Words) -> Mention | None:
    """Who a sentence sets before all others: "After the storm, it was Lind who spoke"."""
    for at in range(len(sentence) - 3):
        is_it = words.pronouns.get(sentence[at].low) == "thing"
        if not is_it or sentence[at + 1].low not in words.passive:
            continue
        if at and sentence[at - 1].text != ",":
            continue
        who = phrases.after(sentence, at + 2, words)
        if who is None or who.form != "name" or who.last + 1 >= len(sentence):
            continue
        if sentence[who.last + 1].low in words.relative:
            return who
    return None


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


def segments_to(sentence: Sentence, last: int, words: Words) -> list[Span]:
    """What commas part in the clause that ends with a token, without the days at its end."""
    last = _before_time(sentence, last, words)
    return parted_by_commas(sentence, clause_start(sentence, last), last)


def of_segments(
    sentence: Sentence, segments: Sequence[Span], commas: int, words: Words
) -> Mention | None:
    """The subject at the end of what commas part, ``commas`` of which are right behind it."""
    surnamed = _surnamed(sentence, segments, words)
    if surnamed is not None:
        return surnamed
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


def _surnamed(sentence: Sentence, segments: Sequence[Span], words: Words) -> Mention | None:
    """The name of somebody who is told by a role: "a student surnamed Lind from Norrel"."""
    first, last = segments[0][0], segments[-1][1]
    for at in range(first + 1, last):
        if sentence[at].low not in words.surnamed or not is_name(sentence[at + 1], words):
            continue
        end = at + 1
        while end < last and is_name(sentence[end + 1], words):
            end += 1
        about = phrases.before(sentence, first, at, words)
        name = text_of(sentence, at + 1, end)
        return Mention("name", name, at + 1, end, about.title if about else ())
    return None


def _first_of_two(
    sentence: Sentence, segments: Sequence[Span], subject: Mention, words: Words
) -> Mention | None:
    """The first of two people who say something together: "Lind and Kern said"."""
    first = segments[-1][0]
    if _is_companions(sentence, subject.first, words) and subject.first > first:
        leader = phrases.before(sentence, first, subject.first - 1, words)
        is_one = leader is not None and leader.form in ("name", "organisation")
        return leader._replace(together=True) if leader is not None and is_one else None
    if subject.form != "name":
        return None
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


def _is_companions(sentence: Sentence, at: int, words: Words) -> bool:
    """Whether somebody's people are named with them here: "and her colleagues"."""
    if not 0 < at < len(sentence) - 1 or sentence[at - 1].low not in words.conjunction:
        return False
    is_owned = sentence[at].low in words.pronouns and sentence[at].low in words.determiner
    head = sentence[at + 1].low
    return is_owned and head in words.people and is_plural(head, words)


def is_known(mention: Mention, words: Words) -> bool:
    """Whether a phrase is one for somebody or something that speaks."""
    if mention.form != "role":
        return True
    head = mention.title[-1]
    return head in words.people or head in words.bodies or head in words.papers


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


def _before_time(sentence: Sentence, last: int, words: Words) -> int:
    """The last token before "on Monday" or "in May"."""
    at = last
    while at > 0 and (sentence[at].low in words.days or sentence[at].sort == "number"):
        at -= 1
    if at == last:
        return last
    return at - 1 if at and sentence[at].low in words.preposition else at
