"""Documents cut into other units than at import; no annotation is ever lost by it.

A document that carries annotations is cut anew only where every annotated unit is a unit again,
character for character. Else it is left as it was, and the report says what stands in the way.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any, Literal, NamedTuple

from annotator.core.document import Draft, Segment
from annotator.core.errors import NotKeptError
from annotator.core.progress import Progress
from annotator.corpus import segment
from annotator.corpus.layout import BLANK_LINE
from annotator.learn.sampling import draw_of
from annotator.store import Store, catalogue, cutting
from annotator.store.catalogue import NOBODY, Change
from annotator.store.cutting import Plan, Whole
from annotator.workflow import voices
from annotator.workflow.catalogue import language_code
from annotator.workflow.clock import now

Unit = Literal["sentence", "paragraph", "document"]
UNITS: dict[Unit, str] = {
    "sentence": "sentences",
    "paragraph": "paragraphs",
    "document": "whole articles",
}
"""What documents can be cut into, and what reports call the units."""

ROW = "row"
"""The segmenter of documents whose text was one row of a table."""

SHOWN = 60
"""Characters of a text that a message shows."""


class Left(NamedTuple):
    """A document that is as it was, and why."""

    document_id: str
    title: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What became of the documents that were looked at.

    ``units_before`` and ``units_after`` count the units of the documents that were ``cut``, and
    ``kept`` their annotated ones. ``same`` were cut like this already; ``rows`` are rows of
    tables, and in those ``by_hand`` somebody set boundaries: both are left alone unless they are
    named.
    """

    unit: Unit
    cut: int = 0
    same: int = 0
    rows: int = 0
    by_hand: int = 0
    units_before: int = 0
    units_after: int = 0
    kept: int = 0
    left: tuple[Left, ...] = ()
    dry_run: bool = False

    def lines(self) -> Iterator[str]:
        """The report as a page or a terminal tells it."""
        verb = "would cut" if self.dry_run else "cut"
        yield (
            f"{verb} {self.cut:,} documents anew into {UNITS[self.unit]}: {self.units_before:,} "
            f"units before, {self.units_after:,} after, {self.kept:,} annotated ones kept"
        )
        if self.same:
            yield f"{self.same:,} documents are cut like this already"
        if self.rows:
            yield (
                f"{self.rows:,} documents are rows of tables, each a unit of its own: left as they "
                "are; name one to have it cut"
            )
        if self.by_hand:
            yield (
                f"in {self.by_hand:,} documents sentences were split or joined by hand: left as "
                "they are; name one to have it cut"
            )
        for one in self.left:
            yield f"left as it is: {one.document_id} ({one.title}): {one.reason}"

    def as_dict(self) -> dict[str, Any]:
        """What ``--json`` prints."""
        return asdict(self) | {"left": [one._asdict() for one in self.left]}


