"""Plain text and Markdown to drafts: head, title, wire form.

Of Markdown only what a sentence should not carry is taken off: marks of headings, quotations,
emphasis, links and images. Code, tables, footnotes and HTML are left as they stand.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from annotator.core.document import Draft
from annotator.core.errors import ReadError
from annotator.corpus.decode import decoded
from annotator.corpus.front_matter import Head, split_head
from annotator.corpus.layout import BLANK_LINE, BULLET, stripped, unwrapped
from annotator.corpus.wire import Wire, date_line, is_dateline, read_wire

TITLE_MAX = 200
# A headline may ask or exclaim, but it does not stop or announce what follows.
NOT_A_TITLE_END = re.compile(r"(?:[.…։。।:;,])[\"'”’»)\]]*\Z")

MD_TITLE = re.compile(
    r"\s*(?:#[^\S\n]+(?P<hash>\S.*?)[^\S\n]*#*|(?P<over>\S.*)\n=+[^\S\n]*)(?:\n|\Z)"
)
MD_HEADING = re.compile(
    r"^#{1,6}[^\S\n]+(\S.*?)[^\S\n]*#*$|^(\S.*)\n(?:=+|-{3,})[^\S\n]*$", re.MULTILINE
)
MD_MARKS = (
    (re.compile(r"^(?:>[^\S\n]?)+", re.MULTILINE), ""),
    (re.compile(r"!\[[^\[\]\n]*\]\([^()\n]*\)"), ""),
    (re.compile(r"\[([^\[\]\n]+)\]\([^()\n]*\)"), r"\1"),
    (re.compile(r"(?<![\w*])\*{1,3}([^\s*](?:[^*\n]*[^\s*])?)\*{1,3}(?![\w*])"), r"\1"),
    (re.compile(r"(?<!\w)_{1,3}([^\s_](?:[^\n_]*[^\s_])?)_{1,3}(?!\w)"), r"\1"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Titled:
    """An article's text with its title in front, and where that title ends in it."""

    text: str
    title: str = ""
    end: int = 0


def read_txt(content: bytes, name: str) -> list[Draft]:
    """One article. Its title is the head's, else a first line that stands alone like a headline."""
    text, warnings = decoded(content, name)
    head, body = split_head(text)
    body, more = _rejoined(body)
    article = _titled(head.title, body) if head.title else _with_headline(body)
    return [_draft(content, name, head, article, [*warnings, *more])]


def read_md(content: bytes, name: str) -> list[Draft]:
    """One article. Its title is the head's, else a ``# Heading`` that it begins with."""
    text, warnings = decoded(content, name)
    head, body = split_head(text)
    heading = MD_TITLE.match(body)
    marked = (heading["hash"] or heading["over"]) if heading else ""
    body, more = _rejoined(_without_marks(body))
    article = _titled(head.title or _without_marks(marked), body)
    return [_draft(content, name, head, article, [*warnings, *more])]


def _titled(title: str, body: str) -> Titled:
    """The title as the first paragraph; where the body begins with it, it is not repeated."""
    title = " ".join(title.split())
    start, end = _first_block(body)
    if not title:
        return Titled(text=body)
    if _same(title, body[start:end]):
        return Titled(text=body, title=body[start:end], end=end)
    return Titled(text=f"{title}\n\n" + body.lstrip("\n"), title=title, end=len(title))


def _with_headline(text: str) -> Titled:
    """The text as it is, and the headline that it begins with, if it does."""
    line = date_line(text)
    start, end = _first_block(text, line[1] if line else 0)
    if _is_headline(text, start, end):
        return Titled(text=text, title=text[start:end], end=end)
    return Titled(text=text)


def _is_headline(text: str, start: int, end: int) -> bool:
    block = text[start:end]
    return (
        0 < len(block) <= TITLE_MAX
        and "\n" not in block
        and any(c.isalpha() for c in block)
        and bool(text[end:].strip())
        and not NOT_A_TITLE_END.search(block)
        and not re.match(BULLET, block)
        and not is_dateline(text, start, end)
    )


def _first_block(text: str, start: int = 0) -> tuple[int, int]:
    start += len(text[start:]) - len(text[start:].lstrip())
    blank = BLANK_LINE.search(text, start)
    return stripped(text, start, blank.start() if blank else len(text))


def _same(title: str, block: str) -> bool:
    return " ".join(title.split()).casefold() == " ".join(block.split()).casefold()


def _without_marks(text: str) -> str:
    text = MD_HEADING.sub(lambda match: f"\n{match[1] or match[2]}\n", text)
    for pattern, kept in MD_MARKS:
        text = pattern.sub(kept, text)
    return re.sub(r"\n{3,}", "\n\n", text).lstrip("\n")


def _rejoined(text: str) -> tuple[str, list[str]]:
    text, width = unwrapped(text)
    return text, [f"lines broken at about {width} characters were joined again"] if width else []


def _draft(content: bytes, name: str, head: Head, article: Titled, warnings: list[str]) -> Draft:
    wire = read_wire(article.text, article.end)
    _refuse_without_sentence(article, wire, name)
    return Draft(
        text=article.text,
        file=name,
        file_sha256=hashlib.sha256(content).hexdigest(),
        title=article.title,
        headline_end=article.end,
        furniture=wire.furniture,
        published=head.published or wire.published,
        date_precision=head.date_precision or wire.date_precision,
        author=head.author,
        source=head.source,
        place=head.place or wire.place,
        url=head.url,
        external_id=head.external_id,
        language=head.language,
        section=head.section,
        meta=head.meta,
        warnings=(*warnings, *head.warnings, *wire.warnings),
    )


def _refuse_without_sentence(article: Titled, wire: Wire, name: str) -> None:
    at, left = article.end, []
    for start, end in wire.furniture:
        left.append(article.text[at:start])
        at = max(at, end)
    left.append(article.text[at:])
    if not any(c.isalpha() for part in left for c in part):
        raise ReadError(f"{name}: there is no sentence in it; give it some text or leave it out")
