"""The current view of actors: the rows of ``actor``, and who of ``person`` is linked to which.

An actor is here as long as somebody is linked to them; what they are follows from their people and
the ``actor_rules``.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from annotator.core.batches import batches
from annotator.store import speaker_text
from annotator.store.actor_rules import Actor, Known, Rules
from annotator.store.connection import Store
from annotator.store.naming import key_of

AT_ONCE = 500
"""Actors that are settled in one transaction."""

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


class Strayed(NamedTuple):
    """Something of the view of actors that is not what people and events say."""

    what: str
    here: str
    due: str


def link(conn: sqlite3.Connection, rules: Rules, people: Iterable[Who]) -> None:
    """Link these people, who speak in no unit yet; actors are made where they are not here.

    New actors are complete; those that were here before wait for ``settle_waiting``.
    """
    moved = relink(conn, rules, people)
    settle(conn, rules, moved.fresh)
    waiting = moved.touched - moved.fresh
    conn.executemany("update actor set settled = 0 where id = ?", ((one,) for one in waiting))


def link_now(conn: sqlite3.Connection, people: Iterable[Who]) -> None:
    """Link these people, and settle every actor that this is about."""
    rules = Rules.of(conn)
    moved = relink(conn, rules, people)
    settle(conn, rules, moved.touched | moved.fresh)
    speaker_text.write_of_people(conn, moved.people)


def relink(conn: sqlite3.Connection, rules: Rules, people: Iterable[Who]) -> Moved:
    """Link these people by the rules; the actors that this is about are to be settled then."""
    told = list(people)
    wanted = [rules.actor_of(one.document_id, one.name, one.key, one.kind) for one in told]
    keys = {key for key in wanted if key is not None}
    numbers = numbers_of(conn, keys)
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


def numbers_of(conn: sqlite3.Connection, keys: Collection[str]) -> dict[str, int]:
    """The number of each actor that is here, by these keys."""
    rows = conn.execute(
        "select key, id from actor where key in (select value from json_each(?))",
        (json.dumps(list(keys)),),
    )
    return dict(rows.fetchall())


def settle(conn: sqlite3.Connection, rules: Rules, numbers: Collection[int]) -> None:
    """Make the rows of these actors what their people and the rules say, and units' texts too."""
    due = _due(conn, rules, numbers)
    here = held(conn, numbers)
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
            (
                one.name,
                json.dumps(one.aliases, ensure_ascii=False),
                one.affiliation,
                one.kind,
                number,
            )
            for number, one in changed.items()
        ),
    )
    conn.executemany("update actor set settled = 1 where id = ?", ((number,) for number in due))
    speaker_text.write_of_actors(conn, renamed)


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


def held(conn: sqlite3.Connection, numbers: Iterable[int]) -> dict[int, Actor]:
    """What the view has of these actors, by number."""
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


def people_of(
    conn: sqlite3.Connection, keys: Collection[str], places: Collection[tuple[str, str]]
) -> Iterator[Who]:
    """Everybody with one of these keys, and those of these places: a document, and a name there."""
    chosen = (json.dumps(list(keys)), json.dumps([list(one) for one in places]))
    rows = conn.execute(
        f"select {', '.join(WHO)} from person where key in (select value from json_each(?))"
        f" union select {', '.join(f'p.{name}' for name in WHO)} from json_each(?) j"
        " join person p on p.document_id = j.value ->> 0 and p.name = j.value ->> 1",
        chosen,
    ).fetchall()
    return map(Who._make, rows)


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
    for some in batches(settled, AT_ONCE):
        due_here, is_here = _due(conn, rules, some), held(conn, some)
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
    rows = conn.execute("select id, name from person").fetchall()
    conn.executemany(
        "update person set key = ? where id = ?", ((key_of(name), id_) for id_, name in rows)
    )
    rules = Rules.of(conn)
    everybody = conn.execute(f"select {', '.join(WHO)} from person").fetchall()
    relink(conn, rules, map(Who._make, everybody))
    numbers = [row[0] for row in conn.execute("select id from actor")]
    for some in batches(numbers, AT_ONCE):
        settle(conn, rules, some)
