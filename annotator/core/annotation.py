"""What coders do, as events; and the current view of it, which is folded from the events."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from annotator.core.codebook import Scheme, Use, Variable
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


def fault_in(event: Event, scheme: Scheme) -> str | None:
    """Why the scheme cannot take this event, in one sentence; None when it can."""
    if event.op == "retract" and not event.ref:
        return "an undo must name the event it takes back"
    if event.op == "memo" and event.memo is None:
        return "a memo event must carry its text"
    if event.op == "flag" and event.flagged is None:
        return "a flag event must say whether the flag is up"
    if event.seconds is not None and not math.isfinite(event.seconds):
        return "the seconds spent must be a finite number"
    return (
        _fault_in_first(event)
        or _fault_in_card(event, scheme)
        or _fault_in_speaker(event)
        or _fault_in_asked(event, scheme)
        or _fault_in_answers(event, scheme)
        or _missing_answer(event, scheme)
    )


def _fault_in_first(event: Event) -> str | None:
    if event.op == "reveal" and not event.first:
        return "a reveal must name the answer that was given before it"
    if event.op == "reveal" and event.answers:
        return "a reveal carries no answers; they belong to the decisions before and after it"
    if event.first and event.op not in ("set", "reveal"):
        return "only an answer or a reveal can name the answer that was given before"
    return None


def _fault_in_card(event: Event, scheme: Scheme) -> str | None:
    if event.subject == "unit":
        return None
    if event.op == "speaker":
        return "who speaks is said of a sentence, not of a whole article"
    if event.first:
        return "nothing is suggested for a whole article, so that nothing can be revealed"
    if any(answer.spans for answer in event.answers):
        return "evidence is marked in sentences, not on an article card"
    asked = any(variable.unit == "document" for _, variable in scheme.variables())
    if event.op in STATUS_OF and not asked:
        return "this codebook asks nothing about whole articles"
    return None


def _fault_in_speaker(event: Event) -> str | None:
    if event.op != "speaker":
        return None
    if event.voice is None:
        return "who speaks must come with a voice: author, direct, indirect or mixed"
    if event.voice == "author" and event.speakers:
        return "where the author speaks, nobody else can be named; choose another voice"
    if any(not name.strip() for name in event.speakers):
        return "a speaker has no name; write one, or choose the author"
    if len(set(event.speakers)) < len(event.speakers):
        return "a speaker is named twice; name each of them once"
    return None


def _fault_in_answers(event: Event, scheme: Scheme) -> str | None:
    given: dict[tuple[str, str, str], list[Answer]] = {}
    for answer in event.answers:
        variable = scheme.variable(answer.variable)
        if variable is None:
            return f"the codebook has no variable {answer.variable!r}"
        if fault := _fault_in_answer(answer, variable, event):
            return fault
        beside = given.setdefault((answer.variable, answer.target, answer.holder), [])
        beside.append(answer)
        if fault := _fault_together(beside, variable):
            return fault
    return None


def _fault_in_answer(answer: Answer, variable: Variable, event: Event) -> str | None:
    if answer.code not in {code.name for code in variable.answers}:
        return f"{variable.name}: the codebook has no code {answer.code!r}"
    if answer.target not in variable.target_names:
        known = ", ".join(filter(None, variable.target_names)) or "none"
        return f"{variable.name}: {answer.target!r} is not a target of this project, only {known}"
    if not asks(event.asked, variable.name, answer.target, answer.code):
        if variable.unit == ABOUT[event.subject]:
            return f"{variable.name}: has an answer and was not asked"
        what = "a whole article, on its card" if event.subject == "unit" else "single sentences"
        return f"{variable.name}: is asked of {what}; reload the page and answer it there"
    if answer.use not in variable.use:
        return f"{variable.name}: {answer.code} cannot be {answer.use}"
    if answer.holder != AUTHOR and not variable.holder:
        return f"{variable.name}: has no holder"
    if answer.explicit not in EXPLICIT:
        return f"{variable.name}: a stance is explicit or implied, not {answer.explicit!r}"
    if answer.confidence is not None and not 1 <= answer.confidence <= SUREST:
        return f"{variable.name}: confidence is 1 to {SUREST}, not {answer.confidence}"
    return None


def _fault_together(beside: list[Answer], variable: Variable) -> str | None:
    """What is wrong with several answers to one variable for one target and holder."""
    if len({(answer.code, answer.use) for answer in beside}) < len(beside):
        return f"{variable.name}: {beside[-1].code} is given twice"
    if len(beside) > 1 and variable.choice == "one":
        return f"{variable.name}: takes one code for each target and holder"
    alone = {code.name for code in variable.answers if code.exclusive}
    excluding = next((answer.code for answer in beside if answer.code in alone), None)
    if len(beside) > 1 and excluding:
        return f"{variable.name}: {excluding} excludes every other code"
    return None


def fault_in_spans(event: Event, start: int, end: int) -> str | None:
    """Why the unit ``[start, end)`` cannot hold the event's evidence; None when it can."""
    for answer in event.answers:
        last = start
        for begins, ends in answer.spans:
            said = f"{answer.variable}: the span {begins} to {ends}"
            if begins >= ends:
                return f"{said} is empty"
            if begins < start or ends > end:
                return f"{said} is outside its unit, {start} to {end}"
            if begins < last:
                return f"{said} overlaps another one of {answer.code}; make them one"
            last = ends
    return None


