"""What a coder has before them: the next units with their context, what is done, and articles."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from annotator.core.annotation import Answer, Decision
from annotator.store.catalogue import RETIRED_UNITS
from annotator.store.connection import Store

LONGEST_CONTEXT = 4_000  # characters of context sent on each side of a unit


class Seat(NamedTuple):
    """Who codes in which round and pass."""

    coder: str
    round: str = "main"
    pass_: int = 1
    queue: str = ""
    """The list of units that they work through; empty for the whole project."""


class DeskUnit(NamedTuple):
    """One unit as the desk shows it, with the text around it and the coder's own decision.

    ``title`` is the document's, or the name of its file where none is known. A unit of a document
    that is ``retired`` is in no queue, and is shown to whoever names it.
    """

    seq: int
    unit_id: str
    document_id: str
    title: str
    source: str
    published: str
    place: str
    author: str
    url: str
    position: int
    units: int
    part: str
    draw: float
    voice: str
    speaker: str
    retired: bool
    before: str
    lead_in: str
    text: str
    follow: str
    decision: Decision


class Progress(NamedTuple):
    """How far one coder is: units by state, and articles with nothing left."""

    done: int
    total: int
    documents_done: int
    documents: int
    skipped: int
    flagged: int


_UNITS = """
select u.seq, u.id, d.id, coalesce(nullif(d.title, ''), d.file), d.source, d.published, d.place,
    d.author, d.url, u.idx, d.units,
    u.part, u.draw, coalesce(vc.voice, vm.voice, ''), coalesce(vc.speaker, vm.speaker, ''),
    d.retired, u.text, u.start, u.end, u.paragraph
from unit u join document d on d.id = u.document_id
left join voice vc on vc.unit = u.seq and vc.basis = 'coder'
left join voice vm on vm.unit = u.seq and vm.basis = 'machine'
"""


def next_units(store: Store, seat: Seat, *, after: int, want: int) -> list[DeskUnit]:
    """The next ``want`` units after cursor ``after`` on which the coder has not decided."""
    rows = store.db.execute(
        _UNITS + "where u.seq > ? and d.retired = 0"
        " and not exists (select 1 from coding c where c.coder = ?"
        " and c.round = ? and c.pass = ? and c.unit = u.seq and c.status is not null)"
        " order by u.seq limit ?",
        (after, *seat[:3], want),
    ).fetchall()
    return _desk_units(store, seat, rows)


def unit(store: Store, seat: Seat, unit_id: str) -> list[DeskUnit]:
    """The one unit of that id, or none."""
    return _desk_units(store, seat, store.db.execute(_UNITS + "where u.id = ?", (unit_id,)))


def set_aside(store: Store, seat: Seat, which: str, *, most: int = 200) -> list[DeskUnit]:
    """The units the coder ``skipped`` or ``flagged``, in document order."""
    wanted = {"skipped": "c.status = 'skipped'", "flagged": "c.flagged = 1"}
    rows = store.db.execute(
        _UNITS + "join coding c on c.unit = u.seq where c.coder = ? and c.round = ?"
        f" and c.pass = ? and d.retired = 0 and {wanted[which]} order by u.seq limit ?",
        (*seat[:3], most),
    ).fetchall()
    return _desk_units(store, seat, rows)


def recent(store: Store, seat: Seat, *, most: int = 8) -> list[DeskUnit]:
    """The units the coder decided last, newest first, without those set aside with another one."""
    rows = store.db.execute(
        _UNITS + "join (select c.unit, c.recorded from coding c join event e on e.uuid = c.event"
        " where c.coder = ? and c.round = ? and c.pass = ? and c.status is not null"
        f" and e.origin is null and c.unit not in {RETIRED_UNITS}"
        " order by c.recorded desc limit ?) c on c.unit = u.seq"
        " order by c.recorded desc",
        (*seat[:3], most),
    ).fetchall()
    return _desk_units(store, seat, rows)


def progress(store: Store, seat: Seat) -> Progress:
    """Kept by triggers on the view; ``done`` counts every decided unit, skipped ones too."""
    documents, total = store.db.execute("select documents, units from corpus").fetchone()
    row = store.db.execute(
        "select done, skipped, flagged, documents_done from progress"
        " where coder = ? and round = ? and pass = ?",
        seat[:3],
    ).fetchone()
    done, skipped, flagged, documents_done = row or (0, 0, 0, 0)
    return Progress(done, total, documents_done, documents, skipped, flagged)


class Piece(NamedTuple):
    """A stretch of an article: a unit with the coder's status on it, or text between units."""

    text: str
    unit: str | None
    status: str


