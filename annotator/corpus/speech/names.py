"""The names that a text has for people and bodies, and how full they are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from annotator.corpus.speech.mention import Mention
from annotator.corpus.speech.name_parts import (
    INITIALS,
    can_be_given,
    goes_on,
    is_place_before,
    is_same,
    without_honours,
)
from annotator.corpus.speech.tokens import PARTICLE
from annotator.corpus.speech.words import Words, first_of

NEXT = re.compile(r"\s([^\W\d_][\w’'\-]+)")
SUFFIX = re.compile(r",?\s([^\W\d_]\w{1,2})\b")
NEXT_WORD = re.compile(r"(,| \(|) ?(\w*)")
WORD_OR_MARK = re.compile(r"\w+|[\"“”„«»‘]")
NAME_BEHIND = re.compile(r"[,)]? ([^\W\d_a-z][\w’'\-]+(?: [^\W\d_a-z][\w’'\-]+){1,3})")
NAME_BEFORE = re.compile(
    r"([^\W\d_a-z][\w’'\-]+(?: [^\W\d_a-z][\w’'\-]+){1,3}), (?:\d+, )?(?:[^,.;:!?\n“”\"]{0,60} )?\Z"
)
LOOK = 200_000
"""Characters of a text in which names are looked for: a book's worth."""
SHORT = 20_000
"""Characters of a text in which it is quicker to look for each name anew."""
BODY_LOOK = 6_000
"""Characters before a role in which it is looked for whose it is."""
APPOSITION_LOOK = 110
FULL_NAME = re.compile(r"[^\W\d_a-z][\w’'\-]+(?: [^\W\d_a-z][\w’'\-]+)+")
NEAR = 1_000
"""Characters before a pronoun in which a name is looked for that it can mean."""
CAPITAL = re.compile(r"(?<!\w)[^\W\d_a-z]\w*")
CAPITALS = re.compile(r"(?: (?:[^\W\d_a-z][\w’'\-]+|of|and|for)){1,6}")
GIVEN_MAX = 5
NAME_LOOK = 60
"""Characters before a surname among which the rest of the name is looked for."""
PRONOUN_LOOK = 160
"""Characters behind a name in which "he" or "she" tells the sex."""
NAMED = 200
"""How many places of a name are known."""
PLACES = 20
"""How many places of a name are looked at for that."""


