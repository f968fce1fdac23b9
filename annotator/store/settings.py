"""What a project knows about itself: its id, title, seed, and whether it is the sample."""

from __future__ import annotations

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
    row = store.db.execute("select value from project where key = ?", (key,)).fetchone()
    return str(row[0]) if row else default
