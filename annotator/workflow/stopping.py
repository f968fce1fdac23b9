"""When to stop: of each code what is found, what is likely still unfound, and what came last.

A unit counts once, whoever coded it, and carries a code where at least half of those who were asked
gave it. A unit that somebody set aside as not codable, and nobody coded, carries none. What was
copied to the same sentence of another article, or confirmed in a list of suggestions, is found too,
but tells nothing of what reading on would bring: it is in no curve.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from annotator.core.annotation import BULK
from annotator.core.asking import asks
from annotator.core.codebook import Scheme
from annotator.core.counting import counted
from annotator.learn import stopping
from annotator.learn.sampling import RESERVED
from annotator.learn.stopping import Hundred, Unfound
from annotator.store import Store, codebooks, spreading, tables, unfound
from annotator.store.unfound import Decided
from annotator.workflow.overview import Place
from annotator.workflow.projects import Project

Votes = NDArray[np.int32]
Flags = NDArray[np.bool_]


NOT_READ_ON = frozenset({spreading.ARM, BULK})
"""Arms of decisions that nobody came to by reading on."""


class CodeOutlook(NamedTuple):
    """One code: the estimate, and what each hundred decided units brought, oldest first."""

    place: Place
    unfound: Unfound
    hundreds: list[Hundred]


class Outlook(NamedTuple):
    """How far the search for each code is, in units.

    ``decided`` of ``units`` were coded or set aside as not codable; ``drawn`` of those are the
    random sample that the estimates rest on. ``codes`` are in the order of the codebook.
    """

    units: int
    decided: int
    drawn: int
    codes: list[CodeOutlook]

    @property
    def lacking(self) -> int:
        """How many more units by chance it takes before anything can be said of any code."""
        open_ = self.units - self.decided
        return min(max(stopping.LEAST_DRAWN - self.drawn, 0), open_)


class _Answers(NamedTuple):
    """The decided units in the order in which they were, and what was said of them.

    ``asked`` and ``carrying`` are ``(units, codes)``; the others have a place for each unit.
    ``read`` are those that somebody decided on where they stand, not in a copy.
    """

    draws: NDArray[np.float64]
    read: Flags
    asked: Flags
    carrying: Flags


def outlook(project: Project) -> Outlook:
    """What is found and unfound of each code that units are asked for."""
    store = project.store
    with tables.snapshot(store):
        places = _places(codebooks.current_scheme(store))
        total, first_open = unfound.units(store), unfound.first_open(store)
        answers = _answers(store, places)
    drawn = answers.draws < first_open
    codes = [_code(place, total, drawn, answers, column) for column, place in enumerate(places)]
    return Outlook(total, len(answers.draws), int(drawn.sum()), codes)


def _code(place: Place, total: int, drawn: Flags, answers: _Answers, column: int) -> CodeOutlook:
    asked, carrying = answers.asked[:, column], answers.carrying[:, column]
    estimate = stopping.unfound(
        total=total,
        asked=int(asked.sum()),
        found=int(carrying.sum()),
        drawn=int((asked & drawn).sum()),
        carrying=int((carrying & drawn).sum()),
    )
    seen = asked & answers.read
    by_chance = answers.draws[seen] < RESERVED
    return CodeOutlook(place, estimate, stopping.hundreds(carrying[seen], by_chance))


def _places(scheme: Scheme) -> list[Place]:
    """Every code that units are asked for; questions about whole articles are not."""
    return [
        (variable.name, target, code.name)
        for _, variable in scheme.variables()
        if variable.unit == "sentence"
        for target in variable.target_names
        for code in variable.answers
    ]


def _answers(store: Store, places: Sequence[Place]) -> _Answers:
    # A coder who passes a unit on says nothing of it.
    decided = [one for one in unfound.decisions(store) if one.status != "skipped"]
    # What nobody read comes last.
    decided.sort(key=lambda one: one.arm in NOT_READ_ON)
    draws = {one.unit: one.draw for one in decided}
    rows = {unit: row for row, unit in enumerate(draws)}
    read = np.zeros(len(rows), bool)
    read[[rows[one.unit] for one in decided if one.arm not in NOT_READ_ON]] = True
    coded = [one for one in decided if one.status == "coded"]
    judged = np.zeros(len(rows), bool)
    judged[[rows[one.unit] for one in coded]] = True
    votes = _votes(store, places, coded, rows)
    carrying = (2 * _given(store, places, rows) >= votes) & (votes > 0)
    asked = (votes > 0) | ~judged[:, None]
    return _Answers(np.array([*draws.values()]), read, asked, carrying)


def _votes(
    store: Store, places: Sequence[Place], coded: Sequence[Decided], rows: Mapping[int, int]
) -> Votes:
    """How many coders were asked about each unit and code, each by the scheme of their day."""
    schemes = codebooks.schemes(store)
    kinds = {kind: at for at, kind in enumerate({(one.scheme, one.asked) for one in coded})}
    number = np.zeros((len(rows), len(kinds)), np.int32)
    units = [rows[one.unit] for one in coded]
    np.add.at(number, (units, [kinds[one.scheme, one.asked] for one in coded]), 1)
    about = np.zeros((len(kinds), len(places)), np.int32)
    for (scheme, written), kind in kinds.items():
        known = set(schemes[scheme].columns())
        asked = None if written is None else json.loads(written)
        about[kind] = [place in known and asks(asked, *place) for place in places]
    votes: Votes = number @ about
    return votes


def _given(store: Store, places: Sequence[Place], rows: Mapping[int, int]) -> Votes:
    """How many coders gave each unit each code."""
    columns = {place: column for column, place in enumerate(places)}
    number = np.zeros((len(rows), len(places)), np.int32)
    for unit, variable, target, code, coders in unfound.given(store):
        row, column = rows.get(unit), columns.get((variable, target, code))
        if row is not None and column is not None:
            number[row, column] = coders
    return number


def told(name: str, found: Unfound) -> str:
    """What is known of a code, in plain sentences."""
    head = f"{name}: {found.found:,} found"
    if found.expected is None or found.low is None or found.high is None:
        return (
            f"{head}. {counted(found.lacking, 'more sentence')} by chance before more can be said."
        )
    if not found.high:
        return f"{head}, and none is left."
    likely = _likely(found.expected, found.low, found.high)
    return " ".join(filter(None, [f"{head}.", likely, _recall(found)]))


def _likely(expected: int, low: int, high: int) -> str:
    if not expected:
        return f"No more are expected, but up to {high:,} cannot be ruled out."
    return (
        f"About {_round(expected):,} more are likely among the sentences that nobody read"
        f" ({low:,} to {high:,})."
    )


def _round(number: int) -> int:
    """The number to three digits, which is all that is known of it.

    >>> _round(67), _round(145_715)
    (67, 146000)
    """
    return round(number, min(3 - len(str(number)), 0))


def _recall(found: Unfound) -> str:
    """How much of the code is found."""
    if found.recall is None or not found.found:
        return ""
    if not found.expected:
        return f"Of all there are, at least {surely(found)} are found."
    about = f"{100 * found.recall:.0f} %"
    return f"Of all there are, about {about} are found; at least {surely(found)}."


def surely(found: Unfound) -> str:
    """The share that is found at least, rounded down."""
    return "–" if found.recall_low is None else f"{math.floor(100 * found.recall_low)} %"


def never_found(codes: Sequence[CodeOutlook]) -> list[str]:
    """What is known of the codes of which nothing was found, in a sentence for each range."""
    ranges = Counter(
        one.unfound.high for one in codes if not one.unfound.found and one.unfound.asked
    )
    return [_not_ruled_out(high, number) for high, number in ranges.items() if high is not None]


def _not_ruled_out(high: int, number: int) -> str:
    of = f"None found of {counted(number, 'other code')}"
    if not high:
        return f"{of}, and none is left."
    each = " of each" if number > 1 else ""
    return f"{of}: up to {counted(high, 'sentence')}{each} cannot be ruled out."
