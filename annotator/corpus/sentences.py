"""Where sentences end: sentencex on quote-masked text, with a layer of our own rules.

sentencex does not split inside quotation marks, and wire copy is half quotation. So the marks are
blanked, one for one, before it looks; the rules work on offsets and never change the text.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.metadata import version
from itertools import pairwise, repeat
from pathlib import Path

import sentencex

from annotator.corpus.layout import BULLET, FINAL_MARK, Span

SEGMENTER = f"sentencex {version('sentencex')}/layer 2"

# Of single marks only those that open: the others are apostrophes too, letters of words. White
# space outside ASCII goes before a stop: sentencex gives up on a no-break space between a capital
# and its stop.
OPENING_SINGLE = r"(?<!\w)'(?=\w)"
SINGLE = re.compile(OPENING_SINGLE)
MASKED = re.compile(rf'["“”„‟«»‹›‘‚]|{OPENING_SINGLE}|[^\S \t\n\r\v\f](?=\.)')
CLOSING = "\"'”“»›’)]」』）】》"
OPENING = "\"“”„«»‹›'‘’([—–- \t\n"
CJK_END = "。！？”」』）"
EXTRA_CUT = re.compile(r"[。！？]+[”」』）\"]*(?=\S)|(?<=[.!?])\)(?=\s)|…[”»\"]?(?=\s)")
EXTRA_MARKS = ("…", "。", "！", "？", ".)", "!)", "?)")
QUOTED_ON = ("と", "って")  # 「…。」と: the sentence goes on with who said it
NO_ITEM = re.compile(r"(?:^|\s)[(\[]?(?:\d{1,3}|[A-Za-z])\.\)\Z")  # the ".)" of "2.) The bridge"
NUMBERED = r"[(\[]?(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,4})[.)\]]{1,2}"
ENUMERATOR = re.compile(rf"(?:[-*•·⁃–—]\s?)?{NUMBERED}|[-*•·⁃–—]")  # "1." belongs to what follows
ENUMERATOR_MAX = 12
# Of the text read backwards. Not \w: it misses the vowel signs of Indic scripts.
LAST_WORD = re.compile(r"\.((?!\.)[^\s!-\-/:-@\[-`{-~…“”„«»‹›‘’—–]+)")
ORDINAL = re.compile(r"(?:^|\s)(?:\d{1,2}|[IVXL]{1,6})\.$")
COUNTED = re.compile(r"(?:^|\s)\d+\.$")
NEXT_WORD = re.compile(r"\w+")
BULLET_LINE = re.compile(rf"\n(?=[^\S\n]*{BULLET})")
# What opens a list that stands on one line: a bullet, or a number or letter with a bracket. A bare
# "2." does not part it: "as article 2. says", "3. Ordu", "on May 2."
LIST = re.compile(
    r"\s*(?:(?P<bullet>[•·⁃▪◦●■])|(?P<open>\(?)(?P<at>\d{1,3}|[a-z])(?P<close>\.?\))\s)"
)
SUBHEADING_MAX = 60
WINDOW = 8_000
LOOK_BACK, LOOK_AHEAD = 40, 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Abbreviations:
    """What sentencex leaves over in one language: a file of ``abbreviations/``.

    Words are in lower case, without their last stop.

    ``inside``: never ends a sentence (titles, "street").
    ``measure``: ends a sentence only before a capital letter (units, "and others").
    ``before``: does not end a sentence when one of these words follows.
    ``ends``: ends a sentence before a capital letter, though sentencex takes it for short; in
    letters as they are written ("no", where "No." is a number).
    ``ordinals``: a number of one or two digits, or in Roman ones, with a stop is an ordinal before
    a letter ("3. Ordu"), and a longer number before a small one ("100. yıl").
    ``stops``: whether a stop ends sentences at all; in Thai it only shortens words.
    """

    inside: frozenset[str] = frozenset()
    measure: frozenset[str] = frozenset()
    before: Mapping[str, frozenset[str]] = field(default_factory=dict)
    ordinals: bool = False
    stops: bool = True
    ends: re.Pattern[str] | None = None
    marks: tuple[str, ...] = ()  # of ends: no need to look where the text has none of them
    last_letters: frozenset[str] = frozenset()  # of inside, measure, before: few words have them


def sentences(text: str, start: int, end: int, language: str) -> Iterator[Span]:
    """The sentences of ``text[start:end]``, a paragraph or a part of one.

    >>> text = '"It is over. We go home," he said.'
    >>> [text[a:b] for a, b in sentences(text, 0, len(text), "en")]
    ['"It is over.', 'We go home," he said.']
    """
    for top, bottom in _line_units(text, start, end):
        part = text[top:bottom]
        left = 0
        for right in (*_cuts(part, language), len(part)):
            sentence = part[left:right].lstrip()
            if sentence:
                begun = top + right - len(sentence)
                yield begun, begun + len(sentence.rstrip())
            left = right


def _line_units(text: str, start: int, end: int) -> Iterator[Span]:
    """Bullets and the items of a list are units of their own, and so is a subheading."""
    if text.find("\n", start, end) < 0:
        yield from _items(text, start, end)
        return
    edges = {start, end} | {m.start() for m in BULLET_LINE.finditer(text, start, end)}
    for (a, b), (c, d) in pairwise(_lines(text, start, end)):
        if _is_subheading(text[a:b].strip(), text[c:d].strip()):
            edges.add(b)
    for a, b in pairwise(sorted(edges)):
        yield from _items(text, a, b)


def _items(text: str, start: int, end: int) -> Iterator[Span]:
    """The items of a list on one line, ``1) … 2) …`` or ``• … • …``; else the line as it is."""
    opened = LIST.match(text, start, end)
    at = opened.end() if opened else start
    for mark in _marks(opened) if opened else ():
        found = next((m for m in mark.finditer(text, at, end) if _opens_item(text, m)), None)
        if not found:
            break
        yield start, found.start()
        start, at = found.span()
    yield start, end


def _marks(opened: re.Match[str]) -> Iterator[re.Pattern[str]]:
    """The marks of the items after the first: the bullet again, or the numbers that follow."""
    if opened["bullet"]:
        yield from repeat(re.compile(rf"(?<=\s){opened['bullet']}"))
    at = opened["at"]
    numbers = map(str, range(int(at) + 1, 1000)) if at.isdecimal() else _letters_after(at)
    for number in numbers:
        yield re.compile(rf"(?<=\s){re.escape(opened['open'] + number + opened['close'])}(?=\s)")


def _letters_after(letter: str) -> Iterator[str]:
    return map(chr, range(ord(letter) + 1, ord("z") + 1))


def _opens_item(text: str, mark: re.Match[str]) -> bool:
    """A number opens no item before a small letter: ``(1) the truce and (2) the exchange``."""
    following = text[mark.end() : mark.end() + LOOK_AHEAD].lstrip(OPENING)
    return mark[0][-1] != ")" or not following[:1].islower()


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


def _cuts(text: str, language: str) -> list[int]:
    """Where one sentence ends and the next begins, as offsets just behind the left one."""
    cuts: list[int] = []
    start = 0
    for piece in _pieces(_masked(text), language)[:-1]:
        cut = start + len(piece.rstrip())
        while cut < len(text) and text[cut] in CLOSING and not text[cut - 1].isspace():
            cut += 1
        is_item = len(piece) <= ENUMERATOR_MAX and ENUMERATOR.fullmatch(text[start:cut].strip())
        if not is_item and _ends_sentence(text, cuts[-1] if cuts else 0, cut, language):
            cuts.append(cut)
        start += len(piece)
    extra = [match.end() for match in _more_ends(text, language) if _is_extra(text, match)]
    return sorted({*cuts, *extra}) if extra else cuts


def _pieces(text: str, language: str) -> list[str]:
    """The text as sentencex parts it. What is longer than any paragraph goes window by window.

    The last piece of a window is read again with the next, unless it is all of it. sentencex takes
    quadratic time for ``!)!)!)…``: three seconds for 100 kB of it.
    """
    pieces: list[str] = []
    at, carried = 0, ""
    while at + WINDOW < len(text):
        found: list[str] = sentencex.segment(language, text[at : at + WINDOW])
        at += sum(map(len, found[:-1])) or WINDOW
        pieces += [carried + found[0], *found[1:-1]] if found[1:] else []
        carried = "" if found[1:] else carried + found[0]
    first, *others = sentencex.segment(language, text[at:]) or [""]
    return [*pieces, carried + first, *others]


def _more_ends(text: str, language: str) -> Iterator[re.Match[str]]:
    """Where a sentence may end that sentencex does not part; mostly there is no such place."""
    if any(map(text.__contains__, EXTRA_MARKS)):
        yield from EXTRA_CUT.finditer(text)
    known = abbreviations(language)
    if known.ends and any(map(text.__contains__, known.marks)):
        yield from known.ends.finditer(text)


def _masked(text: str) -> str:
    if not text.isascii():
        return MASKED.sub(" ", text)
    masked = text.replace('"', " ")
    return SINGLE.sub(" ", masked) if "'" in text else masked


def _is_extra(text: str, match: re.Match[str]) -> bool:
    following = text[match.end() : match.end() + 40].lstrip(' "“«(\n')
    if match[0][0] in "。！？":
        return not following.startswith(QUOTED_ON)
    if match[0] == ")" and NO_ITEM.search(text, max(0, match.end() - 8), match.end()):
        return False
    return following[:1].isupper()


def _ends_sentence(text: str, start: int, cut: int, language: str) -> bool:
    """Whether sentencex's cut of what begins at ``start`` is one: each rule takes some away."""
    left, right = text[max(start, cut - LOOK_BACK) : cut], text[cut : cut + LOOK_AHEAD]
    last, following = left[-1:], right.lstrip(OPENING)
    if right[:1].strip() and last not in CJK_END:  # news.asp?id=, Inc.One
        return False
    if last in CJK_END and following.startswith(QUOTED_ON):
        return False
    if following[:1].islower() and (last in CLOSING or left.endswith(("…", "..."))):
        return False  # "Is it over?" he asked
    if last != ".":
        return True
    if language != "en" and _is_initial(left) and (following[:1].isupper() or right[:1] == "-"):
        return False  # M. Macron
    return not _is_abbreviated(left, following, abbreviations(language))


