"""A project's state in a few figures and sentences."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from annotator.core.codebook import Scheme
from annotator.learn.features import LEAST_ANSWERS
from annotator.learn.metrics import DESK_PRECISION
from annotator.learn.model import LEAST_DOCUMENTS, CodeCard, Column, Mistake
from annotator.store import Store, desk_units, events, jobs, tables, tallies
from annotator.store.desk_units import DeskUnit
from annotator.store.seat import Seat
from annotator.workflow.projects import Project
from annotator.workflow.suggesting import ABOUT_ENOUGH, showing
from annotator.workflow.supervising import ENOUGH, EVERY

Place = tuple[str, str, str]


class Glance(NamedTuple):
    """The whole project in figures; all but ``documents`` count units."""

    documents: int
    units: int
    coded: int
    skipped: int
    not_codable: int
    flagged: int


class CodeName(NamedTuple):
    """One code of a scheme as people read it."""

    variable: str
    target: str
    code: str
    color: str | None

    @property
    def full(self) -> str:
        """The code in a table of all variables.

        >>> CodeName("Stance", "Velmar", "Against", None).full
        'Velmar: Against'
        """
        return f"{self.target}: {self.code}" if self.target else self.code


def glance(store: Store) -> Glance:
    """Documents, and units by what was decided about them."""
    total, people = tables.totals(store), tallies.by_coder(store)
    return Glance(
        documents=total["documents"],
        units=total["units"],
        coded=total["annotated_units"],
        skipped=sum(one.skipped for one in people),
        not_codable=sum(one.not_codable for one in people),
        flagged=sum(one.flagged for one in people),
    )


def code_names(scheme: Scheme) -> dict[Place, CodeName]:
    """Every ``(variable, target, code)`` of the scheme in its order, with titles and colour."""
    return {
        (variable.name, target, code.name): CodeName(
            variable.heading, titles.get(target, target), code.title, code.color
        )
        for _, variable in scheme.variables()
        for titles in [{one.name: one.title for one in variable.targets or ()}]
        for target in variable.target_names
        for code in variable.answers
    }


def said_of_codes(scheme: Scheme) -> dict[str, list[str]]:
    """What the codebook itself says for each code that has no target.

    The codes of a stance are a scale, and their words are about no side in particular.
    """
    found = {}
    for codebook in scheme.codebooks:
        for variable in codebook.variable:
            if not variable.targets:
                for code in variable.answers:
                    said = [code.title, code.definition, *code.include, *code.examples]
                    column = Column(variable.name, "", code.name)
                    found[column.key] = [text for text in said if text.strip()]
    return found


def until_training(store: Store) -> str:
    """What is missing until the project trains by itself, in one sentence; empty when nothing."""
    latest = jobs.latest(store)
    decisions = events.decisions_since(store, latest.last_event if latest else 0)
    ready = sum(number >= ENOUGH for number in tables.code_counts(store, articles=False).values())
    missing = []
    if decisions < EVERY:
        missing.append(f"{EVERY - decisions} more decisions")
    if ready < 2:
        missing.append(f"{ENOUGH} sentences with each of two codes ({_so_far(ready)})")
    return f"Training starts by itself after {' and '.join(missing)}." if missing else ""


def _so_far(ready: int) -> str:
    return "one has them" if ready else "none has them yet"


def code_cards(card: Mapping[str, Any]) -> list[CodeCard]:
    """The card of every code that a model knows, whichever version saved it."""
    return [CodeCard.of(code) for code in card["codes"]]


def standing(code: CodeCard) -> str:
    """Whether the desk shows a model's suggestions of one code, and if not, why.

    >>> standing(CodeCard(variable="frame", target="", code="road", positives=7, negatives=90))
    'learning: 7 of about 20'
    >>> standing(CodeCard(variable="frame", target="", code="road", positives=2, negatives=90))
    'not learned yet: 2 of at least 5'
    """
    lacks = missing(code).removesuffix(" positives")
    if not lacks:
        return "on the desk"
    return f"learning: {lacks}" if code.positives >= LEAST_ANSWERS else f"not learned yet: {lacks}"


def cut_for(code: CodeCard) -> str:
    """Where a code is cut that is not cut for the best F1, in a few words; empty for others.

    >>> road = {"variable": "frame", "target": "", "code": "road", "positives": 7, "negatives": 90}
    >>> cut_for(CodeCard(**road, wanted_precision=0.8, threshold=0.4))
    'cut where 80 % are right'
    """
    if code.wanted_precision is None or is_out_of_reach(code):
        return ""
    return f"cut where {percent(code.wanted_precision)} are right"


def is_out_of_reach(code: CodeCard) -> bool:
    """Whether no threshold reaches the precision that an analyst wants of a code."""
    return code.wanted_precision is not None and code.threshold == 1.0


def percent(share: float) -> str:
    """A share as people write it.

    >>> percent(0.8), percent(0.855)
    ('80 %', '85.5 %')
    """
    return f"{100 * share:.3g} %"


def missing(code: CodeCard) -> str:
    """What a code lacks to show on the desk, in one plain sentence; empty where nothing.

    >>> missing(CodeCard(variable="frame", target="", code="road", positives=0, negatives=90))
    'never given'
    """
    if code.desk_threshold is not None:
        return ""
    if not code.positives:
        return "never given"
    if code.positives >= LEAST_ANSWERS and code.positive_documents == 1:
        return f"in 1 article only: needs at least {LEAST_DOCUMENTS}"
    if code.negatives < LEAST_ANSWERS:
        return f"only {code.negatives} sentences without it: needs at least {LEAST_ANSWERS}"
    if code.positives < LEAST_ANSWERS:
        return f"{code.positives} of at least {LEAST_ANSWERS} positives"
    if not code.fitted and code.note:
        return code.note
    if is_out_of_reach(code):
        return f"no threshold reaches {percent(code.wanted_precision or 0.0)} right"
    if code.positives < ABOUT_ENOUGH:
        return f"{code.positives} of about {ABOUT_ENOUGH} positives"
    if code.surest_precision is None:
        return "not yet surely right in half of the cases"
    low = _short(math.floor(code.surest_precision * 100) / 100)
    return f"precision too unsure: lower bound {low} < {_short(DESK_PRECISION)}"


def _short(share: float) -> str:
    """A share to two digits, as tables print it.

    >>> _short(0.384), _short(0.5), _short(1.0)
    ('.38', '.50', '1.00')
    """
    return f"{share:.2f}".removeprefix("0")


class Readiness(NamedTuple):
    """A model's codes in a few groups, each in the order that tells most."""

    on_desk: list[CodeCard]
    learning: list[CodeCard]
    never_given: list[CodeCard]


