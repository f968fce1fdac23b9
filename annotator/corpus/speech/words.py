"""The words by which one language tells speech: a file of ``speech_words/``, read once."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from annotator.corpus.sentences import abbreviations

LEMMAS = ("say", "participle", "tell", "view", "act", "label", "carry", "base")
"""The kinds of verbs, as the files name them."""

SMALL = ("preposition", "conjunction", "relative", "opening", "between", "determiner", "that")
"""Lists of words that part phrases."""

NEVER_NAMES = (
    *("no_names", "days", "preposition", "conjunction", "relative", "opening", "determiner"),
    "that",
)
"""Lists of words whose capital is due to their place."""


ENDINGS = (
    *("plural_endings", "verb_endings", "adverb_endings", "participle_endings"),
    *("possessive", "demonyms", "ages", "role_endings", "inflections"),
)
"""Lists of what words end with."""

LONGEST_SHORT = 4
"""Letters of the longest title that is written with a stop: "Capt.", "Col."."""


class Phrase(NamedTuple):
    """A cue of several words, and which of them it is looked for by: the longest."""

    words: tuple[str, ...]
    anchor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What one language has for speech and speakers; ``docs/quotations.md`` says what each is.

    ``cues`` has the kinds of each verb; ``phrases`` and ``according`` have, by their longest
    word, the cues of several words, the longest first.
    """

    cues: Mapping[str, frozenset[str]]
    phrases: Mapping[str, tuple[Phrase, ...]]
    according: Mapping[str, tuple[Phrase, ...]]
    carriers: Mapping[str, tuple[Phrase, ...]]
    unsaid: Mapping[str, tuple[Phrase, ...]]
    bare: frozenset[str]
    loose: frozenset[str]
    judging: frozenset[str]
    finite: frozenset[str]
    predicate: frozenset[str]
    naming: frozenset[str]
    naming_as: frozenset[str]
    named: frozenset[str]
    works: frozenset[str]
    passive: frozenset[str]
    placed: tuple[str, ...]
    plurals: frozenset[str]
    plural_endings: tuple[str, ...]
    verb_endings: tuple[str, ...]
    adverb_endings: tuple[str, ...]
    own: frozenset[str]
    within: frozenset[str]
    accompanied: frozenset[str]
    between: frozenset[str]
    opening: frozenset[str]
    determiner: frozenset[str]
    articles: frozenset[str]
    definite: frozenset[str]
    plain: frozenset[str]
    several: frozenset[str]
    infinitive: frozenset[str]
    remarks: frozenset[str]
    signs: frozenset[str]
    carry: frozenset[str]
    surnamed: frozenset[str]
    impersonal: frozenset[str]
    perceived: frozenset[str]
    suffixes: frozenset[str]
    subordinate: frozenset[str]
    indefinite: frozenset[str]
    days: frozenset[str]
    no_heads: frozenset[str]
    small: frozenset[str]
    people: frozenset[str]
    partitive: frozenset[str]
    preposition: frozenset[str]
    role_preposition: frozenset[str]
    conjunction: frozenset[str]
    relative: frozenset[str]
    clause: frozenset[str]
    that: frozenset[str]
    possessive: tuple[str, ...]
    verb_last: bool
    quantities: frozenset[str]
    agents: frozenset[str]
    objects: frozenset[str]
    relays: frozenset[str]
    quotes: frozenset[str]
    quoted_as: frozenset[str]
    selves: frozenset[str]
    demonyms: tuple[str, ...]
    ages: tuple[str, ...]
    role_endings: tuple[str, ...]
    attached: frozenset[str]
    postposed: frozenset[str]
    inflections: tuple[str, ...]
    participle_endings: tuple[str, ...]
    pronouns: Mapping[str, str]
    sexes: Mapping[str, str]
    titles: frozenset[str]
    titles_inside: frozenset[str]
    contests: frozenset[str]
    regions: frozenset[str]
    countries: frozenset[str]
    stakes: frozenset[str]
    parties: frozenset[str]
    letters: frozenset[str]
    sends: frozenset[str]
    roles: frozenset[str]
    bodies: frozenset[str]
    again: frozenset[str]
    firms: frozenset[str]
    papers: frozenset[str]
    utterances: frozenset[str]
    issued: frozenset[str]
    generic: frozenset[str]
    honorifics: frozenset[str]
    organisations: frozenset[str]
    outlets: frozenset[str]
    particles: frozenset[str]
    no_apposition: frozenset[str]
    no_names: frozenset[str]
    kinds: Mapping[str, str]
    short: frozenset[str]
    starters: frozenset[str]


