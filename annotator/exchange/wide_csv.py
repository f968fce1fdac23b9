"""The wide table: one row per unit, coder, round and pass, and one column for each code.

A variable that asks for one position of each holder, as stance does, has its columns by target
instead: what the author holds, what the quoted voices hold, and how many of them there are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from typing import Literal, NamedTuple, TextIO

from annotator.core.annotation import AUTHOR
from annotator.core.asking import asks
from annotator.core.codebook import Scheme, Use
from annotator.core.records import CodingRecord
from annotator.exchange.columns import (
    DECISION_STATUS,
    Described,
    coding_fields,
    described,
    unit_fields,
)
from annotator.exchange.csv_text import END, quoting, seconds_text

_UNIT_HEADER = (
    "document_id,file,title,source,author,published,place,url,language,cluster_id,unit_id,"
    "unit_index,paragraph,part,start,end,text,voice,speaker"
)
_CODING_HEADER = "coder,layer,round,pass,arm,decision_id,scheme,status,decided_at,memo"
IDENTIFYING = tuple(f"{_UNIT_HEADER},{_CODING_HEADER},flagged,seconds".split(","))
"""The columns before the first code."""

LONGEST_NAME = 32  # characters that Stata allows
NONE = "none"
DISAGREE = "mixed"

Kind = Literal["code", "author", "quoted", "holders"]

_unit = unit_fields(_UNIT_HEADER.split(","))
_coding = coding_fields(_CODING_HEADER.split(","))


class Question(NamedTuple):
    """What one column tells; ``code`` is empty where the column holds the code itself."""

    kind: Kind
    variable: str
    target: str
    code: str = ""
    use: Use = "asserted"


class _Given(NamedTuple):
    """One decision's answers, by what columns look for."""

    codes: set[tuple[str, str, str, str]]
    positions: dict[tuple[str, str], list[tuple[str, str]]]


def write(
    codings: Iterable[CodingRecord], schemes: Mapping[int, Scheme], current: Scheme, out: TextIO
) -> int:
    """Write the table; the number of its rows."""
    quote = quoting()
    names = columns(schemes, current)
    by_position = _position_variables(schemes)
    asked = {number: frozenset(_questions(s, by_position)) for number, s in schemes.items()}
    out.write(quote([*IDENTIFYING, *names]) + END)
    rows = 0
    for coding in codings:
        margin = (int(coding.flagged), seconds_text(coding.seconds))
        cells = _cells(coding, names.values(), asked[coding.scheme])
        out.write(quote((*_unit(coding.unit), *_coding(coding), *margin, *cells)) + END)
        rows += 1
    return rows


def columns(schemes: Mapping[int, Scheme], current: Scheme) -> dict[str, Question]:
    """Every code that was ever asked, by the name of its column; those in force come first.

    Names are given in the order in which the questions came up, so that a codebook that grows
    does not rename the columns there were.
    """
    by_position = _position_variables(schemes)
    names: dict[Question, str] = {}
    for number in sorted(schemes):
        for question in _questions(schemes[number], by_position):
            if question not in names:
                names[question] = _name(question, {*IDENTIFYING, *names.values()})
    shown = dict.fromkeys((*_questions(current, by_position), *names))
    return {names[question]: question for question in shown}


def describe(schemes: Mapping[int, Scheme], current: Scheme) -> list[Described]:
    """Every column with its description, and what the columns of codes stand for."""
    identifying = described(IDENTIFYING)
    for column in identifying:
        if column["name"] == "status":
            column["description"] = DECISION_STATUS
    named = columns(schemes, current)
    return identifying + [_describe(name, question) for name, question in named.items()]


def _position_variables(schemes: Mapping[int, Scheme]) -> frozenset[str]:
    """The variables that in every version ask for one asserted position of each holder."""
    found: dict[str, bool] = {}
    for scheme in schemes.values():
        for _, variable in scheme.variables():
            tuples = variable.targets is not None or variable.holder
            one = variable.choice == "one" and variable.use == ("asserted",)
            found[variable.name] = found.get(variable.name, True) and tuples and one
    return frozenset(name for name, fits in found.items() if fits)


