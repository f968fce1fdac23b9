"""Dates as articles write them, as ISO dates."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Literal

from annotator.core.document import DatePrecision

ISO = re.compile(r"(\d{4})-(\d\d)(?:-(\d\d)(?:[T ]\d\d:\d\d.*)?)?|(\d{4})")
BY_NUMBERS = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})(?:,?\s\d{1,2}:\d\d.*)?")

DateOrder = Literal["", "day-first", "month-first"]
"""Which number comes first in dates like 03/04/2031; empty where nobody has said."""


def iso_date(written: str, order: DateOrder = "") -> tuple[str, DatePrecision]:
    """``(published, precision)`` of a date, or two empty strings where it cannot be told.

    >>> iso_date("21 September 2023"), iso_date("2023-09"), iso_date("09/21/2023")
    (('2023-09-21', 'day'), ('2023-09', 'month'), ('2023-09-21', 'day'))
    >>> iso_date("03/04/2023")  # the third of April, or the fourth of March?
    ('', '')
    >>> iso_date("03/04/2023", "day-first"), iso_date("03/04/23", "month-first")
    (('2023-04-03', 'day'), ('2023-03-04', 'day'))
    """
    written = " ".join(written.split())
    if match := ISO.fullmatch(written):
        year, month, day, lone_year = match.groups()
        return _checked(year or lone_year, month, day)
    if match := BY_NUMBERS.fullmatch(written):
        first, separator, second, year = match.groups()
        return _by_numbers(first, separator, second, year, order)
    if match := by_words().fullmatch(written):
        month = str(_months()[_folded(match["month"] or match["month_first"])])
        return _checked(match["year"], month, match["day"] or match["day_last"])
    return "", ""


def date_fault(written: str) -> str:
    """What to say of a date that ``iso_date`` cannot tell."""
    return f"the date {written.strip()!r} is not understood; write it like 2031-05-04"


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


def order_of(written: str) -> DateOrder:
    """Which number comes first in a date of numbers, where it shows by itself.

    >>> order_of("21/09/2031"), order_of("9/21/31"), order_of("03/04/2031")
    ('day-first', 'month-first', '')
    """
    match = BY_NUMBERS.fullmatch(" ".join(written.split()))
    if match is None or not _is_day(match[1], match[3], match[4]):
        return ""
    if match[2] == "." or int(match[1]) > 12:
        return "day-first"
    return "month-first" if int(match[3]) > 12 else ""


def may_be_two_days(written: str) -> bool:
    """Whether a date of numbers is one day when read one way and another when read the other.

    >>> may_be_two_days("03/04/23"), may_be_two_days("04/04/2031"), may_be_two_days("31/02/2031")
    (True, False, False)
    """
    match = BY_NUMBERS.fullmatch(" ".join(written.split()))
    if match is None or match[1].lstrip("0") == match[3].lstrip("0") or order_of(written):
        return False
    return bool(_checked(_year(match[4]), match[1], match[3])[0]) and bool(
        _checked(_year(match[4]), match[3], match[1])[0]
    )


def _by_numbers(
    first: str, separator: str, second: str, year: str, order: DateOrder
) -> tuple[str, DatePrecision]:
    """Stops mean day, month, year; else the order is known only past the twelfth, or when told."""
    known = order_of(f"{first}{separator}{second}{separator}{year}") or order
    if not known and first.lstrip("0") != second.lstrip("0"):
        return "", ""
    day, month = (second, first) if known == "month-first" else (first, second)
    return _checked(_year(year), month, day)


def _is_day(first: str, second: str, year: str) -> bool:
    return any(_checked(_year(year), *pair)[0] for pair in ((first, second), (second, first)))


def _year(written: str) -> str:
    """Two digits are a year of 1970 to 2069, much as POSIX and Excel take them.

    >>> _year("69"), _year("70"), _year("2031")
    ('2069', '1970', '2031')
    """
    return written if len(written) == 4 else f"{'20' if int(written) < 70 else '19'}{written}"


def _checked(year: str, month: str | None, day: str | None) -> tuple[str, DatePrecision]:
    try:
        known = date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return "", ""
    if day:
        return known.isoformat(), "day"
    return (known.isoformat()[:7], "month") if month else (known.isoformat()[:4], "year")
