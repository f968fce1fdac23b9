"""Suggested codes for a whole project, or for new text from a file, in parts of flat size.

The texts are a Parquet file whose row groups are scored one by one, wherever; what is written of
them is joined in order. So one process, several, a cluster, and a run that was stopped and begun
again all write the same bytes.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from annotator import __version__
from annotator.core.errors import ExportError, ModelError, ReadError, TableError
from annotator.core.progress import Progress, silent
from annotator.corpus import language
from annotator.store import Store, jobs, tables
from annotator.workflow import scoring, suggesting, unit_scores, workers
from annotator.workflow.partitions import ROWS, Part, sample
from annotator.workflow.scoring import Done, ModelFiles, Task
from annotator.workflow.staging import Staged, Wanted, stage
from annotator.workflow.suggestion_files import COLUMNS, FORMS, Form
from annotator.workflow.working_folder import MODEL, TEXTS, WorkingFolder

SAMPLED = 300
"""Texts by which their languages are told."""

MANY = 0.1
"""Share of the texts in a language the model never saw from which on it is said."""

SCORES = "scores.npy"
"""Of a model's files the one that only its project needs; in the folder, those of its parts."""

IN_VAIN = (ReadError, TableError, ModelError)
"""Faults that the same command meets again."""

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Report:
    """What was written."""

    texts: int
    rows: int
    model_id: str
    codes: int


def suggest(
    store: Store,
    output: Path,
    *,
    input_: Path | None = None,
    text: str = "text",
    id_: str | None = None,
    unit: str = "row",
    keep: Sequence[str] = (),
    run: workers.Run = workers.here,
    shared: bool = False,
    rows: int = ROWS,
    progress: Progress = silent,
    tell: Tell = lambda said: None,
) -> Report:
    """Score the project's units, or the rows of ``input_``; one output row per text and code.

    Units have the scores of the desk, among those around them, and sentences that are cut from
    one row stand around each other; whole rows are scored alone, for which a code has a
    threshold of its own. A code the model could not learn has no row; a row of ``input_`` without
    a text has rows without a score, so that none is missed. ``suggested`` is score ≥ ``threshold``;
    the desk's stricter gate plays no part. ``run`` scores the parts, of about ``rows`` rows
    each; with ``shared``, machines that see nothing but the output's folder can. ``tell`` is
    told what there is to say beside the report. Faults leave the output as it was; parts that
    were finished stay beside it, and the same call goes on from there.
    """
    wanted = Wanted(input_=input_, text=text, id_=id_, keep=tuple(keep))
    form = _form(output, wanted)
    model = _in_force(store)
    fitted = sum(card.fitted for card in scoring.loaded(model).cards)
    folder = WorkingFolder(output)
    with _keeping(output, folder, tell):
        # Scores belong to the sentences as they were cut at one moment.
        with tables.snapshot(store):
            staged = stage(store, wanted, folder.path.absolute() / TEXTS, rows, progress)
            scores = _known(store, model, staged, unit, folder, progress)
        options = {"text": text, "id": id_, "unit": unit, "keep": [*keep], "rows": rows}
        settings = {
            "version": __version__,
            "model": [model.model_id, model.sha256],
            "input": staged.known_by,
            "options": options,
        }
        if other := folder.begin(settings, len(staged.parts)):
            tell(f"{folder.path} was begun with {other}; starting anew")
        if shared:
            model = _copied(model, folder)
        tasks = [
            Task(number, part, wanted.columns, unit, model, folder.part(number).absolute(), scores)
            for number, part in enumerate(staged.parts)
            if number not in folder.parts
        ]
        remark = partial(_remark, store, staged.parts, wanted.columns.text, tell)
        with closing(run(tasks)) as done:
            parts = _in_order(done, staged.parts, folder, progress, meanwhile=remark)
            form.join(_fresh(output), parts, keep)
        _fresh(output).replace(output)
    texts, written = (sum(one[at] for one in folder.parts.values()) for at in (1, 2))
    return Report(texts, written, model.model_id, fitted)


