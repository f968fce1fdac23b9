"""The anchoring report in plain sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from annotator.core.codebook import Scheme
from annotator.core.counting import counted
from annotator.learn.anchoring import Change, CodeFigures, Pace
from annotator.learn.proportions import Contrast, Share
from annotator.learn.sampling import Policy
from annotator.workflow import overview

State = Literal["no model", "one arm", "too little", "still", "moved"]

POINTS = 0.1
"""The difference that enough must be coded for before it is said that nothing moved."""

FINE = 0.02
"""The width of an interval below which points have a decimal."""

MOST_NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the figures of one coder mean, or of all together where ``coder`` is empty."""

    coder: str
    state: State
    sentences: tuple[str, ...]


class Words:
    """The figures in plain sentences."""

    def __init__(self, scheme: Scheme, policy: Policy, has_model: bool) -> None:
        self.names = overview.code_names(scheme)
        self.policy = policy
        self.has_model = has_model

    def verdict(
        self,
        coder: str,
        codes: Sequence[CodeFigures],
        pace: Pace | None,
        change: Change | None,
        decided: tuple[int, int],
    ) -> Verdict:
        """The verdict on one coder: on the codes first, then on what goes along with it."""
        one_by_one = [row for row in codes if row.code is not None]
        state, said = self._codes(coder, one_by_one, decided)
        if state in ("still", "moved"):
            said += _same(codes[0].same)
        for row in codes[:1]:
            said += _accepted(row)
        said += _changed(change) + _time(pace)
        return Verdict(coder=coder, state=state, sentences=tuple(said))

    def _codes(
        self, coder: str, codes: Sequence[CodeFigures], decided: tuple[int, int]
    ) -> tuple[State, list[str]]:
        compared = [row for row in codes if row.given is not None]
        if not compared:
            return self._nothing(decided)
        moved = [row for row in compared if row.moved]
        if moved:
            return "moved", self._moved(coder, moved)
        enough = [row for row in compared if row.smallest is not None and row.more == 0]
        if not enough:
            return "too little", [self._too_little(coder, compared, decided)]
        seen = max(row.smallest or 0.0 for row in enough)
        said = [
            "No code moved further than chance would: differences above about "
            f"{_points(seen)} would have been seen."
        ]
        if lacking := [self._name(row) for row in compared if row.more]:
            said.append(f"Too little is coded to say so of {_listed(lacking)}.")
        return "still", said

    def _nothing(self, decided: tuple[int, int]) -> tuple[State, list[str]]:
        if not self.has_model and not any(decided):
            return "no model", [
                "There is no model yet, so that nothing was suggested and nothing can be compared."
            ]
        if self.policy.suggestions == "off":
            why = "suggestions are off. Switch them on"
        elif self.policy.control == 0:
            why = "the control arm is 0 %, so that no sentence goes without. Set it to 20 %, say,"
        elif self.policy.control == 1:
            why = "the control arm is 100 %, so that none is ever on screen. Set it to 20 %, say,"
        else:
            shown, hidden = decided
            return "too little", [
                f"Nothing can be compared yet: {counted(shown, 'sentence is', 'sentences are')} "
                f"coded with suggestions and {hidden:,} without, and a code takes some of both."
            ]
        return "one arm", [
            f"Nothing can be compared: {why} under “Suggestions on the desk” on the model page, "
            "or with `annotator suggestions`."
        ]

    def _moved(self, coder: str, moved: Sequence[CodeFigures]) -> list[str]:
        furthest = sorted(moved, key=lambda row: -abs(row.given.difference if row.given else 0))
        said = [
            f"Shown suggestions made {coder or 'coders'} give {self._name(row)} "
            f"{'more' if row.given.difference > 0 else 'less'} often: {_percent(row.given.shown)} "
            f"of sentences with suggestions on screen against {_percent(row.given.hidden)} "
            f"without ({_range(row.given)})."
            for row in furthest[:MOST_NAMED]
            if row.given
        ]
        if more := [self._name(row) for row in furthest[MOST_NAMED:]]:
            said.append(f"So did they move {_listed(more)}.")
        return said

    def _too_little(
        self, coder: str, compared: Sequence[CodeFigures], decided: tuple[int, int]
    ) -> str:
        whose = f"what {coder} gives" if coder else "what coders give"
        shown, hidden = decided
        # Part of what is coded next comes from the random stream, which is in neither arm.
        more = max(row.more or 0 for row in compared) / (1 - self.policy.stream)
        return (
            f"Too little is coded to say whether suggestions move {whose}: "
            f"{counted(shown, 'sentence')} with suggestions and {hidden:,} without. About "
            f"{_rounded_up(more):,} more sentences are needed to see a difference of "
            f"{_points(POINTS)}."
        )

    def _name(self, row: CodeFigures) -> str:
        return self.names[row.code].full if row.code else "all codes"


