"""A whole article as a coder reads it."""

from __future__ import annotations

from typing import NamedTuple

from annotator.core.annotation import Answer
from annotator.store import views
from annotator.store.connection import Store
from annotator.store.seat import Seat
from annotator.store.views import NOTHING


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
