"""A backup has every save that was acknowledged; the doctor finds what was broken, and mends it."""

from __future__ import annotations

import itertools
import json
import os
import random
import resource
import shutil
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.core.annotation import Event
from annotator.core.errors import ProjectError
from annotator.learn import sealed, vector_files
from annotator.learn.vectors import METHOD, Vectors
from annotator.store import Store, events, jobs
from annotator.store import settings as store_settings
from annotator.store.events import Told
from annotator.workflow import backups, care, exporting, surroundings
from annotator.workflow.recording import recorder
from tests.terminal import annotator

AT = datetime.fromisoformat("2026-03-02T09:05:07+00:00")
NOON = "2026-03-02T12:00:00+00:00"


def copied(project, place, **options):
    return backups.backup(project, place, at=AT, tell=lambda *far: None, **options)


def mended(project):
    return care.repair(care.examine(project), at=AT, tell=lambda *far: None)


def faults(project) -> dict[str, str]:
    return {
        check.name: check.message
        for check in care.examine(project).checks
        if check.state == "fault"
    }


def warnings(project) -> dict[str, str]:
    return {
        check.name: check.message
        for check in care.examine(project).checks
        if check.state == "warning" and check.name != "space"
    }


def alter(project, *statements):
    """Change a project file behind the program's back, and past its triggers' watch on events."""
    with closing(sqlite3.connect(project)) as conn:
        for statement in statements:
            conn.execute(statement)
        conn.commit()


@pytest.fixture
def project(toy) -> Path:
    """The toy project's file, closed."""
    toy.close()
    return toy.path


def all_labels(place):
    store = Store.open(place)
    try:
        return exporting.as_bytes(store, "labels"), events.count(store)
    finally:
        store.close()


# The copy


def test_a_copy_opens_like_any_project_and_holds_the_same(project, tmp_path):
    made = copied(project, tmp_path / "copy.annotator")

    assert all_labels(made.file) == all_labels(project)
    assert (made.events, faults(made.file)) == (9, {})


def test_a_copy_is_one_file_and_the_project_is_left_as_it_was(project, tmp_path):
    before = {one.name for one in tmp_path.iterdir()}

    copied(project, tmp_path / "copy.annotator")

    assert {one.name for one in tmp_path.iterdir()} == before | {"copy.annotator"}


def test_models_and_vectors_are_copied_and_the_key_and_the_cache_are_not(toy, tmp_path):
    job = jobs.start(toy, pid=1, reason="asked", at=NOON, last_event=0)
    jobs.put_model(toy, job.id, "m1", 1, {}, NOON)
    toy.secret()
    vectors = ("vectors/0123456789abcdef/words.npz", "vectors/.part-1-aa/words.npz")
    for place in ("m1/model.npz", "m2/model.npz", "training.log", *vectors):
        (toy.models / place).parent.mkdir(parents=True, exist_ok=True)
        (toy.models / place).write_text("numbers")
    (toy.cache / "tokens").mkdir(parents=True)
    (toy.cache / "tokens" / "ids.bin").write_text("numbers")
    folder = tmp_path / "safe"
    folder.mkdir()

    made = copied(toy.path, folder / "copy.annotator")

    # The second model is not in the project yet: its training has not ended.
    files = sorted(str(one.relative_to(folder)) for one in folder.rglob("*") if one.is_file())
    assert files == [
        "copy.annotator",
        "copy.annotator.models/m1/model.npz",
        "copy.annotator.models/vectors/0123456789abcdef/words.npz",
    ]
    assert made.models == 1


def test_into_a_folder_a_copy_goes_under_a_dated_name(project, tmp_path):
    folder = tmp_path / "safe"
    folder.mkdir()

    assert copied(project, folder).file == folder / "toy-2026-03-02-090507.annotator"


def test_nothing_is_overwritten_unless_asked_for(project, tmp_path):
    place = copied(project, tmp_path / "copy.annotator").file
    alter(place, "update project set value = 'mine' where key = 'title'")
    before = place.read_bytes()

    with pytest.raises(ProjectError, match="is there already"):
        copied(project, place)
    assert place.read_bytes() == before

    copied(project, place, force=True)
    assert all_labels(place) == all_labels(project)


