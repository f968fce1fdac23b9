"""A quotation with who is behind it, while the text is read."""

from __future__ import annotations

from typing import NamedTuple

from annotator.core.voice import Kind, Mode, Quotation
from annotator.corpus.speech.confidence import confidence
from annotator.corpus.speech.marks import Flag
from annotator.corpus.speech.somebody import Attributed, Somebody


class Found(NamedTuple):
    """A quotation and who is behind it, before the people have their last names."""

    start: int
    end: int
    kind: Kind
    who: Somebody | None = None
    source: str = ""
    cue: str = ""
    mode: Mode = ""
    sure: bool = True
    flag: Flag = ""

    def by(self, attributed: Attributed, cue: str = "", source: str = "") -> Found:
        """The same with who is behind it."""
        who, mode, sure = attributed
        return self._replace(who=who, mode=mode, sure=sure, cue=cue, source=source)

    def quotation(self) -> Quotation:
        """What is told of it: the span, and who is behind it, where that is known."""
        if self.who is None:
            return Quotation(self.start, self.end, self.kind, flag=self.flag)
        sure = confidence(self.mode, self.sure)
        return Quotation(
            self.start,
            self.end,
            self.kind,
            self.who.name,
            self.source,
            self.cue,
            self.mode,
            sure,
            self.flag,
        )
