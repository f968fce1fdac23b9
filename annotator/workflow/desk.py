"""What the desk is told: the units that come, the coder's decisions, and whole articles."""

from __future__ import annotations

from typing import Any

from annotator.core.annotation import Decision
from annotator.core.order import order_of
from annotator.store import (
    Store,
    cards,
    codebooks,
    desk_units,
    done,
    lists,
    progress,
    queue,
    reading,
    spreading,
)
from annotator.store.cards import Card
from annotator.store.desk_units import DeskUnit
from annotator.store.reading import Piece
from annotator.store.seat import Seat
from annotator.store.speaking import Spoken
from annotator.workflow import boundaries, label_check, orders, policies, suggesting
from annotator.workflow.boundaries import Boundary
from annotator.workflow.projects import Project
from annotator.workflow.suggesting import Showing

PREFETCH = 40
"""Units sent ahead when the desk opens."""

SURE, LIKELY = 0.9, 0.8
"""From which confidence a speaker is sure or likely; a coder should check what is below."""


def opening(
    project: Project, seat: Seat, *, after: int = 0, want: int = PREFETCH
) -> dict[str, Any]:
    """The reply the desk opens with: units ahead, and the last decisions to step back into.

    Raises ``RejectedEventError`` where the seat names a list or an order that is not there.
    """
    check(project, seat)
    reply = upcoming(project, seat, after=after, want=want)
    recent = desk_units.recent(project.store, seat)
    answered = cards.recent(project.store, _beside(seat)) if _asks_of_articles(project) else []
    return reply | {
        "recent": _newest(project, seat, recent, answered),
        "lately": _lately(project, seat, recent, answered, reply),
        "held": reply["held"] | _held(project, seat, recent),
    }


def _newest(
    project: Project, seat: Seat, units: list[DeskUnit], answered: list[Card]
) -> list[dict[str, Any]]:
    """The last decisions, on units and on articles, newest first."""
    items = _items(project, seat, units)
    told = [(unit.recorded, item) for unit, item in zip(units, items, strict=True)]
    told += [(card.recorded, _card(card)) for card in answered]
    newest = sorted(told, key=lambda one: one[0], reverse=True)
    return [item for _, item in newest[: max(len(units), len(answered))]]


def check(project: Project, seat: Seat) -> None:
    """Raise ``RejectedEventError`` where the seat names a list or an order that is not there."""
    if seat.list:
        lists.known(project.store, seat.list)
    elif seat.queue:
        orders.known(project, seat.queue)


def _beside(seat: Seat) -> Seat:
    """The seat for what goes by articles: an order is about sentences, and of all articles."""
    return seat._replace(queue=seat.list)


def list_of(project: Project, seat: Seat) -> dict[str, str | None] | None:
    """The list or order that is worked through, as the desk names it; None for neither.

    ``instead`` is what comes in the place of an order, as long as ``model`` is in force.
    """
    order = order_of(seat.queue)
    if order is not None:
        told = {"title": orders.title(project, order), "instead": orders.instead(project, order)}
        model = suggesting.engine(project.store)
        told |= {"name": seat.queue, "kind": "order"}
        return {**told, "model": model.model_id if model else None}
    if not seat.queue:
        return None
    found = lists.known(project.store, seat.queue)
    return {"name": found.name, "kind": found.kind, "title": found.heading}


def _lately(
    project: Project,
    seat: Seat,
    recent: list[DeskUnit],
    answered: list[Card],
    reply: dict[str, Any],
) -> list[dict[str, str]]:
    """What the desk can take back, oldest first, of all that it has before it."""
    units = [unit.unit_id for unit in recent] + [item["id"] for item in reply["next"]]
    undoable = done.lately(project.store, seat, units)
    if answered:
        undoable += cards.lately(project.store, seat, [card.document_id for card in answered])
    undoable.sort(key=lambda one: one.number)
    return [{"event": one.event, "unit": one.unit, "op": one.op} for one in undoable]


def upcoming(
    project: Project, seat: Seat, *, after: int, want: int, known: str = ""
) -> dict[str, Any]:
    """The next units after a cursor; nothing about the model where it is the ``known`` one.

    Before them come the cards of articles that the coder is through with.
    """
    units: list[DeskUnit] = []
    if want:
        ranking = orders.in_order(project, seat.queue)
        units = queue.next_units(project.store, seat, after=after, want=want, ranking=ranking)
    reply = _reply(project, seat, units, known)
    if want and _asks_of_articles(project):
        due = cards.due(project.store, _beside(seat))
        reply["next"] = [*map(_card, due), *reply["next"]]
    return reply


def one(project: Project, seat: Seat, unit_id: str) -> dict[str, Any]:
    """A reply with one unit, wherever it stands in the queue."""
    return _reply(project, seat, desk_units.unit(project.store, seat, unit_id))


def card(project: Project, seat: Seat, document_id: str) -> dict[str, Any]:
    """A reply with the card of one article, whether it is due or not."""
    reply = _reply(project, seat, [])
    reply["next"] = [_card(one) for one in cards.find(project.store, seat, [document_id])]
    return reply


def boundary(project: Project, seat: Seat, asked: Boundary) -> dict[str, Any]:
    """Split or join sentences, or take that back.

    The reply has the units that came in the place of those that are ``gone``, in order; how many
    units the document has; and the ``event``, by which it can be taken back. A preview has only
    the ``texts`` of the sentences as they would be. Raises ``RejectedEventError``.
    """
    if asked.preview:
        return {"texts": boundaries.draw(project, asked).texts}
    done = boundaries.change(project, asked, seat.coder)
    came = [unit for one in done.after for unit in desk_units.unit(project.store, seat, one.id)]
    return _reply(project, seat, came) | {
        "gone": [one.id for one in done.before],
        "document": done.document_id,
        "event": done.uuid,
    }