class Names:
    """The names of one text, looked for when somebody goes by a part of one."""

    def __init__(self, text: str, words: Words) -> None:
        self._text = text
        self._words = words
        self._named: dict[str, list[tuple[int, str]]] = {}
        self._longest: dict[str, str] = {}
        self._capitals: dict[str, list[int]] | None = None
        self._stands: dict[str, bool] = {}

    def fullest(self, mention: Mention, at: int) -> tuple[str, bool]:
        """The fullest name that the text has for somebody, and whether there is only one."""
        name = mention.name
        if name.isupper() and (name.title() in self._text):
            name = name.title()
        parts = name.split()
        if len(parts) > 1:
            return self._grown(name, self._names(self._surname(name))), True
        named = self._of_surname(name, self._names(name))
        for ending in self._words.inflections:
            if not any(" " in full for _, full in named) and name.endswith(ending):
                named = self._names(name.removesuffix(ending))
        if not any(" " in full for _, full in named) and self._has_particle(name):
            named = self._names(name[0].lower() + name[1:])
        several = dict.fromkeys(full for _, full in named if " " in full)
        if not several:
            return name, True
        if all(self._is_somebody_else(full, mention) for full in several):
            return f"{mention.title[-1].title()} {name}", True
        fitting = (
            [full for full in several if self._fits(full, mention)] if len(several) > 1 else []
        )
        if len(fitting) == 1:
            return fitting[0], True
        before = [full for place, full in named if " " in full and place < at]
        nearest = before[-1] if before else next(iter(several))
        grown = self._grown(nearest, named)
        return grown, all(is_same(grown, other) or is_same(other, grown) for other in several)

    def _surname(self, name: str) -> str:
        """The last part of a name that is no "Jr"."""
        parts = name.split()
        while len(parts) > 1 and parts[-1].lower() in self._words.suffixes:
            parts.pop()
        return parts[-1]

    def _of_surname(self, name: str, named: list[tuple[int, str]]) -> list[tuple[int, str]]:
        """Of some names those that have a word for their surname; all, where it is nobody's."""
        named = [(at, full) for at, full in named if not self._is_part_of_place(full, at)]
        ending = [(at, full) for at, full in named if " " in full and self._surname(full) == name]
        return ending or named

    def _is_part_of_place(self, full: str, at: int) -> bool:
        """Whether capitals belong to a part of a place or to a body, and are no full name.

        "East Norrel" and "the Alpine Norrel Public Works Committee" are not Norrel; ``at`` is
        where the word stands that was looked for.
        """
        given, _, rest = full.partition(" ")
        if not rest or given.lower() in self._words.sexes:
            return False
        if given.lower() in self._words.regions:
            return True
        behind = CAPITALS.match(self._text, self._text.find(" ", at) if " " in full else at)
        run = behind[0].lower().split() if behind else []
        return len(run) > 1 and not self._words.organisations.isdisjoint(run)

    def _has_particle(self, name: str) -> bool:
        """Whether a name's capital may be due to its place: "Al-Jundi said"."""
        particle = PARTICLE.match(name)
        return particle is not None and particle[1].lower() in self._words.particles

    def _is_somebody_else(self, name: str, mention: Mention) -> bool:
        """Whether a title tells that a name is another's of the family: Mrs Lind, not Boris."""
        sex = first_of(self._words.sexes, mention.title)
        given = self._words.sexes.get(name.split()[0].lower(), "")
        return bool(sex and given) and sex != given

    def _fits(self, name: str, mention: Mention) -> bool:
        """Whether a title tells the sex of one of several: "Mrs Brandt"."""
        sex = first_of(self._words.sexes, mention.title)
        return bool(sex) and self.sex_by_given_name(name) == sex

    def whole_body(self, name: str, at: int) -> str:
        """The fullest name of an organisation: "Bureau" for the one that the text has."""
        low = name.lower()
        if " " in name or not (low in self._words.organisations or low in self._words.outlets):
            return name
        return self.body_named(low, at, other=False) or name

    def body_named(self, head: str, at: int, other: bool = True) -> str:
        """The last organisation before ``at`` that has a word in its name, else any, if it may."""
        nearest = ""
        for match in reversed([*FULL_NAME.finditer(self._text, max(0, at - BODY_LOOK), at)]):
            parts = match[0].split()
            while parts and parts[0].lower() in self._words.no_names:
                parts.pop(0)
            lows = [part.lower() for part in parts]
            if len(parts) > 1 and head in lows:
                return " ".join(parts)
            if len(parts) > 1 and self._is_bodys(lows, " ".join(parts), match.start()):
                nearest = nearest or " ".join(parts)
        return nearest if other else ""

    def is_place(self, name: str) -> bool:
        """Whether a name is that of a country, or of what things are in: no "shares in Norrel"."""
        words = self._words
        if name.rpartition(" ")[2].lower() in words.countries:
            return True
        places = "|".join(words.placed)
        found = re.finditer(rf"(\w+) (?:{places}) {re.escape(name)}\b(?![’'-])", self._text[:LOOK])
        return any(match[1].lower() not in words.stakes for match in found)

    def _is_bodys(self, lows: Sequence[str], name: str, at: int) -> bool:
        """Whether a name is a body's by its last word, or by what stands before it, and no place.

        "the oil giant Reed Norrel"
        """
        words = self._words
        if self.is_place(name):
            return False
        before = self._text[max(0, at - NAME_LOOK) : at].rpartition("\n")[2].split()
        is_told = bool(before) and before[-1] in words.bodies - words.people
        return is_told or lows[-1] in words.organisations or lows[-1] in words.outlets

    def beside(self, head: str, at: int) -> str:
        """The last name before ``at`` that stands beside a role: "Ada Lind, the mayor"."""
        start = max(0, at - BODY_LOOK)
        low = self._text[start:at].lower()
        place = low.rfind(head)
        while place >= 0:
            first, last = start + place, start + place + len(head)
            match = NAME_BEHIND.match(self._text, last) or NAME_BEFORE.search(
                self._text, max(start, first - APPOSITION_LOOK), first
            )
            if match is not None and self._is_of_staff(head, match, first):
                match = None
            name = self.whole(match[1]) if match else ""
            if name:
                return name
            place = low.rfind(head, 0, place)
        return ""

    def _is_of_staff(self, head: str, name: re.Match[str], at: int) -> bool:
        """Whether a name is that of somebody of a body: "Lind, spokesman for the committee"."""
        if head not in self._words.bodies:
            return False
        between = WORD_OR_MARK.findall(self._text[name.end(1) : at].lower())
        return not self._words.people.isdisjoint(between)

    def mentioned(self, sex: str, at: int) -> str:
        """The last full name before ``at`` whose sex is known to be this one; empty without one."""
        for match in reversed([*FULL_NAME.finditer(self._text, max(0, at - NEAR), at)]):
            name = self.whole(match[0])
            if name and self.sex_by_given_name(name) == sex:
                return name
        return ""

    def whole(self, found: str) -> str:
        """The fullest name for capitals beside a role; empty where they are none of a person."""
        parts = found.split()
        while parts and not self._is_given(parts[0], parts[0].lower()):
            parts.pop(0)
        if len(parts) < 2 or not all(self._is_given(part, part.lower()) for part in parts):
            return ""
        return self._grown(" ".join(parts), self._names(self._surname(" ".join(parts))))

    def is_introduced(self, name: str, after: int, at: int) -> bool:
        """Whether a name first comes up beside ``at``, and nothing behind it tells who it is."""
        place = self._text.find(name, 0, LOOK)
        if place <= after or abs(place - at) > NAME_LOOK:
            return False
        behind = NEXT_WORD.match(self._text, place + len(name))
        return behind is None or not (behind[1] or behind[2].lower() in self._words.preposition)

    def stands(self, phrase: str) -> bool:
        """Whether the text has a phrase, up to the end of a word and without a possessive."""
        if phrase not in self._stands:
            last = phrase.rpartition(" ")[2]
            before = len(phrase) - len(last)
            ends = (
                at + len(last)
                for at in self._places(last)
                if self._text.startswith(phrase, at - before)
            )
            end = next(ends, -1)
            behind = self._text[end : end + 1]
            goes_on = behind.isalnum() or behind in ("'", "’", "-")
            self._stands[phrase] = end >= 0 and not goes_on
        return self._stands[phrase]

    def is_called(self, name: str) -> bool:
        """Whether a single word is a name, and not the first word of a sentence."""
        if name.lower() in self._words.sexes:
            return True
        text = self._text
        at = next((at for at in self._places(name) if at > 1 and text[at - 1] == " "), 0)
        return at > 1 and text[at - 2].islower()

    def sex_by_given_name(self, name: str) -> str:
        """By a title before the name in the text ("Mrs"), else by the given name."""
        sexes, parts = self._words.sexes, name.split()
        for place, full in self._names(self._surname(name))[:PLACES]:
            if " " in full and full != name:
                continue
            for word in self._text[max(0, place - 24) : place].split()[-2:]:
                low = word.rstrip(".").lower()
                if low in sexes and low in self._words.titles:
                    return sexes[low]
        return sexes.get(parts[0].lower(), "") if len(parts) > 1 else ""

    def sex_by_pronoun(self, name: str) -> str:
        """ "male" or "female", by the pronouns that follow the name; empty where they are even."""
        votes = {"male": 0, "female": 0}
        for place, full in self._names(self._surname(name))[:PLACES]:
            if " " in full and full != name:
                continue
            for match in WORD_OR_MARK.finditer(self._text, place, place + PRONOUN_LOOK):
                if not match[0][0].isalnum():
                    break
                if match[0].lower() in self._words.objects:
                    break  # "Lind thanked him": somebody else
                kind = self._words.pronouns.get(match[0].lower(), "")
                if kind in votes:
                    votes[kind] += 1
                    break
        if votes["male"] == votes["female"]:
            return ""
        return max(votes, key=lambda sex: votes[sex])

    def _grown(self, name: str, named: Iterable[tuple[int, str]]) -> str:
        """The longest name of the text that has all the parts of this one, or its initials."""
        if name not in self._longest:
            fitting = dict.fromkeys(full for _, full in named if is_same(name, full))
            self._longest[name] = max(fitting, key=len, default=name)
        return self._longest[name]

    def _names(self, part: str) -> list[tuple[int, str]]:
        """Where the text has a surname, and the whole name there."""
        if part not in self._named:
            found = list(islice(self._find_names(part), NAMED))
            if not any(" " in name for _, name in found) and not part.isupper():
                shouted = islice(self._find_names(part.upper()), NAMED)
                found += [(at, name.title()) for at, name in shouted if " " in name]
            self._named[part] = found
        return self._named[part]

    def _find_names(self, part: str) -> Iterable[tuple[int, str]]:
        text = self._text
        for at in self._places(part):
            end = at + len(part)
            if not (goes_on(text[max(0, at - 2) : at][::-1]) or goes_on(text[end : end + 2])):
                yield at, self._name_at(at, end)

    def _places(self, part: str) -> Iterable[int]:
        """Where the text has a word, which may be part of a longer one where it has a hyphen.

        A long text is read once for all its words with capitals.
        """
        if len(self._text) < SHORT or not CAPITAL.fullmatch(part):
            return self._searched(part)
        if self._capitals is None:
            self._capitals = {}
            for match in CAPITAL.finditer(self._text, 0, LOOK):
                self._capitals.setdefault(match[0], []).append(match.start())
        return self._capitals.get(part, ())

    def _searched(self, part: str) -> Iterator[int]:
        at = self._text.find(part, 0, LOOK)
        while at >= 0:
            yield at
            at = self._text.find(part, at + len(part), LOOK)

    def _name_at(self, at: int, end: int) -> str:
        words = self._words
        before = self._text[max(0, at - NAME_LOOK) : at].rpartition("\n")[2]
        given: list[str] = []
        for word in reversed(before.split(" ")[:-1]):
            if not word or not can_be_given(word) or len(given) == GIVEN_MAX:
                break
            low = word.rstrip(".").lower()
            is_inside = not given and low in words.titles_inside and word[0].isupper()
            if (
                low not in words.particles
                and not is_inside
                and not self._is_given(word, low, self._text[at:end].isupper())
            ):
                break
            given.append(word)
        without_honours(given, before, words)
        while given and not given[-1][0].isupper():
            given.pop()
        if (
            given
            and given[-1].lower() in words.bare
            and (len(given) > 1 or before == given[-1] + " ")
        ):
            given.pop()  # Said Ada Lind
        if len(given) > 1 and is_place_before(before, given, words):
            del given[1:]
        part = self._text[at:end]
        behind = SUFFIX.match(self._text, end)
        suffix = [behind[1]] if behind and behind[1].lower() in words.suffixes else []
        if given or suffix:
            return " ".join([*reversed(given), part, *(suffix if given else ())])
        following = NEXT.match(self._text, end)
        if following and following[1][0].isupper():
            word = following[1]
            low = word.lower()
            if self._is_given(word, low) and low not in words.outlets and low not in words.people:
                return f"{part} {word}"
        return part

    def _is_given(self, word: str, low: str, shouted: bool = False) -> bool:
        words = self._words
        return (
            word[0].isupper()
            and (shouted or not (word.isupper() and len(word) > 2) or "." in word)
            and (not word.endswith(".") or len(word) == 2 or INITIALS.fullmatch(word) is not None)
            and not word.endswith(words.possessive or ("\0",))
            and not (low in words.people or low in words.no_names or low in words.organisations)
            and low not in words.bodies
        )
