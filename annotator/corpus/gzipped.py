"""Files packed with gzip, read as the file inside, a piece at a time."""

from __future__ import annotations

import gzip
import zlib
from typing import BinaryIO, cast

from annotator.core.errors import ReadError
from annotator.corpus.file import File
from annotator.corpus.warc import WARC

SUFFIX = ".gz"
LARGEST = 10 * 2**30
"""Bytes of the largest file inside: a small one may be packed to unfold without end."""

PIECE = 2**20


def unpacked(file: File) -> File:
    """The file inside, under its name without ``.gz``; any other file, and a web archive, as it is.

    It is read through once, so that its size is known and damage is told before anything is used
    of it. Raises ``ReadError`` where it is damaged or too large.
    """
    if file.suffix != SUFFIX or WARC.fits(file):
        return file

    def opened() -> BinaryIO:
        return cast(BinaryIO, _Inside(file.open()))

    size = 0
    try:
        with opened() as inside:
            while piece := inside.read(PIECE):
                size += len(piece)
                if size > LARGEST:
                    raise ReadError(
                        f"{file.name}: unfolds to more than {LARGEST // 2**30} GB; split it"
                    )
    except (gzip.BadGzipFile, EOFError, zlib.error) as fault:
        raise ReadError(f"{file.name}: is damaged ({fault}); fetch or pack it again") from fault
    return File(file.name[: -len(SUFFIX)], size, opened)


class _Inside(gzip.GzipFile):
    """The bytes inside; closing them closes the packed ones too, which ``GzipFile`` leaves open."""

    def __init__(self, packed: BinaryIO) -> None:
        super().__init__(fileobj=packed)
        self._packed = packed

    def close(self) -> None:
        try:
            super().close()
        finally:
            self._packed.close()
