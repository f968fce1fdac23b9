"""A project's state in a few figures and sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from annotator.core.codebook import Scheme
from annotator.store import Store, events, jobs, tables, tallies
from annotator.workflow.suggesting import ABOUT_ENOUGH
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


def until_training(store: Store) -> str:
    """What is missing until the project trains by itself, in one sentence; empty when nothing."""
    latest = jobs.latest(store)
    decisions = events.decisions_since(store, latest.last_event if latest else 0)
    ready = sum(number >= ENOUGH for number in tables.code_counts(store).values())
    missing = []
    if decisions < EVERY:
        missing.append(f"{EVERY - decisions} more decisions")
    if ready < 2:
        missing.append(f"{ENOUGH} sentences with each of two codes ({_so_far(ready)})")
    return f"Training starts by itself after {' and '.join(missing)}." if missing else ""


def _so_far(ready: int) -> str:
    return "one has them" if ready else "none has them yet"


def standing(code: Mapping[str, Any]) -> str:
    """Whether the desk shows a model's suggestions of one code, and if not, why.

    >>> standing({"desk_threshold": None, "positives": 7})
    'learning: 7 of about 20'
    """
    if code["desk_threshold"] is not None:
        return "on the desk"
    if code["positives"] < ABOUT_ENOUGH:
        return f"learning: {code['positives']} of about {ABOUT_ENOUGH}"
    return "learning: not yet surely right in half of the cases"