def article(store: Store, seat: Seat, document_id: str) -> list[list[Piece]] | None:
    """A whole article as paragraphs of pieces; None where there is no such document."""
    row = store.db.execute("select text from document where id = ?", (document_id,)).fetchone()
    if row is None:
        return None
    rows = store.db.execute(
        "select u.id, u.start, u.end, u.paragraph, coalesce(c.status, '') from unit u"
        " left join coding c on c.coder = ? and c.round = ? and c.pass = ? and c.unit = u.seq"
        " where u.document_id = ? order by u.idx",
        (*seat[:3], document_id),
    )
    paragraphs: list[list[Piece]] = []
    last, at = -1, 0
    for id_, start, end, paragraph, status in rows:
        gap = row[0][at:start]
        if paragraph != last:
            # What stands before a paragraph's first unit on its own line is furniture: a dateline.
            paragraphs.append([])
            gap = gap.rpartition("\n\n")[2]
        if gap.strip():
            paragraphs[-1].append(Piece(gap.lstrip("\n"), None, ""))
        elif paragraphs[-1]:
            paragraphs[-1].append(Piece(" ", None, ""))
        paragraphs[-1].append(Piece(row[0][start:end], id_, status))
        last, at = paragraph, end
    return paragraphs


def _desk_units(store: Store, seat: Seat, rows: Iterable[tuple[Any, ...]]) -> list[DeskUnit]:
    found = list(rows)
    decisions = _decisions(store, seat, [row[0] for row in found])
    return [_desk_unit(store, row, decisions) for row in found]


def _desk_unit(store: Store, row: tuple[Any, ...], decisions: dict[int, Decision]) -> DeskUnit:
    *head, retired, text, start, end, paragraph = row
    before, lead_in, follow = _context(store, row[2], paragraph, start, end)
    decision = decisions.get(row[0], Decision())
    return DeskUnit._make((*head, bool(retired), before, lead_in, text, follow, decision))


def _context(
    store: Store, document_id: str, paragraph: int, start: int, end: int
) -> tuple[str, str, str]:
    """The paragraph before, and this paragraph's text before and after the unit."""
    rows = store.db.execute(
        "select paragraph, min(start), max(end) from unit"
        " where document_id = ? and paragraph in (?, ?) group by paragraph",
        (document_id, paragraph - 1, paragraph),
    )
    bounds = {row[0]: row[1:] for row in rows}
    first, last = bounds[paragraph]
    spans = [*bounds.get(paragraph - 1, (0, 0)), first, start, end, last]
    before, lead_in, follow = store.db.execute(
        "select substr(text, ? + 1, ?), substr(text, ? + 1, ?), substr(text, ? + 1, ?)"
        " from document where id = ?",
        (
            *(max(spans[0], spans[1] - LONGEST_CONTEXT), min(spans[1] - spans[0], LONGEST_CONTEXT)),
            *(max(spans[2], spans[3] - LONGEST_CONTEXT), min(spans[3] - spans[2], LONGEST_CONTEXT)),
            *(spans[4], min(spans[5] - spans[4], LONGEST_CONTEXT)),
            document_id,
        ),
    ).fetchone()
    return before, lead_in, follow


def _decisions(store: Store, seat: Seat, units: Sequence[int]) -> dict[int, Decision]:
    chosen = json.dumps(list(units))
    answers: dict[int, list[Answer]] = {}
    for row in store.db.execute(
        "select unit, variable, target, holder, code, use, holder_type, explicit, confidence"
        " from annotation where unit in (select value from json_each(?)) and coder = ?"
        " and round = ? and pass = ? order by unit, position",
        (chosen, *seat[:3]),
    ):
        answers.setdefault(row[0], []).append(answer_of(row[1:]))
    rows = store.db.execute(
        "select unit, event, status, memo, flagged from coding"
        " where unit in (select value from json_each(?)) and coder = ? and round = ? and pass = ?",
        (chosen, *seat[:3]),
    )
    return {
        number: Decision(
            event=event,
            status=status,
            answers=tuple(answers.get(number, ())),
            memo=memo,
            flagged=bool(flagged),
        )
        for number, event, status, memo, flagged in rows
    }


def answer_of(row: Sequence[Any]) -> Answer:
    """An answer from ``variable, target, holder, code, use, holder_type, explicit, confidence``."""
    names = ("variable", "target", "holder", "code", "use", "holder_type", "explicit", "confidence")
    fields: dict[str, Any] = dict(zip(names, row, strict=True))
    return Answer.model_construct(**fields)
