"""What the store tells about units and codings, as flat records that exports and training read."""

from __future__ import annotations

from typing import NamedTuple

from annotator.core.annotation import Answer, Status


class UnitRecord(NamedTuple):
    """One unit with what is known of its document.

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
    position: int
    paragraph: int
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


class Scored(NamedTuple):
    """A candidate as it was recorded; light, because a large project has them by the million."""

    variable: str
    target: str
    code: str
    score: float
    above: bool
    shown: bool


class CodingRecord(NamedTuple):
    """What one coder currently holds about one unit in one round and pass, decided.

    ``decision_id`` is the uuid of the event that decided it; ``scheme`` is the scheme in force
    then, which says what was asked; where only part of it was, ``asked`` says which part (read it
    with ``annotation.asks``). ``candidates`` are all codes a model had scored.
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
    model_id: str
    candidates: tuple[Scored, ...]
    asked: tuple[str, ...] | None = None
