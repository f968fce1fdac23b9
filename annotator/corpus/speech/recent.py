"""The subjects of the sentences before: who a pronoun or a role can mean."""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

from annotator.corpus.speech import phrases
from annotator.corpus.speech.mention import Mention
from annotator.corpus.speech.somebody import Spoken
from annotator.corpus.speech.subjects import subject_of
from annotator.corpus.speech.tokens import Sentence, parted, tokens
from annotator.corpus.speech.words import Words

SUBJECTS = 6
"""How many subjects of sentences before a pronoun are looked at."""
BEGINNING = 160
"""Characters of a sentence among which its subject is looked for."""
UNREAD = 4
"""How many paragraphs without speech are read for their subjects, and sentences of each."""
SENTENCES = 6
"""How many of these sentences in all."""


class Unread(NamedTuple):
    """Sentences without speech: they are read when a pronoun asks for their subjects."""

    offset: int
    text: str


class Subjects:
    """Who the last sentences were about; those without speech are read only when asked for."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._subjects: deque[Spoken] = deque(maxlen=SUBJECTS)
        self._unread: deque[Unread] = deque(maxlen=UNREAD)

    def forget(self) -> None:
        """A headline ends here."""
        self._subjects.clear()
        self._unread.clear()

    def leave(self, offset: int, text: str) -> None:
        """A sentence or a paragraph without speech."""
        self._unread.append(Unread(offset, text))

    def spoken(self) -> None:
        """Somebody spoke: what was about others before is of no use."""
        self._unread.clear()

    def note(self, part: Sentence) -> None:
        """Remember who a sentence is about."""
        subject = subject_of(part, self._words)
        if subject is None or subject.form in ("role", "organisation"):
            named = phrases.full_name(part, self._words)
            if named is not None:
                self._subjects.append(Spoken(part[0].start, named))
        if subject is not None and subject.form != "pronoun":
            self.note_owner(part, subject)
            self._subjects.append(Spoken(part[0].start, subject))

    def note_owner(self, part: Sentence, subject: Mention) -> None:
        """Whose a subject is, where that is no person: "Lind's club"."""
        owner = phrases.owner(part, subject, self._words)
        if owner is not None:
            self._subjects.append(Spoken(part[0].start, owner))

    def before(self, part: Sentence, at: int) -> list[Spoken]:
        """The subjects of the sentences before, and of this one where it stands before ``at``."""
        if self._unread:
            self._read()
        recent = list(self._subjects)
        own = subject_of(part, self._words)
        if own is not None and own.form != "pronoun" and own.last < at:
            owner = phrases.owner(part, own, self._words)
            if owner is not None:
                recent.append(Spoken(part[0].start, owner))
            recent.append(Spoken(part[0].start, own))
        return recent

    def _read(self) -> None:
        """Read the last of the sentences that were left unread."""
        sentences = [
            (unread, span)
            for unread in self._unread
            for span in list(parted(unread.text, self._words))[-UNREAD:]
        ]
        for unread, (start, end) in sentences[-SENTENCES:]:
            beginning = unread.text[start : min(end, start + BEGINNING)]
            self.note(tokens(beginning, unread.offset + start, self._words))
        self._unread.clear()
        ordered = sorted(self._subjects, key=lambda spoken: spoken.at)
        self._subjects = deque(ordered, maxlen=SUBJECTS)
