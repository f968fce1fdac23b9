"""Suggestions: for each code a weight of every piece of a word, and a sigmoid.

The seam that any better engine fills is ``Model`` here, ``fit.fit``, and ``save`` and ``load`` in
``artefact``. Nothing here imports scikit-learn or scipy's solvers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from annotator.learn.calibration import Bin, sigmoid
from annotator.learn.features import (
    Block,
    Floats,
    Settings,
    counted,
)
from annotator.learn.metrics import CurvePoint
from annotator.learn.tokens import Tokenised, tokenise

if TYPE_CHECKING:
    from annotator.learn.context import Around


TEXTS_AT_ONCE = 10_000

LEAST_DOCUMENTS = 2
"""Documents that the positives must stand in, so that one can be held out."""


class Column(NamedTuple):
    """One question that is answered with yes or no."""

    variable: str
    target: str
    code: str

    @property
    def key(self) -> str:
        """The column's name in tables.

        >>> Column("stance", "norvane", "favor").key
        'stance|norvane|favor'
        """
        return "|".join(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """A coded unit that a model which never saw its document got wrong, and its score there."""

    unit_id: str
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeCard:
    """What the model learned about one code, and how good its suggestions are.

    ``positives`` and ``negatives`` are what it was trained on, ``positive_documents`` how many
    documents the positives stand in; ``n``, ``evaluated_positives`` and the figures after them
    are about the rows that ``evaluated_on`` names: the reserved random stream, all blind rows,
    or all rows. ``wanted_precision`` is what the threshold was chosen for; None: the best F1, and
    a threshold of 1.0 where nothing reaches it. ``desk_threshold`` None: the desk says "learning";
    ``surest_precision`` is then how far the lower bound of its precision has come.
    ``reliability``, ``brier`` and ``calibration_error`` are there for calibrated codes with enough
    tested rows, and ``curve`` falls from the highest threshold to the lowest. A figure that is
    None, or a list that is empty, cannot be told, or was not yet known to the version that saved
    the card.
    """

    variable: str
    target: str
    code: str
    positives: int
    negatives: int
    positive_documents: int | None = None
    fitted: bool = False
    calibrated: bool = False
    threshold: float | None = None
    threshold_alone: float | None = None
    wanted_precision: float | None = None
    desk_threshold: float | None = None
    surest_precision: float | None = None
    n: int = 0
    evaluated_positives: int = 0
    evaluated_on: str = ""
    precision: float | None = None
    precision_low: float | None = None
    precision_high: float | None = None
    recall: float | None = None
    recall_low: float | None = None
    recall_high: float | None = None
    f1: float | None = None
    average_precision: float | None = None
    average_precision_low: float | None = None
    average_precision_high: float | None = None
    brier: float | None = None
    calibration_error: float | None = None
    reliability: tuple[Bin, ...] = ()
    curve: tuple[CurvePoint, ...] = ()
    false_positives: tuple[Mistake, ...] = ()
    false_negatives: tuple[Mistake, ...] = ()
    terms_for: tuple[str, ...] = ()
    terms_against: tuple[str, ...] = ()
    note: str = ""

    @property
    def alone(self) -> float | None:
        """The threshold for a text without others around it."""
        return self.threshold if self.threshold_alone is None else self.threshold_alone

    @classmethod
    def of(cls, saved: Mapping[str, Any]) -> CodeCard:
        """The card of one code as JSON holds it, of this version or another one."""
        known = {one.name: saved[one.name] for one in fields(cls) if one.name in saved}
        rows: dict[str, type] = {
            "reliability": Bin,
            "curve": CurvePoint,
            "false_positives": Mistake,
            "false_negatives": Mistake,
        }
        known |= {
            name: tuple(kind(**row) for row in saved.get(name, ())) for name, kind in rows.items()
        }
        known |= {name: tuple(saved.get(name, ())) for name in ("terms_for", "terms_against")}
        return cls(**known)


@dataclass(frozen=True, eq=False)
class Sigmoids:
    """How decisions become scores, an array of codes each, float32.

    A decision about a sentence among others is its own, and ``strength`` times what those around
    it say beyond the ``middle``; ``slope`` and ``offset`` are for that. A sentence without
    others has a sigmoid of its own.
    """

    slope: Floats
    offset: Floats
    strength: Floats
    middle: Floats
    slope_alone: Floats
    offset_alone: Floats

    @classmethod
    def plain(cls, codes: int) -> Sigmoids:
        """Nothing learned yet."""
        one, zero = np.ones(codes, np.float32), np.zeros(codes, np.float32)
        return cls(one, zero, zero.copy(), zero.copy(), one.copy(), zero.copy())

    def put(self, at: int, slope: float, offset: float, strength: float, middle: float) -> None:
        """Set one code's, which may also be scored alone like this."""
        self.slope[at], self.offset[at] = slope, offset
        self.strength[at], self.middle[at] = strength, middle
        self.put_alone(at, slope, offset)

    def put_alone(self, at: int, slope: float, offset: float) -> None:
        """Set the sigmoid of a sentence without others around it."""
        self.slope_alone[at], self.offset_alone[at] = slope, offset


