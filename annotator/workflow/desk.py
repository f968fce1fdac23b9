"""What the desk is told: the scheme, the next units with suggestions, progress, articles, why."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from annotator.core.codebook import Code, Codebook, Scheme, Variable, ink
from annotator.learn.explain import explain
from annotator.learn.model import Column
from annotator.store import Store, queue
from annotator.store.queue import DeskUnit, Seat
from annotator.workflow import suggesting
from annotator.workflow.projects import Project
from annotator.workflow.suggesting import Engine

PREFETCH = 40
"""Units sent ahead when the desk opens."""


def scheme(project: Project) -> dict[str, Any]:
    """The scheme as the desk draws it."""
    return _scheme(project.scheme)


@lru_cache(maxsize=8)
def _scheme(current: Scheme) -> dict[str, Any]:
    return {
        "id": current.id,
        "moved": current.moved,
        "codebooks": [
            codebook.model_dump(mode="json", include={"name", "title", "description"})
            for codebook in current.codebooks
        ],
        "variables": [_variable(codebook, v) for codebook, v in current.variables()],
    }


def _variable(codebook: Codebook, variable: Variable) -> dict[str, Any]:
    told = variable.model_dump(
        mode="json", include={"name", "question", "unit", "choice", "required", "use", "holder"}
    )
    targets = variable.targets
    return told | {
        "codebook": codebook.name,
        "heading": variable.heading,
        "targets": None if targets is None else [t.model_dump(mode="json") for t in targets],
        "codes": [_code(code) for code in variable.answers],
    }


def _code(code: Code) -> dict[str, Any]:
    return code.model_dump(mode="json") | {"ink": ink(code.color) if code.color else None}


def opening(
    project: Project, seat: Seat, *, after: int = 0, want: int = PREFETCH
) -> dict[str, Any]:
    """The reply the desk opens with: units ahead, and the last decisions to step back into."""
    return upcoming(project, seat, after=after, want=want) | {
        "recent": [_item(project, unit) for unit in queue.recent(project.store, seat)]
    }


def upcoming(project: Project, seat: Seat, *, after: int, want: int) -> dict[str, Any]:
    """The next units after a cursor."""
    units = queue.next_units(project.store, seat, after=after, want=want) if want else []
    return _reply(project, seat, units)


def one(project: Project, seat: Seat, unit_id: str) -> dict[str, Any]:
    """A reply with one unit, wherever it stands in the queue."""
    return _reply(project, seat, queue.unit(project.store, seat, unit_id))


def set_aside(project: Project, seat: Seat, which: str) -> dict[str, Any]:
    """A reply with the units that were ``skipped`` or ``flagged``."""
    return _reply(project, seat, queue.set_aside(project.store, seat, which))


def _reply(project: Project, seat: Seat, units: list[DeskUnit]) -> dict[str, Any]:
    return {
        "acks": [],
        "rejected": [],
        "next": [_item(project, unit) for unit in units],
        "progress": queue.progress(project.store, seat)._asdict(),
        "model": suggesting.readiness(suggesting.engine(project.store)),
    }


def _item(project: Project, unit: DeskUnit) -> dict[str, Any]:
    model = suggesting.engine(project.store)
    arm = suggesting.arm(unit, project.seed, model)
    decision = unit.decision
    return {
        "id": unit.unit_id,
        "cursor": unit.seq,
        "document": {
            "id": unit.document_id,
            "title": unit.title,
            "source": unit.source,
            "published": unit.published,
            "place": unit.place,
            "author": unit.author,
            "url": unit.url,
        },
        "index": unit.position,
        "of": unit.units,
        "part": unit.part,
        "voice": unit.voice,
        "speaker": unit.speaker,
        "before": unit.before,
        "lead_in": unit.lead_in,
        "text": unit.text,
        "follow": unit.follow,
        "arm": arm,
        "model_id": model.model_id if model else None,
        "candidates": suggesting.candidates(unit, model, project.scheme, arm),
        "decision": decision.model_dump(mode="json")
        if decision.event or decision.memo or decision.flagged
        else None,
    }


def article(project: Project, seat: Seat, document_id: str) -> dict[str, Any] | None:
    """A whole article, paragraph by paragraph; None where there is no such document."""
    paragraphs = queue.article(project.store, seat, document_id)
    if paragraphs is None:
        return None
    told = [[piece._asdict() for piece in paragraph] for paragraph in paragraphs]
    return {"document": document_id, "paragraphs": told}


def why(project: Project, seat: Seat, unit_id: str, column: Column) -> dict[str, Any] | None:
    """What in the sentence speaks for or against one suggested code; None without a score.

    In a unit that is coded without suggestions there is nothing to explain either: the reason
    would give the score away.
    """
    model = suggesting.engine(project.store)
    found = queue.unit(project.store, seat, unit_id)
    if model is None or not found:
        return None
    return _why(project.store, model, found[0], column, project)


def _why(
    store: Store, model: Engine, unit: DeskUnit, column: Column, project: Project
) -> dict[str, Any] | None:
    arm = suggesting.arm(unit, project.seed, model)
    shown = [
        candidate
        for candidate in suggesting.candidates(unit, model, project.scheme, arm)
        if arm == "suggest"
        and (candidate["variable"], candidate["target"], candidate["code"]) == column
    ]
    if not shown:
        return None
    terms = explain(suggesting.loaded(store, model.model_id), unit.text, column)
    card = next(c for c in model.card["codes"] if (c["variable"], c["target"], c["code"]) == column)
    return {
        "score": shown[0]["score"],
        "threshold": card["threshold"],
        "model_id": model.model_id,
        "terms": [{"term": term, "weight": weight} for term, weight in terms],
    }
