"""PDF: lines as they are drawn, put together to paragraphs again.

A PDF knows no paragraphs, only lines at places on pages. Lines that repeat at the edges of pages
are left out, and a paragraph ends where there is a gap, an indent or a short last line. The order
is the one in which the file draws its text, which in news layouts is column by column.
"""

from __future__ import annotations

import io
import logging
import math
import re
import time
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, pairwise, takewhile
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

from annotator.core.errors import ReadError
from annotator.corpus.article import Article
from annotator.corpus.file import File
from annotator.corpus.format import Format
from annotator.corpus.layout import BULLET, FINAL_MARK
from annotator.corpus.office import believed_author, believed_title

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

MAGIC_WITHIN = 1024
"""Bytes within which the mark of a PDF must stand; some servers put something before it."""

MAGIC = re.compile(rb"(?:\A|[\r\n])[\s\xef\xbb\xbf]*%PDF-\d")

MOST_PAGES = 1_000
MOST_SECONDS = 30.0

MOST_FONT_BYTES = 3_000_000
"""Bytes of the tables that say which letters the fonts of one page draw; more takes minutes."""

MOST_ODD = 0.3
"""The share of characters without a meaning above which the fonts are not decoded."""

EDGE_LINES = 3
"""Lines at either end of a page among which running heads and feet are looked for."""

RUNNING_SHARE = 0.4
"""The share of pages on which a running head repeats; it may alternate between left and right."""

LIMITS: Mapping[str, Any] = {
    "zlib_maximum_output_length": 10_000_000,
    "lzw_maximum_output_length": 10_000_000,
    "run_length_maximum_output_length": 10_000_000,
    "array_based_stream_maximum_output_length": 10_000_000,
    "stream_decoding_work_maximum_length": 30_000_000,
    "stream_parsing_work_maximum_count": 500_000,
    "xform_maximum_invocations_per_extraction": 500,
    "disable_legacy_handling": True,
}
"""Of pypdf, per page or stream; a page of news stays far below."""

FAULTS = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, AssertionError)
"""What pypdf raises beside its own errors where a file is damaged."""

LIGATURES = re.compile("[\ufb00-\ufb17\ufb50-\ufdc7\ufe70-\ufefc]")
# Fonts keep these two in their private area, and Chromium writes them so.
PRIVATE_LIGATURES = {0xF001: "fi", 0xF002: "fl"}
CONTROLS = dict.fromkeys((*range(0x0A), *range(0x0B, 0x20), *range(0x7F, 0xA0)), " ")
ODD = re.compile("[\ufffd\ue000-\uf8ff\x00-\x08\x0e-\x1f]|\\(cid:\\d+\\)")
PARTED_WORD = re.compile(r"([^\W\d_]+)([-\u2010\u00ad])\Z")
FIRST_WORD = re.compile(r"[^\W\d_]+")
WORD = re.compile(r"[^\W\d_]+(?=.)", re.DOTALL)
NUMBER = re.compile(r"\d+")


class Place(NamedTuple):
    """Where text begins on its page, and the size of its letters, in points; y grows upwards."""

    x: float
    y: float
    size: float


class Line(NamedTuple):
    """A line of a page, its left end and its baseline in points, and the size of its letters."""

    page: int
    x: float
    y: float
    size: float
    text: str


def is_pdf(file: File) -> bool:
    """Whether the mark of a PDF stands at the beginning, whatever the file is called."""
    return MAGIC.search(file.head[:MAGIC_WITHIN]) is not None


def read_pdf(file: File) -> Iterator[Article]:
    """One article. Its title is the file's, else a first line that stands alone like a headline."""
    from pypdf import apply_configuration

    # What pypdf logs of each oddity would end on the user's terminal.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    with apply_configuration(**LIMITS):
        reader, n_pages = _opened(file)
        lines, warnings = _lines(reader, n_pages, file.name)
        properties = _properties(reader)
    lines, more = _without_running_lines(lines, n_pages)
    text, parted = _text(lines)
    title = believed_title(properties.get("title", ""), file.name)
    author = believed_author(properties.get("author", ""))
    yield Article(
        text=text,
        title=title,
        author=author,
        meta={k: v for k, v in properties.items() if k not in ("title", "author")},
        found={k: f"PDF {k}" for k, v in (("title", title), ("author", author)) if v},
        warnings=(*warnings, *more, *parted),
        may_open_with_headline=True,
    )


