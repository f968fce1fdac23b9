"""Samplers: which sentences are worth a coder's next minutes, beside a random stream.

A sampler gives every unit a number, and the highest come first; what is alike goes by the unit's
draw, so that a queue is the same on every machine that has the same units, scores and seed. Units
of the random stream are out of every sampler's reach: they come in the order of their draws, one
place in so many of the queue. numpy alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from annotator.core.order import Order
from annotator.learn.sampling import RESERVED

Numbers = NDArray[np.int64]
Doubles = NDArray[np.float64]
Floats = NDArray[np.float32]

LEADING = 3
"""Sentences of an article that speak for the article: the mean of its best three."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Frame:
    """All units that may be chosen, as arrays of one length, in the order articles are read.

    ``seqs`` are their numbers, ``documents`` those of their articles, ``draws`` their places in
    the seeded permutation. With a model: ``scores`` ``(units, codes)`` in [0, 1], NaN where a
    code is not fitted, of the codes ``keys``, with the ``thresholds`` of their suggestions and the
    ``positives`` they were learned from; ``apart`` says how far two views of each unit differ.
    ``found`` marks what a search finds. ``texts`` gives the texts of some units by their numbers.
    """

    seqs: Numbers
    documents: Numbers
    draws: Doubles
    texts: Callable[[Numbers], Sequence[str]]
    keys: Sequence[str] = ()
    scores: Floats | None = None
    thresholds: Floats | None = None
    positives: Numbers | None = None
    apart: Floats | None = None
    found: NDArray[np.bool_] | None = None


class Sampler(NamedTuple):
    """A way of choosing, in words for analysts: what it is called, what it does, what it is for.

    ``needs`` is what it cannot do without. ``rank`` gives a number for every unit of the frame,
    highest first; NaN for what is only to come behind everything else.
    """

    title: str
    does: str
    purpose: str
    needs: Literal["", "model", "code", "words"]
    rank: Callable[[Frame, str], Doubles]


def queue(frame: Frame, order: Order, *, seed: int, stream: float) -> Numbers:
    """The numbers of all units in the order of coding.

    ``stream`` is the share of places that the random stream has while it lasts. Raises
    ``KeyError`` for a sampler that there is none of.
    """
    reserved = frame.draws < RESERVED
    ranks = SAMPLERS[order.sampler].rank(frame, order.about)
    chosen = _by_article(frame, ranks, ~reserved) if order.by == "articles" else None
    if chosen is None:
        places = np.flatnonzero(~reserved)
        chosen = places[_highest_first(ranks[places], frame.draws[places])]
    drawn = np.flatnonzero(reserved)
    drawn = drawn[np.argsort(frame.draws[drawn], kind="stable")]
    return frame.seqs[_mixed(chosen, drawn, stream, seed)]


def _highest_first(ranks: Doubles, draws: Doubles) -> NDArray[np.intp]:
    """The order of these ranks, the highest first, and among alike ones that of the draws."""
    return np.lexsort((draws, -np.where(np.isnan(ranks), -np.inf, ranks)))


def _by_article(frame: Frame, ranks: Doubles, open_: NDArray[np.bool_]) -> NDArray[np.intp]:
    """The open units, article by article, each as it reads."""
    places = np.flatnonzero(open_)
    documents = frame.documents[places]
    usual = np.where(np.isnan(ranks[places]), -np.inf, ranks[places])
    best = np.lexsort((-usual, documents))
    first = np.flatnonzero(np.diff(documents[best], prepend=-1))
    sizes = np.diff(np.append(first, len(best)))
    within = np.arange(len(best)) - np.repeat(first, sizes)
    leading = within < LEADING
    number = np.repeat(np.arange(len(first)), sizes)
    total = np.bincount(number[leading], usual[best][leading], len(first))
    mean = total / np.minimum(sizes, LEADING)
    draws = np.minimum.reduceat(frame.draws[places][best], first) if len(first) else mean
    turn = np.empty(len(first), np.intp)
    turn[np.lexsort((draws, -mean))] = np.arange(len(first))
    by_document = np.empty(len(places), np.intp)
    by_document[best] = turn[number]
    as_read: NDArray[np.intp] = places[np.argsort(by_document, kind="stable")]
    return as_read


