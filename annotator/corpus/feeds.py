"""Feeds that were saved as files, RSS and Atom: one article for each entry."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from annotator.core.errors import ReadError
from annotator.corpus.article import Article
from annotator.corpus.file import File
from annotator.corpus.format import Format
from annotator.corpus.guards import refuse_entities
from annotator.corpus.markup import FURNITURE, decoded_markup, paragraphs_of, parsed, root_of

SUFFIXES = (".rss", ".atom", ".xml")
ROOTS = ("rss", "rdf", "feed")

MOST_BYTES = 20 * 2**20
"""Bytes of the largest feed; those of a whole year stay far below."""

ONLY_SUMMARIES = (
    "entries hold only a summary, not the whole article; read the articles' own pages if you need "
    "all of their text"
)


def read_feed(file: File) -> Iterator[Article]:
    """Each entry of a feed, with its whole text where the feed has it, else with its summary.

    Dates are as the feed writes them, so that the day is that of the entry's own time zone.
    Raises ``ReadError`` for XML that is no feed, declares entities or has no entries.
    """
    text, warnings = decoded_markup(file.content(MOST_BYTES), file.name)
    content = text.encode("utf-8", "replace")
    refuse_entities(content, file.name)
    if root_of(text) not in ROOTS:
        raise ReadError(
            f"{file.name}: is XML but no RSS or Atom feed; give a feed, or export it as a table"
        )
    feed = _parsed(content, file.name)
    if not feed["entries"]:
        raise ReadError(f"{file.name}: the feed has no entries{_broken(feed)}; save it again")
    if broken := _broken(feed):
        warnings.append(broken.strip(" ()"))
    short = sum("content" not in entry for entry in feed["entries"])
    if short:
        warnings.append(f"{short:,} of {len(feed['entries']):,} {ONLY_SUMMARIES}")
    for number, entry in enumerate(feed["entries"], 1):
        yield _article(feed["feed"], entry, f"entry {number}", file.name, tuple(warnings))
        warnings = []


def _parsed(content: bytes, name: str) -> Any:
    import feedparser  # type: ignore[import-untyped]

    try:
        # As bytes it would be tried as a file name first, and as text as an address.
        return feedparser.parse(
            io.BytesIO(content),
            response_headers={"content-type": "application/xml; charset=utf-8"},
            resolve_relative_uris=False,
            sanitize_html=True,
        )
    except (ValueError, LookupError, AttributeError, TypeError, AssertionError) as fault:
        # It takes for granted that elements and attributes are named as in a sound feed.
        raise ReadError(f"{name}: the feed is damaged ({fault}); save it again") from fault


def _broken(feed: Any) -> str:
    fault = feed.get("bozo_exception")
    if not feed.get("bozo") or fault is None:
        return ""
    return f" (the feed is not well formed: {' '.join(str(fault).split())})"


def _article(feed: Any, entry: Any, at: str, name: str, warnings: tuple[str, ...]) -> Article:
    where = f"{name}: {at}"
    tags = [tag.get("label") or tag.get("term") or "" for tag in entry.get("tags", ())]
    said = {
        "title": _first(entry_title=_text(entry.get("title_detail"), where)),
        "date": _first(
            entry_published=entry.get("published"),
            entry_updated=_updated(entry),
        ),
        "author": _first(entry_author=entry.get("author"), feed_author=feed.get("author")),
        "url": _first(entry_link=entry.get("link")),
        "external_id": _first(entry_id=entry.get("id")),
        "source": _first(
            entry_source=(entry.get("source") or {}).get("title"),
            feed_title=_text(feed.get("title_detail"), where),
        ),
        "language": _first(entry_language=_language(entry), feed_language=feed.get("language")),
        "section": _first(entry_category=next(filter(None, tags), "")),
    }
    texts = entry.get("content") or [entry.get("summary_detail")]
    meta = {
        "tags": "; ".join(filter(None, tags)),
        "updated": _updated(entry) if "published" in entry else "",
    }
    fields: dict[str, Any] = {field: value for field, (value, _) in said.items() if value}
    return Article(
        **fields,
        text="\n\n".join(filter(None, (_text(one, where) for one in texts))),
        meta={key: value for key, value in meta.items() if value},
        found={field: place for field, (value, place) in said.items() if value},
        of_file=warnings,
        at=at,
    )


def _first(**places: str | None) -> tuple[str, str]:
    """The first value that there is, and the name of its place; empty where there is none."""
    for place, value in places.items():
        if value and value.strip():
            return value, place.replace("_", " ")
    return "", ""


def _text(detail: Any, where: str) -> str:
    """The paragraphs of a title, summary or content, which may be HTML."""
    if not detail or not (value := str(detail.get("value") or "")).strip():
        return ""
    if detail.get("type") == "text/plain":
        return value.strip()
    return paragraphs_of(parsed(value, where).body, FURNITURE)


def _language(entry: Any) -> str:
    details = (*entry.get("content", ()), entry.get("summary_detail"), entry.get("title_detail"))
    return next((one["language"] for one in details if one and one.get("language")), "")


def _updated(entry: Any) -> str:
    # Asked for it where an entry lacks it, feedparser answers with ``published``, and warns.
    if "updated" not in entry:
        return ""
    return str(entry["updated"])


def _is_feed(file: File) -> bool:
    root = root_of(file.head_text)
    return root in ROOTS or (file.suffix in SUFFIXES and root not in ("", "html"))


FEED = Format(
    name="feed", title="an RSS or Atom feed", suffixes=SUFFIXES, fits=_is_feed, articles=read_feed
)