def _opened(file: File) -> tuple[PdfReader, int]:
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, FileNotDecryptedError, PyPdfError

    try:
        reader = PdfReader(io.BytesIO(file.content()))
        n_pages = len(reader.pages)
    except (DependencyError, FileNotDecryptedError, NotImplementedError) as fault:
        raise ReadError(
            f"{file.name}: the PDF is encrypted; open it with its password and print it to a new "
            "PDF, or save its text"
        ) from fault
    except (PyPdfError, *FAULTS) as fault:
        raise ReadError(
            f"{file.name}: the PDF is damaged or cut off; fetch it again, or open it and print it "
            "to a new PDF"
        ) from fault
    if not n_pages:
        raise ReadError(f"{file.name}: the PDF has no pages; it may be cut off: fetch it again")
    if n_pages > MOST_PAGES:
        raise ReadError(
            f"{file.name}: the PDF has {n_pages:,} pages and the limit is {MOST_PAGES:,}; split it"
        )
    return reader, n_pages


def _lines(reader: PdfReader, n_pages: int, name: str) -> tuple[list[Line], list[str]]:
    """The lines of all pages, and what is said of pages that gave none."""
    from pypdf.errors import DependencyError, PyPdfError

    until = time.monotonic() + MOST_SECONDS
    lines: list[Line] = []
    damaged, empty = [], []
    for number in range(1, n_pages + 1):
        try:
            page = _page_lines(reader.pages[number - 1], number, name, until)
        except (PyPdfError, DependencyError, NotImplementedError, *FAULTS):
            damaged.append(number)
            continue
        lines += page
        if not any(c.isalnum() for line in page for c in line.text):
            empty.append(number)
    _refuse_without_text(lines, damaged, n_pages, name)
    said = []
    if damaged:
        said.append(f"{_pages(damaged)} could not be read: damaged, or far too much is drawn there")
    if empty:
        said.append(f"{_pages(empty)} without text: where that is a scan, run text recognition")
    return lines, said


def _page_lines(page: PageObject, number: int, name: str, until: float) -> list[Line]:
    pieces: list[tuple[str, Any, Any, float]] = []

    def watch(*_: Any) -> None:
        if time.monotonic() > until:
            raise ReadError(
                f"{name}: page {number} was not reached within {MOST_SECONDS:.0f} seconds; split "
                "the PDF, or save its text"
            )

    def take(text: str, outer: Any, inner: Any, _font: Any, size: float) -> None:
        pieces.append((text, outer, inner, size))

    watch()
    _refuse_heavy_fonts(page)
    page.extract_text(visitor_operand_before=watch, visitor_text=take)
    watch()
    return list(_put_together(pieces, number))


def _refuse_heavy_fonts(page: PageObject) -> None:
    """pypdf reads the tables of all fonts before it looks at the clock once."""
    resources: Any = page.get("/Resources", {})
    fonts: Any = resources.get_object().get("/Font", {}) if resources else {}
    n_bytes = 0
    for font in fonts.get_object().values() if fonts else ():
        table = font.get_object().get("/ToUnicode")
        stream: Any = table.get_object() if table is not None else None
        n_bytes += len(stream.get_data()) if hasattr(stream, "get_data") else 0
        if n_bytes > MOST_FONT_BYTES:
            raise ValueError("the tables of the fonts are too large")


def _put_together(pieces: Sequence[tuple[str, Any, Any, float]], page: int) -> Iterator[Line]:
    """Lines of the pieces in which text is drawn; a change of font begins a piece."""
    text, place = "", Place(0.0, 0.0, 0.0)
    for piece, outer, inner, size in pieces:
        first, *others = piece.split("\n")
        for n, part in enumerate((first, *others)):
            if n and text.strip():
                yield Line(page, place.x, place.y, place.size, _plain(text))
            if n:
                text = ""
            if part.strip() and not text.strip():
                place = _placed(outer, inner, size)
            text += part
    if text.strip():
        yield Line(page, place.x, place.y, place.size, _plain(text))


