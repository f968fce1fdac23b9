"""Dates as articles and archives write them, as ISO dates: read by known forms, never guessed."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from annotator.core.document import DatePrecision

LONGEST = 100
"""Characters of the longest date; what is longer is text."""

ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)")

# What may follow a date and says nothing of the day; all forms are matched in lower case.
ZONE = r"z|[+-]\d\d(?::?\d\d)?|\(?[a-z]{2,5}\)?(?:[+-]\d{1,2}(?::?\d\d)?)?|\[\w+/\w+\]"
TIME = (
    r"\d{1,2}[:.h]\d\d(?:[:.]\d\d(?:[.,]\d{1,9})?)?"
    rf"(?:\s?[ap]\.?m\.?)?(?:\s?uhr)?(?:\s?(?:{ZONE})){{0,2}}"
)
BETWEEN = r"(?:\s?[,،]\s?|\s)"

# "2031 г.", "2031-ci il", "2031 թ.", "2031 წლის": the word for year, in its cases.
YEAR = (
    r"(?P<{}>\d{{4}})"
    r"(?:\s?(?:г|р|թ|წ)\.|\s(?:года?|році|року|рік|թվական(?:ի|ին)?|წლის|წელი)|-c[iuı]\s(?:ilin|il))?"
)
DAY = r"(?P<{}>\d{{1,2}})(?:st|nd|rd|th|er|re|[.º°]|-(?:го|е))?"
OF = r"(?:\s(?:of|de|del)\s|\sd['’]|[\s./-])"

DateOrder = Literal["", "day-first", "month-first"]
"""Which number comes first in dates like 03/04/2031; empty where nobody has said."""


def iso_date(written: str, order: DateOrder = "") -> tuple[str, DatePrecision]:
    """``(published, precision)`` of a date, or two empty strings where it cannot be told.

    A weekday and a time of day beside it are passed over; the day is that of the place where it
    was written, whatever its zone.

    >>> iso_date("21 September 2023"), iso_date("2023-09"), iso_date("09/21/2023")
    (('2023-09-21', 'day'), ('2023-09', 'month'), ('2023-09-21', 'day'))
    >>> iso_date("September 21, 2023 Thursday 10:05 PM GMT"), iso_date("le 21 septembre")
    (('2023-09-21', 'day'), ('', ''))
    >>> iso_date("03/04/2023")  # the third of April, or the fourth of March?
    ('', '')
    >>> iso_date("03/04/2023", "day-first"), iso_date("03/04/23", "month-first")
    (('2023-04-03', 'day'), ('2023-03-04', 'day'))
    """
    if match := ISO.fullmatch(written):
        return _checked(*match.groups())
    text = _plain(written)
    if match := _by_numbers().fullmatch(text):
        return _of_numbers(match, order)
    if match := _by_year().fullmatch(text):
        year, month, day = _parts(match)
        return _checked(year, month, day)
    if match := _by_words().fullmatch(text):
        year, month, day = _parts(match)
        return _checked(year, str(_months()[_folded(month)]), day)
    return "", ""


def date_fault(written: str) -> str:
    """What to say of a date that ``iso_date`` cannot tell."""
    return f"the date {written.strip()!r} is not understood; write it like 2031-05-04"


def order_of(written: str) -> DateOrder:
    """Which number comes first in a date of numbers, where it shows by itself.

    >>> order_of("21/09/2031"), order_of("9/21/31"), order_of("03/04/2031")
    ('day-first', 'month-first', '')
    """
    match = _by_numbers().fullmatch(_plain(written))
    return _order_of(match) if match else ""


def may_be_two_days(written: str) -> bool:
    """Whether a date of numbers is one day when read one way and another when read the other.

    >>> may_be_two_days("03/04/23"), may_be_two_days("04/04/2031"), may_be_two_days("31/02/2031")
    (True, False, False)
    """
    match = _by_numbers().fullmatch(_plain(written))
    if match is None or int(match["first"]) == int(match["second"]) or _order_of(match):
        return False
    return all(_as_read(match, first)[0] for first in ("day-first", "month-first"))


@lru_cache
def month_words() -> str:
    """Every month word of ``months.toml``, the longest first, as one alternative."""
    return _alternative(
        word.casefold().replace("ı", "i")
        for months in _words()["months"].values()
        for words in months
        for word in words
    )


def _of_numbers(match: re.Match[str], order: DateOrder) -> tuple[str, DatePrecision]:
    """Stops mean day, month, year; else the order is known only past the twelfth, or when told."""
    known = _order_of(match) or order
    if not known and int(match["first"]) != int(match["second"]):
        return "", ""
    return _as_read(match, known)


def _order_of(match: re.Match[str]) -> DateOrder:
    if not any(_as_read(match, first)[0] for first in ("day-first", "month-first")):
        return ""
    if match["separator"] == "." or int(match["first"]) > 12:
        return "day-first"
    return "month-first" if int(match["second"]) > 12 else ""


def _as_read(match: re.Match[str], order: str) -> tuple[str, DatePrecision]:
    day, month = match["first"], match["second"]
    if order == "month-first":
        day, month = month, day
    return _checked(_year(match["year"]), month, day)


def _year(written: str) -> str:
    """Two digits are a year of 1970 to 2069, much as POSIX and Excel take them.

    >>> _year("69"), _year("70"), _year("2031")
    ('2069', '1970', '2031')
    """
    return written if len(written) == 4 else f"{'20' if int(written) < 70 else '19'}{written}"


def _checked(year: str, month: str, day: str) -> tuple[str, DatePrecision]:
    try:
        known = date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return "", ""
    if day:
        return known.isoformat(), "day"
    return (known.isoformat()[:7], "month") if month else (known.isoformat()[:4], "year")


def _parts(match: re.Match[str]) -> tuple[str, str, str]:
    """Year, month and day as written: each form has its own groups, ``year_3`` and so on."""
    parts = {name.partition("_")[0]: text for name, text in match.groupdict().items() if text}
    return parts.get("year", ""), parts.get("month", ""), parts.get("day", "")


@lru_cache
def _by_numbers() -> re.Pattern[str]:
    """A date whose numbers leave the order open: ``first separator second year``."""
    return _beside(
        r"(?P<first>\d{1,2})(?P<separator>[./-])\s?(?P<second>\d{1,2})(?P=separator)\s?"
        r"(?P<year>\d{4}|\d{2})(?:\s?[гр]\.)?"
    )


@lru_cache
def _by_year() -> re.Pattern[str]:
    """A date of numbers that begins with its year, so that month and day are in no doubt."""
    # 2031年9月21日 and 2031년 9월 21일: folding takes Korean syllables apart.
    year, month, day = (_alternative(map(_folded, pair)) for pair in ("年년", "月월", "日일"))
    return _beside(
        r"(?P<year_1>\d{4})(?P<dash>[-/.])(?P<month_1>\d{1,2})(?P=dash)(?P<day_1>\d{1,2})[/.]?"
        r"|(?P<year_2>\d{4})(?:[-/](?P<month_2>\d\d))?"
        r"|(?P<year_3>1[5-9]\d\d|2[01]\d\d)(?P<month_3>\d\d)(?P<day_3>\d\d)(?:t?\d{6}z?|t\d{4}z?)?"
        rf"|(?P<year_4>\d{{4}})\s?(?:{year})\s?(?P<month_4>\d{{1,2}})\s?(?:{month})"
        rf"(?:\s?(?P<day_4>\d{{1,2}})\s?(?:{day}))?"
    )


@lru_cache
def _by_words() -> re.Pattern[str]:
    """A date with its month as a word."""
    words = _alternative(_months())

    def month(number: int) -> str:
        return rf"(?P<month_{number}>{words})\.?"

    def year(number: int) -> str:
        return YEAR.format(f"year_{number}")

    def day(number: int) -> str:
        return DAY.format(f"day_{number}")

    return _beside(
        rf"{day(1)}{OF}?{month(1)}(?:\s?[,،]\s?|{OF}){year(1)}"
        rf"|{month(2)}[\s-]{day(2)}(?:{BETWEEN}|-)(?:{TIME}\s)?{year(2)}"
        rf"|{month(3)}(?:\s?[,،]\s?|{OF}){year(3)}"
        rf"|{year(4)}{BETWEEN}{month(4)}(?:[\s.-]{day(4)})?"
        rf"|{year(5)}{BETWEEN}{day(5)}{OF}?{month(5)}"
    )


def _beside(form: str) -> re.Pattern[str]:
    """The form, with what may stand beside a date: a weekday before or after it, a time."""
    weekday = rf"(?:{_alternative(map(_folded, _weekdays()))})\.?"
    return re.compile(
        rf"(?:{weekday}{BETWEEN})?(?:{form})"
        rf"(?:{BETWEEN}\(?{weekday}\)?)?(?:(?:{BETWEEN}|t)\(?{TIME}\)?)?(?:{BETWEEN}{weekday})?"
    )


def _alternative(words: Iterable[str]) -> str:
    """The words as one alternative, the longest first."""
    return "|".join(sorted({re.escape(word) for word in words}, key=lambda w: (-len(w), w)))


def _plain(written: str) -> str:
    """A date in the form that is matched: one line, lower case, plain letters and digits."""
    return _folded(" ".join(written[: LONGEST + 1].split())) if len(written) <= LONGEST else ""


def _folded(text: str) -> str:
    """Lower case without accents, marks and joiners; digits of all scripts as 0 to 9.

    >>> _folded("12 KASIM"), _folded("FÉVR"), _folded("٢١")
    ('12 kasim', 'fevr', '21')
    """
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.replace("İ", "i")).casefold()
    return "".join(
        str(unicodedata.decimal(c)) if c.isdecimal() else c
        for c in plain.replace("ı", "i").replace("ي", "ی").replace("ك", "ک")
        if unicodedata.category(c) not in ("Mn", "Cf")
    )


@lru_cache
def _words() -> dict[str, dict[str, Any]]:
    return tomllib.loads(Path(__file__).with_name("months.toml").read_text("utf-8"))


@lru_cache
def _months() -> dict[str, int]:
    return {
        _folded(word): number
        for months in _words()["months"].values()
        for number, words in enumerate(months, 1)
        for word in words
    }


def _weekdays() -> list[str]:
    return [word for words in _words()["weekdays"].values() for word in words]
