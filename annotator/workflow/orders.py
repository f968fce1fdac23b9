"""What comes next: the units of a project in the order that a sampler wants them.

The same project, model and seed give the same order on every machine. What is read of the corpus
is kept as long as the corpus stays what it is, and the last few orders as long as the model does.
"""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from annotator.core.errors import RejectedEventError
from annotator.core.order import Order, order_of
from annotator.core.query import Search, SearchError
from annotator.learn import samplers
from annotator.learn.model import CodeCard, Column
from annotator.learn.samplers import LOOKED_AT, SAMPLERS, Frame
from annotator.learn.sampling import RESERVED
from annotator.store import Store, ranking, search, tables
from annotator.store.ranking import Changes, Ranking, State
from annotator.workflow import overview, policies, searching, suggesting
from annotator.workflow.projects import Project
from annotator.workflow.suggesting import Engine

if TYPE_CHECKING:
    from annotator.learn.cold_start import Kind

MOST_KEPT = 4
"""Rankings kept of a project: eight bytes for each unit and each of them."""

OF_MODEL = ("least-sure", "rare-code", "disagreement")
"""The samplers that ask the model."""

LONGEST = 300
"""Characters of an order's name that an event keeps."""

CHANCE = "random"

log = logging.getLogger(__name__)


class _Corpus(NamedTuple):
    """The units of a corpus as ``Frame`` has them."""

    seqs: NDArray[np.int64]
    documents: NDArray[np.int64]
    draws: NDArray[np.float64]

    @classmethod
    def of(cls, store: Store) -> _Corpus:
        rows = np.fromiter(ranking.corpus(store), np.dtype("i8,i8,f8"))
        return cls(*(np.ascontiguousarray(rows[name]) for name in ("f0", "f1", "f2")))


class _Kept:
    """What is kept of one project. It never holds the store, which would not be closed then."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.changes = Changes()
        self.of: tuple[int, int] | None = None
        self.corpus: _Corpus | None = None
        self.numbers: OrderedDict[tuple[object, ...], NDArray[np.int64]] = OrderedDict()


_kept: WeakKeyDictionary[Store, _Kept] = WeakKeyDictionary()
_lock = threading.Lock()


def known(project: Project, name: str) -> Order:
    """The order of that name. Raises ``RejectedEventError`` where it can never be followed.

    One that needs a model is known without one too, and followed once there is one.
    """
    order = order_of(name)
    if order is None:
        raise RejectedEventError(f"{name!r} is no way of choosing")
    if fault := _fault_in(project, name, order):
        raise RejectedEventError(fault)
    return order


def _fault_in(project: Project, name: str, order: Order) -> str | None:
    if order.sampler not in SAMPLERS:
        there = ", ".join(SAMPLERS)
        return f"there is no way of choosing called {order.sampler!r}; there are: {there}"
    needs = SAMPLERS[order.sampler].needs
    if needs == "code" and not order.about:
        return f"{order.sampler!r} needs a code; write {Order(order.sampler, about='CODE').name}"
    if needs == "words" and not order.about:
        return f"{order.sampler!r} needs words; write {Order(order.sampler, about='WORDS').name}"
    if needs == "words":
        try:
            _search(project, order)
        except SearchError as fault:
            return str(fault)
    if len(name) > LONGEST:
        return f"a way of choosing has at most {LONGEST} characters; take fewer words"
    return None


def title(project: Project, order: Order) -> str:
    """The order in a few words: its sampler, what it is about, and whether by article."""
    about = order.about
    if SAMPLERS[order.sampler].needs != "words":
        about = _called(project, order.about)
    told = [SAMPLERS[order.sampler].title + (f": {about}" if about else "")]
    return ", ".join([*told, "article by article"] if order.by == "articles" else told)


def _called(project: Project, key: str) -> str:
    """A code by its title, or by its name where the codebook has lost it."""
    names = overview.code_names(project.scheme)
    known = {Column(*place).key: code.full for place, code in names.items()}
    return known.get(key, key.rpartition("|")[2])


def instead(project: Project, order: Order) -> str:
    """What comes as long as the order cannot be followed, in a few words; empty where it can."""
    return _followed(project, order, suggesting.engine(project.store))[1]


def is_waiting(project: Project, order: Order) -> bool:
    """Whether chance decides in its place, for want of what a model would say."""
    return _followed(project, order, suggesting.engine(project.store))[0].sampler != order.sampler


def _followed(project: Project, order: Order, engine: Engine | None) -> tuple[Order, str]:
    """The order that can be followed today, and its title where that is another one."""
    if order.sampler not in OF_MODEL:
        return order, ""
    by_chance = order._replace(sampler=CHANCE, about="")
    if engine is None and SAMPLERS[order.sampler].needs:
        return by_chance, "By chance, until there is a model"
    if engine is None:
        known = order.about in _keys(project)
        return order if known else order._replace(about=""), "By the codes' words, without a model"
    store = project.store
    if order.sampler == "disagreement" and _beside(store, engine, suggesting.APART) is None:
        return by_chance, "By chance, until the next training"
    if order.about and not _is_known(project, engine, order.about):
        code, every = _called(project, order.about), order._replace(about="")
        return every, f"{title(project, every)}; the model does not know {code}"
    return order, ""


def _is_known(project: Project, engine: Engine, key: str) -> bool:
    """Whether the model tells of a code of today's codebook where it may stand."""
    code = _codes(project, engine).get(key)
    if code is None:
        return False
    return code.card.fitted or _beside(project.store, engine, suggesting.HINTS) is not None


