"""What a model was learned from: labels as they stood at one event, folded from the events."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from annotator.core.annotation import STATUS_OF, Decision, fold
from annotator.store.connection import Store
from annotator.store.views import SOURCE, Source, decided_at, source_of


class Label(NamedTuple):
    """One coder's decision on a unit as it stood ``then``, and what the coder holds ``now``.

    ``source`` is the event that decided it then. ``title`` is the document's, or the name of its
    file where none is known.
    """

    unit_id: str
    document_id: str
    title: str
    coder: str
    source: Source
    then: Decision
    now: Decision

    @property
    def decided_at(self) -> str:
        """When it was decided, as exports say it."""
        return decided_at(self.source.event.client_at, self.source.recorded_at)


class _Place(NamedTuple):
    """Whose events about which unit are folded together."""

    unit_id: str
    coder: str
    round: str
    pass_: int


def labels(store: Store, units: Sequence[str], last_event: int) -> Iterator[Label]:
    """What was coded in these units by that event: in the order of coding, then by coder."""
    told = _told(store, units)
    for unit_id, document_id, title in store.db.execute(
        "select u.id, d.id, coalesce(nullif(d.title, ''), d.file)"
        " from unit u join document d on d.id = u.document_id"
        " where u.id in (select value from json_each(?)) order by u.seq",
        (json.dumps(list(units)),),
    ).fetchall():
        for place, sources in sorted(told.get(unit_id, {}).items()):
            by_then = [one for one in sources if one.number <= last_event]
            then = fold(one.event for one in by_then)
            if then.status == "coded":
                decisive = next(one for one in by_then if one.event.uuid == then.event)
                now = fold(one.event for one in sources)
                yield Label(unit_id, document_id, title, place.coder, decisive, then, now)


def _told(store: Store, units: Sequence[str]) -> dict[str, dict[_Place, list[Source]]]:
    """The events that decide about these units or undo it, in order, by unit and by place."""
    rows = store.db.execute(
        f"select e.coder, {SOURCE} from event e where e.subject = 'unit'"
        " and e.subject_id in (select value from json_each(?))"
        " and e.op in (select value from json_each(?)) order by e.seq",
        (json.dumps(list(units)), json.dumps([*STATUS_OF, "retract"])),
    )
    found: dict[str, dict[_Place, list[Source]]] = {}
    for coder, *row in rows:
        source = source_of(row)
        event = source.event
        place = _Place(event.unit, coder, event.round, event.pass_)
        found.setdefault(event.unit, {}).setdefault(place, []).append(source)
    _undo_with_their_origin(store, found)
    return found


def _undo_with_their_origin(store: Store, found: dict[str, dict[_Place, list[Source]]]) -> None:
    """Add the undos of events on other units, from which some of these came."""
    told = [one for of_unit in found.values() for one in of_unit.values()]
    origins = {source.event.origin for sources in told for source in sources} - {None}
    rows = store.db.execute(
        f"select {SOURCE} from event e where e.op = 'retract'"
        " and e.ref in (select value from json_each(?))",
        (json.dumps(sorted(filter(None, origins))),),
    )
    undone = {source.event.ref: source for source in map(source_of, rows)}
    for sources in told:
        came_from = {source.event.origin for source in sources}
        sources.extend(undone[origin] for origin in came_from if origin in undone)


def numbers(store: Store, units: Sequence[str]) -> dict[str, int]:
    """The numbers of units by their ids; those that are not there are left out."""
    return dict(
        store.db.execute(
            "select id, seq from unit where id in (select value from json_each(?))",
            (json.dumps(list(units)),),
        )
    )


def names(store: Store, units: Sequence[int]) -> dict[int, str]:
    """The ids of units by their numbers; those that are not there are left out."""
    return dict(
        store.db.execute(
            "select seq, id from unit where seq in (select value from json_each(?))",
            (json.dumps(list(units)),),
        )
    )


def newest_unit(store: Store) -> int:
    """The highest number of any unit; -1 where there is none."""
    return int(store.db.execute("select coalesce(max(seq), -1) from unit").fetchone()[0])
