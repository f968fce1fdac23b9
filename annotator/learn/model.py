"""Suggestions: for each code a weight of every piece of a word, and a sigmoid.

The seam that any better engine fills is ``fit`` and ``Model.score`` here, and ``save`` and
``load`` in ``artefact``. Only ``fit`` imports scikit-learn and scipy's solvers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from itertools import chain, pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from annotator.core.errors import ModelError
from annotator.learn.calibration import Bin, sigmoid
from annotator.learn.features import (
    MOST_TEXTS,
    Block,
    Features,
    Floats,
    Settings,
    counted,
    fit_features,
    with_vectors,
)
from annotator.learn.metrics import CurvePoint
from annotator.learn.terms import telling_terms
from annotator.learn.tokens import Tokenised, tokenise

if TYPE_CHECKING:
    import pandas as pd

    from annotator.learn.context import Around, Near
    from annotator.learn.vectors import WordVectors


TEXTS_AT_ONCE = 10_000

LEAST_ANSWERS = 5
"""Positives, and as many negatives, that a code is learned from at least."""

LEAST_DOCUMENTS = 2
"""Documents that the positives must stand in, so that one can be held out."""

Progress = Callable[[int, int, str], None]


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
        counts = counted(texts)
        squared = counts.power(2)
        known = np.zeros(len(texts), bool)
        decisions = np.zeros((len(texts), len(self.columns)), np.float32)
        for adds, squares in zip(of_tokens.adds, of_tokens.squares, strict=True):
            length = squared @ squares
            known |= length > 0
            decisions += (counts @ adds) / np.sqrt(np.maximum(length, 1e-9))[:, np.newaxis]
        decisions[~known] = self.sigmoids.middle
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


@dataclass(frozen=True, kw_only=True)
class Material:
    """What a model learns from beside the table of answers; all of it may be missing.

    ``uncoded`` are some sentences of the project that nobody labelled, as drawn by chance: they
    say how high scores usually are; ``near_uncoded`` stand around those. ``features`` were learned
    from the project's text; without them they are learned from the coded and the uncoded
    sentences. ``vectors`` are of words, and asked for the ``lexicon`` too, the tokens that will be
    scored. ``spoken`` has, by a column's key, texts of the codebook that speak for it.
    ``precision`` names the columns that are to be cut where so many suggestions are right.
    """

    uncoded: Sequence[str] = ()
    near_uncoded: Sequence[Near] = ()
    features: Features | None = None
    vectors: WordVectors | None = None
    lexicon: Sequence[str] = ()
    spoken: Mapping[str, Sequence[str]] = field(default_factory=dict)
    precision: Mapping[str, float] = field(default_factory=dict)


def fit(
    table: pd.DataFrame,
    columns: Sequence[Column],
    *,
    seed: int,
    progress: Progress,
    material: Material | None = None,
    settings: Settings | None = None,
) -> Model:
    """Learn every code of ``columns`` that the table has enough answers for.

    The table has one row per labelled unit: ``unit_id, document_id, text``, ``blind`` (coded
    without a suggestion on screen), ``draw`` (below ``RESERVED``: the random stream), and one
    column per code under its ``key`` with the share of coders who gave it, or NaN (not asked: no
    part in that code); a column ``near`` may hold what stands around each (``context.Near``). A
    code that cannot be learned says why in its card and leaves the others
    alone. Progress is told in the words of what comes next, or with the key of a code.
    """
    # Imported here, so that loading a model and scoring with it never import scikit-learn.
    from annotator.learn import fitting, training
    from annotator.learn.context import NOWHERE, Around
    from annotator.learn.ridge import Rows, Space

    beside, chosen = material or Material(), settings or Settings()
    _check(table, columns)
    # The same tags make the same model, in whatever order the store hands them over.
    table = table.sort_values("unit_id", kind="stable", ignore_index=True)
    given = table[[column.key for column in columns]].to_numpy(dtype=np.float64, na_value=np.nan)
    total, done = training.steps(given), 0

    def step(what: str) -> None:
        nonlocal done
        progress(min(done, total), total, what)
        done += 1

    step("reading the words of the sentences")
    coded, uncoded = table["text"].tolist(), list(beside.uncoded)
    near: list[list[Near]] = [
        table["near"].tolist() if chosen.context and "near" in table else [NOWHERE] * len(coded),
        list(beside.near_uncoded)
        if chosen.context and beside.near_uncoded
        else [NOWHERE] * len(uncoded),
    ]
    others = {text: None for one in chain(*near) for step_ in one for text in step_}
    number = {text: at for at, text in enumerate(others)}
    said = beside.spoken if chosen.codebook else {}
    spoken = [(text, at) for at, one in enumerate(columns) for text in said.get(one.key, ())]
    hints = _hints([at for _, at in spoken], columns)
    every = tokenise([*coded, *uncoded, *(text for text, _ in spoken), *others])
    # Which pieces there are and what stands together is known without any label, so held-out
    # sentences may take part, and no label leaks through it.
    features = beside.features or fit_features(
        every.taken(np.arange(min(len(coded) + len(uncoded), MOST_TEXTS))), chosen, seed
    )
    if beside.vectors is not None and chosen.vectors:
        features = with_vectors(features, beside.vectors, every, beside.lexicon)
    rows = Rows.of(Space.of(features, every.lexicon), every)
    ends = np.cumsum([0, len(coded), len(uncoded), len(spoken), len(others)])
    parts = [rows.where(np.arange(*pair)) for pair in pairwise(ends)]
    learned = training.learn(
        columns,
        fitting.Material(
            coded=parts[0],
            uncoded=parts[1],
            spoken=parts[2],
            hints=hints,
            near=parts[3],
            coded_around=Around.of(near[0], number),
            uncoded_around=Around.of(near[1], number),
            known=fitting.Answers.of(table),
        ),
        given,
        precision=beside.precision,
        least=chosen.least,
        seed=seed,
        step=step,
    )
    progress(total, total, "done")
    model = Model(
        columns=tuple(columns),
        blocks=tuple(replace(block, topics=block.topics[:, :0]) for block in features.blocks),
        weights=learned.weights,
        sigmoids=learned.sigmoids,
        cards=learned.cards,
        settings=chosen,
        seed=seed,
        units=tuple(table["unit_id"]),
        out_of_fold=learned.out_of_fold,
        learning=learned.learning,
    )
    return replace(model, cards=telling_terms(model, every.taken(np.arange(len(coded)))))


def _hints(speak_for: Sequence[int], columns: Sequence[Column]) -> NDArray[np.float64]:
    """``(texts, columns)``: 1 for the code a text speaks for, -1 for others of its question."""
    question = np.array([f"{column.variable}|{column.target}" for column in columns])
    mine = question[np.array(speak_for, np.intp)]
    found = np.where(mine[:, np.newaxis] == question, -1.0, 0.0)
    found[np.arange(len(speak_for)), list(speak_for)] = 1.0
    return found


def _check(table: pd.DataFrame, columns: Sequence[Column]) -> None:
    if not columns:
        raise ModelError("there is no code to learn")
    needed = ["unit_id", "document_id", "text", "blind", "draw", *(c.key for c in columns)]
    missing = [name for name in needed if name not in table.columns]
    if missing:
        raise ModelError(f"the training table has no column {', '.join(missing)}")
    if table.empty:
        raise ModelError("nothing is coded yet, so there is nothing to learn from")
    if table["unit_id"].duplicated().any():
        raise ModelError("the training table has a unit in more than one row")
