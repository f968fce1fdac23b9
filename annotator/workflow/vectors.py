"""Word vectors of a project: learned from its text and a larger corpus, or taken from elsewhere.

Each set lies in a folder of its own under ``<project>.models/vectors``, named by its content: it
is complete when it gets its name, and never changes. The project says which one is in force.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from annotator import __version__
from annotator.core.errors import ModelError, ReadError
from annotator.core.progress import Progress, silent
from annotator.corpus import folders, gzipped, readers
from annotator.corpus.file import File
from annotator.learn import sealed, vector_files
from annotator.learn.vectors import DIMS, LITTLE, WordVectors, learn_vectors
from annotator.store import Store, jobs, settings, tables
from annotator.workflow import column_maps, sources
from annotator.workflow.clock import now
from annotator.workflow.projects import Project
from annotator.workflow.sources import Source

IN_FORCE = "vectors"
"""The setting that names the folder of the vectors in force; empty where there are none."""


NAME = re.compile("[0-9a-f]{16}")
"""What a folder of vectors is called: the beginning of its card's SHA-256."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What was put in force: ``words`` are pieces of words where the vectors came from elsewhere.

    ``left_out`` are files of a folder or archive that could not be read, each with its reason.
    """

    name: str
    method: str
    words: int
    dims: int
    texts: int = 0
    tokens: int = 0
    seconds: float = 0.0
    left_out: tuple[str, ...] = ()


def learn(
    project: Project,
    *,
    corpus: Sequence[Path] = (),
    text: str = "",
    dims: int = DIMS,
    progress: Progress = silent,
) -> Report:
    """Learn from the project's own text and the files of ``corpus``, and put them in force.

    ``text`` names the column of tables that holds it, where it is not to be guessed. Raises
    ``ReadError`` where a file that is named cannot be read, or a folder or archive holds no text
    (a file in one that cannot be read is left out), ``ModelError`` where there is too little
    text. Until the end, what was in force stays so.
    """
    began = time.monotonic()
    store = project.store
    reading = _Reading(store, corpus, text, progress)
    vectors = learn_vectors(
        reading.texts(), dims=dims, seed=project.seed, progress=reading.learning
    )
    about = {
        "made_at": now(),
        "made_with": __version__,
        "corpus": [path.name for path in corpus],
    }
    with _fresh(store) as folder:
        card = vector_files.save(vectors, folder, about)
        name = _put_in_force(store, folder, card)
    return Report(
        name=name,
        method=str(card["method"]),
        words=len(vectors.words),
        dims=vectors.dims,
        texts=int(str(card["texts"])),
        tokens=int(str(card["tokens"])),
        seconds=round(time.monotonic() - began, 1),
        left_out=tuple(reading.left_out),
    )


def adopt(project: Project, directory: Path) -> Report:
    """Copy a model2vec directory into the project and put it in force; ``ModelError`` if unfit."""
    began = time.monotonic()
    about = {"made_at": now(), "made_with": __version__, "directory": directory.resolve().name}
    with _fresh(project.store) as folder:
        card = vector_files.adopt(directory, folder, about)
        name = _put_in_force(project.store, folder, card)
    return Report(
        name=name,
        method=str(card["method"]),
        words=int(str(card["pieces"])),
        dims=int(str(card["dims"])),
        seconds=round(time.monotonic() - began, 1),
    )


def remarks(report: Report) -> list[str]:
    """What whoever made the vectors should know, one sentence each."""
    told = [f"left out: {fault}" for fault in report.left_out]
    if 0 < report.tokens < LITTLE:
        told.append(
            f"{report.tokens:,} tokens are little to learn vectors from; give a larger corpus of "
            f"like text with --corpus, of {LITTLE:,} or more"
        )
    return told


def remove(store: Store) -> bool:
    """Put the vectors out of force; False where there were none. The model in force keeps its."""
    was = settings.value(store, IN_FORCE)
    settings.put(store, **{IN_FORCE: ""})
    _clear(store)
    return bool(was)


def name_in_force(store: Store) -> str:
    """What a model's card keeps under ``vectors``, and ``named`` finds again; empty without any."""
    return settings.value(store, IN_FORCE)


