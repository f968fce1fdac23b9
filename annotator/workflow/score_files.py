"""The scores of every unit, as a model leaves them in the files beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np

from annotator.learn.leads import TwoViews, hinted, unlearned
from annotator.learn.model import TEXTS_AT_ONCE, Model
from annotator.store import Store, jobs
from annotator.workflow import token_cache
from annotator.workflow.neighbours import ReadingOrder
from annotator.workflow.suggesting import APART, HINTS
from annotator.workflow.token_cache import Cached

KEPT_SCORES = 3
"""Models whose scores of all sentences are kept; those of a million by 25 codes are 100 MB."""


def clear_scores(store: Store) -> None:
    """Delete the scores of all models but those that were in force last; they can be made anew."""
    kept = jobs.lately_in_force(store, KEPT_SCORES)
    for model_id in set(jobs.model_ids(store)) - set(kept):
        # The scores first: where they are, the others are.
        for place in sorted((store.models / model_id).glob("*.npy"), reverse=True):
            # Where another program has it open, the next training takes it away.
            with suppress(OSError):
                place.unlink()


def score_all(
    cached: Cached,
    order: ReadingOrder,
    model: Model,
    spoken: Mapping[str, Sequence[str]],
    place: Path,
    scoring: Callable[[int], None],
) -> None:
    """Score every unit into an array whose row is the unit's seq, and what choosing asks beside.

    ``spoken`` is what the codebook says for its codes.
    """
    rows = int(cached.seqs[-1]) + 1 if len(cached.seqs) else 0
    place.parent.mkdir(parents=True, exist_ok=True)
    decisions = np.zeros((len(cached.seqs), len(model.columns)), dtype=np.float32)
    apart = np.zeros(rows, np.float32)
    hinting = hinted(model, spoken)
    of_tokens = hinting.of_tokens(cached.texts.lexicon)
    views = None
    for done, (run, texts) in enumerate(token_cache.parts(cached.texts, TEXTS_AT_ONCE)):
        scoring(done)
        parts = hinting.parts(texts, of_tokens)
        views = views or TwoViews.of(model, parts)
        decisions[run] = hinting.whole(parts)
        apart[cached.seqs[run]] = views.apart(parts)
    scores = np.full((rows, len(model.columns)), np.nan, dtype=np.float32)
    scores[cached.seqs] = model.scores_in_context(decisions, order.around(cached.seqs))
    hints = np.zeros((rows, len(unlearned(model))), np.float32)
    hints[cached.seqs] = decisions[:, unlearned(model)]
    # The scores last: where they are, the others are.
    _keep(place.with_name(APART), apart)
    _keep(place.with_name(HINTS), hints)
    _keep(place, scores)


def _keep(place: Path, array: np.ndarray) -> None:
    fresh = place.with_suffix(".tmp.npy")
    np.save(fresh, array, allow_pickle=False)
    fresh.replace(place)
