"""Who is meant by a role: "the mayor", "the 42-year-old", "the company", "the statement"."""

from __future__ import annotations

from collections.abc import Sequence

from annotator.corpus.speech.known import Known
from annotator.corpus.speech.mention import Mention
from annotator.corpus.speech.senders import Senders
from annotator.corpus.speech.somebody import (
    Attributed,
    Somebody,
    Spoken,
    has_title,
    is_called,
    words_of,
)
from annotator.corpus.speech.words import Words, is_plural


class Roles:
    """Finds who goes by a role, among the people who are known and the subjects before."""

    def __init__(self, known: Known, senders: Senders, words: Words) -> None:
        self._known = known
        self._senders = senders
        self._words = words

    def role(self, mention: Mention, at: int, subjects: Sequence[Spoken] = ()) -> Attributed:
        """Who a role at an offset means: somebody named before, else whoever has only the role."""
        head = mention.title[-1] if mention.title else ""
        named = self._called_like_a_role(mention, at)
        if named is not None:
            return Attributed(named, "name")
        first = mention.name.split()[0].lower()
        if head in self._words.utterances and mention.last == mention.first + 1:
            issuer = self._sender(head, at) if first in self._words.plain else None
            if issuer is None and first in self._words.definite:
                issuer = self._issuer(subjects)
            if issuer is not None:
                self._known.writer = issuer
                return Attributed(issuer, "role", sure=False)
        if first in self._words.definite:
            who = self._just_named_body(head, subjects) or self._described(head, mention, at)
            if who is not None:
                who.aliases.setdefault(mention.name)
                who.titles.setdefault(head)
                return Attributed(who, "role")
            last = None
            if first in self._words.plain:
                office = self._without_party(mention)
                last = self._just_named(head, office, subjects) or self._generic(head, office)
            if last is not None:
                last.aliases.setdefault(mention.name)
                return Attributed(last, "role", sure=False)
        return Attributed(self._known.somebody(mention.name, "role", mention), "role")

    def person(self, spoken: Spoken, before: Sequence[Spoken] = ()) -> Somebody | None:
        """The person that a subject names, where it does."""
        mention = spoken.mention
        if mention.form == "name":
            found = self._known.by_name(mention, spoken.at).who
            is_known = " " in found.name or found.heard_at >= 0 or bool(mention.title)
            is_known = is_known or self._known.names.is_called(found.name)
            if self._known.is_place(found, mention):
                return None
            return found if found.form == "name" and is_known else None
        head = mention.title[-1] if mention.form == "role" else ""
        if head in self._words.quantities:
            return None
        if head in self._words.people and not is_plural(head, self._words):
            return self.role(mention, spoken.at, before).who
        name = self._known.names.beside(head, spoken.at) if head else ""
        return self._known.somebody(name, "name") if name else None

    def _called_like_a_role(self, mention: Mention, at: int) -> Somebody | None:
        """Somebody whose surname is a word for a role: "Mayor said", of Peter Mayor."""
        if mention.first != mention.last or not mention.name[0].isupper():
            return None
        name, sure = self._known.names.fullest(mention, at)
        given, _, surname = name.partition(" ")
        is_one = sure and surname == mention.name and given.lower() in self._words.sexes
        return self._known.somebody(name, "name") if is_one else None

    def _sender(self, head: str, at: int) -> Somebody | None:
        """Who is told to have sent "the letter"."""
        sent = self._senders.sender(head, at) if head in self._words.letters else None
        if sent is None:
            return None
        mention = sent.mention
        if mention.form == "organisation":
            return self._known.body(mention, sent.at)
        if mention.form == "role":
            return self.role(mention, sent.at).who
        return self._known.by_name(mention, sent.at).who

    def _issuer(self, subjects: Sequence[Spoken]) -> Somebody | None:
        """Whose "the statement" is: the last sentence's subject, else the last speaker."""
        since = self._known.last.heard_at if self._known.last is not None else -1
        for spoken in reversed(subjects):
            if spoken.at < since:
                break
            mention = spoken.mention
            if mention.form != "name" and self._is_issuing(mention):
                return self._known.somebody(mention.name, mention.form, mention)
            who = self.person(spoken)
            if who is not None:
                return who
        return self._known.last

    def _is_issuing(self, mention: Mention) -> bool:
        """Whether a subject is a body, or a paper that was named in full: "a letter by doctors"."""
        if mention.form == "organisation":
            return True
        words = self._words
        return mention.form == "role" and (
            mention.title[-1] in words.bodies or mention.title[-1] in words.utterances
        )

    def _described(self, head: str, mention: Mention, at: int) -> Somebody | None:
        """Who was called so before: the last speaker with the title, else a name beside it."""
        exact = self._known.called(mention.name)
        if exact is not None:
            return exact
        called = [who for who in self._known.lately if mention.name in who.aliases]
        if called:
            return max(called, key=lambda who: who.heard_at)
        of = words_of(mention.name)[-1:]  # "the head of the institute" is no other head
        fitting = [
            who
            for who in self._known.lately
            if (has_title(who, head, self._words) or is_called(who, head))
            and (of == [head] or not who.titles.keys().isdisjoint(of))
        ]
        party = self._party(mention)
        if party:
            own = [who for who in fitting if party in who.titles]
            fitting = own or [w for w in fitting if self._words.parties.isdisjoint(w.titles)]
        if fitting:
            return max(fitting, key=lambda who: who.heard_at)
        if of != [head]:
            return None
        name = self._known.names.beside(f"{party} {head}", at) if party else ""
        name = name or self._known.names.beside(head, at)
        if name:
            return self._known.somebody(name, "name")
        if head in self._words.again:
            last = self._known.last
            if last is not None and self._known.is_body(last) and self._may_name(last.name, head):
                return last
            name = self._known.names.body_named(head, at, other=head in self._words.firms)
            return self._known.somebody(name, "organisation") if name else None
        return None

    def _party(self, mention: Mention) -> str:
        """The party that somebody is told by with an office: "the Reform governor"; else empty."""
        parts = mention.name.split()
        is_one = len(parts) == 3 and parts[1].lower() in self._words.parties
        return parts[1].lower() if is_one else ""

    def _without_party(self, mention: Mention) -> Mention:
        """The office alone: "the governor"."""
        if not self._party(mention):
            return mention
        first, _, head = mention.name.split()
        return mention._replace(name=f"{first} {head}")

    def _just_named_body(self, head: str, subjects: Sequence[Spoken]) -> Somebody | None:
        """The organisation that the sentence before is about: "the company"."""
        since = self._known.last.heard_at if self._known.last is not None else -1
        if head in self._words.again and subjects and subjects[-1].at >= since:
            mention = subjects[-1].mention
            is_one = mention.form == "organisation" and self._may_name(mention.name, head)
            if is_one and mention.title == ():
                return self._known.body(mention, subjects[-1].at)
        return None

    def _may_name(self, name: str, head: str) -> bool:
        """Whether a body can be "the company": no country and no place can."""
        return head not in self._words.firms or not self._known.names.is_place(name)

    def _just_named(
        self, head: str, mention: Mention, subjects: Sequence[Spoken]
    ) -> Somebody | None:
        """The person that the sentence before was about: "the 42-year-old"."""
        is_title = head in self._words.titles and len(mention.name.split()) == 2
        if not (is_title or self._is_one(head, mention)):
            return None
        since = self._known.last.heard_at if self._known.last is not None else -1
        for spoken in reversed(subjects):
            if spoken.at < since:
                break
            if spoken.mention.form == "role" and head in spoken.mention.title:
                return self._known.somebody(spoken.mention.name, "role", spoken.mention)
            if spoken.mention.form == "name":
                who = self.person(spoken)
                if who is not None and self._could_be(head, who):
                    return who
        return None

    def _is_one(self, head: str, mention: Mention) -> bool:
        """Whether a role is that of one person, whoever it is: "the expert", "the runner"."""
        words = self._words
        longest = 6 if self._is_anybodys(head) else 3
        if is_plural(head, words) or len(mention.name.split()) > longest:
            return False
        return head in words.roles or head.endswith((*words.ages, *words.demonyms))

    def _could_be(self, head: str, who: Somebody) -> bool:
        sex = self._words.sexes.get(head, "")
        return not sex or self._known.sex(who) in ("", sex)

    def _generic(self, head: str, mention: Mention) -> Somebody | None:
        """The last speaker, where a role could be theirs: "the expert"; else the only one."""
        last = self._known.last
        if last is None or last.form != "name" or not self._is_one(head, mention):
            return None
        if len(mention.name.split()) != 2 and not self._is_anybodys(head):
            return None
        if self._may_be(head, last):
            return last
        others = [w for w in self._known.lately if w.form == "name" and self._may_be(head, w)]
        return others[0] if len(others) == 1 else None

    def _may_be(self, head: str, who: Somebody) -> bool:
        """Whether a role can be somebody's: nobody is "the mayor" who was called "the minister"."""
        if not self._is_anybodys(head):
            offices = {t for t in who.titles if t in self._words.roles} - self._words.generic
            if offices and head not in offices:
                return False
        return self._could_be(head, who)

    def _is_anybodys(self, head: str) -> bool:
        """Whether a role goes with every office: "the official", "the 42-year-old"."""
        words = self._words
        return head in words.generic or head.endswith((*words.ages, *words.demonyms))
