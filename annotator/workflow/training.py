"""Learning from the tags: the table, the model, the scores of every unit. Run in a child process.

Everything heavy is imported here and in ``learn``; the web process starts this module in a
process of its own (``supervising``) and only reads what it leaves behind.
"""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from annotator.core.annotation import asks
from annotator.core.codebook import Scheme
from annotator.core.errors import ModelError
from annotator.core.progress import Progress
from annotator.core.records import CodingRecord
from annotator.learn import artefact
from annotator.learn.logistic import MOST_FOLDS
from annotator.learn.model import TEXTS_AT_ONCE, Column, Model, fit
from annotator.learn.training import enough
from annotator.store import Store, codebooks, events, jobs, spreading, tables
from annotator.store.jobs import Job
from annotator.workflow.clock import now
from annotator.workflow.projects import Project
from annotator.workflow.suggesting import scores_file

HEARTBEAT = 5.0  # seconds


def columns(scheme: Scheme) -> list[Column]:
    """Every question of the scheme that a model may answer with yes or no."""
    return [Column(*place) for place in scheme.columns()]


def training_table(store: Store) -> pd.DataFrame:
    """One row per unit that somebody coded, one column per code; NaN where it was not asked.

    ``unit_id, document_id, text, blind, draw``, then ``variable|target|code``: 1.0 where at
    least half of the coders who were asked gave the code, 0.0 where fewer did. A code that was
    only marked as rejected, or that the codebook did not have yet, is NaN and plays no part.
    Decisions that were copied from another one are left out, and article cards: what is said of a
    whole article is no example of its sentences. ``document_id`` is the first document
    of the story: copies of it in another fold would be an answer known beforehand. It is the
    article's own where too few stories were coded to learn from one and test on another.
    """
    return _table(store, _coded(store))


def _coded(store: Store) -> list[CodingRecord]:
    with tables.snapshot(store):
        return [
            coding
            for coding in tables.codings(store)
            if coding.status == "coded" and coding.arm != spreading.ARM and not coding.unit.is_card
        ]


def _table(store: Store, coded: Sequence[CodingRecord]) -> pd.DataFrame:
    known = codebooks.schemes(store)
    keys = [column.key for column in columns(codebooks.current_scheme(store))]
    rows: dict[str, dict[str, Any]] = {}
    votes: dict[str, list[dict[str, float]]] = {}
    for coding in coded:
        unit = coding.unit
        row = rows.setdefault(
            unit.unit_id,
            {
                "unit_id": unit.unit_id,
                "document_id": unit.document_id,
                "story": unit.cluster_id or unit.document_id,
                "text": unit.text,
                "blind": True,
                "draw": unit.draw,
            },
        )
        row["blind"] &= not any(candidate.shown for candidate in coding.candidates)
        votes.setdefault(unit.unit_id, []).append(_vote(coding, known[coding.scheme]))
    told = []
    for id_, row in rows.items():
        share = {key: [vote[key] for vote in votes[id_] if key in vote] for key in keys}
        told.append(row | {key: _majority(values) for key, values in share.items()})
    about = ["unit_id", "document_id", "story", "text", "blind", "draw"]
    table = pd.DataFrame(told, columns=[*about, *keys])
    stories = table.pop("story")
    if _can_be_held_out(stories, table, keys):
        table["document_id"] = stories
    return table


def _can_be_held_out(stories: pd.Series, table: pd.DataFrame, keys: Sequence[str]) -> bool:
    """Whether stories can be the folds; where they cannot, articles are, so that a model is made.

    There must be as many stories as folds, and at least half of the codes that are spread over
    articles must be spread over stories too. Where most are not, one story is nearly all that was
    coded. Where a few are not, they come from one story, and no copies go into several folds for
    their sake.
    """
    if stories.nunique() < MOST_FOLDS:
        return False
    learned = [table[key] for key in keys if enough(table[key].to_numpy())]
    by_article = [answers for answers in learned if _is_spread(answers, table["document_id"])]
    by_story = [answers for answers in by_article if _is_spread(answers, stories)]
    return 2 * len(by_story) >= len(by_article)


def _is_spread(answers: pd.Series, documents: pd.Series) -> bool:
    """Whether no document has more than half of the positives, or of the negatives."""
    shares = (documents[answers == given].value_counts(normalize=True) for given in (0.0, 1.0))
    return all(share.iloc[0] <= 0.5 for share in shares)


def _vote(coding: CodingRecord, scheme: Scheme) -> dict[str, float]:
    """One coder's 1.0 or 0.0 for each code that was asked."""
    asked = {
        Column(*place).key: 0.0
        for place in scheme.columns()
        if asks(coding.asked, place[0], place[1])
    }
    for answer in coding.answers:
        key = Column(answer.variable, answer.target, answer.code).key
        if answer.use == "asserted":
            asked[key] = 1.0
        elif asked.get(key) != 1.0:
            asked[key] = float("nan")
    return asked


def _majority(values: list[float]) -> float:
    given = [value for value in values if value == value]
    if not given:
        return float("nan")
    return float(sum(given) * 2 >= len(given))


