"""Who codes, in which round and pass, and what they work through."""

from __future__ import annotations

from typing import NamedTuple

from annotator.core.order import order_of


class Seat(NamedTuple):
    """Who codes in which round and pass."""

    coder: str
    round: str = "main"
    pass_: int = 1
    queue: str = ""
    """The list of units that they work through, or the order in which they work through the
    project; empty for the project as it was imported."""

    @property
    def list(self) -> str:
        """The list of units; empty for the whole project in whatever order."""
        return "" if order_of(self.queue) else self.queue
