"""Web pages, as a browser or a crawler saved them: one article each."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

from annotator.core.errors import ReadError
from annotator.corpus.article import Article
from annotator.corpus.file import File
from annotator.corpus.format import Format
from annotator.corpus.guards import refuse_entities
from annotator.corpus.markup import FURNITURE, decoded_markup, paragraphs_of, parsed, root_of
from annotator.corpus.page_fields import PageFields, read_fields

SUFFIXES = (".html", ".htm", ".xhtml")

SEVERAL = 3
"""``article`` elements from which a page that calls itself no article looks like a list of them."""

NOT_TOLD_APART = (
    "the article could not be told from the rest of the page, so all text outside menus was "
    "taken; check it"
)
AN_INDEX = (
    "this looks like a page that lists several articles; check the text, and save each article's "
    "own page"
)


def read_html(file: File) -> Iterator[Article]:
    """One article: the main text of the page, and what the page says about it.

    Raises ``ReadError`` for a page that is too large, declares entities or holds no text.
    """
    yield read_page(file.content(), file.name)


def read_page(content: bytes, name: str, charset: str = "") -> Article:
    """The article of one page; ``charset`` is what a server said its encoding was."""
    refuse_entities(content, name)
    text, warnings = decoded_markup(content, name, charset)
    tree = parsed(text, name)
    page = read_fields(tree, text[:4096])
    body, more = _main_text(tree, page)
    if not any(c.isalpha() for c in body):
        raise ReadError(f"{name}: there is no text in the page; open it in a browser, save it again")
    return Article(
        **page.fields,
        text=body,
        meta=page.meta,
        found=page.found,
        warnings=(*warnings, *more),
    )


def _main_text(tree: Any, page: PageFields) -> tuple[str, list[str]]:
    """The article's paragraphs without title, menus and remarks of readers."""
    index = not page.is_article and _is_index(tree)
    warnings = [AN_INDEX] if index else []
    text = _extracted(tree)
    if not text:
        text = paragraphs_of(tree.body if tree.body is not None else tree, FURNITURE)
        warnings.append(NOT_TOLD_APART)
    return _without_headline(text, page), warnings


def _extracted(tree: Any) -> str:
    """What trafilatura takes for the main text; empty where it finds none."""
    from trafilatura import bare_extraction

    # It says at length what it passes over; what the user must know is in our own warnings.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    document = bare_extraction(tree, include_comments=False, deduplicate=False)
    return paragraphs_of(document.body) if document is not None else ""


def _without_headline(text: str, page: PageFields) -> str:
    """The text without a first paragraph that only repeats the headline."""
    first, _, rest = text.partition("\n\n")
    titles = {page.fields.get("title", "").casefold(), page.meta.get("heading", "").casefold()}
    return rest if " ".join(first.split()).casefold() in titles - {""} else text


def _is_index(tree: Any) -> bool:
    """Whether a page has several articles of which none is much longer than the others."""
    lengths = [
        len(node.text_content())
        for node in tree.iter("article")
        if not any(node.iterancestors("article"))
    ]
    return len(lengths) >= SEVERAL and 2 * max(lengths) < sum(lengths)


def _is_page(file: File) -> bool:
    root = root_of(file.head_text)
    return root == "html" or (file.suffix in SUFFIXES and root not in ("rss", "rdf", "feed"))


HTML = Format(
    name="html", title="a web page", suffixes=SUFFIXES, fits=_is_page, articles=read_html
)
