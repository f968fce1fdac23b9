"""One file before it is read: its name, its first bytes, and its bytes when they are wanted."""

from __future__ import annotations

import hashlib
import io
import struct
import zipfile
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

from annotator.core.errors import ReadError

MAX_BYTES = 50 * 1024 * 1024
"""Bytes of the largest file that is read whole: one article, or one export of an archive."""

HEAD = 65_536
"""Bytes of a file's beginning, by which its format is told."""


class File:
    """One file, on the disk, uploaded, or inside an archive; ``name`` is what messages call it."""

    def __init__(self, name: str, size: int, opened: Callable[[], BinaryIO]) -> None:
        self.name = name
        self.size = size
        self._opened = opened

    @classmethod
    def of_path(cls, path: Path, name: str = "") -> File:
        """A file on the disk; raises ``ReadError`` where there is none that can be read."""
        name = name or path.name
        try:
            if not path.exists():
                raise ReadError(f"{name}: there is no such file; check the path")
            if not path.is_file():
                raise ReadError(f"{name}: this is no ordinary file; give a file with text")
            return cls(name, path.stat().st_size, lambda: path.open("rb"))
        except OSError as fault:
            raise _cannot_be_opened(name, fault) from fault

    @classmethod
    def of_bytes(cls, content: bytes, name: str) -> File:
        """A file that is in memory already."""
        return cls(name, len(content), lambda: io.BytesIO(content))

    @property
    def suffix(self) -> str:
        """The end of the name, in lower case and with its dot."""
        return Path(self.name).suffix.lower()

    @cached_property
    def head(self) -> bytes:
        """The first bytes, by which a format is told."""
        with self.open() as file:
            return file.read(HEAD)

    @cached_property
    def head_text(self) -> str:
        """The first bytes as text, whatever does not decode replaced; for detection alone."""
        encoding = "utf-16" if self.head[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
        return self.head.decode(encoding, "replace")

    @cached_property
    def members(self) -> frozenset[str]:
        """The names inside a zip archive or an Office document; none where it is neither."""
        if not self.head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
            return frozenset()
        try:
            with self.open() as file, zipfile.ZipFile(file) as archive:
                return frozenset(archive.namelist())
        except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error, OSError):
            return frozenset()

    @cached_property
    def sha256(self) -> str:
        """The SHA-256 of the original bytes, in hexadecimal."""
        with self.open() as file:
            digest = hashlib.sha256()
            while piece := file.read(2**20):
                digest.update(piece)
        return digest.hexdigest()

    def open(self) -> BinaryIO:
        """The bytes from their beginning; seekable. The caller closes it."""
        try:
            return self._opened()
        except OSError as fault:
            raise _cannot_be_opened(self.name, fault) from fault

    def content(self, most: int = MAX_BYTES) -> bytes:
        """All bytes; raises ``ReadError`` where there are more than ``most``."""
        if self.size > most:
            raise ReadError(
                f"{self.name}: the file has {self.size / 2**20:.1f} MB and the limit is "
                f"{most // 2**20} MB; split it into smaller files"
            )
        with self.open() as file:
            return file.read()


def _cannot_be_opened(name: str, fault: OSError) -> ReadError:
    return ReadError(f"{name}: cannot be opened ({fault.strerror}); check its rights")
