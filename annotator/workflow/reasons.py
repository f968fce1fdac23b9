"""Why a code is suggested: its words, the sentences around, and the nearest ones coded before."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Any

from annotator.core.annotation import SUGGEST
from annotator.core.asking import asks
from annotator.learn.explain import explain
from annotator.learn.model import Column
from annotator.learn.precedents import Wording
from annotator.learn.sampling import arm_of
from annotator.store import Store, codebooks, desk_units, events, precedents
from annotator.store.desk_units import DeskUnit
from annotator.store.precedents import Precedent
from annotator.store.seat import Seat
from annotator.workflow import neighbours, overview, policies, suggesting
from annotator.workflow.projects import Project
from annotator.workflow.suggesting import Engine

MOST = 3
"""Precedents that are told."""

AT_FIRST, FURTHER = 16, 4
"""Units near in wording that are looked at first, and how many times more each time after that."""


def why(project: Project, seat: Seat, unit_id: str, column: Column) -> dict[str, Any] | None:
    """What speaks for one suggested code and against it, and its precedents; None without a score.

    The model in force explains what it would say now. Where the coder may not see suggestions, or
    not yet, there is nothing to explain either: the reason would give the score away.
    """
    store, model = project.store, suggesting.engine(project.store)
    found = desk_units.unit(store, seat, unit_id)
    if model is None or not any(one.in_sight for one in suggesting.showing(project, seat, found)):
        return None
    (unit,) = found
    scores = suggesting.candidates(unit, model, project.scheme, "shown")
    score = next((one["score"] for one in scores if _column(one) == column), None)
    if score is None:
        return None
    card = next(code for code in model.card["codes"] if _column(code) == column)
    return {
        "score": score,
        "shown_from": card["desk_threshold"],
        "model_id": model.model_id,
        **_spoken(store, model, unit, column),
        "precedents": [
            _told(project, one, column) for one in _nearest(project, seat, unit, column)
        ],
    }


def nothing(project: Project, seat: Seat, unit_id: str, column: Column) -> str:
    """Why there is nothing to explain, in a sentence or two."""
    model = suggesting.engine(project.store)
    if model is None:
        return f"There is no model yet. {overview.until_training(project.store)}".strip()
    if column not in project.scheme.columns():
        return "This code was taken out of the codebook, so that there is nothing to explain."
    if column not in map(_column, model.card["codes"]):
        return "The model in force does not know this code yet."
    found = desk_units.unit(project.store, seat, unit_id)
    if any(one.mode == "reveal" for one in suggesting.showing(project, seat, found)):
        return "You see it after your own answer."
    return "There is no suggestion to explain."


def _column(of: Mapping[str, Any]) -> Column:
    return Column(of["variable"], of["target"], of["code"])


def _spoken(store: Store, model: Engine, unit: DeskUnit, column: Column) -> dict[str, Any]:
    """The words of the sentence, the sentences around it, and all else."""
    found = explain(
        suggesting.loaded(store, model.model_id),
        unit.text,
        column,
        near=neighbours.near_unit(store, unit.unit_id),
    )
    return found._asdict() | {"words": [word._asdict() for word in found.words]}


# --- precedents -----------------------------------------------------------------------------


class _Memory:
    """The wording of what was coded in one project, brought up as decisions come."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._wording: Wording | None = None
        self._last = 0

    def brought_up(self, store: Store) -> Wording:
        """With all that was coded until now; only coded texts are ever read."""
        with self._lock:
            last = events.last(store)
            if self._wording is None or last < self._last:  # put back from a backup meanwhile
                self._wording = Wording.of(precedents.texts(store))
            elif last > self._last:
                more = precedents.texts_since(store, self._last)
                self._wording = self._wording.with_more(more)
            self._last = last
            return self._wording


@lru_cache(maxsize=4)
def _memory(_store: Store) -> _Memory:
    return _Memory()


def _nearest(project: Project, seat: Seat, unit: DeskUnit, column: Column) -> list[list[Precedent]]:
    """The decisions on the nearest units in which this code was asked, unit by unit.

    Units of the same words and the same verdict are told once.
    """
    store, control = project.store, policies.policy(project.store).control
    known = [n for n, scheme in codebooks.schemes(store).items() if column in scheme.columns()]
    found: dict[tuple[str, frozenset[str]], list[Precedent]] = {}
    near = _memory(store).brought_up(store).nearest(unit.text).tolist()
    for batch in _batches(near):
        decided = precedents.decisions(
            store, seat, batch, here=unit.seq, variable=column.variable, schemes=known
        )
        for _, told in groupby(decided, key=lambda one: one.unit):
            these = [
                one
                for one in told
                if asks(one.asked, column.variable, column.target)
                and (one.own or _is_open(project, one, control))
            ]
            if these:
                said = (these[0].text, frozenset(_given(one, column) for one in these))
                found.setdefault(said, these)
        if len(found) >= MOST:
            break
    return list(found.values())[:MOST]


def _batches(units: Sequence[int]) -> Iterator[Sequence[int]]:
    at, size = 0, AT_FIRST
    while at < len(units):
        yield units[at : at + size]
        at, size = at + size, size * FURTHER


def _is_open(project: Project, one: Precedent, control: float) -> bool:
    """Whether a coder who has still to code the unit may see what others said of it.

    Not where it is coded without suggestions: another coder's answer would be one.
    """
    return arm_of(one.unit_id, project.seed, one.draw, control) == SUGGEST


def _given(one: Precedent, column: Column) -> str:
    """How the code was given there: asserted, rejected, or empty where it was not."""
    uses = {answer.use for answer in one.answers if _column(dict(answer)) == column}
    return "asserted" if "asserted" in uses else "rejected" if uses else ""


def _told(project: Project, told: Sequence[Precedent], column: Column) -> dict[str, Any]:
    one = told[0]
    return {
        "unit": one.unit_id,
        "text": one.text,
        "title": one.title,
        "source": one.source,
        "published": one.published,
        "decisions": [_decision(project, each, column) for each in told],
    }


def _decision(project: Project, one: Precedent, column: Column) -> dict[str, Any]:
    """One coder's verdict there, and their other answers to the same question."""
    scheme = codebooks.scheme(project.store, one.scheme)
    book = next(book for book, variable in scheme.variables() if variable.name == column.variable)
    fields = {"variable", "target", "holder", "code", "use"}
    others = [answer for answer in one.answers if _column(dict(answer)) != column]
    return {
        "coder": one.coder,
        "at": one.decided_at,
        "codebook": book.name,
        "version": book.version,
        "given": _given(one, column),
        "others": [answer.model_dump(mode="json", include=fields) for answer in others],
    }
