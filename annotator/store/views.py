"""The current view that events are folded into: what coders hold about units and whole articles."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from annotator.core.annotation import Answer, Decision, Event


class Place(NamedTuple):
    """Whose view of which unit: the key of ``coding``."""

    unit: int
    coder: str
    round: str
    pass_: int


class CardPlace(NamedTuple):
    """Whose view of which whole article: the key of ``card``."""

    document: str
    coder: str
    round: str
    pass_: int


_ANSWER = ("variable", "target", "holder", "code", "use", "holder_type", "explicit", "confidence")

OF_ANSWER = (
    "(s.unit, s.coder, s.round, s.pass, s.variable, s.target, s.holder, s.code, s.use)"
    " = (a.unit, a.coder, a.round, a.pass, a.variable, a.target, a.holder, a.code, a.use)"
)
"""Of a ``span s``: it is evidence of the ``annotation a``."""

_EVIDENCE = f"(select json_group_array(json_array(s.start, s.end)) from span s where {OF_ANSWER})"


class View(NamedTuple):
    """The tables of one view; ``key`` is the column of what a decision is about.

    ``tables`` are those of the answers, and ``evidence`` the one of the words they rest on, which
    answers about whole articles have not.
    """

    key: str
    decisions: str
    answers: str
    evidence: str

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables of what was answered."""
        return (self.answers, self.evidence) if self.evidence else (self.answers,)

    @property
    def answer(self) -> str:
        """What ``answer_of`` takes of a row ``a`` of the answers; last its evidence, as JSON."""
        evidence = _EVIDENCE if self.evidence else "'[]'"
        return ", ".join([*(f"a.{name}" for name in _ANSWER), evidence])

    @property
    def where(self) -> str:
        """The condition that takes a place as its four parameters."""
        return f"{self.key} = ? and coder = ? and round = ? and pass = ?"


UNITS = View("unit", "coding", "annotation", "span")
CARDS = View("document_id", "card", "card_annotation", "")


class Standing(NamedTuple):
    """What a coder holds in one place.

    ``recorded`` is the number of the event that decided it; before one did, of the first on it.
    """

    decision: Decision
    recorded: int


NOTHING = Standing(Decision(), 0)


class Source(NamedTuple):
    """The event that a decision comes from, its number, and when the server heard of it."""

    number: int
    recorded_at: str
    event: Event


SOURCE = (
    "e.seq, e.recorded_at, e.uuid, e.payload, e.scheme, e.round, e.pass, e.arm, e.ref, e.origin,"
    " e.client_at, e.seconds, e.subject, e.subject_id"
)
"""What ``source_of`` takes of an event ``e``."""


def source_of(row: Sequence[Any]) -> Source:
    """An event from the columns ``SOURCE``. Raises ``ValueError`` where it cannot be read."""
    number, at, id_, payload, scheme, round_, pass_, arm, ref, origin, client_at, *about = row
    seconds, subject, name = about
    told = json.loads(payload)
    if not isinstance(told, dict):
        raise ValueError("its payload is no object")
    told |= {"uuid": id_, "unit": name, "scheme": scheme, "round": round_, "pass": pass_}
    told |= {"arm": arm, "ref": ref, "origin": origin, "client_at": client_at, "subject": subject}
    return Source(number, at, Event.model_validate(told | {"seconds": seconds}))


def view_of(place: Place | CardPlace) -> View:
    """The view that has a row for this place."""
    return CARDS if isinstance(place, CardPlace) else UNITS


def decide(
    conn: sqlite3.Connection, place: Place | CardPlace, change: Decision, source: Source
) -> None:
    """Put a decision in the place of the one before; memo and flag stay as they are."""
    view, event = view_of(place), source.event
    conn.execute(
        f"insert into {view.decisions} ({view.key}, coder, round, pass, status, event, scheme, arm,"
        " decided_at, recorded, seconds) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        f" on conflict (coder, round, pass, {view.key}) do update set status = excluded.status,"
        " event = excluded.event, scheme = excluded.scheme, arm = excluded.arm,"
        " decided_at = excluded.decided_at, recorded = excluded.recorded,"
        " seconds = excluded.seconds",
        (
            *(*place, change.status, event.uuid, event.scheme, event.arm),
            *(decided_at(event.client_at, source.recorded_at), source.number, event.seconds),
        ),
    )
    _replace_answers(conn, place, change.answers)


