"""Lines of CSV as RFC 4180 has them: comma, double quotes only where needed, CR LF at the end."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence

END = "\r\n"

LONGEST_FIELD = 5_000_000
"""Characters of the longest field that is read back: a long book."""

Quote = Callable[[Sequence[object]], str]


class _Echo:
    """A file that hands back what is written to it, so that csv's quoting can be had alone."""

    def write(self, text: str) -> str:
        return text


def quoting() -> Quote:
    """A function that quotes two or more fields as one part of a line, without the line's end.

    Each caller takes its own: a csv writer must not be shared between threads. Parts that
    repeat from row to row are quoted once and joined by commas, which is what makes exports fast.

    >>> quoting()(["a,b", 1, None, "c"])
    '"a,b",1,,c'
    """
    writer = csv.writer(_Echo(), lineterminator=END)

    def quote(fields: Sequence[object]) -> str:
        line: str = writer.writerow(fields)
        return line[: -len(END)]

    return quote


def rows_of(text: str) -> Iterator[list[str]]:
    """The rows of whole lines of CSV.

    >>> list(rows_of('a,"b,""c"\\r\\n'))
    [['a', 'b,"c']]
    """
    csv.field_size_limit(LONGEST_FIELD)
    return csv.reader(io.StringIO(text, newline=""), strict=True)


def seconds_text(seconds: float | None) -> str:
    """Seconds with at most three decimals and no zeros to no purpose.

    >>> seconds_text(2.5), seconds_text(3.0), seconds_text(0.12349), seconds_text(None)
    ('2.5', '3', '0.123', '')
    """
    return "" if seconds is None else f"{seconds:.3f}".rstrip("0").rstrip(".")
