"""What a coder has before them: the next units with their context, what is done, and articles."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from annotator.core.annotation import BULK, Answer, Decision
from annotator.core.order import order_of
from annotator.store import lists, reviews, settings, speaking, views
from annotator.store.catalogue import RETIRED_UNITS
from annotator.store.connection import Store
from annotator.store.ranking import Ranking
from annotator.store.speaking import Spoken
from annotator.store.spreading import ONCE
from annotator.store.views import NOTHING, Standing

LONGEST_CONTEXT = 4_000  # characters of context sent on each side of a unit


Bounds = dict[tuple[str, int], tuple[int, int]]
"""Where each paragraph of a document begins and ends, in code points of its text."""


LEAST_READ, MOST_READ = 200, 20_000
"""Units of a ranking that are looked at together for some that are open."""


class Seat(NamedTuple):
    """Who codes in which round and pass."""

    coder: str
    round: str = "main"
    pass_: int = 1
    queue: str = ""
    """The list of units that they work through, or the order in which they work through the
    project; empty for the project as it was imported."""

    @property
    def list(self) -> str:
        """The list of units; empty for the whole project in whatever order."""
        return "" if order_of(self.queue) else self.queue


class DeskUnit(NamedTuple):
    """One unit as the desk shows it, with the text around it and the coder's own decision.

    ``title`` is the document's, or the name of its file where none is known. A unit of a document
    that is ``retired`` is in no queue, and is shown to whoever names it. ``start`` is where it
    begins in the document's text, in code points. ``recorded`` is as in ``views.Standing``, or 0
    without one. ``cursor`` is its place in the queue; 0 where the queue is a list without it, and
    where it was not told by a ranking.
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
    retired: bool
    before: str
    lead_in: str
    text: str
    follow: str
    start: int
    spoken: Spoken
    decision: Decision
    recorded: int
    cursor: int


class Progress(NamedTuple):
    """How far one coder is: units by state, and articles with nothing left.

    Of a list the units are counted, and no articles: it may hold a few sentences of each.
    """

    done: int
    total: int
    documents_done: int
    documents: int
    skipped: int
    flagged: int


_UNITS = """
select u.seq, u.id, d.id, coalesce(nullif(d.title, ''), d.file), d.source, d.published, d.place,
    d.author, d.url, u.idx, d.units,
    u.part, u.draw, d.retired, u.text, u.start, u.end, u.paragraph
from unit u join document d on d.id = u.document_id
"""

_IN_QUEUE = "(?4 = '' or exists (select 1 from listed where list = ?4 and unit = c.unit))"
"""Of a coding ``c``, where the fourth parameter of the query is the seat's list."""


_ONCE = (
    "not exists (select 1 from document k indexed by document_story where k.id = u.document_id"
    " and k.cluster_id <> '' and k.copy = 1 and not exists (select 1 from document_own o"
    " where o.coder = :coder and o.round = :round and o.pass = :pass_ and o.document_id = k.id"
    " and o.decided > 0))"
)
"""Of a unit ``u``: it is in no copy, or in one that the coder has begun."""


def is_coded_once(store: Store) -> bool:
    """Whether the queue of the corpus leaves out documents that copy an earlier one."""
    return settings.value(store, ONCE) == "1"


_OPEN = (
    "d.retired = 0 and not exists (select 1 from coding c where c.coder = :coder"
    " and c.round = :round and c.pass = :pass_ and c.unit = u.seq and c.decided is not null)"
)
"""Of a unit ``u`` of a document ``d``: it waits for the coder."""


