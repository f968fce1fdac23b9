"""A phrase for somebody, and the words that it is made of."""

from __future__ import annotations

from typing import Literal, NamedTuple

from annotator.corpus.speech.tokens import Sentence, Token
from annotator.corpus.speech.words import Words

Form = Literal["name", "organisation", "role", "pronoun"]


class Mention(NamedTuple):
    """One phrase for somebody, from token ``first`` to ``last`` of its sentence.

    ``name`` is the phrase without titles; ``title`` has the words before it and the head of a
    role; ``about`` is what was said of them in apposition; ``together`` tells that others are
    with them who go by them: "Lind and her colleagues".
    """

    form: Form
    name: str
    first: int
    last: int
    title: tuple[str, ...] = ()
    about: str = ""
    together: bool = False


def is_name(token: Token, words: Words) -> bool:
    """Whether a token can be part of a name: a capital, and no word that has one by its place."""
    return token.sort == "name" and token.low not in words.no_names


def is_inside_name(token: Token, words: Words) -> bool:
    """Whether a small word has a capital, as in a name: "Pilots Without Borders"."""
    return token.sort == "name" and token.low in words.preposition


def is_possessive(token: Token, words: Words) -> bool:
    """Whether the token ends as a possessive does: "Lind's"."""
    return bool(words.possessive) and token.text.endswith(words.possessive)


def bare(text: str, words: Words) -> str:
    """A word without the ending of a possessive."""
    for ending in words.possessive:
        text = text.removesuffix(ending)
    return text


def text_of(sentence: Sentence, first: int, last: int) -> str:
    """The tokens as they stand in the text, one space where there is any between them."""
    pieces: list[str] = []
    for at in range(first, last + 1):
        if pieces and sentence[at].start > sentence[at - 1].end:
            pieces.append(" ")
        pieces.append(sentence[at].text)
    return "".join(pieces)


def speaks(token: Token, words: Words) -> bool:
    """Whether the word is for people, or for what speaks like them: a body, a paper."""
    return token.low in words.people or token.low in words.bodies or token.low in words.papers
