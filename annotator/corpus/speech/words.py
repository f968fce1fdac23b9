"""The words by which one language tells speech: a file of ``speech_words/``, read once."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from annotator.corpus.sentences import abbreviations

LEMMAS = ("say", "participle", "tell", "view", "act", "label", "carry", "base")
"""The kinds of verbs, as the files name them."""

SMALL = ("preposition", "conjunction", "relative", "opening", "between", "determiner", "that")
"""Lists of words that part phrases."""

NEVER_NAMES = (
    *(
        "no_names",
        "days",
        "preposition",
        "conjunction",
        "relative",
        "opening",
        "determiner",
        "that",
    ),
)
"""Lists of words whose capital is due to their place."""


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
    bare: frozenset[str]
    loose: frozenset[str]
    judging: frozenset[str]
    finite: frozenset[str]
    predicate: frozenset[str]
    naming: frozenset[str]
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
    attached: frozenset[str]
    postposed: frozenset[str]
    inflections: tuple[str, ...]
    participle_endings: tuple[str, ...]
    pronouns: Mapping[str, str]
    sexes: Mapping[str, str]
    titles: frozenset[str]
    roles: frozenset[str]
    bodies: frozenset[str]
    again: frozenset[str]
    firms: frozenset[str]
    papers: frozenset[str]
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
    def those(name: str) -> frozenset[str]:
        return frozenset(listed.get(name, "").split())

    cues = _cues(listed)
    phrases, according = _phrases(listed, "phrases"), _phrases(listed, "according")
    titles = those("titles")
    pronouns = _by_word(listed.get("pronouns", {}))
    small = frozenset().union(*map(those, SMALL), cues, pronouns, those("finite"), those("passive"))
    return Words(
        cues=cues,
        phrases=phrases,
        according=according,
        carriers=_phrases(listed, "carriers"),
        bare=those("bare"),
        loose=those("loose"),
        judging=those("judging"),
        finite=those("finite"),
        predicate=those("predicate"),
        naming=those("naming"),
        named=those("named"),
        works=those("works"),
        passive=those("passive"),
        placed=tuple(listed.get("placed", "").split()),
        plurals=those("plurals"),
        plural_endings=tuple(listed.get("plural_endings", ())),
        verb_endings=tuple(listed.get("verb_endings", ())),
        adverb_endings=tuple(listed.get("adverb_endings", ())),
        own=those("own"),
        within=those("within"),
        accompanied=those("accompanied"),
        between=those("between"),
        opening=those("opening"),
        determiner=those("determiner"),
        articles=those("articles"),
        definite=those("definite"),
        indefinite=those("indefinite"),
        days=those("days"),
        no_heads=those("no_heads"),
        small=small,
        people=those("roles") | titles,
        partitive=those("partitive"),
        preposition=those("preposition"),
        role_preposition=those("role_preposition"),
        conjunction=those("conjunction"),
        relative=those("relative"),
        clause=those("clause"),
        that=those("that"),
        possessive=tuple(listed.get("possessive", ())),
        quantities=those("quantities"),
        agents=those("agents"),
        objects=those("objects"),
        relays=those("relays"),
        quotes=those("quotes"),
        quoted_as=those("quoted_as"),
        selves=those("selves"),
        demonyms=tuple(listed.get("demonyms", ())),
        ages=tuple(listed.get("ages", ())),
        attached=those("attached"),
        verb_last=listed.get("verb_last", False),
        postposed=those("postposed"),
        inflections=tuple(listed.get("inflections", ())),
        participle_endings=tuple(listed.get("participle_endings", ())),
        pronouns=pronouns,
        sexes=_by_word(listed.get("sexes", {})),
        titles=titles,
        roles=those("roles"),
        bodies=those("bodies"),
        again=those("again"),
        firms=those("firms"),
        papers=those("papers"),
        organisations=those("organisations"),
        outlets=those("outlets"),
        particles=those("particles"),
        no_apposition=those("relative") | those("conjunction") | those("preposition"),
        no_names=frozenset().union(*map(those, NEVER_NAMES), pronouns),
        kinds=_by_word(listed.get("kinds", {})),
        short=abbreviations(language).inside
        | {t for t in titles - those("roles") if len(t) <= 4}
        | those("short"),
        starters=frozenset({*cues, *phrases, *according, *those("own"), *those("postposed")}),
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
