"""What a web page says about its article: in JSON-LD, in meta elements, and on its face."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from annotator.corpus.dates import DateOrder, iso_date, month_words

ARTICLE_TYPE = re.compile(r"(?:\w*Article|\w*BlogPosting|Report|Review)\Z")
ADDRESS = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)(https?://\S{1,2000})", re.IGNORECASE)
SUFFIX = re.compile(r"\s+[|–—·•»:-]\s+")
BY = re.compile(r"(?:by|von|par|por|di|door|автор:)\s+", re.IGNORECASE)
NUMBERS = re.compile(r"(?<![\d./-])\d{1,2}([./-])\d{1,2}\1\d{4}(?!\d)")
DAYS = re.compile(r"(?<![\d-])\d{4}-\d\d-\d\d(?!\d)")
BYLINE_MAX = 120

TEXT = "text of the page"
"""Where a date was found that no element of the page calls its date."""

TITLES = ("og:title", "headline", "citation_title", "dc.title", "parsely-title", "twitter:title")
DATES = (
    *("article:published_time", "og:article:published_time", "datepublished", "article:published"),
    *("citation_publication_date", "parsely-pub-date", "sailthru.date", "pubdate", "publishdate"),
    *("dc.date.issued", "dcterms.issued", "dc.date", "dcterms.date", "publication_date", "date"),
)
AUTHORS = ("author", "article:author", "citation_author", "dc.creator", "parsely-author", "byl")
SOURCES = (
    *("og:site_name", "application-name", "dc.publisher", "dcterms.publisher", "publisher"),
    "citation_journal_title",
)
SECTIONS = ("article:section", "og:article:section", "parsely-section", "articlesection")
DESCRIPTIONS = ("description", "og:description", "dc.description", "twitter:description")
MODIFIED = ("article:modified_time", "og:updated_time", "datemodified", "last-modified")
LANGUAGES = ("content-language", "dc.language", "og:locale")


@dataclass(slots=True)
class PageFields:
    """The fields of an article by their names in ``Article``, and where on the page each was."""

    fields: dict[str, Any] = field(default_factory=dict)
    found: dict[str, str] = field(default_factory=dict)
    meta: dict[str, str] = field(default_factory=dict)
    is_article: bool = False

    def take(self, name: str, value: str, where: str) -> None:
        """Keep a value, unless there is none, or one from a better place."""
        value = " ".join(value.split())
        if value and name not in self.fields:
            self.fields[name], self.found[name] = value, where

    def take_first(
        self, name: str, metas: Mapping[str, Sequence[str]], keys: Sequence[str]
    ) -> None:
        """Keep the first of these meta elements that the page has."""
        for key in keys:
            self.take(name, metas.get(key, [""])[0], f"meta {key}")

    def keep(self, name: str, value: str) -> None:
        """Keep what no field is known for."""
        if value := " ".join(value.split()):
            self.meta.setdefault(name, value)


def read_fields(tree: Any, beginning: str) -> PageFields:
    """The fields of a page; ``beginning`` is its source, for the comment of a saved page.

    Dates are given as the page writes them. None is taken from an address or from today's date.
    """
    page = PageFields()
    metas = _metas(tree)
    linked = _linked_data(tree)
    page.is_article = bool(linked) or metas.get("og:type", [""])[0].lower() == "article"
    _take_source(page, metas, linked)
    _take_title(page, tree, metas, linked)
    _take_author(page, tree, metas, linked)
    page.take("section", _named(linked.get("articleSection")), "JSON-LD articleSection")
    page.take_first("section", metas, SECTIONS)
    page.take("place", _place(linked), "JSON-LD dateline")
    page.take("language", tree.get("lang") or tree.get("xml:lang") or "", "html lang")
    page.take_first("language", metas, LANGUAGES)
    page.take("language", _text(linked.get("inLanguage")), "JSON-LD inLanguage")
    _take_address(page, tree, metas, linked, beginning)
    _take_date(page, tree, metas, linked)
    _keep_rest(page, metas, linked)
    return page


def _metas(tree: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for node in tree.iter("meta"):
        value = " ".join(node.get("content", "").split())
        for kind in ("property", "name", "itemprop", "http-equiv"):
            if value and (key := node.get(kind, "").strip().lower()):
                found.setdefault(key, []).append(value)
    return found


def _linked_data(tree: Any) -> dict[str, Any]:
    """The article of the page's JSON-LD; empty where there is none that can be read."""
    for node in tree.iter("script"):
        if "ld+json" not in node.get("type", "").lower():
            continue
        try:
            said = json.loads(node.text or "", strict=False)
        except (ValueError, RecursionError):
            continue
        for one in _nodes(said):
            kinds = one.get("@type")
            names = kinds if isinstance(kinds, list) else [kinds]
            if any(isinstance(name, str) and ARTICLE_TYPE.search(name) for name in names):
                return one
    return {}


