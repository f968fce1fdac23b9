"""Labels that the model doubts, looked at again on the desk beside as many that it does not doubt.

Whoever reviews them cannot tell which is which: the list is shuffled, and the desk shows neither
suggestions nor scores. How often the others are changed too says how much looking twice changes by
itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from annotator.core.annotation import BULK, CHECK, MAIN_ROUND
from annotator.core.asking import asks
from annotator.core.counting import counted
from annotator.core.errors import ModelError, RejectedEventError
from annotator.core.records import CodingRecord
from annotator.learn.doubts import Doubts, doubts
from annotator.learn.model import Column, Model
from annotator.store import Store, codebooks, jobs, lists, reviews, spreading, tables
from annotator.store.lists import Listed, UnitList
from annotator.store.progress import Progress
from annotator.store.reviews import Review
from annotator.store.seat import Seat
from annotator.store.views import Source, decided_at
from annotator.workflow import suggesting
from annotator.workflow.clock import now
from annotator.workflow.projects import Project

DOUBTED, MIXED_IN = "doubted", "mixed in"
"""The strata of a check."""

MOST = 500
"""Doubted units in one list; more would be a second round of coding."""

_NO_LABEL = frozenset({spreading.ARM, BULK, CHECK})
"""Arms of decisions that are no label of a coder's own, or that were reviewed already."""


class Judged(NamedTuple):
    """The labels that could be doubted, by units and codes, and which of them are.

    ``units`` are ids, ``numbers`` those of the units in the project, ``columns`` the codes that
    both the model and today's codebook have.
    """

    model_id: str
    units: Sequence[str]
    numbers: NDArray[np.int64]
    columns: Sequence[Column]
    doubts: Doubts

    def of(self, code: Column | None) -> NDArray[np.int64]:
        """The rows of the doubted units, each once, the most doubted first."""
        rows = self.doubts.units
        if code is not None:
            rows = rows[self.doubts.codes == self.columns.index(code)]
        return np.array(list(dict.fromkeys(rows.tolist())), np.int64)

    def undoubted(self) -> NDArray[np.int64]:
        """The rows of the units of which no label is doubted, though they could be."""
        free = self.doubts.judged.copy()
        free[self.doubts.units] = False
        return np.nonzero(free)[0]


def judged(project: Project, coder: str = "") -> Judged:
    """Which labels the model in force doubts: all of them, or those of one ``coder``.

    The labels are those of today, and the model's scores are those from models that never saw the
    article. Raises ``ModelError`` where there is no model to ask.
    """
    store = project.store
    model_id = jobs.model_id(store)
    if model_id is None:
        raise ModelError("there is no model yet that could doubt a label; train one first")
    model = suggesting.loaded(store, model_id)
    known = set(codebooks.current_scheme(store).columns())
    codes = [at for at, column in enumerate(model.columns) if column in known]
    columns = [model.columns[at] for at in codes]
    given, numbers = _given(store, _labels(store, coder), model, columns)
    here = np.nonzero(numbers >= 0)[0]
    found = doubts(model.out_of_fold[here][:, codes], given[here])
    return Judged(model_id, [model.units[at] for at in here], numbers[here], columns, found)


def _labels(store: Store, coder: str) -> Iterator[CodingRecord]:
    with tables.snapshot(store):
        for coding in tables.codings(store):
            own = coding.round == MAIN_ROUND and coding.arm not in _NO_LABEL
            if own and coding.status == "coded" and coding.coder == (coder or coding.coder):
                yield coding


