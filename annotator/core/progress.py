"""How long work tells how far it is, and is told to stop."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[int, int, str], None]
"""Is told how many are done, of how many, and what is being done."""

Stopped = Callable[[], bool]
"""Is asked now and then whether to go no further."""


def silent(done: int, total: int, what: str) -> None:
    """A ``Progress`` that tells nobody."""


def never() -> bool:
    """A ``Stopped`` for work that goes on to its end."""
    return False
