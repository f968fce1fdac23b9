"""Whether a project file holds together: each part compared with what it is made from.

Everything here but ``mend`` takes a connection of ``connection.reading`` and changes nothing. The
counts are counted anew from the current view, the index is made anew from the units, and so forth;
whether the view is what the events say, ``view_checks`` finds out.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from itertools import groupby
from typing import Any, NamedTuple

from annotator.core.annotation import MAIN_ROUND
from annotator.core.codebook import Codebook
from annotator.core.document import letters_of, unit_id
from annotator.store import actor_view, catalogue, corrections, events, jobs, voices
from annotator.store.catalogue import RETIRED_UNITS
from annotator.store.connection import Store
from annotator.store.migrations import NAMES, empty
from annotator.store.views import CardPlace, Place

COUNTS = {
    "corpus": "select 1, count(*), coalesce(sum(units), 0) from document where retired = 0",
    "document_progress": "select c.coder, c.round, c.pass, u.document_id, count(c.decided)"
    " from main.coding c join unit u on u.seq = c.unit"
    " group by c.coder, c.round, c.pass, u.document_id",
    "progress": "select c.coder, c.round, c.pass, count(c.decided),"
    " count(*) filter (where c.decided = 'skipped'), sum(c.flagged), ("
    "  select count(*) from document_progress p join document d on d.id = p.document_id"
    "  where d.retired = 0 and p.coder = c.coder and p.round = c.round and p.pass = c.pass"
    "  and p.done = d.units)"
    f" from main.coding c where c.unit not in {RETIRED_UNITS}"
    " group by c.coder, c.round, c.pass",
    "list_progress": "select c.coder, c.round, c.pass, l.list, count(c.decided),"
    " count(*) filter (where c.decided = 'skipped'), sum(c.flagged)"
    " from listed l join main.coding c on c.unit = l.unit"
    f" where c.unit not in {RETIRED_UNITS} group by c.coder, c.round, c.pass, l.list",
    "copied": "select 1, count(*), coalesce(sum(units), 0) from document where copy = 1",
    "document_own": "select c.coder, c.round, c.pass, u.document_id, count(*)"
    " from main.coding c join unit u on u.seq = c.unit"
    " where c.decided is not null and c.arm <> 'copy'"
    " group by c.coder, c.round, c.pass, u.document_id",
    "once_progress": "select p.coder, p.round, p.pass, count(o.decided),"
    " coalesce(sum(d.units) filter (where o.decided is not null), 0),"
    " coalesce(sum(p.done) filter (where o.decided is null), 0),"
    " count(*) filter (where o.decided is null and p.done = d.units)"
    " from document_progress p join document d on d.id = p.document_id"
    " left join document_own o on o.coder = p.coder and o.round = p.round and o.pass = p.pass"
    " and o.document_id = p.document_id and o.decided > 0"
    " where d.copy = 1 group by p.coder, p.round, p.pass",
}
"""How each table that triggers keep is made anew, in the order in which one builds on the other."""

TOKENS = "unicode61 remove_diacritics 2"
"""How the index of the first migration cuts texts into words."""


class Strayed(NamedTuple):
    """One column of one document that is not what the events say; ``due`` is what they say."""

    document: str
    column: str
    here: str | int
    due: str | int


def faults_of_file(conn: sqlite3.Connection) -> list[str]:
    """What SQLite's own check finds; nothing where the file is sound.

    Newer releases of SQLite report the search index here too, which ``words_off_the_index`` looks
    at with every release and which can be made anew.
    """
    found = (row[0] for row in conn.execute("pragma main.integrity_check"))
    return [told for told in found if told != "ok" and "unit_fts" not in told]


def broken_references(conn: sqlite3.Connection) -> dict[str, int]:
    """How many rows of each table name something that is not there."""
    found: dict[str, int] = {}
    for row in conn.execute("pragma main.foreign_key_check"):
        found[f"{row[0]} without its {row[2]}"] = found.get(f"{row[0]} without its {row[2]}", 0) + 1
    return found


def migrations(conn: sqlite3.Connection) -> tuple[set[str], set[str]]:
    """The schema changes that the file lacks, and those that this program does not know."""
    known = {row[0] for row in conn.execute("select name from _sqlite_migrations")}
    return set(NAMES) - known, known - NAMES


def missing_parts(conn: sqlite3.Connection) -> list[str]:
    """Tables, indexes and triggers of the schema that are not in the file."""
    parts = "select type || ' ' || name from main.sqlite_master where name not like 'sqlite_%'"
    here = {row[0] for row in conn.execute(parts)}
    with closing(empty()) as whole:
        return [row[0] for row in whole.execute(parts) if row[0] not in here]


def faults_of_codebooks(conn: sqlite3.Connection) -> list[str]:
    """What of the codebooks, the schemes made of them and the project's own facts is not right.

    Without these nothing can be shown, saved or exported.
    """
    told = [
        f"{name} {version} cannot be read"
        for name, version, content in conn.execute("select name, version, content from codebook")
        if not _is_codebook(content)
    ]
    told += [
        f"scheme {number} names a codebook that is gone"
        for (number,) in conn.execute(
            "select distinct s.id from scheme s, json_each(s.codebooks) j"
            " where j.value not in (select id from codebook)"
        )
    ]
    empty = conn.execute("select id from scheme where json_array_length(codebooks) = 0")
    told += [f"scheme {number} names no codebook" for (number,) in empty]
    if not conn.execute("select exists (select 1 from scheme where id > 0)").fetchone()[0]:
        told.append("no scheme is in force")
    if not conn.execute("select 1 from round where name = ?", (MAIN_ROUND,)).fetchone():
        told.append(f"the round {MAIN_ROUND} is gone")
    facts = dict(conn.execute("select key, value from project"))
    told += ["the project's id is gone"] * ("id" not in facts)
    return told + ["the seed is no number"] * (not facts.get("seed", "0").isdecimal())


def _is_codebook(content: str) -> bool:
    try:
        Codebook.model_validate_json(content)
    except ValueError:
        return False
    return True


def lost_events(conn: sqlite3.Connection) -> int:
    """How many events are gone: they are numbered without a gap, and none is ever deleted."""
    row = conn.execute(
        "select max(coalesce((select seq from main.sqlite_sequence where name = 'event'), 0),"
        " coalesce(max(seq), 0)) - count(*) from event"
    ).fetchone()
    return int(row[0])


def events_without_unit(conn: sqlite3.Connection) -> int:
    """How many events are about a unit that the project does not have."""
    row = conn.execute(
        "select count(*) from event e where e.subject = 'unit'"
        " and not exists (select 1 from unit u where u.id = e.subject_id)"
    ).fetchone()
    return int(row[0])


def events_without_document(conn: sqlite3.Connection) -> int:
    """How many events are about a document that is not here and was not removed."""
    row = conn.execute(
        "select count(*) from event e where e.subject = 'document'"
        " and not exists (select 1 from document d where d.id = e.subject_id)"
        " and not exists (select 1 from event r where r.subject = 'document'"
        "  and r.subject_id = e.subject_id and r.op = 'remove' and r.seq >= e.seq)"
    ).fetchone()
    return int(row[0])


def documents_off_their_events(conn: sqlite3.Connection) -> list[Strayed]:
    """What of the documents is not what they came in with and what was done to them since.

    The values that came in are known only where they were edited: each edit tells them.
    """
    due: dict[str, dict[str, str | int]] = {}
    for document, op, payload in conn.execute(
        "select subject_id, op, payload from event where subject = 'document' order by seq"
    ):
        columns = due.setdefault(document, {"retired": 0})
        if op == "remove":
            del due[document]
        elif op in ("retire", "restore"):
            columns["retired"] = int(op == "retire")
        elif op == "edit":
            columns |= _edited(json.loads(payload))
    found = []
    for document, columns in due.items():
        names = list(columns)
        row = conn.execute(
            f"select {', '.join(names)} from document where id = ?", (document,)
        ).fetchone()
        for column, here in zip(names, row or (), strict=row is not None):
            if here != columns[column]:
                found.append(Strayed(document, column, here, columns[column]))
    for (document,) in conn.execute("select id from document where retired = 1 order by rowid"):
        if document not in due:
            found.append(Strayed(document, "retired", 1, 0))
    return found


def _edited(payload: Any) -> dict[str, str]:
    """The columns that an edit sets."""
    field, value = payload["field"], str(payload["to"])
    if field not in catalogue.FIELDS:
        return {}
    precision = catalogue.PRECISION.get(len(value), "")
    return {field: value} | ({"date_precision": precision} if field == "published" else {})


def documents_off_their_letters(conn: sqlite3.Connection) -> list[Strayed]:
    """The documents whose words are not found by what the project keeps of them."""
    return [
        Strayed(document, "letters", here, due)
        for document, here, text in conn.execute(
            "select id, letters, text from document where segmenter <> 'row'"
        )
        if here != (due := letters_of(text))
    ]


def documents_off_their_cluster(conn: sqlite3.Connection) -> list[Strayed]:
    """The documents whose cluster has another name than its first document, or one member.

    And those that are noted as copies of an earlier document of the corpus and are not, or the
    other way round.
    """
    found = []
    rows = conn.execute(
        "select id, cluster_id, copy, retired, first_value(id) over story,"
        " count(*) over (partition by cluster_id),"
        " sum(1 - retired) over (story rows unbounded preceding)"
        " from document where cluster_id <> '' window story as"
        " (partition by cluster_id order by rowid) order by rowid"
    )
    for document, cluster, copy, retired, first, size, before in rows:
        name = first if size > 1 else ""
        if cluster != name:
            found.append(Strayed(document, "cluster_id", cluster, name))
        if copy != (due := int(bool(name) and not retired and before > 1)):
            found.append(Strayed(document, "copy", copy, due))
    for (document,) in conn.execute("select id from document where cluster_id = '' and copy = 1"):
        found.append(Strayed(document, "copy", 1, 0))
    return found


def units_off_their_text(conn: sqlite3.Connection) -> list[str]:
    """The ids of units that are not the part of their document's text that they claim to be."""
    found = []
    rows = conn.execute(
        "select document_id, id, start, end, text from unit order by document_id, idx"
    )
    for document, units in groupby(rows, key=lambda row: row[0]):
        whole = conn.execute("select text from document where id = ?", (document,)).fetchone()
        text = whole[0] if whole else ""
        for _, name, start, end, stored in units:
            if text[start:end] != stored or name != unit_id(document, start, end):
                found.append(name)
    return found


