"""Labels that come in beside what the same coder has already on a unit.

A ``set`` replaces the whole decision. Labels from a table answer only some of its questions, so
the event that records them repeats the coder's answers to the others, and says what was asked.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from annotator.core.annotation import AUTHOR, BULK, MAIN_ROUND, Answer, Event, Op, Subject
from annotator.core.asking import asked_of, places_asked
from annotator.core.codebook import Scheme
from annotator.core.records import CodingRecord
from annotator.store.spreading import ARM

NAMESPACE = uuid.UUID("0b0c54a5-3f0e-5a52-8d5c-6f5d1b7f9a10")

Asked = frozenset[tuple[str, str]]
"""The ``(variable, target)`` that somebody was asked about."""


class Labels(NamedTuple):
    """What a file says that one coder decided on one unit.

    Where the ``subject`` is a document, ``unit`` is the id of that.
    ``all_holders`` tells whether the file knows of holders; where it does not, the answers of
    quoted voices stay. ``further`` counts the spans of the answers that the file does not have.
    ``extra`` goes into the event as it is.
    """

    uuid: str
    coder: str
    unit: str
    scheme: Scheme
    asked: Asked
    answers: tuple[Answer, ...]
    op: Op = "set"
    subject: Subject = "unit"
    round: str = MAIN_ROUND
    pass_: int = 1
    decided_at: str = ""
    all_holders: bool = False
    further: int = 0
    extra: Mapping[str, Any] = {}

    @property
    def seat(self) -> tuple[str, str, str, int]:
        """Whose decision on which unit this is."""
        return self.coder, self.unit, self.round, self.pass_


def table_uuid(
    coder: str, unit: str, variable: str, asked: Iterable[str], answers: Iterable[Answer]
) -> str:
    """A name made of what was said alone, so that the same row twice is one event."""
    given = sorted((answer.target, answer.code) for answer in answers)
    content = json.dumps([coder, unit, variable, sorted(asked), given], ensure_ascii=False)
    return str(uuid.uuid5(NAMESPACE, content))


def seat_of(coding: CodingRecord) -> tuple[str, str, str, int]:
    """Whose decision on which unit a coding is."""
    return coding.coder, coding.unit.subject, coding.round, coding.pass_


def says_already(present: CodingRecord, schemes: Mapping[int, Scheme], labels: Labels) -> bool:
    """Whether the coder has exactly these answers to these questions."""
    if present.status != "coded" or labels.op != "set":
        return False
    before = places_asked(schemes[present.scheme], present.asked)
    replaced = {a for a in present.answers if _replaces(labels, a)}
    if labels.further:
        replaced = {_with_first_span(answer) for answer in replaced}
    return before >= labels.asked and replaced == set(labels.answers)


def adds_spans(present: CodingRecord, labels: Labels) -> bool:
    """Whether it is the decision that the coder has, with spans that were not in the file before.

    Of each answer the project has the first span then, as a file without the others gave it.
    """
    if present.decision_id != labels.uuid or present.status != "coded" or labels.further:
        return False
    told = [_with_first_span(answer) for answer in labels.answers]
    return set(present.answers) == set(told) != set(labels.answers)


def _with_first_span(answer: Answer) -> Answer:
    return answer.model_copy(update={"spans": answer.spans[:1]})


def with_spans(labels: Labels) -> Labels:
    """The same under a name of its own, to replace the decision that lacks its further spans."""
    return labels._replace(uuid=str(uuid.uuid5(NAMESPACE, f"{labels.uuid} spans")))


def is_older(labels: Labels, present: CodingRecord, schemes: Mapping[int, Scheme]) -> bool:
    """Whether the coder has decided the same questions later than the file says."""
    try:
        told = datetime.fromisoformat(labels.decided_at)
        older = told <= datetime.fromisoformat(present.decided_at)
    except (ValueError, TypeError):
        return False
    return older and bool(labels.asked & places_asked(schemes[present.scheme], present.asked))


def event_of(
    labels: Labels, present: CodingRecord | None, schemes: Mapping[int, Scheme]
) -> tuple[Event, bool]:
    """The event that records the labels and keeps the coder's answers to other questions.

    The second value tells whether the codebook has changed under the answers that are kept, so
    that codes it got since would count as asked.
    """
    if present is None or present.status != "coded" or present.arm == BULK or labels.op != "set":
        return _event(labels, labels.scheme, labels.asked, labels.answers, labels.extra), False
    before = schemes[present.scheme]
    others = places_asked(before, present.asked) - labels.asked
    kept = tuple(a for a in present.answers if not _replaces(labels, a))
    if not others and not kept:
        return _event(labels, labels.scheme, labels.asked, labels.answers, labels.extra), False
    scheme = _common(labels.scheme, before, labels.asked, others)
    renamed = labels._replace(uuid=merged_uuid(labels)) if labels.all_holders else labels
    extra = {
        "arm": present.arm,
        "candidates": tuple(
            one._asdict() | {"above": bool(one.above), "shown": bool(one.shown)}
            for one in present.candidates
        ),
        "model_id": present.model_id or None,
        "seconds": present.seconds,
    } | dict(labels.extra)
    if ARM in (present.arm, extra["arm"]):
        # What was copied even in part is no independent decision, and goes with no single origin.
        extra |= {"arm": ARM, "origin": None}
    event = _event(
        renamed, scheme or labels.scheme, labels.asked | others, kept + labels.answers, extra
    )
    return event, scheme is None


def merged_uuid(labels: Labels) -> str:
    """The name of a decision once it is merged with another: it is no longer the one it was."""
    return str(uuid.uuid5(NAMESPACE, f"{labels.uuid} merged"))


def _replaces(labels: Labels, answer: Answer) -> bool:
    asked = (answer.variable, answer.target) in labels.asked
    return asked and (labels.all_holders or answer.holder == AUTHOR)


def _event(
    labels: Labels,
    scheme: Scheme,
    asked: Iterable[tuple[str, str]],
    answers: Sequence[Answer],
    extra: Mapping[str, Any],
) -> Event:
    content = {
        "uuid": labels.uuid,
        "op": labels.op,
        "subject": labels.subject,
        "unit": labels.unit,
        "scheme": scheme.id,
        "round": labels.round,
        "pass": labels.pass_,
        "client_at": labels.decided_at,
        "answers": tuple(answers),
        "asked": asked_of(scheme, set(asked)),
    }
    return Event.model_validate(content | dict(extra))


def _common(
    new: Scheme, before: Scheme, asked: Asked, others: set[tuple[str, str]]
) -> Scheme | None:
    """The scheme under which both decisions were asked the same codes as under their own."""
    if _codes(new, others) == _codes(before, others):
        return new
    return before if _codes(before, asked) == _codes(new, asked) else None


def _codes(scheme: Scheme, places: Iterable[tuple[str, str]]) -> set[tuple[str, str, str]]:
    wanted = set(places)
    return {column for column in scheme.columns() if column[:2] in wanted}
