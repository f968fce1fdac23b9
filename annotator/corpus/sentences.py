"""Where sentences end: sentencex on quote-masked text, with a layer of our own rules.

sentencex does not split inside quotation marks, and wire copy is half quotation. So the marks are
blanked, one for one, before it looks; the rules work on offsets and never change the text.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import Any

import sentencex

from annotator.corpus.layout import BULLET, FINAL_MARK, Span, stripped

SEGMENTER = f"sentencex {version('sentencex')}/layer 1"

MASKED = re.compile('["“”„‟«»‹›]')  # apostrophes are left alone: they are letters of words
CLOSING = '"”“»›’)]'
OPENING = "\"“”„«»‹›'‘’([—–- \t\n"
CJK_END = "。！？”」』）"
EXTRA_CUT = re.compile(r"[。！？]+[”」』）\"]*(?=\S)|(?<=[.!?])\)(?=\s)|…[”»\"]?(?=\s)")
QUOTED_ON = ("と", "って")  # 「…。」と: the sentence goes on with who said it
ENUMERATOR = re.compile(r"[(\[]?(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,4})[.)\]]{1,2}|[-*•·⁃–—]")
INITIAL = re.compile(r"(?:^|[\s.\-])([^\W\d_])\.$")
LAST_WORD = re.compile(r"([\w.]*\w)\.$")
ORDINAL = re.compile(r"(?:^|\s)\d{1,2}\.$")
NEXT_WORD = re.compile(r"\w+")
BULLET_LINE = re.compile(rf"\n(?=[^\S\n]*{BULLET})")
SUBHEADING_MAX = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Abbreviations:
    """The words of one language whose stop does not end a sentence; see abbreviations.toml."""

    inside: frozenset[str] = frozenset()
    measure: frozenset[str] = frozenset()
    ordinals: bool = False
    before: dict[str, frozenset[str]] = field(default_factory=dict)


def sentences(text: str, start: int, end: int, language: str) -> Iterator[Span]:
    """The sentences of ``text[start:end]``, a paragraph or a part of one.

    >>> text = '"It is over. We go home," he said.'
    >>> [text[a:b] for a, b in sentences(text, 0, len(text), "en")]
    ['"It is over.', 'We go home," he said.']
    """
    for top, bottom in _line_units(text, start, end):
        part = text[top:bottom]
        edges = [0, *sorted(set(_cuts(part, language))), len(part)]
        for left, right in pairwise(edges):
            a, b = stripped(text, top + left, top + right)
            if a < b:
                yield a, b


def _line_units(text: str, start: int, end: int) -> Iterator[Span]:
    """A bullet opens a unit of its own, and a short line over a long one is a subheading."""
    if "\n" not in text[start:end]:
        yield start, end
        return
    edges = {start, end} | {m.start() for m in BULLET_LINE.finditer(text, start, end)}
    lines = list(_lines(text, start, end))
    for (a, b), (c, d) in pairwise(lines):
        if _is_subheading(text[a:b].strip(), text[c:d].strip()):
            edges.add(b)
    ordered = sorted(edges)
    yield from pairwise(ordered)


def _lines(text: str, start: int, end: int) -> Iterator[Span]:
    while start < end:
        stop = text.find("\n", start, end)
        stop = end if stop < 0 else stop
        yield start, stop
        start = stop + 1


def _is_subheading(line: str, following: str) -> bool:
    return (
        len(line) <= SUBHEADING_MAX < len(following)
        and not FINAL_MARK.search(line)
        and not line.endswith((",", "-", "–", "—"))
        and following.lstrip(OPENING)[:1].isupper()
    )


def _cuts(text: str, language: str) -> Iterator[int]:
    """Where one sentence ends and the next begins, as offsets just behind the left one."""
    masked = MASKED.sub(" ", text)
    for found in sentencex.get_sentence_boundaries(language, masked)[:-1]:
        start = found["start_index"]
        cut = start + len(masked[start : found["end_index"]].rstrip())
        while cut < len(text) and text[cut] in CLOSING and not text[cut - 1].isspace():
            cut += 1
        if _ends_sentence(text, start, cut, language):
            yield cut
    for match in EXTRA_CUT.finditer(text):
        if _is_extra(text, match):
            yield match.end()


def _is_extra(text: str, match: re.Match[str]) -> bool:
    following = text[match.end() : match.end() + 40].lstrip(' "“«(\n')
    if match[0][0] in "。！？":
        return not following.startswith(QUOTED_ON)
    return following[:1].isupper()


def _ends_sentence(text: str, start: int, cut: int, language: str) -> bool:
    """Whether sentencex's cut is one: each line is a rule that takes some away."""
    left, right = text[max(start, cut - 40) : cut], text[cut : cut + 60]
    following = right.lstrip(OPENING)
    if right[:1].strip() and left[-1:] not in CJK_END:  # news.asp?id=, Inc.One
        return False
    if left[-1:] in CJK_END and following.startswith(QUOTED_ON):
        return False
    if following[:1].islower() and (left[-1:] in CLOSING or left.endswith(("…", "..."))):
        return False  # "Is it over?" he asked
    if ENUMERATOR.fullmatch(text[start:cut].strip()):
        return False  # "1." belongs to what follows
    if language != "en" and _is_initial(left) and (following[:1].isupper() or right[:1] == "-"):
        return False  # M. Macron
    return not _is_abbreviated(left, following, abbreviations(language))


def _is_initial(left: str) -> bool:
    match = INITIAL.search(left)
    return match is not None and match[1].isupper()


def _is_abbreviated(left: str, following: str, known: Abbreviations) -> bool:
    if known.ordinals and ORDINAL.search(left):
        return following[:1].isalpha()
    match = LAST_WORD.search(left)
    if match is None:
        return False
    word = match[1].casefold()
    last = word.rpartition(".")[2]
    if last in known.inside:
        return True
    if last in known.measure:
        return not following[:1].isupper()
    after = NEXT_WORD.match(following)
    return after is not None and after[0].casefold() in known.before.get(word, ())


@lru_cache
def abbreviations(language: str) -> Abbreviations:
    """What abbreviations.toml has for a language; nothing for one that it does not name."""
    listed = _abbreviation_file().get(language, {})
    return Abbreviations(
        inside=frozenset(listed.get("inside", ())),
        measure=frozenset(listed.get("measure", ())),
        ordinals=listed.get("ordinals", False),
        before={word: frozenset(then) for word, then in listed.get("before", {}).items()},
    )


@lru_cache
def _abbreviation_file() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("abbreviations.toml").read_text("utf-8"))
