"""The current view that events are folded into: what coders hold about units and whole articles."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

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
    def where(self) -> str:
        """The condition that takes a place as its four parameters."""
        return f"{self.key} = ? and coder = ? and round = ? and pass = ?"


UNITS = View("unit", "coding", "annotation", "span")
CARDS = View("document_id", "card", "card_annotation", "")


class Source(NamedTuple):
    """The event that a decision comes from, its number, and when the server heard of it."""

    number: int
    recorded_at: str
    event: Event


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
