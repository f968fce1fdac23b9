"""The schema, as migrations in order; each is applied once, in a transaction.

Why the tables look so:

- ``event`` is append-only and is the truth. ``coding`` and ``annotation`` are the current view
  of it, maintained in the same transaction; they can be rebuilt from the events at any time.
- ``unit.seq`` is the order of import and of coding; ``unit.draw`` is the unit's place in the
  seeded permutation of the sampling frame, fixed at import.
- ``scheme`` is what coders were asked at a time. Each event names its scheme, so that a code
  added later is "not asked" for earlier units, never 0.
- ``voice`` keeps what a machine found and what a coder corrected in rows of their own.
- ``round`` and ``assignment`` have their place from the first day on, though only later parts of
  the program write them.
- ``person`` is somebody who speaks in one document, ``actor`` the same across documents;
  ``speaker`` says which people speak in a unit, and ``voice.speaker`` has their names as text.
- ``unit_list`` is a set or a drawn sample; ``listed`` has its units in the order of coding.
- ``card`` and ``card_annotation`` are to a whole article what ``coding`` and ``annotation`` are to
  a unit.
- ``corpus``, ``progress`` and ``document_progress`` are counts that triggers keep. Every save is
  answered with how far the coder is; counting anew took 9 ms at the ten-thousandth save, which
  takes 1 ms now.
- ``coding.decided`` is the status without what was only confirmed in a list of suggestions: the
  counts and the queue go by it.
- Documents come in at one place alone, which counts them: a trigger for each of 100,000 rows took
  half a second of five, as did an index of draws that nothing reads yet.
- ``document.letters`` finds the same words again, whatever file they came in; a document that is
  ``retired`` keeps its codings and is out of the corpus: its counts, the queue, the exports.
"""

from __future__ import annotations

import sqlite3
from functools import cache
from importlib.resources import files

from sqlite_utils import Database, Migrations

from annotator.core.document import letters_of

MIGRATIONS = Migrations("annotator")
SCRIPTS = files("annotator.store").joinpath("schema")


@MIGRATIONS()
def first(db: Database) -> None:
    """Everything of the first release."""
    _run(db, "first")


@MIGRATIONS()
def progress_is_kept(db: Database) -> None:
    """Counts that triggers keep, instead of counting at every save."""
    _run(db, "progress")


@MIGRATIONS()
def trainings_name_their_host(db: Database) -> None:
    """On the machine it ran on, a training that was killed is known by its process at once."""
    db.execute("alter table train_job add column host text not null default ''")


@MIGRATIONS()
def documents_retire(db: Database) -> None:
    """A document that carries annotations may leave the corpus; the same words are found again."""
    db.execute(
        "alter table document add column retired integer not null default 0"
        " check (retired in (0, 1))"
    )
    db.execute("alter table document add column letters integer not null default 0")
    rows = db.execute("select id, text from document").fetchall()
    for id_, text in rows:
        db.execute("update document set letters = ? where id = ?", (letters_of(text), id_))
    _run(db, "retirement")


@MIGRATIONS()
def retired_documents_count_in_no_progress(db: Database) -> None:
    """What was coded in a document that is retired is kept, and counted nowhere."""
    _run(db, "progress_without_retired")


@MIGRATIONS()
def voices_are_found(db: Database) -> None:
    """Quotations, the people of a document, and who speaks in each unit."""
    _run(db, "voices")


@MIGRATIONS()
def copies_are_found(db: Database) -> None:
    """Signatures of documents, and the clusters of those that tell the same story."""
    _run(db, "copies")


@MIGRATIONS()
def units_are_listed(db: Database) -> None:
    """Saved sets of units, and samples with the probability of each unit."""
    _run(db, "lists")


@MIGRATIONS()
def articles_have_cards(db: Database) -> None:
    """Answers to the questions about a whole article."""
    _run(db, "cards")


@MIGRATIONS()
def searches_have_filters(db: Database) -> None:
    """Indexes of what a search asks of documents and of units beside their words."""
    _run(db, "search")


@MIGRATIONS()
def labels_are_checked(db: Database) -> None:
    """Lists of labels to look at again; what was only confirmed in a list is open on the desk."""
    _run(db, "checks")
    triggers = db.execute(
        "select name, sql from sqlite_master where type = 'trigger'"
        " and tbl_name in ('coding', 'document') and sql like '%.status%'"
    ).fetchall()
    for name, sql in triggers:
        db.execute(f"drop trigger {name}")
        db.execute(sql.replace(".status", ".decided"))


def _run(db: Database, name: str) -> None:
    script = SCRIPTS.joinpath(f"{name}.sql").read_text(encoding="utf-8")
    for statement in _statements(script):
        db.execute(statement)


def _statements(script: str) -> list[str]:
    """Split a script at the ends of its statements; triggers keep their inner semicolons."""
    statements, pending = [], ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            statements.append(pending.strip())
            pending = ""
    return statements


NAMES = frozenset(migration.name for migration in MIGRATIONS.pending(Database(memory=True)))
"""The names of all migrations this program knows."""


def empty() -> sqlite3.Connection:
    """A database in memory with the whole schema and nothing in it; the caller closes it."""
    conn = sqlite3.connect(":memory:")
    conn.deserialize(_schema())
    return conn


@cache
def _schema() -> bytes:
    """What ``empty`` begins with: applying every migration takes 40 ms, once in a process."""
    db = Database(memory=True)
    MIGRATIONS.apply(db)
    made = db.conn.serialize()
    db.conn.close()
    return made
