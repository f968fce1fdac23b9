"""Plain text and Markdown: the front matter, and the text as it stands.

Of Markdown only what a sentence should not carry is taken off: marks of headings, quotations,
emphasis, links and images. Code, tables, footnotes and HTML are left as they stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from annotator.corpus.article import Article
from annotator.corpus.decode import decoded
from annotator.corpus.file import File
from annotator.corpus.format import Format, by_suffix
from annotator.corpus.front_matter import Head, split_head

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


def read_txt(file: File) -> Iterator[Article]:
    """One article. Its title is the head's, else a first line that stands alone like a headline."""
    text, warnings = decoded(file.content(), file.name)
    head, body = split_head(text)
    yield _article(head, head.title, body, warnings, may_open_with_headline=True)


def read_md(file: File) -> Iterator[Article]:
    """One article. Its title is the head's, else a ``# Heading`` that it begins with."""
    text, warnings = decoded(file.content(), file.name)
    head, body = split_head(text)
    heading = MD_TITLE.match(body)
    marked = (heading["hash"] or heading["over"]) if heading else ""
    title = head.title or _without_marks(marked)
    yield _article(head, title, _without_marks(body), warnings, may_open_with_headline=False)


def _article(
    head: Head, title: str, body: str, warnings: list[str], *, may_open_with_headline: bool
) -> Article:
    fields: dict[str, Any] = {name: value for name, value in head.fields().items() if value}
    found = dict.fromkeys(fields, "front matter")
    if title and not head.title:
        found["title"] = "heading"
    return Article(
        **(fields | {"title": title}),
        text=body,
        meta=head.meta,
        found=found,
        warnings=(*warnings, *head.warnings),
        may_open_with_headline=may_open_with_headline,
    )


def _without_marks(text: str) -> str:
    text = MD_HEADING.sub(lambda match: f"\n{match[1] or match[2]}\n", text)
    for pattern, kept in MD_MARKS:
        text = pattern.sub(kept, text)
    return re.sub(r"\n{3,}", "\n\n", text).lstrip("\n")


TXT = Format(
    name="txt",
    title="plain text",
    suffixes=(".txt", ".text"),
    fits=by_suffix(".txt", ".text"),
    articles=read_txt,
)
MD = Format(
    name="md",
    title="Markdown",
    suffixes=(".md", ".markdown"),
    fits=by_suffix(".md", ".markdown"),
    articles=read_md,
)
