"""What the project holds and exports of the current view do not, beside what ``tables`` counts."""

from __future__ import annotations

from annotator.store.catalogue import RETIRED_UNITS
from annotator.store.connection import Store
from annotator.store.views import OF_ANSWER


def superseded(store: Store) -> int:
    """How many saved decisions no longer stand: decided anew, or taken back."""
    row = store.db.execute(
        "select (select count(*) from event where op in ('set', 'skip', 'not_codable'))"
        " - (select count(*) from coding where status is not null)"
        " - (select count(*) from card where status is not null)"
    ).fetchone()
    return int(row[0])


def cards(store: Store) -> int:
    """How many standing decisions are about whole articles, and on no unit."""
    row = store.db.execute(
        "select count(*) from card c join document d on d.id = c.document_id"
        " where c.status is not null and d.retired = 0"
    ).fetchone()
    return int(row[0])


def without_spans(store: Store) -> int:
    """How many standing answers rest on no words that the coder marked."""
    row = store.db.execute(
        f"select count(*) from annotation a where not exists (select 1 from span s"
        f" where {OF_ANSWER}) and a.unit not in {RETIRED_UNITS}"
    ).fetchone()
    return int(row[0])


def without_reveal(store: Store) -> int:
    """How many standing codings were made with no reveal between two answers."""
    row = store.db.execute(
        "select count(*) from coding c join unit u on u.seq = c.unit where c.status = 'coded'"
        f" and c.unit not in {RETIRED_UNITS} and not exists (select 1 from event e"
        "  where e.subject = 'unit' and e.subject_id = u.id and e.coder = c.coder"
        "  and e.round = c.round and e.pass = c.pass and e.op = 'reveal' and not exists"
        "  (select 1 from event r where r.ref = json_extract(e.payload, '$.first')))"
    ).fetchone()
    return int(row[0])


def without_scores(store: Store) -> int:
    """How many standing decisions were made while no model had scored the unit."""
    row = store.db.execute(
        "select count(*) from coding c join event e on e.uuid = c.event"
        " where c.status is not null and e.candidates is null"
        f" and c.unit not in {RETIRED_UNITS}"
    ).fetchone()
    return int(row[0])
