"""Everybody who was named in a text so far: their names, titles and sex, and who spoke last."""

from __future__ import annotations

from collections import deque

from annotator.corpus.speech.mention import Form, Mention
from annotator.corpus.speech.names import Names
from annotator.corpus.speech.reading import is_body
from annotator.corpus.speech.somebody import Attributed, Somebody, words_of
from annotator.corpus.speech.words import Words, first_of, is_plural

JUST = 400
"""Characters behind somebody's speech in which a pronoun means them, whatever their sex."""
LEDE = 1_200
"""Characters of an article's beginning, where a role can come before its name."""
LATELY = 40
"""Speakers among whom a pronoun or a role is looked for."""


class Known:
    """The people of one text, in the order in which they are heard."""

    def __init__(self, text: str, words: Words) -> None:
        self._words = words
        self._known: dict[str, Somebody] = {}
        self.names = Names(text, words)
        self.people: list[Somebody] = []
        self.lately: deque[Somebody] = deque(maxlen=LATELY)
        self.last: Somebody | None = None
        self.writer: Somebody | None = None  # whose paper spoke last: "the letter", then "it"

    def heard(self, who: Somebody, at: int) -> None:
        """Somebody spoke here: a pronoun further on means them first."""
        if who.heard_at < 0:
            self.people.append(who)
        if who is not self.last:
            if who in self.lately:
                self.lately.remove(who)
            self.lately.append(who)
        if who is not self.writer:
            self.writer = None
        who.heard_at = at
        self.last = who

    def somebody(self, name: str, form: Form, mention: Mention | None = None) -> Somebody:
        """Whoever has a name, known or new, with what a phrase tells of them."""
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

    def by_name(self, mention: Mention, at: int) -> Attributed:
        """Who a name at an offset means: a person, or a body."""
        found = self._by_name(mention, at)
        if mention.together:
            found.who.together_at = at
        return found

    def _by_name(self, mention: Mention, at: int) -> Attributed:
        name, sure = self.names.fullest(mention, at)
        unnamed = self._unnamed(name, mention, at)
        if unnamed is not None:
            unnamed.aliases.setdefault(unnamed.name)
            unnamed.name, unnamed.form = name, "name"
            self._known[name] = unnamed
        if " " not in name and self._is_bodys_name(name, mention):
            return Attributed(self.somebody(name, "organisation", mention), "organisation")
        if name != mention.name and is_body(name.lower().split(), self._words):
            return Attributed(self.somebody(name, "organisation", mention), "organisation")
        return Attributed(self.somebody(name, "name", mention), "name", sure)

    def body(self, mention: Mention, at: int) -> Somebody:
        """The organisation that a phrase at an offset names, under the fullest name for it."""
        name = self.names.whole_body(mention.name, at)
        return self.somebody(name, "organisation", mention)

    def _unnamed(self, name: str, mention: Mention, at: int) -> Somebody | None:
        """The speaker before, who had only a role, where a name comes up that nothing tells of.

        "Norrel's mayor rejected the plan, saying … “…,” Ada Lind told reporters."
        """
        last, words = self.last, self._words
        if last is None or last.form != "role" or name != mention.name or " " not in name:
            return None
        if self.called(name) is not None:
            return None
        head = next(iter(last.titles), "")
        first = last.name.split()[0]
        is_one = first.lower() in words.plain or first.endswith(words.possessive or ("\0",))
        if not is_one or not self.is_person(last) or head not in words.people:
            return None
        if mention.title or mention.about or at - last.heard_at > JUST or at > LEDE:
            return None
        fits = self.sex(last) in ("", self.names.sex_by_given_name(name))
        return last if fits and self.names.is_introduced(name, last.heard_at, at) else None

    def _is_bodys_name(self, name: str, mention: Mention) -> bool:
        """Whether a single name is an organisation's or a place's: "NATO said", "Norrel said"."""
        if mention.title or mention.about:
            return False
        return (len(name) > 1 and name.isupper()) or any(
            self.names.stands(f" {word} {name}") for word in self._words.placed
        )

    def is_place(self, who: Somebody, mention: Mention) -> bool:
        """Whether a name with several parts is that of a place: "New Norrel"."""
        if mention.title or mention.about or who.heard_at >= 0 or " " not in who.name:
            return False
        given = who.name.split()[0].lower()
        return given not in self._words.sexes and any(
            self.names.stands(f" {word} {who.name}") for word in self._words.placed
        )

    def is_person(self, who: Somebody) -> bool:
        """Whether a speaker is one person, with a name or a role."""
        if who.form == "role":
            head = next(iter(who.titles), "")
            return not (
                is_plural(head, self._words)
                or head in self._words.bodies
                or head in self._words.papers
            )
        return who.form == "name"

    @staticmethod
    def is_body(who: Somebody) -> bool:
        """Whether a speaker is no person, or may be none: "NetRail"."""
        if who.form == "organisation":
            return True
        return who.form == "name" and " " not in who.name and not who.titles and not who.about

    def sex(self, who: Somebody) -> str:
        """By titles, given names and pronouns: male, female, or empty."""
        if who.sex is None:
            sexes = self._words.sexes
            who.sex = first_of(sexes, (t for t in who.titles if t in self._words.people))
            if not who.sex and who.form == "name":
                who.sex = self.names.sex_by_given_name(who.name) or self.names.sex_by_pronoun(
                    who.name
                )
        return who.sex

    def called(self, name: str) -> Somebody | None:
        """Who has been heard under exactly this name."""
        who = self._known.get(name)
        return who if who is not None and who.heard_at >= 0 else None
