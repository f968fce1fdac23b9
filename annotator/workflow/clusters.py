"""Copies of one story: found, corrected by people, coded once, and decisions copied among them."""

from __future__ import annotations

import csv
import uuid
from collections.abc import Sequence
from typing import Literal, NamedTuple, TextIO

from annotator.core.errors import RejectedEventError
from annotator.core.progress import Progress, Stopped, never, silent
from annotator.corpus import duplicates
from annotator.store import (
    Store,
    clusters,
    coded_once,
    propagations,
    settings,
    spreading,
    stories,
    tables,
)
from annotator.store.catalogue import NOBODY
from annotator.store.clusters import Signed
from annotator.store.propagations import Asked
from annotator.store.spreading import Preview
from annotator.store.stories import Weight
from annotator.workflow.clock import now

TITLE = "finding copies"
waiting = clusters.waiting

AT_ONCE = 500
"""Documents that are signed, or copies of decisions that are made, in one transaction."""

TRIES = 5
"""How often a comparison begins anew because somebody changed documents meanwhile."""

Spread = Literal["ask", "always", "never"]

SPREAD: dict[Spread, str] = {
    "ask": "When somebody asks for it here",
    "always": "With every save",
    "never": "Never",
}
"""When decisions are copied to the same sentences of copies, and how the page says it."""


class Propagated(NamedTuple):
    """How many sentences were decided like their originals, and the event that can be undone."""

    sentences: int
    event: str | None


def find(
    store: Store,
    progress: Progress = silent,
    stopped: Stopped = never,
) -> None:
    """Give each document that waits for it a signature, and put it with the story it tells.

    The signatures are kept on the way; the clusters are found in one go at the end.
    """
    total = clusters.waiting(store)
    done = at = 0
    while found := clusters.unsigned(store, most=AT_ONCE, after=at):
        if stopped():
            return
        bodies = [duplicates.body(one.text, one.title, one.furniture) for _, one in found]
        signed = duplicates.signatures(bodies)
        clusters.sign(store, zip((one.id for _, one in found), signed, strict=True))
        at, done = found[-1][0], done + len(found)
        progress(min(done, total), total, "reading what may be copied")
    for _ in range(TRIES):
        if stopped() or _compare(store, progress):
            return


def _compare(store: Store, progress: Progress) -> bool:
    """Put the new documents with their stories; False where it has to begin anew."""
    expected = clusters.state(store)
    signed = clusters.signed(store)
    known = sum(one.compared for one in signed)
    if known == len(signed):
        return True
    numbers = {one.id: number for number, one in enumerate(signed)}

    def text_of(number: int) -> str:
        one = clusters.article(store, signed[number].id)
        return duplicates.body(one.text, one.title, one.furniture)

    found = duplicates.grouped(
        [one.signature for one in signed],
        text_of,
        before=_before(signed[:known]),
        apart=[
            (numbers[one], numbers[other])
            for one, other in clusters.apart(store)
            if one in numbers and other in numbers
        ],
        tell=lambda at: progress(at, len(signed), "comparing documents"),
    )
    suggested = [(signed[a].id, signed[b].id, like) for a, b, like in found.suggested]
    changed = _changed(signed, found.first)
    return clusters.put(store, changed, suggested, [one.id for one in signed[known:]], expected)


def _before(known: Sequence[Signed]) -> list[int]:
    """For each document that was compared before, the number of the first of its cluster."""
    first: dict[str, int] = {}
    return [
        first.setdefault(one.cluster_id, number) if one.cluster_id else number
        for number, one in enumerate(known)
    ]


def _changed(signed: Sequence[Signed], first: Sequence[int]) -> list[list[str]]:
    """The stories that are not as they were, each as the ids of its documents."""
    together: dict[int, list[Signed]] = {}
    for one, number in zip(signed, first, strict=True):
        together.setdefault(number, []).append(one)
    return [
        [one.id for one in group]
        for group in together.values()
        if len(group) > 1 and not (group[0].cluster_id and len({o.cluster_id for o in group}) == 1)
    ]


