"""Events about what is no decision on a text: documents, actors, lists, models and the like."""

from __future__ import annotations

import json
import sqlite3
import uuid
from collections.abc import Mapping
from typing import Any, Literal

About = Literal["document", "cluster", "actor", "list", "model", "project"]


def append(
    conn: sqlite3.Connection,
    about: tuple[About, str],
    op: str,
    payload: Mapping[str, Any],
    who: str,
    at: str,
    *,
    own: str = "",
    ref: str | None = None,
    origin: str | None = None,
) -> str:
    """Append an event about one of these, by its id, and give its uuid: ``own``, or a new one."""
    made = own or str(uuid.uuid4())
    conn.execute(
        "insert into event (uuid, coder, subject, subject_id, op, payload, round, pass, arm, ref,"
        " origin, client_at, recorded_at) values (?, ?, ?, ?, ?, ?, '', 1, '', ?, ?, '', ?)",
        (
            *(made, who, *about, op, json.dumps(payload, ensure_ascii=False)),
            *(ref, origin, at),
        ),
    )
    return made
