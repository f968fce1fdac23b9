"""Trainings in real child processes: one at a time, one to follow, and what death does to them."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing

import pytest

from annotator.core.errors import ModelError
from annotator.store import connection, events, jobs
from annotator.workflow import supervising, training, training_job
from tests.small import AT, code_units, codebook, named, small_project

pytestmark = pytest.mark.skipif(os.name != "posix", reason="stops processes by signals")

PATIENCE = 60  # seconds
BY_WORD = named("border", "road")

SERVER = """
import sys, threading
from pathlib import Path
from annotator.workflow import projects, supervising
project = projects.open_project(Path(sys.argv[1]))
supervising.start_training(project, "asked")
print(supervising._children[project.path].process.pid, flush=True)
threading.Event().wait()
"""
"""As much of a server as training needs: it starts one, and lives until it is ended."""

GIVES_WAY = """
import os
from annotator.cli import group
group.give_way(None, None, True)
print(os.nice(0))
print(open("/proc/self/autogroup").read() if os.path.exists("/proc/self/autogroup") else "")
"""
"""What the child that trains does first; its priority, and that of the session it leads."""


@pytest.fixture
def project(tmp_path):
    """Twelve articles of three sentences, of which the first thirty are coded."""
    said = "The border {0} is ours. The road {0} was shut. It rained on {0}."
    book = codebook("border", "road")
    with small_project(tmp_path, book, [said.format(n) for n in range(12)]) as made:
        code_units(made, BY_WORD, slice(30))
        yield made
        # A child of an old project must not write into the next test's.
        supervising.cancel_training(made.store)
        until(lambda: not supervising.is_training(made))


def until(is_so):
    """Wait for what other processes bring about."""
    pause, end = threading.Event(), time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end, "it did not come about"
        pause.wait(0.01)


def hold(project):
    """Stop the clock of the training that runs; the number of its process."""
    until(lambda: jobs.running(project.store) is not None)
    pid = jobs.running(project.store).pid
    while True:
        os.kill(pid, signal.SIGSTOP)
        try:
            with closing(sqlite3.connect(project.path, timeout=0.1)) as conn:
                conn.execute("begin immediate")
        except sqlite3.OperationalError:
            os.kill(pid, signal.SIGCONT)  # it was stopped in the middle of a write
        else:
            return pid


def trainings(project):
    rows = project.store.db.execute("select status, reason, model_id from train_job order by id")
    return rows.fetchall()


def is_over(project):
    # In this order: the one that follows may begin between the two questions.
    return not supervising.another_follows(project) and not supervising.is_training(project)


def test_a_training_asked_for_while_one_runs_follows_it_once_with_the_newest_tags(project):
    assert supervising.start_training(project, "asked")
    held = hold(project)
    code_units(project, BY_WORD, slice(30, 36))
    newest = events.last(project.store)

    assert not supervising.start_training(project, "automatic")
    assert not supervising.start_training(project, "automatic")
    assert supervising.another_follows(project)
    os.kill(held, signal.SIGCONT)
    until(lambda: is_over(project))

    assert trainings(project) == [("done", "asked", "m1"), ("done", "automatic", "m2")]
    assert jobs.latest(project.store).last_event == newest
    assert jobs.model(project.store)[1]["trained_on"] == 36


def test_cancelling_takes_back_the_training_that_was_to_follow_too(project):
    supervising.start_training(project, "asked")
    held = hold(project)
    supervising.start_training(project, "asked")

    supervising.cancel_training(project.store)
    assert supervising.is_stopping(project)
    os.kill(held, signal.SIGCONT)
    until(lambda: is_over(project))

    assert trainings(project) == [("cancelled", "asked", None)]


def test_a_cancelled_training_ends_at_its_next_report_though_no_code_is_done(project):
    steps = []

    def cancel(done, total, message):
        steps.append(message)
        if message == "frame||border":
            supervising.cancel_training(project.store)

    with pytest.raises(ModelError, match="cancelled"):
        training.train(project, progress=cancel)

    assert steps.count("frame||border") == 1
    assert steps[-1] == "frame||border"


def test_a_heartbeat_that_finds_the_project_locked_is_made_up_for(project, monkeypatch):
    monkeypatch.setattr(training_job, "HEARTBEAT", 0.01)
    monkeypatch.setattr(connection, "LOCK_PATIENCE", 0.01)
    steps = []

    def lock(done, total, message):
        steps.append(message)
        if len(steps) == 3:
            with closing(sqlite3.connect(project.path)) as conn:
                conn.execute("begin immediate")
                threading.Event().wait(0.2)

    training.train(project, progress=lock)

    assert jobs.model_id(project.store) == "m1"


def test_a_training_killed_in_the_middle_says_so_and_what_was_to_follow_begins(project):
    supervising.start_training(project, "asked")
    held = hold(project)
    supervising.start_training(project, "automatic")

    os.kill(held, signal.SIGKILL)
    until(lambda: len(trainings(project)) == 2 and is_over(project))

    assert trainings(project) == [("failed", "asked", None), ("done", "automatic", "m1")]


def test_a_training_killed_in_the_middle_leaves_the_model_before_in_force(project):
    supervising.start_training(project, "asked")
    until(lambda: is_over(project))
    supervising.start_training(project, "asked")

    os.kill(hold(project), signal.SIGKILL)
    until(lambda: is_over(project))

    assert jobs.model_id(project.store) == "m1"
    assert "ended from outside (signal 9)" in supervising.last_fault(project)


@pytest.fixture
def server(project):
    """Another process that has started a training of the project, and which that is."""
    with subprocess.Popen(
        [sys.executable, "-c", SERVER, str(project.path)], stdout=subprocess.PIPE
    ) as running:
        child = int(running.stdout.readline())
        yield running, child
        running.kill()


def test_a_training_outlives_its_server_and_the_next_server_finds_it_running(project, server):
    running, child = server
    assert hold(project) == child
    assert os.getpgid(child) == child  # so that Ctrl+C in the server's terminal is not for it
    running.kill()
    running.wait()

    assert supervising.is_training(project)
    assert not supervising.start_training(project, "asked")
    os.kill(child, signal.SIGCONT)
    until(lambda: is_over(project))

    assert trainings(project) == [("done", "asked", "m1"), ("done", "asked", "m2")]


def test_what_was_to_follow_a_training_that_died_with_its_server_is_taken_up_by_the_next(
    project, server
):
    running, child = server
    hold(project)
    supervising.start_training(project, "automatic")
    running.kill()
    running.wait()
    os.kill(child, signal.SIGKILL)
    until(lambda: not supervising.is_training(project))

    assert supervising.take_up(project)
    assert not supervising.take_up(project)
    until(lambda: is_over(project))

    assert trainings(project) == [("failed", "asked", None), ("done", "automatic", "m1")]


def test_what_is_left_over_is_taken_up_at_the_first_save_after_a_restart(project):
    jobs.start(project.store, pid=os.getpid(), reason="asked", at=AT, last_event=0)
    assert jobs.ask(project.store, "asked")
    with project.store.write() as conn:
        conn.execute("update train_job set heartbeat = 0")

    supervising.after_saves(project, 1)
    until(lambda: len(trainings(project)) == 2 and is_over(project))

    assert trainings(project)[-1] == ("done", "asked", "m1")


def test_a_training_that_cannot_even_begin_is_not_tried_again_and_again(project, monkeypatch):
    job = jobs.start(project.store, pid=os.getpid(), reason="asked", at=AT, last_event=0)
    jobs.ask(project.store, "asked")
    jobs.end(project.store, job.id, "failed", AT, "it broke off")
    monkeypatch.setattr(sys, "executable", "/bin/false")

    assert supervising.take_up(project)
    supervising._children[project.path].watcher.join()

    assert not supervising.take_up(project)
    assert "broke off before it began" in supervising.last_fault(project)


def test_two_trainings_from_two_command_lines_do_not_run_at_once(project):
    command = [sys.executable, "-m", "annotator", "train", str(project.path)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as first:
        held = hold(project)
        second = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
        os.kill(held, signal.SIGCONT)
        first.wait()

    assert (first.returncode, second.returncode) == (0, 1)
    assert second.stderr == "this project is being trained already; wait for it or cancel it\n"
    assert [status for status, _, _ in trainings(project)] == ["done"]


def test_a_training_gives_way_to_the_programs_of_every_other_session():
    child = [sys.executable, "-c", GIVES_WAY]
    done = subprocess.run(child, start_new_session=True, capture_output=True, text=True, check=True)

    own, session = done.stdout.splitlines()[:2]
    assert int(own) > 0
    assert not session or int(session.rpartition(" ")[2]) > 0
