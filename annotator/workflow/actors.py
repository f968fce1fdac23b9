"""Speakers across documents in the hands of people: renamed, described, merged, taken apart."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations, islice
from typing import NamedTuple

from annotator.core.counting import counted
from annotator.core.errors import RejectedEventError
from annotator.core.voice import PERSON_KINDS
from annotator.corpus.decode import cleaned
from annotator.store import Store, actors, speakers
from annotator.store.actor_rules import Field
from annotator.store.catalogue import NOBODY
from annotator.store.naming import key_of
from annotator.store.speakers import Entry, Reach
from annotator.workflow.clock import now

LONGEST = 200
"""Characters of the longest name or affiliation."""

MOST_ALIKE = 12
"""Actors of one surname that are compared with each other; more of them say nothing."""

_PLAIN = "a b v g d e zh z i i k l m n o p r s t u f h ts ch sh sh i e u a i i e g"
CYRILLIC = str.maketrans(
    dict(zip("абвгдежзийклмнопрстуфхцчшщыэюяіїєґ", _PLAIN.split(), strict=True))
    | {"ъ": "", "ь": ""}
)
SPELLINGS = (
    (r"kh|gh|x", "h"),
    (r"shch|sch", "sh"),
    (r"dzh|dj|zh|j", "z"),
    (r"ph", "f"),
    (r"w", "v"),
    (r"q|ck", "k"),
    (r"[iy]+a", "a"),
    (r"[iy]+u", "u"),
    (r"[iy]+[eo]", "e"),
    (r"ou", "u"),
    (r"y", "i"),
    (r"(.)\1+", r"\1"),
    (r"i\b", ""),
)
"""How one sound is spelt in Latin letters by one newsroom or another."""


class Suggestion(NamedTuple):
    """Two actors who may be one, and why; ``into`` is in more documents."""

    into: str
    into_name: str
    other: str
    other_name: str
    reason: str


class Preview(NamedTuple):
    """What a merge would come to; ``of`` tells each of the others apart."""

    into: Entry
    others: tuple[Entry, ...]
    of: Reach

    def lines(self) -> Iterator[str]:
        """The preview as a page or a terminal tells it."""
        names = ", ".join(one.name for one in self.others)
        yield f"{names} would become {self.into.name}"
        units, documents = self.of.units, self.of.documents
        yield (
            f"{counted(units, 'sentence')} in {counted(documents, 'document')} would change; "
            f"called there: {', '.join(self.of.names)}"
        )
        if self.of.holdings:
            yield (
                f"stances coded as held under one of these names: {self.of.holdings:,}; they keep "
                "what the coder wrote"
            )


def rename(store: Store, key: str, name: str, who: str = NOBODY) -> str | None:
    """Call an actor by another name everywhere; the event's uuid, None where nothing changed."""
    return actors.rename(store, who, key, _one_line(name), now())


def describe(
    store: Store, key: str, fields: Mapping[Field, str | Sequence[str]], who: str = NOBODY
) -> list[str]:
    """Say what an actor is, all of it or nothing; the uuids of the events.

    Empty gives a field back to what the machine found. Raises ``RejectedEventError`` for a kind
    there is none of, or an alias that is somebody's name.
    """
    with store.write():
        made = [
            actors.describe(store, who, key, field, _settled(value), now())
            for field, value in fields.items()
        ]
    return [event for event in made if event]


def _settled(value: str | Sequence[str]) -> str | list[str]:
    return _one_line(value) if isinstance(value, str) else [_one_line(one) for one in value]


def merge(store: Store, into: str, others: Sequence[str], who: str = NOBODY) -> str:
    """Make actors one; the event's uuid, by which it is taken back exactly."""
    return actors.merge(store, who, into, others, now())


def separate(
    store: Store, key: str, people: Sequence[tuple[str, str]], name: str, who: str = NOBODY
) -> str:
    """Make some of an actor's people, each by document and name, an actor of their own."""
    return actors.separate(store, who, key, people, _one_line(name), now())


def undo(store: Store, event_uuid: str, who: str = NOBODY) -> str:
    """Take one change of an actor back."""
    return actors.undo(store, who, event_uuid, now())


def preview(store: Store, into: str, others: Sequence[str]) -> Preview:
    """What merging these actors, by their keys, would come to; nothing is changed."""
    told = [speakers.find(store, key) for key in dict.fromkeys(others) if key != into]
    if not told:
        raise RejectedEventError("a merge needs two different speakers")
    reach = speakers.reach(store, [one.key for one in told])
    return Preview(speakers.find(store, into), tuple(told), reach)


