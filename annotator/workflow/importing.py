"""Articles in: each file is read, cut into units and added in a transaction of its own."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from annotator.core.document import Draft, Segment
from annotator.core.errors import AnnotatorError, NoTextError, ProjectError, ReadError
from annotator.corpus import folders, language, readers, rows, segment
from annotator.corpus.article import Article, drafted
from annotator.corpus.dates import DateOrder as DateOrder
from annotator.corpus.dates import iso_date
from annotator.corpus.file import File
from annotator.corpus.format import Format
from annotator.learn.sampling import draw_of
from annotator.store import Store, documents, settings
from annotator.store.documents import Arrival, Here
from annotator.workflow import column_maps
from annotator.workflow.clock import now
from annotator.workflow.sources import Source, from_paths

FIELDS = {
    "source": "source",
    "date": "published",
    "author": "author",
    "place": "place",
    "language": "language",
    "section": "section",
    "url": "url",
}
"""The fields that may be given to all documents of an import, by the names users know."""

UNITS = ("sentence", "paragraph", "document", "row")
ROW = "row"

MOST_WARNINGS = 20
"""Warnings that are told of one file; a table may have one for every row."""

EACH = 500
"""Documents between two looks at whether to go on."""

Progress = Callable[[int, int, str], None]


class ImportCancelledError(AnnotatorError):
    """An import that somebody stopped: of the file in hand nothing came in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """How files are taken in, where they leave it open.

    ``fields`` are given to all documents, by the names of ``Draft``. ``columns`` names the column
    of each field of ``rows.FIELDS`` in tables; what it does not name is remembered or guessed, and
    an empty name is a field without a column. ``languages`` are the candidates of detection.
    """

    fields: Mapping[str, str] = field(default_factory=dict)
    unit: str = "sentence"
    columns: Mapping[str, str] = field(default_factory=dict)
    dates: DateOrder = ""
    languages: tuple[str, ...] = language.LANGUAGES


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


Cut = tuple[Draft, tuple[Segment, ...]]


class Reading:
    """One file on its way in: what it is, its drafts one by one, and what is said of them."""

    def __init__(self, store: Store, source: Source, choices: Choices) -> None:
        self.store = store
        self.source = source
        self.choices = choices
        self.file: File = source.file()
        self.format: Format = readers.recognised(self.file)
        self.table: column_maps.Look | None = None
        self._dates = choices.dates
        self._language = ""
        self._warnings: Counter[str] = Counter()
        self._empty: list[str] = []

    def cuts(self) -> Iterator[Cut]:
        """Every document with its units; raises ``ReadError`` for a file that cannot be taken."""
        some = False
        for article in self._articles():
            try:
                draft = self._draft(article)
            except NoTextError as fault:
                self._empty.append(str(fault))
                continue
            some = True
            self._warnings.update(draft.warnings)
            yield draft, self._segments(draft)
        if not some:
            raise ReadError(self._empty[0] if self._empty else self._nothing())

    @property
    def warnings(self) -> list[str]:
        """What was said of the drafts that came so far, each once."""
        notes = self.table.notes if self.table else ()
        return [*notes, *self._warnings, *self._left_out()]

    def _left_out(self) -> list[str]:
        if not self._empty:
            return []
        first = self._empty[0].removeprefix(f"{self.file.name}: ").partition(":")[0]
        more = f" and {len(self._empty) - 1:,} more" if self._empty[1:] else ""
        return [f"{first}{more}: there is no sentence in it; left out"]

    def _nothing(self) -> str:
        return f"{self.file.name}: holds no article; leave it out"

    def _articles(self) -> Iterator[Article]:
        if self.format.rows is None:
            if self.choices.unit == ROW:
                raise ReadError(
                    f"{self.file.name}: is {self.format.title}, and only tables have rows; import "
                    "it with --unit sentence"
                )
            return readers.articles(self.file, self.format)
        look = column_maps.settle(
            *(self.store, self.file, self.format, self.choices.columns, self.choices.dates)
        )
        self.table = look
        self._dates = look.dates
        self._language = language.language_of(look.text_sample, self.choices.languages)
        return rows.articles(look.rows, look.columns, as_is=self.choices.unit == ROW)

    def _draft(self, article: Article) -> Draft:
        draft = drafted(article, self.file, self._dates, language=self._language)
        given: dict[str, Any] = dict(self.choices.fields)
        if given:
            draft = replace(draft, **given, found={**draft.found, **dict.fromkeys(given, "given")})
        if not draft.source and "source" not in given:
            draft = self._with_outlet(draft)
        if draft.language:
            return draft
        told = language.language_of(draft.text, self.choices.languages)
        return replace(draft, language=told)

    def _segments(self, draft: Draft) -> tuple[Segment, ...]:
        segments = tuple(segment.SEGMENTERS[self.choices.unit](draft, draft.language))
        _refuse_unfit(self.source.name, draft, segments)
        return segments

    def _with_outlet(self, draft: Draft) -> Draft:
        """The draft with the outlet that its folder offers.

        Which folder that is depends on where an import began: an article that came in before
        under another folder it lies in keeps the outlet it has, and is no second document.
        """
        offers = dict.fromkeys(filter(None, (self.source.offered, *self.source.folders)))
        if not offers:
            return draft
        drafts = [replace(draft, source=name) for name in offers]
        known = documents.known_documents(self.store, [one.document_id for one in drafts])
        found = next((one for one in drafts if one.document_id in known), None)
        if found is None and not self.source.offered:
            return draft
        chosen = found or drafts[0]
        return replace(chosen, found={**chosen.found, "source": "folder"})


