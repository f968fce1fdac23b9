"""What opening the program does to the project it was started for."""

from __future__ import annotations

import os

import pytest

from annotator.store import jobs
from annotator.workflow import supervising

AT = "2031-04-05T10:00:00.000+00:00"


@pytest.mark.skipif(os.name != "posix", reason="starts a training in a child process")
def test_a_training_that_was_to_follow_one_that_died_is_taken_up_when_the_program_opens(
    draw, empty
):
    job = jobs.start(empty.store, pid=os.getpid(), reason="asked", at=AT, last_event=0)
    jobs.ask(empty.store, "automatic")
    jobs.end(empty.store, job.id, "failed", AT, "it broke off")

    draw("home")
    supervising._children[empty.path].watcher.join()

    assert jobs.following(empty.store) == ""
    taken_up = jobs.latest(empty.store)
    assert (taken_up.id, taken_up.reason, taken_up.status) == (job.id + 1, "automatic", "failed")
    assert "nothing is coded yet" in taken_up.message
