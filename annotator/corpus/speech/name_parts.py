"""Parts of names: which words can be some, and when two names are the same."""

from __future__ import annotations

import re

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
