"""Learning from the tags: fit a model, score every unit with it, and put it in force.

Everything heavy is imported here and in ``learn``; the web process starts this module in a
process of its own (``supervising``) and only reads what it leaves behind.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from annotator.core.codebook import Scheme
from annotator.core.errors import ModelError
from annotator.core.progress import Progress
from annotator.core.records import CodingRecord
from annotator.learn import artefact
from annotator.learn.features import MOST_TEXTS, Features, Settings, fit_features
from annotator.learn.fit import Material, fit
from annotator.learn.model import TEXTS_AT_ONCE, Model
from annotator.learn.vectors import WordVectors
from annotator.store import Store, codebooks, events, jobs, tables
from annotator.store.jobs import Job
from annotator.workflow import cuts, feature_cache, overview, token_cache, vectors
from annotator.workflow.clock import now
from annotator.workflow.neighbours import ReadingOrder
from annotator.workflow.projects import Project
from annotator.workflow.score_files import clear_scores, score_all
from annotator.workflow.suggesting import scores_file
from annotator.workflow.token_cache import Cached
from annotator.workflow.training_job import working
from annotator.workflow.training_table import codings, columns, table_of

UNCODED = 3_000
"""Sentences that nobody coded, which show how high scores usually are."""


def train(
    project: Project,
    *,
    reason: str = "asked",
    progress: Progress | None = None,
    log: Path | None = None,
) -> Model:
    """Fit on all tags so far, evaluate, score every unit, and put the model in force.

    Raises ``ModelError`` where nothing can be learned yet, where another training runs, or
    where this one was cancelled. Until the very end the old model stays in force. Where another
    training was asked for meanwhile, it follows here, and the model is what that one made.
    ``log`` is where the process writes to, for the sentence that a fault leaves behind.
    """
    store = project.store
    last_event = events.last(store)
    job = jobs.start(store, pid=os.getpid(), reason=reason, at=now(), last_event=last_event)
    while True:
        try:
            with working(store, job, progress, log) as report:
                model = _train(project, job, report)
        except ModelError:
            following = _following(store)
            if following is None:
                raise
        else:
            following = _following(store)
            if following is None:
                return model
        job = following


def _following(store: Store) -> Job | None:
    return jobs.follow(store, pid=os.getpid(), at=now(), last_event=events.last(store))


def rescore(
    project: Project,
    model_id: str,
    *,
    who: str,
    progress: Progress | None = None,
    log: Path | None = None,
) -> None:
    """Score every unit with a model that was made before, and put it in force again.

    Until the very end the model before stays in force. Raises ``ModelError`` as ``train`` does, and
    where the model cannot be read.
    """
    store = project.store
    last_event = events.last(store)
    job = jobs.start(store, pid=os.getpid(), reason=jobs.USE, at=now(), last_event=last_event)
    place = scores_file(store, model_id)
    try:
        with working(store, job, progress, log) as report:
            model = artefact.load(place.parent)
            cached = token_cache.brought_up(store, report)
            steps = Steps(report, _batches(cached))
            said = overview.said_of_codes(codebooks.current_scheme(store))
            score_all(cached, ReadingOrder.of(store), model, said, place, steps.scoring)
            jobs.put_in_force(store, job.id, model_id, who, now())
    finally:
        for left in place.parent.glob("*.tmp.npy"):
            left.unlink(missing_ok=True)
    clear_scores(store)


@dataclass
class Steps:
    """Fitting and then scoring in ``batches``, told as one row of steps."""

    report: Progress
    batches: int
    fits: int = 0

    def fitting(self, done: int, total: int, message: str) -> None:
        """So far with the fits, of which there are ``total``."""
        self.fits = total
        self.report(done, total + self.batches, message)

    def scoring(self, done: int) -> None:
        """So far with the batches."""
        self.report(self.fits + done, self.fits + self.batches, "scoring every sentence")


def _train(project: Project, job: Job, report: Progress) -> Model:
    began = time.monotonic()
    store = project.store
    scheme = codebooks.current_scheme(store)
    # Others may be put in force meanwhile; the model keeps to those it began with.
    of_words = vectors.name_in_force(store)
    report(0, 0, "reading the tags")
    coded = codings(store)
    if not coded:
        raise ModelError("nothing is coded yet; code some sentences first")
    cached = token_cache.brought_up(store, report)
    steps = Steps(report, _batches(cached))
    order = ReadingOrder.of(store)
    report(0, 0, "learning what stands together in the sentences")
    made = vectors.named(store, of_words) if of_words else None
    material = _material(project, scheme, coded, cached, order, made)
    model = _fitted(project, scheme, coded, order, material, steps)
    model_id = _new_id(store)
    place = scores_file(store, model_id)
    try:
        score_all(cached, order, model, material.spoken, place, steps.scoring)
        told = _provenance(project, job, coded, made)
        card = artefact.save(
            model,
            place.parent,
            model_id=model_id,
            created_at=now(),
            provenance=told | {"seconds": round(time.monotonic() - began, 2)},
            vectors=of_words,
        )
        steps.scoring(steps.batches)
        jobs.put_model(store, job.id, model_id, scheme.id, card, now())
    except BaseException:
        shutil.rmtree(place.parent, ignore_errors=True)
        raise
    clear_scores(store)
    return model


def _batches(cached: Cached) -> int:
    return -(-len(cached.seqs) // TEXTS_AT_ONCE)


def _fitted(
    project: Project,
    scheme: Scheme,
    coded: Sequence[CodingRecord],
    order: ReadingOrder,
    material: Material,
    steps: Steps,
) -> Model:
    """The model of these codings. Raises ``ModelError`` where no code can be learned."""
    table = table_of(project.store, coded)
    near = order.near(project.store, table.pop("seq").tolist())
    table["near"] = pd.Series(near, index=table.index, dtype=object)
    model = fit(
        table, columns(scheme), seed=project.seed, progress=steps.fitting, material=material
    )
    if not any(code.fitted for code in model.cards):
        raise ModelError(
            "no code can be learned yet: one needs 5 sentences with it and 5 without, "
            "in at least 2 articles"
        )
    return model


def _material(
    project: Project,
    scheme: Scheme,
    coded: Sequence[CodingRecord],
    cached: Cached,
    order: ReadingOrder,
    made: WordVectors | None,
) -> Material:
    """All that is learned from beside the answers."""
    store = project.store
    uncoded = tables.texts_of(store, _uncoded(store, coded))
    return Material(
        features=_features(project, cached),
        uncoded=[*uncoded.values()],
        near_uncoded=order.near(store, [*uncoded]),
        vectors=made,
        lexicon=cached.texts.lexicon,
        spoken=overview.said_of_codes(scheme),
        precision=cuts.precisions(store),
    )


OF_VECTORS = ("method", "dims", "texts")
"""What a model's card tells of the word vectors that it was learned with."""


