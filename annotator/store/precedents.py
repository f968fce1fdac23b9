"""Sentences that were coded before: their texts, and what coders decided on them by themselves."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from typing import NamedTuple

from annotator.core.annotation import BULK, MAIN_ROUND, Answer
from annotator.store.connection import Store
from annotator.store.seat import Seat
from annotator.store.spreading import ARM
from annotator.store.views import answer_of

_OWN = f"c.round = '{MAIN_ROUND}' and c.pass = 1 and c.arm not in ('{ARM}', '{BULK}')"
"""Of a coding or an event ``c``: a coder made it on this very sentence, and for the first time."""


class Precedent(NamedTuple):
    """One coder's decision on one unit; ``own`` where who asks has decided on that unit too.

    ``asked`` is as in an event, and ``answers`` are those to one variable, without their evidence.
    """

    unit: int
    unit_id: str
    text: str
    draw: float
    title: str
    source: str
    published: str
    coder: str
    decided_at: str
    scheme: int
    asked: tuple[str, ...] | None
    own: bool
    answers: tuple[Answer, ...]


def texts(store: Store) -> list[tuple[int, str]]:
    """Number and text of every unit that a coder has coded themselves."""
    return store.db.execute(
        f"select seq, text from unit where seq in (select c.unit from coding c where {_OWN}"
        " and c.status = 'coded') order by seq"
    ).fetchall()


def texts_since(store: Store, number: int) -> list[tuple[int, str]]:
    """Those of every unit that an event after this number is about, decided now or not."""
    return store.db.execute(
        "select distinct u.seq, u.text from event c join unit u on u.id = c.subject_id"
        f" where c.seq > ? and c.subject = 'unit' and {_OWN} order by u.seq",
        (number,),
    ).fetchall()


_DECISIONS = f"""
select u.seq, u.id, u.text, u.draw, d.title, d.source, d.published, c.coder, c.decided_at,
    c.scheme, json_extract(e.payload, '$.asked'),
    exists (select 1 from coding m where m.unit = u.seq and m.coder = :coder
        and m.round = :round and m.pass = :pass_ and m.decided is not null),
    (select json_group_array(json_array(variable, target, holder, code, use, holder_type,
        explicit, confidence, '[]')) from (select * from annotation a
        where a.unit = c.unit and a.coder = c.coder and a.round = c.round and a.pass = c.pass
        and a.variable = :variable order by a.position))
from unit h join document o on o.id = h.document_id
cross join json_each(:units) j
cross join unit u on u.seq = j.value
cross join document d indexed by document_filters on d.id = u.document_id and d.retired = 0
cross join coding c on c.unit = u.seq and c.status = 'coded' and {_OWN}
cross join event e on e.uuid = c.event
where h.seq = :here and u.seq <> h.seq and u.text <> h.text
    and (d.cluster_id = '' or d.cluster_id <> o.cluster_id)
    and c.scheme in (select value from json_each(:schemes))
order by j.key, c.recorded
"""


def decisions(
    store: Store,
    seat: Seat,
    units: Sequence[int],
    *,
    here: int,
    variable: str,
    schemes: Collection[int],
) -> list[Precedent]:
    """What stands decided on these units, in their order, then in that of the decisions.

    Of units of the corpus alone, and under one of these schemes. Left out are the unit ``here``,
    its copies, and every unit of the same text.
    """
    asked = {"units": json.dumps(list(units)), "schemes": json.dumps(list(schemes))}
    rows = store.db.execute(
        _DECISIONS, asked | {"here": here, "variable": variable} | seat._asdict()
    )
    return [_precedent(*row) for row in rows]


def _precedent(*row: object) -> Precedent:
    *told, asked, own, answers = row
    return Precedent._make(
        (
            *told,
            None if asked is None else tuple(json.loads(str(asked))),
            bool(own),
            tuple(map(answer_of, json.loads(str(answers)))),
        )
    )