def kind_of(written: str) -> str:
    """A kind of speaker as it is kept. Raises ``RejectedEventError`` for what is none.

    >>> kind_of("Expert")
    'expert'
    """
    kind = written.strip().lower()
    if kind and kind not in PERSON_KINDS:
        known = ", ".join(PERSON_KINDS)
        raise RejectedEventError(f"{written!r} is no kind of speaker; there are: {known}")
    return kind


def _one_line(written: str) -> str:
    value = " ".join(cleaned(written)[0].split())
    if len(value) > LONGEST:
        raise RejectedEventError(
            f"{value[:40]!r}… has {len(value):,} characters, and the limit is {LONGEST}; shorten it"
        )
    return value


# Who may be one


def suggestions(store: Store, *, most: int = 100) -> list[Suggestion]:
    """Pairs of actors who may be one, those in most documents first; none is merged by itself."""
    known = speakers.known(store)
    pairs = dict(_pairs(known))
    ranked = sorted(pairs.items(), key=lambda pair: (-_documents(known, pair[0]), pair[0]))
    return [_suggestion(known, pair, reason) for pair, reason in ranked[:most]]


Known = Sequence[tuple[str, str, str, int]]


def _documents(known: Known, pair: tuple[int, int]) -> int:
    return known[pair[0]][3] + known[pair[1]][3]


def _suggestion(known: Known, pair: tuple[int, int], reason: str) -> Suggestion:
    other, into = sorted((known[at] for at in pair), key=lambda one: (one[3], len(one[1])))
    return Suggestion(into[0], into[1], other[0], other[1], reason)


def _pairs(known: Known) -> Iterator[tuple[tuple[int, int], str]]:
    """Each pair by its places among ``known``, with the strongest reason last."""
    words = [key.split() for key, *_ in known]
    surnames: dict[str, list[int]] = defaultdict(list)
    for at, own in enumerate(words):
        surnames[own[-1]].append(at)
    for alike in surnames.values():
        for one, other in combinations(alike, 2) if len(alike) <= MOST_ALIKE else ():
            if reason := _alike(known[one], known[other], words[one], words[other]):
                yield (one, other), reason
    for sound, alike in _grouped(_sounds(key for key, *_ in known)):
        if sound:
            yield from (((one, other), "spelt alike") for one, other in _few(alike))
    for _, alike in _grouped(" ".join(sorted(own)) for own in words):
        yield from (((one, other), "the same words in another order") for one, other in _few(alike))


def _grouped(marks: Iterable[str]) -> list[tuple[str, list[int]]]:
    found: dict[str, list[int]] = defaultdict(list)
    for at, mark in enumerate(marks):
        found[mark].append(at)
    return [(mark, alike) for mark, alike in found.items() if len(alike) > 1]


def _few(alike: Sequence[int]) -> Iterator[tuple[int, int]]:
    return combinations(islice(alike, MOST_ALIKE), 2)


def _alike(
    one: tuple[str, str, str, int],
    other: tuple[str, str, str, int],
    words: Sequence[str],
    others: Sequence[str],
) -> str:
    """Why two actors of the same last word may be one; empty where nothing speaks for it."""
    first, second = words[0], others[0]
    if len(words) < 2 or len(others) < 2:
        return ""
    if 1 in (len(first), len(second)) and first[0] == second[0] and first != second:
        return "an initial of the same name"
    if first == second and len(words) != len(others):
        return "the same name with one more between"
    if one[2] and key_of(one[2]) == key_of(other[2]):
        return f"the same surname and affiliation: {one[2]}"
    return ""


def _sounds(keys: Iterable[str]) -> list[str]:
    """Each key as it sounds, however it is spelt in Latin or Cyrillic letters.

    >>> one, other, third = _sounds(["zelenskyy", "зеленский", "zelensky"])
    >>> one == other == third
    True
    >>> _sounds(["aliyev", "pashinian"]) == _sounds(["aliev", "pashinyan"])
    True
    """
    # As one text: a hundred thousand keys one by one take ten times as long.
    sounds = "\n".join(keys).translate(CYRILLIC)
    for pattern, letter in SPELLINGS:
        sounds = re.sub(pattern, letter, sounds)
    return sounds.split("\n")
