"""Parts of names: which words can be some, and when two names are the same."""

from __future__ import annotations

import re
from collections.abc import Sequence

from annotator.corpus.speech.words import Words

INITIALS = re.compile(r"(?:[^\W\d_]\.)+")


def can_be_given(word: str) -> bool:
    """Whether a word before a surname can belong to the name, by its first and last letter."""
    return word[0].isalpha() and (word[-1].isalnum() or word[-1] == ".")


def goes_on(beside: str) -> bool:
    """Whether a word goes on with the two characters beside it: a letter, or a hyphen and one."""
    if beside[:1] in ("-", "’", "'"):
        return beside[:1] == "-" and beside[1:].isalnum()
    return beside[:1].isalnum()


def is_same(name: str, other: str) -> bool:
    """Whether one name can be the other, longer one: with initials, or without a middle name."""
    parts, others = name.split(), other.split()
    if len(others) < len(parts) or len(parts) < 1:
        return False
    if {part.casefold() for part in parts} <= {part.casefold() for part in others}:
        return True
    first = parts[0]
    return (
        parts[-1] == others[-1]
        and INITIALS.fullmatch(first) is not None
        and others[0][0] == first[0]
    )


def takes_title(given: Sequence[str], words: Words) -> bool:
    """Whether words before a title are given names, and no place: "Norrel Cardinal Lind"."""
    return bool(given) and given[0] in words.sexes and given[0] not in words.titles


def is_contest(behind: Sequence[str], words: Words) -> bool:
    """Whether what stands behind "Miss" opens with a place or the world, and a name follows."""
    return len(behind) > 2 and behind[0] not in words.sexes


def without_honours(given: list[str], before: str, words: Words) -> None:
    """Take from the words before a surname, the nearest first, what is no part of the name.

    ``before`` is the text up to the surname.
    """
    if given and given[0].lower() in words.titles_inside & words.titles:
        before_title = [word.lower() for word in reversed(given[1:])]
        if not takes_title(before_title, words):
            given.clear()  # Norrel Cardinal Lind
    rest = before.split()[: -len(given) or None]
    whole = [*(word.lower() for word in reversed(given)), ""]
    if rest and rest[-1].lower() in words.contests and is_contest(whole, words):
        given.pop()  # Miss World Ada Lind


def is_place_before(before: str, given: Sequence[str], words: Words) -> bool:
    """Whether the first of some capitals may belong to a role: "envoy for Norrel Ada Lind"."""
    rest = before.rsplit(None, len(given))[0].split()
    return (
        len(rest) > 1
        and (rest[-1] in words.role_preposition or rest[-1] in words.conjunction)
        and given[-1].lower() not in words.sexes
    )