def _questions(scheme: Scheme, by_position: frozenset[str]) -> Iterator[Question]:
    for _, variable in scheme.variables():
        for target in variable.target_names:
            if variable.name in by_position:
                yield Question("author", variable.name, target)
                if variable.holder:
                    yield Question("quoted", variable.name, target)
                    yield Question("holders", variable.name, target)
                continue
            for code in variable.answers:
                for use in variable.use:
                    yield Question("code", variable.name, target, code.name, use)


def _name(question: Question, taken: set[str]) -> str:
    """A name that R and Stata take as it is, told apart by a hash where it is too long or taken."""
    stem = "_".join(part for part in (question.variable, question.target, question.code) if part)
    stem = stem.replace("-", "_")
    stem = f"v_{stem}" if stem[0].isdigit() else stem
    tail = f"_{question.kind}" if question.kind != "code" else ""
    tails = [f"{tail}_rejected", f"{tail}_rej"] if question.use == "rejected" else [tail]
    for tail in tails:
        if len(stem + tail) <= LONGEST_NAME and stem + tail not in taken:
            return stem + tail
    hashes = (hashlib.sha256(f"{question}{salt}".encode()).hexdigest()[:6] for salt in count())
    room = LONGEST_NAME - len(tail) - 7
    shortened = (f"{stem[:room].rstrip('_')}_{mark}{tail}" for mark in hashes)
    return next(name for name in shortened if name not in taken)


def _describe(name: str, question: Question) -> Described:
    described = Described(name=name, variable=question.variable, target=question.target)
    toward = f" toward {question.target}" if question.target else ""
    what = f"{question.variable}{toward}"
    if question.kind == "code":
        described |= Described(holder="any", code=question.code, use=question.use)
        text = f"{what}: 1 where {question.code} was {question.use}, 0 where it was asked and not."
    elif question.kind == "author":
        described |= Described(holder="author", use=question.use)
        text = (
            f"{what}: the code given without naming a holder, which is the author's position or "
            f"that of the sentence's voice, or {NONE} where asked and left empty."
        )
    elif question.kind == "quoted":
        described |= Described(holder="quoted", use=question.use)
        text = (
            f"{what}: the code the named holders were given, {DISAGREE} where several disagree; "
            "blank also where no holder was named."
        )
    else:
        described |= Described(holder="quoted", use=question.use)
        text = f"{what}: how many named holders were given a code; blank also where none was."
    blank = " Blank: not asked, skipped or not codable."
    return Described(**(described | Described(description=text + blank)))


def _cells(
    coding: CodingRecord, questions: Iterable[Question], asked: frozenset[Question]
) -> Iterator[object]:
    if coding.status != "coded":
        yield from ("" for _ in questions)
        return
    given = _given(coding)
    for question in questions:
        # A code that was confirmed by itself says nothing about the others.
        about = (question.variable, question.target, question.code or None)
        put = question in asked and asks(coding.asked, *about)
        yield _cell(question, given) if put else ""


def _given(coding: CodingRecord) -> _Given:
    given = _Given(set(), {})
    for answer in coding.answers:
        given.codes.add((answer.variable, answer.target, answer.code, answer.use))
        held = given.positions.setdefault((answer.variable, answer.target), [])
        held.append((answer.holder, answer.code))
    return given


def _cell(question: Question, given: _Given) -> object:
    if question.kind == "code":
        return int(question[1:] in given.codes)
    held = given.positions.get((question.variable, question.target), [])
    if question.kind == "author":
        return next((code for holder, code in held if holder == AUTHOR), NONE)
    quoted = [(holder, code) for holder, code in held if holder != AUTHOR]
    if not quoted:
        return ""
    if question.kind == "holders":
        return len(quoted)
    codes = {code for _, code in quoted}
    return DISAGREE if len(codes) > 1 else codes.pop()
