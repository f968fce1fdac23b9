"""From a table of answers to a model: the texts in one space, the learning, the model's arrays.

scikit-learn and scipy's solvers are imported from here on, and nowhere on the way of scoring.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from annotator.core.errors import ModelError
from annotator.core.progress import Progress
from annotator.learn import training
from annotator.learn.context import NOWHERE, Around, Near
from annotator.learn.features import MOST_TEXTS, Features, Settings, fit_features, with_vectors
from annotator.learn.fitting import Answers, Evidence
from annotator.learn.model import Column, Model
from annotator.learn.ridge import Rows, Space
from annotator.learn.terms import telling_terms
from annotator.learn.tokens import Tokenised, tokenise

if TYPE_CHECKING:
    import pandas as pd

    from annotator.learn.vectors import WordVectors


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
    part in that code); a column ``near`` may hold what stands around each (``context.Near``), and
    ``JUDGED`` before a code's key the answers that it is judged by, where those are others. A
    code that cannot be learned says why in its card and leaves the others alone. Progress is told
    in the words of what comes next, or with the key of a code.
    """
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
    texts = _Texts.of(table, columns, beside, chosen)
    every = tokenise(texts.all)
    features = _features(every, texts, beside, chosen, seed)
    learned = training.learn(
        columns,
        texts.evidence(Rows.of(Space.of(features, every.lexicon), every), columns, table),
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
    coded = every.taken(np.arange(len(texts.coded)))
    return replace(model, cards=telling_terms(model, coded))


@dataclass(frozen=True, eq=False, kw_only=True)
class _Texts:
    """All texts that are learned from, by what they are; ``spoken`` with the column spoken for."""

    coded: Sequence[str]
    uncoded: Sequence[str]
    spoken: Sequence[tuple[str, int]]
    near_coded: Sequence[Near]
    near_uncoded: Sequence[Near]

    @classmethod
    def of(
        cls, table: pd.DataFrame, columns: Sequence[Column], beside: Material, chosen: Settings
    ) -> _Texts:
        """The texts of a table and of what is given beside it, as far as they are wanted."""
        said = beside.spoken if chosen.codebook else {}
        near = table["near"].tolist() if chosen.context and "near" in table else []
        near_uncoded = beside.near_uncoded if chosen.context else ()
        return cls(
            coded=table["text"].tolist(),
            uncoded=beside.uncoded,
            spoken=[(text, at) for at, one in enumerate(columns) for text in said.get(one.key, ())],
            near_coded=near or [NOWHERE] * len(table),
            near_uncoded=near_uncoded or [NOWHERE] * len(beside.uncoded),
        )

    @property
    def near(self) -> list[str]:
        """Each text that stands around another once, as they are first met."""
        every = (*self.near_coded, *self.near_uncoded)
        return list(dict.fromkeys(text for one in every for step in one for text in step))

    @property
    def all(self) -> list[str]:
        """Every text, in the order of the rows."""
        spoken = (text for text, _ in self.spoken)
        return [*self.coded, *self.uncoded, *spoken, *self.near]

    def evidence(self, rows: Rows, columns: Sequence[Column], table: pd.DataFrame) -> Evidence:
        """The rows of ``all``, parted by what they are."""
        near = self.near
        sizes = (len(self.coded), len(self.uncoded), len(self.spoken), len(near))
        ends = accumulate(sizes, initial=0)
        coded, uncoded, spoken, around = (rows.where(np.arange(*pair)) for pair in pairwise(ends))
        number = {text: at for at, text in enumerate(near)}
        return Evidence(
            coded=coded,
            uncoded=uncoded,
            spoken=spoken,
            hints=_hints([at for _, at in self.spoken], columns),
            near=around,
            coded_around=Around.of(self.near_coded, number),
            uncoded_around=Around.of(self.near_uncoded, number),
            known=Answers.of(table),
        )


def _features(
    every: Tokenised, texts: _Texts, beside: Material, chosen: Settings, seed: int
) -> Features:
    """What is known without any label: held-out sentences take part, and no label leaks."""
    project = min(len(texts.coded) + len(texts.uncoded), MOST_TEXTS)
    features = beside.features or fit_features(every.taken(np.arange(project)), chosen, seed)
    if beside.vectors is None or not chosen.vectors:
        return features
    return with_vectors(features, beside.vectors, every, beside.lexicon)


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
