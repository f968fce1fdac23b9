"""Bytes to text: what is no text is refused, and a guessed encoding is named."""

from __future__ import annotations

import codecs
import re
from itertools import chain

from annotator.core.errors import ReadError

# Longest first: the mark of UTF-32 begins with that of UTF-16.
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
OTHER_FORMATS = (
    (b"PK\x03\x04", "a zip archive or an Office document", "unpack it, or save it anew"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document", "save it as .docx or .xlsx"),
    (b"\x89PNG", "a PNG image", "give the article's text"),
    (b"\xff\xd8\xff", "a JPEG image", "give the article's text"),
    (b"GIF8", "a GIF image", "give the article's text"),
    (b"\x1f\x8b", "a gzip archive", "unpack it"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", "unpack it"),
    (b"SQLite format 3\0", "a database", "give the articles' text"),
)
# In order of preference where two fit equally well.
GUESSED = [
    *("cp1252", "cp1250", "cp1251", "cp1254", "cp1256", "cp1253", "cp1255", "cp1257"),
    *("koi8_r", "koi8_u", "cp866", "iso8859_5", "iso8859_6", "iso8859_9"),
    *("gb18030", "big5", "shift_jis", "euc_jp", "euc_kr"),
]
SAMPLE = 200_000
CONTROLS = bytes([*range(0x09), *range(0x0E, 0x1B), *range(0x1C, 0x20)])
SURROGATE = re.compile("[\ud800-\udfff]")


def decoded(content: bytes, name: str) -> tuple[str, list[str]]:
    """The text of a file with ``\\n`` as its line ends, and what was done to get it.

    >>> decoded(b"One.\\r\\nTwo.", "a.txt")
    ('One.\\nTwo.', [])
    """
    refuse_other_formats(content, name)
    text, warnings = _marked(content, name) or _unmarked(content, name)
    text, more = cleaned(text)
    if not text.strip():
        raise ReadError(f"{name}: the file is empty; give it some text or leave it out")
    return text, warnings + more


def cleaned(text: str) -> tuple[str, list[str]]:
    """The text as it may be stored: no byte order mark, NUL, lone surrogate or carriage return."""
    if text.isascii() and "\r" not in text and "\0" not in text:
        return text, []
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    text, surrogates = SURROGATE.subn("\ufffd", text)
    nuls = text.count("\0")
    if not (broken := surrogates + nuls):
        return text, []
    characters = "1 character" if broken == 1 else f"{broken} characters"
    return text.replace("\0", "\ufffd"), [f"{characters} that cannot be stored became U+FFFD"]


def refuse_other_formats(content: bytes, name: str) -> None:
    """Say what a file is that begins like something other than text."""
    for magic, what, remedy in OTHER_FORMATS:
        if content.startswith(magic):
            raise ReadError(f"{name}: this is {what}, not plain text; {remedy}")


def _marked(content: bytes, name: str) -> tuple[str, list[str]] | None:
    for mark, encoding in BYTE_ORDER_MARKS:
        if content.startswith(mark):
            try:
                return content[len(mark) :].decode(encoding, "surrogatepass"), []
            except UnicodeDecodeError as fault:
                place = len(mark) + fault.start
                raise ReadError(
                    f"{name}: is marked as {encoding} but byte {place} is not; save it as UTF-8"
                ) from fault
    return None


def _unmarked(content: bytes, name: str) -> tuple[str, list[str]]:
    if text := _utf16(content):
        return text, ["the encoding is not marked; it was read as UTF-16"]
    controls = len(content) - len(content.translate(None, CONTROLS))
    if controls > 8 and controls > 0.03 * len(content):
        raise ReadError(f"{name}: this is binary, not plain text; save the article as UTF-8 text")
    try:
        # Half a character alone is no reason to guess at an encoding: it is named and replaced.
        return content.decode("utf-8", "surrogatepass"), []
    except UnicodeDecodeError:
        return _mostly_utf8(content) or _guessed(content, name)


def _utf16(content: bytes) -> str | None:
    """UTF-16 without a mark shows by its spaces: only in the right byte order are there any."""
    if b"\0" not in content or len(content) % 2:
        return None
    for encoding in ("utf-16-le", "utf-16-be"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        odd = sum(1 for c in text if not (c.isprintable() or c.isspace()))
        if text.count(" ") + text.count("\n") >= 0.04 * len(text) and odd <= 0.02 * len(text):
            return text
    return None


def _mostly_utf8(content: bytes) -> tuple[str, list[str]] | None:
    """UTF-8 with a few broken bytes, as when a file was cut off; else nothing."""
    text = content.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    if sum(1 for c in text if c > "\x7f") < 5 * broken:
        return None
    return text, [f"{broken} broken bytes in the UTF-8 became U+FFFD"]


def _guessed(content: bytes, name: str) -> tuple[str, list[str]]:
    for encoding in likeliest(content[:SAMPLE]):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return text, [guess_said(encoding)]
    raise ReadError(f"{name}: the encoding cannot be told; save the file as UTF-8")


def likeliest(sample: bytes) -> list[str]:
    """The encodings in which the sample reads best, all of them equally, the usual ones first."""
    from charset_normalizer import from_bytes  # takes a moment, and few files need it

    found = list(from_bytes(sample, cp_isolation=GUESSED))
    best = [(one.chaos, one.coherence) for one in found[:1]]
    # Those that read the sample alike are told under one of their names.
    alike = [one.could_be_from_charset for one in found if [(one.chaos, one.coherence)] == best]
    return [encoding for encoding in GUESSED if encoding in set(chain(*alike))]


def guess_said(encoding: str) -> str:
    """What to say of a guessed encoding."""
    return f"the encoding is not marked; {encoding} was guessed: check the letters"