def _form(output: Path, wanted: Wanted) -> Form:
    """How the output is written; raises where it cannot be, or not with these columns."""
    if output.suffix.lower() not in FORMS:
        raise ExportError(f"{output.name}: name it with one of {', '.join(FORMS)}")
    if not output.parent.is_dir():
        raise ExportError(f"{output}: there is no folder {output.parent}; make it first")
    if wanted.input_ is not None and wanted.input_.resolve() == output.resolve():
        raise ExportError(f"{output} is the table that is read; write to another file")
    taken = [name for name in wanted.keep if name in COLUMNS]
    if taken:
        raise TableError(f"the output has a column {taken[0]!r} of its own; rename the one to keep")
    repeated = [name for name, times in Counter(wanted.keep).items() if times > 1]
    if repeated:
        raise TableError(f"column {repeated[0]!r} is to be kept twice; name it once")
    return FORMS[output.suffix.lower()]


def _in_force(store: Store) -> ModelFiles:
    """The model in force. Raises ``ModelError`` where it, or its files, are not there."""
    model_id = jobs.model_id(store)
    if model_id is None:
        raise ModelError("this project has no model yet; run `annotator train` first")
    scores = suggesting.scores_file(store, model_id)
    if not scores.is_file():
        raise ModelError(
            f"the files of model {model_id} are gone from {store.models}; bring them back beside "
            "the project, or run `annotator train` again"
        )
    return ModelFiles.of(model_id, scores.parent.absolute())


@contextmanager
def _keeping(output: Path, folder: WorkingFolder, tell: Tell) -> Iterator[None]:
    """Keep the finished parts where what is done here breaks off, and else leave nothing behind."""
    fresh = _fresh(output)
    try:
        fresh.open("ab").close()  # whether anything can be written is known before hours of work
        folder.open()
        yield
    except KeyboardInterrupt as fault:
        raise ExportError(f"stopped; {folder.leave() or 'nothing was written'}") from fault
    except BaseException as fault:
        if isinstance(fault, IN_VAIN):
            folder.drop()
        if stays := folder.leave():
            tell(stays)
        if isinstance(fault, OSError):
            reason = fault.strerror or fault
            said = f"{output} cannot be written: {reason}; choose another place"
            raise ExportError(said) from fault
        raise
    finally:
        # A folder that takes no files has none to clear away either, and says so but once.
        with suppress(OSError):
            fresh.unlink()
    folder.remove()


def _fresh(output: Path) -> Path:
    return output.with_name(f".{output.name}.part")


def _known(
    store: Store,
    model: ModelFiles,
    staged: Staged,
    unit: str,
    folder: WorkingFolder,
    progress: Progress,
) -> Path | None:
    """The scores of the project's units beside their texts, row by row; None for other texts."""
    if staged.units is None or unit != "row":
        return None
    place = folder.path.absolute() / SCORES
    known = scoring.loaded(model)
    found = unit_scores.aligned(store, known, model.model_id, staged.units, progress=progress)
    np.save(place, found, allow_pickle=False)
    return place


def _copied(model: ModelFiles, folder: WorkingFolder) -> ModelFiles:
    """The model beside the parts, for machines that do not see the project; without its scores."""
    place = folder.path.absolute() / MODEL
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(model.directory, place, ignore=shutil.ignore_patterns(SCORES))
    return model._replace(directory=place)


def _in_order(
    done: Iterator[Done],
    parts: Sequence[Part],
    folder: WorkingFolder,
    progress: Progress,
    *,
    meanwhile: Callable[[], None],
) -> Iterator[Path]:
    """The finished parts in order, each as soon as those before it are there too.

    ``meanwhile`` is called once, when the first is there and others are being scored.
    """
    total = sum(part.rows for part in parts)
    scored = sum(parts[number].rows for number in folder.parts)
    progress(scored, total, "scoring")
    for number in range(len(parts)):
        while number not in folder.parts:
            one = next(done)
            folder.finish(one)
            scored += parts[one.number].rows
            progress(scored, total, "scoring")
        if number == 0:
            meanwhile()
        yield folder.part(number)


def _remark(store: Store, parts: Sequence[Part], column: str, tell: Tell) -> None:
    """Say so where many of the texts are in a language that nothing was coded in."""
    learned = tables.coded_languages(store)
    known = [*learned, *(code for code in language.LANGUAGES if code not in learned)]
    found = (language.language_of(text, known) for text in sample(parts, column, SAMPLED))
    told = Counter(filter(None, found))
    foreign = Counter({code: count for code, count in told.items() if code not in learned})
    if not learned or foreign.total() <= MANY * told.total():
        return
    codes, share = ", ".join(sorted(foreign)), foreign.total() / told.total()
    tell(
        f"about {share:.0%} of the texts seem to be in a language the model never saw ({codes}); "
        f"it learned from {', '.join(learned)}, and its scores mean little for others"
    )
