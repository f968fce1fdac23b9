"""Recording what coders do: the event and the current view, in one transaction."""

from __future__ import annotations

import json
import sqlite3
import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from annotator.core.annotation import STATUS_OF, Answer, Decision, Event, fault_in, fold
from annotator.core.errors import RejectedEventError
from annotator.store.codebooks import find_scheme
from annotator.store.connection import Store

PAYLOAD = {"op", "answers", "memo", "flagged", "rest", "asked", "queue", "voice", "speakers"}
_NAMESPACE = uuid.UUID("6c1f5d5e-6f0b-5d0e-9d59-0a8a6e1c7a55")


class Told(NamedTuple):
    """An event with who did it; ``recorded_at`` is the server's clock, ISO 8601 in UTC."""

    coder: str
    event: Event
    recorded_at: str


class Place(NamedTuple):
    """Whose view of which unit: the key of ``coding``."""

    unit: int
    coder: str
    round: str
    pass_: int


def record(store: Store, told: Sequence[Told]) -> list[str | None]:
    """Record these events; for each, None where it is kept, else why it was refused.

    The same event twice is one event, and kept. A refused event leaves no trace; the others
    are not harmed. When this returns, what was kept is on the disk.
    """
    with store.write() as conn:
        return [_record(store, conn, one) for one in told]


def record_all(store: Store, told: Sequence[Told]) -> None:
    """Record these events or, where one is refused, none; ``RejectedEventError`` says why."""
    with store.write():
        for one, refusal in zip(told, record(store, told), strict=True):
            if refusal is not None:
                raise RejectedEventError(f"{one.event.unit}: {refusal}")


def known(store: Store, uuids: Sequence[str]) -> set[str]:
    """Which of these events the project holds already."""
    rows = store.db.execute(
        "select uuid from event where uuid in (select value from json_each(?))",
        (json.dumps(list(uuids)),),
    )
    return {row[0] for row in rows}


def _record(store: Store, conn: sqlite3.Connection, told: Told) -> str | None:
    event = told.event
    known = conn.execute("select coder from event where uuid = ?", (event.uuid,)).fetchone()
    if known is not None:
        return None if known[0] == told.coder else "this event's uuid belongs to another coder"
    row = conn.execute("select seq from unit where id = ?", (event.unit,)).fetchone()
    if row is None:
        return f"this project has no unit {event.unit!r}"
    scheme = find_scheme(store, event.scheme)
    if scheme is None:
        return f"this project has no scheme {event.scheme}; reload the page"
    if fault := fault_in(event, scheme) or _fault_in_ref(conn, told):
        return fault
    if not conn.execute("select 1 from round where name = ?", (event.round,)).fetchone():
        return f"this project has no round {event.round!r}"
    place = Place(row[0], told.coder, event.round, event.pass_)
    number = _insert(conn, told)
    _maintain(conn, place, told, number)
    if event.op == "not_codable" and event.rest:
        for unit, seq in _undecided_rest(conn, place):
            rest = _rest_event(event, unit)
            derived = told._replace(event=rest)
            _maintain(conn, place._replace(unit=seq), derived, _insert(conn, derived))
    return None


def _fault_in_ref(conn: sqlite3.Connection, told: Told) -> str | None:
    if told.event.op != "retract":
        return None
    row = conn.execute(
        "select coder, subject_id, round, pass, op from event where uuid = ?", (told.event.ref,)
    ).fetchone()
    if row is None:
        return "the event to take back is not here"
    own = (told.coder, told.event.unit, told.event.round, told.event.pass_)
    if tuple(row[:4]) != own:
        return "only the coder's own event on the same unit, round and pass can be taken back"
    return "an undo cannot be taken back; code the sentence again" if row[4] == "retract" else None