def annotate_margin(conn: sqlite3.Connection, place: Place | CardPlace, number: int) -> None:
    """See that there is a row for a memo or a flag, which event ``number`` brings."""
    view = view_of(place)
    conn.execute(
        f"insert into {view.decisions} ({view.key}, coder, round, pass, recorded)"
        f" values (?, ?, ?, ?, ?) on conflict (coder, round, pass, {view.key}) do nothing",
        (*place, number),
    )


def remark(
    conn: sqlite3.Connection, place: Place | CardPlace, column: str, value: str | int
) -> None:
    """Set the memo or the flag."""
    view = view_of(place)
    conn.execute(f"update {view.decisions} set {column} = ? where {view.where}", (value, *place))


def put(
    conn: sqlite3.Connection, place: Place | CardPlace, decision: Decision, source: Source | None
) -> None:
    """Make the row and the answers of a place anew; there is no row where nothing was said."""
    view = view_of(place)
    conn.execute(f"delete from {view.decisions} where {view.where}", place)
    _replace_answers(conn, place, decision.answers)
    if source is None or decision == Decision():
        return
    event, decided = source.event, decision.event is not None
    conn.execute(
        f"insert into {view.decisions} ({view.key}, coder, round, pass, status, event, scheme, arm,"
        " memo, flagged, decided_at, recorded, seconds)"
        " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(*place, decision.status, decision.event, event.scheme if decided else None),
            *(event.arm if decided else "", decision.memo, int(decision.flagged)),
            *(decided_at(event.client_at, source.recorded_at) if decided else "", source.number),
            event.seconds if decided else None,
        ),
    )


def _replace_answers(
    conn: sqlite3.Connection, place: Place | CardPlace, answers: Sequence[Answer]
) -> None:
    view = view_of(place)
    for table in view.tables:
        conn.execute(f"delete from {table} where {view.where}", place)
    conn.executemany(
        f"insert into {view.answers} ({view.key}, coder, round, pass, variable, target, holder,"
        " code, use, holder_type, explicit, confidence, position)"
        " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (
                *(*place, a.variable, a.target, a.holder, a.code, a.use),
                *(a.holder_type, a.explicit, a.confidence, position),
            )
            for position, a in enumerate(answers)
        ),
    )
    if view.evidence:
        conn.executemany(
            f"insert into {view.evidence} ({view.key}, coder, round, pass, variable, target,"
            " holder, code, use, start, end) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (*place, a.variable, a.target, a.holder, a.code, a.use, *span)
                for a in answers
                for span in a.spans
            ),
        )


def decided_at(client_at: str, recorded_at: str) -> str:
    """When a decision was made: by the coder's clock, unless that runs ahead of the server's.

    A save that waited an hour offline keeps its own time; a clock that jumped ahead does not.
    """
    try:
        client = datetime.fromisoformat(client_at)
        return client_at if client <= datetime.fromisoformat(recorded_at) else recorded_at
    except (ValueError, TypeError):
        return recorded_at


def answer_of(row: Sequence[Any]) -> Answer:
    """An answer from the columns of ``View.answer``."""
    *told, spans = row
    fields: dict[str, Any] = dict(zip(_ANSWER, told, strict=True))
    evidence = tuple(sorted((start, end) for start, end in json.loads(spans)))
    return Answer.model_construct(**fields, spans=evidence)


def standing(
    conn: sqlite3.Connection, view: View, seat: Sequence[object], keys: Collection[Any]
) -> dict[Any, Standing]:
    """What a coder holds about these units, by number, or about these documents, by id.

    ``seat`` begins with coder, round and pass. What they said nothing about is not there.
    """
    chosen = (json.dumps(list(keys)), *seat[:3])
    among = f"{view.key} in (select value from json_each(?))"
    among += " and coder = ? and round = ? and pass = ?"
    answers: dict[Any, list[Answer]] = {}
    for key, *told in conn.execute(
        f"select a.{view.key}, {view.answer} from {view.answers} a where {among}"
        f" order by a.{view.key}, a.position",
        chosen,
    ):
        answers.setdefault(key, []).append(answer_of(told))
    rows = conn.execute(
        f"select {view.key}, event, status, memo, flagged, recorded from {view.decisions}"
        f" where {among}",
        chosen,
    )
    return {
        key: Standing(
            Decision(
                event=event,
                status=status,
                answers=tuple(answers.get(key, ())),
                memo=memo,
                flagged=bool(flagged),
            ),
            recorded,
        )
        for key, event, status, memo, flagged, recorded in rows
    }