def separate(
    store: Store, document_id: str, who: str = NOBODY, *, other_id: str | None = None
) -> str:
    """Say that a document does not tell the story of its cluster, or of another document."""
    return clusters.separate(store, document_id, who or NOBODY, now(), other_id=other_id)


def unite(store: Store, document_id: str, other_id: str, who: str = NOBODY) -> str:
    """Say that two documents tell the same story."""
    return clusters.unite(store, document_id, other_id, who or NOBODY, now())


def undo(store: Store, event_uuid: str, who: str = NOBODY) -> str:
    """Take back what somebody said of copies, or had copied; the uuid of the event that does it.

    Raises ``RejectedEventError`` where there is no such event, or it is taken back already.
    """
    asked = propagations.find(store, event_uuid)
    if asked is None:
        return clusters.undo(store, event_uuid, who or NOBODY, now())
    return _undo_spread(store, asked, who or NOBODY)


def _undo_spread(store: Store, asked: Asked, who: str) -> str:
    """Take back the copies that somebody asked for; those decided anew since are left."""
    undone = str(uuid.uuid4())
    copies = [] if propagations.is_undone(store, asked) else propagations.standing(store, asked)
    # As they were made: in transactions that coders need not wait for.
    with store.unhurried():
        for at in range(0, len(copies), AT_ONCE):
            propagations.take_back(store, copies[at : at + AT_ONCE], undone, now())
        propagations.end(store, asked, undone, who, now())
    return undone


def codes_once(store: Store) -> bool:
    """Whether the queue leaves out documents of which an earlier copy is there."""
    return coded_once.is_coded_once(store)


def code_once(store: Store, *, once: bool) -> None:
    """Code each story once, or every copy of it."""
    settings.put(store, **{spreading.ONCE: str(int(once))})


def spreads(store: Store) -> Spread:
    """When decisions are copied."""
    chosen = settings.value(store, spreading.SPREAD, "ask")
    return next((one for one in SPREAD if one == chosen), "ask")


def set_spread(store: Store, when: Spread) -> None:
    """Say when decisions are copied; those that were copied stay, and follow their originals."""
    settings.put(store, **{spreading.SPREAD: when})


def preview(store: Store, *, coder: str = "", cluster_id: str = "") -> Preview:
    """What ``spread`` would copy, and copy nothing; raises what that does of coders."""
    _check_coder(store, coder)
    return spreading.preview(store, coder=coder, cluster_id=cluster_id)


def spread(
    store: Store,
    *,
    coder: str = "",
    cluster_id: str = "",
    who: str = NOBODY,
    progress: Progress = silent,
) -> Propagated:
    """Copy decisions to the same sentences in copies, as one thing that ``undo`` takes back.

    Of all coders, or of one; in one cluster, or in all. Raises ``RejectedEventError`` where the
    project says that nothing is ever copied, or nobody of that name has coded.
    """
    if spreads(store) == "never":
        raise RejectedEventError(
            "this project never copies decisions; change that on the Copies page first"
        )
    _check_coder(store, coder)
    asked = Asked(str(uuid.uuid4()), cluster_id, coder, who or NOBODY)
    decided = spreading.candidates(store, coder=coder, cluster_id=cluster_id)
    gone = made = 0
    # In transactions that coders need not wait for; what is cut off is done by asking again.
    with store.unhurried():
        while gone < len(decided):
            progress(gone, len(decided), "copying decisions")
            some, copies = propagations.copy(store, asked, decided[gone:], now(), most=AT_ONCE)
            gone, made = gone + some, made + copies
    return Propagated(made, asked.uuid if made else None)


def _check_coder(store: Store, coder: str) -> None:
    known = tables.coders(store)
    if coder and coder not in known:
        there = f"those who have are {', '.join(known)}" if known else "nobody has"
        raise RejectedEventError(f"no coder {coder!r} has decided anything here; {there}")


def write_weights(store: Store, out: TextIO) -> int:
    """Write ``document_id,cluster_id,weight`` as CSV; the number of documents."""
    table = csv.writer(out)
    table.writerow(Weight._fields)
    rows = [(*one[:2], f"{one.weight:.6g}") for one in stories.weights(store)]
    table.writerows(rows)
    return len(rows)