def next_units(
    store: Store, seat: Seat, *, after: int, want: int, ranking: Ranking | None = None
) -> list[DeskUnit]:
    """The next ``want`` units after cursor ``after`` on which the coder has not decided.

    Those of the corpus in the order of coding or, where the seat has a list, those of the list.
    Where it has an order, those of its ``ranking``; none without one. Where the list is a check,
    those that the coder decided on and has yet to review.
    """
    if seat.queue != seat.list:
        return _next_ranked(store, seat, ranking, after, want) if ranking else []
    listed = "join listed l on l.unit = u.seq where l.list = :queue and l.position > :after"
    open_ = reviews.DUE if reviews.is_check(store, seat.list) else _OPEN
    walk = f"{listed} and {open_} order by l.position"
    if not seat.queue:
        walk = f"where u.seq > :after and {_OPEN}{_without_copies_of(store)} order by u.seq"
    asked = seat._asdict() | {"after": after, "want": want}
    rows = store.db.execute(f"{_UNITS} {walk} limit :want", asked).fetchall()
    return _desk_units(store, seat, rows)


def _without_copies_of(store: Store) -> str:
    return f" and {_ONCE}" if is_coded_once(store) else ""


def _next_ranked(
    store: Store, seat: Seat, ranking: Ranking, after: int, want: int
) -> list[DeskUnit]:
    """The next units of a ranking; where the first few are decided, the coder has come far in it.

    All decisions are then read in a row, which takes a third of looking each unit up.
    """
    at, read, cursors = ranking.behind(after), LEAST_READ, dict[int, int]()
    done: set[int] | None = None
    while len(cursors) < want and at < len(ranking.numbers):
        some = ranking.numbers[at : at + read].tolist()
        known = _decided_among(store, seat, some) if done is None else done
        waiting = [(at + 1 + place, unit) for place, unit in enumerate(some) if unit not in known]
        cursors |= {
            unit: ranking.cursor(place)
            for place, unit in _in_corpus(store, seat, waiting, want - len(cursors))
        }
        at, read = at + len(some), min(2 * read, MOST_READ)
        done = _decided(store, seat) if done is None and len(cursors) < want else done
    rows = store.db.execute(
        _UNITS + "where u.seq in (select value from json_each(?))", (json.dumps(list(cursors)),)
    ).fetchall()
    found = _desk_units(store, seat, rows, cursors)
    return sorted(found, key=lambda unit: unit.cursor)


def _decided_among(store: Store, seat: Seat, units: Sequence[int]) -> set[int]:
    """Those of these units that the coder has decided."""
    rows = store.db.execute(
        "select c.unit from json_each(?) j cross join coding c on c.coder = ? and c.round = ?"
        " and c.pass = ? and c.unit = j.value where c.decided is not null",
        (json.dumps(units), *seat[:3]),
    )
    return {row[0] for row in rows}


def _decided(store: Store, seat: Seat) -> set[int]:
    """All units that the coder has decided."""
    rows = store.db.execute(
        "select unit from coding where coder = ? and round = ? and pass = ?"
        " and decided is not null order by unit",
        seat[:3],
    )
    return {row[0] for row in rows}


def _in_corpus(
    store: Store, seat: Seat, units: Sequence[tuple[int, int]], want: int
) -> list[tuple[int, int]]:
    """The first of these units, each with its place, that are to be coded at all."""
    found: list[tuple[int, int]] = []
    for at in range(0, len(units), LEAST_READ):
        some = units[at : at + LEAST_READ]
        rows = store.db.execute(
            "select u.seq from json_each(:units) j cross join unit u on u.seq = j.value"
            " cross join document d on d.id = u.document_id"
            f" where d.retired = 0{_without_copies_of(store)}",
            seat._asdict() | {"units": json.dumps([unit for _, unit in some])},
        )
        here = {row[0] for row in rows}
        found += [one for one in some if one[1] in here]
        if len(found) >= want:
            break
    return found[:want]


def unit(store: Store, seat: Seat, unit_id: str) -> list[DeskUnit]:
    """The one unit of that id, or none."""
    return _desk_units(store, seat, store.db.execute(_UNITS + "where u.id = ?", (unit_id,)))