def _nodes(said: Any) -> Iterator[dict[str, Any]]:
    for one in said if isinstance(said, list) else [said]:
        if isinstance(one, dict):
            yield one
            if isinstance(graph := one.get("@graph"), list):
                yield from (node for node in graph if isinstance(node, dict))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else str(value) if isinstance(value, int) else ""


def _named(value: Any) -> str:
    """The name of a JSON-LD thing, or the names of several."""
    if isinstance(value, list):
        return "; ".join(dict.fromkeys(name for one in value if (name := _named_one(one))))
    return _named_one(value)


def _named_one(value: Any) -> str:
    name = _text(value.get("name")) if isinstance(value, dict) else _text(value)
    return "" if ADDRESS.match(name) else " ".join(name.split())


def _take_source(page: PageFields, metas: dict[str, list[str]], linked: dict[str, Any]) -> None:
    page.take_first("source", metas, SOURCES[:1])
    page.take("source", _named(linked.get("publisher")), "JSON-LD publisher")
    page.take_first("source", metas, SOURCES[1:])


def _take_title(
    page: PageFields, tree: Any, metas: dict[str, list[str]], linked: dict[str, Any]
) -> None:
    """The headline without the name of the site, which many pages put behind it."""
    heading = _only(tree, "h1")
    titles = {
        "meta og:title": metas.get("og:title", [""])[0],
        "JSON-LD headline": _text(linked.get("headline")),
        "<h1>": heading,
        **{f"meta {key}": metas.get(key, [""])[0] for key in TITLES[1:]},
        "<title>": _only(tree, "title"),
    }
    site = page.fields.get("source", "")
    for where, title in titles.items():
        title = " ".join(title.split())
        clean = next((one for one in titles.values() if _is_headline_of(one, title)), "")
        page.take("title", clean or _without_site(title, site), where)
    if heading and heading.casefold() != page.fields.get("title", "").casefold():
        page.keep("heading", heading)


def _only(tree: Any, tag: str) -> str:
    """The text of the page's one element of a kind; empty where there are several."""
    found = [node for node in tree.iter(tag) if not list(node.iterancestors("svg"))]
    return " ".join(found[0].text_content().split()) if len(found) == 1 else ""


def _is_headline_of(headline: str, title: str) -> bool:
    """Whether a title is this headline and a suffix.

    >>> _is_headline_of("Bridge closed", "Bridge closed | Korva Herald")
    True
    """
    headline = " ".join(headline.split())
    return (
        bool(headline) and title.startswith(headline) and bool(SUFFIX.match(title[len(headline) :]))
    )


def _without_site(title: str, site: str) -> str:
    parts = SUFFIX.split(title)
    if len(parts) > 1 and site and parts[-1].casefold() == site.casefold():
        return title[: title.rindex(parts[-1])].rstrip(" |–—·•»:-\t")
    return title


def _take_author(
    page: PageFields, tree: Any, metas: dict[str, list[str]], linked: dict[str, Any]
) -> None:
    page.take("author", _named(linked.get("author") or linked.get("creator")), "JSON-LD author")
    for key in AUTHORS:
        names = [name for name in metas.get(key, []) if not ADDRESS.match(name)]
        page.take("author", BY.sub("", "; ".join(dict.fromkeys(names)), count=1), f"meta {key}")
    for node in tree.iter("a", "span", "p", "div", "address"):
        kinds = {*node.get("class", "").lower().split(), node.get("itemprop", "").lower()}
        if "author" in node.get("rel", "").lower().split() or kinds & {"author", "byline"}:
            name = BY.sub("", " ".join(node.text_content().split()), count=1)
            if 2 < len(name) <= BYLINE_MAX:
                page.take("author", name, "byline")
                return


