"""What a phrase is, by its head: a person, an organisation, or a role."""

from __future__ import annotations

from collections.abc import Sequence

from annotator.corpus.speech.mention import (
    Mention,
    bare,
    is_inside_name,
    is_name,
    is_possessive,
    text_of,
)
from annotator.corpus.speech.name_parts import is_contest, takes_title
from annotator.corpus.speech.tokens import Sentence, Token
from annotator.corpus.speech.words import Words, is_plural


def read(sentence: Sentence, first: int, head: int, last: int, words: Words) -> Mention | None:
    """What a phrase is, by its head; ``last`` is where all of it ends."""
    person = _behind_honorific(sentence, first, last, words)
    if person is not None:
        return person
    within = _person_behind(sentence, first, head, last, words)
    if within > head:
        named_there = text_of(sentence, within, last)
        about = text_of(sentence, first, within - 1)
        return Mention("name", named_there, first, last, (sentence[head].low,), about)
    inner = first
    for at in range(first, head):
        if is_possessive(sentence[at], words) and not _is_of_many(sentence[at], words):
            inner = at + 1
    named = _name_start(sentence, inner, head, words)
    if named is None and first < inner < head and _is_named_body(sentence, inner, head, words):
        return Mention("organisation", text_of(sentence, inner, last), first, last)
    if named is None:
        return _role(sentence, first, head, last, words)
    if is_body([bare(token.low, words) for token in sentence[named : head + 1]], words):
        if named == head and sentence[head].low in words.outlets:
            named = first + (sentence[first].low in words.determiner)  # state TV
        return Mention("organisation", _body_name(sentence, named, head, last, words), first, last)
    if any(is_inside_name(token, words) for token in sentence[named:head]):
        return Mention("organisation", text_of(sentence, named, head), first, last)
    start = _behind_titles(sentence, named, head, words)
    is_determined = sentence[first].low in words.determiner
    if start > head or (is_determined and named == first + 1 and _is_office(sentence, head, words)):
        return _role(sentence, first, head, last, words)
    if start == head and sentence[head].low in words.roles and is_plural(sentence[head].low, words):
        return _role(sentence, first, head, last, words)
    titles = [*sentence[inner:start]]
    titles += (t for t in sentence[start + 1 : head] if t.low in words.titles_inside)
    title = tuple(
        token.low
        for token in titles
        if token.sort in ("name", "word") and token.low not in words.determiner
    )
    name = bare(text_of(sentence, start, head), words)
    if title and title[-1] in words.bodies and title[-1] not in words.people:
        return Mention("organisation", name, first, last)  # rights group Norrel Watch
    about = text_of(sentence, head + 2, last) if last > head else ""
    if is_determined and not title and inner == first:
        return Mention("organisation", text_of(sentence, start, last), first, last)
    return Mention("name", name, first, last, title, about)


def _is_named_body(sentence: Sentence, inner: int, head: int, words: Words) -> bool:
    """Whether a body has its name behind whose it is: "Lind's Harbour party"."""
    return sentence[head].low in words.bodies and is_name(sentence[inner], words)


def _is_of_many(token: Token, words: Words) -> bool:
    """Whether a possessive can be part of a body's name: "People's Alliance"."""
    low = bare(token.low, words)
    return token.sort == "name" and low in words.people and is_plural(low, words)


def _behind_honorific(sentence: Sentence, first: int, last: int, words: Words) -> Mention | None:
    """The name behind an honorific inside a phrase: "Undersecretary for Education Mr. Lind"."""
    for at in range(last - 1, first, -1):
        if sentence[at].low in words.honorifics and sentence[at].sort == "name":
            if sentence[at - 1].low in words.preposition:
                return None  # a lawyer for Mr Lind
            start = at + 1 + (sentence[at + 1].text == ".")
            if sentence[at].low in words.contests:
                start += is_contest([token.low for token in sentence[start : last + 1]], words)
            if not all(
                is_name(t, words) or t.low in words.particles for t in sentence[start : last + 1]
            ):
                return None
            lows = [token.low for token in sentence[first : at + 1]]
            title = tuple(low for low in lows if low in words.people)
            name = bare(text_of(sentence, start, last), words)
            return Mention("name", name, first, last, title, text_of(sentence, first, at - 1))
    return None


def _role(sentence: Sentence, first: int, head: int, last: int, words: Words) -> Mention | None:
    low = bare(sentence[head].low, words)
    determined = sentence[first].low in words.determiner or (
        first < head and (is_possessive(sentence[first], words))
    )
    known = low in words.people or low in words.bodies or low in words.papers
    if first == head == last and determined and low not in words.quantities:
        return None
    if low in words.no_heads or not (known or determined):
        return None
    if not known and low.endswith(words.participle_endings or ("\0",)):
        return None  # the injured
    is_counted = first < head and sentence[first].low in words.several
    if not known and is_counted and not is_plural(low, words):
        return None  # some wore
    if last > head and sentence[last].sort == "word" and _is_loose(sentence, head, words):
        last = head
    if low in words.organisations and sentence[head].sort == "name" and low not in words.roles:
        at = first + (sentence[first].low in words.determiner)
        return Mention("organisation", _body_name(sentence, at, head, last, words), first, last)
    return Mention("role", text_of(sentence, first, last), first, last, (low,))