def numbered(store: Store, seat: Seat, numbers: Sequence[int]) -> list[DeskUnit]:
    """The units of these numbers in their order; those that are not there are left out."""
    rows = store.db.execute(
        _UNITS + "join json_each(?) j on j.value = u.seq order by j.key", (json.dumps(numbers),)
    ).fetchall()
    return _desk_units(store, seat, rows)


class Undecided(NamedTuple):
    """A unit that waits for a coder on the desk, with what they only confirmed in a list."""

    seq: int
    unit_id: str
    draw: float
    answers: tuple[Answer, ...]


def undecided(store: Store, seat: Seat, numbers: Sequence[int]) -> list[Undecided]:
    """Those of the units of these numbers that wait for the coder, in their order."""
    rows = store.db.execute(
        "select u.seq, u.id, u.draw from json_each(:units) j cross join unit u on u.seq = j.value"
        f" cross join document d on d.id = u.document_id where {_OPEN}{_without_copies_of(store)}"
        " order by j.key",
        seat._asdict() | {"units": json.dumps(numbers)},
    ).fetchall()
    held = views.standing(store.db.conn, views.UNITS, seat, [row[0] for row in rows])
    return [Undecided._make((*row, held.get(row[0], NOTHING).decision.answers)) for row in rows]


def units_of(store: Store, uuids: Sequence[str]) -> dict[str, str]:
    """Of each of these events that the project holds, the id of the unit it is about."""
    rows = store.db.execute(
        "select uuid, subject_id from event where uuid in (select value from json_each(?))",
        (json.dumps(list(uuids)),),
    )
    return dict(rows.fetchall())


def set_aside(store: Store, seat: Seat, which: str, *, most: int = 200) -> list[DeskUnit]:
    """The units of the queue that the coder ``skipped`` or ``flagged``, in document order."""
    wanted = {"skipped": "c.status = 'skipped'", "flagged": "c.flagged = 1"}
    rows = store.db.execute(
        _UNITS + "join coding c on c.unit = u.seq where c.coder = ? and c.round = ?"
        f" and c.pass = ? and d.retired = 0 and {wanted[which]} and {_IN_QUEUE}"
        " order by u.seq limit ?",
        (*seat[:3], seat.list, most),
    ).fetchall()
    return _desk_units(store, seat, rows)


def recent(store: Store, seat: Seat, *, most: int = 8) -> list[DeskUnit]:
    """The units of the queue decided last, newest first, without those set aside with another."""
    rows = store.db.execute(
        _UNITS + "join (select c.unit, c.recorded from coding c join event e on e.uuid = c.event"
        " where c.coder = ? and c.round = ? and c.pass = ? and c.decided is not null"
        f" and e.origin is null and c.unit not in {RETIRED_UNITS} and {_IN_QUEUE}"
        f" and {reviews.through('?4')}"
        " order by c.recorded desc limit ?) c on c.unit = u.seq"
        " order by c.recorded desc",
        (*seat[:3], seat.list, most),
    ).fetchall()
    return _desk_units(store, seat, rows)


class Done(NamedTuple):
    """One thing that a coder did to a unit or a whole article, and can take back.

    ``number`` is that of the event, in the order in which all were done.
    """

    event: str
    unit: str
    op: str
    number: int


def lately(store: Store, seat: Seat, units: Collection[str]) -> list[Done]:
    """What the coder did to these units, oldest first: decisions in force, and who speaks.

    What came with something done to another unit is left out.
    """
    rows = store.db.execute(
        "select e.uuid, e.subject_id, e.op, e.seq from json_each(?) j join unit u on u.id = j.value"
        " join event e on e.subject = 'unit' and e.subject_id = u.id and e.coder = ?"
        " left join coding c on c.event = e.uuid and c.unit = u.seq and c.coder = e.coder"
        "  and c.round = e.round and c.pass = e.pass"
        " where e.round = ? and e.pass = ? and e.origin is null"
        f" and ((c.decided is not null and {reviews.through('?5')}) or (e.op = 'speaker'"
        "  and not exists (select 1 from event r where r.ref = e.uuid))) order by e.seq",
        (json.dumps(list(units)), *seat[:3], seat.list),
    )
    return [Done._make(row) for row in rows]