class _OfModel(NamedTuple):
    """A code of the model: its columns in the scores and, if not learned, the hints; its card."""

    column: int
    hint: int
    card: CodeCard


def _codes(project: Project, engine: Engine) -> dict[str, _OfModel]:
    """The codes of the model that today's codebook has, by their keys."""
    asked = set(project.scheme.columns())
    found, unlearned = {}, 0
    for at, card in enumerate(overview.code_cards(engine.card)):
        place = Column(card.variable, card.target, card.code)
        if place in asked:
            found[place.key] = _OfModel(at, unlearned, card)
        unlearned += not card.fitted
    return found


def in_order(project: Project, name: str) -> Ranking | None:
    """The units of the corpus in the order of that name; None where there is no such order.

    By chance, beside the random stream, as long as the order needs a model that there is not.
    """
    order = order_of(name)
    if order is None or _fault_in(project, name, order):
        return None
    with _lock:
        kept = _kept.setdefault(project.store, _Kept())
    with kept.lock:
        return _ranking(project, order, kept)


def _ranking(project: Project, order: Order, kept: _Kept) -> Ranking:
    # The state is read first: what changes while the ranking is made gives the next one.
    now = ranking.state(project.store, kept.changes)
    kept.changes = now.changes
    policy, engine = policies.policy(project.store), suggesting.engine(project.store)
    followed, _ = _followed(project, order, engine)
    key: tuple[object, ...] = (followed, now.corpus, policy.stream)
    if followed.sampler in OF_MODEL:
        # Scores that were put back, or of more units, are others under the same name.
        key += (engine.model_id, len(engine.scores)) if engine else ("",)
        key += (now.scheme,)
    if key not in kept.numbers:
        corpus = _corpus(project.store, now, kept)
        frame = _frame(project, followed, corpus, engine)
        kept.numbers[key] = samplers.queue(frame, followed, seed=project.seed, stream=policy.stream)
    kept.numbers.move_to_end(key)
    while len(kept.numbers) > MOST_KEPT:
        kept.numbers.popitem(last=False)
    return Ranking(kept.numbers[key], now.generation)


def _corpus(store: Store, now: State, kept: _Kept) -> _Corpus:
    if kept.corpus is None or kept.of != now.corpus:
        kept.corpus, kept.of = _Corpus.of(store), now.corpus
    return kept.corpus


