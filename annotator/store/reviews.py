"""Labels that are looked at again through a list of the kind ``check``: which, and what came of it.

A review is a decision of the arm ``check`` that names the list. The decision before it stays in the
log, and stands again where the review is taken back.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from annotator.core.annotation import BULK, CHECK, STATUS_OF
from annotator.store.connection import Store
from annotator.store.views import SOURCE, Source, source_of

_DECISIVE = f"e.op in {tuple(STATUS_OF)}"
_IN_FORCE = (
    "not exists (select 1 from event r where r.ref in (e.uuid, e.origin) and r.op = 'retract')"
)

REVIEWED = (
    "exists (select 1 from event e where e.subject = 'unit' and e.subject_id = u.id"
    " and e.coder = :coder and e.round = :round and e.pass = :pass_"
    f" and e.arm = '{CHECK}' and json_extract(e.payload, '$.queue') = :queue"
    f" and {_DECISIVE} and {_IN_FORCE})"
)
"""Of a unit ``u``: the coder has looked at its label again through the list ``:queue``."""

DUE = (
    "d.retired = 0 and exists (select 1 from coding c where c.coder = :coder and c.round = :round"
    f" and c.pass = :pass_ and c.unit = u.seq and c.decided = 'coded') and not {REVIEWED}"
)
"""Of a unit ``u`` of a document ``d``: the coder gave it a label and has yet to review it."""


def through(queue: str) -> str:
    """Of a decision's event ``e``: it was made through the list, where that is a check.

    ``queue`` is the parameter of the query that holds the list.
    """
    return (
        f"(e.arm = '{CHECK}' and json_extract(e.payload, '$.queue') = {queue}"
        f" or not exists (select 1 from unit_list where name = {queue} and kind = 'check'))"
    )


class Review(NamedTuple):
    """One coder's decision on a unit before it was reviewed, and after; None while it was not."""

    unit_id: str
    coder: str
    stratum: str
    before: Source
    after: Source | None


def is_check(store: Store, name: str) -> bool:
    """Whether a list is there to review labels."""
    row = store.db.execute(
        "select 1 from unit_list where name = ? and kind = 'check'", (name,)
    ).fetchone()
    return row is not None


def far(store: Store, seat: tuple[object, ...], name: str) -> tuple[int, int]:
    """How many labels of the list the coder has reviewed, and of how many that they gave.

    ``seat`` begins with coder, round and pass.
    """
    row = store.db.execute(
        f"select coalesce(sum({REVIEWED}), 0), count(*) from listed l join unit u on u.seq = l.unit"
        f" join document d on d.id = u.document_id where l.list = :queue and (({DUE})"
        f" or (d.retired = 0 and {REVIEWED}))",
        dict(zip(("coder", "round", "pass_"), seat, strict=False)) | {"queue": name},
    ).fetchone()
    return int(row[0]), int(row[1])


def reviews(
    store: Store,
    name: str,
    *,
    coder: str | None = None,
    units: Sequence[str] | None = None,
    round_: str = "main",
    pass_: int = 1,
) -> Iterator[Review]:
    """The labels of a check, reviewed or not, in the order of the list and then by coder.

    Of one ``coder`` and of some ``units`` alone, where these are given. What was taken back, or
    only confirmed in a list of suggestions, does not count; of several reviews of one label the
    last does.
    """
    rows = store.db.execute(
        f"select l.stratum, e.coder, {SOURCE} from listed l join unit u on u.seq = l.unit"
        " join document d on d.id = u.document_id"
        " join event e on e.subject = 'unit' and e.subject_id = u.id"
        " where l.list = ? and d.retired = 0 and e.coder = coalesce(?, e.coder)"
        " and (? is null or u.id in (select value from json_each(?)))"
        f" and e.round = ? and e.pass = ? and e.arm <> '{BULK}' and {_DECISIVE} and {_IN_FORCE}"
        " order by l.position, e.coder, e.seq",
        (name, coder, *2 * (None if units is None else json.dumps(list(units)),), round_, pass_),
    )
    for _, told in groupby(rows, key=lambda row: (row[-1], row[1])):
        first, *_ = some = list(told)
        review = _review(first[0], first[1], name, [source_of(row[2:]) for row in some])
        if review is not None:
            yield review


def _review(stratum: str, coder: str, name: str, told: Sequence[Source]) -> Review | None:
    """The review that a coder's decisions on one unit come to; None where it has no label."""
    made = [one for one in told if one.event.arm == CHECK and one.event.queue == name]
    before = [one for one in told if not made or one.number < made[0].number]
    if not before or before[-1].event.op != "set":
        return None
    after = made[-1] if made else None
    return Review(before[-1].event.unit, coder, stratum, before[-1], after)
