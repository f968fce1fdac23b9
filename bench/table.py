"""Tables on the console and in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.table import Table

MARK = {None: "", True: "✓", False: "✗"}
"""Whether a bar is reached; None where there is none."""


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    """The rows as the console shows them."""
    made = Table(*heads, show_lines=True)
    for row in rows:
        made.add_row(*row)
    return made


def markdown(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """The rows as the pages in docs/ have them."""
    yield f"| {' | '.join(heads)} |"
    yield "|---" * len(heads) + "|"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', '/') for cell in row)} |"