def _placed(outer: Sequence[float], inner: Sequence[float], size: float) -> Place:
    """Where a piece of text begins, and how high its letters are, along its own direction.

    Text that is drawn upwards on a page that lies on its side is measured as if it stood upright.
    """
    a, b = (inner[0] * outer[n] + inner[1] * outer[n + 2] for n in (0, 1))
    x, y = (inner[4] * outer[n] + inner[5] * outer[n + 2] + outer[n + 4] for n in (0, 1))
    scale = math.hypot(a, b)
    if not math.isfinite(scale) or not scale or not math.isfinite(x + y):
        return Place(0.0, 0.0, abs(size))
    return Place((x * a + y * b) / scale, (y * a - x * b) / scale, abs(size) * scale)


def _plain(text: str) -> str:
    text = LIGATURES.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)
    return " ".join(text.translate(PRIVATE_LIGATURES).translate(CONTROLS).split())


def _refuse_without_text(lines: list[Line], damaged: list[int], n_pages: int, name: str) -> None:
    pages = "1 page" if n_pages == 1 else f"{n_pages:,} pages"
    if len(damaged) == n_pages:
        raise ReadError(
            f"{name}: no page of the PDF can be read: it is damaged, or far too much is drawn on a "
            "page; fetch it again, or save its text"
        )
    n_odd = sum(len(ODD.findall(line.text)) for line in lines)
    if n_odd > MOST_ODD * sum(len(line.text) for line in lines):
        raise ReadError(
            f"{name}: the fonts of the PDF do not say which letters they draw; run text "
            "recognition (OCR) on it first"
        )
    if not any(c.isalpha() for line in lines for c in line.text):
        raise ReadError(
            f"{name}: the PDF has {pages} and no text: it is a scan; run text recognition (OCR) "
            "on it first"
        )


def _pages(numbers: Sequence[int]) -> str:
    shown = ", ".join(str(number) for number in numbers[:10])
    more = f" and {len(numbers) - 10} more" if len(numbers) > 10 else ""
    return f"page{'s' if len(numbers) > 1 else ''} {shown}{more}"


def _properties(reader: PdfReader) -> dict[str, str]:
    """Title, author, subject, keywords and day of making, as far as they can be read."""
    from pypdf.errors import PyPdfError

    found: dict[str, str] = {}
    try:
        written: Mapping[str, Any] = reader.metadata or {}
        for key in ("title", "author", "subject", "keywords"):
            found[key] = " ".join(str(written.get(f"/{key.title()}") or "").split())
        if reader.metadata and reader.metadata.creation_date:
            found["created"] = reader.metadata.creation_date.isoformat()
    except (PyPdfError, *FAULTS):
        pass  # a date nobody can read; what stands before it is kept
    return {key: value for key, value in found.items() if value}


def _without_running_lines(lines: list[Line], n_pages: int) -> tuple[list[Line], list[str]]:
    """The lines without running heads, running feet and page numbers, and what is said of them."""
    by_page: dict[int, list[Line]] = defaultdict(list)
    for line in sorted(lines, key=lambda line: -line.y):
        by_page[line.page].append(line)
    edges = [
        edge
        for down in by_page.values()
        for edge in (down[:EDGE_LINES], down[: -EDGE_LINES - 1 : -1])
    ]
    on: dict[tuple[str, int], set[int]] = defaultdict(set)
    for line in chain.from_iterable(edges):
        on[_form(line)].add(line.page)
    least = max(2.0, RUNNING_SHARE * n_pages)
    running: dict[Line, None] = {}
    for edge in edges:
        running |= dict.fromkeys(takewhile(lambda line: len(on[_form(line)]) >= least, edge))
    kept = [line for line in lines if line not in running]
    if not kept or not running:
        return lines, []
    shown = {NUMBER.sub("#", line.text): line.text for line in reversed(running)}
    told = ", ".join(repr(text[:60]) for text in list(shown.values())[:3])
    return kept, [f"lines that repeat at the edges of pages were left out, such as {told}"]


