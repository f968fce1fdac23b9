"""What a report is: one verb of saying, or what stands for it, with its subject."""

from __future__ import annotations

from typing import NamedTuple

from annotator.corpus.speech.mention import Mention

ACCORDING = frozenset({"according"})
SAY = frozenset({"say"})
STRAY = frozenset("'’‘\"”“")
"""Marks of quotations that belong to none."""
JOINTS = frozenset((",", "—", "–", "-", "--"))


class Report(NamedTuple):
    """One verb of saying with its subject, from token ``first`` to ``last`` of its sentence.

    ``at`` is the verb; ``last`` is the end of the verb, of the subject behind it or of whom was
    told. ``kinds`` are those of the verb, or ``according``. ``inverted`` is "said the minister".
    ``source`` is who carries the words.
    """

    subject: Mention
    cue: str
    at: int
    first: int
    last: int
    kinds: frozenset[str]
    inverted: bool = False
    source: str = ""
