"""Interviews whose paragraphs begin with who speaks and a colon."""

from __future__ import annotations

import re
from collections.abc import Sequence

from annotator.corpus.layout import Span
from annotator.corpus.speech.marks import Quoted

LABEL = re.compile(r"(?P<label>[^\W\d_][\w.’'\- ]{0,48}):\s+(?=\S)")


def labels(
    text: str, paragraphs: Sequence[Span], quoted: Sequence[Sequence[Quoted]]
) -> dict[int, str]:
    """Paragraphs of an interview, which begin with who speaks and a colon, by their number.

    What follows the colon has no marks, and at least two speakers take turns.
    """
    found: dict[int, str] = {}
    for number, span in enumerate(paragraphs):
        label = LABEL.match(text, *span)
        if label is None or any(q.start == label.end() for q in quoted[number]):
            continue
        if len(label["label"].split()) <= 4 and all(w[0].isupper() for w in label["label"].split()):
            found[number] = label["label"]
    turns = len(found) - len(set(found.values()))
    return found if turns >= 2 and len(set(found.values())) > 1 else {}