def _mixed(
    chosen: NDArray[np.intp], drawn: NDArray[np.intp], stream: float, seed: int
) -> NDArray[np.intp]:
    """Both in one row: in every block of places, those that chance gives belong to the stream."""
    places = _stream_places(len(chosen), len(drawn), stream, seed)
    mixed = np.empty(len(chosen) + len(drawn), np.intp)
    is_drawn = np.zeros(len(mixed), bool)
    is_drawn[places] = True
    mixed[is_drawn], mixed[~is_drawn] = drawn, chosen
    return mixed


def _stream_places(chosen: int, drawn: int, stream: float, seed: int) -> NDArray[np.intp]:
    """Where the stream's units stand: one at a chance place of every block of ``1 / stream``."""
    number = np.arange(drawn)
    begins = np.floor(number / stream)
    width = np.maximum(np.floor((number + 1) / stream) - begins, 1)
    digest = hashlib.sha256(f"stream\0{seed}".encode()).digest()
    chance = np.random.Generator(np.random.PCG64(int.from_bytes(digest[:8], "big")))
    places = (begins + np.floor(chance.random(drawn) * width)).astype(np.intp)
    # What is left of the stream when the sampler has run dry comes at the end.
    return np.minimum(places, np.arange(drawn) + chosen)


def _none(frame: Frame, about: str) -> Doubles:
    del about
    return np.zeros(len(frame.seqs))


def _least_sure(frame: Frame, about: str) -> Doubles:
    """How near the surest doubt is: the smallest distance of a score from its threshold."""
    del about
    scores, thresholds = _of_model(frame)
    apart: Doubles = np.abs(_logit(scores) - _logit(thresholds)).astype(np.float64)
    nearest: Doubles = -np.fmin.reduce(apart, axis=1)
    return nearest


def _rare_code(frame: Frame, about: str) -> Doubles:
    """The likelier a code that few sentences have had so far, or the one it is ``about``."""
    scores, _ = _of_model(frame)
    if about in frame.keys:
        return scores[:, list(frame.keys).index(about)].astype(np.float64)
    assert frame.positives is not None
    worth = 1.0 / (1.0 + frame.positives)
    worths: Doubles = np.nan_to_num(scores) @ worth
    return worths


def _apart(frame: Frame, about: str) -> Doubles:
    del about
    return _none(frame, "") if frame.apart is None else frame.apart.astype(np.float64)


def _found(frame: Frame, about: str) -> Doubles:
    """What the search finds first, in an order that chance gives."""
    del about
    found = np.zeros(len(frame.seqs), bool) if frame.found is None else frame.found
    return np.where(found, 1.0, np.nan)


def _of_model(frame: Frame) -> tuple[Floats, Floats]:
    assert frame.scores is not None
    assert frame.thresholds is not None
    return frame.scores, frame.thresholds


def _logit(shares: Floats) -> Floats:
    inside = np.clip(shares, 1e-4, 1 - 1e-4)
    logits: Floats = np.log(inside / (1 - inside))
    return logits


SAMPLERS: dict[str, Sampler] = {
    "random": Sampler(
        "By chance",
        "Sentences in an order that chance gives.",
        "For shares and figures that stand for the whole corpus.",
        "",
        _none,
    ),
    "least-sure": Sampler(
        "Where the model is least sure",
        "Sentences first whose suggestions could as well be wrong.",
        "For a good model with few labels.",
        "model",
        _least_sure,
    ),
    "rare-code": Sampler(
        "Rare codes first",
        "Sentences first that may carry a code which few have had so far, or one that you name.",
        "For codes that chance would hardly ever meet.",
        "model",
        _rare_code,
    ),
    "disagreement": Sampler(
        "Where words and parts of words disagree",
        "Sentences first of which the model's two views, words and parts of words, say different"
        " things.",
        "For finding what the model has misunderstood.",
        "model",
        _apart,
    ),
    "keyword": Sampler(
        "What a search finds",
        "Sentences first that have your words; type them as on the page Find.",
        "For a topic, or for a code that has its own words.",
        "words",
        _found,
    ),
}
"""Every way of choosing, by the name that stands in addresses and events."""
