"""A model's proposed code for a unit: always with its score and the model that gave it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """One code a model scored for one unit.

    ``suggested`` is score ≥ the code's threshold; the desk's stricter gate plays no part in it.
    """

    id: str
    variable: str
    target: str
    code: str
    score: float
    suggested: bool
    threshold: float
    model_id: str
