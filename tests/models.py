"""Models that nobody trained: what they say of each unit, chance decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

import numpy as np

from annotator.learn.model import CodeCard
from annotator.store import jobs, tables
from annotator.workflow import suggesting
from annotator.workflow.projects import Project
from tests.small import AT


def put_model(
    project: Project,
    codes: Sequence[str],
    seed: int = 1,
    *,
    apart: bool = True,
    desk: float | None = None,
) -> np.ndarray:
    """Put a model of these frames in force; its scores, whose row is the unit's number.

    A code shows on the desk from the score ``desk`` on, and never without it. With ``apart``, it
    says how far its two views differ.
    """
    store = project.store
    last = max(number for number, _ in tables.unit_names(store))
    scores = np.random.default_rng(seed).random((last + 1, len(codes)), np.float32)
    job = jobs.start(store, pid=1, reason="asked", at=AT, last_event=0)
    place = suggesting.scores_file(store, f"m{job.id}")
    place.parent.mkdir(parents=True)
    np.save(place, scores)
    if apart:
        np.save(place.with_name(suggesting.APART), scores[:, 0])
    known = {"positives": 9, "negatives": 9, "fitted": True, "threshold": 0.5}
    known |= {"desk_threshold": desk}
    cards = [CodeCard(variable="frame", target="", code=code, **known) for code in codes]
    card = {"codes": [asdict(one) for one in cards], "trained_on": 18}
    jobs.put_model(store, job.id, f"m{job.id}", 1, card, AT)
    return scores