def _insert(conn: sqlite3.Connection, told: Told) -> int:
    event = told.event
    # Bare values in the order of Scored: with names, they would be most of the project file.
    candidates = [
        [one.variable, one.target, one.code, one.score, int(one.above), int(one.shown)]
        for one in event.candidates
    ]
    cursor = conn.execute(
        "insert into event (uuid, coder, subject, subject_id, op, payload, scheme, round, pass,"
        " arm, ref, origin, model_id, candidates, client_at, recorded_at, seconds)"
        " values (?, ?, 'unit', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(event.uuid, told.coder, event.unit, event.op, _payload(event), event.scheme),
            *(event.round, event.pass_, event.arm, event.ref, event.origin, event.model_id),
            *(json.dumps(candidates) if candidates else None, event.client_at),
            *(told.recorded_at, event.seconds),
        ),
    )
    return int(cursor.lastrowid or 0)


def _payload(event: Event) -> str:
    return event.model_dump_json(include=PAYLOAD, exclude_defaults=True)


def _rest_event(event: Event, unit: str) -> Event:
    """The event that marks one further unit of an article not codable; undone with its origin."""
    return Event.model_validate(
        {
            "uuid": str(uuid.uuid5(_NAMESPACE, f"{event.uuid} {unit}")),
            "op": "not_codable",
            "unit": unit,
            "scheme": event.scheme,
            "round": event.round,
            "pass": event.pass_,
            "origin": event.uuid,
            "client_at": event.client_at,
        }
    )


def _undecided_rest(conn: sqlite3.Connection, place: Place) -> list[tuple[str, int]]:
    return conn.execute(
        "select u.id, u.seq from unit u join unit here on here.seq = ?"
        " and u.document_id = here.document_id and u.idx > here.idx"
        " left join coding c on c.coder = ? and c.round = ? and c.pass = ? and c.unit = u.seq"
        " where c.status is null order by u.idx",
        place,
    ).fetchall()


def _maintain(conn: sqlite3.Connection, place: Place, told: Told, number: int) -> None:
    """Bring the current view up to date with one event just inserted as ``number``."""
    if told.event.op == "retract":
        units = conn.execute(
            "select distinct u.seq from event e join unit u on u.id = e.subject_id"
            " where e.uuid = ? or e.origin = ?",
            (told.event.ref, told.event.ref),
        ).fetchall()
        for (seq,) in units:
            rebuild(conn, place._replace(unit=seq))
        return
    change = fold([told.event])
    if told.event.op in STATUS_OF:
        _decide(conn, place, change, told, number)
    else:
        _annotate_margin(conn, place, number)
    if told.event.memo is not None:
        _update(conn, place, "memo", told.event.memo)
    if told.event.flagged is not None:
        _update(conn, place, "flagged", int(told.event.flagged))


def _decide(
    conn: sqlite3.Connection, place: Place, change: Decision, told: Told, number: int
) -> None:
    event = told.event
    conn.execute(
        "insert into coding (unit, coder, round, pass, status, event, scheme, arm, decided_at,"
        " recorded, seconds) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " on conflict (coder, round, pass, unit) do update set status = excluded.status,"
        " event = excluded.event, scheme = excluded.scheme, arm = excluded.arm,"
        " decided_at = excluded.decided_at, recorded = excluded.recorded,"
        " seconds = excluded.seconds",
        (
            *(*place, change.status, event.uuid, event.scheme, event.arm),
            *(decided_at(event.client_at, told.recorded_at), number, event.seconds),
        ),
    )
    _replace_answers(conn, place, change.answers)


def _annotate_margin(conn: sqlite3.Connection, place: Place, number: int) -> None:
    conn.execute(
        "insert into coding (unit, coder, round, pass, recorded) values (?, ?, ?, ?, ?)"
        " on conflict (coder, round, pass, unit) do nothing",
        (*place, number),
    )


def _update(conn: sqlite3.Connection, place: Place, column: str, value: str | int) -> None:
    conn.execute(
        f"update coding set {column} = ? where unit = ? and coder = ? and round = ? and pass = ?",
        (value, *place),
    )


