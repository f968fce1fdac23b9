"""How good the model in force is against labels that somebody gives for right.

Scores must not flatter: what the model was trained on is judged by models that never saw its
document. Units of the project are scored among those around them, new texts alone; each is cut
at the threshold that belongs to it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from annotator.core.counting import counted
from annotator.core.errors import ModelError, TableError
from annotator.core.progress import Progress, silent
from annotator.core.records import UnitRecord
from annotator.exchange.label_table import Match
from annotator.learn import evaluate as figures
from annotator.learn.model import Model
from annotator.store import Store, jobs, tables
from annotator.workflow import gold_labels, suggesting, unit_scores
from annotator.workflow.gold_labels import Judged
from annotator.workflow.label_choices import LabelChoices

AT_ONCE = 5_000
"""Texts scored between two tellings of how far it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """A model against gold.

    Of the ``texts``, ``out_of_fold`` are ones that the model was trained on, ``of_project`` other
    units of the project, ``new`` neither. ``codes`` has one row per code that gold was asked
    about, as ``learn.evaluate`` gives them, None where a figure cannot be told; ``macro_f1`` is
    over those with positives.
    """

    file: str
    model_id: str
    rows: int
    texts: int
    out_of_fold: int
    of_project: int
    new: int
    macro_f1: float | None
    codes: tuple[dict[str, Any], ...]
    mapping: tuple[Match, ...]
    notes: tuple[str, ...]

    @property
    def headline(self) -> str:
        """What was compared, in one sentence."""
        parts = {
            "{} it was trained on, scored by models that never saw their articles": (
                self.out_of_fold
            ),
            "{} other of this project": self.of_project,
            "{} new": self.new,
        }
        told = "; ".join(form.format(f"{count:,}") for form, count in parts.items() if count)
        return f"{self.file}: {counted(self.texts, 'text')} against model {self.model_id}: {told}"


def evaluate(
    store: Store, path: Path, *, progress: Progress | None = None, **options: Any
) -> Evaluation:
    """Compare the model in force with the labels of a file; ``options`` are ``LabelChoices``.

    The file is whatever ``annotator code`` reads; nothing of it is stored. Raises ``ModelError``
    without a model that can be read, ``ReadError`` and ``TableError`` for a file that does not
    fit the project.
    """
    model_id = jobs.model_id(store)
    if model_id is None:
        raise ModelError("this project has no model yet; run `annotator train` first")
    model = suggesting.loaded(store, model_id)
    gold = gold_labels.read_gold(store, path, LabelChoices(**options))
    texts = _texts(store, model, gold.judged)
    scores = _scores(store, model, model_id, texts, progress or silent)
    answers, unfair = _fairly(_answers(texts.judged), scores, texts, model)
    found = figures.evaluate(
        answers, scores, _thresholds(model, answers, texts), _suggested(model, scores, texts)
    )
    codes = found[found["n"] > 0] if len(found) else found
    if codes.empty:
        raise TableError(f"{gold.name}: says nothing of any text that could be compared")
    fresh = np.flatnonzero(~texts.held_out).tolist()
    return Evaluation(
        file=gold.name,
        model_id=model_id,
        rows=gold.rows,
        texts=len(texts.judged),
        out_of_fold=int(texts.held_out.sum()),
        of_project=sum(bool(texts.judged[at].unit) for at in fresh),
        new=sum(not texts.judged[at].unit for at in fresh),
        macro_f1=figures.macro_f1(codes),
        codes=tuple(_told(row) for row in codes.to_dict("records")),
        mapping=gold.mapping,
        notes=(*gold.notes, *texts.notes, *unfair, *_one_sided(gold.name, codes)),
    )


def _answers(judged: Sequence[Judged]) -> pd.DataFrame:
    """One row per text, one column per code: 1.0 where at least half of those asked gave it."""
    rows = [
        {key: float(2 * sum(votes) >= len(votes)) for key, votes in one.votes.items()}
        for one in judged
    ]
    return pd.DataFrame(rows, index=range(len(rows)), dtype=np.float64)


class _Texts(NamedTuple):
    """The texts to score, where the project has them, and what the model learned from.

    ``trained`` is the row of each of them among the model's own units, and ``numbers`` that of
    the project's unit; -1 where there is none.
    """

    judged: list[Judged]
    trained: NDArray[np.intp]
    numbers: NDArray[np.int64]
    notes: list[str]

    @property
    def held_out(self) -> NDArray[np.bool_]:
        return self.trained >= 0

    @property
    def alone(self) -> NDArray[np.bool_]:
        """Which are scored without others around them: the new ones."""
        return ~self.held_out & (self.numbers < 0)


