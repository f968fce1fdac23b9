"""Why a scheme, or a unit, cannot take an event."""

from __future__ import annotations

import math

from annotator.core.annotation import ABOUT, AUTHOR, EXPLICIT, STATUS_OF, SUREST, Answer, Event
from annotator.core.asking import asks, names_asked
from annotator.core.codebook import Scheme, Variable


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
    known = {name for place in scheme.columns() for name in names_asked(*place)}
    unknown = next((name for name in event.asked if name not in known), None)
    return f"the codebook cannot ask {unknown!r}" if unknown else None
