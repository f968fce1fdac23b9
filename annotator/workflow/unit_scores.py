"""The scores of a project's own units: as the desk has them, or decided anew where it has none.

Units that came in or were cut anew after the training stand among others that were scored without
them, so all units of such a document are decided anew, in context among each other.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from annotator.core.progress import Progress, silent
from annotator.learn.features import Floats
from annotator.learn.model import TEXTS_AT_ONCE, Model
from annotator.store import Store, tables
from annotator.workflow import suggesting
from annotator.workflow.neighbours import ReadingOrder
from annotator.workflow.scoring import scores_in_a_row

Numbers = NDArray[np.int64]


def aligned(
    store: Store,
    model: Model,
    model_id: str,
    units: Numbers,
    *,
    progress: Progress = silent,
    at_once: int = TEXTS_AT_ONCE,
) -> Floats:
    """The scores in context of these units, by number: one row for each, one column per code.

    To be held against ``CodeCard.threshold``. NaN where a code is not fitted, and for a unit that
    the project does not have. Scores that are gone or damaged are decided anew, about ``at_once``
    units together.
    """
    with tables.snapshot(store):
        order = ReadingOrder.of(store)
        about = np.isin(order.documents, order.documents[np.isin(order.seqs, units)])
        seqs, documents = order.seqs[about], order.documents[about]
        # One row more, for a unit that is not there.
        scores = np.full((len(seqs) + 1, len(model.columns)), np.nan, np.float32)
        scores[:-1] = _kept(store, model, model_id, seqs)
        fitted = [card.fitted for card in model.cards]
        unknown = np.isnan(scores[:-1][:, fitted]).any(axis=1)
        anew = np.flatnonzero(np.isin(documents, documents[unknown]))
        for run in _whole_documents(documents[anew], at_once):
            progress(run.start, len(anew), "scoring what came in after the training")
            rows = anew[run]
            texts = _texts(store, seqs[rows])
            scores[rows] = scores_in_a_row(model, texts, documents[rows])
    return scores[_places(seqs, units)]


def _kept(store: Store, model: Model, model_id: str, seqs: Numbers) -> Floats:
    """What the training left of these units; NaN where it left nothing."""
    found = np.full((len(seqs), len(model.columns)), np.nan, np.float32)
    engine = suggesting.engine(store)
    if engine is not None and engine.model_id == model_id:
        there = seqs < len(engine.scores)
        found[there] = engine.scores[seqs[there]]
    return found


def _whole_documents(documents: Numbers, most: int) -> Iterator[slice]:
    """The units in runs of about so many, none of which ends within a document."""
    ends = np.append(np.flatnonzero(np.diff(documents)) + 1, len(documents))
    cuts = ends[np.searchsorted(ends, np.arange(most, len(documents), most))]
    yield from (slice(*pair) for pair in pairwise(np.unique([0, *cuts, len(documents)]).tolist()))


def _texts(store: Store, seqs: Numbers) -> list[str]:
    """The texts of units in their order here."""
    by_number = tables.texts_of(store, seqs.tolist())
    return [by_number[seq] for seq in seqs.tolist()]


def _places(seqs: Numbers, units: Numbers) -> NDArray[np.intp]:
    """Where each unit stands among ``seqs``; -1 where it does not."""
    place = np.full(max(seqs.max(initial=0), units.max(initial=0)) + 1, -1, np.intp)
    place[seqs] = np.arange(len(seqs))
    return place[units]
