"""Dates as articles write them, as ISO dates."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from functools import lru_cache
from pathlib import Path

from annotator.core.document import DatePrecision

ISO = re.compile(r"(\d{4})-(\d\d)(?:-(\d\d)(?:[T ]\d\d:\d\d.*)?)?|(\d{4})")
BY_NUMBERS = re.compile(r"(\d{1,2})([./])(\d{1,2})\2(\d{4})")


def iso_date(written: str) -> tuple[str, DatePrecision]:
    """``(published, precision)`` of a date, or two empty strings where it cannot be told.

    >>> iso_date("21 September 2023"), iso_date("2023-09"), iso_date("09/21/2023")
    (('2023-09-21', 'day'), ('2023-09', 'month'), ('2023-09-21', 'day'))
    >>> iso_date("03/04/2023")  # the third of April, or the fourth of March?
    ('', '')
    """
    written = " ".join(written.split())
    if match := ISO.fullmatch(written):
        year, month, day, lone_year = match.groups()
        return _checked(year or lone_year, month, day)
    if match := BY_NUMBERS.fullmatch(written):
        return _by_numbers(*match.groups())
    if match := by_words().fullmatch(written):
        month = str(_months()[_folded(match["month"] or match["month_first"])])
        return _checked(match["year"], month, match["day"] or match["day_last"])
    return "", ""


def date_fault(written: str) -> str:
    """What to say of a date that ``iso_date`` cannot tell."""
    return f"the date {written!r} is not understood; write it like 2031-05-04"


@lru_cache
def by_words() -> re.Pattern[str]:
    """A date with its month as a word; groups ``day|day_last month|month_first year``."""
    return re.compile(
        rf"(?:(?P<day>\d{{1,2}})\.?\s(?P<month>{month_words()})\.?"
        rf"|(?P<month_first>{month_words()})\.?\s(?P<day_last>\d{{1,2}}))"
        r"(?:,?\s(?P<year>\d{4}))",
        re.IGNORECASE,
    )


@lru_cache
def month_words() -> str:
    """Every month word of ``months.toml``, the longest first, as one alternative."""
    return "|".join(sorted((re.escape(word) for word in _months()), key=lambda w: (-len(w), w)))


@lru_cache
def _months() -> dict[str, int]:
    listed = tomllib.loads(Path(__file__).with_name("months.toml").read_text("utf-8"))
    return {
        _folded(word): number
        for months in listed.values()
        for number, words in enumerate(months, 1)
        for word in words
    }


def _folded(word: str) -> str:
    # "KASIM" and "NİSAN" fold to plain i and to i with a combining dot.
    return word.casefold().replace("ı", "i").replace("i̇", "i")


def _by_numbers(first: str, separator: str, second: str, year: str) -> tuple[str, DatePrecision]:
    """Stops mean day, month, year; with slashes the order is known only past the twelfth."""
    if separator == "." or int(first) > 12:
        return _checked(year, second, first)
    if int(second) > 12 or first == second:
        return _checked(year, first, second)
    return "", ""


def _checked(year: str, month: str | None, day: str | None) -> tuple[str, DatePrecision]:
    try:
        known = date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return "", ""
    if day:
        return known.isoformat(), "day"
    return (known.isoformat()[:7], "month") if month else (known.isoformat()[:4], "year")