def resegment(
    store: Store,
    seed: int,
    unit: Unit,
    *,
    documents: Sequence[str] = (),
    language: str = "",
    who: str = NOBODY,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> Report:
    """Cut documents anew, each in a transaction of its own: these, or all.

    Of all, rows of tables are left alone, and documents in which boundaries were set by hand.
    With ``language`` they are cut by the rules of that language, which is theirs from then
    on. Raises ``RejectedEventError`` for a document that is not there or a language that is none,
    and ``NotKeptError`` where the project cannot be written.
    """
    code = language_code(language) if language else ""
    chosen = list(dict.fromkeys(documents))
    for document in chosen:
        cutting.whole(store, document)
    every = chosen or cutting.ids(store)
    cutter = _Cutter(store, seed, unit, code, who, dry_run, named=bool(chosen))
    with store.unhurried():
        for number, document in enumerate(every):
            if progress:
                progress(number, len(every), "cutting anew")
            try:
                cutter.take(document)
            except sqlite3.Error as fault:
                raise NotKeptError(
                    f"{document}: could not be cut ({fault}), after {number} of {len(every)} "
                    "documents, which are done; try again, and they are left alone"
                ) from fault
    if progress:
        progress(len(every), len(every), "")
    return cutter.report()


class _Cutter:
    """Cuts one document after the other, and counts."""

    def __init__(
        self,
        store: Store,
        seed: int,
        unit: Unit,
        language: str,
        who: str,
        dry_run: bool,
        *,
        named: bool,
    ) -> None:
        self._store, self._seed, self._unit = store, seed, unit
        self._language, self._who, self._dry_run = language, who, dry_run
        self._named = named
        self._same = self._rows = self._by_hand = 0
        self._cut: list[Plan] = []
        self._left: list[Left] = []

    def take(self, document: str) -> None:
        whole = cutting.whole(self._store, document)
        if whole.segmenter == ROW and not self._named:
            self._rows += 1
            return
        if not self._named and cutting.is_by_hand(self._store.db.conn, document):
            self._by_hand += 1
            return
        code = self._language or whole.language
        segments = segment.SEGMENTERS[self._unit](as_draft(whole), code)
        if fault := _unfit(whole, segments):
            self._leave(whole, fault)
            return
        plan = self._apply(whole, segments)
        if plan.lost:
            self._leave(whole, _in_the_way(plan))
        elif plan.same:
            self._same += 1
        else:
            self._cut.append(plan)

    def _apply(self, whole: Whole, segments: Sequence[Segment]) -> Plan:
        plan = cutting.plan(self._store, whole.id, segments)
        if self._dry_run or plan.lost:
            return plan
        at = now()
        with self._store.write():
            if not plan.same:
                plan = cutting.cut_anew(
                    self._store,
                    whole,
                    segments,
                    segmenter=segment.SEGMENTER if self._unit == "sentence" else self._unit,
                    draw=partial(draw_of, seed=self._seed),
                    who=self._who,
                    at=at,
                )
                voices.revoice(self._store, whole.id)
            if self._language and not plan.lost:
                told = [Change(whole.id, "language", self._language)]
                catalogue.edit(self._store, self._who, told, at)
        return plan

    def _leave(self, whole: Whole, reason: str) -> None:
        self._left.append(Left(whole.id, whole.title or whole.file, reason))

    def report(self) -> Report:
        return Report(
            unit=self._unit,
            cut=len(self._cut),
            same=self._same,
            rows=self._rows,
            by_hand=self._by_hand,
            units_before=sum(plan.before for plan in self._cut),
            units_after=sum(plan.after for plan in self._cut),
            kept=sum(len(plan.kept) for plan in self._cut),
            left=tuple(self._left),
            dry_run=self._dry_run,
        )


def as_draft(whole: Whole) -> Draft:
    """A document of the project as it was before it had units."""
    return Draft(
        text=whole.text,
        file=whole.file,
        file_sha256="",
        title=whole.title,
        headline_end=_headline_end(whole),
        furniture=whole.furniture,
    )


def _headline_end(whole: Whole) -> int:
    """Where the title ends, if the text begins with it as a paragraph of its own, else 0."""
    text, at = whole.text, 0
    for start, end in sorted(whole.furniture):  # a date line may stand above the title
        if text[at:start].strip():
            break
        at = end
    at += len(text[at:]) - len(text[at:].lstrip())
    end = at + len(whole.title)
    if not whole.title or text[at:end] != whole.title:
        return 0
    alone = not text[end:].strip() or BLANK_LINE.match(text, end)
    return end if alone else 0


def _unfit(whole: Whole, segments: Sequence[Segment]) -> str:
    """Why the document cannot be cut like this; empty where it can."""
    if not segments:
        return "there would be no unit in it"
    longest = max(one.end - one.start for one in segments)
    if longest > segment.LONGEST_UNIT:
        return (
            f"a unit would have {longest:,} characters, and the limit is {segment.LONGEST_UNIT:,}"
        )
    return ""


def _in_the_way(plan: Plan) -> str:
    name, text = plan.lost[0]
    shown = text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"
    number = len(plan.lost)
    units = "1 annotated unit" if number == 1 else f"{number:,} annotated units"
    return f"{units} would be gone, the first {name.rpartition(':')[2]} {shown!r}"
