"""Training jobs as the store remembers them."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from annotator.core.errors import ModelError
from annotator.store import jobs

AT = "2021-05-03T10:00:00.000+00:00"


def test_a_training_cancelled_at_its_last_step_puts_no_model_in_force(store):
    job = jobs.start(store, pid=1, reason="asked", at=AT, last_event=0)
    jobs.end(store, job.id, "cancelled", AT, "cancelled")

    with pytest.raises(ModelError, match="the model before stays in force"):
        jobs.put_model(store, job.id, "m1", 1, {"codes": []}, AT)

    assert jobs.model(store) is None
    assert store.db["model"].count == 0


def test_a_training_whose_process_is_gone_stands_in_nobodys_way(store):
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        ended.wait()
    jobs.start(store, pid=ended.pid, reason="asked", at=AT, last_event=0)

    assert jobs.running(store) is None
    assert jobs.start(store, pid=os.getpid(), reason="asked", at=AT, last_event=0).alive


def test_a_training_on_another_machine_is_known_by_its_heartbeat_alone(store):
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        ended.wait()
    jobs.start(store, pid=ended.pid, reason="asked", at=AT, last_event=0)
    with store.write() as conn:
        conn.execute("update train_job set host = 'another'")

    with pytest.raises(ModelError, match="being trained already"):
        jobs.start(store, pid=os.getpid(), reason="asked", at=AT, last_event=0)


def test_however_often_it_is_asked_for_one_training_follows_the_one_that_runs(store):
    assert not jobs.ask(store, "asked")
    job = jobs.start(store, pid=os.getpid(), reason="asked", at=AT, last_event=0)

    assert jobs.ask(store, "automatic")
    assert jobs.ask(store, "asked")
    assert jobs.follow(store, pid=os.getpid(), at=AT, last_event=7) is None  # not while it runs
    jobs.end(store, job.id, "failed", AT)
    second = jobs.follow(store, pid=os.getpid(), at=AT, last_event=7)

    assert (second.reason, second.last_event) == ("automatic", 7)
    jobs.end(store, second.id, "failed", AT)
    assert jobs.follow(store, pid=os.getpid(), at=AT, last_event=8) is None


def test_a_training_that_begins_by_itself_is_the_one_that_was_to_follow(store):
    job = jobs.start(store, pid=os.getpid(), reason="asked", at=AT, last_event=0)
    jobs.ask(store, "asked")
    jobs.end(store, job.id, "failed", AT)

    jobs.start(store, pid=os.getpid(), reason="automatic", at=AT, last_event=0)

    assert jobs.following(store) == ""


def test_cancelling_forgets_what_was_to_follow_also_where_nothing_runs_any_more(store):
    job = jobs.start(store, pid=os.getpid(), reason="asked", at=AT, last_event=0)
    jobs.ask(store, "asked")
    jobs.end(store, job.id, "failed", AT)

    jobs.cancel(store, AT)

    assert jobs.following(store) == ""
    assert jobs.latest(store).status == "failed"
