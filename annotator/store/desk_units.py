"""Units as the desk shows them: with the text around, who speaks, and the coder's decision."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from annotator.core.annotation import BULK, Decision
from annotator.store import reviews, speaking, views
from annotator.store.catalogue import RETIRED_UNITS
from annotator.store.connection import Store
from annotator.store.seat import Seat
from annotator.store.speaking import Spoken
from annotator.store.views import NOTHING, Standing

LONGEST_CONTEXT = 4_000  # characters of context sent on each side of a unit


class Around(NamedTuple):
    """The text of a document, and where each of its paragraphs begins and ends in it."""

    text: str
    paragraphs: dict[int, tuple[int, int]]


class DeskUnit(NamedTuple):
    """One unit as the desk shows it, with the text around it and the coder's own decision.

    ``title`` is the document's, or the name of its file where none is known. A unit of a document
    that is ``retired`` is in no queue, and is shown to whoever names it. ``start`` is where it
    begins in the document's text, in code points. ``recorded`` is as in ``views.Standing``, or 0
    without one. ``cursor`` is its place in the queue; 0 where the queue is a list without it, and
    where it was not told by a ranking.
    """

    seq: int
    unit_id: str
    document_id: str
    title: str
    source: str
    published: str
    place: str
    author: str
    url: str
    position: int
    units: int
    part: str
    draw: float
    retired: bool
    before: str
    lead_in: str
    text: str
    follow: str
    start: int
    spoken: Spoken
    decision: Decision
    recorded: int
    cursor: int


UNITS = """
select u.seq, u.id, d.id, coalesce(nullif(d.title, ''), d.file), d.source, d.published, d.place,
    d.author, d.url, u.idx, d.units,
    u.part, u.draw, d.retired, u.text, u.start, u.end, u.paragraph
from unit u join document d on d.id = u.document_id
"""

_IN_QUEUE = "(?4 = '' or exists (select 1 from listed where list = ?4 and unit = c.unit))"
"""Of a coding ``c``, where the fourth parameter of the query is the seat's list."""


def unit(store: Store, seat: Seat, unit_id: str) -> list[DeskUnit]:
    """The one unit of that id, or none."""
    return shown(store, seat, store.db.execute(UNITS + "where u.id = ?", (unit_id,)))


def numbered(store: Store, seat: Seat, numbers: Sequence[int]) -> list[DeskUnit]:
    """The units of these numbers in their order; those that are not there are left out."""
    rows = store.db.execute(
        UNITS + "join json_each(?) j on j.value = u.seq order by j.key", (json.dumps(numbers),)
    ).fetchall()
    return shown(store, seat, rows)


def set_aside(store: Store, seat: Seat, which: str, *, most: int = 200) -> list[DeskUnit]:
    """The units of the queue that the coder ``skipped`` or ``flagged``, in document order."""
    wanted = {"skipped": "c.status = 'skipped'", "flagged": "c.flagged = 1"}
    rows = store.db.execute(
        UNITS + "join coding c on c.unit = u.seq where c.coder = ? and c.round = ?"
        f" and c.pass = ? and d.retired = 0 and {wanted[which]} and {_IN_QUEUE}"
        " order by u.seq limit ?",
        (*seat[:3], seat.list, most),
    ).fetchall()
    return shown(store, seat, rows)


def recent(store: Store, seat: Seat, *, most: int = 8) -> list[DeskUnit]:
    """The units of the queue decided last, newest first, without those set aside with another."""
    rows = store.db.execute(
        UNITS + "join (select c.unit, c.recorded from coding c join event e on e.uuid = c.event"
        " where c.coder = ? and c.round = ? and c.pass = ? and c.decided is not null"
        f" and e.origin is null and c.unit not in {RETIRED_UNITS} and {_IN_QUEUE}"
        f" and {reviews.through('?4')}"
        " order by c.recorded desc limit ?) c on c.unit = u.seq"
        " order by c.recorded desc",
        (*seat[:3], seat.list, most),
    ).fetchall()
    return shown(store, seat, rows)


def shown(
    store: Store,
    seat: Seat,
    rows: Iterable[tuple[Any, ...]],
    cursors: Mapping[int, int] | None = None,
) -> list[DeskUnit]:
    """The units of these rows of ``UNITS``, in their order; ``cursors`` by number where known."""
    found = list(rows)
    units = [row[0] for row in found]
    held = _on_the_desk(store, seat, units)
    heard = speaking.spoken(store.db.conn, units)
    cursors = _cursors(store, seat, units) if cursors is None else cursors
    around = _around(store, {row[2] for row in found})
    return [
        _desk_unit(
            *(row, around[row[2]], heard[row[0]]),
            held.get(row[0], NOTHING),
            cursors.get(row[0], 0),
        )
        for row in found
    ]


def _on_the_desk(store: Store, seat: Seat, units: Sequence[int]) -> dict[int, Standing]:
    """What the coder holds about these units; what was only confirmed in a list is undecided."""
    held = views.standing(store.db.conn, views.UNITS, seat, units)
    confirmed = store.db.execute(
        "select unit from coding where coder = ? and round = ? and pass = ? and arm = ?"
        " and unit in (select value from json_each(?))",
        (*seat[:3], BULK, json.dumps(list(units))),
    )
    for (number,) in confirmed.fetchall():
        said = held[number].decision
        undecided = Decision(memo=said.memo, flagged=said.flagged)
        held[number] = held[number]._replace(decision=undecided)
    return held


def _cursors(store: Store, seat: Seat, units: Sequence[int]) -> dict[int, int]:
    """The place of each unit in the queue; none where only a ranking tells it."""
    if not seat.queue:
        return {number: number for number in units}
    rows = store.db.execute(
        "select unit, position from listed where list = ?"
        " and unit in (select value from json_each(?))",
        (seat.queue, json.dumps(list(units))),
    )
    return dict(rows.fetchall())


def _desk_unit(
    row: tuple[Any, ...], around: Around, spoken: Spoken, standing: Standing, cursor: int
) -> DeskUnit:
    *head, retired, text, start, end, paragraph = row
    before, lead_in, follow = _context(around, paragraph, start, end)
    told = (before, lead_in, text, follow, start)
    return DeskUnit._make((*head, bool(retired), *told, spoken, *standing, cursor))


def _around(store: Store, documents: Iterable[str]) -> dict[str, Around]:
    """What stands around the units of these documents; read once, since units share theirs."""
    asked = json.dumps(list(documents))
    found = {
        id_: Around(text, {})
        for id_, text in store.db.execute(
            "select id, text from document where id in (select value from json_each(?))", (asked,)
        ).fetchall()
    }
    for id_, paragraph, start, end in store.db.execute(
        "select document_id, paragraph, min(start), max(end) from unit"
        " where document_id in (select value from json_each(?)) group by 1, 2",
        (asked,),
    ).fetchall():
        found[id_].paragraphs[paragraph] = (start, end)
    return found


def _context(around: Around, paragraph: int, start: int, end: int) -> tuple[str, str, str]:
    """The paragraph before, and this paragraph's text before and after the unit."""
    text, paragraphs = around
    first, last = paragraphs[paragraph]
    begun, ended = paragraphs.get(paragraph - 1, (0, 0))
    return (
        text[max(begun, ended - LONGEST_CONTEXT) : ended],
        text[max(first, start - LONGEST_CONTEXT) : start],
        text[end : min(last, end + LONGEST_CONTEXT)],
    )
