"""What stands beside a name: "Lind, head of the institute,", "the mayor, Ada Lind,"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from annotator.corpus.layout import Span
from annotator.corpus.speech import phrases
from annotator.corpus.speech.mention import Mention, is_name, text_of
from annotator.corpus.speech.tokens import Sentence
from annotator.corpus.speech.words import Words

FARTHEST = 60
"""Tokens that may lie between a subject and its verb."""
DASHES = frozenset(("—", "–", "--"))
BREAKS = DASHES | {";", ":"}


def skip_opening(sentence: Sentence, first: int, words: Words) -> int:
    """The first token from ``first`` on that is no conjunction or adverb before a subject."""
    at = first
    while at < len(sentence) - 1 and (
        sentence[at].low in words.opening
        or sentence[at].low in words.conjunction
        or (at == first and ":" in sentence[at].text[1:])  # 17:42
        or (at == first and _is_aside(sentence, at, words))
        or (at > first and sentence[at].text == ",")
    ):
        at += 1
    return at


def _is_aside(sentence: Sentence, at: int, words: Words) -> bool:
    """Whether an adverb and a comma open a sentence: "Reportedly, the …"."""
    return (
        bool(words.adverb_endings)
        and sentence[at].low.endswith(words.adverb_endings)
        and sentence[at + 1].text == ","
    )


def clause_start(sentence: Sentence, last: int) -> int:
    """The first token of the clause that ends with ``last``, no further back than ``FARTHEST``."""
    low = last
    while low > 0 and last - low < FARTHEST:
        token = sentence[low - 1]
        if token.sort == "quote" or token.text in BREAKS:
            break
        low -= 1
    return low


def parted_by_commas(sentence: Sentence, low: int, last: int) -> list[Span]:
    """What the commas of a clause part, first and last token of each."""
    segments, first = [], low
    for at in range(low, last + 1):
        if sentence[at].text == "," and at > first:
            segments.append((first, at - 1))
            first = at + 1
        elif sentence[at].text == ",":
            first = at + 1
    return [*segments, (first, last)]


def reach(segment: Span) -> Span:
    """The tokens of a segment as a range that can be sliced with."""
    return segment[0], segment[1] + 1


def is_whole(sentence: Sentence, first: int, mention: Mention, words: Words) -> bool:
    """Whether a phrase is all of its segment, but for words that open it."""
    return mention.first <= skip_opening(sentence, first, words)


def with_apposition(sentence: Sentence, subject: Mention, words: Words) -> Mention:
    """The name in apposition to a role, and what stands in apposition to a name."""
    comma = subject.last + 1
    if comma + 1 >= len(sentence) or sentence[comma].text != ",":
        return subject
    end = comma + 1
    while end < len(sentence) and not _bounds(sentence, end, words):
        end += 1
    if subject.form == "role":
        named = phrases.before(sentence, comma + 1, end, words)
        if named is not None and named.form == "organisation" and named.first == comma + 1:
            return named._replace(first=subject.first)
        if named is not None and named.form == "name" and named.first == comma + 1:
            if not words.bodies.isdisjoint(subject.title):
                return named._replace(form="organisation", first=subject.first)
            title = (*subject.title, *named.title)
            return named._replace(first=subject.first, title=title, about=subject.name)
    if subject.form == "name":
        about = apposition(sentence, comma + 1, end, words)
        titles = (*subject.title, *_titles(sentence, comma, words))
        return subject._replace(about=about or subject.about, title=titles)
    return subject


def _titles(sentence: Sentence, first: int, words: Words) -> Iterator[str]:
    """The roles in what follows a name: "founder, chair and since May chief executive"."""
    for token in sentence[first:]:
        if token.text == "." or token.sort == "quote" or token.low in words.relative:
            break
        if token.low in words.people:
            yield token.low


def _bounds(sentence: Sentence, at: int, words: Words) -> bool:
    token = sentence[at]
    if token.text == ".":
        return sentence[at - 1].low not in words.short  # Col. Maj. Ada Lind
    return token.text == "," or token.text in BREAKS or token.sort == "quote"


def apposition(sentence: Sentence, first: int, end: int, words: Words) -> str:
    """An apposition, as text: "head of the Norrel Institute"; empty where it is none."""
    if first >= end or sentence[first].low in words.no_apposition:
        return ""
    if not any(token.low in words.people for token in sentence[first:end]):
        return ""
    return text_of(sentence, first, end - 1)


def before_apposition(sentence: Sentence, segments: Sequence[Span], words: Words) -> Mention | None:
    """The subject of "Name, apposition, said": the nearest segment that is a name and no more.

    Where there is none, it is what the clause begins with: "The woman, who had lost her house,".
    """
    weak: Mention | None = None
    role: Mention | None = None
    for number in range(len(segments) - 1, -1, -1):
        first, end = segments[number]
        mention = phrases.before(sentence, first, end + 1, words)
        if mention is None or not is_whole(sentence, first, mention, words):
            continue
        if mention.form == "pronoun":
            continue
        if mention.form == "role":
            if number < len(segments) - 1:
                role = role or mention
            continue
        if mention.form == "organisation" or (" " not in mention.name and not mention.title):
            if not number or not _ends_with_place(sentence, segments[number - 1], words):
                weak = mention
            continue
        return _described(sentence, segments, number, mention, words)
    if weak is not None or role is not None:
        return weak or role
    opener = skip_opening(sentence, segments[0][0], words)
    return phrases.after(sentence, opener, words) if opener <= segments[0][1] else None


def _ends_with_place(sentence: Sentence, segment: Span, words: Words) -> bool:
    """Whether a name closes a segment behind a preposition: "a mill in Dunmere", then "Norrel"."""
    first, at = segment
    while at > first and is_name(sentence[at], words):
        at -= 1
    return at < segment[1] and sentence[at].low in words.preposition


def _described(
    sentence: Sentence, segments: Sequence[Span], number: int, name: Mention, words: Words
) -> Mention:
    """A name with its apposition, which stands behind it or before."""
    if number and _is_of_body(sentence, segments[number - 1], words):
        return name._replace(form="organisation", first=segments[number - 1][0])
    about = ""
    if number + 1 < len(segments):
        about = apposition(sentence, segments[number + 1][0], segments[-1][1] + 1, words)
    if not about and number:
        about = apposition(sentence, *reach(segments[number - 1]), words)
    return name._replace(about=about or name.about)


def _is_of_body(sentence: Sentence, segment: Span, words: Words) -> bool:
    """Whether a segment before a name is that of a body: "Lind's club, Norrel Athletic, said"."""
    mention = phrases.before(sentence, *reach(segment), words)
    return (
        mention is not None
        and mention.form == "role"
        and mention.title[-1] in words.bodies
        and mention.title[-1] not in words.people
        and is_whole(sentence, segment[0], mention, words)
    )
