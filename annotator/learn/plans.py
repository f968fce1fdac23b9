"""Sample plans: how many are drawn from each stratum, which ones, and with what probability.

Within a stratum, ``n`` of ``N`` are drawn at random without replacement, so that each has the
probability ``n / N``. Which ones, hashes decide: the ``n`` whose hash of seed, plan and id is
smallest. That is a random permutation which is the same on every machine and does not depend on
the order in which anything was read. In two stages the probability is the product of both.

Sources: Cochran, Sampling Techniques (3rd ed., 1977), chapters 5 and 11; Horvitz and Thompson
(1952), A generalization of sampling without replacement from a finite universe; Ohlsson (1995),
Coordination of samples using permanent random numbers. Standard library only.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal, NamedTuple

from annotator.core.counting import counted
from annotator.core.errors import RejectedEventError

Of = Literal["sentences", "articles", "two-stage"]
"""What is drawn: sentences, whole articles with all their sentences, or articles and then some
sentences of each."""

Rule = Literal["proportional", "equal", "each", "share"]
"""What a size means. Of a total, each stratum gets its part in ``proportional`` measure, or as
much as any other (``equal``); else it is the number from ``each`` stratum, or its ``share``."""

Field = Literal[
    "source", "year", "quarter", "month", "week", "language", "section", "part", "voice"
]
"""What strata are made by."""

PERIODS: tuple[Field, ...] = ("year", "quarter", "month", "week")
OF_ARTICLES: tuple[Field, ...] = ("source", *PERIODS, "language", "section")
FIELDS: tuple[Field, ...] = (*OF_ARTICLES, "part", "voice")
WHOLE_CORPUS = "all"
"""The name of the one stratum where nothing divides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """How a sample is drawn.

    ``size`` is a number of sentences or, where articles are drawn, of articles; with the rule
    ``share`` it is above 0 and at most 1. ``per_article`` is the number of sentences from each
    drawn article in two stages. With ``stories``, articles that are copies of each other count
    once. ``in_order`` lists what is drawn in the order of the documents, else at random.
    """

    of: Of = "sentences"
    by: tuple[Field, ...] = ()
    rule: Rule = "proportional"
    size: float = 100
    per_article: int = 0
    stories: bool = False
    in_order: bool = False


class About(NamedTuple):
    """What is known of a sentence or an article that may put it in a stratum."""

    source: str = ""
    published: str = ""
    language: str = ""
    section: str = ""
    part: str = ""
    voice: str = ""


class Unit(NamedTuple):
    """One sentence of the frame, with its number, its document and its stratum."""

    seq: int
    id: str
    document: str
    stratum: str


class Drawn(NamedTuple):
    """One sentence of the sample, and the probability that it had of being drawn."""

    seq: int
    probability: float
    stratum: str


class Stratum(NamedTuple):
    """What a plan takes from one stratum: ``drawn`` of the ``held`` sentences or articles.

    ``asked`` is what it was asked for, more than ``drawn`` where there is not as much.
    ``sentences`` are those to be coded: in two stages, how many that will be on average.
    """

    name: str
    held: int
    drawn: int
    asked: int
    sentences: float

    @property
    def probability(self) -> float:
        """The probability of each sentence or article of the stratum."""
        return self.drawn / self.held

    @property
    def short(self) -> bool:
        """Whether it holds less than was asked for, so that all of it is taken."""
        return self.asked > self.held


def fault_in(design: Design) -> str | None:
    """Why nothing can be drawn so, in one sentence; None where it can."""
    if not math.isfinite(design.size) or design.size <= 0:
        return "the size of a sample is above 0"
    if design.rule == "share" and design.size > 1:
        return f"a share is above 0 and at most 1, not {design.size:g}"
    if design.rule != "share" and design.size != int(design.size):
        return f"a number of {_what(design)}s is whole, not {design.size:g}"
    if len(set(design.by)) < len(design.by):
        return "a stratum is made by different things; name each once"
    if len(set(design.by) & set(PERIODS)) > 1:
        return f"strata take one period, not several: {', '.join(PERIODS)}"
    within = [name for name in design.by if name not in OF_ARTICLES]
    if within and design.of != "sentences":
        return f"{within[0]} differs within an article; draw sentences, or stratify without it"
    if design.of == "two-stage" and design.per_article < 1:
        return "in two stages, say how many sentences of each article: at least 1"
    if design.of != "two-stage" and design.per_article:
        return "a number of sentences of each article belongs to two stages"
    return None