def _place(linked: dict[str, Any]) -> str:
    """The place of a JSON-LD dateline, which may carry a day.

    >>> _place({"dateline": "KORVA, Ostravia, May 4"})
    'KORVA, Ostravia'
    """
    parts = _text(linked.get("dateline")).split(",")
    return ", ".join(part.strip() for part in parts if not any(c.isdigit() for c in part))


def _take_address(
    page: PageFields,
    tree: Any,
    metas: dict[str, list[str]],
    linked: dict[str, Any],
    beginning: str,
) -> None:
    links = [node.get("href", "") for node in tree.iter("link") if node.get("rel") == "canonical"]
    saved = SAVED_FROM.search(beginning)
    places = {
        "link canonical": links[0] if links else "",
        "meta og:url": metas.get("og:url", [""])[0],
        "JSON-LD url": _text(linked.get("url")),
        "saved from": saved[1] if saved else "",
    }
    for where, address in places.items():
        if ADDRESS.fullmatch(address.strip()) and _has_host(address):
            page.take("url", address, where)


def _has_host(address: str) -> bool:
    try:
        return bool(urlsplit(address.strip()).hostname)
    except ValueError:
        return False


def _take_date(
    page: PageFields, tree: Any, metas: dict[str, list[str]], linked: dict[str, Any]
) -> None:
    page.take("date", _text(linked.get("datePublished")), "JSON-LD datePublished")
    page.take_first("date", metas, DATES)
    for node in tree.iter("time"):
        if node.get("pubdate") is not None or node.get("itemprop", "").lower() == "datepublished":
            page.take("date", _of_time(node), "<time>")
    if len(times := {_of_time(node) for node in tree.iter("time")}) == 1:
        page.take("date", times.pop(), "<time>")
    if "date" not in page.fields:
        page.take("date", _date_on_page(tree), TEXT)


def _of_time(node: Any) -> str:
    return str(node.get("datetime") or node.text_content())


def _date_on_page(tree: Any) -> str:
    """The date that htmldate makes out, as the page writes it; empty where it only infers one.

    It also reads addresses and file names, and settles dates that may be two days by itself.
    """
    from htmldate import find_date

    # No clock plays a part: with its own bounds it would tell other dates next year.
    told = find_date(
        tree,
        extensive_search=False,
        original_date=True,
        url="",
        min_date="1800-01-01",
        max_date="2199-12-31",
    )
    if not told:
        return ""
    times = [node.get("datetime", "") for node in tree.iter("time", "abbr")]
    texts = tree.xpath("//body//text()[not(parent::script or parent::style)]")
    seen = " ".join(" ".join((*times, *texts)).split())
    written = (
        match[0] for pattern in (DAYS, _by_words(), NUMBERS) for match in pattern.finditer(seen)
    )
    return next((one for one in written if told in _readings(one)), "")


@lru_cache
def _by_words() -> re.Pattern[str]:
    months = rf"(?:{month_words()})\.?"
    return re.compile(
        rf"(?<!\d)\d{{1,2}}\.?\s{months},?\s\d{{4}}|\b{months}\s\d{{1,2}},?\s\d{{4}}", re.IGNORECASE
    )


def _readings(written: str) -> set[str]:
    """The days that a date may be, as ISO."""
    orders: tuple[DateOrder, ...] = ("", "day-first", "month-first")
    return {iso_date(written, order)[0] for order in orders}


def _keep_rest(page: PageFields, metas: dict[str, list[str]], linked: dict[str, Any]) -> None:
    for key in DESCRIPTIONS:
        page.keep("description", metas.get(key, [""])[0])
    page.keep("description", _text(linked.get("description")))
    page.keep("keywords", "; ".join(metas.get("keywords", [])) or _named(linked.get("keywords")))
    page.keep("tags", "; ".join(dict.fromkeys(metas.get("article:tag", []))))
    page.keep("modified", _text(linked.get("dateModified")))
    for key in MODIFIED:
        page.keep("modified", metas.get(key, [""])[0])
    page.keep("type", _named(linked.get("@type")) or metas.get("og:type", [""])[0])
