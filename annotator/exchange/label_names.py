"""The names that people write for codes and targets."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import get_close_matches

from annotator.core.codebook import Variable
from annotator.exchange.label_columns import number

STANCES = {
    "against": ("anti", "con", "oppose", "opposed", "opposes", "opposing", "contra", "unfavorable"),
    "favor": (
        "favour",
        "pro",
        "for",
        "support",
        "supports",
        "supporting",
        "in-favour",
        "favorable",
    ),
    "neutral": ("neither",),
}
"""What published sets call the positions of the stance scale, as slugs."""

NUMBERS = {"-1": "against", "0": "neutral", "1": "favor"}
"""The positions where a table writes them as numbers, -1 among them."""

PREFIXES = ("pro", "anti")
"""Words that tell a position in front of whatever it is about."""


def is_stance(variable: Variable) -> bool:
    """Whether the variable is answered by the stance scale, or one that has its positions."""
    return {code.name for code in variable.answers} >= set(STANCES)


def aliases_of(variable: Variable) -> dict[str, str]:
    """Other words for the codes of the variable, as slugs."""
    if not is_stance(variable):
        return {}
    return {word: name for name, words in STANCES.items() for word in words}


class Names:
    """Finds a code or target by its name, a title, either in another case, or as a slug.

    ``aliases`` are other slugs; ``pro`` and ``anti`` count in front of other words, too.

    >>> names = Names([("health-safety", ["Health & Safety"]), ("law", ["Law"])])
    >>> names.find("Health & Safety"), names.find("LAW"), names.find("health safety")
    ('health-safety', 'law', 'health-safety')
    >>> names.find("Economy"), names.nearest("Health and safty")
    ('', 'health-safety')
    """

    def __init__(
        self,
        named: Iterable[tuple[str, Sequence[str]]],
        aliases: Mapping[str, str] | None = None,
    ) -> None:
        settled = list(named)
        self.all = [name for name, _ in settled]
        self._aliases = aliases or {}
        self._written = {word.casefold(): n for n, words in settled for word in (n, *words)}
        self._steps: list[tuple[Callable[[str], str], dict[str, set[str]]]] = []
        self._found: dict[str, str] = {}
        for only_names, form in ((True, str), (False, str), (False, str.casefold), (False, slug)):
            known: dict[str, set[str]] = {}
            for name, titles in settled:
                for written in (name, *(() if only_names else titles)):
                    known.setdefault(form(written), set()).add(name)
            self._steps.append((form, known))

    def find(self, written: str) -> str:
        """The one name that this is the strictest match for; empty where there is none."""
        if written not in self._found:
            self._found[written] = self._find(written)
        return self._found[written]

    def nearest(self, written: str) -> str:
        """The name that is written most like this; empty where none is."""
        close = get_close_matches(written.casefold(), list(self._written), n=1, cutoff=0.5)
        return self._written[close[0]] if close else ""

    def _find(self, written: str) -> str:
        written = " ".join(written.split())
        for form, known in self._steps:
            found = known.get(form(written), set()) if form(written) else set()
            if found:
                return min(found) if len(found) == 1 else ""
        whole = slug(written)
        first = whole.partition("-")[0]
        return self._aliases.get(first if first in PREFIXES else whole, "")


def slug(written: str) -> str:
    """Words in lower case, joined by hyphens; a whole number keeps its sign.

    >>> slug("Health & Safety!"), slug("health_and  safety"), slug("-1.0")
    ('health-safety', 'health-and-safety', '-1')
    """
    return number(written) or re.sub(r"[\W_]+", "-", written.casefold()).strip("-")
