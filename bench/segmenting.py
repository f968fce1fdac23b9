"""How fast articles and rows become units, and texts are told their language."""

from __future__ import annotations

import random
import resource
from collections.abc import Callable, Sequence
from typing import NamedTuple

from annotator.core.document import Draft
from annotator.corpus.language import language_of
from annotator.corpus.segment import segment
from bench import projects

PARAGRAPH = 4
"""Sentences of a paragraph."""


HOSTILE = (
    *(".", "!)", '"', "'", "“", "(", "\n", "\n \n", ".\n", " ", "…", "。", "。”", "1) ", "• "),
    *("M. ", "M\u00a0.", "- \n", "me.", "a.b.", "Mr. ", "KORVA, ", "x"),
)
"""What stands in a text a hundred thousand times, to make a slow rule show itself."""


class Speed(NamedTuple):
    """Texts segmented, of so many characters, in seconds of the processor."""

    texts: int
    units: int
    characters: int
    seconds: float

    @property
    def megabytes(self) -> float:
        """Millions of characters in a second: of English, megabytes."""
        return self.characters / 1e6 / self.seconds

    @property
    def microseconds(self) -> float:
        """Of one text."""
        return self.seconds / self.texts * 1e6


def articles(units: int, seed: int = 1) -> Speed:
    """Articles of twenty sentences, five paragraphs each."""
    chance, known = random.Random(seed), projects.sentences()
    chosen = (chance.sample(known, projects.ARTICLE) for _ in range(units // projects.ARTICLE))
    return _segmented([_article(sentences) for sentences in chosen])


def rows(units: int, seed: int = 1) -> Speed:
    """Documents of one sentence each, as a table brings them."""
    chance, known = random.Random(seed), projects.sentences()
    return _segmented(chance.choices(known, k=units))


def languages(texts: int, seed: int = 1) -> Speed:
    """Sentences told their language; the loading of the detector is not counted."""
    chance, known = random.Random(seed), projects.sentences()
    chosen = chance.choices(known, k=texts)
    language_of(chosen[0])
    seconds = _least(lambda: [language_of(text) for text in chosen])
    return Speed(texts, texts, sum(map(len, chosen)), seconds)


def hostile(characters: int = 200_000) -> tuple[float, str]:
    """How many times longer a character takes in a text four times as long, at worst, and where.

    What grows with the length alone is near 1; what grows with its square is near 4.
    """
    return max((_growth(piece, characters), piece) for piece in HOSTILE)


def _growth(piece: str, characters: int) -> float:
    few, many = (
        _segmented([piece * (size // len(piece))]) for size in (characters // 4, characters)
    )
    return few.megabytes / many.megabytes


def _article(sentences: Sequence[str]) -> str:
    starts = range(0, len(sentences), PARAGRAPH)
    return "\n\n".join(" ".join(sentences[at : at + PARAGRAPH]) for at in starts)


def _segmented(texts: Sequence[str]) -> Speed:
    drafts = [Draft(text=text, file="", file_sha256="") for text in texts]
    units = sum(len(segment(draft, "en")) for draft in drafts)
    seconds = _least(lambda: [segment(draft, "en") for draft in drafts])
    return Speed(len(texts), units, sum(map(len, texts)), seconds)


def _least(work: Callable[[], object], times: int = 3) -> float:
    """Seconds of the processor, of the quickest of a few runs: other work does not count."""
    taken = []
    for _ in range(times):
        begun = resource.getrusage(resource.RUSAGE_SELF).ru_utime
        work()
        taken.append(resource.getrusage(resource.RUSAGE_SELF).ru_utime - begun)
    return min(taken)
