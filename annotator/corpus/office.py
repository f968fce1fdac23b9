"""What PDF, DOCX and RTF share: paragraphs with their styles, and properties of a document.

Properties are believed only so far: programs fill titles and authors in by themselves, with the
name of the file, their own, or that of whoever was logged in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import takewhile
from pathlib import PurePath
from typing import NamedTuple

from annotator.corpus.article import Article
from annotator.corpus.layout import FINAL_MARK

TITLE_MAX = 300

# What programs write where nobody gave a title, and titles that are the names of files.
NOT_TITLES = re.compile(
    r"""microsoft\ (?:word|powerpoint)\ -.*
    | (?:untitled|unbenannt|sans\ titre|sin\ título|без\ имени)[\W\d]*
    | (?:new\ )?(?:microsoft\ word\ )?(?:document|dokument|documento)[\W\d]*
    | word\ document | powerpoint\ presentation | about:blank | \w+://.*
    | .*\.(?:docx?|docm|dotx?|rtf|odt|pdf|indd|qxd|qxp|txt|html?|xlsx?|pptx?|pages|tmp)
    """,
    re.IGNORECASE | re.VERBOSE,
)
NOT_AUTHORS = re.compile(
    r"(?:administrator|admin|(?:microsoft|windows)(?: office)?(?: user)?|user|owner|unknown"
    r"|anonymous|python-docx|libreoffice|openoffice)[\W\d]*",
    re.IGNORECASE,
)


class Paragraph(NamedTuple):
    """A paragraph's text, where ``\\n`` is a line break in it; its style; the first link in it."""

    text: str
    style: str = ""
    link: str = ""

    def has_style(self, name: str) -> bool:
        """Whether this is its style, however a program spells the name."""
        return _letters(self.style) == _letters(name)


def article_of(
    paragraphs: Iterable[Paragraph],
    stated: Mapping[str, str],
    file_name: str,
    *,
    warnings: Sequence[str] = (),
) -> Article:
    """A document as one article.

    Its title is the paragraphs that are styled so, else a first heading, else that of the
    properties, else a first line that stands alone. ``stated`` are the document's properties.
    """
    filled = [one for one in paragraphs if one.text.strip()]
    first, end, style = _styled_title(filled)
    fields = {
        "title": " ".join(one.text for one in filled[first:end]),
        "author": believed_author(stated.get("author", "")),
    }
    found = {"title": f"style {style}"}
    if not fields["title"]:
        fields["title"] = believed_title(stated.get("title", ""), file_name)
        found = {"title": "document title"}
    found["author"] = "document author"
    return Article(
        text="\n\n".join(one.text for one in (*filled[:first], *filled[end:])),
        title=fields["title"],
        author=fields["author"],
        meta={k: v for k, v in stated.items() if k not in fields and v},
        found={name: place for name, place in found.items() if fields[name]},
        warnings=tuple(warnings),
        may_open_with_headline=True,
    )


def _styled_title(paragraphs: Sequence[Paragraph]) -> tuple[int, int, str]:
    """Where the title stands by its style; an empty range where no style tells it.

    A heading further down heads a part of the text, not the whole.
    """
    opening = len(list(takewhile(lambda one: not FINAL_MARK.search(one.text), paragraphs)))
    for style, within in (("Title", len(paragraphs)), ("Heading 1", opening)):
        styled = [n for n, one in enumerate(paragraphs[:within]) if one.has_style(style)]
        if styled:
            n_lines = sum(1 for n, place in enumerate(styled, styled[0]) if n == place)
            return styled[0], styled[0] + n_lines, style
    return 0, 0, ""


def believed_title(written: str, file_name: str) -> str:
    """The title, or nothing where a program wrote it, or where it is the name of the file.

    >>> believed_title("Bridge closed", "a.pdf"), believed_title("Microsoft Word - a.doc", "a.pdf")
    ('Bridge closed', '')
    >>> believed_title("korva_bridge", "2031/korva-bridge.pdf")
    ''
    """
    title = " ".join(written.split())
    if not any(c.isalpha() for c in title) or len(title) > TITLE_MAX:
        return ""
    return "" if NOT_TITLES.fullmatch(title) or _letters(title) == _stem(file_name) else title


def believed_author(written: str) -> str:
    """The author, or nothing where it is what programs write by themselves.

    >>> believed_author(" Ilena  Marsh"), believed_author("Microsoft Office User")
    ('Ilena Marsh', '')
    """
    author = " ".join(written.split())
    known = any(c.isalpha() for c in author) and not NOT_AUTHORS.fullmatch(author)
    return author if known else ""


def _stem(file_name: str) -> str:
    return _letters(PurePath(file_name).stem)


def _letters(written: str) -> str:
    return re.sub(r"[\W_]+", "", written).casefold()
