"""Recording what coders do: the event and the current view, in one transaction."""

from __future__ import annotations

import json
import sqlite3
import uuid
from collections.abc import Iterator, Sequence
from typing import NamedTuple, get_args

from annotator.core.annotation import BULK, STATUS_OF, Event, Op, Subject, fold
from annotator.core.asking import as_asked
from annotator.core.errors import RejectedEventError
from annotator.core.event_faults import fault_in, fault_in_spans
from annotator.store import corrections, speaking, spreading, views
from annotator.store.codebooks import find_scheme
from annotator.store.connection import Store
from annotator.store.spreading import Candidate
from annotator.store.views import SOURCE, CardPlace, Place, Source, source_of

PAYLOAD = {
    *("op", "answers", "memo", "flagged", "rest", "asked", "queue", "voice", "speakers", "first"),
}
_OPS = json.dumps(get_args(Op))
_NAMESPACE = uuid.UUID("6c1f5d5e-6f0b-5d0e-9d59-0a8a6e1c7a55")


class Told(NamedTuple):
    """An event with who did it; ``recorded_at`` is the server's clock, ISO 8601 in UTC."""

    coder: str
    event: Event
    recorded_at: str


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
    scheme = find_scheme(store, event.scheme)
    if scheme is None:
        return f"this project has no scheme {event.scheme}; reload the page"
    told = told._replace(event=as_asked(event, scheme))
    write = _write_card if event.subject == "document" else _write
    return write(conn, told, fault_in(told.event, scheme) or _fault_in_seat(conn, told))


def _write(conn: sqlite3.Connection, told: Told, fault: str | None) -> str | None:
    """Write an event about a unit, and those that go along with it, unless it has a fault."""
    event = told.event
    row = conn.execute("select seq, start, end from unit where id = ?", (event.unit,)).fetchone()
    if row is None:
        return _no_unit(conn, event.unit)
    if fault := fault or fault_in_spans(event, *row[1:]):
        return fault
    place = Place(row[0], told.coder, event.round, event.pass_)
    going_along = list(_going_along(conn, place, event))
    _maintain(conn, place, told, _insert(conn, told))
    for seq, other in going_along:
        derived = told._replace(event=other)
        _maintain(conn, place._replace(unit=seq), derived, _insert(conn, derived))
    return None


def _write_card(conn: sqlite3.Connection, told: Told, fault: str | None) -> str | None:
    event = told.event
    if not conn.execute("select 1 from document where id = ?", (event.unit,)).fetchone():
        return f"this project has no document {event.unit!r}"
    if fault is None:
        place = CardPlace(event.unit, told.coder, event.round, event.pass_)
        _maintain_card(conn, place, told, _insert(conn, told))
    return fault


def _no_unit(conn: sqlite3.Connection, unit: str) -> str:
    """Why there is no such unit, as a coder reads it who has it on the screen."""
    document = unit.rpartition(":")[0]
    if conn.execute("select 1 from document where id = ?", (document,)).fetchone():
        return "this sentence was cut otherwise meanwhile; reload the page and code it anew"
    return f"this project has no unit {unit!r}"


def _fault_in_seat(conn: sqlite3.Connection, told: Told) -> str | None:
    if fault := _fault_in_ref(conn, told) or _fault_in_first(conn, told):
        return fault
    if not conn.execute("select 1 from round where name = ?", (told.event.round,)).fetchone():
        return f"this project has no round {told.event.round!r}"
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
    if row[4] == "reveal":
        return "what was seen cannot be taken back; take the answer back instead"
    return "an undo cannot be taken back; code the sentence again" if row[4] == "retract" else None


