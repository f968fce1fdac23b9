"""Numbers with the thing that they count, as people read them."""

from __future__ import annotations


def counted(number: int, one: str, many: str = "") -> str:
    """The number and its noun; ``many`` is the plural where it is not ``one`` with an s.

    >>> counted(1, "unit"), counted(1_200, "unit"), counted(0, "story", "stories")
    ('1 unit', '1,200 units', '0 stories')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"
