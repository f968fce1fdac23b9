"""What the store tells about units and codings, as flat records that exports and training read."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

from pydantic_core import from_json

from annotator.core.annotation import Answer, Status

CARD = "document"
"""The part of what is said of a whole article."""


class UnitRecord(NamedTuple):
    """One unit with what is known of its document.

    Where coders spoke of the whole article, it stands for that: ``part`` is ``CARD``, the number 0,
    the text empty, and there is no position and paragraph.
    ``position`` counts the document's units from 0; ``draw`` in [0, 1) is the unit's place in the
    seeded permutation of the sampling frame. Voice and speaker are empty until they are found.
    """

    seq: int
    unit_id: str
    document_id: str
    file: str
    title: str
    source: str
    author: str
    published: str
    place: str
    url: str
    language: str
    cluster_id: str
    position: int | None
    paragraph: int | None
    part: str
    start: int
    end: int
    text: str
    draw: float
    voice: str
    speaker: str
    speaker_basis: str
    speaker_mode: str
    speaker_confidence: float | None
    annotated: bool

    @property
    def subject(self) -> str:
        """What an event about it names: the unit, or the document."""
        return self.document_id if self.is_card else self.unit_id

    @property
    def is_card(self) -> bool:
        """Whether it stands for the whole article."""
        return self.part == CARD


class Scored(NamedTuple):
    """A candidate as it was recorded; light, because a large project has them by the million."""

    variable: str
    target: str
    code: str
    score: float
    above: bool
    shown: bool


class Candidates:
    """Every code that a model had scored when a decision was made, as the event keeps them.

    Read only when somebody asks: they are most of a project file, and an export of labels wants
    the scores of the few codes that were given.
    """

    __slots__ = ("_stored",)

    def __init__(self, stored: str | None = None) -> None:
        """Take a JSON list of ``[variable, target, code, score, above, shown]``."""
        self._stored = stored or "[]"

    def __iter__(self) -> Iterator[Scored]:
        return map(Scored._make, self._read())

    def scores(self, codes: Collection[str]) -> dict[tuple[str, str, str], tuple[float, bool]]:
        """Of these codes the score and whether it was shown, by variable, target and code."""
        return {(v, t, c): (p, shown) for v, t, c, p, _, shown in self._read() if c in codes}

    def _read(self) -> list[list[Any]]:
        # pydantic's reader is twice as fast as json's.
        read: list[list[Any]] = from_json(self._stored)
        return read


class CodingRecord(NamedTuple):
    """What one coder currently holds about one unit in one round and pass, decided.

    ``decision_id`` is the uuid of the event that decided it; ``scheme`` is the scheme in force
    then, which says what was asked; where only part of it was, ``asked`` says which part (read it
    with ``annotation.asks``). ``sample_plan`` drew the unit, with ``inclusion_probability``.
    ``first`` is the uuid of the answer that was given before the suggestions were revealed, empty
    where they were not.
    """

    unit: UnitRecord
    coder: str
    layer: str
    round: str
    pass_: int
    arm: str
    status: Status
    decision_id: str
    scheme: int
    answers: tuple[Answer, ...]
    memo: str
    flagged: bool
    decided_at: str
    seconds: float | None
    model_id: str = ""
    candidates: Candidates = Candidates()
    asked: tuple[str, ...] | None = None
    sample_plan: str = ""
    inclusion_probability: float | None = None
    first: str = ""

    @property
    def is_blind(self) -> bool:
        """Whether it was made while no suggestion was, or had been, on screen."""
        return not self.first and not any(candidate.shown for candidate in self.candidates)


Place = tuple[str, str, str]
"""Variable, target and code."""


class RevealRecord(NamedTuple):
    """Suggestions that came into sight once the coder had answered, and both answers.

    ``decision_id`` is the decision that stands, ``first_decision_id`` the one before the reveal;
    where the coder changed nothing, they are the same. ``first`` and ``final`` are the codes that
    the two gave, ``candidates`` every code that the model ``model_id`` had scored.
    """

    decision_id: str
    first_decision_id: str
    unit_id: str
    coder: str
    round: str
    candidates: Candidates
    first: frozenset[Place]
    final: frozenset[Place]
    model_id: str
