"""Rows of a table to articles, by the column of each field; and the order of numbers in dates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from annotator.core.errors import DateOrderError
from annotator.corpus.article import Article
from annotator.corpus.dates import DateOrder, may_be_two_days, order_of
from annotator.corpus.format import Rows

FIELDS = (
    *("text", "title", "date", "author", "source"),
    *("place", "url", "id", "language", "section"),
)
"""What a column of a table can be, by the names users know; the others go to ``meta``."""


FOUND_AS = {"id": "external_id"}
"""Fields that an article knows by another name."""


class Order(NamedTuple):
    """Which number comes first in the dates of a column, and by which row that is known."""

    dates: DateOrder = ""
    note: str = ""


def articles(table: Rows, columns: Mapping[str, str], *, as_is: bool) -> Iterator[Article]:
    """An article of each row that is not empty; ``columns`` names the column of each field.

    What no field is known for goes to ``meta``, as it is written.
    """
    taken = {name: column for name, column in columns.items() if column}
    held = frozenset(taken.values())
    found = {FOUND_AS.get(name, name): f"column {column}" for name, column in taken.items()}
    text, title, date = (taken.get(name, "") for name in ("text", "title", "date"))
    author, source, place = (taken.get(name, "") for name in ("author", "source", "place"))
    url, id_, language = (taken.get(name, "") for name in ("url", "id", "language"))
    section = taken.get("section", "")
    for line, cells in table.rows:
        if not any(map(str.strip, cells.values())):
            continue
        cell = cells.get
        yield Article(
            text=cell(text, ""),
            title=cell(title, "") if title else "",
            date=cell(date, "") if date else "",
            author=cell(author, "") if author else "",
            source=cell(source, "") if source else "",
            place=cell(place, "") if place else "",
            url=cell(url, "") if url else "",
            external_id=cell(id_, "") if id_ else "",
            language=cell(language, "") if language else "",
            section=cell(section, "") if section else "",
            meta={key: value for key, value in cells.items() if value and key not in held},
            found=found,
            at=f"{table.place} {line}",
            as_is=as_is,
        )


def order_in(name: str, table: Rows, column: str) -> Order:
    """The order of day and month in a column, by the dates in it that can be read in one way only.

    Nothing where no date may be two days, and where none decides. Raises ``DateOrderError``
    where two rows decide against each other.
    """
    decides: dict[DateOrder, str] = {}
    open_ = ""
    for line, cells in table.rows:
        written = cells.get(column, "")
        order, two = numbered(written)
        if order and order not in decides:
            decides[order] = f"{table.place} {line} has {written.strip()!r}"
        if two and not open_:
            open_ = f"{table.place} {line}: the date {written.strip()!r} may be read in two ways"
    if not open_ or not decides:
        return Order()
    if len(decides) > 1:
        raise DateOrderError(
            f"{name}: {open_}, and {' while '.join(decides.values())}; say which number comes "
            "first: --dates day-first or --dates month-first"
        )
    ((dates, place),) = decides.items()
    return Order(dates, f"{place}, so dates in {column!r} were read {dates}")


@lru_cache(maxsize=50_000)
def numbered(written: str) -> tuple[DateOrder, bool]:
    """What a date of numbers shows of their order, and whether it may be two days.

    Dates with stops show nothing: they are written day first wherever they are written.

    >>> numbered("21/09/2031"), numbered("03-04-31"), numbered("21.09.2031"), numbered("May 2031")
    (('day-first', False), ('', True), ('', False), ('', False))
    """
    if len(written) > 60 or "." in written:
        return "", False
    return order_of(written), may_be_two_days(written)
