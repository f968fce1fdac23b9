"""Web pages, as a browser or a crawler saved them: one article each."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

from annotator.core.errors import NoTextError
from annotator.corpus.article import Article
from annotator.corpus.file import File
from annotator.corpus.format import Format
from annotator.corpus.guards import refuse_entities
from annotator.corpus.markup import FURNITURE, decoded_markup, paragraphs_of, parsed, root_of
from annotator.corpus.page_fields import TEXT, PageFields, read_fields

SUFFIXES = (".html", ".htm", ".xhtml")

SEVERAL = 3
"""``article`` elements from which a page that calls itself no article looks like a list of them."""

SHORT = 250
"""Characters below which the rules for articles find nothing, and whatever is there is taken."""

NEVER_TEXT = "//nav | //aside | //button | //figcaption | //footer"

ONLY_LITTLE = "little text was found; check that it is the whole article and nothing else"
ALL_OF_IT = (
    "the article could not be told from the rest of the page, so all text outside menus was "
    "taken; check it"
)
DATE_IN_TEXT = "the page does not say which date is its own; one was taken from its text: check it"
AN_INDEX = (
    "this looks like a page that lists several articles; check the text, and save each article's "
    "own page"
)


def read_html(file: File) -> Iterator[Article]:
    """One article: the main text of the page, and what the page says about it.

    Raises ``ReadError`` for a page that is too large or declares entities, ``NoTextError`` for
    one without text.
    """
    yield read_page(file.content(), file.name)


def read_page(content: bytes, name: str, charset: str = "") -> Article:
    """The article of one page; ``charset`` is what a server said its encoding was."""
    text, warnings = decoded_markup(content, name, charset)
    refuse_entities(text.encode("utf-8", "replace"), name)
    tree = parsed(text, name)
    page = read_fields(tree, text[:4096])
    body, more = _main_text(tree, page)
    if not any(c.isalpha() for c in body):
        raise NoTextError(f"{name}: there is no text in the page; open it in a browser and save it")
    return Article(
        **page.fields,
        text=body,
        meta=page.meta,
        found=page.found,
        warnings=(*warnings, *more),
    )


def _main_text(tree: Any, page: PageFields) -> tuple[str, list[str]]:
    """The article's paragraphs without title, menus and remarks of readers."""
    warnings = [DATE_IN_TEXT] if page.found.get("date") == TEXT else []
    if not page.is_article and _is_index(tree):
        warnings.append(AN_INDEX)
    text = _extracted(tree)
    if len(text) < SHORT:
        whole = paragraphs_of(tree.body if tree.body is not None else tree, FURNITURE)
        # What is taken of a short page has lost its paragraphs.
        is_whole = not text or text.split() == whole.split()
        text = whole if is_whole else text
        warnings.append(ALL_OF_IT if is_whole else ONLY_LITTLE)
    return _without_headline(text, page), warnings


def _extracted(tree: Any) -> str:
    """What trafilatura takes for the main text; empty where it finds none."""
    from trafilatura import bare_extraction
    from trafilatura.settings import Document
    from trafilatura.utils import line_processing, trim

    # It says at length what it passes over; what the user must know is in our own warnings.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    document = bare_extraction(
        tree, include_comments=False, deduplicate=False, prune_xpath=NEVER_TEXT
    )
    # It keeps the texts of the last thousand elements, which may be whole pages.
    for remembered in (trim, line_processing):
        remembered.cache_clear()
    return paragraphs_of(document.body) if isinstance(document, Document) else ""


def _without_headline(text: str, page: PageFields) -> str:
    """The text without a first paragraph that only repeats the headline."""
    first, _, rest = text.partition("\n\n")
    repeated = " ".join(first.split()).casefold() == page.fields.get("title", "").casefold()
    return rest if repeated else text


def _is_index(tree: Any) -> bool:
    """Whether a page has several articles of which none is much longer than the others."""
    lengths = [
        len(node.text_content())
        for node in tree.iter("article")
        if next(node.iterancestors("article"), None) is None
    ]
    return len(lengths) >= SEVERAL and 2 * max(lengths) < sum(lengths)


def _is_page(file: File) -> bool:
    root = root_of(file.head_text)
    return root == "html" or (file.suffix in SUFFIXES and root not in ("rss", "rdf", "feed"))


HTML = Format(name="html", title="a web page", suffixes=SUFFIXES, fits=_is_page, articles=read_html)