@lru_cache
def words(language: str) -> Words | None:
    """The words of a language; None where it has no file."""
    path = Path(__file__).parents[1] / "speech_words" / f"{language}.toml"
    if not path.is_file():
        return None
    return _words(tomllib.loads(path.read_text("utf-8")), language)


def _words(listed: Mapping[str, Any], language: str) -> Words:
    return Words(
        **{
            **_lists(listed),
            **_endings(listed),
            **_joined(listed),
            "cues": _cues(listed),
            **{
                name: _phrases(listed, name)
                for name in ("phrases", "according", "carriers", "unsaid")
            },
            **{name: _by_word(listed.get(name, {})) for name in ("pronouns", "sexes", "kinds")},
            "placed": tuple(listed.get("placed", "").split()),
            "verb_last": listed.get("verb_last", False),
            "short": _short(listed, language),
        }
    )


def _those(listed: Mapping[str, Any], name: str) -> frozenset[str]:
    return frozenset(listed.get(name, "").split())


def _lists(listed: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    """Every set of words that is as the file has it, under its name there."""
    return {
        field.name: _those(listed, field.name)
        for field in fields(Words)
        if field.type == "frozenset[str]"
    }


def _endings(listed: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(listed.get(name, ())) for name in ENDINGS}


def _joined(listed: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    """The sets that are made of several lists."""
    cues, pronouns = _cues(listed), _by_word(listed.get("pronouns", {}))
    anchors = frozenset({*_phrases(listed, "phrases"), *_phrases(listed, "according")})

    def union(*names: str) -> frozenset[str]:
        return frozenset().union(*(_those(listed, name) for name in names))

    return {
        "small": union(*SMALL, "finite", "passive") | cues.keys() | pronouns.keys(),
        "people": union("roles", "titles"),
        "no_apposition": union("relative", "conjunction", "preposition"),
        "no_names": union(*NEVER_NAMES) | pronouns.keys(),
        "starters": union("own", "postposed") | anchors | cues.keys(),
    }


def _short(listed: Mapping[str, Any], language: str) -> frozenset[str]:
    titles = _those(listed, "titles") - _those(listed, "roles")
    return (
        abbreviations(language).inside
        | {title for title in titles if len(title) <= LONGEST_SHORT}
        | _those(listed, "short")
    )


def _cues(listed: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    kinds: dict[str, set[str]] = {}
    for kind in LEMMAS:
        for word in listed.get(kind, "").split():
            kinds.setdefault(word, set()).add(kind)
    return {word: frozenset(those) for word, those in kinds.items()}


def _phrases(listed: Mapping[str, Any], name: str) -> dict[str, tuple[Phrase, ...]]:
    by_anchor: dict[str, list[Phrase]] = {}
    for phrase in sorted((tuple(p.split()) for p in listed.get(name, ())), key=len, reverse=True):
        anchor = max(range(len(phrase)), key=lambda at: len(phrase[at]))
        by_anchor.setdefault(phrase[anchor], []).append(Phrase(phrase, anchor))
    return {anchor: tuple(those) for anchor, those in by_anchor.items()}


def _by_word(table: Mapping[str, str]) -> dict[str, str]:
    """Of ``{kind: words}`` the kind of each word; the first that lists it counts."""
    found: dict[str, str] = {}
    for kind, listed in table.items():
        for word in listed.split():
            found.setdefault(word, kind.partition("_")[0])
    return found


def first_of(table: Mapping[str, str], those: Iterable[str]) -> str:
    """What a table has for the first word that it knows; empty where it knows none."""
    return next((table[word] for word in those if word in table), "")


def is_plural(head: str, words: Words) -> bool:
    """Whether a role is that of several: "residents"."""
    return head in words.plurals or (
        head.endswith(words.plural_endings) if words.plural_endings else False
    )