def _fault_in_first(conn: sqlite3.Connection, told: Told) -> str | None:
    if told.event.first is None:
        return None
    row = conn.execute(
        "select coder, subject_id, round, pass, op from event where uuid = ?", (told.event.first,)
    ).fetchone()
    if row == (told.coder, told.event.unit, told.event.round, told.event.pass_, "set"):
        return None
    return "the first answer must be the coder's own on the same unit, round and pass"


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
        " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(event.uuid, told.coder, event.subject, event.unit, event.op, _payload(event)),
            event.scheme,
            *(event.round, event.pass_, event.arm, event.ref, event.origin, event.model_id),
            *(json.dumps(candidates) if candidates else None, event.client_at),
            *(told.recorded_at, event.seconds),
        ),
    )
    return int(cursor.lastrowid or 0)


def _payload(event: Event) -> str:
    return event.model_dump_json(include=PAYLOAD, exclude_defaults=True)


def _going_along(
    conn: sqlite3.Connection, place: Place, event: Event
) -> Iterator[tuple[int, Event]]:
    """The events on other units that come with this one, each with the number of its unit."""
    if event.op == "not_codable" and event.rest:
        for unit, seq in _undecided_rest(conn, place):
            yield seq, _derived(event, unit, asked=event.asked)
    elif event.op == "speaker":
        yield from _same_quotation(conn, place, event)
    if event.op in STATUS_OF:
        yield from spreading.after_save(conn, place.unit, place.coder, event)


def _same_quotation(
    conn: sqlite3.Connection, place: Place, event: Event
) -> Iterator[tuple[int, Event]]:
    """The correction of who speaks, on the other units of the same quotation.

    What was spoken in another voice than the unit in hand keeps that, unless the author speaks.
    """
    alike = speaking.alike(conn, place.unit)
    before = next(one.voice for one in alike if one.seq == place.unit)
    for one in alike:
        if one.seq != place.unit:
            follows = event.voice == "author" or one.voice in (before, "author", "")
            voice = event.voice if follows else one.voice
            yield one.seq, _derived(event, one.id, voice=voice, speakers=event.speakers)


def _derived(event: Event, unit: str, **said: object) -> Event:
    """The same on another unit, as an event of its own, which is undone with its origin."""
    return Event.model_validate(
        {
            "uuid": str(uuid.uuid5(_NAMESPACE, f"{event.uuid} {unit}")),
            "op": event.op,
            "unit": unit,
            "scheme": event.scheme,
            "round": event.round,
            "pass": event.pass_,
            "origin": event.uuid,
            "client_at": event.client_at,
            **said,
        }
    )


def _undecided_rest(conn: sqlite3.Connection, place: Place) -> list[tuple[str, int]]:
    return conn.execute(
        "select u.id, u.seq from unit u join unit here on here.seq = ?"
        " and u.document_id = here.document_id and u.idx > here.idx"
        " left join coding c on c.coder = ? and c.round = ? and c.pass = ? and c.unit = u.seq"
        " where c.decided is null order by u.idx",
        place,
    ).fetchall()


def _maintain(conn: sqlite3.Connection, place: Place, told: Told, number: int) -> None:
    """Bring the current view up to date with one event just inserted as ``number``."""
    if told.event.op == "retract":
        units = conn.execute(
            "select distinct u.seq, e.op from event e join unit u on u.id = e.subject_id"
            " where e.uuid = ? or e.origin = ?",
            (told.event.ref, told.event.ref),
        ).fetchall()
        for seq, op in units:
            if op == "speaker":
                corrections.rebuild(conn, seq)
            else:
                rebuild(conn, place._replace(unit=seq))
        return
    if told.event.op == "speaker":
        corrections.rebuild(conn, place.unit)
        return
    if told.event.op == "reveal":
        return
    _take_in(conn, place, told, number)


def _maintain_card(conn: sqlite3.Connection, place: CardPlace, told: Told, number: int) -> None:
    if told.event.op == "retract":
        rebuild(conn, place)
    else:
        _take_in(conn, place, told, number)