class Learning(NamedTuple):
    """What training chose for all codes: the penalty, and whether the codebook's words spoke.

    ``firmness`` is None where no code was learned.
    """

    firmness: float | None = None
    codebook: bool = False


UNTRIED = Learning()


@dataclass(frozen=True, eq=False)
class TokenScores:
    """What each token of a lexicon adds: of each block ``(tokens, codes)``, and its length squared.

    Topics and the codebook's words are counted in: a text costs what its tokens cost, however
    rich the features are.
    """

    adds: tuple[Floats, ...]
    squares: tuple[Floats, ...]


class Parts(NamedTuple):
    """Of each block ``(texts, codes)``, and of each text whether any of its pieces is known."""

    added: tuple[Floats, ...]
    known: NDArray[np.bool_]


@dataclass(frozen=True, eq=False, kw_only=True)
class Model:
    """Arrays and cards; one column of each array per code, zeros where a code is not fitted.

    ``blocks`` and ``weights`` belong together, ``(pieces, codes)`` each. ``units`` are the ids
    trained on, and ``out_of_fold`` their scores by models that never saw their document (NaN:
    none): a trained unit scored anew flatters the model, so evaluation takes it from there.
    """

    columns: tuple[Column, ...]
    blocks: tuple[Block, ...]
    weights: tuple[Floats, ...]
    sigmoids: Sigmoids
    cards: tuple[CodeCard, ...]
    settings: Settings
    seed: int
    units: tuple[str, ...]
    out_of_fold: Floats
    learning: Learning = UNTRIED
    model_id: str = ""

    def score(self, texts: Sequence[str]) -> Floats:
        """One row per text, one column per code, each in ``[0, 1]``; NaN where not fitted.

        Each text is scored by itself, to be held against ``CodeCard.alone``.
        """
        scores = np.full((len(texts), len(self.columns)), np.nan, dtype=np.float32)
        for start in range(0, len(texts), TEXTS_AT_ONCE):
            batch = tokenise(texts[start : start + TEXTS_AT_ONCE])
            decisions = self.decide(batch, self.of_tokens(batch.lexicon))
            scores[start : start + TEXTS_AT_ONCE] = self.scores_alone(decisions)
        return scores

    def of_tokens(self, lexicon: Sequence[str]) -> TokenScores:
        """What each token adds to the decisions; every text of the lexicon is scored by it."""
        tables = [block.table(lexicon) for block in self.blocks]
        return TokenScores(
            tuple(table @ mine for table, mine in zip(tables, self.weights, strict=True)),
            tuple(np.asarray(table.multiply(table).sum(axis=1)).ravel() for table in tables),
        )

    def decide(self, texts: Tokenised, of_tokens: TokenScores) -> Floats:
        """The decisions about texts by themselves: one row per text, one column per code.

        A text of which no piece is known is decided as texts usually are.
        """
        return self.whole(self.parts(texts, of_tokens))

    def parts(self, texts: Tokenised, of_tokens: TokenScores) -> Parts:
        """What each block of features adds to the decisions, and which texts have a known piece."""
        counts = counted(texts)
        squared = counts.power(2)
        known = np.zeros(len(texts), bool)
        added = []
        for adds, squares in zip(of_tokens.adds, of_tokens.squares, strict=True):
            length = squared @ squares
            known |= length > 0
            added.append((counts @ adds) / np.sqrt(np.maximum(length, 1e-9))[:, np.newaxis])
        return Parts(tuple(added), known)

    def whole(self, parts: Parts) -> Floats:
        """The decisions that parts add up to."""
        decisions = np.zeros((len(parts.known), len(self.columns)), np.float32)
        for added in parts.added:
            decisions += added
        decisions[~parts.known] = self.sigmoids.middle
        return decisions

    def scores_alone(self, decisions: Floats) -> Floats:
        """The scores of texts that have nothing around them."""
        by = self.sigmoids
        return self._of_fitted(sigmoid(by.slope_alone * decisions + by.offset_alone))

    def scores_in_context(self, decisions: Floats, around: Around) -> Floats:
        """The scores of sentences among each other; ``around`` says which are whose neighbours."""
        by = self.sigmoids
        if by.strength.any():
            decisions = decisions + by.strength * around.added(decisions, by.middle)
        return self._of_fitted(sigmoid(by.slope * decisions + by.offset))

    def _of_fitted(self, scores: Floats) -> Floats:
        scores[:, [not card.fitted for card in self.cards]] = np.nan
        return scores