def _same(found: Contrast | None) -> list[str]:
    if found is None:
        return []
    return [
        f"Answers were the model's in {_percent(found.shown)} of cases with suggestions and in "
        f"{_percent(found.hidden)} without ({_range(found)}{_maybe(found.low <= 0 <= found.high)})."
    ]


def _accepted(row: CodeFigures) -> list[str]:
    said = []
    if row.accepted:
        said.append(
            f"Of {counted(row.accepted.n, 'suggestion')} on screen, {row.accepted.count:,} were "
            f"taken over ({_with_interval(row.accepted)})."
        )
    if row.anyway:
        said.append(
            f"Of {row.anyway.n:,} that were kept hidden, {row.anyway.count:,} were given anyway "
            f"({_with_interval(row.anyway)})."
        )
    return said


def _changed(change: Change | None) -> list[str]:
    if change is None:
        return []
    return [
        f"Once the suggestions came into sight, {change.changed:,} of "
        f"{counted(change.revealed, 'answered sentence was', 'answered sentences were')} changed: "
        f"{counted(change.toward, 'answer')} toward the suggestion, {change.away:,} away from it."
    ]


def _time(pace: Pace | None) -> list[str]:
    if pace is None:
        return []
    return [
        f"Half of the sentences took less than {pace.shown_median:.1f} s with suggestions, and "
        f"less than {pace.hidden_median:.1f} s without; on average {pace.ratio:.2f} times as long "
        f"({pace.low:.2f} to {pace.high:.2f}{_maybe(pace.low <= 1 <= pace.high)})."
    ]


def _maybe(chance: bool) -> str:
    return ", which chance would also do" if chance else ""


def _percent(one: Share) -> str:
    return f"{100 * one.value:.0f} %"


def _with_interval(one: Share) -> str:
    return f"{_percent(one)}, {100 * one.low:.0f} to {100 * one.high:.0f}"


def _range(found: Contrast) -> str:
    """The difference with its interval, to a tenth of a point where that is known."""
    digits = 1 if found.high - found.low < FINE else 0
    bounds = (_signed(bound, digits) for bound in (found.low, found.high))
    return f"{_points(found.difference, digits)}, {' to '.join(bounds)}"


def _points(difference: float, digits: int = 0) -> str:
    """A difference of shares in points.

    >>> _points(0.071), _points(-0.01), _points(-0.001), _points(0.0124, 1)
    ('7 points', '−1 point', '0 points', '1.2 points')
    """
    number = _signed(difference, digits)
    return f"{number} point" if number in ("1", "−1") else f"{number} points"


def _signed(difference: float, digits: int) -> str:
    number = round(100 * difference, digits) or 0.0  # never "-0"
    return f"{number:.{digits}f}".replace("-", "−")


def _rounded_up(number: float) -> int:
    """To two digits, never less.

    >>> _rounded_up(1213.0), _rounded_up(38.2), _rounded_up(0.0)
    (1300, 39, 0)
    """
    step = 10 ** max(0, len(str(int(number))) - 2)
    return int(-(-number // step) * step)


def _listed(names: Sequence[str]) -> str:
    """The names, as far as a sentence can hold them.

    >>> _listed(["A"]), _listed(["A", "B"]), _listed(["A", "B", "C", "D", "E", "F", "G"])
    ('A', 'A and B', 'A, B, C, D, E and 2 others')
    """
    more = len(names) - MOST_NAMED
    if more > 0:
        names = [*names[:MOST_NAMED], f"{more} other{'s' if more > 1 else ''}"]
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def notes(left_out: int, bulk: int) -> Iterator[str]:
    """What the comparison lacks: decisions ``left_out``, and those confirmed in a list."""
    if left_out:
        yield (
            f"{counted(left_out, 'decision is', 'decisions are')} left out, made while suggestions "
            "were off, or shown on all sentences or on none: chance did not choose the arm."
        )
    if bulk:
        yield (
            f"{counted(bulk, 'sentence was', 'sentences were')} confirmed in a list; where nothing "
            "was coded on the desk before, the comparison lacks them, and only on the side with "
            "suggestions, which therefore looks poorer in these codes than it is."
        )
