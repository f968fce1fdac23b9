"""The people of a text: who is meant by a name, a role or a pronoun, and what they are called."""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import cast

from annotator.core.voice import Person, PersonKind
from annotator.corpus.speech.known import Known
from annotator.corpus.speech.mention import Mention
from annotator.corpus.speech.pronouns import Pronouns
from annotator.corpus.speech.roles import Roles
from annotator.corpus.speech.senders import Senders
from annotator.corpus.speech.somebody import Attributed, Somebody, Spoken, words_of
from annotator.corpus.speech.words import Words, first_of


class Cast:
    """The people who speak in one text, in the order in which they are heard."""

    def __init__(self, text: str, words: Words) -> None:
        self._words = words
        self._known = Known(text, words)
        self._roles = Roles(self._known, Senders(text, words), words)
        self._pronouns = Pronouns(self._known, self._roles, words)

    @property
    def last(self) -> Somebody | None:
        """Who spoke last."""
        return self._known.last

    def forget_last(self) -> None:
        """Nobody goes on speaking: a headline ends here."""
        self._known.last = self._known.writer = None

    def meant(
        self, mention: Mention, at: int, subjects: Sequence[Spoken] = ()
    ) -> Attributed | None:
        """Who a phrase at an offset means; None for a pronoun that nobody fits.

        ``subjects`` are those of the sentences before, in the order of the text.
        """
        if mention.form == "pronoun":
            return self._pronouns.meant(mention.name, at, subjects)
        if mention.form == "role":
            return self._roles.role(mention, at, subjects)
        if mention.form == "organisation":
            return Attributed(self._known.body(mention, at), "organisation")
        return self._known.by_name(mention, at)

    def subject(self, subjects: Sequence[Spoken]) -> Somebody | None:
        """The person that the last of some subjects names."""
        return self._roles.person(subjects[-1]) if subjects else None

    def is_body(self, who: Somebody) -> bool:
        """Whether a speaker is no person, or may be none."""
        return self._known.is_body(who)

    def is_named_person(self, who: Somebody) -> bool:
        """Whether a speaker is one person for sure."""
        return self._known.is_person(who) and not self._known.is_body(who)

    def fitting(self, pronoun: str, named: Spoken) -> Somebody | None:
        """The person that a subject names, where a pronoun can mean them."""
        who = self._roles.person(named)
        kind = self._words.pronouns[pronoun]
        return who if who is not None and self._known.sex(who) in ("", kind) else None

    def heard(self, who: Somebody, at: int) -> None:
        """Somebody spoke here: a pronoun further on means them first."""
        self._known.heard(who, at)

    def persons(self, speakers: Container[str]) -> tuple[Person, ...]:
        """Everybody who was heard and is among the speakers, each once and by the fullest name."""
        return tuple(
            Person(
                who.name,
                tuple(alias for alias in who.aliases if alias != who.name),
                who.about,
                self._kind(who),
            )
            for who in self._known.people
            if who.name in speakers
        )

    def _kind(self, who: Somebody) -> PersonKind:
        words = self._words
        if who.form == "organisation":
            is_outlet = not words.outlets.isdisjoint(words_of(who.name))
            return "outlet" if is_outlet else "organisation"
        if who.form == "role" and not words.bodies.isdisjoint(who.titles):
            return "organisation"
        return cast(PersonKind, first_of(words.kinds, reversed(who.titles)))
