"""Who is meant by a pronoun."""

from __future__ import annotations

from collections.abc import Sequence

from annotator.corpus.speech.known import JUST, Known
from annotator.corpus.speech.roles import Roles
from annotator.corpus.speech.somebody import Attributed, Somebody, Spoken
from annotator.corpus.speech.words import Words, is_plural

NEAR = 1_000
"""Characters within which a woman who spoke is rather "she" than one whose sex is not known."""


class Pronouns:
    """Finds who "he", "she", "they" and "it" are: by sex and number, and who came up last."""

    def __init__(self, known: Known, roles: Roles, words: Words) -> None:
        self._known = known
        self._roles = roles
        self._words = words

    def meant(self, word: str, at: int, subjects: Sequence[Spoken]) -> Attributed | None:
        """Who a pronoun at an offset means; None for the speaker of a quotation, or nobody."""
        kind = self._words.pronouns[word]
        if kind == "first":
            return None
        if kind in ("plural", "thing"):
            return self._several(kind, at, subjects)
        subject = self._subject(kind, at, subjects)
        last = self._fitting_last(kind, at)
        who = subject or last
        if who is not None:
            sure = bool(self._known.sex(who)) if who is subject else self._known.sex(who) == kind
            if who.form == "role":
                who.sex = kind
            return Attributed(who, "pronoun", sure)
        others = [
            who
            for who in self._known.lately
            if self._known.is_person(who) and self._known.sex(who) in ("", kind)
        ]
        nearest = max(
            others, key=lambda who: (self._known.sex(who) == kind, who.heard_at), default=None
        )
        if nearest is None or self._known.sex(nearest) != kind:
            nearest = self._mentioned(kind, at) or nearest
        return Attributed(nearest, "pronoun", sure=False) if nearest else None

    def _mentioned(self, kind: str, at: int) -> Somebody | None:
        """The last person with a full name before ``at`` whose sex is known to fit."""
        name = self._known.names.mentioned(kind, at)
        return self._known.somebody(name, "name") if name else None

    def _subject(self, kind: str, at: int, subjects: Sequence[Spoken]) -> Somebody | None:
        """The nearest subject of a sentence behind the last speech that the pronoun can mean."""
        since = self._known.last.heard_at if self._known.last is not None else -1
        for n in range(len(subjects) - 1, -1, -1):
            if subjects[n].at < since:
                break
            who = self._roles.person(subjects[n], subjects[:n])
            if who is not None and self._known.sex(who) in ("", kind):
                return who
        return None

    def _fitting_last(self, kind: str, at: int) -> Somebody | None:
        last = self._known.last
        if (
            last is None
            or not self._known.is_person(last)
            or self._known.sex(last) not in ("", kind)
        ):
            return None
        if kind == "female" and not self._known.sex(last) and at - last.heard_at > JUST:
            women = [
                who
                for who in self._known.lately
                if self._known.sex(who) == kind and at - who.heard_at < NEAR
            ]
            return max(women, key=lambda who: who.heard_at, default=last)
        return last

    def _several(self, kind: str, at: int, subjects: Sequence[Spoken]) -> Attributed | None:
        """Who "they" or "it" are: the last subject or speaker that is several or a body."""
        known, last = self._known, self._known.last
        if kind == "thing" and last is not None and last is known.writer:
            return Attributed(last, "pronoun")
        for spoken in reversed(subjects):
            if last is not None and spoken.at < last.heard_at:
                break
            who = self._agreeing(spoken, kind)
            if who is not None:
                return Attributed(who, "pronoun")
        if kind == "plural" and last is not None and self._is_together(last, at):
            return Attributed(last, "pronoun")
        if kind == "thing" and last is not None and known.is_body(last):
            return Attributed(last, "pronoun")
        if kind == "plural" and last is not None and self._is_of_no_sex(last, at):
            return Attributed(last, "pronoun", sure=False)
        fitting = [
            who
            for who in known.lately
            if who.form == "organisation"
            or (who.form == "role" and self._agrees(next(iter(who.titles), ""), kind))
        ]
        nearest = max(fitting, key=lambda who: who.heard_at, default=None)
        if nearest is None and kind == "plural" and last is not None:
            nearest = None if known.sex(last) else last
        return Attributed(nearest, "pronoun", nearest is last) if nearest else None

    @staticmethod
    def _is_together(last: Somebody, at: int) -> bool:
        """Whether the last speaker spoke with others: "Lind and her colleagues"."""
        return last.together_at >= 0 and at - last.together_at < NEAR

    def _is_of_no_sex(self, last: Somebody, at: int) -> bool:
        """Whether the last speaker can be "they" alone: "a spokesperson"."""
        known = self._known
        is_near = at - last.heard_at < JUST
        return last.form == "role" and is_near and known.is_person(last) and not known.sex(last)

    def _agreeing(self, spoken: Spoken, kind: str) -> Somebody | None:
        """Who a subject names, where it is of the number that the pronoun has."""
        mention, at = spoken.mention, spoken.at
        if mention.form == "organisation":
            return self._known.body(mention, at)
        if mention.form == "name" and mention.together and kind == "plural":
            return self._known.by_name(mention, at).who
        if mention.form == "role" and self._agrees(mention.title[-1], kind):
            return self._roles.role(mention, at).who
        return None

    def _agrees(self, head: str, kind: str) -> bool:
        plural = is_plural(head, self._words)
        body = head in self._words.bodies or head in self._words.papers
        return (plural or body) if kind == "plural" else (body and not plural)
