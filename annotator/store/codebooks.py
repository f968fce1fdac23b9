"""Codebooks and schemes in the store: kept in every version that was ever in force."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from functools import lru_cache

from annotator.core.codebook import Codebook, Scheme, combine
from annotator.core.errors import ProjectError
from annotator.store.connection import Store


def put_scheme(store: Store, codebooks: Sequence[tuple[Codebook, str]], at: str) -> Scheme:
    """Put these codebooks (each with its TOML source) in force from now on; earlier ones stay."""
    with store.write() as conn:
        ids = _put_codebooks(conn, codebooks, at)
        cursor = conn.execute(
            "insert into scheme (codebooks, made_at) values (?, ?)", (json.dumps(ids), at)
        )
        number = int(cursor.lastrowid or 0)
    return scheme(store, number)


def add_older_scheme(store: Store, codebooks: Sequence[Codebook], at: str) -> Scheme:
    """Keep a scheme that labels from elsewhere were made with, without putting it in force.

    It is numbered below zero, so that the highest number stays the scheme in force.
    """
    with store.write() as conn:
        ids = _put_codebooks(conn, [(codebook, "") for codebook in codebooks], at)
        (lowest,) = conn.execute("select min(0, coalesce(min(id), 0)) from scheme").fetchone()
        conn.execute(
            "insert into scheme (id, codebooks, made_at) values (?, ?, ?)",
            (lowest - 1, json.dumps(ids), at),
        )
    return scheme(store, lowest - 1)


def _put_codebooks(
    conn: sqlite3.Connection, codebooks: Sequence[tuple[Codebook, str]], at: str
) -> list[int]:
    ids = []
    for codebook, source in codebooks:
        content = codebook.model_dump_json()
        conn.execute(
            "insert into codebook (name, version, content, source, added_at)"
            " values (?, ?, ?, ?, ?) on conflict (name, version) do nothing",
            (codebook.name, codebook.version, content, source, at),
        )
        row = conn.execute(
            "select id, content from codebook where name = ? and version = ?",
            (codebook.name, codebook.version),
        ).fetchone()
        if row[1] != content:
            raise ProjectError(
                f"codebook {codebook.name} {codebook.version} is in this project already with "
                "another content; give the changed one a new version"
            )
        ids.append(row[0])
    return ids


def scheme(store: Store, number: int) -> Scheme:
    """The scheme of that number. Raises ``ProjectError`` where the project has none such."""
    found = _scheme(store, number)
    if found is None:
        raise ProjectError(f"this project has no scheme {number}")
    return found


def find_scheme(store: Store, number: int) -> Scheme | None:
    """The scheme of that number, or None."""
    return _scheme(store, number)


def current_scheme(store: Store) -> Scheme:
    """The scheme in force."""
    (number,) = store.db.execute("select max(id) from scheme").fetchone()
    if number is None:
        raise ProjectError(f"{store.path} has no codebook; make it anew with `annotator init`")
    return scheme(store, number)


def schemes(store: Store) -> dict[int, Scheme]:
    """Every scheme the project ever had, by number."""
    numbers = [row[0] for row in store.db.execute("select id from scheme order by id")]
    return {number: scheme(store, number) for number in numbers}


def source_of(store: Store, name: str, version: str) -> str:
    """The TOML text a codebook came from."""
    row = store.db.execute(
        "select source from codebook where name = ? and version = ?", (name, version)
    ).fetchone()
    return str(row[0]) if row else ""


def stored(store: Store, number: int) -> list[Codebook]:
    """The codebooks of a scheme as they were put in, before keys gave way to each other."""
    return [Codebook.model_validate_json(content) for content in _contents(store, number)]


def _scheme(store: Store, number: int) -> Scheme | None:
    contents = _contents(store, number)
    return _combined(number, contents) if contents else None


def _contents(store: Store, number: int) -> tuple[str, ...]:
    rows = store.db.execute(
        "select c.content from scheme s, json_each(s.codebooks) j join codebook c on c.id = j.value"
        " where s.id = ? order by j.key",
        (number,),
    )
    return tuple(row[0] for row in rows)


# A scheme never changes once it is written; only its making from the stored text is costly.


@lru_cache(maxsize=64)
def _combined(number: int, contents: tuple[str, ...]) -> Scheme:
    return combine((Codebook.model_validate_json(content) for content in contents), number)
