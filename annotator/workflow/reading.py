"""One file on its way in: recognised, read article by article, and cut into units."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from types import MappingProxyType
from typing import Any

from annotator.core.document import Draft, Segment
from annotator.core.errors import NoTextError, ReadError
from annotator.corpus import language, readers, rows, segment
from annotator.corpus.article import Article, drafted
from annotator.corpus.file import File
from annotator.corpus.format import Format
from annotator.store import Store, documents
from annotator.workflow import column_maps
from annotator.workflow.choosing import ROW, Choices
from annotator.workflow.sources import Source

Cut = tuple[Draft, tuple[Segment, ...]]


class Reading:
    """One file on its way in: what it is, its drafts one by one, and what is said of them."""

    def __init__(
        self,
        store: Store,
        source: Source,
        choices: Choices,
        learned: column_maps.Learned = MappingProxyType({}),
    ) -> None:
        self.store = store
        self.source = source
        self.choices = choices
        self.file: File = source.file()
        self.format: Format = readers.recognised(self.file)
        self._learned = learned
        self.table: column_maps.Look | None = None
        self._dates = choices.dates
        self._language = ""
        self._warnings: Counter[str] = Counter()
        self._empty: list[str] = []

    def cuts(self) -> Iterator[Cut]:
        """Every document with its units; raises ``ReadError`` for a file that cannot be taken."""
        some = False
        for article in self._articles():
            try:
                draft = self._draft(article)
            except NoTextError as fault:
                self._empty.append(str(fault))
                continue
            some = True
            if draft.warnings:
                self._warnings.update(draft.warnings)
            yield draft, self._segments(draft)
        if not some:
            raise ReadError(self._empty[0] if self._empty else self._nothing())

    @property
    def warnings(self) -> list[str]:
        """What was said of the drafts that came so far, each once."""
        notes = self.table.notes if self.table else ()
        return [*notes, *self._warnings, *self._left_out()]

    def _left_out(self) -> list[str]:
        if not self._empty:
            return []
        first = self._empty[0].removeprefix(f"{self.file.name}: ").partition(":")[0]
        more = f" and {len(self._empty) - 1:,} more" if self._empty[1:] else ""
        return [f"{first}{more}: there is no sentence in it; left out"]

    def _nothing(self) -> str:
        return f"{self.file.name}: holds no article; leave it out"

    def _articles(self) -> Iterator[Article]:
        if self.format.rows is None:
            if self.choices.unit == ROW:
                raise ReadError(
                    f"{self.file.name}: is {self.format.title}, and only tables have rows; import "
                    "it with --unit sentence"
                )
            return readers.articles(self.file, self.format)
        look = column_maps.settle(
            *(self.store, self.file, self.format, self.choices.columns, self.choices.dates),
            learned=self._learned,
        )
        self.table = look
        self._dates = look.dates
        self._language = language.language_of(look.text_sample, self.choices.languages)
        return rows.articles(look.rows, look.columns, as_is=self.choices.unit == ROW)

    def _draft(self, article: Article) -> Draft:
        draft = drafted(article, self.file, self._dates, language=self._language)
        given: dict[str, Any] = dict(self.choices.fields)
        if given:
            draft = draft._replace(**given, found={**draft.found, **dict.fromkeys(given, "given")})
        if not draft.source and "source" not in given:
            draft = self._with_outlet(draft)
        if draft.language:
            return draft
        told = language.language_of(draft.text, self.choices.languages)
        return draft._replace(language=told)

    def _segments(self, draft: Draft) -> tuple[Segment, ...]:
        segments = tuple(segment.SEGMENTERS[self.choices.unit](draft, draft.language))
        _refuse_unfit(self.source.name, draft, segments)
        return segments

    def _with_outlet(self, draft: Draft) -> Draft:
        """The draft with the outlet that its folder offers.

        Which folder that is depends on where an import began: an article that came in before
        under another folder it lies in keeps the outlet it has, and is no second document.
        """
        offers = dict.fromkeys(filter(None, (self.source.offered, *self.source.folders)))
        if not offers:
            return draft
        drafts = [draft._replace(source=name) for name in offers]
        known = documents.known_documents(self.store, [one.document_id for one in drafts])
        found = next((one for one in drafts if one.document_id in known), None)
        if found is None and not self.source.offered:
            return draft
        chosen = found or drafts[0]
        return chosen._replace(found={**chosen.found, "source": "folder"})


def _refuse_unfit(name: str, draft: Draft, segments: Sequence[Segment]) -> None:
    if not segments:
        raise ReadError(f"{name}: holds no sentence; leave it out")
    for one in segments:
        if (length := one.end - one.start) > segment.LONGEST_UNIT:
            raise ReadError(
                f"{name}: the unit that begins {draft.text[one.start : one.start + 40]!r} has "
                f"{length:,} characters and the limit is {segment.LONGEST_UNIT:,}; put full stops "
                "or blank lines into it"
            )
