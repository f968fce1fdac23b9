"""Lists of units: sets that somebody saved, and samples that plans drew.

Making a list, adding to it, naming it anew and dropping it are events, with ``list`` as their
subject. A list that was dropped can be brought back: its event keeps what was in it.
"""

from __future__ import annotations

import json
import sqlite3
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal, NamedTuple

from annotator.core.counting import counted
from annotator.core.errors import RejectedEventError
from annotator.core.order import MARK
from annotator.store import journal
from annotator.store.connection import Store

Kind = Literal["set", "plan", "check"]
"""A ``set`` was put together by somebody; a ``plan`` drew its units with known probabilities; a
``check`` has units whose labels are looked at again."""

LONGEST_NAME = 80

STREAM = "random-stream"
"""What exports call the sample that the random stream is; no list may have the name."""

CONFIRMED = "confirm"
"""What confirmations of suggestions name as the queue they were made through; nor this one."""


class Listed(NamedTuple):
    """One unit of a list, by its number; with its probability and stratum where it was drawn."""

    unit: int
    probability: float | None = None
    stratum: str = ""


class UnitList(NamedTuple):
    """A list of units; ``units`` counts those in the corpus, without retired documents.

    ``settings`` say how it came about: a search, or all that it takes to draw a sample again.
    """

    name: str
    kind: Kind
    title: str
    settings: Mapping[str, Any]
    units: int
    made_by: str
    made_at: str

    @property
    def heading(self) -> str:
        """What it is called where people read it."""
        return self.title or self.name


class ListedUnit(NamedTuple):
    """One unit of a list as a table tells it; ``unit_index`` counts in the document from 0."""

    position: int
    stratum: str
    probability: float | None
    document_id: str
    title: str
    source: str
    published: str
    unit_id: str
    unit_index: int
    part: str
    text: str


class Coded(NamedTuple):
    """How far one coder is in a list, in the main round."""

    list: str
    coder: str
    done: int
    skipped: int
    flagged: int


_LISTS = "select name, kind, title, settings, units, made_by, made_at from unit_list"


def save(
    store: Store,
    name: str,
    kind: Kind,
    title: str,
    settings: Mapping[str, Any],
    rows: Iterable[Listed],
    *,
    who: str,
    at: str,
) -> UnitList:
    """Make a list of these units in this order.

    Raises ``RejectedEventError`` for a name that is none, or that another list has.
    """
    if fault := fault_in_name(name):
        raise RejectedEventError(fault)
    with store.write() as conn:
        if find(store, name) is not None:
            raise RejectedEventError(f"there is a list {name!r} already; choose another name")
        conn.execute(
            "insert into unit_list (name, kind, title, settings, made_by, made_at)"
            " values (?, ?, ?, ?, ?, ?)",
            (name, kind, title, json.dumps(settings, ensure_ascii=False), who, at),
        )
        added = _add(conn, name, rows)
        told = {"kind": kind, "title": title, "settings": settings, "units": added}
        _append(conn, name, "save", told, who, at)
        return known(store, name)


def extend(
    store: Store,
    name: str,
    settings: Mapping[str, Any],
    rows: Iterable[Listed],
    *,
    who: str,
    at: str,
) -> UnitList:
    """Add units at the end of a list; those that are in it keep their place and probability."""
    with store.write() as conn:
        known(store, name)
        added = _add(conn, name, rows)
        conn.execute(
            "update unit_list set settings = ? where name = ?",
            (json.dumps(settings, ensure_ascii=False), name),
        )
        _append(conn, name, "extend", {"settings": settings, "units": added}, who, at)
        return known(store, name)


def retitle(store: Store, name: str, title: str, *, who: str, at: str) -> UnitList:
    """Give a list another title; its name stays, since decisions name it."""
    with store.write() as conn:
        before = known(store, name).title
        conn.execute("update unit_list set title = ? where name = ?", (title, name))
        told = {"field": "title", "from": before, "to": title}
        _append(conn, name, "edit", told, who, at)
        return known(store, name)


