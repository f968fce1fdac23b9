"""What the desk is told, and what it adds to the codebook."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

from annotator.core.annotation import LONGEST_MEMO, NO_NUL, Text, Whole
from annotator.core.codebook import Code, Codebook, Scheme, Variable, ink
from annotator.core.errors import CodebookError
from annotator.exchange.codebook_edit import is_written
from annotator.learn.explain import explain
from annotator.learn.model import Column
from annotator.store import Store, codebooks, queue
from annotator.store.queue import DeskUnit, Seat
from annotator.workflow import editing, suggesting
from annotator.workflow.editing import Added
from annotator.workflow.projects import Project
from annotator.workflow.suggesting import Engine

PREFETCH = 40
"""Units sent ahead when the desk opens."""


class Addition(BaseModel):
    """What a coder adds to the codebook from the desk.

    A code is added to ``variable``, with ``title``, ``definition`` and a ``hotkey`` or none; a
    target needs a ``title`` alone; an example is the text of ``unit``, given to the ``code`` of
    ``variable``. ``scheme`` is the one the desk shows.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    add: Literal["code", "target", "example"]
    scheme: Whole
    variable: Text = ""
    code: Text = ""
    unit: Text = ""
    title: Text = ""
    definition: Annotated[str, StringConstraints(max_length=LONGEST_MEMO, pattern=NO_NUL)] = ""
    hotkey: Text | None = None


def add(project: Project, addition: Addition) -> dict[str, Any]:
    """Add to the codebook; the scheme from now on, and what was ``added``.

    ``new`` is false where it stood there already. Raises ``CodebookError``.
    """
    if codebooks.find_scheme(project.store, addition.scheme) is None:
        raise CodebookError([f"this project has no scheme {addition.scheme}; reload the page"])
    before = codebooks.current_number(project.store)
    added = _ADD[addition.add](project, addition)
    told = {"add": addition.add, "variable": addition.variable, **asdict(added)}
    current = scheme(project)
    return {"scheme": current, "added": told | {"new": current["id"] != before}}


def _add_code(project: Project, stated: Addition) -> Added:
    return editing.add_code(
        project, stated.variable, stated.title, stated.definition, hotkey=stated.hotkey
    )


def _add_target(project: Project, stated: Addition) -> Added:
    return editing.add_target(project, stated.title)


def _add_example(project: Project, stated: Addition) -> Added:
    found = queue.unit(project.store, Seat(coder=""), stated.unit)
    if not found:
        raise CodebookError([f"this project has no unit {stated.unit!r}"])
    return editing.add_example(project, stated.variable, stated.code, found[0].text)


_ADD: dict[str, Callable[[Project, Addition], Added]] = {
    "code": _add_code,
    "target": _add_target,
    "example": _add_example,
}


def scheme(project: Project) -> dict[str, Any]:
    """The scheme as the desk draws it, with the keys that are still free."""
    return _scheme(project.store, project.scheme)


@lru_cache(maxsize=8)
def _scheme(store: Store, current: Scheme) -> dict[str, Any]:
    written = {
        variable.name: is_written(codebook, variable.name)
        for codebook in codebooks.stored(store, current.id)
        for variable in codebook.variable
    }
    return {
        "id": current.id,
        "moved": current.moved,
        "free_keys": editing.free_keys(current),
        "codebooks": [
            codebook.model_dump(mode="json", include={"name", "version", "title", "description"})
            for codebook in current.codebooks
        ],
        "variables": [
            _variable(codebook, variable) | {"shared": not written[variable.name]}
            for codebook, variable in current.variables()
        ],
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


def upcoming(
    project: Project, seat: Seat, *, after: int, want: int, known: str = ""
) -> dict[str, Any]:
    """The next units after a cursor; nothing about the model where it is the ``known`` one."""
    units = queue.next_units(project.store, seat, after=after, want=want) if want else []
    return _reply(project, seat, units, known)


def one(project: Project, seat: Seat, unit_id: str) -> dict[str, Any]:
    """A reply with one unit, wherever it stands in the queue."""
    return _reply(project, seat, queue.unit(project.store, seat, unit_id))


def set_aside(project: Project, seat: Seat, which: str) -> dict[str, Any]:
    """A reply with the units that were ``skipped`` or ``flagged``."""
    return _reply(project, seat, queue.set_aside(project.store, seat, which))


def _reply(project: Project, seat: Seat, units: list[DeskUnit], known: str = "") -> dict[str, Any]:
    engine = suggesting.engine(project.store)
    reply = {
        "acks": [],
        "rejected": [],
        "next": [_item(project, unit) for unit in units],
        "progress": queue.progress(project.store, seat)._asdict(),
        # A desk that knows an older scheme asks for this one.
        "scheme_id": codebooks.current_number(project.store),
    }
    if engine is None or engine.model_id != known:
        # Some kilobytes, which every save would carry.
        reply["model"] = suggesting.readiness(engine)
    return reply


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
            "retired": unit.retired,
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