def in_force(store: Store) -> WordVectors | None:
    """The vectors that the next training uses; None without any, ``ModelError`` if damaged."""
    name = name_in_force(store)
    return named(store, name) if name else None


@lru_cache(maxsize=1)
def named(store: Store, name: str) -> WordVectors:
    """The vectors of that name, in force or once in force when the model in force was trained."""
    folder = _folder(store) / name
    if not NAME.fullmatch(name) or not folder.is_dir():
        raise ModelError(
            f"the word vectors {name} are gone from {_folder(store)}; bring them back, or run "
            "`annotator vectors` again, or with --remove to do without"
        )
    return vector_files.load(folder)


class _Reading:
    """The texts of a project and of a corpus, one after another, and what was left out."""

    def __init__(self, store: Store, corpus: Sequence[Path], text: str, progress: Progress) -> None:
        self.left_out: list[str] = []
        self._store = store
        self._column = {"text": text, "date": ""} if text else {"date": ""}
        self._progress = progress
        self._at = (0, "the project")
        self._corpus = [(path, sources.from_paths([path])) for path in corpus]
        # Named files are looked at before anything is read: a wrong path shows at once.
        for path, files in self._corpus:
            for source in files:
                if _is_named(path, source):
                    source.file()

    def learning(self, done: int, total: int, message: str) -> None:
        """Tell how far learning is; as long as it reads, also which file."""
        if total:
            self._progress(done, total, message)
        else:
            number, name = self._at
            files = sum(len(files) for _, files in self._corpus)
            self._progress(number, files + 1, f"{name}, {message}")

    def texts(self) -> Iterator[str]:
        """Every article of the project as its sentences stand in it, then every text of a file."""
        by_document = groupby(tables.units(self._store), attrgetter("document_id"))
        for _, units in by_document:
            yield "\n".join(unit.text for unit in units)
        for path, files in self._corpus:
            some = False
            for text in self._of_files(path, files):
                some = some or not text.isspace()
                yield text
            if not some:
                why = f" ({self.left_out[-1]})" if self.left_out else ""
                raise ReadError(f"{path.name}: there is no text in it that can be read{why}")

    def _of_files(self, path: Path, files: Sequence[Source]) -> Iterator[str]:
        for source in files:
            self._at = (self._at[0] + 1, source.name)
            if folders.is_hidden(source.name):
                continue
            try:
                yield from filter(None, self._of_file(gzipped.unpacked(source.file())))
            except ReadError as fault:
                if _is_named(path, source):
                    raise
                self.left_out.append(str(fault))

    def _of_file(self, file: File) -> Iterator[str]:
        how = readers.recognised(file)
        if how.rows is None:
            yield from (article.text for article in readers.articles(file, how))
            return
        table = column_maps.settle(self._store, file, how, self._column)
        column = table.columns["text"]
        yield from (row.cells.get(column, "") for row in table.rows.rows)


def _is_named(path: Path, source: Source) -> bool:
    """Whether a file was named itself, and not the folder or archive that holds it."""
    return not folders.is_folder(path) and "/" not in source.name


def _folder(store: Store) -> Path:
    return store.models / "vectors"


@contextmanager
def _fresh(store: Store) -> Iterator[Path]:
    """A folder to write to, taken away unless it was renamed."""
    _folder(store).mkdir(parents=True, exist_ok=True)
    folder = _folder(store) / f".part-{os.getpid()}-{secrets.token_hex(4)}"
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _put_in_force(store: Store, folder: Path, card: sealed.Card) -> str:
    name = str(sealed.digest(card, sealed.CARD))[:16]
    folder.replace(_folder(store) / name)
    settings.put(store, **{IN_FORCE: name})
    _clear(store)
    return name


def _clear(store: Store) -> None:
    """Take away vectors that are neither in force nor what the model in force was trained with.

    None while a training runs: its model will need those that were in force when it began.
    """
    if jobs.running(store):
        return
    model = jobs.model(store)
    kept = {settings.value(store, IN_FORCE), str(model[1].get("vectors", "")) if model else ""}
    for folder in _folder(store).glob("[!.]*"):
        if folder.name not in kept:
            shutil.rmtree(folder, ignore_errors=True)