def drop(store: Store, name: str, *, who: str, at: str) -> str:
    """Take a list away, and give the uuid of the event, by which ``restore`` brings it back.

    Raises ``RejectedEventError`` for a plan that somebody decided through: exports name it.
    """
    with store.write() as conn:
        gone = known(store, name)
        if gone.kind == "plan" and (decided := decided_through(store, name)):
            raise RejectedEventError(
                f"{counted(decided, 'decision was', 'decisions were')} made through the sample"
                f" {name!r}, and exports need its probabilities; it stays"
            )
        units = conn.execute(
            "select u.id, l.probability, l.stratum from listed l join unit u on u.seq = l.unit"
            " where l.list = ? order by l.position",
            (name,),
        ).fetchall()
        conn.execute("delete from unit_list where name = ?", (name,))
        told = {**gone._asdict(), "units": units}
        return _append(conn, name, "drop", told, who, at)


def restore(store: Store, event_uuid: str, *, who: str, at: str) -> UnitList:
    """Bring a list back that was dropped, by an event of its own.

    Raises ``RejectedEventError`` where nothing was dropped so, or its name is taken again.
    """
    with store.write() as conn:
        row = conn.execute(
            "select subject_id, payload from event"
            " where uuid = ? and subject = 'list' and op = 'drop'",
            (event_uuid,),
        ).fetchone()
        if row is None:
            raise RejectedEventError("the list to bring back is not here")
        name, told = row[0], json.loads(row[1])
        if find(store, name) is not None:
            raise RejectedEventError(f"there is a list {name!r} already; it is not replaced")
        conn.execute(
            "insert into unit_list (name, kind, title, settings, made_by, made_at)"
            " values (:name, :kind, :title, :settings, :made_by, :made_at)",
            told | {"settings": json.dumps(told["settings"], ensure_ascii=False)},
        )
        numbers = _numbers(conn, [unit for unit, _, _ in told["units"]])
        _add(conn, name, (Listed(numbers[u], p, s) for u, p, s in told["units"] if u in numbers))
        _append(conn, name, "restore", {}, who, at, ref=event_uuid)
        return known(store, name)


def find(store: Store, name: str) -> UnitList | None:
    """The list of that name, or None."""
    row = store.db.execute(f"{_LISTS} where name = ?", (name,)).fetchone()
    return _list(row) if row else None


def known(store: Store, name: str) -> UnitList:
    """The list of that name. Raises ``RejectedEventError`` where there is none."""
    found = find(store, name)
    if found is None:
        raise RejectedEventError(f"this project has no list {name!r}")
    return found


def everything(store: Store, kind: Kind | None = None) -> list[UnitList]:
    """All lists, or all of one kind, newest first."""
    rows = store.db.execute(
        f"{_LISTS} where kind = coalesce(?, kind) order by made_at desc, name", (kind,)
    )
    return [_list(row) for row in rows]


def rows(store: Store, name: str) -> list[Listed]:
    """The units of a list in its order, those of retired documents too."""
    found = store.db.execute(
        "select unit, probability, stratum from listed where list = ? order by position", (name,)
    )
    return [Listed(*row) for row in found]


def units(store: Store, name: str) -> Iterator[ListedUnit]:
    """The units of a list that are in the corpus, in its order."""
    found = store.db.execute(
        "select l.position, l.stratum, l.probability, d.id, d.title, d.source, d.published, u.id,"
        " u.idx, u.part, u.text from listed l join unit u on u.seq = l.unit"
        " join document d on d.id = u.document_id where l.list = ? and d.retired = 0"
        " order by l.position",
        (name,),
    )
    return map(ListedUnit._make, found)


def progress(store: Store) -> list[Coded]:
    """How far everybody is in every list, by list and coder."""
    found = store.db.execute(
        "select list, coder, done, skipped, flagged from list_progress"
        " where round = 'main' and pass = 1 order by list, coder"
    )
    return [Coded(*row) for row in found]


def probabilities(store: Store) -> dict[int, dict[str, float]]:
    """Of each unit that anybody coded and a plan drew: the probability by each plan that did."""
    rows = store.db.execute(
        "select l.unit, l.list, l.probability from unit_list p join listed l on l.list = p.name"
        " where p.kind = 'plan' and l.unit in (select unit from coding) order by l.unit, l.list"
    )
    found: dict[int, dict[str, float]] = {}
    for unit, name, probability in rows:
        found.setdefault(unit, {})[name] = probability
    return found


