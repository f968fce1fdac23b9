"""Codebooks and schemes in the store: kept in every version that was ever in force."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from pydantic import ValidationError

from annotator.core.codebook import Codebook, Scheme, combine
from annotator.core.errors import ProjectError
from annotator.store.connection import Store


class Version(NamedTuple):
    """One version of a codebook that was in force: since when, and its TOML as it was taken in."""

    codebook: Codebook
    since: str
    source: str


@dataclass(frozen=True, slots=True)
class Carriers:
    """How many units carry a code, and the first of them as ``(title of the article, text)``."""

    units: int = 0
    first: tuple[tuple[str, str], ...] = ()


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
    return scheme(store, current_number(store))


def current_number(store: Store) -> int:
    """The number of the scheme in force."""
    (number,) = store.db.execute("select max(id) from scheme").fetchone()
    if number is None:
        raise ProjectError(f"{store.path} has no codebook; make it anew with `annotator init`")
    return int(number)


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


def with_sources(store: Store, number: int) -> list[tuple[Codebook, str]]:
    """The codebooks of a scheme as they were put in, each with its TOML source."""
    return [(book, source_of(store, book.name, book.version)) for book in stored(store, number)]


def versions(store: Store, name: str) -> list[Version]:
    """Every version of a codebook that was ever in force, oldest first."""
    rows = store.db.execute(
        "select c.content, min(s.made_at), c.source from scheme s, json_each(s.codebooks) j"
        " join codebook c on c.id = j.value where s.id > 0 and c.name = ?"
        " group by c.id order by min(s.id)",
        (name,),
    )
    return [Version(Codebook.model_validate_json(row[0]), row[1], row[2]) for row in rows]


def numbers_used(store: Store, name: str) -> set[str]:
    """Every version number that a codebook of this name has in this project."""
    rows = store.db.execute("select version from codebook where name = ?", (name,))
    return {row[0] for row in rows}


def names_used(store: Store, variable: str) -> set[str]:
    """The names of all codes and targets that the variable has or ever had."""
    rows = store.db.execute(
        "select json_extract(n.value, '$.name') from codebook b,"
        " json_each(b.content, '$.variable') v, json_each(v.value) part, json_each(part.value) n"
        " where json_extract(v.value, '$.name') = ? and part.key in ('code', 'targets')"
        " and part.type = 'array'",
        (variable,),
    )
    return {row[0] for row in rows}


def carriers(
    store: Store, variable: str, code: str = "", target: str = "", *, most: int
) -> Carriers:
    """The units whose current answers name the variable, and the code or target where given."""
    chosen = (
        "from annotation a join unit u on u.seq = a.unit join document d on d.id = u.document_id"
        " where a.variable = :variable and (:code = '' or a.code = :code)"
        " and (:target = '' or a.target = :target)"
    )
    about = {"variable": variable, "code": code, "target": target, "most": most}
    (number,) = store.db.execute(f"select count(distinct u.seq) {chosen}", about).fetchone()
    rows = store.db.execute(
        f"select distinct d.title, u.text, u.seq {chosen} order by u.seq limit :most", about
    )
    return Carriers(number, tuple((row[0], row[1]) for row in rows))


def _scheme(store: Store, number: int) -> Scheme | None:
    contents = _contents(store, number)
    try:
        return _combined(number, contents) if contents else None
    except ValidationError as fault:
        raise ProjectError(
            f"{store.path} is damaged: a codebook of it cannot be read; run `annotator doctor`"
        ) from fault


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
