"""Folders: every file in them, in order, with nothing passed over silently."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path


def walk(paths: Iterable[Path]) -> Iterator[tuple[Path, str, str | None]]:
    """Every file of the paths, in order: ``(path, name below the folder given, top folder)``.

    The top folder is the first folder below the one given, which is often the outlet. Nothing is
    passed over silently: files of unknown kinds, paths that lead nowhere, linked and empty folders
    come too, and ``folder_fault`` and the readers say what is wrong with them. Hidden ones (see
    ``is_hidden``) come once, unopened.
    """
    for path in paths:
        if not is_folder(path):
            yield path, path.name, None
            continue
        for found in _below(path):
            parts = found.relative_to(path).parts
            yield found, "/".join(parts) or path.name, parts[0] if len(parts) > 1 else None


def is_folder(path: Path) -> bool:
    """Whether this is a folder; what may not even be asked is none, and its reader says why."""
    try:
        return path.is_dir()
    except OSError:
        return False


def is_hidden(name: str) -> bool:
    """Whether a name that ``walk`` gave is one that a person did not mean to import.

    >>> is_hidden("korva/.DS_Store"), is_hidden("korva/bridge.txt")
    (True, False)
    """
    return name.rpartition("/")[2].startswith(".")


def _below(folder: Path) -> Iterator[Path]:
    try:
        children = sorted(folder.iterdir())
    except PermissionError:
        children = []
    if not children:
        yield folder
    for child in children:
        if is_folder(child) and not child.is_symlink() and not is_hidden(child.name):
            yield from _below(child)
        else:
            yield child


def folder_fault(path: Path) -> str:
    """What to say of a folder that stands where a file should."""
    if is_hidden(path.name):
        return "this is a hidden folder and was not opened"
    if path.is_symlink():
        return "this is a link to a folder and was not followed; name the folder itself"
    return "this is a folder that is empty or may not be opened; put articles into it"