def test_what_is_no_project_is_not_even_overwritten_when_asked_for(project, tmp_path):
    (tmp_path / "thesis.docx").write_text("years of work")

    with pytest.raises(ProjectError, match="is no project"):
        copied(project, tmp_path / "thesis.docx", force=True)
    assert (tmp_path / "thesis.docx").read_text() == "years of work"


def test_a_project_that_is_open_is_not_overwritten(toy, tmp_path):
    other = Store.open(copied(toy.path, tmp_path / "copy.annotator").file)

    with pytest.raises(ProjectError, match="open in another program"):
        copied(toy.path, other.path, force=True)
    other.close()


def test_the_project_itself_is_no_place_for_its_copy(project):
    for place in (project, project.with_name(f"{project.name}.models")):
        with pytest.raises(ProjectError, match="belongs to the project itself"):
            copied(project, place, force=True)


@pytest.mark.parametrize("ending", [".models", ".cache"])
def test_a_folder_of_the_project_is_no_place_for_its_copy(project, ending):
    folder = project.with_name(project.name + ending)
    folder.mkdir(exist_ok=True)

    with pytest.raises(ProjectError, match="belongs to the project itself"):
        copied(project, folder)

    assert not list(folder.glob("*.annotator"))


def test_saves_go_on_while_a_copy_is_made_and_all_before_it_are_in(empty_toy, toy_units, tmp_path):
    units, numbers = list(toy_units.values()), itertools.count()
    acknowledged: list[str] = []
    done = threading.Event()

    def save(coder: str) -> None:
        while not done.is_set():
            number = next(numbers)
            event = Event.model_validate(
                {
                    "uuid": f"{coder}-event-{number:06}",
                    "op": "set",
                    "unit": units[number % len(units)],
                    "scheme": 1,
                    "memo": "x" * 5_000,
                }
            )
            kept = recorder(empty_toy).submit([Told(coder, event, NOON)]).result(30)
            assert kept.answers == [None]
            acknowledged.append(event.uuid)

    coders = [threading.Thread(target=save, args=(f"coder-{n}",)) for n in range(4)]
    for coder in coders:
        coder.start()
    copies = []
    try:
        for number in range(5):
            while len(acknowledged) < 100 * (number + 1) and coders[0].is_alive():
                done.wait(0.01)
            before, place = set(acknowledged), tmp_path / f"copy-{number}.annotator"
            copies.append((before, copied(empty_toy.path, place).file))
    finally:
        done.set()
        for coder in coders:
            coder.join()

    for before, place in copies:
        with closing(sqlite3.connect(place)) as conn:
            held = {row[0] for row in conn.execute("select uuid from event")}
        assert before <= held <= set(acknowledged)
        assert faults(place) == {}
    assert faults(empty_toy.path) == {}


def test_a_copy_that_cannot_be_finished_leaves_nothing_and_says_why_in_a_sentence(
    project, tmp_path
):
    folder = tmp_path / "full"
    folder.mkdir()

    # The nearest thing to a full disk that needs no disk: no file may grow beyond 100 kB.
    done = subprocess.run(
        [sys.executable, "-m", "annotator", "backup", str(project), str(folder / "copy.annotator")],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000)),
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "copy.annotator cannot be written" in done.stderr
    assert list(folder.iterdir()) == []


