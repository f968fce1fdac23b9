"""A project file: strict, durable, migrated, refused when it is not one."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import threading
from pathlib import Path

import pytest

from annotator.core.errors import ProjectError
from annotator.store import Store, catalogue, desk_units, events, queue, reading
from annotator.store.seat import Seat

AT = "2021-05-03T10:00:00.000+00:00"


def test_writes_are_durable_and_keys_are_checked(store):
    pragmas = {
        name: store.db.execute(f"pragma {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous", "foreign_keys")
    }

    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_after_unhurried_work_that_failed_saves_wait_for_the_disk_again(store):
    def fail() -> None:
        with store.unhurried():
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()

    assert store.db.execute("pragma synchronous").fetchone()[0] == 2


def test_every_table_is_strict(store):
    loose = [
        row[1]
        for row in store.db.execute("pragma table_list")
        if row[2] == "table" and not row[5] and not row[1].startswith(("sqlite_", "_sqlite"))
    ]

    assert loose == []


def test_each_thread_has_a_connection_of_its_own_closed_with_it(store):
    seen = []
    worker = threading.Thread(target=lambda: seen.append(store.db.conn))
    worker.start()
    worker.join()

    assert seen[0] is not store.db.conn
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        seen[0].execute("select 1")


def test_a_closed_store_lets_go_of_its_file(store):
    conn = store.db.conn

    store.close()

    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        conn.execute("select 1")


def test_a_project_that_was_removed_does_not_come_back_as_an_empty_file(store):
    store.close()
    store.path.unlink()

    with pytest.raises(sqlite3.OperationalError):
        store.db.execute("select 1")

    assert not store.path.exists()


def test_a_project_that_may_only_be_read_says_so_and_what_to_do(store, monkeypatch):
    monkeypatch.setattr(os, "access", lambda *_: False)  # the tests may run as root, who always may

    with pytest.raises(ProjectError, match="may only be read here; make it writable"):
        Store.open(store.path)


def test_closing_harms_no_thread_that_is_reading(store):
    began, done = threading.Event(), []

    def read() -> None:
        count = "with recursive n(i) as (select 1 union all select i + 1 from n where i < 3000000)"
        rows = store.db.execute(f"{count} select i from n")
        began.set()
        done.append(sum(1 for _ in rows))

    reader = threading.Thread(target=read)
    reader.start()
    began.wait()
    store.close()
    reader.join()

    assert done == [3_000_000]


def test_a_failed_write_leaves_nothing_behind(store):
    def write_half() -> None:
        with store.write() as conn:
            conn.execute("insert into project (key, value) values ('a', 'b')")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_half()

    assert list(store.db.execute("select * from project")) == []


def test_a_project_is_never_made_over_another_file(tmp_path):
    place = tmp_path / "notes.txt"
    place.write_text("mine")

    with pytest.raises(ProjectError, match="exists already"):
        Store.create(place)
    assert place.read_text() == "mine"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"not a database, but long enough to be read as one" * 30, "is not an annotator project"),
        (b"", "is not"),
    ],
)
def test_a_file_that_is_no_project_is_refused_in_a_sentence(tmp_path, content, said):
    place = tmp_path / "other.annotator"
    place.write_bytes(content)

    with pytest.raises(ProjectError, match=said):
        Store.open(place)


def test_another_programs_database_is_refused(tmp_path):
    place = tmp_path / "other.db"
    with sqlite3.connect(place) as other:
        other.execute("create table t (x)")
    other.close()

    with pytest.raises(ProjectError, match="not an annotator project"):
        Store.open(place)


def test_a_project_of_a_newer_program_is_refused(store):
    store.db["_sqlite_migrations"].insert(
        {"migration_set": "annotator", "name": "from_the_future", "applied_at": "2030-01-01"}
    )

    with pytest.raises(ProjectError, match="newer annotator"):
        Store.open(store.path)


def test_the_secret_is_kept_to_its_owner_and_survives_a_restart(store):
    secret = store.secret()
    place = Path(f"{store.path}.secret")

    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert Store.open(store.path).secret() == secret


def test_a_project_saved_by_the_first_release_opens_and_keeps_its_labels(tmp_path):
    saved = Path(__file__).parents[1] / "data" / "project-1.db"
    place = tmp_path / "old.annotator"
    shutil.copy(saved, place)

    opened = Store.open(place)

    (first, *_) = desk_units.recent(opened, Seat("ana"))
    assert [answer.code for answer in first.decision.answers] == ["blockade"]
    opened.close()


def test_a_document_without_codings_can_be_removed_and_is_no_longer_found(
    store, units, told, found
):

    events.record(store, [told("skip", units[0])])
    coded, bare = (unit.partition(":")[0] for unit in (units[0], units[3]))

    done = catalogue.remove(store, [coded, bare], "ana", AT)

    assert (done.removed, [one.id for one in done.kept]) == ([bare], [coded])
    assert found(store, "dawn") == []


def test_the_queue_goes_on_where_the_coder_stopped(store, units, told):

    events.record(store, [told("skip", units[0]), told("set", units[2])])

    ahead = queue.next_units(store, Seat("ana"), after=0, want=10)
    others = queue.next_units(store, Seat("bela"), after=0, want=10)

    assert [unit.unit_id for unit in ahead] == [units[1], units[3], units[4]]
    assert len(others) == 5


def test_a_unit_comes_with_the_text_around_it(store, units):
    (unit,) = desk_units.unit(store, Seat("ana"), units[1])

    assert (unit.lead_in, unit.text, unit.follow) == (
        "The border is ours. ",
        "The road is closed.",
        " Nobody was hurt.",
    )


def test_an_article_is_told_whole_with_the_coders_own_statuses(store, units, told):

    events.record(store, [told("skip", units[1])])

    (paragraph,) = reading.article(store, Seat("ana"), units[0].partition(":")[0])

    assert "".join(piece.text for piece in paragraph) == (
        "The border is ours. The road is closed. Nobody was hurt."
    )
    assert {piece.unit: piece.status for piece in paragraph if piece.unit}[units[1]] == "skipped"
