"""Who is quoted in a headline: whoever says it in the article below."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence

from annotator.corpus.layout import FINAL_MARK
from annotator.corpus.speech.found import Found
from annotator.corpus.speech.marks import Quoted
from annotator.corpus.speech.somebody import Attributed
from annotator.corpus.speech.tokens import Sentence

WORD = re.compile(r"\w+")
MARKS = "\"“”„«»‹›‘’'"
TITLE_MAX = 300
HEADING_MAX = 60
ENDING = ".,;:!?…"


def is_title(paragraph: str) -> bool:
    """Whether a first paragraph is a headline: short, and no sentence."""
    return len(paragraph) < TITLE_MAX and not FINAL_MARK.search(paragraph)


def is_subhead(paragraph: str) -> bool:
    """Whether a paragraph is a heading inside the article: it is about nobody."""
    return len(paragraph) < HEADING_MAX and not FINAL_MARK.search(paragraph)


def is_heading(text: str, part: Sentence, quoted: Quoted, is_whole: bool) -> bool:
    """Whether a quotation is a heading inside an article: it has no mark of a sentence at its end.

    It is a paragraph of its own (``is_whole``), or opens one in capitals: "'NO DEAL' Experts …".
    """
    inner = text[quoted.start : quoted.end].strip(MARKS)
    if quoted.flag or len(inner) > HEADING_MAX or inner[-1:] in ENDING:
        return False
    if is_whole:
        return True
    is_first = part[0].start == quoted.start and len(part) > 1 and part[1].sort == "name"
    return is_first and inner.isupper() and " " in inner


def settle(text: str, end: int, found: list[Found], headings: Container[int] = ()) -> None:
    """Say who is quoted in the first paragraph, which ends at ``end``, from what is below.

    The same for the ``headings``, told by where they begin.
    """
    below = [f for f in found if f.start >= end and f.who is not None]
    if is_title(text[:end]):
        _settle_roles(end, found, below)
    open_ = [n for n, q in enumerate(found) if (q.end <= end or q.start in headings) and not q.mode]
    if not open_:
        return
    spoken = [(f, _letters(text[f.start : f.end])) for f in below if f.kind == "direct"]
    for number in open_:
        quotation = found[number]
        said = _letters(text[quotation.start : quotation.end])
        later = (f for f, letters in spoken if f.start > quotation.start and said in letters)
        same = next(later, None) if said.strip() else None
        if same is not None and same.who is not None and not _is_nested(text, quotation, same):
            who = Attributed(same.who, same.mode, same.sure)
            found[number] = quotation._replace(kind="direct").by(who)


def _settle_roles(end: int, found: list[Found], below: Sequence[Found]) -> None:
    """ "Expert: “…”" is who speaks below and is an expert, else the first one who does."""
    first = below[0].who if below else None
    for number, quotation in enumerate(found):
        if quotation.end > end:
            break
        who = quotation.who
        if who is None or who.form != "role":
            continue
        head = next(iter(who.titles), "")
        named = (f.who for f in below if f.who is not None and f.who.form == "name")
        holder = next((other for other in named if head and head in other.titles), None)
        if holder is None and " " not in who.name and first is not None and first.form == "name":
            holder = first
        if holder is not None:
            found[number] = quotation._replace(who=holder, sure=False)


def _is_nested(text: str, term: Found, inside: Found) -> bool:
    """Whether a quotation has a term in marks of its own: it is only named there."""
    words = text[term.start + 1 : term.end - 1]
    at = text.find(words, inside.start + 1)
    return at > inside.start + 1 and text[at - 1] in MARKS


def _letters(text: str) -> str:
    return " " + " ".join(WORD.findall(text.lower())) + " "