def _form(line: Line) -> tuple[str, int]:
    """What is the same of a running line on every page: its text but for numbers, its height."""
    return NUMBER.sub("#", line.text.casefold()), round(line.y)


class _Shape(NamedTuple):
    """How the lines of one size lie: points between baselines, and characters of a full line."""

    leading: float
    width: float


def _text(lines: Sequence[Line]) -> tuple[str, list[str]]:
    """Paragraphs of lines, parted by blank lines, and what is said of words parted at line ends."""
    if not lines:
        return "", []
    shapes = _shapes(lines)
    has_indents = any(_is_indented(before, line) for before, line in pairwise(lines))
    known = {word.casefold() for line in lines for word in WORD.findall(line.text)}
    paragraphs, parted = [lines[0].text], 0
    for before, line in pairwise(lines):
        if _begins_paragraph(before, line, shapes[_size(before)], has_indents=has_indents):
            paragraphs.append(line.text)
            continue
        paragraphs[-1], kept = _joined(paragraphs[-1], line.text, known)
        parted += kept
    words = "1 word" if parted == 1 else f"{parted} words"
    said = [f"{words} parted at a line's end kept the hyphen"] if parted else []
    return "\n\n".join(paragraphs), said


def _shapes(lines: Sequence[Line]) -> dict[int, _Shape]:
    gaps: dict[int, list[float]] = defaultdict(list)
    widths: dict[int, list[int]] = defaultdict(list)
    for line in lines:
        widths[_size(line)].append(len(line.text))
    for before, line in pairwise(lines):
        if _size(before) == _size(line) and _is_below(before, line):
            gaps[_size(line)].append(before.y - line.y)
    return {
        size: _Shape(
            leading=median(gaps[size]) if gaps[size] else 1.2 * size,
            width=sorted(of_size)[int(0.9 * (len(of_size) - 1))],
        )
        for size, of_size in widths.items()
    }


def _size(line: Line) -> int:
    return round(line.size)


def _is_below(before: Line, line: Line) -> bool:
    return before.page == line.page and -0.5 * line.size < before.y - line.y < 3 * line.size


def _is_indented(before: Line, line: Line) -> bool:
    return _is_below(before, line) and 0.5 * line.size < line.x - before.x < 5 * line.size


def _begins_paragraph(before: Line, line: Line, shape: _Shape, *, has_indents: bool) -> bool:
    if max(before.size, line.size) > 1.12 * min(before.size, line.size):
        return True
    if re.match(BULLET, line.text):
        return True
    stops = bool(FINAL_MARK.search(before.text))
    first = line.text.split(" ", 1)[0]
    would_fit = len(before.text) + 1 + len(first) < 0.85 * shape.width
    if line.page == before.page and before.y - line.y >= 3 * line.size:
        return stops or not line.text[0].islower()  # a picture may part a sentence
    if not _is_below(before, line):  # the next column, or the next page
        return stops and (would_fit or not has_indents)
    if before.y - line.y > 1.35 * shape.leading:
        return True
    return stops and (would_fit or _is_indented(before, line))


def _joined(text: str, line: str, known: set[str]) -> tuple[str, bool]:
    """A paragraph and its next line, and whether a word between them kept a hyphen.

    A word that was parted is put together where the text has it in one piece elsewhere.
    """
    end, start = PARTED_WORD.search(text), FIRST_WORD.match(line)
    if not end or not start:
        return text + ("" if _are_unspaced(text[-1:], line[:1]) else " ") + line, False
    whole = (end[1] + start[0]).casefold()
    if end[2] == "\u00ad" or (start[0].islower() and whole in known):
        return text[:-1] + line, False
    return text + line, start[0].islower()


def _are_unspaced(last: str, first: str) -> bool:
    """Whether two characters are of a script that puts no space between words."""
    return all(
        unicodedata.east_asian_width(c) in "WF" and not "\uac00" <= c <= "\ud7a3"
        for c in (last, first)
        if c
    )


PDF = Format(name="pdf", title="PDF", suffixes=(".pdf",), fits=is_pdf, articles=read_pdf)