def progress(store: Store, seat: Seat) -> Progress:
    """Kept by triggers on the view; ``done`` counts every decided unit, skipped ones too."""
    if seat.list:
        return _progress_in_list(store, seat)
    documents, total = store.db.execute("select documents, units from corpus").fetchone()
    row = store.db.execute(
        "select done, skipped, flagged, documents_done from progress"
        " where coder = ? and round = ? and pass = ?",
        seat[:3],
    ).fetchone()
    done, skipped, flagged, documents_done = row or (0, 0, 0, 0)
    found = Progress(done, total, documents_done, documents, skipped, flagged)
    return _without_copies(store, seat, found) if is_coded_once(store) else found


def _without_copies(store: Store, seat: Seat, found: Progress) -> Progress:
    """The same where each story is coded once: copies count only for who has begun them."""
    copies, units = store.db.execute("select documents, units from copied").fetchone()
    row = store.db.execute(
        "select documents, units, done, documents_done from once_progress"
        " where coder = ? and round = ? and pass = ?",
        seat[:3],
    ).fetchone()
    begun, begun_units, done, documents_done = row or (0, 0, 0, 0)
    return found._replace(
        done=found.done - done,
        total=found.total - units + begun_units,
        documents_done=found.documents_done - documents_done,
        documents=found.documents - copies + begun,
    )


def _progress_in_list(store: Store, seat: Seat) -> Progress:
    found = lists.find(store, seat.queue)
    row = store.db.execute(
        "select done, skipped, flagged from list_progress"
        " where coder = ? and round = ? and pass = ? and list = ?",
        seat,
    ).fetchone()
    done, skipped, flagged = row or (0, 0, 0)
    total = found.units if found else 0
    if found and found.kind == "check":
        done, total = reviews.far(store, seat, seat.list)
    return Progress(done, total, 0, 0, skipped, flagged)


class Piece(NamedTuple):
    """A stretch of an article: a unit with what the coder holds about it, or text between units."""

    text: str
    unit: str | None
    status: str
    answers: tuple[Answer, ...] = ()


def article(store: Store, seat: Seat, document_id: str) -> list[list[Piece]] | None:
    """A whole article as paragraphs of pieces; None where there is no such document."""
    row = store.db.execute("select text from document where id = ?", (document_id,)).fetchone()
    if row is None:
        return None
    rows = store.db.execute(
        "select u.seq, u.id, u.start, u.end, u.paragraph, coalesce(c.decided, '') from unit u"
        " left join coding c on c.coder = ? and c.round = ? and c.pass = ? and c.unit = u.seq"
        " where u.document_id = ? order by u.idx",
        (*seat[:3], document_id),
    ).fetchall()
    held = views.standing(store.db.conn, views.UNITS, seat, [number for number, *_ in rows])
    paragraphs: list[list[Piece]] = []
    last, at = -1, 0
    for number, id_, start, end, paragraph, status in rows:
        gap = row[0][at:start]
        if paragraph != last:
            # What stands before a paragraph's first unit on its own line is furniture: a dateline.
            paragraphs.append([])
            gap = gap.rpartition("\n\n")[2]
        if gap.strip():
            paragraphs[-1].append(Piece(gap.lstrip("\n"), None, ""))
        elif paragraphs[-1]:
            paragraphs[-1].append(Piece(" ", None, ""))
        answers = held.get(number, NOTHING).decision.answers
        paragraphs[-1].append(Piece(row[0][start:end], id_, status, answers))
        last, at = paragraph, end
    return paragraphs