def set_aside(project: Project, seat: Seat, which: str) -> dict[str, Any]:
    """A reply with the units that were ``skipped`` or ``flagged``."""
    return _reply(project, seat, desk_units.set_aside(project.store, seat, which))


def _reply(project: Project, seat: Seat, units: list[DeskUnit], known: str = "") -> dict[str, Any]:
    engine = suggesting.engine(project.store)
    # Read before the units are: one that is put meanwhile is told with the next reply.
    wanted = policies.policy(project.store)
    far = progress.of(project.store, seat)
    reply = {
        "acks": [],
        "rejected": [],
        "next": _items(project, seat, units),
        "held": _held(project, seat, units),
        "progress": far._asdict(),
        # What comes next was fetched ahead: with another policy, the desk asks for it anew.
        "policy": wanted._asdict(),
        # A desk that knows an older scheme asks for this one.
        "scheme_id": codebooks.current_number(project.store),
        **label_check.at_the_end(project, seat, far),
    }
    if units and _asks_of_articles(project):
        articles = list(dict.fromkeys(unit.document_id for unit in units))
        reply["cards"] = [_card(one) for one in cards.ahead(project.store, seat, articles)]
    if engine is None or engine.model_id != known:
        # Some kilobytes, which every save would carry.
        reply["model"] = suggesting.readiness(engine)
    return reply


def _held(project: Project, seat: Seat, units: list[DeskUnit]) -> dict[str, list[dict[str, Any]]]:
    """The coder's stances in the documents of these units, by the document's id."""
    found = done.held(project.store, seat, {unit.document_id for unit in units})
    return {document: [one._asdict() for one in told] for document, told in found.items()}


def _items(project: Project, seat: Seat, units: list[DeskUnit]) -> list[dict[str, Any]]:
    if not units:
        return []
    model, showing = suggesting.engine(project.store), suggesting.showing(project, seat, units)
    scheme, copies = project.scheme, _copies(project.store, units)
    items = [
        _item(unit, shown, copies[unit.seq])
        | {"model_id": model.model_id if model else None}
        | {"candidates": suggesting.candidates(unit, model, scheme, shown.mode)}
        for unit, shown in zip(units, showing, strict=True)
    ]
    return label_check.as_reviewed(project, seat, items)


def _item(unit: DeskUnit, showing: Showing, copies: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": unit.unit_id,
        "subject": "unit",
        "cursor": unit.cursor,
        "document": _document(unit),
        "index": unit.position,
        "of": unit.units,
        "part": unit.part,
        **_voice(unit.spoken),
        "before": unit.before,
        "lead_in": unit.lead_in,
        "text": unit.text,
        "start": unit.start,
        "follow": unit.follow,
        **copies,
        "arm": showing.arm,
        "mode": showing.mode,
        "revealed": showing.revealed,
        "first": showing.first or None,
        "decision": _decision(unit.decision),
    }


def _card(card: Card) -> dict[str, Any]:
    """The card of an article, in the place of a unit: its text is the title."""
    return {
        "id": card.document_id,
        "subject": "document",
        "cursor": card.cursor,
        "due": card.due,
        "document": _document(card),
        "index": -1,  # it is no sentence of the article, and behind none
        "of": card.units,
        "text": card.title,
        "arm": "",
        "mode": "off",
        "model_id": None,
        "candidates": [],
        "decision": _decision(card.decision),
    }


def _document(of: DeskUnit | Card) -> dict[str, Any]:
    names = ("title", "source", "published", "place", "author", "url", "retired")
    return {"id": of.document_id} | {name: getattr(of, name) for name in names}


def _decision(decision: Decision) -> dict[str, Any] | None:
    said = decision.event or decision.memo or decision.flagged
    return decision.model_dump(mode="json") if said else None


def _asks_of_articles(project: Project) -> bool:
    return any(variable.unit == "document" for _, variable in project.scheme.variables())


def _copies(store: Store, units: list[DeskUnit]) -> dict[int, dict[str, Any]]:
    """How many copies of its document have each very sentence, and if a save decides it there."""
    found, always = spreading.copies(store, [one.seq for one in units]), spreading.is_always(store)
    return {
        unit: {"copies": number, "copied": bool(number) and always}
        for unit, number in found.items()
    }


def _voice(spoken: Spoken) -> dict[str, Any]:
    """Who speaks in a unit, and who does in its document."""
    speakers = [
        one._asdict() | {"certainty": certainty(one.confidence), "basis": spoken.basis}
        for one in spoken.speakers
    ]
    return {
        "voice": spoken.voice,
        "speakers": speakers,
        "set_by": spoken.set_by,
        "people": [one._asdict() for one in spoken.people],
        "alike": spoken.alike,
    }


def certainty(confidence: float | None) -> str:
    """How sure an attribution is, in a word; empty where nobody measured it.

    >>> certainty(0.95), certainty(0.8), certainty(0.79), certainty(None)
    ('sure', 'likely', 'check', '')
    """
    if confidence is None:
        return ""
    return "sure" if confidence >= SURE else "likely" if confidence >= LIKELY else "check"


def article(project: Project, seat: Seat, document_id: str) -> dict[str, Any] | None:
    """A whole article, paragraph by paragraph; None where there is no such document."""
    paragraphs = reading.article(project.store, seat, document_id)
    if paragraphs is None:
        return None
    told = [[_piece(piece) for piece in paragraph] for paragraph in paragraphs]
    return {"document": document_id, "paragraphs": told}


def _piece(piece: Piece) -> dict[str, Any]:
    fields = {"variable", "target", "holder", "code", "use"}
    answers = [answer.model_dump(mode="json", include=fields) for answer in piece.answers]
    return piece._asdict() | {"answers": answers}
