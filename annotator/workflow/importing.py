"""Articles in: each file is read, cut into units and added in a transaction of its own."""

from __future__ import annotations

import sqlite3
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from annotator.core.errors import AnnotatorError, ProjectError, ReadError
from annotator.core.progress import Progress
from annotator.corpus import folders, language, segment
from annotator.learn.sampling import draw_of
from annotator.store import Store, documents
from annotator.store.documents import Arrival, Here
from annotator.workflow import column_maps
from annotator.workflow.choosing import ROW, Choices
from annotator.workflow.clock import now
from annotator.workflow.reading import Reading
from annotator.workflow.sources import Source, from_paths

MOST_WARNINGS = 20
"""Warnings that are told of one file; a table may have one for every row."""

EACH = 500
"""Documents between two looks at whether to go on."""


class ImportCancelledError(AnnotatorError):
    """An import that somebody stopped: of the file in hand nothing came in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one file: its new documents with their units, and those ``known`` before."""

    file: str
    status: Literal["added", "known", "refused", "skipped"]
    format: str = ""
    documents: int = 0
    units: int = 0
    known: int = 0
    message: str = ""
    warnings: tuple[str, ...] = ()


def import_paths(
    store: Store,
    seed: int,
    paths: Iterable[Path],
    choices: Choices | None = None,
    progress: Progress | None = None,
) -> list[Outcome]:
    """Import files and folders; one outcome for each file."""
    return list(import_sources(store, seed, from_paths(paths), choices, progress))


def import_sources(
    store: Store,
    seed: int,
    sources: Sequence[Source],
    choices: Choices | None = None,
    progress: Progress | None = None,
    *,
    stopped: Callable[[], bool] = lambda: False,
) -> Iterator[Outcome]:
    """Import file by file, telling the outcome of each; a bad file never harms the others.

    Raises ``ImportCancelledError`` once ``stopped`` says so: files before the one in hand are in.
    """
    if sources and not (choices and choices.fields.get("language")):
        threading.Thread(target=language.prepare, name="languages", daemon=True).start()
    with store.unhurried():
        for number, source in enumerate(sources):

            def tell(done: int, number: int = number, source: Source = source) -> None:
                if stopped():
                    raise ImportCancelledError(
                        f"the import was stopped at {source.name}: {number} of {len(sources)} "
                        "files are done, and nothing of this one came in"
                    )
                if progress:
                    so_far = f"{source.name}: {done:,} documents" if done else source.name
                    progress(number, len(sources), so_far)

            try:
                yield _import(store, seed, source, choices or Choices(), tell)
            except sqlite3.Error as fault:
                raise ProjectError(
                    f"{source.name}: could not be kept ({fault}), after {number} of {len(sources)} "
                    "files; make room or wait, and import the same files again: what is in stays in"
                ) from fault
    if progress:
        progress(len(sources), len(sources), "")


def _import(
    store: Store, seed: int, source: Source, choices: Choices, tell: Callable[[int], None]
) -> Outcome:
    tell(0)
    if folders.is_hidden(source.name):
        return skipped(source)
    tally = Tally(tell)
    how = ""
    try:
        reading = Reading(store, source, choices)
        how = reading.format.title
        documents.add_documents(
            store,
            reading.cuts(),
            by_words=choices.unit != ROW,
            segmenter=segment.SEGMENTER if choices.unit == "sentence" else choices.unit,
            draw=lambda name: draw_of(name, seed),
            at=now(),
            tell=tally.count,
        )
    except ReadError as fault:
        return refused(source, fault, how)
    if reading.table:
        column_maps.remember(store, reading.table.names, reading.table.columns)
    return tally.outcome(source, reading)


class Tally:
    """Counts the documents of one file as they come."""

    def __init__(self, tell: Callable[[int], None] = lambda done: None) -> None:
        self._tell = tell
        self.documents = self.units = self.known = 0
        self._remarks: Counter[str] = Counter()

    def count(self, arrival: Arrival) -> None:
        """Count one document, and note where the same words are here in another form."""
        self.documents += arrival.new
        self.units += arrival.new * len(arrival.segments)
        self.known += not arrival.new
        if (self.documents + self.known) % EACH == 0:
            self._tell(self.documents + self.known)
        if arrival.like and (remark := _remark(arrival, arrival.like)):
            self._remarks[remark] += 1

    def outcome(self, source: Source, reading: Reading) -> Outcome:
        """What became of the file."""
        new = self.documents > 0
        told = [*reading.warnings, *self._remarks]
        more = len(told) - MOST_WARNINGS
        return Outcome(
            file=source.name,
            status="added" if new else "known",
            format=reading.format.title,
            documents=self.documents,
            units=self.units,
            known=self.known,
            message="" if new else f"{source.name}: is in the project already; nothing is added",
            warnings=(*told[:MOST_WARNINGS], *([f"and {more:,} more"] if more > 0 else [])),
        )


def _remark(arrival: Arrival, like: Here) -> str:
    """What to say of the same words under another name; nothing where two outlets print them."""
    if not arrival.new:
        return "" if like.id == arrival.id else f"is the article that came in as {like.file}"
    draft = arrival.draft
    for name, here, there in (
        ("an outlet", like.source, draft.source),
        ("a date", like.published, draft.published),
    ):
        if bool(here) != bool(there):
            return (
                f"the same text is here {'with' if here else 'without'} {name}, and this is a "
                f"second document (the first is {like.file}); import it with the same folder or "
                "fields as before, or remove one of the two"
            )
    return ""


def skipped(source: Source) -> Outcome:
    """A file that nobody meant to import."""
    return Outcome(
        file=source.name, status="skipped", message=f"{source.name}: is hidden; it was skipped"
    )


def refused(source: Source, fault: ReadError, how: str = "") -> Outcome:
    """A file that cannot be taken, and why; ``how`` is its format, where that could be told."""
    return Outcome(file=source.name, status="refused", format=how, message=str(fault))
