"""Learning from the tags: the table, the model, the scores of every unit. Run in a child process.

Everything heavy is imported here and in ``learn``; the web process starts this module in a
process of its own (``supervising``) and only reads what it leaves behind.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from annotator.core.annotation import BULK, CHECK, asks
from annotator.core.codebook import Scheme
from annotator.core.errors import ModelError
from annotator.core.progress import Progress
from annotator.core.records import Candidates, CodingRecord, UnitRecord
from annotator.learn import artefact
from annotator.learn.features import MOST_TEXTS, Features, Settings, fit_features
from annotator.learn.fit import Material, fit
from annotator.learn.fitting import JUDGED
from annotator.learn.leads import TwoViews, hinted, unlearned
from annotator.learn.model import TEXTS_AT_ONCE, Column, Model
from annotator.learn.training import enough
from annotator.learn.vectors import WordVectors
from annotator.store import Store, codebooks, events, jobs, reveals, spreading, tables
from annotator.store.jobs import Job
from annotator.workflow import cuts, feature_cache, overview, token_cache, vectors
from annotator.workflow.clock import now
from annotator.workflow.neighbours import ReadingOrder
from annotator.workflow.projects import Project
from annotator.workflow.suggesting import APART, HINTS, scores_file
from annotator.workflow.token_cache import Cached

HEARTBEAT = 5.0  # seconds
OFTEN = 0.2
"""Seconds between two reports that are written; each is a write that saves of coders wait for."""


NO_PART = frozenset({spreading.ARM, BULK})
"""Arms of decisions that nothing is learned from, and no model judged by."""

LEAST_STORIES = 5
"""Stories that must be coded for whole stories to be held out; with fewer, articles are."""

KEPT_SCORES = 3
"""Models whose scores of all sentences are kept; those of a million by 25 codes are 100 MB."""

UNCODED = 3_000
"""Sentences that nobody coded, which show how high scores usually are."""


def columns(scheme: Scheme) -> list[Column]:
    """Every question of the scheme that a model may answer with yes or no."""
    return [Column(*place) for place in scheme.columns()]


def training_table(store: Store) -> pd.DataFrame:
    """One row per unit that somebody coded, one column per code; NaN where it was not asked.

    ``unit_id, document_id, text, blind, draw``, then ``variable|target|code``: the share of the
    coders who were asked that gave the code. A code that was
    only marked as rejected, or that the codebook did not have yet, is NaN and plays no part.
    Decisions that were copied from another one are left out, and article cards: what is said of a
    whole article is no example of its sentences. ``document_id`` is the first document
    of the story: copies of it in another fold would be an answer known beforehand. It is the
    article's own where too few stories were coded to learn from one and test on another.

    Answers that were changed after a reveal or in a review of doubted labels are learned from,
    and judged by the last one that was made blind and before: it stands in a column of the code's
    key behind ``fitting.JUDGED``, which is there only where it differs. ``blind`` is about that.
    What was confirmed in a list of suggestions plays no part at all.
    """
    return _table(store, _coded(store)).drop(columns="seq")


def _coded(store: Store) -> list[CodingRecord]:
    with tables.snapshot(store):
        return [
            coding
            for coding in tables.codings(store)
            if coding.status == "coded" and coding.arm not in NO_PART and not coding.unit.is_card
        ]


def _table(store: Store, coded: Sequence[CodingRecord]) -> pd.DataFrame:
    known = codebooks.schemes(store)
    keys = [column.key for column in columns(codebooks.current_scheme(store))]
    rows: dict[str, dict[str, Any]] = {}
    votes: dict[str, list[dict[str, float]]] = {}
    unled: dict[str, list[dict[str, float]]] = {}
    led = False
    for coding in coded:
        unit, judged = coding.unit.unit_id, _as_judged(store, coding)
        row = rows.setdefault(unit, _about(coding.unit))
        row["blind"] &= judged.is_blind and judged.arm != CHECK
        vote = _vote(coding, known[coding.scheme])
        votes.setdefault(unit, []).append(vote)
        led = led or judged is not coding
        said = _vote(judged, known[judged.scheme]) if judged is not coding else vote
        unled.setdefault(unit, []).append(said)
    about = ["unit_id", "document_id", "story", "seq", "text", "blind", "draw"]
    told = [row | _shares(votes[unit], keys) for unit, row in rows.items()]
    table = pd.DataFrame(told, columns=[*about, *keys])
    stories = table.pop("story")
    if _can_be_held_out(stories, table, keys):
        table["document_id"] = stories
    return _judged_beside(table, unled, keys) if led else table


def _judged_beside(
    table: pd.DataFrame, unled: Mapping[str, Sequence[Mapping[str, float]]], keys: list[str]
) -> pd.DataFrame:
    """The table with a column more for each code whose answers are not those to judge it by."""
    judged = pd.DataFrame([_shares(unled[unit], keys) for unit in table["unit_id"]], columns=keys)
    other = [key for key in keys if not judged[key].equals(table[key])]
    return table.assign(**{JUDGED + key: judged[key] for key in other})


def _about(unit: UnitRecord) -> dict[str, Any]:
    return {
        "unit_id": unit.unit_id,
        "document_id": unit.document_id,
        "story": unit.cluster_id or unit.document_id,
        "seq": unit.seq,
        "text": unit.text,
        "blind": True,
        "draw": unit.draw,
    }


def _as_judged(store: Store, coding: CodingRecord) -> CodingRecord:
    """The coding with the answers that a model may be judged by: the last that nothing had led.

    It is the same where nothing led to it, and where the coder never answered without.
    """
    if not coding.first and coding.arm != CHECK:
        return coding
    before = reveals.last_blind(store, coding)
    if before is None:
        return coding
    return coding._replace(
        answers=before.answers,
        asked=before.asked,
        scheme=before.scheme,
        arm=before.arm,
        first="",
        candidates=Candidates(),
    )


def _shares(votes: Sequence[Mapping[str, float]], keys: Sequence[str]) -> dict[str, float]:
    return {key: _share([vote[key] for vote in votes if key in vote]) for key in keys}


def _can_be_held_out(stories: pd.Series, table: pd.DataFrame, keys: Sequence[str]) -> bool:
    """Whether stories can be the folds; where they cannot, articles are, so that a model is made.

    There must be enough stories, and at least half of the codes that are spread over
    articles must be spread over stories too. Where most are not, one story is nearly all that was
    coded. Where a few are not, they come from one story, and no copies go into several folds for
    their sake.
    """
    if stories.nunique() < LEAST_STORIES:
        return False
    learned = [table[key] for key in keys if enough(table[key].to_numpy())]
    by_article = [answers for answers in learned if _is_spread(answers, table["document_id"])]
    by_story = [answers for answers in by_article if _is_spread(answers, stories)]
    return 2 * len(by_story) >= len(by_article)


def _is_spread(answers: pd.Series, documents: pd.Series) -> bool:
    """Whether no document has more than half of the positives, or of the negatives."""
    given = answers.dropna() >= 0.5
    shares = (documents[given.index[given == side]].value_counts(normalize=True) for side in (0, 1))
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


def _share(values: list[float]) -> float:
    given = [value for value in values if value == value]
    return sum(given) / len(given) if given else float("nan")


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
            with _working(store, job, progress, log) as report:
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
        with _working(store, job, progress, log) as report:
            model = artefact.load(place.parent)
            cached = token_cache.brought_up(store, report)
            batches = -(-len(cached.seqs) // TEXTS_AT_ONCE)

            def scoring(done: int) -> None:
                report(done, batches, "scoring every sentence")

            said = overview.said_of_codes(codebooks.current_scheme(store))
            _score(cached, ReadingOrder.of(store), model, said, place, scoring)
            jobs.put_in_force(store, job.id, model_id, who, now())
    finally:
        for left in place.parent.glob("*.tmp.npy"):
            left.unlink(missing_ok=True)
    clear_scores(store)


def clear_scores(store: Store) -> None:
    """Delete the scores of all models but those that were in force last; they can be made anew."""
    kept = jobs.lately_in_force(store, KEPT_SCORES)
    for model_id in set(jobs.model_ids(store)) - set(kept):
        # The scores first: where they are, the others are.
        for place in sorted((store.models / model_id).glob("*.npy"), reverse=True):
            # Where another program has it open, the next training takes it away.
            with suppress(OSError):
                place.unlink()


@contextmanager
def _working(
    store: Store, job: Job, progress: Progress | None, log: Path | None
) -> Iterator[Progress]:
    """The reports of a job; what broke it off is said in it."""
    try:
        with _beating(store, job.id) as report:
            yield _both(report, progress)
    except ModelError as fault:
        _close(store, job, str(fault))
        raise
    except BaseException as fault:
        _close(store, job, _plainly(fault) + (f"; {log} says more" if log else ""))
        raise


def _close(store: Store, job: Job, message: str) -> None:
    # A full disk may take not even that; the job then counts as dead with its process.
    with suppress(sqlite3.Error):
        jobs.end(store, job.id, "failed", now(), message)


def _plainly(fault: BaseException) -> str:
    """What broke a training off, in words that are not a programmer's."""
    if isinstance(fault, MemoryError):
        return "it broke off: this machine has too little memory for it"
    if isinstance(fault, KeyboardInterrupt):
        return "it was interrupted at the keyboard"
    if isinstance(fault, OSError):
        where = f" ({fault.filename})" if fault.filename else ""
        # numpy says of a full disk only how much it wrote.
        return f"it broke off: {fault.strerror or 'its files could not be written whole'}{where}"
    if isinstance(fault, sqlite3.Error):
        return f"it broke off: the project file cannot be used ({fault})"
    return f"it broke off through a fault in the program ({type(fault).__name__})"