def stratum_of(about: About, by: Sequence[Field]) -> str:
    """The name of the stratum that something belongs to.

    What is not known has a stratum of its own, and a date that is less exact than the period too.

    >>> stratum_of(About("Velm Courier", "2031-05-04"), ["source", "quarter"])
    'Velm Courier · 2031-Q2'
    >>> stratum_of(About("", "2031"), ["source", "month"])
    'no source · 2031, no month'
    """
    return " · ".join(_label(about, name) for name in by) or WHOLE_CORPUS


def _label(about: About, name: Field) -> str:
    if name in PERIODS:
        return period_of(about.published, name)
    return str(getattr(about, name)) or f"no {name}"


def period_of(published: str, period: str) -> str:
    """The year, quarter, month or ISO week of a date that may be a month or a year alone.

    >>> period_of("2031-05", "month"), period_of("2031-12-29", "week"), period_of("", "year")
    ('2031-05', '2032-W01', 'no date')
    """
    if not published:
        return "no date"
    needed = {"year": 4, "quarter": 7, "month": 7, "week": 10}[period]
    if len(published) < needed:
        return f"{published}, no {period}"
    if period == "week":
        year, week, _ = date.fromisoformat(published[:10]).isocalendar()
        return f"{year}-W{week:02}"
    if period == "quarter":
        return f"{published[:4]}-Q{(int(published[5:7]) + 2) // 3}"
    return published[:needed]


def allocate(held: Mapping[str, int], design: Design) -> dict[str, int]:
    """What is asked of each stratum that holds anything; it may be more than the stratum holds.

    A stratum is never left without a chance of being drawn: each is asked for at least one. Raises
    ``RejectedEventError`` for a total that is smaller than the number of strata.
    """
    strata = {name: number for name, number in held.items() if number}
    if design.rule == "share":
        share = Fraction(str(design.size))
        return {name: max(1, math.floor(share * n + Fraction(1, 2))) for name, n in strata.items()}
    if design.rule == "each":
        return dict.fromkeys(strata, int(design.size))
    total = int(design.size)
    if total < len(strata):
        raise RejectedEventError(
            f"{counted(total, _what(design))} {'is' if total == 1 else 'are'} too few for"
            f" {len(strata):,} strata, each of which needs one; take {len(strata):,} or more, or"
            " fewer strata"
        )
    if total >= sum(strata.values()):
        return strata
    weights = strata if design.rule == "proportional" else dict.fromkeys(strata, 1)
    return _parted(total, strata, weights)


def _parted(total: int, held: Mapping[str, int], weights: Mapping[str, int]) -> dict[str, int]:
    """A total in parts as large as the weights, none below 1 or above what is held.

    What is left of the rounding goes to the largest remainders; among equal ones, by name.
    """
    settled: dict[str, int] = {}
    while len(settled) < len(held):
        open_ = [name for name in held if name not in settled]
        rest, weight = total - sum(settled.values()), sum(weights[name] for name in open_)
        fair = {name: Fraction(rest * weights[name], weight) for name in open_}
        over = {name: held[name] for name in open_ if fair[name] > held[name]}
        under = {name: 1 for name in open_ if fair[name] < 1}
        # One side at a time: each settles less, or more, than its fair part and moves the others'.
        excess = sum(fair[name] - n for name, n in over.items())
        lack = sum(n - fair[name] for name, n in under.items())
        if not over and not under:
            return settled | _rounded(rest, fair)
        settled |= over if excess >= lack else under
    return settled


def _rounded(total: int, fair: Mapping[str, Fraction]) -> dict[str, int]:
    parts = {name: math.floor(part) for name, part in fair.items()}
    by_remainder = sorted(fair, key=lambda name: (parts[name] - fair[name], name))
    for name in by_remainder[: total - sum(parts.values())]:
        parts[name] += 1
    return parts


def strata_of(
    held: Mapping[str, int], design: Design, sentences: Mapping[str, int] | None = None
) -> list[Stratum]:
    """What the design takes from each stratum, by name.

    ``held`` are the sentences of each stratum, or its articles where articles are drawn; then
    ``sentences`` are how many all of these would bring in together.
    """
    asked_of = allocate(held, design)
    part = int(design.size) // max(1, len(asked_of)) if design.rule == "equal" else 0
    told = []
    for name, number in sorted(asked_of.items()):
        asked, drawn = max(number, part), min(number, held[name])
        brought = drawn if sentences is None else drawn * sentences[name] / held[name]
        told.append(Stratum(name, held[name], drawn, asked, brought))
    return told


