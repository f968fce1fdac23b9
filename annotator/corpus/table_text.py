"""Tables that are text: the encoding of the whole file, and its lines one at a time.

Nothing is replaced here as in an article: a cell that was mended would no longer match its unit.
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from typing import NamedTuple

from annotator.core.errors import ReadError
from annotator.corpus.cells import LARGEST_CELL
from annotator.corpus.decode import SAMPLE, guess_said, likeliest, refuse_other_formats
from annotator.corpus.file import File

LARGEST_ROW = 2 * LARGEST_CELL
"""Characters of the longest row."""

LARGEST_FILE = 1_000_000_000
"""Bytes of the largest file that is read."""

PIECE = 2**20
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
NOT_ASCII = re.compile(rb"[^\r\n]*[\x80-\xff][^\r\n]*")
HALF_A_CHARACTER = re.compile(rb"\xed[\xa0-\xbf][\x80-\xbf]")


class Encoding(NamedTuple):
    """How a file is decoded, and what there is to say of it."""

    name: str
    warnings: tuple[str, ...] = ()


class Lines:
    """The lines of a table with their ends; never more at once than one row may have.

    Whoever reads rows from them sets ``row`` to 0 before each.
    """

    def __init__(self, file: File, encoding: str) -> None:
        self.file = file
        self.encoding = encoding
        self.row = 0

    def __iter__(self) -> Iterator[str]:
        number = 0
        with io.TextIOWrapper(self.file.open(), encoding=self.encoding, newline="") as text:
            while line := text.readline(LARGEST_ROW + 1):
                number += 1
                self.row += len(line)
                if self.row > LARGEST_ROW:
                    raise ReadError(
                        f"{self.file.name}: line {number}: a row has more than {LARGEST_ROW:,} "
                        "characters; look for line ends that are missing, or split the text"
                    )
                yield line


def encoding_of(file: File) -> Encoding:
    """The encoding in which the whole file can be read: marked, UTF-8, UTF-16, or guessed.

    Raises ``ReadError`` for what is no text, with the line of the first byte that is none.
    """
    refuse_other_formats(file.head, file.name)
    if file.size > LARGEST_FILE:
        raise ReadError(f"{file.name}: is larger than {LARGEST_FILE:,} bytes; split it")
    for mark, encoding in BYTE_ORDER_MARKS:
        if file.head.startswith(mark):
            if broken := _first_broken(file, encoding):
                raise _not_decoded(file.name, broken, encoding.removesuffix("-sig"))
            return Encoding(encoding)
    if encoding := _unmarked_utf16(file):
        return Encoding(encoding, ("the encoding is not marked; it was read as UTF-16",))
    broken = _first_broken(file, "utf-8")
    return _guessed(file, broken) if broken else Encoding("utf-8")


def _first_broken(file: File, encoding: str) -> int:
    """The first line that does not decode, or 0; raises ``ReadError`` for a NUL."""
    decoder = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder(encoding)(), translate=True)
    line = 1
    with file.open() as content:
        while True:
            piece = content.read(PIECE)
            try:
                text = decoder.decode(piece, final=not piece)
            except UnicodeDecodeError as fault:
                before = fault.object[: fault.start].decode(encoding, "replace")
                return line + before.replace("\r\n", "\n").replace("\r", "\n").count("\n")
            if "\0" in text:
                line += text.count("\n", 0, text.index("\0"))
                raise ReadError(
                    f"{file.name}: line {line}: holds a NUL; save the table again as text"
                )
            if not piece:
                return 0
            line += text.count("\n")


def _unmarked_utf16(file: File) -> str:
    """UTF-16 without a mark shows by its line ends and spaces: one byte order alone has any."""
    if b"\0" not in file.head:
        return ""
    for encoding in ("utf-16-le", "utf-16-be"):
        text = file.head.decode(encoding, "replace")
        told = sum(map(text.count, " ,;\t\n"))
        if "\0" not in text and told > 0.04 * len(text) and not _first_broken(file, encoding):
            return encoding
    return ""


def _guessed(file: File, broken: int) -> Encoding:
    """The likeliest encoding of a file that is not UTF-8; mixed ones are refused by their line."""
    sample = _sample(file)
    told = sample.decode("utf-8", "replace")
    if HALF_A_CHARACTER.search(sample):
        raise ReadError(
            f"{file.name}: line {broken}: holds half a character (a lone surrogate); "
            "write the file again as UTF-8"
        )
    if sum(letter > "\x7f" for letter in told) >= 5 * told.count("\ufffd"):
        raise _not_decoded(file.name, broken, "utf-8")
    for encoding in likeliest(sample):
        if not _first_broken(file, encoding):
            return Encoding(encoding, (guess_said(encoding),))
    raise _not_decoded(file.name, broken, "utf-8")


def _sample(file: File) -> bytes:
    """Lines with letters beyond ASCII, by which encodings are told apart."""
    found: list[bytes] = []
    size = 0
    with file.open() as content:
        while size < SAMPLE and (piece := content.read(PIECE)):
            for match in NOT_ASCII.finditer(piece):
                found.append(match[0])
                size += len(match[0])
    return b"\n".join(found)[:SAMPLE]


def _not_decoded(name: str, line: int, encoding: str) -> ReadError:
    return ReadError(f"{name}: line {line}: is not {encoding.upper()}; save the table as UTF-8")
