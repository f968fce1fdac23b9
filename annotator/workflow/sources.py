"""Where articles come from: paths, folders and uploads, archives opened, each file a source."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from annotator.core.errors import ReadError
from annotator.corpus import archives, folders, readers
from annotator.corpus.file import File


@dataclass(frozen=True, slots=True)
class Source:
    """One file before it is read: its name, its bytes, and the outlet its folder offers.

    ``file`` raises ``ReadError`` where there is nothing that can be read. ``folders`` are all
    that it lies in, as far as they are known.
    """

    name: str
    file: Callable[[], File]
    offered: str = ""
    folders: tuple[str, ...] = ()


def from_paths(paths: Iterable[Path]) -> list[Source]:
    """The files of these paths, folders walked in order, archives opened; nothing is left out."""
    found: list[Source] = []
    for path, name, folder in folders.walk(list(paths)):
        shown = _printable(name)
        inside = tuple(_printable(part) for part in path.absolute().parent.parts[1:])
        source = Source(
            shown, partial(readers.of_path, path, shown), _printable(folder or ""), inside
        )
        found += _opened(source)
    return found


def from_uploads(files: Iterable[tuple[str, bytes]]) -> list[Source]:
    """Uploaded files, archives opened; a name may carry the folder it lay in."""
    found: list[Source] = []
    for name, content in files:
        parts = _folders(name)
        offered = parts[1] if parts[1:] else ""
        found += _opened(Source(name, partial(File.of_bytes, content, name), offered, parts))
    return found


def _opened(source: Source) -> Iterator[Source]:
    """The members of an archive, else the file itself."""
    if folders.is_hidden(source.name):
        yield source
        return
    try:
        file = source.file()
        if not archives.is_archive(file):
            yield source
            return
        for member in archives.members(file):
            # The archive stands for its folder, wherever it lies itself.
            inside = _folders(f"{file.name.rpartition('/')[2]}/{_printable(member.name)}")
            offered = source.offered or (inside[1] if inside[1:] else "")
            yield Source(
                f"{source.name}/{_printable(member.name)}",
                partial(member.file, f"{source.name}/{_printable(member.name)}"),
                offered,
                (*source.folders, *inside),
            )
    except ReadError as fault:
        yield Source(source.name, partial(_refused, fault), source.offered, source.folders)


def _refused(fault: ReadError) -> File:
    raise fault


def _folders(name: str) -> tuple[str, ...]:
    """The folders of an uploaded file, beginning with the one that was chosen."""
    return tuple(name.replace("\\", "/").strip("/").split("/")[:-1])


def _printable(name: str) -> str:
    """A file name as one line of letters, whatever bytes the file system holds.

    >>> _printable("two\\nlines.txt")
    'two lines.txt'
    """
    return " ".join(name.encode("utf-8", "backslashreplace").decode().split())
