"""Paragraphs and lines: where an article's blocks lie, and hard-wrapped lines put right."""

from __future__ import annotations

import re
from collections.abc import Sequence

Span = tuple[int, int]

BLANK_LINE = re.compile(r"\n\s*\n")
BULLET = r"(?:[-*•·⁃–—]|\(?\d{1,3}[.)]|\(?[A-Za-z]\))[^\S\n]+(?=\S)"
# A mark that ends a sentence, and the quotation marks and brackets that may close after it.
FINAL_MARK = re.compile(r"[.!?…։:;؟۔。！？।][\"'”’»›)\]」』]*\s*\Z")

WRAP_WIDTHS = range(50, 91)
HYPHEN_END = re.compile(r"(?<=[^\W\d_]-)[^\S\n]*\n[^\S\n]*(?=[^\W\d_])")
SOFT_END = re.compile(rf"(?<=\S)[^\S\n]*\n[^\S\n]*(?=\S)(?!{BULLET})")


def paragraphs(text: str, start: int = 0) -> list[Span]:
    """The paragraphs of ``text[start:]``, without the white space around them.

    Blank lines part them; where there is none and most lines end a sentence, every line is one.

    >>> paragraphs("One.\\n\\n  Two\\ngoes on. ")
    [(0, 4), (8, 20)]
    >>> paragraphs("One line.\\nAnother line.")
    [(0, 9), (10, 23)]
    """
    if text.find("\n", start) < 0:
        alone = stripped(text, start, len(text))
        return [alone] if alone[0] < alone[1] else []
    body = text[start:]
    separator = re.compile(r"\n") if _one_per_line(body.strip()) else BLANK_LINE
    edges = [0]
    for match in separator.finditer(body):
        edges += [match.start(), match.end()]
    edges.append(len(body))
    blocks = (
        stripped(text, start + a, start + b) for a, b in zip(edges[::2], edges[1::2], strict=True)
    )
    return [(a, b) for a, b in blocks if a < b]


def stripped(text: str, start: int, end: int) -> Span:
    """``[start, end)`` without white space at either end; empty where there is nothing else."""
    part = text[start:end]
    bare = part.lstrip()
    start += len(part) - len(bare)
    return start, start + len(bare.rstrip())


def unwrapped(text: str) -> tuple[str, int]:
    """The text with hard-wrapped lines joined again, and the width they had; 0 if they were not.

    A bullet keeps its line. A word that was parted at its hyphen keeps the hyphen.
    """
    inner = [
        line.strip()
        for block in BLANK_LINE.split(text.strip())
        for line in block.strip().split("\n")[:-1]
    ]
    if not _are_wrapped(inner):
        return text, 0
    joined = SOFT_END.sub(" ", HYPHEN_END.sub("", text))
    return joined, max(len(line) for line in inner if len(line) in WRAP_WIDTHS)


def _one_per_line(body: str) -> bool:
    if BLANK_LINE.search(body):
        return False
    lines = body.split("\n")
    return len(lines) > 1 and _most(lines, sum(1 for line in lines if FINAL_MARK.search(line)))


def _are_wrapped(inner: Sequence[str]) -> bool:
    """Whether lines that are not the last of their paragraph were broken by a machine.

    One sentence on each line looks the same by width, but there most lines end a sentence.
    """
    wide = sum(1 for line in inner if len(line) in WRAP_WIDTHS)
    final = sum(1 for line in inner if FINAL_MARK.search(line))
    return len(inner) >= 2 and _most(inner, wide) and not _most(inner, final)


def _most(lines: Sequence[str], n: int) -> bool:
    return 2 * n > len(lines)