def _take_in(conn: sqlite3.Connection, place: Place | CardPlace, told: Told, number: int) -> None:
    """Put a decision, a memo or a flag just inserted as ``number`` into the view."""
    event = told.event
    if event.op in STATUS_OF:
        views.decide(conn, place, fold([event]), Source(number, told.recorded_at, event))
    else:
        views.annotate_margin(conn, place, number)
    if event.memo is not None:
        views.remark(conn, place, "memo", event.memo)
    if event.flagged is not None:
        views.remark(conn, place, "flagged", int(event.flagged))


def rebuild(conn: sqlite3.Connection, place: Place | CardPlace) -> None:
    """Fold the events about one place anew into the current view."""
    told = _history(conn, place)
    decision = fold(source.event for source in told)
    decisive = (one for one in reversed(told) if one.event.uuid == decision.event)
    views.put(conn, place, decision, next(decisive, told[-1] if told else None))


def _history(conn: sqlite3.Connection, place: Place | CardPlace) -> list[Source]:
    """The events about a place in order; an undo of an origin counts too."""
    subject, name = _subject(conn, place)
    rows = conn.execute(
        f"select {SOURCE} from event e where e.seq in ("
        "  select seq from event where subject = ?1 and subject_id = ?2"
        "  union select r.seq from event o join event r on r.ref = o.origin"
        "  where o.subject = ?1 and o.subject_id = ?2 and r.op = 'retract')"
        " and e.coder = ?3 and e.round = ?4 and e.pass = ?5"
        " and e.op in (select value from json_each(?6)) order by e.seq",
        (subject, name, *place[1:], _OPS),
    ).fetchall()
    return list(map(source_of, rows))


def _subject(conn: sqlite3.Connection, place: Place | CardPlace) -> tuple[Subject, str]:
    if isinstance(place, CardPlace):
        return "document", place.document
    row = conn.execute("select id from unit where seq = ?", (place.unit,)).fetchone()
    return "unit", str(row[0]) if row else ""


def spread(
    store: Store, decisions: Sequence[Candidate], at: str, *, most: int
) -> tuple[int, list[str]]:
    """Copy decisions to the same sentences in copies, in one transaction.

    In order, until about ``most`` copies are made; gives how many of the decisions were gone
    through, and the uuids of the copies. A sentence on which the coder has decided is left as it
    is.
    """
    gone = 0
    made: list[str] = []
    with store.write() as conn:
        while gone < len(decisions) and len(made) < most:
            made += _spread(conn, decisions[gone], at)
            gone += 1
    return gone, made


def _spread(conn: sqlite3.Connection, decision: Candidate, at: str) -> list[str]:
    row = conn.execute(
        f"select {SOURCE} from event e where uuid = ?"
        # The coder may have thought better of it since the candidates were read.
        " and exists (select 1 from coding where unit = ? and event = uuid)",
        (decision.uuid, decision.unit),
    ).fetchone()
    if row is None:
        return []
    copies = spreading.spread(conn, decision.unit, decision.coder, source_of(row).event)
    for unit, event in copies:
        place = Place(unit, decision.coder, event.round, event.pass_)
        told = Told(decision.coder, event, at)
        _maintain(conn, place, told, _insert(conn, told))
    return [event.uuid for _, event in copies]


def count(store: Store) -> int:
    """How many events the project holds."""
    return int(store.db.execute("select count(*) from event").fetchone()[0])


def last(store: Store) -> int:
    """The number of the newest event; 0 where there is none."""
    return int(store.db.execute("select coalesce(max(seq), 0) from event").fetchone()[0])


def decisions_since(store: Store, number: int, *, most: int = -1) -> int:
    """How many decisions were saved after the event of that number, undone ones included.

    Those that were copied from another one, or confirmed in a list of suggestions, do not count. No
    more than ``most`` are counted, unless that is negative.
    """
    row = store.db.execute(
        "select count(*) from (select 1 from event"
        " where seq > ? and subject = 'unit' and op = 'set' and arm not in (?, ?) limit ?)",
        (number, spreading.ARM, BULK, most),
    ).fetchone()
    return int(row[0])
