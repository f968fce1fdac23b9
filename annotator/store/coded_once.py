"""Whether copies of a story are coded once, and which units that leaves out."""

from __future__ import annotations

from annotator.store import settings
from annotator.store.connection import Store
from annotator.store.spreading import ONCE

NOT_A_COPY = (
    "not exists (select 1 from document k indexed by document_story where k.id = u.document_id"
    " and k.cluster_id <> '' and k.copy = 1 and not exists (select 1 from document_own o"
    " where o.coder = :coder and o.round = :round and o.pass = :pass_ and o.document_id = k.id"
    " and o.decided > 0))"
)
"""Of a unit ``u``: it is in no copy, or in one that the coder has begun."""


def is_coded_once(store: Store) -> bool:
    """Whether the queue of the corpus leaves out documents that copy an earlier one."""
    return settings.value(store, ONCE) == "1"


def without_copies(store: Store) -> str:
    """SQL that leaves copies out of units ``u`` where stories are coded once; else empty."""
    return f" and {NOT_A_COPY}" if is_coded_once(store) else ""
