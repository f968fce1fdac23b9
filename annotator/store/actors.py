"""Actors: one speaker across documents, whatever they are called there.

The people of documents and the events about actors are the truth, and the rows of ``actor`` with
``person.actor`` are the current view of both: an actor is here as long as somebody is linked to
them. Everything a person does to an actor is an event, and undo is an event.
"""

from __future__ import annotations

import json
import sqlite3
import uuid
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any, NamedTuple

from annotator.core.errors import RejectedEventError
from annotator.core.voice import PERSON_KINDS
from annotator.store import speaker_text
from annotator.store.actor_rules import Actor, Field, Known, Op, Rules
from annotator.store.catalogue import NOBODY
from annotator.store.connection import Store
from annotator.store.naming import key_of

AT_ONCE = 500
"""Actors that are settled in one transaction."""

KINDS: frozenset[object] = frozenset(PERSON_KINDS)

WHO = ("id", "document_id", "name", "key", "kind", "actor")


class Who(NamedTuple):
    """A person of a document, and the number of the actor they are linked to now."""

    id: int
    document_id: str
    name: str
    key: str
    kind: str
    actor: int | None


class Moved(NamedTuple):
    """Who was linked anew: people, the actors that lost or won any of them, and new actors."""

    people: list[int]
    touched: set[int]
    fresh: set[int]


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


class Strayed(NamedTuple):
    """Something of the view of actors that is not what people and events say."""

    what: str
    here: str
    due: str


# The view


def link(conn: sqlite3.Connection, rules: Rules, people: Iterable[Who]) -> None:
    """Link these people, who speak in no unit yet; actors are made where they are not here.

    New actors are complete; those that were here before wait for ``settle_waiting``.
    """
    moved = _relink(conn, rules, people)
    settle(conn, rules, moved.fresh)
    waiting = moved.touched - moved.fresh
    conn.executemany("update actor set settled = 0 where id = ?", ((one,) for one in waiting))


def link_now(conn: sqlite3.Connection, people: Iterable[Who]) -> None:
    """Link these people, and settle every actor that this is about."""
    rules = Rules.of(conn)
    moved = _relink(conn, rules, people)
    settle(conn, rules, moved.touched | moved.fresh)
    speaker_text.write_of_people(conn, moved.people)


def _relink(conn: sqlite3.Connection, rules: Rules, people: Iterable[Who]) -> Moved:
    told = list(people)
    wanted = [rules.actor_of(one.document_id, one.name, one.key, one.kind) for one in told]
    keys = {key for key in wanted if key is not None}
    numbers = _numbers(conn, keys)
    (last,) = conn.execute("select coalesce(max(id), 0) from actor").fetchone()
    fresh = {key: last + n for n, key in enumerate(sorted(keys - numbers.keys()), 1)}
    # Until they are settled they go by a name that nobody has.
    conn.executemany(
        "insert into actor (id, key, name) values (?, ?, ?)",
        ((number, key, f"\0{key}") for key, number in fresh.items()),
    )
    numbers |= fresh
    moved = [
        (number, one)
        for one, key in zip(told, wanted, strict=True)
        if (number := None if key is None else numbers[key]) != one.actor
    ]
    conn.executemany(
        "update person set actor = ? where id = ?", ((number, one.id) for number, one in moved)
    )
    ends = [*(number for number, _ in moved), *(one.actor for _, one in moved)]
    touched = {number for number in ends if number is not None}
    return Moved([one.id for _, one in moved], touched, set(fresh.values()))


def _numbers(conn: sqlite3.Connection, keys: Collection[str]) -> dict[str, int]:
    rows = conn.execute(
        "select key, id from actor where key in (select value from json_each(?))",
        (json.dumps(list(keys)),),
    )
    return dict(rows.fetchall())


def settle(conn: sqlite3.Connection, rules: Rules, numbers: Collection[int]) -> None:
    """Make the rows of these actors what their people and the rules say, and units' texts too."""
    due = _due(conn, rules, numbers)
    here = _here(conn, numbers)
    gone = [number for number in here if number not in due]
    changed = {number: one for number, one in due.items() if here.get(number) != one}
    renamed = [number for number, one in changed.items() if here[number].name != one.name]
    conn.executemany("delete from actor where id = ?", ((number,) for number in gone))
    # Two actors may change names with each other.
    conn.executemany(
        "update actor set name = ? where id = ?",
        ((f"\0{changed[number].key}", number) for number in renamed),
    )
    conn.executemany(
        "update actor set name = ?, aliases = ?, affiliation = ?, kind = ? where id = ?",
        (
            (one.name, _json(one.aliases), one.affiliation, one.kind, number)
            for number, one in changed.items()
        ),
    )
    conn.executemany("update actor set settled = 1 where id = ?", ((number,) for number in due))
    speaker_text.write_of_actors(conn, renamed)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _due(conn: sqlite3.Connection, rules: Rules, numbers: Collection[int]) -> dict[int, Actor]:
    """What these actors should be; those that nobody is linked to are not there."""
    rows = conn.execute(
        "select a.id, a.key, p.name, p.key, p.affiliation, p.kind, count(*) from actor a"
        " join person p on p.actor = a.id where a.id in (select value from json_each(?))"
        " group by a.id, p.name, p.key, p.affiliation, p.kind",
        (json.dumps(list(numbers)),),
    )
    people: dict[tuple[int, str], list[Known]] = {}
    for number, key, *known in rows:
        people.setdefault((number, key), []).append(Known._make(known))
    return {number: rules.actor(key, known) for (number, key), known in people.items()}


