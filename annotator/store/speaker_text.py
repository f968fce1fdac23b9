"""The speakers of a unit as one text, which exports show: names joined in the order of the text."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable


def joined(names: Iterable[str]) -> str:
    """Each name once.

    >>> joined(["Mira Osk", "Dan Rell", "Mira Osk"])
    'Mira Osk; Dan Rell'
    """
    return "; ".join(dict.fromkeys(names))


def due(
    conn: sqlite3.Connection, units: Collection[int] | None = None
) -> dict[tuple[int, str], str]:
    """The text by unit and basis: the name of each speaker's actor, or their own without one.

    Of these units, or of all.
    """
    among = "" if units is None else " where s.unit in (select value from json_each(?))"
    names: dict[tuple[int, str], list[str]] = {}
    for unit, basis, name in conn.execute(
        "select s.unit, s.basis, coalesce(a.name, p.name) from main.speaker s"
        " join person p on p.id = s.person left join actor a on a.id = p.actor"
        f"{among} order by s.unit, s.basis, s.position",
        () if units is None else (json.dumps(list(units)),),
    ):
        names.setdefault((unit, basis), []).append(name)
    return {place: joined(found) for place, found in names.items()}


def write(conn: sqlite3.Connection, units: Collection[int]) -> None:
    """Write the text of these units anew."""
    conn.executemany(
        "update voice set speaker = ? where unit = ? and basis = ?",
        ((text, unit, basis) for (unit, basis), text in due(conn, units).items()),
    )


def write_of_actors(conn: sqlite3.Connection, actors: Collection[int]) -> None:
    """Write the text of every unit in which one of these actors speaks anew."""
    _write_where(
        conn, "select id from person where actor in (select value from json_each(?))", actors
    )


def write_of_people(conn: sqlite3.Connection, people: Collection[int]) -> None:
    """Write the text of every unit in which one of these people speaks anew."""
    _write_where(conn, "select value from json_each(?)", people)


def _write_where(conn: sqlite3.Connection, people: str, numbers: Collection[int]) -> None:
    rows = conn.execute(
        f"select distinct unit from speaker where person in ({people})",
        (json.dumps(list(numbers)),),
    )
    write(conn, [row[0] for row in rows])
