"""Articles in: each file is read, cut into units and added in a transaction of its own."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Literal

from annotator.core.document import Draft, Segment
from annotator.core.errors import ProjectError, ReadError
from annotator.corpus import language, readers, segment
from annotator.corpus.dates import iso_date
from annotator.learn.sampling import draw_of
from annotator.store import Store, documents
from annotator.workflow.clock import now

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

WITHOUT_OUTLET = (
    "the same text is here without an outlet, and this is a second document; import it with the "
    "same folder as before, or give --set source=NAME from the first time on"
)

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one file."""

    file: str
    status: Literal["added", "known", "refused", "skipped"]
    documents: int = 0
    units: int = 0
    message: str = ""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """One document as it would come in."""

    draft: Draft
    segments: tuple[Segment, ...]
    known: bool


@dataclass(frozen=True, slots=True)
class Source:
    """One file before it is read: where its bytes come from, and the outlet its folder offers.

    ``folders`` are all that it lies in, as far as they are known.
    """

    name: str
    read: Callable[[], list[Draft]]
    offered: str = ""
    folders: tuple[str, ...] = ()


def from_paths(paths: Iterable[Path]) -> list[Source]:
    """The files of these paths, folders walked in order; nothing is left out."""
    return [
        Source(
            shown,
            partial(readers.read_file, path, shown),
            _printable(folder or ""),
            tuple(_printable(part) for part in path.absolute().parent.parts[1:]),
        )
        for path, name, folder in readers.walk(list(paths))
        for shown in [_printable(name)]
    ]


def _printable(name: str) -> str:
    """A file name as one line of letters, whatever bytes the file system holds.

    >>> _printable("two\\nlines.txt")
    'two lines.txt'
    """
    return " ".join(name.encode("utf-8", "backslashreplace").decode().split())


def from_uploads(files: Iterable[tuple[str, bytes]]) -> list[Source]:
    """Uploaded files; a name may carry the folder it lay in."""
    return [
        Source(name, partial(readers.read_bytes, data, name), parts[1] if parts[1:] else "", parts)
        for name, data in files
        for parts in [_folders(name)]
    ]


def _folders(name: str) -> tuple[str, ...]:
    """The folders of an uploaded file, beginning with the one that was chosen."""
    return tuple(name.replace("\\", "/").strip("/").split("/")[:-1])


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


def import_paths(
    store: Store,
    seed: int,
    paths: Iterable[Path],
    *,
    fields: Mapping[str, str] | None = None,
    unit: str = "sentence",
    progress: Progress | None = None,
) -> list[Outcome]:
    """Import files and folders; one outcome for each file."""
    return list(import_sources(store, seed, from_paths(paths), fields, unit, progress))


def import_sources(
    store: Store,
    seed: int,
    sources: list[Source],
    fields: Mapping[str, str] | None = None,
    unit: str = "sentence",
    progress: Progress | None = None,
) -> Iterator[Outcome]:
    """Import file by file, telling the outcome of each; a bad file never harms the others."""
    with store.unhurried():
        for number, source in enumerate(sources):
            if progress:
                progress(number, len(sources), source.name)
            try:
                yield _import(store, seed, source, fields or {}, unit)
            except sqlite3.Error as fault:
                raise ProjectError(
                    f"{source.name}: could not be kept ({fault}), after {number} of {len(sources)} "
                    "files; make room or wait, and import the same files again: what is in stays in"
                ) from fault
    if progress:
        progress(len(sources), len(sources), "")


def preview(
    store: Store, source: Source, fields: Mapping[str, str] | None = None, unit: str = "sentence"
) -> list[Preview]:
    """What a file would bring in; raises ``ReadError`` where it cannot be read."""
    drafts = _drafts(store, source, fields or {}, unit)
    known = documents.known_documents(store, [draft.document_id for draft, _ in drafts])
    return [
        Preview(draft=draft, segments=segments, known=draft.document_id in known)
        for draft, segments in drafts
    ]


def rehearse_sources(
    store: Store, sources: list[Source], fields: Mapping[str, str], unit: str = "sentence"
) -> Iterator[Outcome]:
    """The outcome that importing each of these files would have, one after the other."""
    met: set[str] = set()
    for source in sources:
        yield _rehearse(store, source, fields, unit, met)


def _rehearse(
    store: Store, source: Source, fields: Mapping[str, str], unit: str, met: set[str]
) -> Outcome:
    if readers.is_hidden(source.name):
        return _skipped(source)
    try:
        found = preview(store, source, fields, unit)
    except ReadError as fault:
        return Outcome(file=source.name, status="refused", message=str(fault))
    new = [one for one in found if not one.known and one.draft.document_id not in met]
    met.update(one.draft.document_id for one in new)
    return Outcome(
        file=source.name,
        status="added" if new else "known",
        documents=len(new),
        units=sum(len(one.segments) for one in new),
        message="" if new else f"{source.name}: is in the project already",
        warnings=tuple(warning for one in found for warning in one.draft.warnings),
    )


def _skipped(source: Source) -> Outcome:
    return Outcome(
        file=source.name, status="skipped", message=f"{source.name}: is hidden; it was skipped"
    )


def _import(
    store: Store, seed: int, source: Source, fields: Mapping[str, str], unit: str
) -> Outcome:
    if readers.is_hidden(source.name):
        return _skipped(source)
    try:
        drafts = _drafts(store, source, fields, unit)
    except ReadError as fault:
        return Outcome(file=source.name, status="refused", message=str(fault))
    new = documents.add_documents(
        store,
        drafts,
        segmenter=segment.SEGMENTER if unit == "sentence" else unit,
        draw=lambda name: draw_of(name, seed),
        at=now(),
    )
    added = [segments for (_, segments), fresh in zip(drafts, new, strict=True) if fresh]
    return Outcome(
        file=source.name,
        status="added" if added else "known",
        documents=len(added),
        units=sum(map(len, added)),
        message="" if added else f"{source.name}: is in the project already; nothing was added",
        warnings=tuple(warning for draft, _ in drafts for warning in draft.warnings),
    )


def _drafts(
    store: Store, source: Source, fields: Mapping[str, str], unit: str
) -> list[tuple[Draft, tuple[Segment, ...]]]:
    found = []
    for read in source.read():
        given: dict[str, Any] = dict(fields)
        draft = replace(read, **given)
        if not draft.source and "source" not in fields:
            draft = _with_outlet(store, draft, source)
        draft = replace(draft, language=draft.language or language.language_of(draft.text))
        segments = tuple(segment.SEGMENTERS[unit](draft, draft.language))
        _refuse_unfit(source.name, draft, segments)
        found.append((draft, segments))
    return found


def _with_outlet(store: Store, draft: Draft, source: Source) -> Draft:
    """The draft with the outlet that its folder offers.

    Which folder that is depends on where an import began. An article that came in before under
    another folder it lies in keeps the outlet it has: it is no second document. One that came in
    without an outlet may be another paper's, so that it is only told.
    """
    offers = dict.fromkeys((source.offered, *source.folders))
    drafts = [replace(draft, source=name) for name in offers]
    known = documents.known_documents(store, [one.document_id for one in (*drafts, draft)])
    found = next((one for one in drafts if one.document_id in known), drafts[0])
    if draft.document_id in known and found.document_id not in known:
        return replace(found, warnings=(*found.warnings, WITHOUT_OUTLET))
    return found


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
