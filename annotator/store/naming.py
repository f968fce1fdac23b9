"""When two names are the same, and which are somebody's own: pure text, no project needed."""

from __future__ import annotations

import re
import unicodedata

LETTERS = str.maketrans(
    {"ı": "i", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "ə": "a", "þ": "th"}
)
"""Letters that no decomposition takes to a plain one."""

MARKS = re.compile("[\u0300-\u036f\u2019'`\u02bb\u02bc]")
NOT_WORD = re.compile(r"[\W_]+")


def _words(name: str) -> list[str]:
    plain = MARKS.sub("", unicodedata.normalize("NFKD", name.casefold()))
    return NOT_WORD.sub(" ", plain).translate(LETTERS).split()


TITLES = frozenset(
    _words(
        "the mr mrs ms miss mister dr doctor prof professor sir madam lord lady herr frau"
        " monsieur madame mme mlle señor señora don doña bay bayan sayin sayın"
        " господин госпожа пан пані cənab xanım"
    )
)
"""What may stand before a name and is no part of it; longer titles the finder has taken off."""

ANY = frozenset(
    _words(
        "a an one two three each every some many several both all another other others no"
        " ein eine einige zwei mehrere un une des plusieurs deux uno una unos unas varios dos"
        " bir bazı iki один одна некоторые два"
    )
)
"""What stands before those of whom there are many."""

ORGANISATIONS = frozenset({"organisation", "outlet"})
"""The kinds of people whose name may be a single word."""


def key_of(name: str) -> str:
    """The name as names are compared: without case, marks, punctuation and titles.

    Empty where nothing is left of it.

    >>> key_of("Prof. Säken  MUKAN"), key_of("the Defence Ministry"), key_of("…")
    ('saken mukan', 'defence ministry', '')
    """
    words = _words(name)
    while len(words) > 1 and words[0] in TITLES:
        del words[0]
    return " ".join(words)


def is_own(name: str, kind: str) -> bool:
    """Whether the name stands for the same somebody in every document.

    That is a name of two words and more, or an organisation's. A role ("the minister") and a
    surname alone may be anybody's.

    >>> is_own("Saken Mukan", ""), is_own("Mukan", "expert"), is_own("the minister", "official")
    (True, False, False)
    >>> is_own("A soldier of the Third Brigade", "military")
    False
    >>> is_own("Trend", "outlet"), is_own("the Defence Ministry", "organisation")
    (True, True)
    """
    words = name.split()
    while len(words) > 1 and key_of(words[0]) in TITLES:
        del words[0]
    if not words or not key_of(name) or words[0][0].islower() or key_of(words[0]) in ANY:
        return False
    if kind in ORGANISATIONS:
        return True
    return len(words) > 1 and not words[-1][0].islower()
