"""Zip archives as folders: each file in one is a file of its own, and harm stays outside."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

from annotator.core.errors import ReadError
from annotator.corpus.file import File
from annotator.corpus.guards import DAMAGE, checked, unpacked

OFFICE = ("[Content_Types].xml", "mimetype")
"""Members that tell an Office document from an archive of files."""
OFFICE_SUFFIXES = (".docx", ".docm", ".xlsx", ".xlsm", ".ods")

LARGEST_MEMBER = 500 * 2**20
"""Bytes of the largest member; a table may be large."""


class Opened:
    """An archive that stays open as long as one of its members is wanted."""

    def __init__(self, file: File) -> None:
        self._bytes = file.open()
        try:
            self.zip = zipfile.ZipFile(self._bytes)
        except DAMAGE as fault:
            raise ReadError(
                f"{file.name}: cannot be opened as a zip archive ({fault}); pack it again"
            ) from fault

    def __del__(self) -> None:
        self._bytes.close()


@dataclass(frozen=True, slots=True)
class Member:
    """One file in an archive."""

    archive: Opened
    info: zipfile.ZipInfo
    name: str

    def file(self, shown: str) -> File:
        """The member, unpacked in memory; raises ``ReadError`` for what would do harm."""
        content = unpacked(self.archive.zip, self.info, shown, LARGEST_MEMBER)
        file = File.of_bytes(content, shown)
        if is_archive(file):
            raise ReadError(f"{shown}: is an archive inside an archive; unpack it and give that")
        return file


def is_archive(file: File) -> bool:
    """Whether this is a zip archive of files, not an Office document, which is a zip too."""
    zipped = file.head.startswith((b"PK\x03\x04", b"PK\x05\x06"))
    if not file.members and file.suffix in OFFICE_SUFFIXES:
        return False  # an Office document that was cut off: its own reader says so
    return zipped and not file.members & frozenset(OFFICE)


def members(file: File) -> Iterator[Member]:
    """Every file in an archive, in the order of their names; ``ReadError`` where it is broken."""
    archive = Opened(file)
    sound = [info for info in checked(archive.zip, file.name) if not info.is_dir()]
    if not sound:
        raise ReadError(f"{file.name}: the archive is empty; put articles into it")
    for info in sorted(sound, key=lambda info: info.filename):
        yield Member(archive, info, info.filename)
