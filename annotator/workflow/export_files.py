"""Files that take their place only once they are complete."""

from __future__ import annotations

import io
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, TextIO

from annotator.core.errors import ExportError
from annotator.store import Store
from annotator.store.connection import is_project


def check_place(store: Store, place: Path) -> None:
    """Refuse, by ``ExportError``, a place where no file can be written or a project lies."""
    if not place.parent.is_dir():
        raise ExportError(f"{place} cannot be written: there is no folder {place.parent}; make it")
    if place.exists() and not place.is_file():
        raise ExportError(f"{place} is not a file; name the file to write, or - for stdout")
    if place.resolve() in store.own_files():
        raise ExportError(f"{place} belongs to the project itself; choose another name")
    if place.is_file() and is_project(place):
        raise ExportError(f"{place} is an annotator project; choose another name")


@contextmanager
def writing(store: Store, place: Path) -> Iterator[TextIO]:
    """The text of a file that takes this place once it is complete.

    Raises ``ExportError`` where no file can be written or a project lies.
    """
    check_place(store, place)
    try:
        with replacing(place) as file, as_text(file) as out:
            yield out
    except OSError as fault:
        reason = fault.strerror or fault
        raise ExportError(f"{place} cannot be written: {reason}; choose another place") from fault


@contextmanager
def replacing(place: Path) -> Iterator[BinaryIO]:
    """A file that takes this place when it is complete, and leaves no trace when it fails."""
    fresh = place.with_name(f".export.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        with fresh.open("xb", buffering=1 << 20) as file:
            yield file
        fresh.replace(place)
    finally:
        # A folder that takes no files has none to clear away either, and says so but once.
        with suppress(OSError):
            fresh.unlink()


@contextmanager
def as_text(binary: BinaryIO) -> Iterator[TextIO]:
    """UTF-8 text written into ``binary``, which stays open."""
    out = io.TextIOWrapper(binary, encoding="utf-8", newline="")
    try:
        yield out
    finally:
        # Without this the caller's own stream would be closed with the wrapper.
        out.detach()