def _replace_answers(conn: sqlite3.Connection, place: Place, answers: Sequence[Answer]) -> None:
    conn.execute(
        "delete from annotation where unit = ? and coder = ? and round = ? and pass = ?", place
    )
    conn.executemany(
        "insert into annotation (unit, coder, round, pass, variable, target, holder, code, use,"
        " holder_type, explicit, confidence, position)"
        " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (
                *(*place, a.variable, a.target, a.holder, a.code, a.use),
                *(a.holder_type, a.explicit, a.confidence, position),
            )
            for position, a in enumerate(answers)
        ),
    )


def rebuild(conn: sqlite3.Connection, place: Place) -> None:
    """Fold the events of one unit, coder, round and pass anew into the current view."""
    rows = _history(conn, place)
    decision = fold(event for _, _, event in rows)
    conn.execute(
        "delete from coding where unit = ? and coder = ? and round = ? and pass = ?", place
    )
    _replace_answers(conn, place, decision.answers)
    if decision == Decision():
        return
    number, at, source = next(
        (row for row in reversed(rows) if row[2].uuid == decision.event), rows[-1]
    )
    decided = decision.event is not None
    conn.execute(
        "insert into coding (unit, coder, round, pass, status, event, scheme, arm, memo, flagged,"
        " decided_at, recorded, seconds) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(*place, decision.status, decision.event, source.scheme if decided else None),
            *(source.arm if decided else "", decision.memo, int(decision.flagged)),
            *(decided_at(source.client_at, at) if decided else "", number),
            source.seconds if decided else None,
        ),
    )


def _history(conn: sqlite3.Connection, place: Place) -> list[tuple[int, str, Event]]:
    """The events of one unit, coder, round and pass in order; an undo of an origin counts too."""
    rows = conn.execute(
        "select e.seq, e.recorded_at, e.uuid, e.payload, e.scheme, e.round, e.pass, e.arm, e.ref,"
        " e.origin, e.client_at, e.seconds, u.id from unit u join event e on e.seq in ("
        "  select seq from event where subject = 'unit' and subject_id = u.id"
        "  union select r.seq from event o join event r on r.ref = o.origin"
        "  where o.subject = 'unit' and o.subject_id = u.id and r.op = 'retract')"
        " where u.seq = ? and e.coder = ? and e.round = ? and e.pass = ? order by e.seq",
        place,
    ).fetchall()
    return [(row[0], row[1], _event(row)) for row in rows]


def _event(row: tuple[object, ...]) -> Event:
    _, _, id_, payload, scheme, round_, pass_, arm, ref, origin, client_at, seconds, unit = row
    stored = json.loads(str(payload))
    stored |= {"uuid": id_, "unit": unit, "scheme": scheme, "round": round_, "pass": pass_}
    stored |= {"arm": arm, "ref": ref, "origin": origin, "client_at": client_at}
    return Event.model_validate(stored | {"seconds": seconds})


def decided_at(client_at: str, recorded_at: str) -> str:
    """When a decision was made: by the coder's clock, unless that runs ahead of the server's.

    A save that waited an hour offline keeps its own time; a clock that jumped ahead does not.
    """
    try:
        client = datetime.fromisoformat(client_at)
        return client_at if client <= datetime.fromisoformat(recorded_at) else recorded_at
    except (ValueError, TypeError):
        return recorded_at


def count(store: Store) -> int:
    """How many events the project holds."""
    return int(store.db.execute("select count(*) from event").fetchone()[0])


def last(store: Store) -> int:
    """The number of the newest event; 0 where there is none."""
    return int(store.db.execute("select coalesce(max(seq), 0) from event").fetchone()[0])


def decisions_since(store: Store, number: int, *, most: int = -1) -> int:
    """How many decisions were saved after the event of that number, undone ones included.

    No more than ``most`` are counted, unless that is negative.
    """
    row = store.db.execute(
        "select count(*) from (select 1 from event"
        " where seq > ? and subject = 'unit' and op = 'set' limit ?)",
        (number, most),
    ).fetchone()
    return int(row[0])
