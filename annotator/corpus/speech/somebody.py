"""One speaker of a text, and how a phrase was found to mean them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from annotator.core.voice import Mode
from annotator.corpus.speech.mention import Form, Mention
from annotator.corpus.speech.words import Words

WORD = re.compile(r"\w+")


@dataclass(slots=True, eq=False)
class Somebody:
    """One speaker while the text is read.

    ``heard_at`` is where they spoke last, ``together_at`` where others did with them; -1 before.
    """

    name: str
    form: Form
    aliases: dict[str, None] = field(default_factory=dict)
    titles: dict[str, None] = field(default_factory=dict)
    about: str = ""
    sex: str | None = None
    heard_at: int = -1
    together_at: int = -1


class Attributed(NamedTuple):
    """Who is meant, how that was found, and whether nobody else can be."""

    who: Somebody
    mode: Mode
    sure: bool = True


class Spoken(NamedTuple):
    """A phrase at a place of the text: the subject of a sentence."""

    at: int
    mention: Mention


def has_title(who: Somebody, head: str, words: Words) -> bool:
    """Whether a role is somebody's; that of a body is no person's who works there."""
    if who.form == "name" and head in words.bodies and head not in words.people:
        return False
    return head in who.titles


def is_called(who: Somebody, head: str) -> bool:
    """Whether an organisation has this word in its name."""
    return who.form == "organisation" and head in words_of(who.name)


def words_of(text: str) -> list[str]:
    """The words of a name, in small letters."""
    return WORD.findall(text.lower())