def draw(frame: Sequence[Unit], design: Design, *, seed: int, name: str) -> list[Drawn]:
    """The sample, in its order: sentences, each with its probability and stratum.

    The sentences of an article stand together in the frame. ``name`` is the plan's: two plans of
    the same seed are drawn independently. Raises ``RejectedEventError``.
    """
    if fault := fault_in(design):
        raise RejectedEventError(fault)
    if design.of == "sentences":
        sample = _sentences(frame, design, seed, name)
    else:
        sample = _articles(frame, design, seed, name)
    if design.in_order:
        return sorted(sample, key=lambda one: one.seq)
    return sample


def _sentences(frame: Sequence[Unit], design: Design, seed: int, plan: str) -> list[Drawn]:
    strata: dict[str, list[Unit]] = {}
    for unit in frame:
        strata.setdefault(unit.stratum, []).append(unit)
    asked = allocate({name: len(units) for name, units in strata.items()}, design)
    chosen: list[tuple[bytes, Drawn]] = []
    for stratum, units in strata.items():
        ranked = sorted((_rank(seed, plan, "sentence", unit.id), unit) for unit in units)
        drawn = ranked[: asked[stratum]]
        probability = len(drawn) / len(units)
        chosen += [(rank, Drawn(unit.seq, probability, stratum)) for rank, unit in drawn]
    return [one for _, one in sorted(chosen)]


def _articles(frame: Sequence[Unit], design: Design, seed: int, plan: str) -> list[Drawn]:
    articles: dict[str, list[Unit]] = {}
    for unit in frame:
        articles.setdefault(unit.document, []).append(unit)
    strata: dict[str, list[str]] = {}
    for document, units in articles.items():
        strata.setdefault(units[0].stratum, []).append(document)
    asked = allocate({name: len(documents) for name, documents in strata.items()}, design)
    ranked = {document: _rank(seed, plan, "article", document) for document in articles}
    chosen: list[tuple[bytes, list[Drawn]]] = []
    for stratum, documents in strata.items():
        drawn = sorted(documents, key=ranked.__getitem__)[: asked[stratum]]
        first = Fraction(len(drawn), len(documents))
        for document in drawn:
            units = articles[document]
            some = _some(units, design.per_article, seed, plan)
            probability = float(first * Fraction(len(some), len(units)))
            chosen.append(
                (ranked[document], [Drawn(unit.seq, probability, stratum) for unit in some])
            )
    return [one for _, together in sorted(chosen) for one in together]


def _some(units: Sequence[Unit], most: int, seed: int, plan: str) -> list[Unit]:
    """At most so many of an article's sentences, in the order of the text; 0 is all of them."""
    if not most or most >= len(units):
        return list(units)
    ranked = sorted(units, key=lambda unit: _rank(seed, plan, "sentence", unit.id))
    return sorted(ranked[:most], key=lambda unit: unit.seq)


def _rank(seed: int, plan: str, what: str, id_: str) -> bytes:
    text = f"plan\0{seed}\0{plan}\0{what}\0{id_}"
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def warnings(strata: Iterable[Stratum], design: Design) -> list[str]:
    """What whoever draws this should know, one sentence each."""
    told, all_ = [], list(strata)
    short = [one for one in all_ if one.short]
    if short:
        held = f"{short[0].name} holds {short[0].held:,} of {short[0].asked:,}"
        told.append(
            f"{_strata(len(short))} less than was asked for and taken whole, with probability 1"
            f" ({held}{', …' if len(short) > 1 else ''})."
        )
    alone = [one for one in all_ if one.drawn == 1 < one.held]
    if alone:
        told.append(
            f"From {len(alone):,} of {len(all_):,} strata a single one is drawn: a share can be"
            " estimated, its standard error cannot. Draw two or more from each."
        )
    whole = sum(one.held for one in all_)
    if design.rule in {"proportional", "equal"} and design.size > whole:
        told.append(
            f"{_there_are(whole, design)}, not {design.size:,.0f}:"
            f" {'it is' if whole == 1 else 'all of them are'} taken."
        )
    return told


def _strata(number: int) -> str:
    return counted(number, "stratum holds", "strata hold")


def _there_are(number: int, design: Design) -> str:
    return f"There {'is' if number == 1 else 'are'} {counted(number, _what(design))}"


def _what(design: Design) -> str:
    return "sentence" if design.of == "sentences" else "article"
