"""Who speaks: quotations, the people of a document, and the voice of each unit."""

from __future__ import annotations

from typing import Literal, NamedTuple

Voice = Literal["author", "direct", "indirect", "mixed"]
"""Whose words a unit has: the author's, somebody's own, somebody's as told by the author, or two
of these."""

Kind = Literal["direct", "indirect", "scare"]
"""What a quotation is. ``scare`` is a term in quotation marks that nobody is quoted for."""

Mode = Literal["name", "organisation", "role", "pronoun", "chain", ""]
"""How a speaker was found: named beside the verb, as an organisation, by a role ("the minister"),
through a pronoun, or carried on from the quotation before. Empty where nobody was found."""

PersonKind = Literal["official", "expert", "civilian", "military", "organisation", "outlet", ""]
"""What kind of speaker somebody is; empty where it is not known."""

PERSON_KINDS: tuple[PersonKind, ...] = (
    *("official", "expert", "civilian", "military", "organisation", "outlet"),
)


class Quotation(NamedTuple):
    """One stretch of somebody's words: ``[start, end)`` in code points of the document's text.

    The marks of direct speech belong to it; a quotation inside another one is no quotation of its
    own. ``speaker`` is the name of a ``Person`` of the document, or empty. ``source`` is who
    carries the words ("told Trend"). ``cue`` is the word that introduces them. ``confidence`` is
    the share of attributions of this kind that were right in the gold, 0 to 1; 0 without a
    speaker. ``flag`` is ``unclosed`` where the closing mark is missing, and ``continued`` where
    the quotation goes on from the paragraph before.
    """

    start: int
    end: int
    kind: Kind
    speaker: str = ""
    source: str = ""
    cue: str = ""
    mode: Mode = ""
    confidence: float = 0.0
    flag: Literal["", "unclosed", "continued"] = ""


class Person(NamedTuple):
    """Somebody who speaks in a document, under the fullest name that the document has for them.

    ``aliases`` are the other names and roles they go by there ("Mukan", "the professor").
    """

    name: str
    aliases: tuple[str, ...] = ()
    affiliation: str = ""
    kind: PersonKind = ""


class Heard(NamedTuple):
    """What was found in one document: its quotations in the order of the text, and its speakers."""

    quotations: tuple[Quotation, ...]
    people: tuple[Person, ...]


class UnitVoice(NamedTuple):
    """Who speaks in one unit: its ``speakers`` by name in the order of the text.

    ``mode`` and ``confidence`` are those of the weakest attribution; None where nobody speaks.
    """

    voice: Voice
    speakers: tuple[str, ...] = ()
    mode: Mode = ""
    confidence: float | None = None