def readiness(codes: Sequence[CodeCard]) -> Readiness:
    """The codes on the desk, the best first; those that learn, the nearest to it first; the rest.

    "Best" is the average precision; "nearest" are those with most positives.
    """
    desk = [code for code in codes if code.desk_threshold is not None]
    others = [code for code in codes if code.desk_threshold is None]
    return Readiness(
        on_desk=sorted(desk, key=lambda code: -(code.average_precision or 0.0)),
        learning=sorted(
            (code for code in others if code.positives), key=lambda code: -code.positives
        ),
        never_given=[code for code in others if not code.positives],
    )


def to_read(
    project: Project, coder: str | None, mistakes: Sequence[Mistake], most: int = 5
) -> list[tuple[Mistake, DeskUnit]]:
    """The first mistakes whose sentences this coder may see judged by the model.

    A sentence that the coder has not decided on and sees no suggestions on is left out: the verdict
    would be one. So is a sentence whose article is gone or retired.
    """
    seat = Seat(coder or "")
    found: list[tuple[Mistake, DeskUnit]] = []
    for mistake in mistakes:
        units = desk_units.unit(project.store, seat, mistake.unit_id)
        for unit, shown in zip(units, showing(project, seat, units), strict=True):
            if not unit.retired and (shown.in_sight or unit.decision.event is not None):
                found.append((mistake, unit))
        if len(found) == most:
            break
    return found