def _desk_units(
    store: Store,
    seat: Seat,
    rows: Iterable[tuple[Any, ...]],
    cursors: Mapping[int, int] | None = None,
) -> list[DeskUnit]:
    found = list(rows)
    units = [row[0] for row in found]
    held = _on_the_desk(store, seat, units)
    heard = speaking.spoken(store.db.conn, units)
    cursors = _cursors(store, seat, units) if cursors is None else cursors
    bounds = _bounds(store, {row[2] for row in found})
    return [
        _desk_unit(
            *(store, row, bounds, heard[row[0]]),
            held.get(row[0], NOTHING),
            cursors.get(row[0], 0),
        )
        for row in found
    ]


def _on_the_desk(store: Store, seat: Seat, units: Sequence[int]) -> dict[int, Standing]:
    """What the coder holds about these units; what was only confirmed in a list is undecided."""
    held = views.standing(store.db.conn, views.UNITS, seat, units)
    confirmed = store.db.execute(
        "select unit from coding where coder = ? and round = ? and pass = ? and arm = ?"
        " and unit in (select value from json_each(?))",
        (*seat[:3], BULK, json.dumps(list(units))),
    )
    for (number,) in confirmed.fetchall():
        said = held[number].decision
        undecided = Decision(memo=said.memo, flagged=said.flagged)
        held[number] = held[number]._replace(decision=undecided)
    return held


def _cursors(store: Store, seat: Seat, units: Sequence[int]) -> dict[int, int]:
    """The place of each unit in the queue; none where only a ranking tells it."""
    if not seat.queue:
        return {number: number for number in units}
    rows = store.db.execute(
        "select unit, position from listed where list = ?"
        " and unit in (select value from json_each(?))",
        (seat.queue, json.dumps(list(units))),
    )
    return dict(rows.fetchall())


def _desk_unit(
    store: Store,
    row: tuple[Any, ...],
    bounds: Bounds,
    spoken: Spoken,
    standing: Standing,
    cursor: int,
) -> DeskUnit:
    *head, retired, text, start, end, paragraph = row
    before, lead_in, follow = _context(store, bounds, row[2], paragraph, start, end)
    around = (before, lead_in, text, follow, start)
    return DeskUnit._make((*head, bool(retired), *around, spoken, *standing, cursor))


def _bounds(store: Store, documents: Iterable[str]) -> Bounds:
    """Where the paragraphs of these documents begin and end; once, since units share theirs."""
    rows = store.db.execute(
        "select document_id, paragraph, min(start), max(end) from unit"
        " where document_id in (select value from json_each(?)) group by 1, 2",
        (json.dumps(list(documents)),),
    )
    return {(row[0], row[1]): (row[2], row[3]) for row in rows}


def _context(
    store: Store, bounds: Bounds, document_id: str, paragraph: int, start: int, end: int
) -> tuple[str, str, str]:
    """The paragraph before, and this paragraph's text before and after the unit."""
    first, last = bounds[document_id, paragraph]
    spans = [*bounds.get((document_id, paragraph - 1), (0, 0)), first, start, end, last]
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


class Stance(NamedTuple):
    """One stance that the coder holds in a unit of a document; ``position`` counts from 0."""

    unit: str
    position: int
    variable: str
    target: str
    holder: str
    code: str


def held(store: Store, seat: Seat, documents: Collection[str]) -> dict[str, list[Stance]]:
    """The stances that the coder holds in these documents, each in the order of the text."""
    found: dict[str, list[Stance]] = {}
    for document, *told in store.db.execute(
        "select p.document_id, u.id, u.idx, a.variable, a.target, a.holder, a.code"
        " from document_progress p cross join unit u on u.document_id = p.document_id"
        " cross join annotation a on a.unit = u.seq and a.coder = p.coder and a.round = p.round"
        " and a.pass = p.pass where p.coder = ? and p.round = ? and p.pass = ? and p.done > 0"
        " and p.document_id in (select value from json_each(?))"
        " and a.target <> '' and a.use = 'asserted' order by u.idx, a.position",
        (*seat[:3], json.dumps(list(documents))),
    ):
        found.setdefault(document, []).append(Stance._make(told))
    return found
