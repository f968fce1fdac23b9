"""Quotation marks: which open, which close, and what lies between them.

Marks pair inside a paragraph, on a stack; only the outermost quotations are kept. A mark that never
closes reaches to the end of its paragraph and no further.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from annotator.corpus.layout import Span

Flag = Literal["", "unclosed", "continued"]

DOUBLE = re.compile(r'["“”„‟«»‹›「」『』״]')
ANY = re.compile(r"``|''|’’|‘’|‘‘|[\"“”„‟«»‹›「」『』״‘’‚']")
# Where none of these stands, single marks are apostrophes, and there is no need to look at them.
SINGLE_OPENS = re.compile(r"[‘‚]|``|’’|(?<!\w)'(?=[\w\"“£$€#@…])")
DECADE = re.compile(r"\d0s\b")  # the '90s

PARTNER = {
    "”": '“„‟”"',
    "“": '„”"',
    "»": "«»",
    "«": "»",
    "›": "‹›",
    "‹": "›",
    "」": "「",
    "』": "『",
    "’": "‘‚",
    "‘": "‚",
    "'": "'",
    '"': '"“„',
    "״": "״",
}
"""A closing mark, and the marks that it closes."""

ALWAYS_OPEN = "„‟「『"
ALWAYS_CLOSE = "」』"
SINGLE = "‘‚'"
ONE_BY_ONE = re.compile("[‘‚'’`]")
"""Marks that stand alone, or two for a double one."""
GERSHAYIM = '"״'
"""Marks that are also written inside Hebrew abbreviations."""
DEEPEST = 12
"""Marks inside marks; what lies deeper is no longer kept apart."""

BEFORE_OPENING = "([{—–-/‘“«'\"״¿¡:"
# The end of a quotation in single marks, before another one opens.
CLOSES_LATER = {
    "’": re.compile(r"[^‘]*?[.,!?…]’(?!\w)"),
    "'": re.compile(r"(?:[^']|(?<=\w)'|'(?=\s))*?[.,!?…]'(?!\w)"),
}
LOOK_AHEAD = 600
WORD = re.compile(r"\w+(?:[’'-]\w+)*")
SENTENCE_END = re.compile(r"[.!?…](?=\s|\Z)")
COLONS = (":", "：")
STOPS = (".", "!", "?", "…", "。", "！", "？", "؟", "۔", "։", *COLONS)
VERB_BEHIND = ",،、，—–-"
"""Marks between a quotation that opens its sentence and the verb that tells it."""
TERM_WORDS = 6
MARKS = "\"“”„‟«»‹›「」『』״‘’‚'` \n"


class Quoted(NamedTuple):
    """What stands in one pair of quotation marks, the marks too, in one paragraph."""

    start: int
    end: int
    flag: Flag = ""


class Opened(NamedTuple):
    """An opening quotation mark, and where in the text it stands."""

    at: int
    mark: str


def quoted(text: str, paragraphs: Iterable[Span]) -> list[list[Quoted]]:
    """The outermost quotations of each paragraph of a text, in the order of the text.

    >>> text = '"They call us "rebels" here," he said. «No»'
    >>> [text[q.start : q.end] for q in quoted(text, [(0, len(text))])[0]]
    ['"They call us "rebels" here,"', '«No»']
    """
    found: list[list[Quoted]] = []
    left_open = False
    spans = list(paragraphs)
    for number, (start, end) in enumerate(spans):
        goes_on = text[spans[number + 1][0]] if number + 1 < len(spans) else ""
        here = list(_outermost(_quotations(text, start, end, left_open, goes_on)))
        found.append(here)
        left_open = bool(here) and _reaches_over(here[-1], text, end)
    return found


def _reaches_over(last: Quoted, text: str, end: int) -> bool:
    """Whether a quotation is still open where its paragraph ends."""
    if last.flag == "unclosed":
        return True
    return last.flag == "continued" and last.end == end and text[end - 1] not in PARTNER


def _outermost(found: list[Quoted]) -> Iterator[Quoted]:
    reached = -1
    for quotation in sorted(found):
        if quotation.start >= reached and quotation.end - quotation.start > 2:
            reached = quotation.end
            yield quotation


def _quotations(text: str, start: int, end: int, left_open: bool, goes_on: str) -> list[Quoted]:
    """All quotations of one paragraph, nested ones too; the outermost come out by their extent.

    ``goes_on`` is what the next paragraph opens with: a mark, where it goes on.
    """
    marks = ANY if _has_single(text, start, end) else DOUBLE
    stack: list[Opened] = []
    found: list[Quoted] = []
    for match in marks.finditer(text, start, end):
        at, to = match.span()
        mark = text[at] if to == at + 1 else '"'
        if to > at + 1 and stack and stack[-1].mark in SINGLE:
            mark, to = text[at], at + 1  # ‘He told me ‘no’’
        before = text[at - 1] if at > start else " "
        after = text[to] if to < end else " "
        if before == mark == '"' and _is_doubled(at, after, stack, found):
            continue
        if mark in GERSHAYIM and _is_inside_word(before, after):
            continue
        if not stack and not found and left_open and _looks_closing(mark, before, after):
            found.append(Quoted(start, to, "continued"))
        elif _closes(text, at, mark, before, after, stack):
            opener = _popped(stack, mark)
            if opener is not None:
                found.append(Quoted(opener.at, to))
        elif _opens(text, at, mark, before, after, stack) and len(stack) < DEEPEST:
            stack.append(Opened(at, mark))
    found += _unclosed(text, start, end, stack, found, goes_on)
    if not left_open:
        return found
    return [Quoted(q.start, q.end, "continued") if q.start == start else q for q in found]


def _is_doubled(at: int, after: str, stack: list[Opened], found: list[Quoted]) -> bool:
    """Whether a mark is written twice; the quotation then has both: `""We go," he said`."""
    if stack and stack[-1].at == at - 1:
        return not after.isspace()
    if not stack and found and found[-1].end == at and not after.isalnum():
        found[-1] = found[-1]._replace(end=at + 1)
        return True
    return False


def _is_inside_word(before: str, after: str) -> bool:
    """Whether a mark is that of a Hebrew abbreviation: צה״ל."""
    return before.isalpha() and after.isalpha() and not before.isascii()


def _has_single(text: str, start: int, end: int) -> bool:
    """Whether single marks can be those of quotations here."""
    if ONE_BY_ONE.search(text, start, end) is None:
        return False
    return SINGLE_OPENS.search(text, start, end) is not None


def _looks_closing(mark: str, before: str, after: str) -> bool:
    return mark in PARTNER and not before.isspace() and not after.isalnum()


def _looks_opening(before: str, after: str) -> bool:
    return (before.isspace() or before in BEFORE_OPENING) and not after.isspace()


def _closes(text: str, at: int, mark: str, before: str, after: str, stack: list[Opened]) -> bool:
    if not stack or mark in ALWAYS_OPEN or not any(o.mark in PARTNER.get(mark, "") for o in stack):
        return (
            bool(stack)
            and mark == "“"
            and stack[-1].mark == "“"
            and (_looks_closing(mark, before, after) and after != "“")
        )
    if mark in "’'":
        return not after.isalnum() and not before.isspace() and not _possessive(text, at)
    if mark in GERSHAYIM:
        opens = _looks_opening(before, after) and after not in ",.;:!?)"
        return (
            not opens if any(o.mark == mark for o in stack) else not _looks_opening(before, after)
        )
    if mark == "“" and stack[-1].mark in '”"':
        return _looks_closing(mark, before, after)
    if mark in "»«›‹" and stack[-1].mark == mark:
        return not _looks_opening(before, after)
    return True


def _possessive(text: str, at: int) -> bool:
    """Whether a single mark after an s is the workers' rather than the end of the quotation.

    It is where a small letter follows, and the quotation ends further on.
    """
    follows = text[at + 1 : at + 3]
    if text[at - 1] != "s" or follows[:1] != " " or not follows[1:].islower():
        return False
    return CLOSES_LATER[text[at]].match(text, at + 1, at + LOOK_AHEAD) is not None


def _opens(text: str, at: int, mark: str, before: str, after: str, stack: list[Opened]) -> bool:
    if mark in ALWAYS_OPEN:
        return True
    if mark in ALWAYS_CLOSE:
        return False
    if mark in SINGLE:
        word = after.isalnum() or after in '"“[«£$€#@…'
        return word and not before.isalnum() and not DECADE.match(text, at + 1)
    if mark == "“":
        return True
    if mark in "«‹":
        return True
    if mark in GERSHAYIM:
        if stack:
            return _looks_opening(before, after)
        return before.isspace() or before in BEFORE_OPENING
    return not stack and after.isalnum() and not before.isalnum()  # »German«, ”Swedish”


def _popped(stack: list[Opened], mark: str) -> Opened | None:
    """The nearest open mark that this one closes; what was opened inside of it is forgotten."""
    partners = PARTNER[mark] + ("“" if mark == "“" else "")
    for depth in range(len(stack) - 1, -1, -1):
        if stack[depth].mark in partners:
            opener = stack[depth]
            del stack[depth:]
            return opener
    return None


def _unclosed(
    text: str, start: int, end: int, stack: list[Opened], found: list[Quoted], goes_on: str
) -> Iterator[Quoted]:
    """What is still open at the end of a paragraph. Single marks are apostrophes then."""
    opener = next(
        (
            o
            for o in stack
            if o.mark not in SINGLE
            or (o.at == start and o.mark == "‘")
            or (o.mark == goes_on and (o.at == start or text[o.at + 1].isupper()))
        ),
        None,
    )
    if opener is None:
        return
    inside = [
        q
        for q in found
        if q.start > opener.at
        and text[q.start] == opener.mark
        and not is_term(text, q.start, q.end)
    ]
    stop = min((q.start for q in inside), default=end)
    if stop < end:
        ends = [m.end() for m in SENTENCE_END.finditer(text, opener.at, stop)]
        stop = ends[-1] if ends else opener.at + len(text[opener.at : stop].rstrip())
    yield Quoted(opener.at, stop, "unclosed")


def is_term(text: str, start: int, end: int) -> bool:
    """Whether marks hold a few words without a mark of a sentence among them."""
    inner = text[start:end].strip(MARKS)
    if any(mark in inner for mark in ".,;:!?…—。，！？،؟։"):
        last = text[start:end].rstrip(MARKS)[-1:]
        if last in ",.!?…。！？؟։" or any(mark in inner for mark in ".;!?…。！？؟։"):
            return False
    return len(WORD.findall(inner)) < TERM_WORDS


def opens_sentence(text: str, start: int, end: int, from_: int) -> bool:
    """Whether a quotation is a sentence by what stands around it: behind a colon, or before a verb.

    ``from_`` is where its paragraph begins. «Abc def», xyz: somebody's words, whatever ``xyz`` is.
    """
    before = text[from_:start].rstrip()
    if before.endswith(COLONS):
        return True
    follows = text[end : end + 2].lstrip()[:1]
    return follows in VERB_BEHIND and bool(follows) and (not before or before.endswith(STOPS))
