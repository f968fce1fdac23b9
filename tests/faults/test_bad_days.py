"""Full disks, locks, other servers and wrong clocks: no save that was acknowledged is lost."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from annotator.core.annotation import Event
from annotator.corpus import language
from annotator.learn import artefact
from annotator.store import connection, documents, events, jobs, tables
from annotator.store.events import Told
from annotator.workflow import projects

resource = pytest.importorskip("resource", reason="only POSIX limits the size of files")

NO_ROOM = 4_096
"""Bytes up to which files can be written while the disk is full."""

HOLD = """
import sqlite3, sys
held = sqlite3.connect(sys.argv[1], isolation_level=None)
held.execute("begin immediate")
print("locked", flush=True)
sys.stdin.read()
"""


@contextmanager
def full_disk(room=NO_ROOM):
    """No file can be written beyond ``room`` bytes; Python ignores the signal that comes of it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def locked(project):
    """Another process holds the project for writing."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(project.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as holder:
        assert holder.stdout.readline() == b"locked\n"
        yield
        holder.stdin.close()


@pytest.fixture
def detector():
    """The language model is in memory: it is unpacked into the temporary folder, once a process.

    That folder may well have room where the project has none; the limit here knows no folders.
    """
    language.prepare()


@pytest.fixture
def impatient(monkeypatch):
    """Writes wait a moment for a lock instead of half a minute."""
    monkeypatch.setattr(connection, "LOCK_PATIENCE", 0.05)


def decided(project):
    return {(one.coder, one.unit.unit_id): one for one in tables.codings(project.store)}


def current(project, unit):
    """The codes that ana has given the unit."""
    found = decided(project).get(("ana", unit))
    return [answer.code for answer in found.answers] if found else []


def contents(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}


def test_a_save_on_a_full_disk_is_not_acknowledged_and_the_next_try_is_kept(
    sit_down, project, save
):
    desk = sit_down(project)
    one, two, *_ = desk.units()
    assert desk.post(save(one)).json()["acks"] == ["save-0001"]

    with full_disk():
        reply = desk.post(save(two, "save-0002"))
    assert reply.status_code == 503
    assert reply.json()["error"].startswith("the server could not keep this (")
    assert reply.json()["error"].endswith("; the browser holds it and tries again")
    assert [unit for _, unit in decided(project)] == [one]

    assert desk.post(save(two, "save-0002")).json()["acks"] == ["save-0002"]
    assert [unit for _, unit in decided(project)] == [one, two]
    assert events.count(project.store) == 2


@pytest.mark.usefixtures("detector")
def test_an_import_on_a_full_disk_keeps_whole_files_and_goes_on_later(
    annotator, make_project, tmp_path
):
    project = make_project(articles=())
    folder = tmp_path / "articles"
    folder.mkdir()
    for n in range(40):
        text = f"Day {n} came. " + "Osk sent envoys and they were heard. " * 100
        (folder / f"{n:02}.txt").write_text(text, encoding="utf-8")
    project.store.db.execute("pragma wal_checkpoint(truncate)")

    with full_disk(room=600_000):
        said = annotator("import", project.path, folder)

    came_in = {one.file: one.units for one in documents.overview(project.store)}
    assert 0 < len(came_in) < 40
    assert set(came_in.values()) == {101}
    (line,) = said.lines
    assert said.code == 1
    assert line.startswith(f"{len(came_in):02}.txt: could not be kept (")
    assert line.endswith(
        f"after {len(came_in)} of 40 files; make room or wait, and import the same files again: "
        "what is in stays in"
    )
    again = annotator("import", project.path, folder)
    assert f"added {40 - len(came_in)} documents" in again.out
    assert len(documents.overview(project.store)) == 40


def test_an_import_without_room_for_the_language_detector_says_so(make_project, tmp_path):
    project = make_project(articles=())
    (tmp_path / "new.txt").write_text("Osk sent envoys and they were heard. " * 20)

    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, 600_000))

    # A process of its own, in which no test before this one has unpacked it.
    words = [sys.executable, "-m", "annotator", "import", project.path, tmp_path / "new.txt"]
    said = subprocess.run(words, capture_output=True, text=True, preexec_fn=limit, check=False)

    assert said.returncode == 1
    (line,) = said.stderr.splitlines()
    assert line.startswith("the language detector cannot be unpacked into ")
    assert line.endswith("; make room there, or say which language the articles are in")
    assert documents.overview(project.store) == []


@pytest.mark.usefixtures("detector")
def test_an_import_on_a_full_disk_says_so_where_the_journal_cannot_be_taken_in_either(
    annotator, make_project, tmp_path
):
    project = make_project(articles=())
    for name in ("early", "late"):
        (tmp_path / name).mkdir()
        for n in range(10):
            text = f"Day {n} was {name}. " + "Osk sent envoys and they were heard. " * 200
            (tmp_path / name / f"{n:02}.txt").write_text(text, encoding="utf-8")
    annotator("import", project.path, tmp_path / "early")
    project.store.db.execute("pragma wal_checkpoint(truncate)")

    with full_disk(room=project.path.stat().st_size):
        said = annotator("import", project.path, tmp_path / "late")

    assert said.code == 1
    (line,) = said.lines
    assert ".txt: could not be kept (" in line
    assert line.endswith("import the same files again: what is in stays in")


@pytest.mark.parametrize("room", [NO_ROOM, 60_000])
def test_a_project_that_finds_no_room_leaves_nothing_in_the_way(annotator, kills, tmp_path, room):
    place = tmp_path / "new" / "p.annotator"
    words = ("init", place, "--codebook", kills.CODEBOOK, "--target", "osk=Osk")

    with full_disk(room):
        said = annotator(*words)

    assert said.code == 1
    assert len(said.lines) == 1
    assert said.err.endswith("; choose another place\n")
    assert contents(place.parent) == {}
    assert annotator(*words).code == 0


@pytest.mark.parametrize("format_name", ["labels", "wide", "units"])
def test_an_export_on_a_full_disk_leaves_the_file_that_was_there(
    annotator, sit_down, project, save, tmp_path, format_name
):
    folder = tmp_path / "out"
    folder.mkdir()
    words = ("export", project.path, "--format", format_name, "--output", folder / "out.csv")
    assert annotator(*words).code == 0
    before = contents(folder)
    assert sorted(before) == ["out.codebook.json", "out.csv"]
    desk = sit_down(project)
    desk.post(save(desk.units()[0]))

    with full_disk(room=100):
        said = annotator(*words)

    assert said.code == 1
    assert said.lines[-1].startswith(f"{folder / 'out.csv'} cannot be written: ")
    assert contents(folder) == before
    assert annotator(*words).code == 0


@pytest.mark.parametrize("room", [100, 300_000])
def test_a_training_on_a_full_disk_leaves_the_model_in_force(annotator, trained, tmp_path, room):
    many = tmp_path / "many.txt"
    many.write_text("\n\n".join(f"Day {n} came." for n in range(3_000)), encoding="utf-8")
    assert annotator("import", trained.path, many).code == 0
    before = jobs.model_id(trained.store)
    folders = sorted(path.name for path in trained.store.models.iterdir())
    trained.store.db.execute("pragma wal_checkpoint(truncate)")

    # Room for not even a report, and for the small writes to the project file but not for the
    # scores of three thousand units.
    with full_disk(room):
        said = annotator("train", trained.path)

    assert said.code == 1
    assert len(said.lines) == 1
    assert jobs.model_id(trained.store) == before
    assert artefact.load(trained.store.models / before).columns
    assert sorted(path.name for path in trained.store.models.iterdir()) == folders
    assert annotator("train", trained.path).code == 0


def test_suggestions_on_a_full_disk_leave_the_file_that_was_there(annotator, trained, tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    words = ("suggest", trained.path, "--output", folder / "out.csv")
    assert annotator(*words).code == 0
    before = contents(folder)
    assert sorted(before) == ["out.csv"]

    with full_disk(room=100):
        said = annotator(*words)

    assert said.code == 1
    assert f"{folder / 'out.csv'} cannot be written: " in said.err
    assert contents(folder) == before


def test_a_save_waits_for_a_lock_and_is_kept_once_though_it_was_sent_twice(sit_down, project, save):
    desk = sit_down(project)
    unit = desk.units()[0]
    with ThreadPoolExecutor() as browser, locked(project):
        # The browser gives up after a while and sends the same again.
        sent = [browser.submit(desk.post, save(unit)) for _ in range(2)]
        assert not wait(sent, timeout=0.3).done
        assert desk.units()[0] == unit

    assert [one.result().json()["acks"] for one in sent] == [["save-0001"], ["save-0001"]]
    assert events.count(project.store) == 1


@pytest.mark.usefixtures("impatient")
def test_a_save_that_waited_too_long_for_a_lock_is_refused_and_the_next_try_is_kept(
    sit_down, project, save
):
    desk = sit_down(project)
    unit = desk.units()[0]
    with locked(project):
        reply = desk.post(save(unit))

    assert reply.status_code == 503
    assert reply.json()["error"] == (
        "the server could not keep this (database is locked); the browser holds it and tries again"
    )
    assert desk.post(save(unit)).json()["acks"] == ["save-0001"]


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("command", ["import", "code", "train"])
def test_a_command_that_waited_too_long_for_a_lock_says_so_in_a_sentence(
    annotator, trained, tmp_path, command
):
    article = tmp_path / "new.txt"
    article.write_text("A new day came.", encoding="utf-8")
    before = events.count(trained.store), len(documents.overview(trained.store))
    columns = ("--text", "text", "--labels", "label", "--variable", "frame", "--coder", "ben")
    words = {"import": (article,), "code": (tmp_path / "labels.csv", *columns), "train": ()}
    projects.close_project(trained.path)

    with locked(trained):
        said = annotator(command, trained.path, *words[command])

    assert said.code == 1
    assert len(said.lines) == 1
    assert "database is locked" in said.err
    reopened = projects.open_project(trained.path)
    assert (events.count(reopened.store), len(documents.overview(reopened.store))) == before
    assert annotator(command, trained.path, *words[command]).code == 0


def test_two_servers_on_one_project_keep_each_others_saves(kills, project, tmp_path):
    place = kills.Place(tmp_path, articles=0)
    projects.close_project(project.path)
    tokens = kills.tokens_of(project.path)
    servers = [kills.Server(place, project.path) for _ in range(2)]
    try:
        units = kills.units_of(project.path)
        sent = [kills.event_of(unit) for unit in units]
        for number, event in enumerate(sent):
            for server in (servers[number % 2], servers[(number + 1) % 2]):
                told = server.ask(tokens["ana"], "POST", "/events", {"events": [event]})
                assert told["acks"] == [event["uuid"]]
        told = [server.ask(tokens["ana"], "GET", "/queue") for server in servers]
    finally:
        for server in servers:
            server.kill()

    assert [one["next"] for one in told] == [[], []]
    assert [one["progress"]["done"] for one in told] == [len(units)] * 2
    with kills.opened(project.path) as store:
        assert events.count(store) == len(units)
        assert [one.unit.unit_id for one in tables.codings(store)] == units


def test_a_save_that_was_an_hour_offline_keeps_its_own_time(sit_down, project, save):
    desk = sit_down(project)
    unit = desk.units()[0]
    an_hour_ago = (datetime.now(UTC) - timedelta(hours=1)).isoformat(timespec="milliseconds")

    desk.post(save(unit, client_at=an_hour_ago))

    (coding,) = tables.codings(project.store)
    assert coding.decided_at == an_hour_ago


def test_a_browser_whose_clock_runs_ahead_does_not_decide_in_the_future(sit_down, project, save):
    desk = sit_down(project)
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat(timespec="milliseconds")

    desk.post(save(desk.units()[0], client_at=tomorrow))

    (coding,) = tables.codings(project.store)
    assert datetime.fromisoformat(coding.decided_at) <= datetime.now(UTC)


@pytest.fixture
def clock_was_ahead(project):
    """Save an event as it was recorded when the server's clock still ran a day ahead."""

    def record(sent):
        tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat(timespec="milliseconds")
        event = Event.model_validate(sent | {"client_at": tomorrow})
        assert events.record(project.store, [Told("ana", event, tomorrow)]) == [None]

    return record


def test_after_the_clock_was_set_back_the_last_save_still_counts_and_undo_works(
    sit_down, project, save, clock_was_ahead
):
    desk = sit_down(project)
    unit = desk.units()[0]
    clock_was_ahead(save(unit))
    for number, code in ((2, "counter-terrorism"), (3, "self-defense")):
        answer = {"variable": "frame", "code": code}
        desk.post(save(unit, f"save-000{number}", answers=[answer]))

    held = [current(project, unit)]
    for number in (3, 2, 1):
        undo = save(unit, f"undo-000{number}", op="retract", answers=[], ref=f"save-000{number}")
        assert desk.post(undo).json()["acks"] == [undo["uuid"]]
        held.append(current(project, unit))

    assert held == [["self-defense"], ["counter-terrorism"], ["sovereignty"], []]


def test_a_training_that_died_before_the_clock_was_set_back_is_not_waited_for(annotator, trained):
    job = jobs.start(
        trained.store, pid=os.getpid(), reason="asked", at="", last_event=events.last(trained.store)
    )
    with trained.store.write() as conn:
        conn.execute("update train_job set heartbeat = heartbeat + 86400 where id = ?", (job.id,))

    assert annotator("train", trained.path).code == 0
