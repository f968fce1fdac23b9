"""Dates: every form gives back the day that was written, and no form guesses."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.corpus import dates
from annotator.corpus.dates import iso_date, may_be_two_days, order_of

WORDS = tomllib.loads(Path(dates.__file__).with_name("months.toml").read_text("utf-8"))
EVERY_WORD = [
    (language, number, word)
    for language, months in WORDS["months"].items()
    for number, words in enumerate(months, 1)
    for word in words
]
MONTHS = [f"{date(2031, n, 1):%B}" for n in range(1, 13)]
DAYS = st.dates(date(1600, 1, 1), date(2199, 12, 31))
FORMS = {
    "iso": lambda d: d.isoformat(),
    "iso with zone": lambda d: f"{d.isoformat()}T23:59:59.123456-11:00",
    "iso with a blank": lambda d: f"{d.isoformat()} 05:06:07+00:00",
    "slashes": lambda d: d.isoformat().replace("-", "/"),
    "closed slashes": lambda d: d.isoformat().replace("-", "/") + "/",
    "compact": lambda d: d.isoformat().replace("-", ""),
    "compact with time": lambda d: d.isoformat().replace("-", "") + "T101500Z",
    "stops": lambda d: f"{d.day}.{d.month}.{d.year:04}",
    "stops and blanks": lambda d: f"{d.day}. {d.month}. {d.year:04}",
    "day month year": lambda d: f"{d.day} {MONTHS[d.month - 1]} {d.year}",
    "short month": lambda d: f"{MONTHS[d.month - 1][:3]} {d.day}, {d.year}",
    "short month with stop": lambda d: f"{MONTHS[d.month - 1][:3]}. {d.day}, {d.year}",
    "weekday after": lambda d: f"{MONTHS[d.month - 1]} {d.day}, {d.year} {d:%A} 10:05 PM GMT",
    "weekday before": lambda d: f"{d:%A}, {MONTHS[d.month - 1]} {d.day}, {d.year}",
    "mail": lambda d: f"{d:%a}, {d.day:02} {MONTHS[d.month - 1][:3]} {d.year} 10:00:00 +0400",
    "post": lambda d: f"{d:%a} {MONTHS[d.month - 1][:3]} {d.day:02} 10:00:00 +0000 {d.year}",
    "dashes": lambda d: f"{d.day:02}-{MONTHS[d.month - 1][:3]}-{d.year}",
    "year first": lambda d: f"{d.year} {MONTHS[d.month - 1][:3]} {d.day}",
    "capitals": lambda d: f"{d.day} {MONTHS[d.month - 1].upper()} {d.year}",
    "Persian digits": lambda d: f"{d.day} سپتامبر {d.year}".translate(
        {ord("0") + n: ord("۰") + n for n in range(10)}
    ),
}


@pytest.mark.parametrize("form", FORMS)
@given(day=DAYS)
def test_what_is_written_comes_back(form, day):
    if form == "Persian digits":
        day = date(day.year, 9, min(day.day, 30))

    assert iso_date(FORMS[form](day)) == (day.isoformat(), "day")


@given(day=DAYS)
def test_a_month_comes_back_without_a_day(day):
    for written in (f"{day:%Y-%m}", f"{day:%Y/%m}", f"{MONTHS[day.month - 1]} {day.year}"):
        assert iso_date(written) == (f"{day:%Y-%m}", "month")


@given(day=DAYS, separator=st.sampled_from("/-"), short=st.booleans(), time=st.booleans())
def test_a_date_of_numbers_comes_back_only_where_its_order_is_known(day, separator, short, time):
    year = f"{day.year % 100:02}" if short else f"{day.year:04}"
    beside = " 10:05" if time else ""
    day_first = separator.join((f"{day.day:02}", f"{day.month:02}", year)) + beside
    month_first = separator.join((str(day.month), str(day.day), year)) + beside
    open_ = day.day <= 12 and day.day != day.month

    told = iso_date(day_first, "day-first")

    assert told == iso_date(month_first, "month-first")
    assert told[0] == "" or told[0][4:] == day.isoformat()[4:]
    assert iso_date(day_first) == iso_date(month_first) == (("", "") if open_ else told)
    if told[0] and (day.month, day.day) != (2, 29):
        assert may_be_two_days(day_first) == may_be_two_days(month_first) == open_
        assert bool(order_of(day_first)) != (open_ or day.day == day.month)


def test_every_month_word_stands_for_one_month_alone():
    known: dict[str, int] = {}
    for language, number, word in EVERY_WORD:
        assert known.setdefault(word, number) == number, (language, word)
        assert iso_date(f"21 {word} 2031") == (f"2031-{number:02}-21", "day"), (language, word)
        assert iso_date(f"21 {word.upper()} 2031")[0] == f"2031-{number:02}-21", (language, word)


@pytest.mark.parametrize(
    "language", ["en", "az", "tr", "hy", "ru", "ar", "fa", "uk", "de", "fr", "es", "ka"]
)
def test_a_language_has_twelve_months_and_seven_weekdays(language):
    assert len(WORDS["months"][language]) == 12
    assert len(WORDS["weekdays"][language]) >= 7


@pytest.mark.parametrize("language", WORDS["weekdays"])
def test_weekdays_are_passed_over_on_either_side(language):
    months = WORDS["months"][language]
    for weekday in WORDS["weekdays"][language]:
        assert iso_date(f"{weekday} 21 {months[8][0]} 2031")[0] == "2031-09-21", weekday
        assert iso_date(f"21 {months[8][0]} 2031, {weekday}")[0] == "2031-09-21", weekday


@pytest.mark.parametrize(
    "written",
    [
        "21st September 2031",
        "September 21st, 2031",
        "21 Sept. 2031",
        "21 septembre 2031",
        "mercredi 21 septembre 2031, 10h05",
        "21. September 2031, 10.05 Uhr",
        "21 de septiembre de 2031",
        "21 сентября 2031 г.",
        "21 сентября 2031 года, 10:05",
        "21 вересня 2031 р.",
        "21.09.2031 г.",
        "21 sentyabr 2031-ci il",
        "21 EYLÜL 2031 ÇARŞAMBA",
        "2031 թ. սեպտեմբերի 21",
        "21 սեպտեմբերի 2031 թ.",
        "2031 წლის 21 სექტემბერი",
        "الأربعاء، 21 أيلول 2031",
        "٢١ سبتمبر ٢٠٣١",
        "۲۱ سپتامبر ۲۰۳۱",
        "2031年9月21日",
        "2031년 9월 21일 10:05",
        "2031-09-21T10:00:00+02:00[Europe/Paris]",
        "Wed, 21 Sep 2031 10:00:00 GMT",
        "September 21, 2031, Wednesday",
        "  September\n21,  2031 ",
    ],
)
def test_dates_of_many_tongues_are_understood(written):
    assert iso_date(written) == ("2031-09-21", "day")


@pytest.mark.parametrize("written", ["3 février 2031", "3 fevrier 2031", "3 FE\u0301VR. 2031"])
def test_accents_do_not_matter(written):
    assert iso_date(written)[0] == "2031-02-03"


@pytest.mark.parametrize(
    "written",
    [
        "",
        "yesterday",
        "21 September",
        "September",
        "31/02/2023",
        "31 February 2031",
        "32 May 2031",
        "2031-13-01",
        "20311301",
        "12345678",
        "12340506",
        "2031.5",
        "5 May 31",
        "September 21-22, 2031",
        "Sept/Oct 2031",
        "Fall 2031",
        "21 شهریور 1410",
        "21 May 2031 or later",
        "2031-09-21 to 2031-09-23",
        "The 21 May 2031",
        "3" * 5_000,
        "21 May 2031 " * 400,
    ],
)
def test_what_is_no_date_or_more_than_one_is_not_guessed(written):
    assert iso_date(written) == ("", "")
    assert not may_be_two_days(written)


@given(st.text())
def test_any_text_is_a_date_or_none(text):
    published, precision = iso_date(text)

    assert bool(published) == bool(precision)
    assert len(published) == {"day": 10, "month": 7, "year": 4, "": 0}[precision]


@given(st.lists(st.sampled_from([*"0123456789 ,.:/-T()", "may", "mon", "2031", "de"]), max_size=60))
def test_pieces_of_dates_are_read_or_left_in_no_time(pieces):
    text = "".join(pieces)

    assert iso_date(text, "day-first")[0] or not iso_date(text)[0]
