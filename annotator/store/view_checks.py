"""Whether the current view is what folding its events gives, place by place.

Takes a connection of ``connection.reading`` and changes nothing.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar, get_args

from annotator.core.annotation import Answer, Op, fold
from annotator.store import views
from annotator.store.views import SOURCE, CardPlace, Place, View, answer_of, source_of

Spot = TypeVar("Spot", Place, CardPlace)

COLUMNS = ("status", "event", "scheme", "arm", "memo", "flagged", "decided_at", "recorded")
"""What the view says of a decision, in the order of ``Held.decision``; then the seconds."""

REF, ORIGIN = 8, 9
"""Where these two stand among the columns ``SOURCE``, for what is not made an event of."""


class Difference(NamedTuple):
    """One coder's view of one unit or article card that is not what their events say.

    Where an event itself cannot be read, the view is not ``mendable``.
    """

    place: Place | CardPlace
    unit: str
    what: str
    mendable: bool = True


class Held(NamedTuple):
    """What the view has of one place, or should have; ``loose`` spans belong to no answer."""

    decision: tuple[Any, ...]
    answers: tuple[Answer, ...]
    loose: int = 0


NOTHING = Held((None, None, None, "", "", 0, "", None, None), ())


def differences(conn: sqlite3.Connection) -> Iterator[Difference]:
    """Every place where the current view is not what folding its events gives."""
    units = dict(conn.execute("select seq, id from unit"))
    yield from _differences(_told_of_units(conn), _held_of_units(conn), units)
    articles = {row[0]: f"the card of {row[0]}" for row in conn.execute("select id from document")}
    yield from _differences(_told_on_cards(conn), _held_on_cards(conn), articles)


def _differences(
    told: Mapping[Spot, list[tuple[Any, ...]]],
    held: Mapping[Spot, Held],
    names: Mapping[Any, str],
) -> Iterator[Difference]:
    for place in sorted(told.keys() | held.keys()):
        try:
            due = _folded(told.get(place, []))
        except ValueError as fault:
            reason = f"an event of it cannot be read ({str(fault).splitlines()[0]})"
            yield Difference(place, names[place[0]], reason, mendable=False)
            continue
        here = held.get(place, NOTHING)
        if here != due:
            name = names.get(place[0], f"{place[0]}, which is not there")
            yield Difference(place, name, _what(here, due))


def _told_on_cards(conn: sqlite3.Connection) -> dict[CardPlace, list[tuple[Any, ...]]]:
    """The events of each article card in order, as ``SOURCE`` gives them."""
    found: dict[CardPlace, list[tuple[Any, ...]]] = {}
    for row in conn.execute(
        f"select e.subject_id, e.coder, e.round, e.pass, {SOURCE}"
        " from event e join document d on d.id = e.subject_id where e.subject = 'document'"
        " and e.op in (select value from json_each(?)) order by e.seq",
        (json.dumps(get_args(Op)),),
    ):
        found.setdefault(CardPlace(*row[:4]), []).append(row[4:])
    return found


def _told_of_units(conn: sqlite3.Connection) -> dict[Place, list[tuple[Any, ...]]]:
    """The events of each place in order; an undo belongs to all places that it undid."""
    rows = conn.execute(
        f"select u.seq, e.coder, e.round, e.pass, {SOURCE}"
        " from event e join unit u on u.id = e.subject_id where e.subject = 'unit' order by e.seq"
    ).fetchall()
    undone = {row[4:][REF]: row[4:] for row in rows if row[4:][REF] is not None}
    found: dict[Place, list[tuple[Any, ...]]] = {}
    for row in rows:
        found.setdefault(Place(*row[:4]), []).append(row[4:])
    for told in found.values():
        origins = {row[ORIGIN] for row in told} & undone.keys()
        told.extend(undone[origin] for origin in origins if undone[origin] not in told)
    return found


def _folded(rows: Sequence[tuple[Any, ...]]) -> Held:
    told = list(map(source_of, rows))
    decision = fold(source.event for source in told)
    margin = (decision.memo, int(decision.flagged))
    if decision.event is None:
        return Held((None, None, None, "", *margin, "", None, None), ())
    source = next(source for source in told if source.event.uuid == decision.event)
    event = source.event
    at = views.decided_at(event.client_at, source.recorded_at)
    about = (decision.status, decision.event, event.scheme, event.arm)
    return Held((*about, *margin, at, source.number, event.seconds), decision.answers)


def _held_on_cards(conn: sqlite3.Connection) -> dict[CardPlace, Held]:
    return _held(conn, views.CARDS, CardPlace._make)


def _held_of_units(conn: sqlite3.Connection) -> dict[Place, Held]:
    found = _held(conn, views.UNITS, Place._make)
    for *place, loose in conn.execute(
        "select unit, coder, round, pass, count(*) from main.span s where not exists"
        f" (select 1 from main.annotation a where {views.OF_ANSWER})"
        " group by unit, coder, round, pass"
    ):
        found[Place(*place)] = found.get(Place(*place), NOTHING)._replace(loose=loose)
    return found


def _held(
    conn: sqlite3.Connection, view: View, place_of: Callable[[Iterable[Any]], Spot]
) -> dict[Spot, Held]:
    answers: dict[Spot, list[Answer]] = {}
    for row in conn.execute(
        f"select a.{view.key}, a.coder, a.round, a.pass, {view.answer} from main.{view.answers} a"
        f" order by a.{view.key}, a.coder, a.round, a.pass, a.position"
    ):
        answers.setdefault(place_of(row[:4]), []).append(answer_of(row[4:]))
    # Until a decision, the number that the view keeps is that of whichever event came first.
    found = {
        place_of(row[:4]): Held(row[4:], tuple(answers.pop(place_of(row[:4]), ())))
        for row in conn.execute(
            f"select {view.key}, coder, round, pass, status, event, scheme, arm, memo, flagged,"
            " decided_at, case when status is not null then recorded end, seconds"
            f" from main.{view.decisions}"
        )
    }
    return found | {place: NOTHING._replace(answers=tuple(a)) for place, a in answers.items()}


def _what(here: Held, due: Held) -> str:
    told = [
        f"{name} is {_shown(is_)}, by its events {_shown(should)}"
        for name, is_, should in zip(
            (*COLUMNS, "seconds"), here.decision, due.decision, strict=True
        )
        if is_ != should
    ]
    told += [f"lacks {_named(answer)}" for answer in due.answers if answer not in here.answers]
    told += [f"has {_named(answer)}" for answer in here.answers if answer not in due.answers]
    if here.loose:
        told.append(f"has {here.loose} spans of no answer")
    return "; ".join(told) or "its answers stand in another order"


def _shown(value: object) -> str:
    return "nothing" if value in (None, "") else str(value)


def _named(answer: Answer) -> str:
    parts = (answer.variable, answer.target, answer.holder, answer.code)
    use = "" if answer.use == "asserted" else f" ({answer.use})"
    evidence = ", ".join(f"{start}-{end}" for start, end in answer.spans)
    return ": ".join(filter(None, parts)) + use + (f" by {evidence}" if evidence else "")
