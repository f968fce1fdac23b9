"""What coders do, as events; and the current view of it, which is folded from the events."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from annotator.core.codebook import Use
from annotator.core.voice import Voice

Op = Literal["set", "retract", "skip", "not_codable", "flag", "memo", "speaker", "reveal"]
"""What a desk may send about a unit. Later parts add their own; the store does not restrict it."""

Status = Literal["coded", "skipped", "not_codable"]

STATUS_OF: dict[str, Status] = {"set": "coded", "skip": "skipped", "not_codable": "not_codable"}

Subject = Literal["unit", "document"]

ABOUT: dict[Subject, Literal["sentence", "document"]] = {"unit": "sentence", "document": "document"}
"""The ``unit`` of the variables that are asked about each subject of an event."""

AUTHOR = ""
"""The holder of a stance nobody is quoted for: the author of the article."""

MAIN_ROUND = "main"

SUGGEST, CHECK, BULK = "suggest", "check", "bulk"
"""Arms: suggestions may be shown; a label that the model doubted is looked at again; confirmed in a
list that was made of suggestions."""

LONGEST_MEMO = 10_000

LARGEST_NUMBER = 2**31 - 1  # what any database column and any statistics package holds

NO_NUL = r"^[^\x00]*$"  # a NUL ends a cell in most programs that read the exports

Text = Annotated[str, StringConstraints(max_length=300, pattern=NO_NUL)]

Whole = Annotated[int, Field(ge=-LARGEST_NUMBER, le=LARGEST_NUMBER)]

Place = Annotated[int, Field(ge=0, le=LARGEST_NUMBER)]

Span = Annotated[tuple[Place, Place], Field(strict=False)]
"""Evidence: ``[start, end)`` in code points of the document's text."""

MOST_SPANS = 50

Spans = Annotated[
    tuple[Span, ...],
    Field(max_length=MOST_SPANS, strict=False),
    AfterValidator(lambda spans: tuple(sorted(spans))),
]
"""All the evidence of one answer, in the order of the text."""

EXPLICIT = ("", "explicit", "implied")
"""Whether a stance is said in so many words; empty where it was not judged."""

SUREST = 3
"""Of how sure a coder is: 1 is unsure, 2 fairly sure, 3 sure."""


class Answer(BaseModel):
    """One code given to one variable, for one target and holder, with the words it rests on.

    ``explicit`` is one of ``EXPLICIT``, ``confidence`` 1 to ``SUREST``, or None where the coder
    did not say.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    variable: Text
    code: Text
    target: Text = ""
    holder: Text = AUTHOR
    holder_type: Text = ""
    use: Use = "asserted"
    explicit: Text = ""
    confidence: Whole | None = None
    spans: Spans = ()


class Candidate(BaseModel):
    """One code a model scored for the unit, whether or not the coder saw it.

    ``above`` says whether the score reached the code's threshold, ``shown`` whether the
    suggestion was on the coder's screen.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    variable: Text
    target: Text = ""
    code: Text
    score: Annotated[float, Field(ge=0, le=1)]
    above: bool
    shown: bool


class Event(BaseModel):
    """One thing a coder did. Never edited, never deleted: undo is an event of its own.

    ``unit`` is the unit it is about, or the document where ``subject`` says so. ``set`` replaces
    the whole decision on the unit; ``retract`` takes the event ``ref`` back, and with it the
    events that name ``ref`` as their ``origin``. ``client_at`` is the coder's clock, ISO 8601 with
    zone; ``seconds`` the time spent. ``asked`` is what a ``set`` was asked, where that is not
    everything in the scheme; see ``asks`` and ``as_asked``. ``queue`` is the list of units that
    the coder worked through, empty for the whole project. ``speaker`` corrects who speaks in the
    unit: its ``voice``, and ``speakers`` by name. ``reveal`` says that the suggestions came into
    sight after the ``set`` that ``first`` names, and decides nothing; a ``set`` with a ``first``
    is the answer that the coder gave after that.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    uuid: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z][0-9A-Za-z_.:-]{7,63}$")]
    op: Op
    unit: Text
    scheme: Whole
    round: Text = MAIN_ROUND
    # "pass" is Python's word, so the field is called pass_ inside and "pass" in every table.
    pass_: Annotated[int, Field(alias="pass", ge=1, le=LARGEST_NUMBER)] = 1
    arm: Text = ""
    answers: Annotated[tuple[Answer, ...], Field(max_length=500, strict=False)] = ()
    candidates: Annotated[tuple[Candidate, ...], Field(max_length=2000, strict=False)] = ()
    model_id: Text | None = None
    memo: Annotated[str, StringConstraints(max_length=LONGEST_MEMO, pattern=NO_NUL)] | None = None
    flagged: bool | None = None
    rest: bool = False
    ref: Text | None = None
    origin: Text | None = None
    client_at: Text = ""
    seconds: Annotated[float, Field(ge=0)] | None = None
    asked: Annotated[tuple[Text, ...], Field(max_length=500, strict=False)] | None = None
    subject: Subject = "unit"
    queue: Text = ""
    voice: Voice | None = None
    speakers: Annotated[tuple[Text, ...], Field(max_length=20, strict=False)] = ()
    first: Text | None = None


class Decision(BaseModel):
    """What one coder currently holds about one unit; ``event`` is the uuid that last decided it."""

    model_config = ConfigDict(frozen=True)

    event: str | None = None
    status: Status | None = None
    answers: tuple[Answer, ...] = ()
    memo: str = ""
    flagged: bool = False


def fold(events: Iterable[Event]) -> Decision:
    """The current decision that a unit's events of one coder, round and pass add up to.

    Events come in the order they were recorded. A retracted event counts as never made, so
    undoing a second decision brings the first one back.
    """
    told = list(events)
    undone = {event.ref for event in told if event.op == "retract"}
    decision = Decision()
    for event in told:
        if event.uuid in undone or (event.origin in undone and event.origin is not None):
            continue
        change: dict[str, object] = {}
        if event.op in STATUS_OF:
            answers = event.answers if event.op == "set" else ()
            change = {"event": event.uuid, "status": STATUS_OF[event.op], "answers": answers}
        if event.memo is not None:
            change["memo"] = event.memo
        if event.flagged is not None:
            change["flagged"] = event.flagged
        decision = decision.model_copy(update=change)
    return decision