def _train(project: Project, job: Job, report: Progress) -> Model:
    began = time.monotonic()
    store = project.store
    scheme = codebooks.current_scheme(store)
    # Others may be put in force meanwhile; the model keeps to those it began with.
    of_words = vectors.name_in_force(store)
    report(0, 0, "reading the tags")
    coded = _coded(store)
    if not coded:
        raise ModelError("nothing is coded yet; code some sentences first")
    cached = token_cache.brought_up(store, report)
    batches = -(-len(cached.seqs) // TEXTS_AT_ONCE)
    fits = 0

    def fitting(done: int, total: int, message: str) -> None:
        nonlocal fits
        fits = total
        report(done, total + batches, message)

    order = ReadingOrder.of(store)
    report(0, 0, "learning what stands together in the sentences")
    made = vectors.named(store, of_words) if of_words else None
    material = _material(project, scheme, coded, cached, order, made)
    table = _table(store, coded)
    near = order.near(store, table.pop("seq").tolist())
    table["near"] = pd.Series(near, index=table.index, dtype=object)
    model = fit(table, columns(scheme), seed=project.seed, progress=fitting, material=material)
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
        _score(cached, order, model, material.spoken, place, scoring)
        provenance = _provenance(project, job, coded, made) | {
            "seconds": round(time.monotonic() - began, 2)
        }
        card = artefact.save(
            model,
            place.parent,
            model_id=model_id,
            created_at=now(),
            provenance=provenance,
            vectors=of_words,
        )
        scoring(batches)
        jobs.put_model(store, job.id, model_id, scheme.id, card, now())
    except BaseException:
        shutil.rmtree(place.parent, ignore_errors=True)
        raise
    clear_scores(store)
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


def _score(
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
    written = float("-inf")

    def keep_alive() -> None:
        while not finished.wait(HEARTBEAT):
            # One beat that finds the file locked or the disk full is made up for by the next.
            with suppress(sqlite3.Error):
                jobs.beat(store, job, *state)

    def report(done: int, total: int, message: str) -> None:
        nonlocal written
        state[:] = [done, total, message]
        at = time.monotonic()
        if at - written < OFTEN:
            goes_on = jobs.is_open(store, job)
        else:
            goes_on, written = jobs.beat(store, job, done, total, message), at
        if not goes_on:
            raise ModelError(jobs.CANCELLED)

    beater = threading.Thread(target=keep_alive, daemon=True)
    beater.start()
    try:
        yield report
    finally:
        finished.set()
        beater.join()