def test_a_damaged_project_is_not_copied(project, tmp_path):
    content = project.read_bytes()
    project.write_bytes(content[: len(content) // 2])

    with pytest.raises(ProjectError):
        copied(project, tmp_path / "copy.annotator")
    assert not (tmp_path / "copy.annotator").exists()


def test_the_command_says_what_was_copied_and_how_to_go_back_to_it(project, tmp_path):
    done = annotator("backup", project, tmp_path / "copy.annotator")

    assert done.exit_code == 0
    assert "copied 9 events and 0 models" in done.stdout
    assert f"annotator serve {tmp_path / 'copy.annotator'}" in done.stdout
    again = annotator("backup", project, tmp_path / "copy.annotator", "--force", "--json")
    assert json.loads(again.stdout)["events"] == 9


# The doctor


def test_a_sound_project_has_no_fault_and_is_left_as_it_was(project, tmp_path):
    before = project.read_bytes(), sorted(tmp_path.iterdir())

    assert (faults(project), warnings(project)) == ({}, {})
    assert (project.read_bytes(), sorted(tmp_path.iterdir())) == before


BROKEN = {
    "view": [
        "update coding set status = 'skipped' where coder = 'ben' and status = 'coded'",
        "update coding set memo = 'never said' where coder = 'cem'",
        "update coding set flagged = 1 where status = 'skipped'",
        "delete from coding where coder = 'cem'",
        "delete from annotation where code = 'peace'",
        "delete from coding where status is null",
        "update annotation set code = 'security' where code = 'sovereignty'",
        "insert into coding (unit, coder, round, pass, status, recorded)"
        " values (9, 'dan', 'main', 1, 'coded', 1)",
        "insert into annotation (unit, coder, round, pass, variable, target, holder, code, use,"
        " position) values (3, 'ana', 'main', 1, 'frame', '', '', 'peace', 'asserted', 0)",
        "insert into span select unit, coder, round, pass, variable, target, holder, code, use, 0,"
        " 4 from annotation where coder = 'ben'",
        "insert into span values (3, 'ana', 'main', 1, 'frame', '', '', 'rain', 'asserted', 0, 4)",
    ],
    "counts": [
        "update progress set done = done + 1",
        "delete from document_progress",
        "update corpus set units = 5",
    ],
    "search": [
        "delete from unit_fts_data where id > 10",
        "insert into unit_fts (unit_fts, rowid, text) select 'delete', seq, text from unit"
        " where seq = 2",
    ],
}
MENDABLE = [(name, change) for name, changes in BROKEN.items() for change in changes]


@pytest.mark.parametrize(("name", "change"), MENDABLE)
def test_what_can_be_made_anew_is_found_and_mended(project, name, change):
    labels = all_labels(project)
    alter(project, change)
    assert name in faults(project)

    made = mended(project)

    assert faults(project) == {}
    assert all_labels(project) == labels
    assert made.file.name == "toy-before-repair-2026-03-02-090507.annotator"
    assert name in faults(made.file)


def test_a_difference_names_the_unit_the_coder_and_what_differs(project, toy_units):
    alter(project, "update coding set status = 'skipped' where coder = 'cem'")

    told = faults(project)["view"]

    assert f"{toy_units['rain2']}, cem: status is skipped, by its events coded" in told
    alter(project, "delete from annotation where coder = 'cem'")
    assert "lacks frame: peace" in faults(project)["view"]


NOT_MENDABLE = {
    "texts": "update unit set text = substr(text, 2) where seq = 2",
    "references": "insert into voice (unit, basis, voice) values (999, 'machine', 'author')",
    "schema": "drop trigger event_never_goes",
    "search": "delete from unit_fts_data",
    "codebooks": "update codebook set content = '{}'",
}


@pytest.mark.parametrize("name", NOT_MENDABLE)
def test_what_cannot_be_made_anew_is_found_and_points_to_the_backup(project, name):
    alter(project, NOT_MENDABLE[name])

    found = {check.name: check for check in care.examine(project).checks}

    assert found[name].state == "fault"
    assert "open the latest backup" in found[name].advice


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("update codebook set content = '{}' where id = 1", "1.0.0 cannot be read"),
        ("update codebook set content = '[' || content || ']' where id = 1", "cannot be read"),
        ("update scheme set codebooks = '[999]'", "names a codebook that is gone"),
        ("update scheme set codebooks = '[]'", "names no codebook"),
        ("delete from codebook", "names a codebook that is gone"),
        ("delete from round", "the round main is gone"),
        ("delete from project", "the project's id is gone"),
        ("update project set value = 'abc' where key = 'seed'", "the seed is no number"),
    ],
)
def test_what_coders_were_asked_is_looked_at_too(project, change, said):
    alter(project, change)

    assert said in faults(project)["codebooks"]
    assert annotator("doctor", project).exit_code == 1