def documents_off_their_units(conn: sqlite3.Connection) -> int:
    """How many documents have more or fewer units than they were cut into."""
    row = conn.execute(
        "select count(*) from document d left join"
        " (select document_id, count(*) as n from unit group by document_id) u"
        " on u.document_id = d.id where d.units <> coalesce(u.n, 0)"
    ).fetchone()
    return int(row[0])


def words_off_the_index(conn: sqlite3.Connection) -> int:
    """How many words the search index counts otherwise than an index made anew.

    Raises ``sqlite3.DatabaseError`` where the index cannot be read.
    """
    conn.execute(
        f"create virtual table temp.anew using fts5 (text, content = '', tokenize = '{TOKENS}')"
    )
    conn.execute("insert into temp.anew (rowid, text) select seq, text from unit")
    for name, schema, index in (("words", "main", "unit_fts"), ("words_anew", "temp", "anew")):
        conn.execute(f"create virtual table temp.{name} using fts5vocab ({schema}, {index}, row)")
    row = conn.execute(
        "select count(distinct term) from ("
        " select * from (select * from temp.words except select * from temp.words_anew)"
        " union all"
        " select * from (select * from temp.words_anew except select * from temp.words))"
    ).fetchone()
    return int(row[0])


def index_opens(conn: sqlite3.Connection) -> bool:
    """Whether SQLite can open the search index to write it anew.

    FTS5 keeps the list of its parts in the row of this number, and opens nothing without it.
    """
    query = "select exists (select 1 from main.unit_fts_data where id = 10)"
    return bool(conn.execute(query).fetchone()[0])