def _here(conn: sqlite3.Connection, numbers: Collection[int]) -> dict[int, Actor]:
    rows = conn.execute(
        "select id, key, name, aliases, affiliation, kind from actor"
        " where id in (select value from json_each(?))",
        (json.dumps(list(numbers)),),
    )
    return {
        number: Actor(key, name, tuple(json.loads(aliases)), affiliation, kind)
        for number, key, name, aliases, affiliation, kind in rows
    }


def settle_waiting(store: Store) -> None:
    """Settle every actor that people were linked to since, some in each transaction."""
    while True:
        with store.write() as conn:
            numbers = [
                row[0]
                for row in conn.execute(
                    "select id from actor where settled = 0 limit ?", (AT_ONCE,)
                )
            ]
            if not numbers:
                return
            settle(conn, Rules.of(conn), numbers)


def unsettled(store: Store) -> bool:
    """Whether an actor waits to be settled."""
    row = store.db.execute("select exists (select 1 from actor where settled = 0)").fetchone()
    return bool(row[0])


def people_gone(conn: sqlite3.Connection, numbers: Collection[int]) -> None:
    """Settle these actors after people of theirs went away with a document."""
    if numbers:
        settle(conn, Rules.of(conn), numbers)


# What people do to actors


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
        for one in _here(self.conn, list(_numbers(self.conn, [key]).values())).values():
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
        return self._rules.ruled(key) or bool(_numbers(self.conn, [key]))

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
        made = str(uuid.uuid4())
        self.conn.execute(
            "insert into event (uuid, coder, subject, subject_id, op, payload, round, pass, arm,"
            " ref, client_at, recorded_at) values (?, ?, 'actor', ?, ?, ?, '', 1, '', ?, '', ?)",
            (made, self._who, key, op, _json(payload), ref, self._at),
        )
        after = Rules.of(self.conn)
        _apply(self.conn, self._rules, after, key)
        self._rules = after
        return made


def _apply(conn: sqlite3.Connection, before: Rules, after: Rules, key: str) -> None:
    keys, people = before.moved(after)
    moved = _relink(conn, after, _people(conn, keys, people))
    # A name that nobody here has may still be what its owner is called.
    owners = {rules.owner(one) for rules in (before, after) for one in keys}
    settle(conn, after, moved.touched | set(_numbers(conn, owners | {key}).values()))
    speaker_text.write_of_people(conn, moved.people)


def _people(
    conn: sqlite3.Connection, keys: Collection[str], people: Collection[tuple[str, str]]
) -> Iterator[Who]:
    """Everybody with one of these keys, and these people by document and name."""
    chosen = (json.dumps(list(keys)), json.dumps([list(one) for one in people]))
    rows = conn.execute(
        f"select {', '.join(WHO)} from person where key in (select value from json_each(?))"
        f" union select {', '.join(f'p.{name}' for name in WHO)} from json_each(?) j"
        " join person p on p.document_id = j.value ->> 0 and p.name = j.value ->> 1",
        chosen,
    ).fetchall()
    return map(Who._make, rows)


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


# Whether the view is right


def strayed(conn: sqlite3.Connection) -> Iterator[Strayed]:
    """Every person and actor that is not what the people and the events say.

    Actors who wait to be settled may be anything.
    """
    rules = Rules.of(conn)
    keys = dict(conn.execute("select id, key from main.actor"))
    settled = [row[0] for row in conn.execute("select id from main.actor where settled = 1")]
    for row in conn.execute(f"select {', '.join(WHO)} from main.person order by id"):
        one = Who._make(row)
        due = rules.actor_of(one.document_id, one.name, one.key, one.kind)
        here = keys.get(one.actor) if one.actor is not None else None
        if one.key != key_of(one.name):
            yield Strayed(f"the key of {one.name}", one.key, key_of(one.name))
        elif here != due:
            yield Strayed(f"{one.name} in {one.document_id}", here or "nobody", due or "nobody")
    for some in _some(settled):
        due_here, is_here = _due(conn, rules, some), _here(conn, some)
        for number, actor in is_here.items():
            if number not in due_here:
                yield Strayed(actor.name, "an actor", "nobody")
            elif actor != due_here[number]:
                yield Strayed(actor.name, *_differing(actor, due_here[number]))


def _differing(here: Actor, due: Actor) -> tuple[str, str]:
    at = next(n for n, (one, other) in enumerate(zip(here, due, strict=True)) if one != other)
    return f"{Actor._fields[at]} {here[at]!r}", repr(due[at])


def rebuild(conn: sqlite3.Connection) -> None:
    """Make the view of actors anew from the people and the events."""
    rows = conn.execute("select id, name from person where key <> '' or name <> ''").fetchall()
    conn.executemany(
        "update person set key = ? where id = ?", ((key_of(name), id_) for id_, name in rows)
    )
    rules = Rules.of(conn)
    everybody = conn.execute(f"select {', '.join(WHO)} from person").fetchall()
    _relink(conn, rules, map(Who._make, everybody))
    for some in _some([row[0] for row in conn.execute("select id from actor").fetchall()]):
        settle(conn, rules, some)


def _some(numbers: Iterable[int], at_once: int = AT_ONCE) -> Iterator[list[int]]:
    remaining = iter(numbers)
    while some := list(islice(remaining, at_once)):
        yield some
