"""Files to drafts: one reader for each suffix, and one plain sentence for what is not read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from annotator.core.document import Draft
from annotator.core.errors import ReadError
from annotator.corpus.plain import read_md, read_txt

MAX_BYTES = 50 * 1024 * 1024

Reader = Callable[[bytes, str], list[Draft]]

READERS: dict[str, Reader] = {".md": read_md, ".txt": read_txt}


def read_file(path: Path, name: str | None = None) -> list[Draft]:
    """The articles of a file; ``name`` is what the drafts and messages call it."""
    name = name or path.name
    if path.is_dir():
        raise ReadError(f"{name}: {_folder_fault(path)}")
    reader = _reader(name)
    try:
        if not path.exists():
            raise ReadError(f"{name}: there is no such file; check the path")
        if not path.is_file():
            raise ReadError(f"{name}: this is no ordinary file; give a file with text")
        _refuse_large(path.stat().st_size, name)
        content = path.read_bytes()
    except OSError as fault:
        raise ReadError(f"{name}: cannot be opened ({fault.strerror}); check its rights") from fault
    return reader(content, name)


def read_bytes(content: bytes, name: str) -> list[Draft]:
    """The articles of an uploaded file."""
    reader = _reader(name)
    _refuse_large(len(content), name)
    return reader(content, name)


def walk(paths: Iterable[Path]) -> Iterator[tuple[Path, str, str | None]]:
    """Every file of the paths, in order: ``(path, name below the folder given, top folder)``.

    The top folder is the first folder below the one given, which is often the outlet. Nothing is
    passed over silently: files of unknown kinds, paths that lead nowhere, linked and empty folders
    come too, and ``read_file`` says what is wrong with them. Hidden ones (see ``is_hidden``) come
    once, unopened.
    """
    for path in paths:
        if not path.is_dir():
            yield path, path.name, None
            continue
        for found in _below(path):
            parts = found.relative_to(path).parts
            yield found, "/".join(parts) or path.name, parts[0] if len(parts) > 1 else None


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
        if child.is_dir() and not child.is_symlink() and not is_hidden(child.name):
            yield from _below(child)
        else:
            yield child


def _folder_fault(path: Path) -> str:
    if is_hidden(path.name):
        return "this is a hidden folder and was not opened"
    if path.is_symlink():
        return "this is a link to a folder and was not followed; name the folder itself"
    return "this is a folder that is empty or may not be opened; put articles into it"


def _reader(name: str) -> Reader:
    suffix = Path(name).suffix.lower()
    if suffix not in READERS:
        kind = f"{suffix} files" if suffix else "files without a suffix"
        raise ReadError(f"{name}: {kind} are not read; there are: {', '.join(sorted(READERS))}")
    return READERS[suffix]


def _refuse_large(size: int, name: str) -> None:
    if size > MAX_BYTES:
        raise ReadError(
            f"{name}: the file has {size / 2**20:.1f} MB and the limit is "
            f"{MAX_BYTES // 2**20} MB; split it into smaller files"
        )
