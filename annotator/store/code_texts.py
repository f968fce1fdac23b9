"""Texts for and around one code: those that carry it, and those a coder has yet to decide on."""

from __future__ import annotations

import json
from collections.abc import Sequence

from annotator.store.connection import Store

MAIN = ("main", 1)
"""The round and pass that are meant."""

_OPEN = (
    "from unit u join document d on d.id = u.document_id"
    " where d.retired = 0 and d.copy = 0 and u.draw >= :least and not exists"
    " (select 1 from coding c where c.coder = :coder and c.round = :round and c.pass = :pass"
    " and c.unit = u.seq and c.decided is not null)"
)
"""Units that the coder has not decided on, from a draw on; not those of copies of a document."""


def carrying(store: Store, place: tuple[str, str, str], most: int) -> list[str]:
    """The texts of the units to which anybody gave ``(variable, target, code)``, the latest."""
    rows = store.db.execute(
        "select u.text from unit u join document d on d.id = u.document_id"
        " where d.retired = 0 and u.seq in (select unit from annotation"
        "  where variable = ? and target = ? and code = ? and use = 'asserted')"
        " order by u.seq desc limit ?",
        (*place, most),
    )
    return [row[0] for row in rows]


def undecided(store: Store, coder: str, least: float, most: int) -> list[tuple[int, str]]:
    """Number and text of units from a draw on, as chance puts them first."""
    rows = store.db.execute(
        f"select u.seq, u.text {_OPEN} order by u.draw limit :most",
        _asked(coder, least) | {"most": most},
    )
    return rows.fetchall()


def undecided_among(
    store: Store, coder: str, least: float, most: int, units: Sequence[int]
) -> list[tuple[int, str]]:
    """The same of these units alone, by their numbers."""
    rows = store.db.execute(
        f"select u.seq, u.text {_OPEN} and u.seq in (select value from json_each(:units))"
        " order by u.draw limit :most",
        _asked(coder, least) | {"most": most, "units": json.dumps(units)},
    )
    return rows.fetchall()


def still_open(store: Store, coder: str, ids: Sequence[str]) -> list[int]:
    """The numbers of the units of these ids on which the coder has not decided, in their order."""
    rows = store.db.execute(
        f"select u.id, u.seq {_OPEN} and u.id in (select value from json_each(:ids))",
        _asked(coder, 0.0) | {"ids": json.dumps(ids)},
    )
    numbers = dict(rows.fetchall())
    return [numbers[one] for one in ids if one in numbers]


def _asked(coder: str, least: float) -> dict[str, object]:
    return {"coder": coder, "least": least, "round": MAIN[0], "pass": MAIN[1]}