def _body_name(sentence: Sentence, first: int, head: int, last: int, words: Words) -> str:
    """The name of a body, without where it is: "Defence Ministry in Norrel"."""
    is_placed = last > head and sentence[head + 1].low in words.placed
    return text_of(sentence, first, head if is_placed else last)


def _is_loose(sentence: Sentence, head: int, words: Words) -> bool:
    """Whether what follows a role is no part of its name: "the captain of a tug"."""
    return head + 2 < len(sentence) and sentence[head + 2].low in words.indefinite


def is_body(lows: Sequence[str], words: Words) -> bool:
    """Whether words, in small letters, are an organisation's name: no "ministry spokesman"."""
    last = lows[-1]
    if last in words.roles or not (
        last in words.outlets or not words.organisations.isdisjoint(lows[-2:])
    ):
        return False
    titles = [at for at, low in enumerate(lows) if low in words.titles]
    if not titles or lows[titles[-1]] in words.organisations:
        return True
    return titles[-1] + 2 < len(lows) and last in words.organisations


def _name_start(sentence: Sentence, first: int, last: int, words: Words) -> int | None:
    """Where the run of names begins that ends the phrase; None where it ends with no name."""
    if not is_name(sentence[last], words):
        return None
    at = last
    while at > first:
        previous = sentence[at - 1]
        joins = previous.low in words.particles or previous.low in words.conjunction
        joins = joins or (is_inside_name(previous, words) and at - 1 > first)
        stops = previous.text == "." and at - 2 >= first and sentence[at - 2].sort == "name"
        if not (is_name(previous, words) or joins or stops):
            break
        at -= 1
    while not is_name(sentence[at], words) and sentence[at].low not in words.particles:
        at += 1
    return at


def _behind_titles(sentence: Sentence, first: int, head: int, words: Words) -> int:
    """Where a name begins behind the titles before it; behind ``head`` where it is all titles."""
    start = first
    for at in range(first, head + 1):
        token = sentence[at]
        if at == head - 1 and _is_inside(sentence, start, at, words):
            break
        if at == head > first and sentence[at - 1].low in words.sexes:
            break  # Peter King
        is_stop = token.text == "." and sentence[at - 1].low in words.titles
        is_role = token.low in words.roles and at + 2 <= head
        is_role = is_role or (token.low in words.organisations and at + 2 == head)
        if token.low in words.titles or token.low in words.bodies or is_stop or is_role:
            start = at + 1
        behind = [token.low for token in sentence[at + 1 : head + 1]]
        if token.low in words.contests and is_contest(behind, words):
            start = at + 2
    return start


def _is_inside(sentence: Sentence, start: int, at: int, words: Words) -> bool:
    """Whether a title is a part of the name around it: "Pablo Cardinal Lind"."""
    before = [token.low for token in sentence[start:at]]
    return sentence[at].low in words.titles_inside and takes_title(before, words)


def _is_office(sentence: Sentence, head: int, words: Words) -> bool:
    """Whether a capital word behind an article is a role: "the Chair", "the Italian"."""
    low = sentence[head].low
    if low in words.roles:
        return True
    if not words.demonyms or not low.endswith(words.demonyms):
        return False
    return low not in words.outlets and low not in words.bodies and low not in words.organisations


def _can_name(token: Token, is_title: bool, words: Words) -> bool:
    """Whether a token can stand in a name, or in the office before it: "Trade and Industry"."""
    if is_name(token, words) or token.low in words.particles:
        return True
    return is_title and (
        token.low in words.conjunction
        or token.low in words.role_preposition
        or token.low in words.articles
    )


def _person_behind(sentence: Sentence, first: int, head: int, last: int, words: Words) -> int:
    """Where somebody's name begins behind "Leader of the Opposition"; ``head`` where none does."""
    if last - head < 4 or sentence[head].low not in words.people:
        return head
    start = head + 2 + (sentence[head + 2].low in words.determiner)
    name = last - 1
    while name > start and sentence[name].low in words.particles:
        name -= 1
    run = sentence[start : last + 1]
    is_title = sentence[first].sort == "name" and sentence[first].low not in words.determiner
    if name <= start or not all(_can_name(t, is_title, words) for t in run):
        return head
    if is_body([token.low for token in sentence[name : last + 1]], words):
        return head
    body = sentence[name - 1].low
    is_behind_body = body in words.bodies or body in words.organisations
    if is_behind_body or sentence[name].low in words.sexes:
        return name
    is_apposition = first > 0 and sentence[first - 1].text == ","
    return head if is_apposition or sentence[first].low in words.determiner else name
