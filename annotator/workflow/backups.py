"""A copy of a project that is safe to make while coders save, and is one that opens."""

from __future__ import annotations

import os
import secrets
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from annotator.core.errors import ProjectError
from annotator.core.progress import Progress
from annotator.store import Store, copies
from annotator.store.connection import beside, is_project
from annotator.store.copies import Copied
from annotator.workflow.surroundings import size_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """A finished copy: ``file`` and, where there were any, its ``models``; ``bytes`` of both."""

    file: Path
    events: int
    models: int
    missing_models: int
    bytes: int

    def as_dict(self) -> dict[str, object]:
        """What ``--json`` prints."""
        return asdict(self) | {"file": str(self.file)}

    def lines(self) -> Iterator[str]:
        """What was copied, what was not, and how to go back to it."""
        yield (
            f"copied {self.events:,} events and {self.models:,} models "
            f"({self.bytes / 1e6:,.1f} MB) to {self.file}; the copy was read back and is sound"
        )
        if self.missing_models:
            yield f"the files of {self.missing_models:,} models are gone, and so not in the copy"
        yield "left out: the key that signs tokens, and the cache; both are made anew"
        yield f"to restore, open it like any project: annotator serve {self.file}"


def backup(
    project: Path, destination: Path, *, force: bool = False, at: datetime, tell: Progress
) -> Backup:
    """Copy a project with its models to a file, or under a dated name into a folder.

    Coders may go on saving: what was acknowledged before the start is in. The copy takes its
    place once it is complete and checked; raises ``ProjectError`` and leaves nothing otherwise.
    """
    source = _project_file(project)
    place = _destination(source, destination.expanduser(), at)
    _check_destination(source, place, force=force)
    fresh = place.with_name(f".backup.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        with _cleared(fresh):
            copied = copies.copy(source, fresh, lambda done, of: tell(done, of, "copying"))
            if copied.faults:
                raise ProjectError(
                    f"{source} is damaged ({copied.faults[0]}), and a copy would be too; "
                    f"run `annotator doctor {source}`, which says what can be done"
                )
            kept = _copy_models(source, fresh, copied, tell)
            size = size_of(fresh) + size_of(beside(fresh, ".models"))
            _put(fresh, place)
    except (OSError, sqlite3.Error) as fault:
        raise ProjectError(f"{place} cannot be written: {_reason(fault)}") from fault
    return Backup(
        file=place,
        events=copied.events,
        models=kept,
        missing_models=len(copied.models) - kept,
        bytes=size,
    )


def _project_file(path: Path) -> Path:
    """The project's file, which is not opened: a newer program would change it by that."""
    place = path.expanduser()
    if place.is_dir():
        raise ProjectError(f"{path} is a folder; name the project file in it")
    if not place.is_file():
        raise ProjectError(f"{path} is not there; name a project file")
    if not is_project(place):
        raise ProjectError(f"{path} is not an annotator project; `annotator doctor` tells more")
    return place.resolve()


def _destination(source: Path, destination: Path, at: datetime) -> Path:
    if destination.is_dir():
        name = f"{source.stem}-{at.strftime('%Y-%m-%d-%H%M%S')}{source.suffix}"
        return destination.resolve() / name
    return destination.absolute()


def _check_destination(source: Path, place: Path, *, force: bool) -> None:
    if not place.parent.is_dir():
        raise ProjectError(f"{place} cannot be written: there is no folder {place.parent}; make it")
    if {place.resolve(), place.parent.resolve()} & Store(source).own_files():
        raise ProjectError(f"{place} belongs to the project itself; choose another name")
    if place.exists() and not is_project(place):
        raise ProjectError(f"{place} is there and is no project; choose another name")
    if beside(place, "-wal").exists() or beside(place, "-shm").exists():
        raise ProjectError(f"{place} is open in another program; close it or choose another name")
    taken = [one for one in (place, beside(place, ".models")) if one.exists()]
    if taken and not force:
        raise ProjectError(
            f"{taken[0]} is there already; choose another name, or replace it with --force"
        )
    needed = size_of(source) + size_of(beside(source, "-wal")) + size_of(beside(source, ".models"))
    free = shutil.disk_usage(place.parent).free
    if free < needed:
        raise ProjectError(
            f"{place} cannot be written: {needed / 1e6:,.0f} MB are needed and {free / 1e6:,.0f} "
            "MB are free; make room or choose another place"
        )


@contextmanager
def _cleared(fresh: Path) -> Iterator[None]:
    """Take away what was not put in its place."""
    try:
        yield
    finally:
        for end in ("", "-journal", "-wal", "-shm"):
            with suppress(OSError):
                beside(fresh, end).unlink()
        for end in (".models", ".old"):
            shutil.rmtree(beside(fresh, end), ignore_errors=True)


def _copy_models(source: Path, fresh: Path, copied: Copied, tell: Progress) -> int:
    """Copy the files of the models that the copy names, and word vectors.

    Those are complete and never change, but that the scores of older models may go meanwhile:
    they can be made again.
    """
    origin, target = beside(source, ".models"), beside(fresh, ".models")
    there = [name for name in copied.models if (origin / name).is_dir()]
    for done, name in enumerate(there):
        tell(done, len(there), "copying models")
        shutil.copytree(
            origin / name,
            target / name,
            ignore=shutil.ignore_patterns(".*", "*.tmp*"),
            copy_function=_copy_unless_gone,
        )
    if (origin / "vectors").is_dir():
        tell(len(there), len(there), "copying word vectors")
        ignored = shutil.ignore_patterns(".*")
        shutil.copytree(origin / "vectors", target / "vectors", ignore=ignored)
    return len(there)


def _copy_unless_gone(origin: str, target: str) -> None:
    with suppress(FileNotFoundError):
        shutil.copy2(origin, target)


def _put(fresh: Path, place: Path) -> None:
    """Models first: as long as the project file is not in its place, there is no copy."""
    old, models = beside(fresh, ".old"), beside(place, ".models")
    if models.exists():
        models.replace(old)
    if beside(fresh, ".models").is_dir():
        beside(fresh, ".models").replace(models)
    try:
        fresh.replace(place)
    except OSError:
        if old.exists():
            shutil.rmtree(models, ignore_errors=True)
            old.replace(models)
        raise


def _reason(fault: OSError | sqlite3.Error) -> str:
    said = fault.strerror if isinstance(fault, OSError) else str(fault)
    return f"{said or fault}; make room or choose another place, nothing was left there"