def _is_initial(left: str) -> bool:
    """Whether the text ends with a single capital and its stop."""
    before = left[-3:-2]
    return left[-2:-1].isupper() and (not before or before.isspace() or before in ".-")


def _is_abbreviated(left: str, following: str, known: Abbreviations) -> bool:
    if not known.stops:
        return True
    if known.ordinals and _is_ordinal(left, following):
        return True
    if left[-2:-1] not in known.last_letters:
        return False
    match = LAST_WORD.match(left[::-1])
    if match is None:
        return False
    word = match[1][::-1].casefold()
    last = word.rpartition(".")[2]
    if word in known.inside or last in known.inside:
        return True
    if word in known.measure or last in known.measure:
        return not following[:1].isupper() or _goes_on(word, following, known)
    return _goes_on(word, following, known)


def _is_ordinal(left: str, following: str) -> bool:
    if following[:1].islower():
        return COUNTED.search(left) is not None or ORDINAL.search(left) is not None
    return following[:1].isalpha() and ORDINAL.search(left) is not None


def _goes_on(word: str, following: str, known: Abbreviations) -> bool:
    after = NEXT_WORD.match(following) if word in known.before else None
    return after is not None and after[0].casefold() in known.before[word]


@lru_cache
def abbreviations(language: str) -> Abbreviations:
    """What ``abbreviations/`` has for a language; nothing for one that has no file there."""
    path = _abbreviation_files().get(language)
    listed = tomllib.loads(path.read_text("utf-8")) if path else {}
    inside, measure = frozenset(listed.get("inside", ())), frozenset(listed.get("measure", ()))
    before = {word: frozenset(then) for word, then in listed.get("before", {}).items()}
    letters = {word[-1] for word in (*inside, *measure, *before)}
    ends = listed.get("ends", ())
    return Abbreviations(
        inside=inside,
        measure=measure,
        before=before,
        ordinals=listed.get("ordinals", False),
        stops=listed.get("stops", True),
        ends=re.compile(rf"\b(?:{'|'.join(ends)})\.[\"”»’)\]]*(?=\s)") if ends else None,
        marks=tuple(f"{word}." for word in ends),
        last_letters=frozenset(letters | {letter.upper() for letter in letters}),
    )


@lru_cache
def _abbreviation_files() -> dict[str, Path]:
    folder = Path(__file__).with_name("abbreviations")
    return {path.stem: path for path in folder.glob("*.toml")}
