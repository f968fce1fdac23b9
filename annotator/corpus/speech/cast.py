"""The people of a text: who is meant by a name, a role or a pronoun, and what they are called."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import cast

from annotator.core.voice import Person, PersonKind
from annotator.corpus.speech.mention import Form, Mention
from annotator.corpus.speech.names import FULL_NAME, Names
from annotator.corpus.speech.reading import is_body
from annotator.corpus.speech.somebody import (
    Attributed,
    Somebody,
    Spoken,
    has_title,
    is_called,
    words_of,
)
from annotator.corpus.speech.words import Words, first_of, is_plural

JUST = 400
"""Characters behind somebody's speech in which a pronoun means them, whatever their sex."""
LATELY = 40
"""Speakers among whom a pronoun or a role is looked for."""
NEAR = 1_000
"""Characters within which a woman who spoke is rather "she" than one whose sex is not known."""


class Cast:
    """The people who speak in one text, in the order in which they are heard."""

    def __init__(self, text: str, words: Words) -> None:
        self._text = text
        self._words = words
        self._names = Names(text, words)
        self._known: dict[str, Somebody] = {}
        self._people: list[Somebody] = []
        self._lately: deque[Somebody] = deque(maxlen=LATELY)
        self.last: Somebody | None = None

    def meant(
        self, mention: Mention, at: int, subjects: Sequence[Spoken] = ()
    ) -> Attributed | None:
        """Who a phrase at an offset means; None for a pronoun that nobody fits.

        ``subjects`` are those of the sentences before, in the order of the text.
        """
        if mention.form == "pronoun":
            return self._pronoun(mention.name, at, subjects)
        if mention.form == "role":
            return self._role(mention, at, subjects)
        if mention.form == "organisation":
            name = self._names.whole_body(mention.name, at)
            return Attributed(self._somebody(name, "organisation", mention), "organisation")
        return self._by_name(mention, at)

    def subject(self, subjects: Sequence[Spoken]) -> Somebody | None:
        """The person that the last of some subjects names."""
        return self._person(subjects[-1]) if subjects else None

    def heard(self, who: Somebody, at: int) -> None:
        """Somebody spoke here: a pronoun further on means them first."""
        if who.heard_at < 0:
            self._people.append(who)
        if who is not self.last:
            if who in self._lately:
                self._lately.remove(who)
            self._lately.append(who)
        who.heard_at = at
        self.last = who

    def persons(self) -> tuple[Person, ...]:
        """Everybody who was heard, under the fullest name, each name once."""
        return tuple(
            Person(
                who.name,
                tuple(alias for alias in who.aliases if alias != who.name),
                who.about,
                self._kind(who),
            )
            for who in self._people
        )

    def _somebody(self, name: str, form: Form, mention: Mention | None = None) -> Somebody:
        who = self._known.get(name)
        if who is None:
            who = self._known[name] = Somebody(name, form)
        if mention is not None:
            who.aliases.setdefault(mention.name)
            who.titles.update(dict.fromkeys(mention.title))
            if mention.about and not who.about:
                who.about = mention.about
                who.titles.update(dict.fromkeys(words_of(mention.about)))
        return who

    # Names

    def _by_name(self, mention: Mention, at: int) -> Attributed:
        name, sure = self._names.fullest(mention, at)
        if " " not in name and self._is_bodys_name(name, mention):
            return Attributed(self._somebody(name, "organisation", mention), "organisation")
        if name != mention.name and is_body(name.lower().split(), self._words):
            return Attributed(self._somebody(name, "organisation", mention), "organisation")
        return Attributed(self._somebody(name, "name", mention), "name", sure)

    def _is_bodys_name(self, name: str, mention: Mention) -> bool:
        """Whether a single name is an organisation's or a place's: "NATO said", "Norrel said"."""
        if mention.title or mention.about:
            return False
        return (len(name) > 1 and name.isupper()) or any(
            self._names.stands(f" {word} {name}") for word in self._words.placed
        )

    # Roles

    def _role(self, mention: Mention, at: int, subjects: Sequence[Spoken] = ()) -> Attributed:
        head = mention.title[-1] if mention.title else ""
        first = mention.name.split()[0].lower()
        if first in self._words.definite:
            who = self._just_named_body(head, subjects) or self._described(head, mention, at)
            if who is not None:
                who.aliases.setdefault(mention.name)
                who.titles.setdefault(head)
                return Attributed(who, "role")
            last = self._just_named(head, mention, subjects) or self._generic(head, mention)
            if last is not None:
                last.aliases.setdefault(mention.name)
                return Attributed(last, "role", sure=False)
        return Attributed(self._somebody(mention.name, "role", mention), "role")

    def _described(self, head: str, mention: Mention, at: int) -> Somebody | None:
        """Who was called so before: the last speaker with the title, else a name beside it."""
        exact = self._known.get(mention.name)
        if exact is not None and exact.heard_at >= 0:
            return exact
        called = [who for who in self._lately if mention.name in who.aliases]
        if called:
            return max(called, key=lambda who: who.heard_at)
        of = words_of(mention.name)[-1:]  # "the head of the institute" is no other head
        fitting = [
            who
            for who in self._lately
            if (has_title(who, head, self._words) or is_called(who, head))
            and (of == [head] or not who.titles.keys().isdisjoint(of))
        ]
        if fitting:
            return max(fitting, key=lambda who: who.heard_at)
        if of != [head]:
            return None
        name = self._names.beside(head, at)
        if name:
            return self._somebody(name, "name")
        if head in self._words.again:
            if self.last is not None and self._is_body(self.last):
                return self.last
            name = self._names.body_named(head, at, other=head in self._words.firms)
            return self._somebody(name, "organisation") if name else None
        return None

    def _just_named_body(self, head: str, subjects: Sequence[Spoken]) -> Somebody | None:
        """The organisation that the sentence before is about: "the company"."""
        since = self.last.heard_at if self.last is not None else -1
        if head in self._words.again and subjects and subjects[-1].at >= since:
            mention = subjects[-1].mention
            if mention.form == "organisation" and mention.title == ():
                name = self._names.whole_body(mention.name, subjects[-1].at)
                return self._somebody(name, "organisation", mention)
        return None

    def _just_named(
        self, head: str, mention: Mention, subjects: Sequence[Spoken]
    ) -> Somebody | None:
        """The person that the sentence before was about: "the 42-year-old"."""
        if not self._is_one(head, mention):
            return None
        since = self.last.heard_at if self.last is not None else -1
        for spoken in reversed(subjects):
            if spoken.at < since:
                break
            if spoken.mention.form == "role" and head in spoken.mention.title:
                return self._somebody(spoken.mention.name, "role", spoken.mention)
            if spoken.mention.form == "name":
                who = self._person(spoken)
                if who is not None and self._could_be(head, who):
                    return who
        return None

    def _is_one(self, head: str, mention: Mention) -> bool:
        """Whether a role is that of one person, whoever it is: "the expert", "the runner"."""
        words = self._words
        if is_plural(head, words) or len(mention.name.split()) > 3:
            return False
        return head in words.roles or head.endswith((*words.ages, *words.demonyms))

    def _could_be(self, head: str, who: Somebody) -> bool:
        sex = self._words.sexes.get(head, "")
        return not sex or self._sex(who) in ("", sex)

    def _generic(self, head: str, mention: Mention) -> Somebody | None:
        """The last speaker, where a role could be theirs: "the expert"."""
        last = self.last
        if last is None or last.form != "name" or not self._is_one(head, mention):
            return None
        if len(mention.name.split()) != 2:
            return None
        return last if self._could_be(head, last) else None

    # Pronouns

    def _pronoun(self, word: str, at: int, subjects: Sequence[Spoken]) -> Attributed | None:
        kind = self._words.pronouns[word]
        if kind == "first":
            return None
        if kind in ("plural", "thing"):
            return self._several(kind, at, subjects)
        subject = self._subject(kind, at, subjects)
        last = self._fitting_last(kind, at)
        if subject is not None:
            return Attributed(subject, "pronoun", bool(self._sex(subject)))
        if last is not None:
            return Attributed(last, "pronoun", self._sex(last) == kind)
        others = [
            who for who in self._lately if self._is_person(who) and self._sex(who) in ("", kind)
        ]
        nearest = max(others, key=lambda who: (self._sex(who) == kind, who.heard_at), default=None)
        if nearest is None or self._sex(nearest) != kind:
            nearest = self._mentioned(kind, at) or nearest
        return Attributed(nearest, "pronoun", sure=False) if nearest else None

    def _mentioned(self, kind: str, at: int) -> Somebody | None:
        """The last person with a full name before ``at`` whose sex is known to fit."""
        for match in reversed([*FULL_NAME.finditer(self._text, max(0, at - NEAR), at)]):
            name = self._names.whole(match[0])
            if name and self._names.sex_by_given_name(name) == kind:
                return self._somebody(name, "name")
        return None

    def _subject(self, kind: str, at: int, subjects: Sequence[Spoken]) -> Somebody | None:
        """The nearest subject of a sentence behind the last speech that the pronoun can mean."""
        since = self.last.heard_at if self.last is not None else -1
        for n in range(len(subjects) - 1, -1, -1):
            if subjects[n].at < since:
                break
            who = self._person(subjects[n], subjects[:n])
            if who is not None and self._sex(who) in ("", kind):
                return who
        return None

    def _person(self, spoken: Spoken, before: Sequence[Spoken] = ()) -> Somebody | None:
        """The person that a subject names, where it does."""
        mention = spoken.mention
        if mention.form == "name":
            found = self._by_name(mention, spoken.at).who
            is_known = " " in found.name or found.heard_at >= 0 or bool(mention.title)
            is_known = is_known or self._names.is_called(found.name)
            if self._is_place(found, mention):
                return None
            return found if found.form == "name" and is_known else None
        head = mention.title[-1] if mention.form == "role" else ""
        if head in self._words.quantities:
            return None
        if head in self._words.people and not is_plural(head, self._words):
            return self._role(mention, spoken.at, before).who
        name = self._names.beside(head, spoken.at) if head else ""
        return self._somebody(name, "name") if name else None

    def _is_place(self, who: Somebody, mention: Mention) -> bool:
        """Whether a name with several parts is that of a place: "New Norrel"."""
        if mention.title or mention.about or who.heard_at >= 0 or " " not in who.name:
            return False
        given = who.name.split()[0].lower()
        return given not in self._words.sexes and any(
            self._names.stands(f" {word} {who.name}") for word in self._words.placed
        )

    def _fitting_last(self, kind: str, at: int) -> Somebody | None:
        last = self.last
        if last is None or not self._is_person(last) or self._sex(last) not in ("", kind):
            return None
        if kind == "female" and not self._sex(last) and at - last.heard_at > JUST:
            women = [
                who for who in self._lately if self._sex(who) == kind and at - who.heard_at < NEAR
            ]
            return max(women, key=lambda who: who.heard_at, default=last)
        return last

    @staticmethod
    def _is_body(who: Somebody) -> bool:
        """Whether a speaker is no person, or may be none: "NetRail"."""
        if who.form == "organisation":
            return True
        return who.form == "name" and " " not in who.name and not who.titles and not who.about

    def _is_person(self, who: Somebody) -> bool:
        if who.form == "role":
            head = next(iter(who.titles), "")
            return not (
                is_plural(head, self._words)
                or head in self._words.bodies
                or head in self._words.papers
            )
        return who.form == "name"

    def _several(self, kind: str, at: int, subjects: Sequence[Spoken]) -> Attributed | None:
        """Who "they" or "it" are: the last subject or speaker that is several or a body."""
        for spoken in reversed(subjects):
            mention = spoken.mention
            if self.last is not None and spoken.at < self.last.heard_at:
                break
            if mention.form == "organisation" or (
                mention.form == "role" and self._agrees(mention.title[-1], kind)
            ):
                found = self.meant(mention, spoken.at)
                return Attributed(found.who, "pronoun") if found else None
        if kind == "thing" and self.last is not None and self._is_body(self.last):
            return Attributed(self.last, "pronoun")
        fitting = [
            who
            for who in self._lately
            if who.form == "organisation"
            or (who.form == "role" and self._agrees(next(iter(who.titles), ""), kind))
        ]
        nearest = max(fitting, key=lambda who: who.heard_at, default=None)
        if nearest is None and kind == "plural" and self.last is not None:
            nearest = None if self._sex(self.last) else self.last
        return Attributed(nearest, "pronoun", nearest is self.last) if nearest else None

    def _agrees(self, head: str, kind: str) -> bool:
        plural = is_plural(head, self._words)
        body = head in self._words.bodies or head in self._words.papers
        return (plural or body) if kind == "plural" else (body and not plural)

    def _sex(self, who: Somebody) -> str:
        if who.sex is None:
            sexes = self._words.sexes
            who.sex = first_of(sexes, (t for t in who.titles if t in self._words.people))
            if not who.sex and who.form == "name":
                who.sex = self._names.sex_by_given_name(who.name) or self._names.sex_by_pronoun(
                    who.name
                )
        return who.sex

    def _kind(self, who: Somebody) -> PersonKind:
        words = self._words
        if who.form == "organisation":
            is_outlet = not words.outlets.isdisjoint(words_of(who.name))
            return "outlet" if is_outlet else "organisation"
        if who.form == "role" and not words.bodies.isdisjoint(who.titles):
            return "organisation"
        return cast(PersonKind, first_of(words.kinds, reversed(who.titles)))