def _provenance(
    project: Project, job: Job, coded: Sequence[CodingRecord], made: WordVectors | None
) -> dict[str, object]:
    """What a model was learned from, and why: for its card."""
    known = codebooks.schemes(project.store)
    versions: dict[str, set[str]] = {}
    for number in {coding.scheme for coding in coded}:
        for codebook in known[number].codebooks:
            versions.setdefault(codebook.name, set()).add(codebook.version)
    current = codebooks.current_scheme(project.store).codebooks
    told: dict[str, object] = {
        "last_event": job.last_event,
        "codebooks": {codebook.name: codebook.version for codebook in current},
        "coded_with": {name: sorted(found) for name, found in sorted(versions.items())},
        "decisions": len(coded),
        "coders": len({coding.coder for coding in coded}),
        "documents": len({coding.unit.document_id for coding in coded}),
        "reason": job.reason,
    }
    if made is None:
        return told
    return told | {"vectors": {name: made.card[name] for name in OF_VECTORS if name in made.card}}


def _features(project: Project, cached: Cached) -> Features:
    """What is learned of the project's text alone, from the sentences that chance put first."""
    drawn = tables.drawn_first(project.store, MOST_TEXTS)
    # What came in since the words were cut is not among them.
    places = np.flatnonzero(np.isin(cached.seqs, drawn))
    units = zip(cached.seqs[places].tolist(), cached.checks[places].tolist(), strict=True)
    return feature_cache.kept(
        project.store,
        [f"{seq}:{check}" for seq, check in units] + [str(project.seed)],
        lambda: fit_features(cached.texts.taken(places), Settings(), project.seed),
    )


def _uncoded(store: Store, coded: Sequence[CodingRecord]) -> list[int]:
    """The numbers of some units that nobody coded, those that chance puts first."""
    done = {coding.unit.seq for coding in coded}
    drawn = tables.drawn_first(store, UNCODED + len(done))
    return [seq for seq in drawn if seq not in done][:UNCODED]


def _new_id(store: Store) -> str:
    """A name no model of this project ever had: events name their models for good."""
    left = [path.name for path in store.models.glob("m*")] if store.models.is_dir() else []
    taken = [*jobs.model_ids(store), *left]
    return f"m{1 + max((int(name[1:]) for name in taken if name[1:].isdigit()), default=0)}"
