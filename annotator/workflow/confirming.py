"""Suggestions of one code, looked through in a list and confirmed; this is fast, and no coding.

What is confirmed is a decision of the arm ``bulk``, which says that it was made from suggestions
and asked about that code alone. It is never gold, and nothing is learned from it or judged by it;
on the desk the sentence is still open.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from annotator.core.annotation import BULK, MAIN_ROUND, SUGGEST, Answer, Event
from annotator.core.asking import code_asked
from annotator.core.codebook import Scheme, Variable
from annotator.core.counting import counted
from annotator.core.errors import RejectedEventError
from annotator.learn.model import CodeCard, Column
from annotator.learn.sampling import arm_of, mode_of
from annotator.store import codebooks, desk_units, done, events, jobs, lists, queue, search
from annotator.store.desk_units import DeskUnit
from annotator.store.events import Told
from annotator.store.queue import Undecided
from annotator.store.seat import Seat
from annotator.workflow import overview, policies, searching, suggesting
from annotator.workflow.clock import now
from annotator.workflow.projects import Project

LEAST_READ, MOST_READ = 500, 20_000
"""Units that are looked at together for some that may be confirmed."""


class Wanted(NamedTuple):
    """What the list is to hold: sentences that score from ``low`` to ``high`` for one code.

    Only from these outlets and with these words, where any are given.
    """

    code: Column
    low: float
    high: float = 1.0
    sources: tuple[str, ...] = ()
    words: str = ""


class Row(NamedTuple):
    """One sentence of the list, and its score as it is shown."""

    unit: DeskUnit
    score: float


class Page(NamedTuple):
    """One page of the list, the highest score first; ``more`` says whether another follows."""

    model_id: str
    code: Column
    rows: Sequence[Row]
    more: bool


class Confirmed(NamedTuple):
    """What became of the ticked sentences.

    ``events`` are the uuids of what was confirmed. The coder had coded some ``meanwhile``, and
    others are ``gone`` from the project.
    """

    events: list[str]
    meanwhile: int
    gone: int

    @property
    def told(self) -> str:
        """The same in a sentence or two."""
        said = [f"{counted(len(self.events), 'sentence')} confirmed."]
        if self.meanwhile:
            were = "was" if self.meanwhile == 1 else "were"
            stay = "stays as it is" if self.meanwhile == 1 else "stay as they are"
            said.append(f"{self.meanwhile:,} {were} coded meanwhile and {stay}.")
        if self.gone:
            said.append(f"{counted(self.gone, 'sentence')} left the project meanwhile.")
        return " ".join(said)


def lacks(project: Project) -> str:
    """Why there is nothing to confirm, in a sentence; empty where there is."""
    if hidden := _hidden(project):
        return hidden
    if suggesting.engine(project.store) is None:
        return "There is no model yet whose suggestions could be confirmed."
    if codes(project):
        return ""
    return "The model is not sure enough of any code yet to suggest it, here or on the desk."


def _hidden(project: Project) -> str:
    """Why coders may not see a list of suggestions, in a sentence; empty where they may."""
    return {
        "off": "This project codes without suggestions, so that there are none to confirm.",
        "reveal": "In this project coders answer before they see a suggestion, so that none can be"
        " confirmed in a list.",
        "shown": "",
    }[mode_of(MAIN_ROUND, SUGGEST, policies.policy(project.store))]


def codes(project: Project) -> list[CodeCard]:
    """The codes that the desk suggests and the codebook asks of sentences, in its order."""
    engine = suggesting.engine(project.store)
    if engine is None:
        return []
    known = set(project.scheme.columns())
    return [
        card
        for card in overview.code_cards(engine.card)
        if card.fitted and least(card) is not None and _column(card) in known
    ]


def least(card: CodeCard) -> float | None:
    """The lowest score that may be listed: that of the desk; None where the desk shows none.

    Whoever reads the list sees the score of every row. Below the desk's gate, a sentence that is
    passed over here and coded there later would count as coded without a suggestion.
    """
    return card.desk_threshold


def _column(card: CodeCard) -> Column:
    return Column(card.variable, card.target, card.code)


def page(project: Project, coder: str, wanted: Wanted, *, skip: int = 0, size: int = 25) -> Page:
    """One page of what the coder may confirm, behind as many sentences as are to be skipped.

    These are sentences of the arm ``suggest`` alone on which the coder has not decided: what the
    random stream and the control arm measure must not be led. Raises ``RejectedEventError`` where
    the model does not score the code, and ``SearchError`` for words that cannot be understood.
    """
    engine = suggesting.engine(project.store)
    if engine is None or wanted.code not in map(_column, codes(project)):
        raise RejectedEventError(f"there are no suggestions of the code {wanted.code.code!r} now")
    cards = overview.code_cards(engine.card)
    at = [_column(card) for card in cards].index(wanted.code)
    wanted = wanted._replace(low=max(wanted.low, least(cards[at]) or 0.0))
    scores = np.asarray(engine.scores[:, at])
    end = skip + size
    found: list[int] = []
    for one in _offered(project, coder, wanted.code, _by_score(project, wanted, scores)):
        found.append(one.seq)
        if len(found) > end:
            break
    units = desk_units.numbered(project.store, Seat(coder), found[skip:end])
    rows = [Row(unit, round(float(scores[unit.seq]), 4)) for unit in units]
    return Page(engine.model_id, wanted.code, rows, len(found) > end)


def _by_score(project: Project, wanted: Wanted, scores: NDArray[Any]) -> NDArray[np.int64]:
    """The numbers of the units in the range, the highest score first."""
    inside = np.nonzero((scores >= wanted.low) & (scores <= wanted.high))[0]
    if wanted.words or wanted.sources:
        asked = {"q": [wanted.words], "source": list(wanted.sources)}
        looked_for = searching.search_of(project, asked)
        inside = inside[np.isin(inside, search.numbers(project.store, looked_for))]
    order: NDArray[np.int64] = inside[np.argsort(-scores[inside], kind="stable")]
    return order


def _offered(
    project: Project, coder: str, code: Column, numbers: Sequence[int] | NDArray[np.int64]
) -> Iterator[Undecided]:
    """Those of the units that the coder may confirm; reads more at a time the longer it takes."""
    control = policies.policy(project.store).control
    variable = _variable(project.scheme, code)
    at, read = 0, LEAST_READ
    while at < len(numbers):
        some = [int(number) for number in numbers[at : at + read]]
        for one in queue.undecided(project.store, Seat(coder), some):
            arm = arm_of(one.unit_id, project.seed, one.draw, control)
            if arm == SUGGEST and not _has_answer(one.answers, variable, code):
                yield one
        at, read = at + len(some), min(2 * read, MOST_READ)


def _variable(scheme: Scheme, code: Column) -> Variable:
    variable = scheme.variable(code.variable)
    if variable is None or code not in set(scheme.columns()):
        raise RejectedEventError(
            f"the code {code.code!r} has left the codebook meanwhile; nothing was confirmed"
        )
    return variable


def _is_alone(variable: Variable, code: str) -> bool:
    """Whether the code leaves no room for others, so that confirming it answers the question."""
    exclusive = {one.name for one in variable.answers if one.exclusive}
    return variable.choice == "one" or code in exclusive


def _has_answer(confirmed: Iterable[Answer], variable: Variable, code: Column) -> bool:
    """Whether what was confirmed before has this code, or leaves no room for it."""
    here = [one.code for one in confirmed if (one.variable, one.target) == code[:2]]
    alone = _is_alone(variable, code.code) or any(_is_alone(variable, one) for one in here)
    return code.code in here or (bool(here) and alone)


def confirm(project: Project, coder: str, shown: Page, ticked: Sequence[Row]) -> Confirmed:
    """Record that the coder looked at these rows of a page and found the code right.

    What was confirmed on a sentence before stays beside it. A sentence that the coder decided on
    since it was shown is left alone. Raises ``RejectedEventError`` where the code has left the
    codebook, or where suggestions are no longer shown at once.
    """
    if hidden := _hidden(project):
        raise RejectedEventError(hidden.removesuffix("."))
    store, at = project.store, now()
    scheme = codebooks.current_scheme(store)
    with store.write():
        numbers = [row.unit.seq for row in ticked]
        # Asked again: somebody may have coded it since, or widened the control arm.
        still = {one.unit_id: one for one in _offered(project, coder, shown.code, numbers)}
        told = [
            Told(coder, _event(project, scheme, shown, row, one.answers, at), at)
            for row in ticked
            if (one := still.get(row.unit.unit_id)) is not None
        ]
        kept = events.record(store, told)
        there = desk_units.numbered(store, Seat(coder), numbers)
    done = [one.event.uuid for one, fault in zip(told, kept, strict=True) if fault is None]
    gone = len(ticked) - sum(not unit.retired for unit in there)
    return Confirmed(done, len(ticked) - len(done) - gone, gone)


def _event(
    project: Project, scheme: Scheme, shown: Page, row: Row, before: Sequence[Answer], at: str
) -> Event:
    known = set(scheme.columns())
    kept = [one for one in before if (one.variable, one.target, one.code) in known]
    code = shown.code
    answers = [*kept, Answer(variable=code.variable, target=code.target, code=code.code)]
    stated = {
        "uuid": str(uuid.uuid4()),
        "op": "set",
        "unit": row.unit.unit_id,
        "scheme": scheme.id,
        "arm": BULK,
        "queue": lists.CONFIRMED,
        "answers": [one.model_dump() for one in answers],
        "asked": [_asked(scheme, one) for one in answers],
        "candidates": _candidates(project, scheme, shown, row),
        "model_id": shown.model_id,
        "client_at": at,
    }
    return Event.model_validate(stated)


def _asked(scheme: Scheme, answer: Answer) -> str:
    """What was judged: the code by itself, or the question where there is room for one answer."""
    column = Column(answer.variable, answer.target, answer.code)
    if not _is_alone(_variable(scheme, column), answer.code):
        return code_asked(*column)
    return f"{answer.variable}:{answer.target}" if answer.target else answer.variable


def _candidates(project: Project, scheme: Scheme, shown: Page, row: Row) -> list[dict[str, Any]]:
    """Every score the unit had when it was shown; of a model replaced since, only the shown one."""
    engine = suggesting.engine(project.store)
    if engine is None or engine.model_id != shown.model_id:
        card = _card_of(project, shown)
        above = card is not None and row.score >= (card.threshold or 0.0)
        return [{**shown.code._asdict(), "score": row.score, "above": above, "shown": True}]
    found = suggesting.candidates(row.unit, engine, scheme, "off")
    return [
        {name: one[name] for name in ("variable", "target", "code", "score", "above")}
        | {"shown": (one["variable"], one["target"], one["code"]) == shown.code}
        for one in found
    ]


def _card_of(project: Project, shown: Page) -> CodeCard | None:
    cards = overview.code_cards({"codes": [], **jobs.card(project.store, shown.model_id)})
    return next((card for card in cards if _column(card) == shown.code), None)


def take_back(project: Project, coder: str, confirmed: Sequence[str]) -> None:
    """Undo confirmations; what the coder decided on the desk since then stays.

    Raises ``RejectedEventError`` where one of them is not the coder's.
    """
    scheme, at = codebooks.current_number(project.store), now()
    told = [
        Told(
            coder,
            Event(
                uuid=str(uuid.uuid4()),
                op="retract",
                unit=unit,
                scheme=scheme,
                arm=BULK,
                queue=lists.CONFIRMED,
                ref=event,
                client_at=at,
            ),
            at,
        )
        for event, unit in done.units_of(project.store, confirmed).items()
    ]
    events.record_all(project.store, told)