def train(
    project: Project,
    *,
    reason: str = "asked",
    progress: Progress | None = None,
    log: Path | None = None,
) -> Model:
    """Fit on all tags so far, evaluate, score every unit, and put the model in force.

    Raises ``ModelError`` where nothing can be learned yet, where another training runs, or
    where this one was cancelled. Until the very end the old model stays in force. ``log`` is
    where the process writes to, for the sentence that a fault leaves behind.
    """
    store = project.store
    last_event = events.last(store)
    job = jobs.start(store, pid=os.getpid(), reason=reason, at=now(), last_event=last_event)
    try:
        with _beating(store, job.id) as report:
            return _train(project, job, _both(report, progress))
    except ModelError as fault:
        jobs.end(store, job.id, "failed", now(), str(fault))
        raise
    except BaseException as fault:
        more = f"; {log} says more" if log else ""
        jobs.end(store, job.id, "failed", now(), _plainly(fault) + more)
        raise


def _plainly(fault: BaseException) -> str:
    """What broke a training off, in words that are not a programmer's."""
    if isinstance(fault, MemoryError):
        return "it broke off: this machine has too little memory for it"
    if isinstance(fault, KeyboardInterrupt):
        return "it was interrupted at the keyboard"
    if isinstance(fault, OSError) and fault.strerror:
        where = f" ({fault.filename})" if fault.filename else ""
        return f"it broke off: {fault.strerror}{where}"
    return f"it broke off through a fault in the program ({type(fault).__name__})"


def _train(project: Project, job: Job, report: Progress) -> Model:
    began = time.monotonic()
    store = project.store
    scheme = codebooks.current_scheme(store)
    report(0, 0, "reading the tags")
    coded = _coded(store)
    if not coded:
        raise ModelError("nothing is coded yet; code some sentences first")
    batches = -(-tables.totals(store)["units"] // TEXTS_AT_ONCE)
    fits = 0

    def fitting(done: int, total: int, message: str) -> None:
        nonlocal fits
        fits = total
        report(done, total + batches, message)

    model = fit(_table(store, coded), columns(scheme), seed=project.seed, progress=fitting)
    if not any(code.fitted for code in model.cards):
        raise ModelError(
            "no code can be learned yet: one needs 5 sentences with it and 5 without, "
            "in at least 2 articles"
        )

    def scoring(done: int) -> None:
        report(fits + done, fits + batches, "scoring every sentence")

    model_id = _new_id(store)
    place = scores_file(store, model_id)
    try:
        _score(store, model, place, scoring)
        provenance = _provenance(project, job, coded) | {
            "seconds": round(time.monotonic() - began, 2)
        }
        card = artefact.save(
            model, place.parent, model_id=model_id, created_at=now(), provenance=provenance
        )
        scoring(batches)
        jobs.put_model(store, job.id, model_id, scheme.id, card, now())
    except BaseException:
        shutil.rmtree(place.parent, ignore_errors=True)
        raise
    return model


def _provenance(project: Project, job: Job, coded: Sequence[CodingRecord]) -> dict[str, object]:
    """What a model was learned from, and why: for its card."""
    known = codebooks.schemes(project.store)
    versions: dict[str, set[str]] = {}
    for number in {coding.scheme for coding in coded}:
        for codebook in known[number].codebooks:
            versions.setdefault(codebook.name, set()).add(codebook.version)
    current = codebooks.current_scheme(project.store).codebooks
    return {
        "last_event": job.last_event,
        "codebooks": {codebook.name: codebook.version for codebook in current},
        "coded_with": {name: sorted(found) for name, found in sorted(versions.items())},
        "decisions": len(coded),
        "coders": len({coding.coder for coding in coded}),
        "documents": len({coding.unit.document_id for coding in coded}),
        "reason": job.reason,
    }


def _score(store: Store, model: Model, place: Path, scoring: Callable[[int], None]) -> None:
    """Score every unit into an array whose row is the unit's seq."""
    texts = [(unit.seq, unit.text) for unit in tables.units(store)]
    scores = np.full((texts[-1][0] + 1, len(model.columns)), np.nan, dtype=np.float32)
    for done, start in enumerate(range(0, len(texts), TEXTS_AT_ONCE)):
        scoring(done)
        batch = texts[start : start + TEXTS_AT_ONCE]
        scores[[seq for seq, _ in batch]] = model.score([text for _, text in batch])
    place.parent.mkdir(parents=True, exist_ok=True)
    fresh = place.with_name("scores.tmp.npy")
    np.save(fresh, scores, allow_pickle=False)
    fresh.replace(place)


def _new_id(store: Store) -> str:
    """A name no model of this project ever had: events name their models for good."""
    left = [path.name for path in store.models.glob("m*")] if store.models.is_dir() else []
    taken = [*jobs.model_ids(store), *left]
    return f"m{1 + max((int(name[1:]) for name in taken if name[1:].isdigit()), default=0)}"


def _both(report: Progress, progress: Progress | None) -> Progress:
    def tell(done: int, total: int, message: str) -> None:
        report(done, total, message)
        if progress:
            progress(done, total, message)

    return tell


@contextmanager
def _beating(store: Store, job: int) -> Iterator[Progress]:
    """Keep the job's heartbeat going between progress reports; cancelling ends the next report."""
    state: list[Any] = [0, 0, "starting"]
    finished = threading.Event()

    def keep_alive() -> None:
        while not finished.wait(HEARTBEAT):
            jobs.beat(store, job, *state)

    def report(done: int, total: int, message: str) -> None:
        state[:] = [done, total, message]
        if not jobs.beat(store, job, done, total, message):
            raise ModelError(jobs.CANCELLED)

    beater = threading.Thread(target=keep_alive, daemon=True)
    beater.start()
    try:
        yield report
    finally:
        finished.set()
        beater.join()
