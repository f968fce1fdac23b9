"""How the next sentences are chosen, as the address of the desk and the events name it."""

from __future__ import annotations

from typing import Literal, NamedTuple

By = Literal["sentences", "articles"]
"""Whether the sentences are chosen one by one, or articles are and each is coded as it reads."""

MARK = "by:"
"""How the name of an order begins; no list of units may be called so."""


class Order(NamedTuple):
    """A sampler, and what it is given: ``about`` is a code's key, or the words of a search.

    Its ``name`` stands where the name of a list may stand: in a seat, an event, an address.
    """

    sampler: str
    by: By = "sentences"
    about: str = ""

    @property
    def name(self) -> str:
        """The order as one word.

        >>> Order("rare-code", "articles", "frame||siege").name
        'by:rare-code:articles:frame||siege'
        >>> Order("random").name
        'by:random'
        """
        parts = [self.sampler, self.by, self.about]
        while parts[-1] in ("", "sentences"):
            parts.pop()
        return MARK + ":".join(parts)


def order_of(name: str) -> Order | None:
    """The order of that name; None where it is a list's, or the whole project's.

    >>> order_of("by:keyword:sentences:grain: price")
    Order(sampler='keyword', by='sentences', about='grain: price')
    >>> order_of("by:random"), order_of("pilot"), order_of("")
    (Order(sampler='random', by='sentences', about=''), None, None)
    """
    if not name.startswith(MARK):
        return None
    sampler, by, about = [*name.removeprefix(MARK).split(":", 2), "", ""][:3]
    return Order(sampler, "articles" if by == "articles" else "sentences", about)
