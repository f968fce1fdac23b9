"""The form of news-agency copy: the date line and the datelines, which are nobody's sentence.

They stay in the text, so that offsets are those of the file; units leave them out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from annotator.core.document import DatePrecision
from annotator.corpus.dates import date_fault, iso_date, month_words
from annotator.corpus.layout import paragraphs
from annotator.corpus.under_headline import NOTHING_UNDER, Under

DATE_LINE = re.compile(r"\s*(?P<line>date:?\s+(?P<date>\d{4}-\d\d-\d\d))(?=\s)", re.IGNORECASE)
DATELINE_MAX = 80
YEAR_LAST = re.compile(r"\d{4}\Z")
# Slugs that stand where a place would.
NOT_PLACES = frozenset(
    {"ANALYSIS", "BREAKING", "CORRECTED", "CORRECTION", "EXCLUSIVE", "FACTBOX", "OPINION"}
    | {"UPDATE", "URGENT", "WATCH"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """What the wire form of an article tells, and where it lies."""

    furniture: tuple[tuple[int, int], ...] = ()
    published: str = ""
    date_precision: DatePrecision = ""
    place: str = ""
    warnings: tuple[str, ...] = ()


def read_wire(text: str, headline_end: int = 0, under: Under = NOTHING_UNDER) -> Wire:
    """The date line and the datelines of an article, beside the lines ``under`` its headline.

    The date line opens the text, or the body after a headline. A dateline opens a paragraph;
    after the first paragraph only one that names a date or an agency is believed.

    >>> read_wire(" date 2031-05-04 KORVA, Ostravia, May 4. The bridge is open.").place
    'KORVA, Ostravia'
    """
    line = date_line(text) or date_line(text, headline_end)
    body = max(headline_end, under.end, line[1] if line else 0)
    found = [
        _dateline(text, *block, first=n == 0) for n, block in enumerate(paragraphs(text, body))
    ]
    datelines = [match for match in found if match]
    written = text[slice(*line)].split()[-1] if line else under.date or _stated(datelines)
    dated = iso_date(written)
    spans = [*([line] if line else []), *under.spans]
    return Wire(
        furniture=tuple(spans + [match.span() for match in datelines]),
        published=dated[0],
        date_precision=dated[1],
        place=" ".join(datelines[0]["place"].split()) if datelines else "",
        warnings=(date_fault(written),) if written and not dated[0] else (),
    )


def date_line(text: str, start: int = 0) -> tuple[int, int] | None:
    """Where ``date YYYY-MM-DD`` stands, if that is what the text begins with at ``start``."""
    match = DATE_LINE.match(text, start)
    return match.span("line") if match else None


def is_dateline(text: str, start: int, end: int) -> bool:
    """Whether the block is, or begins with, a dateline of an article's first paragraph."""
    return _dateline(text, start, end, first=True) is not None


def _dateline(text: str, start: int, end: int, *, first: bool) -> re.Match[str] | None:
    forms = _forms()
    for form in forms if first else forms[:1]:
        match = form.match(text, start, min(end, start + DATELINE_MAX))
        if match and match["place"] not in NOT_PLACES:
            return match
    return None


def _stated(datelines: list[re.Match[str]]) -> str:
    """The date of the first dateline, where it has a year; else nothing is known, nor missed."""
    written = (datelines[0].groupdict().get("date") or "") if datelines else ""
    return written if YEAR_LAST.search(written) else ""


@lru_cache
def _forms() -> tuple[re.Pattern[str], ...]:
    """The datelines that are believed, the surest first; the others open only a first paragraph."""
    upper = "".join(re.escape(c) for c in map(chr, range(0x41, 0x58F)) if c.isupper())
    months = f"(?i:{month_words()})"
    caps = rf"(?:(?:ST|FT)\.|[{upper}][{upper}'’\-]+)"
    city = rf"{caps}(?:[ /\-]{caps}){{0,3}}"
    name = rf"[{upper}][\w'’\-]+(?:[ \-][{upper}][\w'’\-]+){{0,3}}"
    region = rf",\s[{upper}][\w.'’\-]*(?:\s[\w.'’\-]+){{0,3}}?"
    day = rf"(?:{months}\.?\s\d{{1,2}}|\d{{1,2}}\.?\s{months}\.?)(?:,?\s\d{{4}})?"
    date = rf"[.,]?\s(?P<date>{day})"
    marked = rf"[.,]?\s?(?:\([{upper}][\w./ \-]{{1,24}}\)|/[{upper}][\w. \-]{{1,20}}/)"
    agency = rf"(?:{marked}|[.,]\s[{upper}][{upper}.]{{1,13}}[{upper}])"
    dash = r"\s?(?:—|–|--|-)(?=\s)"
    stop = rf"(?:\.?{dash}|[.:](?=\s|\Z))"
    return tuple(
        re.compile(form)
        for form in (
            rf"(?P<place>{city}(?:{region}){{0,2}}?)(?:{date}(?:{agency})?{stop}|{marked}{stop})",
            rf"(?P<place>{name}(?:{region}){{1,2}}?){date}(?:{agency})?{stop}",
            rf"(?P<place>{name}){date}{agency}(?:{stop}|(?=\n))",
            rf"(?P<place>{name}(?:{region}){{0,2}}?){marked}\.?{dash}",
            rf"(?P<place>{city}(?:{region}){{0,2}}?){dash}(?=\s+[\"“„«‘(]*[{upper}\d])",
        )
    )
