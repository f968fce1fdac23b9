"""Markup to paragraphs: how a file of angle brackets begins, and the text that a tree holds."""

from __future__ import annotations

import codecs
import re
from typing import Any

from annotator.core.errors import ReadError
from annotator.corpus.decode import BYTE_ORDER_MARKS, cleaned, decoded
from annotator.corpus.layout import BULLET

MOST_TAGS = 60_000
"""Angle brackets of the largest page; a long article has a few thousand."""

BEFORE_ROOT = re.compile(
    r"\s*(?:<\?.*?\?>|<!--.*?-->|<!doctype\b[^>\[]*(?:\[[^\]]*\]\s*)?>)", re.DOTALL | re.IGNORECASE
)
ROOT = re.compile(r"\s*<([a-zA-Z][\w.-]*:)?([a-zA-Z][\w.-]*)")
DECLARED = re.compile(
    rb"<meta\b[^>]{0,300}?\bcharset\s*=\s*[\"']?\s*([\w.:-]{2,40})"
    rb"|\A\s*<\?xml\b[^>]{0,200}?\bencoding\s*=\s*[\"']([\w.:-]{2,40})",
    re.IGNORECASE,
)
OF_TEXT = re.compile(
    r"utf-8|iso8859|cp\d|koi8|mac|ptcp|kz1048|gb|hz|big5|shift_jis|euc|iso2022|tis"
)
# Pictures and fonts that a browser saved into the page; they may be nine tenths of it.
EMBEDDED = re.compile(r"data:[\w/+.-]{1,60}(?:;[\w=-]{1,60}){0,3},[\w+/=%-]*", re.ASCII)
# What XML has no place for: lxml reads it (as "&#31;"), and refuses it where a tree is changed.
UNSETTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")

BLOCKS = frozenset(
    (
        *("address", "article", "blockquote", "body", "center", "dd", "div", "dl", "dt"),
        *("fieldset", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hr", "list"),
        *("main", "ol", "p", "pre", "quote", "section", "summary", "table", "ul"),
    )
)
LINES = frozenset({"br", "lb", "tr", "row"})
ITEMS = frozenset({"li", "item"})
CELLS = frozenset({"td", "th", "cell"})
FURNITURE = frozenset(
    (
        *("aside", "button", "figcaption", "figure", "footer", "iframe", "math"),
        *("nav", "noscript", "object", "script", "select", "style", "svg", "template"),
        *("textarea", "title"),
    )
)
"""Elements that hold no sentence of an article."""


def root_of(beginning: str) -> str:
    """The name of the first element, in lower case and without its prefix; empty where none is.

    >>> root_of('<?xml version="1.0"?><!-- saved --> <rdf:RDF xmlns="x">')
    'rdf'
    >>> root_of("<!DOCTYPE html><p>Text")
    'html'
    """
    at = 1 if beginning.startswith("\ufeff") else 0
    while match := BEFORE_ROOT.match(beginning, at):
        if re.match(r"\s*<!doctype\s+html\b", match[0], re.IGNORECASE):
            return "html"
        at = match.end()
    found = ROOT.match(beginning, at)
    return found[2].lower() if found else ""


def decoded_markup(content: bytes, name: str, charset: str = "") -> tuple[str, list[str]]:
    """The text of a page, and what was done to get it.

    A byte order mark counts most, then ``charset`` (what a server said), then what the page
    declares; an encoding that does not fit is named, and told by the bytes instead.
    """
    if content.startswith(tuple(mark for mark, _ in BYTE_ORDER_MARKS)):
        return decoded(content, name)
    match = DECLARED.search(content[:4096])
    declared = charset or ((match[1] or match[2]).decode("ascii") if match else "")
    encoding = _encoding(declared)
    if not encoding:
        return decoded(content, name)
    try:
        text, warnings = cleaned(content.decode(encoding))
    except (UnicodeError, ValueError):
        text, warnings = decoded(content, name)
        return text, [*warnings, f"declares {declared} but is not; check the letters"]
    return text, warnings


def _encoding(declared: str) -> str:
    """The codec for a declared charset, as browsers take it; empty where there is none."""
    try:
        found = codecs.lookup(declared).name
    except (LookupError, ValueError):
        return ""
    if found in ("iso8859-1", "ascii"):
        return "cp1252"
    # A declaration that could be read as ASCII does not stand in UTF-16, whatever it says.
    return "utf-8" if found.startswith("utf-16") else found if OF_TEXT.match(found) else ""


def parsed(text: str, name: str) -> Any:
    """The tree of a page or of a piece of one; raises ``ReadError`` where it is too large."""
    from lxml import html  # type: ignore[import-untyped]
    from lxml.etree import ParserError  # type: ignore[import-untyped]

    text = EMBEDDED.sub("", text)
    if (tags := text.count("<")) > MOST_TAGS:
        raise ReadError(
            f"{name}: has {tags:,} tags and the limit is {MOST_TAGS:,}; save the article alone, or "
            "as text"
        )
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        tree = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (ParserError, ValueError) as fault:
        raise ReadError(f"{name}: there is no text in it; give the article's page") from fault
    _settle(tree)
    return tree


def _settle(tree: Any) -> None:
    """Make spaces of the characters that a page may name and a tree does not take back."""
    for node in tree.iter():
        for place in ("text", "tail"):
            held = getattr(node, place)
            if held and UNSETTABLE.search(held):
                setattr(node, place, UNSETTABLE.sub(" ", held))


def paragraphs_of(element: Any, skipped: frozenset[str] = frozenset()) -> str:
    """The text below an element, blank lines between its paragraphs.

    Lines of a list begin with ``- ``, and cells of a table are parted by tabs. What lies in
    ``skipped`` elements is left out.
    """
    from lxml.etree import iterwalk

    pieces: list[str] = []
    kept = 0
    walk = iterwalk(element, events=("start", "end"))
    for event, node in walk:
        tag = node.tag if isinstance(node.tag, str) else ""
        if event == "start":
            kept += tag == "pre"
            pieces.append(_before(tag))
            if tag in skipped or not tag:
                walk.skip_subtree()
            else:
                pieces.append(_flowing(node.text or "", kept > 0))
        else:
            kept -= tag == "pre"
            pieces.append("\n\n" if tag in BLOCKS else "")
            if node is not element:
                pieces.append(_flowing(node.tail or "", kept > 0))
    return _tidied("".join(pieces))


def _before(tag: str) -> str:
    if tag in BLOCKS:
        return "\n\n"
    return "\n" if tag in LINES else "\n- " if tag in ITEMS else "\t" if tag in CELLS else ""


def _flowing(text: str, kept: bool) -> str:
    """Text as a browser shows it: line breaks of the source are none, but for ``pre``."""
    return re.sub(r"[^\S\n\u00a0]+" if kept else r"[^\S\u00a0]+", " ", text)


def _tidied(text: str) -> str:
    lines = (re.sub(r" {2,}", " ", line).strip(" \t") for line in text.split("\n"))
    text = re.sub(r"(?:^-\n+)+(?=\S)", "- ", "\n".join(lines), flags=re.MULTILINE)
    text = re.sub(rf"^(?:- )+(?={BULLET})", "", text, flags=re.MULTILINE)
    text = re.sub(r" ?\t ?", "\t", re.sub(r"^-$", "", text, flags=re.MULTILINE))
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n")