def wrong_counts(conn: sqlite3.Connection) -> list[str]:
    """The tables that triggers keep and do not say what making them anew gives.

    A row of noughts says nothing.
    """
    wrong = []
    for table, anew in COUNTS.items():
        here = set(map(_counted, conn.execute(f"select * from main.{table}"))) - {None}
        if here != set(map(_counted, conn.execute(anew))) - {None}:
            wrong.append(table)
    return wrong


def _counted(row: tuple[Any, ...]) -> tuple[Any, ...] | None:
    counts = [value for value in row[3:] if isinstance(value, int)]
    return row if not counts or any(counts) else None


def faults_of_speakers(conn: sqlite3.Connection) -> list[str]:
    """What of the voices, speakers and actors does not follow from documents and events."""
    found = [f"{one.what} is {one.here}, not {one.due}" for one in actor_view.strayed(conn)]
    found += [
        f"{one.unit}: coders say {one.due}, and it has {one.here}"
        for one in corrections.strayed(conn)
    ]
    found += [
        f"{one.unit}: its speakers are {one.due}, and it names {one.here}"
        for one in voices.off_their_names(conn)
    ]
    half = voices.documents_half_heard(conn)
    return found + [f"{one}: has units without a voice" for one in half]


class Models(NamedTuple):
    """The models that the file knows, and what became of their trainings."""

    ids: frozenset[str]
    in_force: str
    training: bool
    dead_jobs: tuple[int, ...]


def models(conn: sqlite3.Connection) -> Models:
    """Which models there should be files of."""
    ids = frozenset(row[0] for row in conn.execute("select id from model"))
    last = conn.execute(
        "select model_id from train_job where status = 'done' order by id desc limit 1"
    ).fetchone()
    beats = {job.id: job.alive for job in jobs.begun(conn)}
    dead = tuple(job for job, alive in beats.items() if not alive)
    return Models(ids, str(last[0] or "") if last else "", any(beats.values()), dead)


def mend(
    store: Store,
    places: Iterable[Place | CardPlace],
    *,
    documents: Iterable[Strayed] = (),
    speakers: bool = False,
    counts: bool = False,
    index: bool = False,
) -> None:
    """Make these places of the view, documents, counts and index anew; all of it or nothing.

    The events are read and never touched.
    """
    with store.write() as conn:
        for place in places:
            events.rebuild(conn, place)
        for one in documents:
            conn.execute(
                f"update document set {one.column} = ? where id = ?", (one.due, one.document)
            )
        if speakers:
            voices.rebuild(conn)
        for table, anew in COUNTS.items() if counts else ():
            conn.execute(f"delete from {table}")
            conn.execute(f"insert into {table} {anew}")
        if index:
            conn.execute("insert into unit_fts (unit_fts) values ('rebuild')")
