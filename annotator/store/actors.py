"""Actors: one speaker across documents, whatever they are called there; and what is done to them.

The people of documents and the events about actors are the truth; ``actor_view`` keeps what
follows from both. Everything a person does to an actor is an event, and undo is an event.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from annotator.core.errors import RejectedEventError
from annotator.core.voice import PERSON_KINDS
from annotator.store import actor_view, journal, speaker_text
from annotator.store.actor_rules import Actor, Field, Op, Rules
from annotator.store.actor_view import numbers_of
from annotator.store.catalogue import NOBODY
from annotator.store.connection import Store
from annotator.store.naming import key_of

KINDS: frozenset[object] = frozenset(PERSON_KINDS)


class Happened(NamedTuple):
    """One thing that was done to an actor; ``undone`` where it was taken back."""

    uuid: str
    at: str
    coder: str
    op: str
    key: str
    payload: dict[str, Any]
    undone: bool

    def told(self) -> str:
        """What was done, in a few words."""
        before, after = self.payload.get("from"), self.payload.get("to")
        if self.op == "merge":
            return f"merged {', '.join(self.payload['names'])} into {self.payload['name']}"
        if self.op == "separate":
            return f"told {self.payload['to']} from {self.payload['name']}"
        if self.op == "rename":
            return f"renamed {before} to {after}"
        what = f"{self.payload['field']} of {self.payload['name']}"
        return f"{what}: {_in_words(before)} → {_in_words(after)}"


def _in_words(value: str | Sequence[str] | None) -> str:
    words = value if isinstance(value, str) else ", ".join(value or ())
    return words or "nothing"


def rename(store: Store, who: str, key: str, name: str, at: str) -> str | None:
    """Call an actor by this name; None where that is their name already.

    Raises ``RejectedEventError`` where the name is another actor's, or is none.
    """
    with _changing(store, who, at) as change:
        here = change.actor(key)
        if here.name == name:
            return None
        payload = {"from": here.name, "to": name, "claims": change.claims(key, [name])}
        return change.tell(key, "rename", payload)


def describe(
    store: Store, who: str, key: str, field: Field, value: str | Sequence[str], at: str
) -> str | None:
    """Say what an actor is: their ``kind``, ``affiliation`` or other names; None without a change.

    An alias makes everybody of that name this actor. Empty gives the field back to the machine.
    """
    with _changing(store, who, at) as change:
        here = change.actor(key)
        claims: list[str] = []
        if isinstance(value, str):
            payload: dict[str, Any] = {"from": getattr(here, field), "to": value}
        else:
            before, names = change.aliases(key, value)
            claims = change.claims(key, names)
            payload = {"from": before, "to": names}
        if payload["from"] == payload["to"]:
            return None
        if field == "kind" and value and value not in KINDS:
            known = ", ".join(PERSON_KINDS)
            raise RejectedEventError(f"{value!r} is no kind of speaker; there are: {known}")
        payload |= {"field": field, "name": here.name, "claims": claims}
        return change.tell(key, "describe", payload)


def merge(store: Store, who: str, into: str, others: Sequence[str], at: str) -> str:
    """Make these actors one: all that the others said was said by ``into``."""
    with _changing(store, who, at) as change:
        kept = change.actor(into)
        told = [change.actor(one) for one in dict.fromkeys(others) if one != into]
        if not told:
            raise RejectedEventError("a merge needs two different speakers")
        payload = {
            "from": [one.key for one in told],
            "names": [one.name for one in told],
            "name": kept.name,
        }
        return change.tell(into, "merge", payload)


def separate(
    store: Store, who: str, key: str, people: Sequence[tuple[str, str]], name: str, at: str
) -> str:
    """Make these people of an actor, each by document and name there, one of their own."""
    with _changing(store, who, at) as change:
        here = change.actor(key)
        change.require_people(key, people)
        new = key_of(name)
        if not new or change.is_taken(new):
            raise RejectedEventError(
                f"{name!r} is a name that is taken here; give one that tells the two apart"
            )
        told = [list(one) for one in people]
        payload = {"people": told, "name": here.name, "to": name, "key": new}
        return change.tell(key, "separate", payload)


def undo(store: Store, who: str, event_uuid: str, at: str) -> str:
    """Take back one thing that was done to an actor, by an event of its own, whose uuid it gives.

    What was done since stays. Raises ``RejectedEventError`` where there is no such event, or it
    was taken back before.
    """
    with _changing(store, who, at) as change:
        row = change.conn.execute(
            "select subject_id, exists (select 1 from event r where r.ref = e.uuid)"
            " from event e where e.uuid = ? and e.subject = 'actor' and e.op <> 'retract'",
            (event_uuid,),
        ).fetchone()
        if row is None:
            raise RejectedEventError("the change to take back is not here")
        if row[1]:
            raise RejectedEventError("this change was taken back already")
        return change.tell(row[0], "retract", {}, ref=event_uuid)


@contextmanager
def _changing(store: Store, who: str, at: str) -> Iterator[_Change]:
    with store.write() as conn:
        yield _Change(conn, who, at)


class _Change:
    """One change of actors, inside a transaction."""

    def __init__(self, conn: sqlite3.Connection, who: str, at: str) -> None:
        self.conn = conn
        self._who = who or NOBODY
        self._at = at
        self._rules = Rules.of(conn)

    def actor(self, key: str) -> Actor:
        """The actor of this key, or a refusal."""
        for one in actor_view.held(self.conn, numbers_of(self.conn, [key]).values()).values():
            return one
        raise RejectedEventError(f"this project has no speaker {key!r}")

    def aliases(self, key: str, names: Iterable[str]) -> tuple[list[str], list[str]]:
        """The names somebody gave an actor before, and of these those that no article has."""
        rows = self.conn.execute(
            "select distinct p.name from person p join actor a on a.id = p.actor where a.key = ?",
            (key,),
        )
        found = {row[0] for row in rows}
        return self._rules.aliases(key), [name for name in names if name not in found]

    def claims(self, key: str, names: Iterable[str]) -> list[str]:
        """The keys that the actor gets with these names; a refusal where one is another's."""
        claimed = []
        for name in names:
            wanted = key_of(name)
            if not wanted:
                raise RejectedEventError(f"{name!r} is no name; give one with letters in it")
            owner = self._rules.owner(wanted)
            if owner == key:
                continue
            if self.is_taken(wanted):
                raise RejectedEventError(
                    f"{name!r} is a speaker of their own here; merge the two instead"
                )
            claimed.append(wanted)
        return claimed

    def is_taken(self, key: str) -> bool:
        """Whether a name of this key is an actor's, now or by what somebody said."""
        return self._rules.ruled(key) or bool(numbers_of(self.conn, [key]))

    def require_people(self, key: str, people: Sequence[tuple[str, str]]) -> None:
        """Refuse people who are not this actor's, and taking away all who are."""
        rows = self.conn.execute(
            "select p.document_id, p.name from person p join actor a on a.id = p.actor"
            " where a.key = ?",
            (key,),
        )
        here = set(rows.fetchall())
        stranger = next((one for one in people if tuple(one) not in here), None)
        if stranger:
            raise RejectedEventError(f"{stranger[1]!r} in {stranger[0]} is not this speaker")
        if not people or len(set(map(tuple, people))) == len(here):
            raise RejectedEventError("take some of the speaker's people, not none and not all")

    def tell(self, key: str, op: Op, payload: dict[str, Any], *, ref: str | None = None) -> str:
        """Append the event, bring the view up to it, and give its uuid."""
        made = journal.append(self.conn, ("actor", key), op, payload, self._who, self._at, ref=ref)
        after = Rules.of(self.conn)
        _apply(self.conn, self._rules, after, key)
        self._rules = after
        return made


def _apply(conn: sqlite3.Connection, before: Rules, after: Rules, key: str) -> None:
    keys, people = before.moved(after)
    moved = actor_view.relink(conn, after, actor_view.people_of(conn, keys, people))
    # A name that nobody here has may still be what its owner is called.
    owners = {rules.owner(one) for rules in (before, after) for one in keys}
    here = numbers_of(conn, owners | {key}).values()
    actor_view.settle(conn, after, moved.touched | set(here))
    speaker_text.write_of_people(conn, moved.people)


def history(store: Store, key: str = "") -> list[Happened]:
    """Everything that was done to actors, newest first; or to one of them."""
    rows = store.db.execute(
        "select e.uuid, e.recorded_at, e.coder, e.op, e.subject_id, e.payload,"
        " exists (select 1 from event r where r.ref = e.uuid) from event e"
        " where e.subject = 'actor' and e.op <> 'retract' and (? = '' or e.subject_id = ?)"
        " order by e.seq desc",
        (key, key),
    )
    return [Happened._make((*row[:5], json.loads(row[5]), bool(row[6]))) for row in rows]
