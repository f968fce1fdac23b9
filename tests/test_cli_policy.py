"""`annotator suggestions`: what is in force, and who changed it."""

from __future__ import annotations

import json

import pytest

from annotator.learn.sampling import Policy
from annotator.workflow import policies
from tests.terminal import annotator


@pytest.fixture
def run(toy):
    return lambda *words: annotator("suggestions", toy.path, *words)


def events_of(store):
    rows = store.db.execute("select coder, payload from event where op = 'policy' order by seq")
    return [(coder, json.loads(payload)) for coder, payload in rows]


def test_without_options_it_tells_what_is_in_force_and_changes_nothing(run, toy):
    done = run()

    assert done.stdout.splitlines() == [
        "Suggestions are shown from the start, on the sentences that may show them.",
        "20 % of all sentences, the random stream, never show any; of the others 20 %, the "
        "control arm.",
        "Where an order chooses what comes next, 20 % come from the random stream.",
    ]
    assert events_of(toy) == []


def test_a_change_is_kept_with_who_made_it_and_leaves_the_rest(run, toy):
    run("--control", "0", "--coder", "ana")
    done = run("--show", "reveal", "--coder", "ben", "--json")

    held = {"suggestions": "reveal", "control": 0.0, "stream": 0.2}
    assert json.loads(done.stdout) == held
    assert policies.policy(toy) == Policy(**held)
    assert events_of(toy)[-1] == ("ben", held)
    run("--show", "reveal", "--coder", "cem")
    assert len(events_of(toy)) == 2  # nothing was changed the last time


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--control", "1.5"), "the control arm is a share from 0 to 1, not 1.5\n"),
        (("--control", "nan"), "the control arm is a share from 0 to 1, not nan\n"),
        (
            ("--stream", "0"),
            "the random stream is a share from 0.05 to 0.5, not 0; without it no figure of the "
            "model can be trusted\n",
        ),
    ],
)
def test_a_share_that_is_none_is_refused_and_nothing_changes(run, toy, words, said):
    done = run("--show", "off", *words)

    assert (done.exit_code, done.stderr) == (1, said)
    assert policies.policy(toy) == Policy()