def _texts(store: Store, model: Model, judged: Sequence[Judged]) -> _Texts:
    wanted = {one.unit for one in judged}
    rows = {unit: row for row, unit in enumerate(model.units)}
    here: dict[str, UnitRecord] = {}
    learned: dict[str, int] = {}
    for unit in tables.units(store):
        if unit.unit_id in wanted:
            here[unit.unit_id] = unit
        if unit.unit_id in rows:
            learned.setdefault(unit.text, rows[unit.unit_id])
    told = [one._replace(text=here[one.unit].text) if one.unit in here else one for one in judged]
    able = [one for one in told if one.text]
    # A sentence that the model learned from flatters it wherever else it stands, too.
    trained = [rows.get(one.unit, learned.get(one.text, -1)) for one in able]
    numbers = [here[one.unit].seq if one.unit in here else -1 for one in able]
    left_out = counted(len(told) - len(able), "text is", "texts are")
    notes = [f"{left_out} neither here nor in the file, and left out"] if told != able else []
    return _Texts(able, np.array(trained, np.intp), np.array(numbers, np.int64), notes)


def _scores(
    store: Store, model: Model, model_id: str, texts: _Texts, progress: Progress
) -> pd.DataFrame:
    """One row per text, one column per code that the model knows; NaN where there is no score."""
    scores = np.empty((len(texts.judged), len(model.columns)), dtype=np.float32)
    scores[texts.held_out] = model.out_of_fold[texts.trained[texts.held_out]]
    others = ~texts.held_out & ~texts.alone
    if others.any():
        units = texts.numbers[others]
        scores[others] = unit_scores.aligned(store, model, model_id, units, progress=progress)
    new = np.flatnonzero(texts.alone).tolist()
    for start in range(0, len(new), AT_ONCE):
        progress(start, len(new), "scoring")
        batch = new[start : start + AT_ONCE]
        scores[batch] = model.score([texts.judged[at].text for at in batch])
    return pd.DataFrame(scores, columns=[column.key for column in model.columns])


def _suggested(model: Model, scores: pd.DataFrame, texts: _Texts) -> pd.DataFrame:
    """What each text has suggested, by the threshold of texts among others or of those alone."""
    pairs = ((card.threshold, card.alone) for card in model.cards)
    # NaN, of a code without a score or without a threshold, is never at or above anything.
    among, by_itself = np.array(list(pairs), dtype=object).reshape(-1, 2).astype(np.float64).T
    return scores >= np.where(texts.alone[:, np.newaxis], by_itself, among)


def _fairly(
    answers: pd.DataFrame, scores: pd.DataFrame, texts: _Texts, model: Model
) -> tuple[pd.DataFrame, list[str]]:
    """Without the answers about trained texts of which there is no out-of-fold score.

    Those are of codes that nobody was asked about there before the training.
    """
    fitted = scores.columns[[card.fitted for card in model.cards]]
    keys = [key for key in fitted if key in answers.columns]
    unfair = scores[keys].isna() & texts.held_out[:, None]
    left_out = int((unfair & answers[keys].notna()).to_numpy().sum())
    if not left_out:
        return answers, []
    are = counted(left_out, "answer is", "answers are")
    told = f"{are} left out: the model was trained on the text, but not asked for that code there"
    return answers.assign(**answers[keys].mask(unfair)), [told]


def _thresholds(model: Model, answers: pd.DataFrame, texts: _Texts) -> Mapping[str, float | None]:
    """The threshold of each code of gold, that of texts alone where all of them are.

    None for a code that the model did not learn.
    """
    all_new = bool(texts.alone.all())
    known = {
        column.key: card.alone if all_new else card.threshold
        for column, card in zip(model.columns, model.cards, strict=True)
    }
    return {key: known.get(key) for key in answers.columns}


def _told(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(key): None if pd.isna(value) else value for key, value in row.items()}


def _one_sided(name: str, codes: pd.DataFrame) -> list[str]:
    """What cannot be judged, for want of texts with a code or of texts without one."""
    if not codes["positives"].any():
        return [f"{name}: no text carries any code, so that recall cannot be told"]
    always = codes[codes["positives"] == codes["n"]]
    return [
        f"{name}: every text carries {': '.join(filter(None, place))}: precision says nothing "
        "there; bring texts without it too"
        for place in always[["variable", "target", "code"]].itertuples(index=False)
    ]