def given_fields(written: Iterable[str]) -> dict[str, str]:
    """Fields written ``NAME=VALUE``, ready for an import; refuses names that are no field.

    >>> given_fields(["source=Velmar Wire"])
    {'source': 'Velmar Wire'}
    """
    fields: dict[str, str] = {}
    for pair in written:
        name, equals, value = pair.partition("=")
        if not equals or name.strip() not in FIELDS:
            raise ReadError(f"{pair!r}: write NAME=VALUE, NAME one of {', '.join(FIELDS)}")
        fields[FIELDS[name.strip()]] = value.strip()
    if "published" in fields:
        fields["published"], fields["date_precision"] = iso_date(fields["published"])
        if not fields["published"]:
            raise ReadError("date: write it as 2023-09-21, 2023-09 or 2023")
    return fields


def chosen(
    store: Store,
    *,
    fields: Mapping[str, str],
    unit: str,
    columns: Mapping[str, str],
    dates: DateOrder = "",
    languages: str = "",
    remember: bool = True,
) -> Choices:
    """The choices of an import; languages, written ``en,hy``, are those of the project from now on.

    Raises ``ReadError`` for a language that is none.
    """
    told = tuple(code.strip() for code in languages.split(",") if code.strip())
    if unknown := [code for code in told if not language.known(code)]:
        raise ReadError(f"language {unknown[0]!r}: write two letters, like en, hy or ru")
    if told and remember:
        settings.put(store, languages=",".join(told))
    return Choices(
        fields=fields,
        unit=unit,
        columns=columns,
        dates=dates,
        languages=told or project_languages(store),
    )


def project_languages(store: Store) -> tuple[str, ...]:
    """The languages that detection chooses among: the project's, else all that are usual here."""
    kept = settings.value(store, "languages")
    return tuple(kept.split(",")) if kept else language.LANGUAGES


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


def _refuse_unfit(name: str, draft: Draft, segments: Sequence[Segment]) -> None:
    if not segments:
        raise ReadError(f"{name}: holds no sentence; leave it out")
    for one in segments:
        if (length := one.end - one.start) > segment.LONGEST_UNIT:
            raise ReadError(
                f"{name}: the unit that begins {draft.text[one.start : one.start + 40]!r} has "
                f"{length:,} characters and the limit is {segment.LONGEST_UNIT:,}; put full stops "
                "or blank lines into it"
            )
