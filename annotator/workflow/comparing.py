"""Two models side by side: code by code, on the same sentences, and where they disagree most."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from annotator.learn.metrics import Measures, measures
from annotator.learn.model import CodeCard, Column, Mistake, Model
from annotator.learn.sampling import RESERVED
from annotator.store import Store, codebooks, learned
from annotator.store.desk_units import DeskUnit
from annotator.store.jobs import Registered
from annotator.workflow import overview, register, suggesting, unit_scores
from annotator.workflow.overview import Place
from annotator.workflow.projects import Project

if TYPE_CHECKING:
    import pandas as pd

ENOUGH = 30
"""Sentences with a code that both models can be judged on, from which their F1 is told."""

LOOKED_AT = 200
"""Sentences that two models differ most about, among which those are found that may be shown."""

CAUTION = (
    "The figures of the two models are from different sentences: each was tested on the labels "
    "that it was learned from, by models that had not seen their articles."
)
SAME = (
    "Judged on the same sentences: those of the random stream that were coded without suggestions "
    "in sight, and that both models learned from or neither; their F1 is told from "
    f"{ENOUGH} sentences with the code on."
)

Two = tuple[Registered, Registered]
Floats = NDArray[np.float32]


class Pair(NamedTuple):
    """One code in two models; None where a model does not know it."""

    place: Place
    name: str
    first: CodeCard | None
    second: CodeCard | None


def compare(project: Project, models: Two) -> list[Pair]:
    """Every code of two models side by side, those with most positives in either first."""
    first, second = (
        dict(zip(register.places(one), overview.code_cards(one.card), strict=True))
        for one in models
    )
    called: dict[Place, str] = {}
    for number in sorted({one.scheme for one in models}):
        called |= register.names(codebooks.scheme(project.store, number))
    pairs = [
        Pair(place, register.name_in(called, place), first.get(place), second.get(place))
        for place in dict.fromkeys([*first, *second])
    ]
    return sorted(pairs, key=_most_positives, reverse=True)


def _most_positives(pair: Pair) -> int:
    return max(code.positives for code in (pair.first, pair.second) if code is not None)


class Fair(NamedTuple):
    """One code of both models on the sentences that both can be judged on fairly."""

    place: Place
    first: Measures
    second: Measures

    @property
    def is_enough(self) -> bool:
        """Whether there are sentences enough with the code to tell the two apart at all."""
        return self.first.positives >= ENOUGH


def fair(project: Project, models: Two) -> list[Fair]:
    """Codes that both models learned, each judged on the same sentences by both.

    These were drawn for the random stream and coded without suggestions in sight. Either neither
    model learned from the sentence, or any sentence of the same words, and both or none of them
    from its article; or both did, and are judged by their scores out of fold. Labels are those of
    today. Raises ``ModelError`` where the files of a model cannot be read.
    """
    # They load pandas, which pages that only list the models need not wait for.
    from annotator.learn.fitting import JUDGED
    from annotator.workflow.training_table import training_table

    table = training_table(project.store)
    loaded = [suggesting.loaded(project.store, one.id) for one in models]
    row_of = [{unit: row for row, unit in enumerate(one.units)} for one in loaded]
    known = [table["unit_id"].isin(rows).to_numpy() for rows in row_of]
    judged = (table["blind"] & (table["draw"] < RESERVED)).to_numpy()
    in_both = judged & known[0] & known[1]
    in_none = judged & _unseen_by_both(table, known)
    chosen = table[in_both | in_none]
    scores = [
        _scores(project.store, model, rows, chosen["unit_id"].tolist())
        for model, rows in zip(loaded, row_of, strict=True)
    ]
    told = []
    for column, at in _shared(loaded):
        if column.key in chosen:
            key = JUDGED + column.key
            answers = chosen[key if key in chosen else column.key].to_numpy(np.float64)
            cards = [one.cards[number] for one, number in zip(loaded, at, strict=True)]
            columns = [given[:, number] for given, number in zip(scores, at, strict=True)]
            told.append(_judged((*column,), answers, cards, columns))
    return sorted(told, key=lambda one: -one.first.positives)


def _shared(loaded: list[Model]) -> list[tuple[Column, list[int]]]:
    """The codes that both models learned, and the number of each in either of them."""
    first, second = (
        {column: at for at, column in enumerate(one.columns) if one.cards[at].fitted}
        for one in loaded
    )
    return [(column, [at, second[column]]) for column, at in first.items() if column in second]


def _unseen_by_both(table: pd.DataFrame, known: list[NDArray[np.bool_]]) -> NDArray[np.bool_]:
    """Rows of words that neither model learned from, of articles that both did or neither."""
    learned_from = known[0] | known[1]
    told = table["text"].isin(table["text"][learned_from])
    first, second = (table["document_id"].isin(table["document_id"][one]) for one in known)
    found: NDArray[np.bool_] = (~told & (first == second)).to_numpy()
    return found


def _judged(
    place: Place, answers: NDArray[np.float64], cards: list[CodeCard], scores: list[Floats]
) -> Fair:
    asked = ~np.isnan(answers) & ~np.isnan(scores[0]) & ~np.isnan(scores[1])
    truth = answers[asked] >= 0.5
    first, second = (
        # A code that was learned has a threshold.
        measures(truth, given[asked] >= (card.threshold or 0.0))
        for card, given in zip(cards, scores, strict=True)
    )
    return Fair(place, first, second)


def _scores(store: Store, model: Model, row_of: dict[str, int], units: list[str]) -> Floats:
    """Scores out of fold of what the model learned from, and plain ones of the others."""
    number_of = learned.numbers(store, units)
    rows = np.array([row_of.get(unit, -1) for unit in units], dtype=np.intp)
    seqs = np.array([number_of[unit] for unit in units], dtype=np.int64)
    scores = np.full((len(units), len(model.columns)), np.nan, np.float32)
    scores[rows >= 0] = model.out_of_fold[rows[rows >= 0]]
    others = rows < 0
    if others.any():
        scores[others] = unit_scores.aligned(store, model, model.model_id, seqs[others])
    return scores


class Dispute(NamedTuple):
    """A unit that two models score differently."""

    unit: DeskUnit
    first: float
    second: float


def disputed(
    project: Project, coder: str | None, models: Two, place: Place, most: int = 5
) -> list[Dispute] | None:
    """The units whose scores of one code lie farthest apart, among those the coder may see judged.

    None where one of the models does not know the code, or where its scores are gone.
    """
    found = [_column(project.store, model, place) for model in models]
    rows = min((len(column) for column in found if column is not None), default=0)
    columns = [np.asarray(column[:rows]) for column in found if column is not None]
    if len(columns) < len(models):
        return None
    farthest = _farthest(*columns)
    ids = learned.names(project.store, farthest)
    shown = [Mistake(unit_id=ids[at], score=float(columns[0][at])) for at in farthest if at in ids]
    return [
        Dispute(unit, one.score, float(columns[1][unit.seq]))
        for one, unit in overview.to_read(project, coder, shown, most)
    ]


def _column(store: Store, model: Registered, place: Place) -> Floats | None:
    known, scores = register.places(model), register.kept_scores(store, model)
    return scores[:, known.index(place)] if scores is not None and place in known else None


def _farthest(first: Floats, second: Floats) -> list[int]:
    """The rows that differ most, the farthest first."""
    apart = np.nan_to_num(np.abs(first - second))
    number = min(LOOKED_AT, len(apart))
    rows = np.argpartition(-apart, number - 1)[:number] if number else np.zeros(0, np.intp)
    rows = rows[apart[rows] > 0]
    return [int(row) for row in rows[np.argsort(-apart[rows], kind="stable")]]
