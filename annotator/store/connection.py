"""Opening a project file: one connection for each thread, and one way to write.

sqlite-utils' ``atomic()`` is a deferred transaction, which under concurrency fails at once with
"database is locked" where two writers have both read first. Every write here therefore opens with
``BEGIN IMMEDIATE``, which waits for its turn. Annotation writes are ``synchronous=FULL``: a save
that was acknowledged is on the disk.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from sqlite_utils import Database

from annotator.core.errors import ProjectError
from annotator.store.migrations import MIGRATIONS, NAMES, empty

APPLICATION_ID = 0x414E4E54  # "ANNT": tells a project file from any other SQLite file
LOCK_PATIENCE = 30.0  # seconds that a write waits for another process

BESIDE = ("-wal", "-shm", "-journal", ".secret", ".models", ".cache")
"""How the names of what lies beside a project file end."""


class Store:
    """One project file. Use ``Store.create`` or ``Store.open``; connections are per thread."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()
        self._openings = 0
        self._secret: bytes | None = None

    @classmethod
    def create(cls, path: Path) -> Store:
        """Make a new, empty project file; an existing file is never touched."""
        if path.exists():
            raise ProjectError(f"{path} exists already; choose another name or open that project")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with closing(empty()) as made, closing(sqlite3.connect(path)) as conn:
                made.execute(f"pragma application_id = {APPLICATION_ID}")
                made.backup(conn)
        except (OSError, sqlite3.Error) as fault:
            # What is half made is no project, and would stand in the way of the next try.
            with suppress(OSError):
                for end in ("", "-wal", "-shm"):
                    beside(path, end).unlink(missing_ok=True)
            raise ProjectError(f"{path} cannot be made ({fault}); choose another place") from fault
        return cls(path.resolve())

    @classmethod
    def open(cls, path: Path) -> Store:
        """Open a project file and bring its schema up to date."""
        if path.is_dir():
            raise ProjectError(f"{path} is a folder; name the project file in it")
        if not path.is_file():
            raise ProjectError(
                f"{path} is not there; make it with `annotator init {path} --codebook FILE`"
            )
        if not is_project(path):
            raise ProjectError(f"{path} is not an annotator project; name the file `init` made")
        if not os.access(path, os.W_OK):
            raise ProjectError(
                f"{path} may only be read here; make it writable, or take a copy of it with"
                " `annotator backup`"
            )
        store = cls(path.resolve())
        known = {row["name"] for row in store.db["_sqlite_migrations"].rows}
        if unknown := known - NAMES:
            raise ProjectError(
                f"{path} was made by a newer annotator ({', '.join(sorted(unknown))}); update it"
            )
        if NAMES - known:
            MIGRATIONS.apply(store.db)
        return store

    @property
    def db(self) -> Database:
        """This thread's connection."""
        held: _Held | None = getattr(self._local, "held", None)
        if held is None or held.opening != self._openings:
            held = self._local.held = _Held(self._connect(), self._openings)
        return held.db

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all of it is kept, or none. Inside another one, it is part of that."""
        conn = self.db.conn
        if getattr(self._local, "writing", False):
            yield conn
            return
        conn.execute("begin immediate")
        self._local.writing = True
        try:
            yield conn
            conn.execute("commit")
        except BaseException:
            # A commit may fail too, on a full disk; left open, it would block every later write.
            conn.rollback()
            raise
        finally:
            self._local.writing = False

    @contextmanager
    def unhurried(self) -> Iterator[None]:
        """Within it, this thread's transactions reach the disk together at the end of it.

        For work that can be done again, such as imports: a killed process loses nothing, a power
        cut at most the transactions since the last save of a coder, and each of them whole.
        """
        conn = self.db.conn
        conn.execute("pragma synchronous = normal")
        try:
            yield
        finally:
            conn.execute("pragma synchronous = full")
            # A checkpoint syncs the log first; one that is not let in, or finds no room,
            # leaves that to the next save.
            with suppress(sqlite3.OperationalError):
                conn.execute("pragma wal_checkpoint(passive)")

    @property
    def cache(self) -> Path:
        """Where what can be computed again lies, beside the project file."""
        return beside(self.path, ".cache")

    @property
    def models(self) -> Path:
        """Where the models' arrays lie, beside the project file."""
        return beside(self.path, ".models")

    def own_files(self) -> set[Path]:
        """Every place that belongs to this project, whether or not something is there."""
        return {beside(self.path, end) for end in ("", *BESIDE)}

    def secret(self) -> bytes:
        """The key that signs tokens: made once, readable by its owner only, in no backup."""
        if self._secret is None:
            self._secret = self._read_secret()
        return self._secret

    def _read_secret(self) -> bytes:
        place = beside(self.path, ".secret")
        fresh = place.with_name(f"{place.name}.{os.getpid()}.{secrets.token_hex(4)}")
        if not place.exists():
            handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(secrets.token_hex(32).encode())
            # Two servers may start at once: link() lets only the first one's key in.
            try:
                os.link(fresh, place)
            except FileExistsError:
                pass
            finally:
                fresh.unlink()
        return place.read_bytes()

    def close(self) -> None:
        """Close this thread's connection; other threads close theirs when they come to it again.

        Closed while another thread is reading, a connection would take the whole process down.
        """
        self._openings += 1
        vars(self._local).pop("held", None)

    def _connect(self) -> Database:
        # Streamlit may run a callback on another thread than the script that bound it, and
        # close() is called from whichever thread ends the work.
        # A project that was removed meanwhile must not come back as an empty file.
        place = f"{self.path.as_uri()}?mode=rw"
        conn = sqlite3.connect(place, uri=True, timeout=LOCK_PATIENCE, check_same_thread=False)
        db = Database(conn)
        db.enable_wal()
        for pragma in ("synchronous = full", "foreign_keys = on", "cache_size = -65536"):
            db.execute(f"pragma {pragma}")
        return db


