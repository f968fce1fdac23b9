"""What a decision was asked: everything in the scheme, or some variables, targets and codes."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from annotator.core.annotation import ABOUT, STATUS_OF, Event
from annotator.core.codebook import Scheme


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
    return asked is None or any(name in asked for name in names_asked(variable, target, code))


def names_asked(variable: str, target: str, code: str | None) -> tuple[str, ...]:
    """What an event may say to have asked this, from the whole variable down to one code."""
    place = f"{variable}:{target}"
    return (variable, place) if code is None else (variable, place, f"{place}:{code}")


def code_asked(variable: str, target: str, code: str) -> str:
    """How an event says that it asked about a single code.

    >>> code_asked("frame", "", "siege")
    'frame::siege'
    """
    return names_asked(variable, target, code)[-1]


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
