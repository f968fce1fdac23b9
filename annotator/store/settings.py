"""What a project knows about itself: its id, title, seed, and whether it is the sample."""

from __future__ import annotations

import sqlite3

from annotator.store.connection import Store


def put(store: Store, **values: str) -> None:
    """Set values, leaving the others."""
    with store.write() as conn:
        conn.executemany(
            "insert into project (key, value) values (?, ?)"
            " on conflict (key) do update set value = excluded.value",
            values.items(),
        )


def value(store: Store, key: str, default: str = "") -> str:
    """One value, or the default."""
    return of(store.db.conn, key, default)


def of(conn: sqlite3.Connection, key: str, default: str = "") -> str:
    """One value of the project that a connection reads, or the default."""
    row = conn.execute("select value from project where key = ?", (key,)).fetchone()
    return str(row[0]) if row else default
