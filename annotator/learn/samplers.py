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
from annotator.learn.covering import covering
from annotator.learn.sampling import RESERVED

Numbers = NDArray[np.int64]
Doubles = NDArray[np.float64]
Floats = NDArray[np.float32]

LOOKED_AT, MOST_DIVERSE = 10_000, 2_000
"""Sentences among which those are sought that bring most new words, and how many are put first."""

TURNS = 1_000
"""Sentences of each code that is not learned which have a turn before its next training."""

LEADING = 3
"""Sentences of an article that speak for the article: the mean of its best three."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Frame:
    """All units that may be chosen, as arrays of one length, in the order articles are read.

    ``seqs`` are their numbers, ``documents`` those of their articles, ``draws`` their places in
    the seeded permutation. With a model: ``scores`` ``(units, codes)`` in [0, 1], NaN where a
    code is not learned, of the codes ``keys``, with the ``thresholds`` of their suggestions (NaN
    where it is not learned) and the ``positives`` they were learned from; ``apart`` says how far
    two views of each unit differ, and ``hints`` ``(units, codes that are not learned)`` how alike
    each is to those codes' own words. ``found`` marks what a search finds. ``texts`` gives the
    texts of some units by their numbers.
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
    hints: Floats | None = None
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
    rank: Callable[[Frame, str], Doubles | Floats]


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
        chosen = places[highest_first(ranks[places], frame.draws[places])]
    drawn = np.flatnonzero(reserved)
    drawn = drawn[np.argsort(frame.draws[drawn], kind="stable")]
    return frame.seqs[_mixed(chosen, drawn, stream, seed)]


def highest_first(ranks: Doubles | Floats, draws: Doubles) -> NDArray[np.intp]:
    """The order of these ranks, the highest first, and among alike ones that of the draws."""
    by_chance = np.argsort(draws, kind="stable")
    falling = -np.where(np.isnan(ranks), -np.inf, ranks)[by_chance]
    found: NDArray[np.intp] = by_chance[np.argsort(falling, kind="stable")]
    return found


def _by_article(
    frame: Frame, ranks: Doubles | Floats, open_: NDArray[np.bool_]
) -> NDArray[np.intp]:
    """The open units, article by article, each as it reads."""
    places = np.flatnonzero(open_)
    documents = frame.documents[places]
    wanted = ranks[places]
    # Below all others, and finite: the rest of its article may be worth reading.
    usual = np.where(np.isnan(wanted), np.fmin.reduce(wanted, initial=0.0) - 1, wanted)
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
    found: NDArray[np.intp] = np.minimum(places, np.arange(drawn) + chosen)
    return found


def _none(frame: Frame, about: str) -> Doubles:
    del about
    return np.zeros(len(frame.seqs))


def _least_sure(frame: Frame, about: str) -> Floats:
    """What the scores of all codes together leave open, in bits.

    The entropy of the answers (Lewis and Gale 1994, SIGIR, for one code; the sum takes codes as
    independent). Codes that are not learned have no scores: each has its turn with the sentences
    that are most like its own words, as often as a code that is learned.
    """
    del about
    learned = _learned(frame)
    doubt = np.zeros(len(frame.seqs), np.float32)
    for at in learned:
        doubt += _entropy(_of_model(frame)[:, at])
    return _in_turn(doubt, len(learned), frame)


def _rare_code(frame: Frame, about: str) -> Floats:
    """The likelier a code that few sentences have had so far, or the one it is ``about``."""
    learned = _learned(frame)
    if about in frame.keys:
        at = list(frame.keys).index(about)
        return _of_model(frame)[:, at] if at in learned else _hints_of(frame, at)
    likely = np.zeros(len(frame.seqs), np.float32)
    if learned and frame.positives is not None:
        worth = (1.0 / (1.0 + frame.positives[learned])).astype(np.float32)
        likely = _of_model(frame)[:, learned] @ worth
    return _in_turn(likely, min(len(learned), 1), frame)


