"""One part of the texts, read, scored and written: by this process or by one somewhere else.

Only paths come in, and only numbers go out; the texts and the suggestions stay on the disk.
"""

from __future__ import annotations

import hashlib
import platform
import secrets
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from annotator import __version__
from annotator.core.errors import ExportError, ModelError
from annotator.learn import artefact
from annotator.learn.context import in_a_row
from annotator.learn.features import Floats
from annotator.learn.model import Model
from annotator.learn.tokens import tokenise
from annotator.workflow import partitions
from annotator.workflow.partitions import Columns, Part, Text
from annotator.workflow.suggestion_files import FORMS, Scored, scored

AT_ONCE = 5_000
"""Texts that are scored together: bounds memory, large enough for the matrix product."""


class ModelFiles(NamedTuple):
    """A model as it lies on the disk; its card's SHA-256 stands for all of it.

    The card names the SHA-256 of every other file, and loading compares them.
    """

    model_id: str
    directory: Path
    sha256: str

    @classmethod
    def of(cls, model_id: str, directory: Path) -> ModelFiles:
        """The files in a directory; raises ``ModelError`` where there is no card."""
        return cls(model_id, directory, _sha256(directory))


class Task(NamedTuple):
    """What to score and where to; ``version`` is the program that asks.

    ``scores`` is an array of what is known already, a row for each row of the texts.
    """

    number: int
    part: Part
    columns: Columns
    unit: str
    model: ModelFiles
    output: Path
    scores: Path | None = None
    version: str = __version__


class Done(NamedTuple):
    """What was written of the part of that number."""

    number: int
    texts: int
    rows: int
    size: int


def score_part(task: Task) -> Done:
    """Score a part and write its suggestions; doing it again writes the same.

    The file takes its name when it is complete. Raises ``ReadError`` for texts and ``ModelError``
    for a model that cannot be read, ``ExportError`` for a machine that cannot take part, and
    ``OSError`` for what cannot be written.
    """
    if task.version != __version__:
        raise ExportError(
            f"{platform.node()} runs annotator {__version__} and not {task.version}; install the "
            "same version on every machine"
        )
    if not task.part.path.exists() or not task.output.parent.is_dir():
        missing = task.output.parent if task.part.path.exists() else task.part.path
        raise ExportError(
            f"{missing}: is not there on {platform.node()}; put the output, and Parquet that is "
            "read, where every machine sees it under the same path"
        )
    model = loaded(task.model)
    fresh = task.output.with_name(f".{task.output.name}.{secrets.token_hex(4)}")
    try:
        # With as many threads everywhere, sums are rounded alike everywhere.
        with threadpool_limits(1):
            texts, rows = FORMS[task.output.suffix].write(
                fresh, _scored(task, model), task.model.model_id, task.columns.keep
            )
        size = fresh.stat().st_size
        fresh.replace(task.output)
    finally:
        fresh.unlink(missing_ok=True)
    return Done(task.number, texts, rows, size)


def loaded(files: ModelFiles) -> Model:
    """The model, read once by each process; raises ``ModelError`` where it was changed since."""
    with _loading:
        return _loaded(files)


def scores_in_a_row(model: Model, texts: Sequence[str], of: NDArray[np.int64]) -> Floats:
    """The scores of texts that follow each other, as neighbours where they are ``of`` the same."""
    cut = tokenise(texts)
    decisions = model.decide(cut, model.of_tokens(cut.lexicon))
    return model.scores_in_context(decisions, in_a_row(of))


def _scored(task: Task, model: Model) -> Iterator[Scored]:
    is_alone = task.scores is None and task.unit == "row"
    thresholds = [card.alone if is_alone else card.threshold for card in model.cards]
    for batch in partitions.texts(task.part, task.columns, task.unit, AT_ONCE):
        yield scored(model.cards, thresholds, batch, _scores(task, model, batch))


def _scores(task: Task, model: Model, batch: Sequence[Text]) -> Floats:
    """Known scores; else those of whole rows alone, of sentences among those of their row."""
    rows = np.array([one.row for one in batch], np.int64)
    if task.scores is not None:
        known: Floats = np.load(task.scores, mmap_mode="r", allow_pickle=False)[rows - 1]
        return known
    texts = [one.text for one in batch]
    return model.score(texts) if task.unit == "row" else scores_in_a_row(model, texts, rows)


_loading = Lock()


@lru_cache(maxsize=1)
def _loaded(files: ModelFiles) -> Model:
    model = artefact.load(files.directory)
    if _sha256(files.directory) != files.sha256:
        raise ModelError(f"{files.directory.name}: the model was changed meanwhile; start again")
    return model


def _sha256(directory: Path) -> str:
    try:
        return hashlib.sha256((directory / artefact.CARD).read_bytes()).hexdigest()
    except FileNotFoundError:
        raise ModelError(f"{directory.name}: {artefact.CARD} is missing, train again") from None
