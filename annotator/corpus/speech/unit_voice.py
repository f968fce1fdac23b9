"""The voice of a unit: whose words most of it has, and who speaks in it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from annotator.core.document import Segment
from annotator.core.voice import Heard, Quotation, UnitVoice, Voice
from annotator.corpus.layout import Span


def voices(text: str, segments: Sequence[Segment], heard: Heard) -> list[UnitVoice]:
    """Who speaks in each segment of a text, given what was heard in it.

    Direct where at least half of the letters are somebody's own words, and indirect where the
    author tells them; mixed where direct speech has less than half. Terms in quotation marks
    change nothing.
    """
    spoken = [q for q in heard.quotations if q.kind != "scare"]
    reach = list(_reaches(spoken))
    return [_voice(text, segment, spoken, reach) for segment in segments]


def _reaches(spoken: Sequence[Quotation]) -> Sequence[int]:
    """How far the text is covered up to each quotation: never falls, so that it can be searched."""
    furthest, reaches = 0, []
    for quotation in spoken:
        furthest = max(furthest, quotation.end)
        reaches.append(furthest)
    return reaches


def _voice(
    text: str, segment: Segment, spoken: Sequence[Quotation], reach: Sequence[int]
) -> UnitVoice:
    here: list[Quotation] = []
    for at in range(bisect_right(reach, segment.start), len(spoken)):
        if spoken[at].start >= segment.end:
            break
        if _inside(spoken[at], segment)[0] < _inside(spoken[at], segment)[1]:
            here.append(spoken[at])
    if not here:
        return UnitVoice("author")
    voice = _kind(text, segment, here)
    said = [q for q in here if q.speaker]
    speakers = tuple(dict.fromkeys(q.speaker for q in said))
    weakest = min(said, key=lambda q: q.confidence, default=None)
    if weakest is None:
        return UnitVoice(voice)
    return UnitVoice(voice, speakers, weakest.mode, weakest.confidence)


def _kind(text: str, segment: Segment, here: Sequence[Quotation]) -> Voice:
    direct = [q for q in here if q.kind == "direct"]
    if not direct:
        return "indirect"
    letters = sum(_letters(text, *_inside(q, segment)) for q in direct)
    whole = _letters(text, segment.start, segment.end)
    return "direct" if 2 * letters >= whole else "mixed"


def _inside(quotation: Quotation, segment: Segment) -> Span:
    return max(quotation.start, segment.start), min(quotation.end, segment.end)


def _letters(text: str, start: int, end: int) -> int:
    return sum(map(str.isalpha, text[start:end]))
