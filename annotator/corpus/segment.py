"""An article to its units: sentences, paragraphs, or the whole."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from annotator.core.document import Draft, Part, Segment
from annotator.corpus.layout import Span, paragraphs, stripped
from annotator.corpus.sentences import SEGMENTER, sentences

__all__ = [
    "LONGEST_UNIT",
    "SEGMENTER",
    "SEGMENTERS",
    "segment",
    "segment_document",
    "segment_paragraphs",
    "segment_row",
]

LONGEST_UNIT = 100_000
"""Characters of the longest unit: forty pages. The desk shows a unit whole."""

Segmenter = Callable[[Draft, str], list[Segment]]


class Block(NamedTuple):
    """One paragraph, as the stretches of it that are not furniture."""

    paragraph: int
    part: Part
    stretches: tuple[Span, ...]

    def unit(self, start: int, end: int) -> Segment:
        """The span as a unit of this paragraph."""
        return Segment(start=start, end=end, paragraph=self.paragraph, part=self.part)


def segment(draft: Draft, language: str) -> list[Segment]:
    """The sentences of an article, in order; the headline is always one.

    Every character that is neither white space nor furniture lies in exactly one of them.
    """
    return [
        block.unit(start, end)
        for block in _blocks(draft)
        for stretch in block.stretches
        for start, end in (
            [stretch] if block.part == "headline" else sentences(draft.text, *stretch, language)
        )
    ]


def segment_paragraphs(draft: Draft, language: str) -> list[Segment]:
    """The paragraphs of an article, the headline first; the language plays no part."""
    return [block.unit(block.stretches[0][0], block.stretches[-1][1]) for block in _blocks(draft)]


def segment_document(draft: Draft, language: str) -> list[Segment]:
    """The whole article, headline and all, as one unit; the language plays no part."""
    stretches = [stretch for block in _blocks(draft) for stretch in block.stretches]
    if not stretches:
        return []
    return [Segment(start=stretches[0][0], end=stretches[-1][1], paragraph=0, part="body")]


def segment_row(draft: Draft, language: str) -> list[Segment]:
    """A row that is a unit already, as it stands; its wire form and its language play no part."""
    start, end = stripped(draft.text, 0, len(draft.text))
    return [Segment(start=start, end=end, paragraph=0, part="body")] if start < end else []


SEGMENTERS: dict[str, Segmenter] = {
    "sentence": segment,
    "paragraph": segment_paragraphs,
    "document": segment_document,
    "row": segment_row,
}


def _blocks(draft: Draft) -> Iterator[Block]:
    """The paragraphs that hold anything but furniture, counted from 0."""
    text, title_end = draft.text, draft.headline_end
    furniture = sorted(draft.furniture)
    headline = [stripped(text, 0, title_end)] if title_end else []
    kept = [
        (span, stretches)
        for span in [*headline, *paragraphs(text, title_end)]
        if (stretches := _outside(text, furniture, *span) if furniture else _whole(*span))
    ]
    lead = next((n for n, (span, _) in enumerate(kept) if span[0] >= title_end), None)
    for n, (span, stretches) in enumerate(kept):
        part: Part = "headline" if span[0] < title_end else "lead" if n == lead else "body"
        yield Block(paragraph=n, part=part, stretches=stretches)


def _whole(start: int, end: int) -> tuple[Span, ...]:
    return ((start, end),) if start < end else ()


def _outside(text: str, furniture: Sequence[Span], start: int, end: int) -> tuple[Span, ...]:
    """The stretches of ``[start, end)`` that are not furniture, without white space around them."""
    first = max(0, bisect_left(furniture, (start, start)) - 1)  # one may reach in from the left
    at, found = start, []
    for left, right in furniture[first : bisect_left(furniture, (end, end))]:
        found.append(stripped(text, at, max(at, left)))
        at = max(at, right)
    found.append(stripped(text, at, max(at, end)))
    return tuple((left, right) for left, right in found if left < right)