@pytest.mark.parametrize("number", [1, 5, 8])
def test_an_event_that_was_deleted_is_missed(project, number):
    alter(project, "drop trigger event_never_goes", f"delete from event where seq = {number}")
    with closing(sqlite3.connect(project)) as conn:
        conn.execute(
            "create trigger event_never_goes before delete on event"
            " begin select raise(abort, 'events are append-only'); end"
        )

    assert faults(project)["events"] == "1 were deleted behind the program's back"
    assert not care.examine(project).mendable


@pytest.mark.parametrize("payload", ['{"op": "dance"}', "[1]", "5", "null"])
def test_an_event_that_cannot_be_read_is_named_and_the_others_are_mended(project, payload):
    with closing(sqlite3.connect(project)) as conn:
        (trigger,) = conn.execute(
            "select sql from sqlite_master where name = 'event_never_changes'"
        ).fetchone()
    alter(
        project,
        "drop trigger event_never_changes",
        f"update event set payload = '{payload}' where seq = 3",
        trigger,
        "delete from annotation where coder = 'cem'",
    )

    mended(project)

    told = faults(project)["view"]
    assert "1 unit differs" in told
    assert "an event of it cannot be read" in told


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"not a database at all, but long enough to look like one" * 100, "is not a database"),
    ],
)
def test_a_file_that_is_no_database_is_told_in_a_sentence(project, content, said):
    project.write_bytes(content)

    done = annotator("doctor", project)

    assert done.exit_code == 1
    assert said in done.stdout
    assert "open the latest backup" in done.stdout


@pytest.mark.parametrize("share", [0.01, 0.3, 0.6, 0.9, 0.999])
def test_a_file_that_was_cut_off_is_told_in_a_sentence(project, share):
    content = project.read_bytes()
    project.write_bytes(content[: int(len(content) * share)])

    done = annotator("doctor", project)

    assert done.exit_code == 1
    assert "damaged" in done.stdout or "is not" in done.stdout
    assert "open the latest backup" in done.stdout


def test_a_page_of_rubbish_is_found_wherever_it_is_and_never_ends_in_a_traceback(project):
    content = project.read_bytes()
    for start in range(4096, len(content), 4096):
        rubbish = random.Random(start).randbytes(4096)
        project.write_bytes(content[:start] + rubbish + content[start + 4096 :])

        done = annotator("doctor", project)

        assert (done.exit_code, type(done.exception)) == (1, SystemExit), start


def test_rubbish_in_the_middle_of_a_coding_is_not_mended_over(project):
    content = project.read_bytes()
    project.write_bytes(content[: int(len(content) * 0.6)])

    done = annotator("doctor", project, "--repair")

    assert done.exit_code == 1
    assert "nothing here that a repair could make anew" in done.stderr


def test_a_project_without_its_list_of_schema_changes_points_to_the_backup(project):
    alter(project, "drop table _sqlite_migrations")

    found = {check.name: check for check in care.examine(project).checks}

    assert "no such table: _sqlite_migrations" in found["schema"].message
    assert "open the latest backup" in found["schema"].advice


def test_a_project_of_an_older_program_is_not_changed_by_looking(tmp_path):
    place = tmp_path / "old.annotator"
    shutil.copy(Path(__file__).parents[1] / "data" / "project-1.db", place)
    before = place.read_bytes()

    assert "of an older annotator" in faults(place)["schema"]
    assert place.read_bytes() == before


def test_files_of_the_model_in_force_that_are_gone_are_a_fault(toy):
    job = jobs.start(toy, pid=1, reason="asked", at=NOON, last_event=0)
    jobs.put_model(toy, job.id, "m1", 1, {}, NOON)

    assert faults(toy.path) == {"model": "the files of m1 are gone"}


def test_word_vectors_in_force_are_read_whole(toy):
    about = {"method": METHOD, "words": 2, "dims": 2}
    vectors = Vectors(("road", "wheat"), np.eye(2, dtype=np.float32), about)
    card = vector_files.save(vectors, toy.models / "vectors" / "new", {})
    name = str(sealed.digest(card, sealed.CARD))[:16]
    place = (toy.models / "vectors" / "new").rename(toy.models / "vectors" / name)
    store_settings.put(toy, vectors=name)
    assert faults(toy.path) == {}

    (place / "words.npz").write_bytes(b"")
    damaged = faults(toy.path)
    shutil.rmtree(place)

    assert "words.npz was changed since, run `annotator vectors` again" in damaged["vectors"]
    assert f"the word vectors {name} are gone" in faults(toy.path)["vectors"]