def stream(store: Store) -> dict[tuple[str, str, int], float]:
    """How likely a unit was to come in the random stream of an order, by coder, round and pass.

    The stream goes by the draws: who has come to the draw ``d`` decided on all units of the corpus
    that have at most ``d``, and every unit was as likely to be one of them.
    """
    rows = store.db.execute(
        "select c.coder, c.round, c.pass, max(u.draw) from coding c join unit u on u.seq = c.unit"
        " join document d on d.id = u.document_id join event e on e.uuid = c.event"
        " where c.arm = 'random' and c.status is not null and d.retired = 0"
        " and substr(json_extract(e.payload, '$.queue'), 1, ?) = ? group by 1, 2, 3",
        (len(MARK), MARK),
    ).fetchall()
    if not rows:
        return {}
    furthest = max(row[3] for row in rows)
    drawn = store.db.execute(
        "select u.draw from unit u join document d on d.id = u.document_id"
        " where u.draw <= ? and d.retired = 0 order by u.draw",
        (furthest,),
    )
    draws = [row[0] for row in drawn]
    (units,) = store.db.execute("select units from corpus").fetchone()
    return {(row[0], row[1], row[2]): bisect_right(draws, row[3]) / units for row in rows}


def drawn(store: Store, name: str) -> set[str]:
    """The ids of the units that the plan of that name drew; none where there is no such plan."""
    rows = store.db.execute(
        "select u.id from unit_list p join listed l on l.list = p.name"
        " join unit u on u.seq = l.unit where p.kind = 'plan' and p.name = ?",
        (name,),
    )
    return {row[0] for row in rows}


def decided_through(store: Store, name: str) -> int:
    """How many decisions were made through a list and not taken back."""
    row = store.db.execute(
        "select count(*) from listed l join unit u on u.seq = l.unit join event e"
        " on e.subject = 'unit' and e.subject_id = u.id"
        " where l.list = ? and e.op in ('set', 'skip', 'not_codable')"
        " and json_extract(e.payload, '$.queue') = l.list"
        " and not exists (select 1 from event r where r.ref = e.uuid and r.op = 'retract')",
        (name,),
    ).fetchone()
    return int(row[0])


def fault_in_name(name: str) -> str | None:
    """Why this cannot be the name of a list, in one sentence; None where it can."""
    if not name.strip() or name != name.strip() or not name.isprintable():
        return f"{name!r} is no name for a list; take letters, digits and single spaces"
    if len(name) > LONGEST_NAME:
        return f"the name of a list has at most {LONGEST_NAME} characters; shorten it"
    if name.startswith(MARK):
        return f"names that begin with {MARK!r} are ways of choosing; take another name"
    if name in (STREAM, CONFIRMED):
        return f"{name!r} means something else in exports; take another name for a list"
    return None


def _list(row: tuple[Any, ...]) -> UnitList:
    return UnitList._make((*row[:3], json.loads(row[3]), *row[4:]))


def _add(conn: sqlite3.Connection, name: str, rows: Iterable[Listed]) -> int:
    """Put units at the end of a list, and count anew what is kept of it; how many were put."""
    (last,) = conn.execute(
        "select coalesce(max(position), 0) from listed where list = ?", (name,)
    ).fetchone()
    added = conn.executemany(
        "insert into listed (list, position, unit, probability, stratum) values (?, ?, ?, ?, ?)",
        ((name, position, *row) for position, row in enumerate(rows, last + 1)),
    ).rowcount
    conn.execute(
        "update unit_list set units = (select count(*) from listed l join unit u on u.seq = l.unit"
        " join document d on d.id = u.document_id where l.list = unit_list.name and d.retired = 0)"
        " where name = ?",
        (name,),
    )
    conn.execute("delete from list_progress where list = ?", (name,))
    conn.execute(
        "insert into list_progress select c.coder, c.round, c.pass, l.list, count(c.decided),"
        " count(*) filter (where c.decided = 'skipped'), sum(c.flagged)"
        " from listed l join unit u on u.seq = l.unit join document d on d.id = u.document_id"
        " join coding c on c.unit = l.unit where l.list = ? and d.retired = 0"
        " group by c.coder, c.round, c.pass",
        (name,),
    )
    return max(added, 0)


def _numbers(conn: sqlite3.Connection, ids: list[str]) -> dict[str, int]:
    found = conn.execute(
        "select id, seq from unit where id in (select value from json_each(?))", (json.dumps(ids),)
    )
    return dict(found.fetchall())


def _append(
    conn: sqlite3.Connection,
    name: str,
    op: Literal["save", "extend", "edit", "drop", "restore"],
    payload: Mapping[str, Any],
    who: str,
    at: str,
    *,
    ref: str | None = None,
) -> str:
    return journal.append(conn, ("list", name), op, payload, who, at, ref=ref)
