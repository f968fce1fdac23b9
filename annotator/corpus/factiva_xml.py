"""Responses of Factiva in XML, as they were exported before the pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from annotator.core.errors import ReadError
from annotator.corpus.article import Article
from annotator.corpus.file import File
from annotator.corpus.format import Format
from annotator.corpus.guards import refuse_entities
from annotator.corpus.language_names import language_code

RESPONSE = re.compile(r"<(?:\w+:)?(?:ppsArticleResponse|ppsarticle)\b")

FIELDS = {
    "title": "headline",
    "author": "byline",
    "source": "sourceName",
    "section": "sectionName",
    "external_id": "accessionNo",
    "language": "baseLanguage",
}
"""The elements that are fields of an article; a date lies one deeper."""

DATES = ("publicationDate/{*}date", "publicationDate/{*}dateTime")
BODY = ("leadParagraph", "tailParagraphs")
LISTS = {"newsSubject": "NS", "region": "RE", "company": "CO", "industry": "IN"}
"""Elements that name what an article is about, and the codes that stand for them on the pages."""

META = ("wordCount", "sourceCode", "publisherName", "copyright", "edition", "pages", "notes")


def read_xml(file: File) -> Iterator[Article]:
    """The articles of a response, in order."""
    found = list(_response(file).iter("{*}article"))
    if not found:
        raise ReadError(f"{file.name}: this response of Factiva holds no article; leave it out")
    for number, element in enumerate(found, 1):
        yield _article(element, f"article {number}")


def _response(file: File) -> Any:
    from lxml import etree  # type: ignore[import-untyped]

    content = file.content()
    refuse_entities(content, file.name)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(content, parser=parser)
    except (etree.LxmlError, ValueError) as fault:
        told = " ".join(str(fault).split())
        raise ReadError(
            f"{file.name}: cannot be read as XML of Factiva ({told}); export it again"
        ) from fault


def _article(element: Any, at: str) -> Article:
    fields: dict[str, Any] = {name: "; ".join(_lines(element, tag)) for name, tag in FIELDS.items()}
    fields["date"] = next((line for path in DATES for line in _lines(element, path)), "")
    fields["language"] = language_code(fields["language"])
    found = {
        name: f"<{FIELDS.get(name, 'publicationDate')}>" for name, told in fields.items() if told
    }
    meta = {code: "; ".join(_named(element, tag)) for tag, code in LISTS.items()}
    meta |= {tag: "; ".join(_lines(element, tag)) for tag in META}
    return Article(
        **fields,
        text="\n\n".join(
            line for part in BODY for line in _lines(element, f"{part}/{{*}}paragraph")
        ),
        meta={key: told for key, told in meta.items() if told},
        found=found,
        at=at,
    )


def _lines(element: Any, path: str) -> list[str]:
    found = (_line(one) for one in element.iterfind(f"{{*}}{path}"))
    return [line for line in found if line]


def _named(element: Any, tag: str) -> list[str]:
    """``code : name`` of each, as the pages show them."""
    return [
        " : ".join(filter(None, (one.get("code", ""), _line(one))))
        for one in element.iterfind(f"{{*}}{tag}")
    ]


def _line(element: Any) -> str:
    return " ".join("".join(str(part) for part in element.itertext()).split())


XML = Format(
    name="factiva-xml",
    title="a Factiva response in XML",
    suffixes=(".xml",),
    fits=lambda file: bool(RESPONSE.search(file.head_text)),
    articles=read_xml,
)
