"""Sentences that were cut wrongly, split and joined by the coder who comes upon them.

Only units that nothing hangs on are cut otherwise. The new ones come at the end of the order of
coding, since a number that a unit had is never given to another one; taken back, a change gives
the old units their places again.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import partial
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict

from annotator.core.annotation import Place, Text
from annotator.core.document import unit_id
from annotator.core.errors import RejectedEventError
from annotator.corpus.segment import LONGEST_UNIT
from annotator.learn.sampling import draw_of
from annotator.store import cutting
from annotator.store.cutting import Bound, Redrawn, Whole
from annotator.workflow import voices
from annotator.workflow.clock import now
from annotator.workflow.projects import Project

JOINER = "\u200d"
SKINS = range(0x1F3FB, 0x1F400)
"""The characters that give an emoji before them a colour of skin."""


class Boundary(BaseModel):
    """What a coder wants of the boundaries of a sentence.

    ``unit`` is split before the character ``at``, in code points of the document's text, or
    joined with the one after or before it; ``undo`` takes back the change ``event``. With
    ``preview`` nothing is changed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    op: Literal["split", "join_next", "join_previous", "undo"]
    unit: Text = ""
    at: Place = 0
    event: Text = ""
    preview: bool = False


class Drawn(NamedTuple):
    """Units that lie together, those that would take their place, and the texts of these."""

    whole: Whole
    gone: tuple[Bound, ...]
    coming: tuple[Bound, ...]

    @property
    def texts(self) -> list[str]:
        """The sentences as they would be, in order."""
        return [self.whole.text[one.start : one.end] for one in self.coming]


def draw(project: Project, asked: Boundary) -> Drawn:
    """What splitting or joining comes to; nothing is changed.

    Raises ``RejectedEventError`` where it cannot be done, in one sentence.
    """
    conn = project.store.db.conn
    whole = cutting.whole(project.store, cutting.document_of(conn, asked.unit))
    units = cutting.bounds(conn, whole.id)
    place = next(place for place, one in enumerate(units) if one.id == asked.unit)
    if asked.op == "split":
        drawn = Drawn(whole, (units[place],), _split(whole, units[place], asked.at))
    else:
        one, other = _neighbours(whole, units, place if asked.op == "join_next" else place - 1)
        drawn = Drawn(whole, (one, other), (_bound(whole, one, one.start, other.end),))
    cutting.check_free(conn, whole.id, drawn.gone)
    return drawn


def change(project: Project, asked: Boundary, who: str) -> Redrawn:
    """Split or join sentences, or take such a change back; all of it or nothing.

    Raises ``RejectedEventError`` where it cannot be done, in one sentence.
    """
    store = project.store
    with store.write() as conn:
        ref = None
        if asked.op == "undo":
            before = cutting.redrawn(conn, asked.event)
            drawn, op = _back(project, before, who), _OPPOSITE[before.op]
            ref = before.uuid
        else:
            drawn, op = draw(project, asked), "split" if asked.op == "split" else "join"
        redrawn = cutting.redraw(
            store,
            drawn.whole,
            drawn.gone,
            drawn.coming,
            op=op,
            draw=partial(draw_of, seed=project.seed),
            who=who,
            at=now(),
            ref=ref,
        )
        voices.revoice(store, drawn.whole.id)
    return redrawn


_OPPOSITE: dict[str, Literal["split", "join"]] = {"split": "join", "join": "split"}


def _back(project: Project, before: Redrawn, who: str) -> Drawn:
    if before.coder != who:
        raise RejectedEventError(f"{before.coder} set these boundaries, and alone can take it back")
    conn = project.store.db.conn
    here = {one.id: one for one in cutting.bounds(conn, before.document_id)}
    if any(one.id not in here for one in before.after):
        raise RejectedEventError("these sentences were cut otherwise again meanwhile")
    gone = tuple(here[one.id] for one in before.after)
    cutting.check_free(conn, before.document_id, gone)
    return Drawn(cutting.whole(project.store, before.document_id), gone, before.before)


def _split(whole: Whole, unit: Bound, at: int) -> tuple[Bound, Bound]:
    if not unit.start < at < unit.end:
        raise RejectedEventError("a sentence is split inside of it: choose a later word of it")
    if whole.text[at].isspace() or _is_joined(whole.text, at):
        raise RejectedEventError("a sentence is split before a word, not inside of a character")
    end = unit.start + len(whole.text[unit.start : at].rstrip())
    return _bound(whole, unit, unit.start, end), _bound(whole, unit, at, unit.end)


def _is_joined(text: str, at: int) -> bool:
    """Whether the character belongs to the one before: an accent, a part of an emoji."""
    marks = unicodedata.category(text[at]).startswith("M") or ord(text[at]) in SKINS
    return marks or JOINER in text[at - 1 : at + 1]


def _neighbours(whole: Whole, units: Sequence[Bound], first: int) -> tuple[Bound, Bound]:
    """Two units that can be one."""
    if first < 0:
        raise RejectedEventError("there is no sentence before this one in the article")
    if first + 1 == len(units):
        raise RejectedEventError("there is no sentence after this one in the article")
    one, other = units[first], units[first + 1]
    if one.paragraph != other.paragraph:
        raise RejectedEventError(
            "the other sentence is in another paragraph; only one can be joined"
        )
    if whole.text[one.end : other.start].strip():
        raise RejectedEventError("between the two stands a line that is no sentence of the article")
    if other.end - one.start > LONGEST_UNIT:
        raise RejectedEventError(
            f"together they would have more than {LONGEST_UNIT:,} characters, which is the limit"
        )
    return one, other


def _bound(whole: Whole, like: Bound, start: int, end: int) -> Bound:
    """A new unit where another one was."""
    name = unit_id(whole.id, start, end)
    return like._replace(seq=0, id=name, start=start, end=end)
