"""One article as a reader found it, and the draft that is made of it: the same way for all."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from annotator.core.document import NOTHING, DatePrecision, Draft
from annotator.core.errors import DateOrderError, NoTextError
from annotator.corpus.dates import DateOrder, date_fault, iso_date, may_be_two_days
from annotator.corpus.decode import cleaned
from annotator.corpus.file import File
from annotator.corpus.layout import BLANK_LINE, BULLET, stripped, unwrapped
from annotator.corpus.under_headline import NOTHING_UNDER, Under, read_under
from annotator.corpus.wire import Wire, date_line, is_dateline, read_wire

TITLE_MAX = 200
# A headline may ask or exclaim, but it does not stop or announce what follows.
NOT_A_TITLE_END = re.compile(r"(?:[.…։。।:;,])[\"'”’»)\]]*\Z")
NO_WIRE = Wire()
LANGUAGE = re.compile(r"([a-zA-Z]{2,3})(?:[-_]\w+)*")


# A table has one day in many rows.
_iso_date = lru_cache(10_000)(iso_date)
_may_be_two_days = lru_cache(10_000)(may_be_two_days)


class Article(NamedTuple):
    """One article as a reader found it: fields as they are written, nothing settled yet.

    ``text`` is the article without its title; blank lines part its paragraphs. ``date`` is as
    written; ``language`` a code like ``en`` or ``en-GB``. ``meta`` is everything that no field is
    known for. ``found`` tells, for each field, where in the file it was: ``column Headline``,
    ``HD``, ``front matter``. ``at`` is the article's place in a file of several: ``line 14``,
    ``article 3``; ``of_file`` are warnings about the whole file, which its first article carries.
    With ``may_open_with_headline``, a first line that stands alone is its title. ``as_is`` keeps
    the text as it stands (a row that is a unit): its title is metadata only.
    """

    text: str
    title: str = ""
    date: str = ""
    author: str = ""
    source: str = ""
    place: str = ""
    url: str = ""
    external_id: str = ""
    language: str = ""
    section: str = ""
    meta: Mapping[str, str] = NOTHING
    found: Mapping[str, str] = NOTHING
    warnings: tuple[str, ...] = ()
    of_file: tuple[str, ...] = ()
    at: str = ""
    may_open_with_headline: bool = False
    as_is: bool = False


class Titled(NamedTuple):
    """An article's text with its title in front, where that title ends in it, and what is under."""

    text: str
    title: str = ""
    end: int = 0
    under: Under = NOTHING_UNDER


def drafted(article: Article, file: File, dates: DateOrder = "", *, language: str = "") -> Draft:
    """The article as it will be kept.

    Hard-wrapped lines are joined again, the title becomes the first paragraph, and the wire form
    is read. ``language`` holds where the article names none. Raises ``DateOrderError`` for a date
    that may be two days while ``dates`` does not say which, and ``NoTextError`` where there is no
    sentence.
    """
    where = f"{file.name}: {article.at}" if article.at else file.name
    text, warnings = cleaned(article.text)
    titled, wire, more = _settled(article, text)
    _refuse_without_sentence(titled, wire, where)
    published, precision = _date(article.date, dates, where) if article.date else ("", "")
    told = LANGUAGE.fullmatch(article.language.strip()) if article.language else None
    unread = _unread(article, published, told)
    untold = [*(UNREAD[name](value) for name, value in unread.items()), *wire.warnings]
    return Draft(
        text=titled.text,
        file=file.name,
        file_sha256=file.sha256,
        title=titled.title or _one_line(article.title),
        headline_end=titled.end,
        furniture=wire.furniture,
        published=published or wire.published,
        date_precision=precision or wire.date_precision,
        author=_one_line(article.author) or titled.under.author,
        source=_one_line(article.source) or titled.under.source,
        place=_one_line(article.place) or wire.place,
        url=_one_line(article.url),
        external_id=_one_line(article.external_id),
        language=told[1].lower() if told else language,
        section=_one_line(article.section),
        meta={key: cleaned(value)[0] for key, value in (unread | dict(article.meta)).items()},
        found=_found(article, titled, wire, published),
        warnings=(
            *article.of_file,
            *_at(article.at, [*warnings, *more, *article.warnings, *untold]),
        ),
    )


def _at(place: str, warnings: Sequence[str]) -> Sequence[str]:
    """The warnings with the place in the file that they are about."""
    return [f"{place}: {one}" for one in warnings] if place else warnings


UNREAD: dict[str, Callable[[str], str]] = {
    "date": date_fault,
    "language": lambda written: f"the language {written!r} is not understood; write it like en",
}
"""What to say of a field whose value cannot be told."""


def _unread(article: Article, published: str, told: object) -> dict[str, str]:
    """The fields whose values cannot be told: they are kept aside as they are written."""
    asked = (("date", article.date, published), ("language", article.language, told))
    return {name: value for name, value, read in asked if value.strip() and not read}


def _found(article: Article, titled: Titled, wire: Wire, published: str) -> dict[str, str]:
    """Where each field was found, by the reader or in the text itself."""
    found = dict(article.found)
    under = {name: value for name, value in titled.under._asdict().items() if name != "spans"}
    for name, written in under.items():
        if written and not getattr(article, name):
            found[name] = "line under the headline"
    if wire.published and not published and not titled.under.date:
        found["date"] = "date line"
    if wire.place and not article.place:
        found["place"] = "dateline"
    if titled.title and not article.title:
        found["title"] = "first line"
    return found


def _settled(article: Article, text: str) -> tuple[Titled, Wire, list[str]]:
    if article.as_is:
        return Titled(text=text), NO_WIRE, []
    text, width = unwrapped(text)
    said = [f"lines broken at about {width} characters were joined again"] if width else []
    titled = (
        _with_headline(text)
        if article.may_open_with_headline and not article.title.strip()
        else _titled(cleaned(article.title)[0], text)
    )
    return titled, read_wire(titled.text, titled.end, titled.under), said


def _date(written: str, dates: DateOrder, where: str) -> tuple[str, DatePrecision]:
    if not dates and _may_be_two_days(written):
        raise DateOrderError(
            f"{where}: the date {written.strip()!r} may be read in two ways; say which number "
            "comes first: --dates day-first or --dates month-first"
        )
    return _iso_date(written, dates)


def _one_line(written: str) -> str:
    return " ".join(cleaned(written)[0].split()) if written else ""


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
    ends = end if "\n" not in text[start:end] else text.index("\n", start)
    under = read_under(text, ends)
    # What else stands in a paragraph with it must be known, else it is the article's first line.
    if _is_headline(text, start, ends) and (ends == end or under.spans):
        return Titled(text=text, title=text[start:ends].rstrip(), end=ends, under=under)
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


def _refuse_without_sentence(article: Titled, wire: Wire, where: str) -> None:
    at, left = article.end, []
    for start, end in wire.furniture:
        left.append(article.text[at:start])
        at = max(at, end)
    left.append(article.text[at:])
    if not any(any(map(str.isalpha, part)) for part in left):
        raise NoTextError(f"{where}: there is no sentence in it; give it some text or leave it out")