def beside(path: Path, ending: str) -> Path:
    """What lies beside a project file under this ending."""
    return path.with_name(path.name + ending)


def is_project(path: Path) -> bool:
    """Whether the file's header says so; a file that is not ours is read and never touched.

    The header is that of SQLite's file format, section 1.3: sixteen bytes of magic, and the
    application id at offset 68. Not for a file that this process has open: on POSIX, closing it
    here would drop SQLite's locks.
    """
    with path.open("rb") as file:
        header = file.read(72)
    mark = APPLICATION_ID.to_bytes(4, "big")
    return header.startswith(b"SQLite format 3\0") and header[68:72] == mark


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """A project file as it stands at one moment, which cannot be written and is not migrated.

    Temporary tables can be made beside it. Coders go on saving meanwhile. Raises
    ``sqlite3.Error`` where the file is damaged.
    """
    place = path.resolve()
    at_rest = not beside(place, "-wal").exists()
    uri = f"{place.as_uri()}?mode=ro"
    try:
        with closing(sqlite3.connect(uri, uri=True, timeout=LOCK_PATIENCE)) as conn:
            conn.execute("pragma temp_store = memory")
            conn.execute("begin")
            # A snapshot begins with the first read, not with the transaction.
            conn.execute("select count(*) from main.sqlite_master").fetchone()
            yield conn
    finally:
        # What a connection that cannot write made beside the file, only another one takes away.
        if at_rest:
            with suppress(sqlite3.Error), closing(sqlite3.connect(place)) as last:
                last.execute("select count(*) from sqlite_master").fetchone()


class _Held:
    """One thread's connection, closed when the thread is gone: Streamlit starts one per run."""

    def __init__(self, db: Database, opening: int) -> None:
        self.db = db
        self.opening = opening

    def __del__(self) -> None:
        self.db.conn.close()