def _frame(project: Project, order: Order, corpus: _Corpus, engine: Engine | None) -> Frame:
    """What the order is made from."""
    store = project.store

    def texts(seqs: NDArray[np.int64]) -> list[str]:
        found = tables.texts_of(store, seqs.tolist())
        return [found.get(seq, "") for seq in seqs.tolist()]

    found = None
    if SAMPLERS[order.sampler].needs == "words":
        found = np.isin(corpus.seqs, search.numbers(store, _search(project, order)))
    frame = Frame(**corpus._asdict(), texts=texts, found=found)
    if order.sampler not in OF_MODEL:
        return frame
    if engine is None:
        return replace(frame, keys=_keys(project), hints=_by_words(project, frame))
    return replace(frame, **_told(project, engine, corpus.seqs))


def _keys(project: Project) -> list[str]:
    """The keys of the codes that sentences are asked for."""
    return [Column(*place).key for place in project.scheme.columns()]


def _by_words(project: Project, frame: Frame) -> NDArray[np.float32]:
    """Unit × code: how alike it is to the code's words, of those that chance puts first.

    The others are like none: without a model, all words of all of them would have to be cut.
    """
    from annotator.learn.cold_start import likenesses  # it loads scipy, for which no page waits

    said = overview.said_of_codes(project.scheme)
    hints = np.zeros((len(frame.seqs), len(_keys(project))), np.float32)
    outside = np.flatnonzero(frame.draws >= RESERVED)
    looked = outside[np.argsort(frame.draws[outside], kind="stable")[:LOOKED_AT]]
    spoken: list[Mapping[Kind, Sequence[str]]] = [
        {"definition": said.get(key, ())} for key in _keys(project)
    ]
    hints[looked] = likenesses(spoken, frame.texts(frame.seqs[looked]))
    return hints


def _told(project: Project, engine: Engine, seqs: NDArray[np.int64]) -> dict[str, Any]:
    """What the model tells of these units, for the codes that the codebook has today."""
    codes = _codes(project, engine)
    apart = _beside(project.store, engine, suggesting.APART)
    hints = _beside(project.store, engine, suggesting.HINTS)
    unlearned = [code.hint for code in codes.values() if not code.card.fitted]
    return {
        "keys": list(codes),
        "scores": _of_units(engine.scores, seqs, [code.column for code in codes.values()]),
        "thresholds": np.array([_threshold(code.card) for code in codes.values()], np.float32),
        "positives": np.array([code.card.positives for code in codes.values()], np.int64),
        "apart": None if apart is None else _of_units(apart, seqs),
        "hints": None if hints is None else np.nan_to_num(_of_units(hints, seqs, unlearned)),
    }


def _threshold(card: CodeCard) -> float:
    return card.threshold if card.fitted and card.threshold is not None else float("nan")


def _of_units(
    rows: NDArray[np.float32], seqs: NDArray[np.int64], columns: list[int] | None = None
) -> NDArray[np.float32]:
    """The rows of these units, with all columns or some; NaN for units newer than the array."""
    if not len(rows):
        rows = np.full((1, *rows.shape[1:]), np.nan, np.float32)
    found = np.take(rows, np.minimum(seqs, len(rows) - 1), axis=0)
    found[seqs >= len(rows)] = np.nan
    every = columns is None or columns == list(range(rows.shape[1]))
    return found if every else found[:, columns]


def _beside(store: Store, engine: Engine, name: str) -> NDArray[np.float32] | None:
    """An array that lies beside the model's scores; None where it was not kept, or is damaged."""
    place = suggesting.scores_file(store, engine.model_id).with_name(name)
    if not place.is_file():
        return None
    try:
        rows = np.load(place, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError) as fault:
        log.warning("%s cannot be read: %s", place, fault)
        return None
    unlearned = sum(not card.fitted for card in overview.code_cards(engine.card))
    if rows.dtype.kind != "f" or rows.shape[1:] != {suggesting.HINTS: (unlearned,)}.get(name, ()):
        log.warning("%s is not of model %s", place, engine.model_id)
        return None
    found: NDArray[np.float32] = rows
    return found


def _search(project: Project, order: Order) -> Search:
    """The search whose words the order is about. Raises ``SearchError``."""
    looked_for = searching.search_of(project, {"q": [order.about]})
    if looked_for.words is None:
        raise SearchError("there is nothing to look for; write a word")
    return looked_for