def _given(
    store: Store, labels: Iterable[CodingRecord], model: Model, columns: Sequence[Column]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """The share of coders who gave each code, NaN where nobody was asked, in the model's order.

    And the units' numbers; -1 for those that have no such label.
    """
    rows = {unit: row for row, unit in enumerate(model.units)}
    asked = np.zeros((len(rows), len(columns)))
    gave = np.zeros_like(asked)
    numbers = np.full(len(rows), -1, np.int64)
    schemes = {number: set(scheme.columns()) for number, scheme in codebooks.schemes(store).items()}
    for coding in labels:
        row = rows.get(coding.unit.unit_id)
        if row is None:
            continue
        numbers[row] = coding.unit.seq
        said = {(one.variable, one.target, one.code): one.use for one in coding.answers}
        for at, column in enumerate(columns):
            put = column in schemes[coding.scheme] and asks(coding.asked, *column[:2])
            # A code that is only rejected was neither given nor left out.
            if said.get(column) == "asserted" or (put and column not in said):
                asked[row, at] += 1
                gave[row, at] += column in said
    return np.where(asked > 0, gave / np.maximum(asked, 1), np.nan), numbers


def make(
    project: Project,
    wanted: int,
    *,
    code: Column | None = None,
    coder: str = "",
    seed: int,
    who: str,
) -> UnitList:
    """Put up to ``wanted`` doubted units and as many others into a list, shuffled by the seed.

    Of one ``code`` and one ``coder``, or of all. Raises ``ModelError`` where there is no model, and
    ``RejectedEventError`` where nothing is doubted.
    """
    found = judged(project, coder)
    if code is not None and code not in found.columns:
        raise RejectedEventError(f"the model does not know the code {code.code!r}; train it again")
    doubted = found.of(code)[: min(wanted, MOST)]
    if not len(doubted):
        raise RejectedEventError(
            "the model doubts no label here, so that there is nothing to check"
        )
    rng = np.random.default_rng(seed)
    others = rng.permutation(found.undoubted())[: len(doubted)]
    rows = [Listed(int(found.numbers[at]), None, DOUBTED) for at in doubted]
    rows += [Listed(int(found.numbers[at]), None, MIXED_IN) for at in others]
    settings = {
        "model_id": found.model_id,
        "codes": [code.key] if code else [column.key for column in found.columns],
        "coder": coder,
        "seed": seed,
    }
    shuffled = [rows[at] for at in rng.permutation(len(rows))]
    name = _free_name(project.store)
    return lists.save(project.store, name, "check", "", settings, shuffled, who=who, at=now())


def _free_name(store: Store) -> str:
    taken = {one.name for one in lists.everything(store)}
    numbers = range(1, len(taken) + 2)
    return next(name for name in (f"label-check-{n}" for n in numbers) if name not in taken)


class Outcome(NamedTuple):
    """What came of a check: of the doubted labels and of the others, those reviewed and changed.

    A label is one coder's decision on one unit.
    """

    doubted: int = 0
    doubted_changed: int = 0
    mixed: int = 0
    mixed_changed: int = 0
    waiting: int = 0

    @property
    def told(self) -> str:
        """The same in a sentence."""
        if not self.doubted + self.mixed:
            return f"Nothing is reviewed yet; {counted(self.waiting, 'label')} wait."
        return (
            f"Of {counted(self.doubted, 'doubted label')} you changed {self.doubted_changed:,},"
            f" of {counted(self.mixed, 'other')} {self.mixed_changed:,}."
        )


class Turned(NamedTuple):
    """How often a code was taken out in a review, and how often it was put in."""

    column: Column
    taken_out: int
    put_in: int


def outcome(store: Store, name: str, coder: str | None = None) -> tuple[Outcome, list[Turned]]:
    """What came of a list that checks labels, for everybody or for one coder; and code by code.

    The last review of each label counts, and none that was taken back.
    """
    found = list(reviews.reviews(store, name, coder=coder))
    done = [one for one in found if one.after is not None]
    changed = [one for one in done if _is_changed(one)]

    def number(some: Sequence[Review], stratum: str) -> int:
        return sum(one.stratum == stratum for one in some)

    return Outcome(
        *(number(done, DOUBTED), number(changed, DOUBTED)),
        *(number(done, MIXED_IN), number(changed, MIXED_IN), len(found) - len(done)),
    ), _turned(changed)


def _is_changed(review: Review) -> bool:
    return _codes(review.before) != _codes(review.after) or not _is_set(review.after)


def _is_set(source: Source | None) -> bool:
    return source is not None and source.event.op == "set"


def _codes(source: Source | None) -> frozenset[tuple[Column, str, str]]:
    """What was said, with whose stance it is and whether it was rejected; nothing if set aside."""
    if source is None or source.event.op != "set":
        return frozenset()
    return frozenset(
        (Column(one.variable, one.target, one.code), one.holder, one.use)
        for one in source.event.answers
    )


def _turned(changed: Sequence[Review]) -> list[Turned]:
    """By code, those that were turned most often first."""
    turned: dict[Column, list[int]] = {}
    for review in changed:
        before, after = (
            {column for column, _, use in _codes(one) if use == "asserted"}
            for one in (review.before, review.after)
        )
        for column in before ^ after:
            turned.setdefault(column, [0, 0])[column in after] += 1
    rows = [Turned(column, *numbers) for column, numbers in turned.items()]
    return sorted(rows, key=lambda one: (-one.taken_out - one.put_in, one.column))


def as_reviewed(project: Project, seat: Seat, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The items of the desk as they are reviewed, where the seat's list is a check.

    An item carries the coder's ``earlier`` decision, and in ``review`` its uuid: it is open as long
    as that is in force. There is nothing on it of the model.
    """
    if not reviews.is_check(project.store, seat.list):
        return items
    found = {
        one.unit_id: one.before
        for one in reviews.reviews(
            project.store,
            seat.list,
            coder=seat.coder,
            units=[item["id"] for item in items],
            round_=seat.round,
            pass_=seat.pass_,
        )
    }
    return [item | _review(found.get(item["id"])) for item in items]


def at_the_end(project: Project, seat: Seat, far: Progress) -> dict[str, str]:
    """The ``outcome`` of the seat's list, where it is a check that the coder is through with."""
    if far.done < far.total or not reviews.is_check(project.store, seat.list):
        return {}
    return {"outcome": outcome(project.store, seat.list, seat.coder)[0].told}


def _review(before: Source | None) -> dict[str, Any]:
    if before is None:
        return {}
    event = before.event
    earlier = {
        "event": event.uuid,
        "status": "coded",
        "answers": [one.model_dump(mode="json") for one in event.answers],
        "decided_at": decided_at(event.client_at, before.recorded_at),
    }
    about = {"arm": CHECK, "review": event.uuid, "earlier": earlier}
    return {**about, "model_id": None, "candidates": []}
