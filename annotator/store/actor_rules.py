"""What people said of the actors of a project, added up from the events that stand."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, Literal, NamedTuple

from annotator.store.naming import is_own, key_of

Op = Literal["rename", "describe", "merge", "separate", "retract"]
"""What can be done to an actor; each is an event with ``actor`` as its subject."""

Field = Literal["kind", "affiliation", "aliases"]

STANDING = (
    "select e.subject_id, e.op, e.payload from event e"
    " where e.subject = 'actor' and e.op <> 'retract'"
    " and not exists (select 1 from event r where r.ref = e.uuid and r.op = 'retract')"
    " order by e.seq"
)
"""The events about actors that nobody took back, in order."""


class Known(NamedTuple):
    """People of one actor that are alike in all of this, and how ``many`` they are."""

    name: str
    key: str
    affiliation: str
    kind: str
    many: int


class Actor(NamedTuple):
    """One speaker across documents. ``key`` names them for good; ``aliases`` are other names."""

    key: str
    name: str
    aliases: tuple[str, ...]
    affiliation: str
    kind: str


class Rules:
    """Which actor a person is, and what people want actors to be called.

    Actors are known by keys. Without a rule a key is an actor of its own. Every actor's name has a
    key that is that actor's own, so that no two actors are ever called the same.
    """

    def __init__(self, told: Iterable[tuple[str, str, dict[str, Any]]]) -> None:
        """Take ``(key of the actor, op, payload)`` of each event that stands, in order."""
        self._owners: dict[str, str] = {}
        self._people: dict[tuple[str, str], str] = {}
        self._names: dict[str, list[str]] = {}
        self._fields: dict[tuple[str, str], Any] = {}
        for key, op, payload in told:
            self._take(key, op, payload)

    @classmethod
    def of(cls, conn: sqlite3.Connection) -> Rules:
        """The rules in force."""
        return cls((key, op, json.loads(payload)) for key, op, payload in conn.execute(STANDING))

    def _take(self, key: str, op: str, payload: dict[str, Any]) -> None:
        for claimed in payload.get("claims", ()):
            if self.owner(claimed) == claimed:
                self._give(claimed, key)
        if op == "merge":
            for other in payload["from"]:
                self._give(self.owner(other), key)
        elif op == "rename":
            self._names.setdefault(key, []).append(payload["to"])
        elif op == "describe":
            self._fields[key, payload["field"]] = payload["to"]
        elif op == "separate":
            self._owners.setdefault(payload["key"], payload["key"])
            self._names.setdefault(payload["key"], []).append(payload["to"])
            self._people |= {(one[0], one[1]): payload["key"] for one in payload["people"]}

    def _give(self, key: str, to: str) -> None:
        if self.owner(to) != key:
            self._owners[key] = to

    def owner(self, key: str) -> str:
        """The key of the actor that has this key."""
        while (owner := self._owners.get(key, key)) != key:
            key = owner
        return key

    def ruled(self, key: str) -> bool:
        """Whether somebody said whose key this is."""
        return key in self._owners

    def actor_of(self, document: str, name: str, key: str, kind: str) -> str | None:
        """The key of the actor that a person is; None for somebody who may be anybody."""
        separate = self._people.get((document, name))
        if separate is not None:
            return self.owner(separate)
        return self.owner(key) if key in self._owners or (key and is_own(name, kind)) else None

    def moved(self, other: Rules) -> tuple[set[str], set[tuple[str, str]]]:
        """The keys, and the people by document and name, that are somebody else by the other."""
        keys = {
            key
            for key in self._owners.keys() | other._owners.keys()
            if (self.owner(key), self.ruled(key)) != (other.owner(key), other.ruled(key))
        }
        people = {
            place
            for place in self._people.keys() | other._people.keys()
            if self._separate(place) != other._separate(place)
        }
        return keys, people

    def _separate(self, place: tuple[str, str]) -> str | None:
        key = self._people.get(place)
        return None if key is None else self.owner(key)

    def actor(self, key: str, people: Sequence[Known]) -> Actor:
        """What an actor is by these rules and these people, who are theirs."""
        name = self._name(key, people)
        others = {one.name for one in people} | set(self.aliases(key))
        return Actor(
            key=key,
            name=name,
            aliases=tuple(sorted(others - {name})),
            affiliation=self._fields.get((key, "affiliation"))
            or _usual(key, people, "affiliation"),
            kind=self._fields.get((key, "kind")) or _usual(key, people, "kind"),
        )

    def aliases(self, key: str) -> list[str]:
        """The other names that somebody gave an actor."""
        return list(self._fields.get((key, "aliases"), ()))

    def _name(self, key: str, people: Sequence[Known]) -> str:
        for name in reversed(self._names.get(key, [])):
            if self.owner(key_of(name)) == key:
                return name
        own = [one.name for one in people if one.key == key]
        merged = [one.name for one in people if self.owner(one.key) == key]
        return min(own or merged or [key], key=lambda name: (name.isupper(), name))


def _usual(key: str, people: Sequence[Known], field: str) -> str:
    """What most of those with the actor's own key have there; without any, most of the others."""
    told = [one for one in people if getattr(one, field)]
    counted: Counter[str] = Counter()
    for one in [one for one in told if one.key == key] or told:
        counted[getattr(one, field)] += one.many
    return min(counted, key=lambda value: (-counted[value], value), default="")
