"""What the model in force says about a unit, and which of it the desk may show.

Scores of all units lie beside the project as one memory-mapped array (unit × code); the web
process reads rows of it and never imports scikit-learn.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from annotator.core.annotation import SUGGEST
from annotator.core.codebook import Scheme
from annotator.learn import artefact
from annotator.learn.model import Model
from annotator.learn.sampling import RESERVED, Mode, Policy, arm_of, mode_of
from annotator.store import Store, jobs, reveals, reviews
from annotator.store.desk_units import DeskUnit
from annotator.store.reveals import Sight
from annotator.store.seat import Seat
from annotator.workflow import policies
from annotator.workflow.projects import Project

ABOUT_ENOUGH = 20  # positives after which most codes earn a place on the desk

APART = "apart.npy"
"""Of each unit, in the row of its number, how far two views of it differ."""

HINTS = "hints.npy"
"""Unit × code that the model has not learned, in the card's order: likeness to the code's words."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Engine:
    """One finished model as the desk uses it; row ``n`` of ``scores`` is the unit of seq ``n``."""

    model_id: str
    card: dict[str, Any]
    scores: np.ndarray

    @property
    def learned(self) -> int:
        """How many codes it suggests on the desk."""
        return sum(code["desk_threshold"] is not None for code in self.card["codes"])


def engine(store: Store) -> Engine | None:
    """The model in force; None while there is none, or where its scores are gone or damaged."""
    model_id = jobs.model_id(store)
    if model_id is None:
        return None
    try:
        found = scores_file(store, model_id).stat()
    except OSError:
        return None
    return _engine(store, model_id, (found.st_mtime_ns, found.st_size))


def scores_file(store: Store, model_id: str) -> Path:
    """Where a model's scores of the project's units lie."""
    return store.models / model_id / "scores.npy"


@lru_cache(maxsize=4)
def _engine(store: Store, model_id: str, _written: tuple[int, int]) -> Engine | None:
    """The model with its scores as they were written then; files put back are read anew."""
    card = jobs.card(store, model_id)
    place = scores_file(store, model_id)
    try:
        scores = np.load(place, mmap_mode="r", allow_pickle=False)
        fits = scores.dtype.kind == "f" and scores.shape[1:] == (len(card["codes"]),)
    except (OSError, ValueError, EOFError, AttributeError, KeyError) as fault:
        log.warning("%s cannot be read, so that nothing is suggested: %s", place, fault)
        return None
    if not fits:
        log.warning("%s is not of model %s, so that nothing is suggested", place, model_id)
        return None
    return Engine(model_id, card, scores)


@lru_cache(maxsize=2)
def loaded(store: Store, model_id: str) -> Model:
    """A model's arrays, for explaining its suggestions and for scoring new text."""
    return artefact.load(store.models / model_id)


class Showing(NamedTuple):
    """Whether one coder sees the suggestions of one unit.

    In the mode ``reveal`` they do once they have answered: then they are ``revealed``, and
    ``first`` is the uuid of that answer, empty where it was taken back since.
    """

    arm: str
    mode: Mode
    revealed: bool = False
    first: str = ""

    @property
    def in_sight(self) -> bool:
        """Whether suggestions may be seen now, and so may what speaks for them."""
        return self.mode == "shown" or self.revealed


def showing(project: Project, seat: Seat, units: Sequence[DeskUnit]) -> list[Showing]:
    """How the coder sees each unit: the one place that decides who may know a score.

    Where the seat's list is a check of labels, none of them shows anything.
    """
    if not units:
        return []
    store = project.store
    model, policy = engine(store), policies.policy(store)
    arms = [_arm(unit, project.seed, model, policy) for unit in units]
    if reviews.is_check(store, seat.list):
        return [Showing(arm, "off") for arm in arms]
    seen = reveals.sights(store, seat, [unit.unit_id for unit in units])
    return [
        _showing(seat.round, arm, policy, seen.get(unit.unit_id))
        for unit, arm in zip(units, arms, strict=True)
    ]


def _arm(unit: DeskUnit, seed: int, model: Engine | None, policy: Policy) -> str:
    """The arm the unit is coded in: the reserved random stream always, the others with a model."""
    if unit.draw < RESERVED:
        return "random"
    if model is None:
        return ""
    return arm_of(unit.unit_id, seed, unit.draw, policy.control)


def _showing(round_: str, arm: str, policy: Policy, sight: Sight | None) -> Showing:
    if sight is not None:
        # What was seen stays as it was seen, whatever is wanted since.
        return Showing(SUGGEST, "reveal" if sight.revealed else "shown", *sight)
    return Showing(arm, mode_of(round_, arm, policy))


def candidates(
    unit: DeskUnit, model: Engine | None, scheme: Scheme, mode: Mode
) -> list[dict[str, Any]]:
    """The score of every code of the scheme that has one; ``show`` where the desk may show it.

    In the mode ``reveal`` it may do so once the coder has answered.
    """
    if model is None or unit.seq >= len(model.scores):
        return []
    asked = set(scheme.columns())
    row = model.scores[unit.seq]
    found = []
    for code, score in zip(model.card["codes"], row.tolist(), strict=True):
        place = (code["variable"], code["target"], code["code"])
        if place not in asked or score != score:
            continue
        gate = code["desk_threshold"]
        found.append(
            {
                **dict(zip(("variable", "target", "code"), place, strict=True)),
                "score": round(score, 4),
                "above": score >= code["threshold"],
                "show": mode != "off" and gate is not None and score >= gate,
            }
        )
    return found


def readiness(model: Engine | None) -> dict[str, Any] | None:
    """What the desk tells of the model: per code, whether it has earned its suggestions."""
    if model is None:
        return None
    return {
        "id": model.model_id,
        "trained_on": model.card["trained_on"],
        "codes": [
            {
                "variable": code["variable"],
                "target": code["target"],
                "code": code["code"],
                "positives": code["positives"],
                "needed": ABOUT_ENOUGH,
                "ready": code["desk_threshold"] is not None,
            }
            for code in model.card["codes"]
        ],
    }