def _in_turn(ranks: Floats, learned: int, frame: Frame) -> Floats:
    """These ranks, with the best sentences of each code that is not learned lifted among them.

    ``learned`` codes share the ranks: for so many sentences of theirs, each other code has one.
    """
    if frame.hints is None or not frame.hints.shape[1]:
        return ranks
    most, step = min(TURNS, len(ranks)), max(learned, 1)
    ladder = np.linspace(1, 0, most, endpoint=False, dtype=np.float32)
    if learned:
        ladder = -np.sort(-_best(ranks, min(most * step, len(ranks)))[1])
    lifted = ranks.copy()
    for hints in frame.hints.T:
        places, values = _best(hints, most)
        turn = np.lexsort((frame.draws[places], -values))
        # What has nothing in common with the code's words has no turn of its own.
        mine = places[turn][values[turn] > 0]
        rung = np.minimum(np.arange(len(mine)) * step + step // 2, len(ladder) - 1)
        lifted[mine] = np.maximum(lifted[mine], np.nextafter(ladder[rung], np.float32(np.inf)))
    return lifted


def _best(ranks: Floats, most: int) -> tuple[NDArray[np.intp], Floats]:
    """The places of the highest ranks, in no order, and these."""
    places = np.argpartition(-ranks, most - 1)[:most] if most else np.zeros(0, np.intp)
    return places, ranks[places]


def _entropy(shares: Floats) -> Floats:
    inside = np.clip(shares, 1e-6, 1 - 1e-6)
    bits: Floats = -(inside * np.log2(inside) + (1 - inside) * np.log2(1 - inside))
    return np.nan_to_num(bits)


def _diverse(frame: Frame, about: str) -> Doubles:
    """First what brings most words that did not stand in the sentences before it.

    Among the first ``LOOKED_AT`` sentences that chance puts outside of the stream; the others
    follow by chance.
    """
    del about
    outside = np.flatnonzero(frame.draws >= RESERVED)
    looked = outside[np.argsort(frame.draws[outside], kind="stable")[:LOOKED_AT]]
    ranks = np.full(len(frame.seqs), np.nan)
    chosen = covering(frame.texts(frame.seqs[looked]), MOST_DIVERSE)
    ranks[looked[chosen]] = -np.arange(len(chosen))
    return ranks


def _apart(frame: Frame, about: str) -> Floats:
    del about
    return np.zeros(len(frame.seqs), np.float32) if frame.apart is None else frame.apart


def _found(frame: Frame, about: str) -> Doubles:
    """What the search finds first, in an order that chance gives."""
    del about
    found = np.zeros(len(frame.seqs), bool) if frame.found is None else frame.found
    return np.where(found, 1.0, np.nan)


def _of_model(frame: Frame) -> Floats:
    assert frame.scores is not None
    return frame.scores


def _learned(frame: Frame) -> list[int]:
    """The places of the codes that have scores, of which ``thresholds`` tell."""
    if frame.thresholds is None:
        return []
    return np.flatnonzero(~np.isnan(frame.thresholds)).tolist()


def _hints_of(frame: Frame, at: int) -> Floats:
    """How alike the units are to the words of one code that is not learned."""
    if frame.hints is None:
        return np.zeros(len(frame.seqs), np.float32)
    before = at if frame.thresholds is None else int(np.isnan(frame.thresholds[:at]).sum())
    return frame.hints[:, before]


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
        "For a good model with few labels. Until codes are learned, each has its turn with the"
        " sentences that are most like its own words in the codebook.",
        "",
        _least_sure,
    ),
    "diverse": Sampler(
        "What is unlike the rest",
        "Sentences first that bring many words which did not stand in those before.",
        "For the first days: it goes through all topics quickly, and needs no model.",
        "",
        _diverse,
    ),
    "rare-code": Sampler(
        "Rare codes first",
        "Sentences first that may carry a code which few have had so far, or one that you name.",
        "For codes that chance would hardly ever meet. Until they are learned, the codebook's words"
        " say where they may stand.",
        "",
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