def test_what_a_killed_learning_of_vectors_left_behind_is_a_warning(toy):
    left = toy.models / "vectors" / ".part-1-aa"
    left.mkdir(parents=True)
    assert warnings(toy.path) == {}  # one that is this new may still be written to

    os.utime(left, (0, 0))

    assert set(warnings(toy.path)) == {"leftovers"}
    assert str(left) in warnings(toy.path)["leftovers"]


def test_what_lies_around_in_disorder_is_a_warning(toy):
    toy.secret()
    toy.path.with_name(f"{toy.path.name}.secret").chmod(0o644)
    (toy.models / "m7").mkdir(parents=True)
    (toy.models / "m7" / ".model.npz.1.part").touch()
    os.utime(toy.models / "m7" / ".model.npz.1.part", (0, 0))
    jobs.start(toy, pid=1, reason="asked", at=NOON, last_event=0)
    alter(toy.path, "update train_job set heartbeat = 0")

    told = warnings(toy.path)

    assert set(told) == {"models", "training", "secret", "leftovers"}
    assert "m7" in told["models"]
    assert "mode 644" in told["secret"]
    assert annotator("doctor", toy.path).exit_code == 0


def test_a_training_that_runs_is_no_disorder(toy):
    (toy.models / "m1").mkdir(parents=True)
    jobs.start(toy, pid=1, reason="asked", at=NOON, last_event=0)

    assert warnings(toy.path) == {}


@pytest.mark.parametrize(
    ("place", "kind"),
    [
        ("/data/team/p.annotator", "cifs"),
        ("/data/p.annotator", "ext4"),
        ("/my disk/p.annotator", "nfs4"),
        ("/p.annotator", "ext4"),
    ],
)
def test_the_file_system_is_that_of_the_nearest_mount(place, kind):
    mounts = "a / ext4 rw 0 0\nnas:/t /data/team cifs rw 0 0\nnas:/d /my\\040disk nfs4 rw 0 0\n"

    assert surroundings.kind_of_place(Path(place), mounts) == kind


def test_the_answer_can_be_read_by_a_program(project):
    told = json.loads(annotator("doctor", project, "--json").stdout)

    assert (told["faults"], told["mendable"]) == (0, False)
    assert {check["state"] for check in told["checks"]} <= {"ok", "warning"}


def test_a_coder_who_saves_is_not_disturbed_by_the_doctor(toy, decide):
    with toy.write():
        assert faults(toy.path) == {}
    decide(toy, "ana", "note0", answers=[])

    assert faults(toy.path) == {}


KINDS = ("set", "skip", "not_codable", "rest", "memo", "blank memo", "flag", "unflag", "undo")
STEP = st.tuples(
    st.sampled_from(("ana", "ben")),
    st.sampled_from(KINDS),
    st.integers(0, 3),
    st.integers(1, 2),
    st.integers(0, 10),
)


@settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(STEP, max_size=25))
def test_after_any_events_the_doctor_finds_nothing(empty_toy, toy_units, decide, steps):
    made: list[tuple[str, str, int, str]] = []
    fields = {
        "set": {"answers": [{"variable": "frame", "code": "peace"}], "seconds": 1.5},
        "rest": {"op": "not_codable", "rest": True},
        "memo": {"memo": "why?"},
        "blank memo": {"op": "memo", "memo": ""},
        "flag": {"flagged": True},
        "unflag": {"op": "flag", "flagged": False},
    }
    for coder, kind, number, pass_, back in steps:
        unit = f"talks{number}"
        if kind != "undo":
            stated = {"op": kind, "pass": pass_} | fields.get(kind, {})
            op = stated.pop("op")
            made.append((coder, unit, pass_, decide(empty_toy, coder, unit, op, **stated)))
        elif made:
            coder, unit, pass_, ref = made[-1 - back % len(made)]
            decide(empty_toy, coder, unit, "retract", ref=ref, **{"pass": pass_})

    assert faults(empty_toy.path) == {}