def _missing_answer(event: Event, scheme: Scheme) -> str | None:
    answered = {answer.variable for answer in event.answers}
    for _, variable in scheme.variables() if event.op == "set" else ():
        put = any(asks(event.asked, variable.name, name) for name in variable.target_names)
        missing = put and variable.required and variable.name not in answered
        if missing and variable.unit == ABOUT[event.subject]:
            return f"{variable.name}: is required"
    return None


def _fault_in_asked(event: Event, scheme: Scheme) -> str | None:
    if event.asked is None:
        return None
    known = {name for place in scheme.columns() for name in _names_asked(*place)}
    unknown = next((name for name in event.asked if name not in known), None)
    return f"the codebook cannot ask {unknown!r}" if unknown else None


def asks(
    asked: Collection[str] | None, variable: str, target: str = "", code: str | None = None
) -> bool:
    """Whether a decision that asked ``asked`` was about this variable and target.

    A variable's name stands for all of its targets, ``variable:target`` for one of them and
    ``variable:target:code`` for a single code, of which only those hear who ask about a ``code``;
    None is everything in the scheme. What was not asked is blank, never 0.

    >>> asks(None, "frame"), asks(("stance:ostravia",), "stance", "ostravia")
    (True, True)
    >>> asks(("stance:ostravia",), "stance", "velm"), asks(("stance",), "stance", "velm")
    (False, True)
    >>> asks(("frame::siege",), "frame", "", "siege"), asks(("frame::siege",), "frame")
    (True, False)
    """
    return asked is None or any(name in asked for name in _names_asked(variable, target, code))


def _names_asked(variable: str, target: str, code: str | None) -> tuple[str, ...]:
    """What an event may say to have asked this, from the whole variable down to one code."""
    place = f"{variable}:{target}"
    return (variable, place) if code is None else (variable, place, f"{place}:{code}")


def code_asked(variable: str, target: str, code: str) -> str:
    """How an event says that it asked about a single code.

    >>> code_asked("frame", "", "siege")
    'frame::siege'
    """
    return _names_asked(variable, target, code)[-1]


def codes_asked(scheme: Scheme, asked: Collection[str] | None) -> set[tuple[str, str, str]]:
    """Every ``(variable, target, code)`` of the scheme that was asked by itself."""
    return {
        place
        for place in scheme.columns()
        if asks(asked, *place) and not asks(asked, place[0], place[1])
    }


def as_asked(event: Event, scheme: Scheme) -> Event:
    """The event with what it asked, where the scheme has questions about whole articles.

    One that does not say so asks of a unit what is asked of sentences, and of a document what is
    asked of whole articles. Events that were kept before there were cards asked everything, and
    are left as they are.
    """
    if event.asked is not None or event.op not in STATUS_OF:
        return event
    variables = [variable for _, variable in scheme.variables()]
    here = [variable.name for variable in variables if variable.unit == ABOUT[event.subject]]
    if event.subject == "unit" and len(here) == len(variables):
        return event
    return event.model_copy(update={"asked": tuple(here)})


def places_asked(scheme: Scheme, asked: Collection[str] | None) -> set[tuple[str, str]]:
    """Every ``(variable, target)`` of the scheme that was asked."""
    return {place for place in _places(scheme) if asks(asked, *place)}


def asked_of(scheme: Scheme, places: Collection[tuple[str, str]]) -> tuple[str, ...] | None:
    """How an event says that it asked these ``(variable, target)``: as short as can be.

    Everything needs no words, unless part of it is about whole articles.
    """
    asked: list[str] = []
    whole = 0
    for _, variable in scheme.variables():
        put = [target for target in variable.target_names if (variable.name, target) in places]
        if len(put) == len(variable.target_names):
            whole += 1
            asked.append(variable.name)
        else:
            asked.extend(f"{variable.name}:{target}" for target in put)
    units = [variable.unit for _, variable in scheme.variables()]
    return None if whole == len(units) and "document" not in units else tuple(asked)


def _places(scheme: Scheme) -> Iterator[tuple[str, str]]:
    for _, variable in scheme.variables():
        for target in variable.target_names:
            yield variable.name, target


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
