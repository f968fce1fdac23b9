"""The command line about copies: listed, corrected, weighed, propagated."""

from __future__ import annotations

import csv
import json

import pytest

from annotator.core.annotation import Event
from annotator.store import events, tables
from annotator.store.events import Told
from annotator.workflow import projects
from annotator.workflow.importing import import_paths
from tests.terminal import annotator

BOOK = """
name = "toy"
version = "1.0.0"
title = "Toy"

[[variable]]
name = "frame"

[[variable.code]]
name = "peace"
title = "Peace"
definition = "Talks and truces."
"""
STORY = " ".join(f"The bridge number {number} of Korva is open again." for number in range(8))


def run(*words, code=0):
    return annotator("copies", *words, code=code)


@pytest.fixture
def project(tmp_path):
    book = tmp_path / "toy.toml"
    book.write_text(BOOK, encoding="utf-8")
    made = projects.create(tmp_path / "toy.annotator", [book])
    for name in ("Wire", "Post", "Mail"):
        file = tmp_path / f"{name}.md"
        file.write_text(f"---\nsource: {name}\n---\n{STORY}\n\nBy {name}.\n", encoding="utf-8")
        import_paths(made.store, made.seed, [file])
    yield made
    projects.close_project(made.path)


def told(project):
    return json.loads(run(project.path, "--json").stdout)


def decide(project, coder):
    unit = next(tables.units(project.store)).unit_id
    stated = {"uuid": f"event-of-{coder}", "op": "set", "unit": unit, "scheme": 1}
    events.record_all(project.store, [Told(coder, Event.model_validate(stated), "2031-05-09")])


def test_copies_are_found_and_listed(project):
    (cluster,) = told(project)["clusters"]

    assert (cluster["size"], cluster["outlets"]) == (3, ["Wire", "Post", "Mail"])
    assert run(project.path).stdout.startswith(f"{cluster['id']}  3 copies: ")


def test_a_document_is_separated_united_and_the_last_word_taken_back(project):
    last = told(project)["clusters"][0]["documents"][2]
    first = told(project)["clusters"][0]["id"]

    run(project.path, "separate", last)
    assert told(project)["clusters"][0]["size"] == 2
    made = json.loads(run(project.path, "unite", last, first, "--json").stdout)["event"]
    assert told(project)["clusters"][0]["size"] == 3
    run(project.path, "undo", made, "--coder", "ana")
    assert told(project)["clusters"][0]["size"] == 2


def test_decisions_are_propagated_for_one_coder_or_all(project):
    decide(project, "ana")
    decide(project, "ben")

    counted = json.loads(run(project.path, "propagate", "--dry-run", "--json").stdout)
    assert counted == {"decisions": 2, "sentences": 4}
    assert "2 sentences" in run(project.path, "propagate", "--coder", "ana").stdout
    assert json.loads(run(project.path, "propagate", "--json").stdout)["sentences"] == 2


def test_what_was_propagated_is_taken_back_by_the_event_that_it_names(project):
    decide(project, "ana")
    made = json.loads(run(project.path, "propagate", "--json").stdout)
    assert made["sentences"] == 2

    run(project.path, "undo", made["event"], "--coder", "ben")

    assert [one.arm for one in tables.codings(project.store)] == [""]
    assert "nothing here to take back" in run(project.path, "undo", made["event"], code=1).stderr


def test_the_event_to_undo_is_named_where_people_read_it(project):
    decide(project, "ana")

    said = run(project.path, "propagate").stdout

    event = said[said.index("[") + 1 : said.index("]")]
    assert run(project.path, "undo", event).stdout == "taken back\n"


def test_who_is_no_coder_is_told_who_is(project):
    decide(project, "ana")
    decide(project, "ben")

    for words in (["propagate"], ["propagate", "--dry-run"]):
        result = run(project.path, *words, "--coder", "bne", code=1)
        assert result.stderr.endswith(
            "no coder 'bne' has decided anything here; those who have are ana, ben\n"
        )


def test_one_of_a_thing_is_told_as_one(project):
    decide(project, "ana")
    run(project.path, "separate", told(project)["clusters"][0]["documents"][2])

    assert run(project.path).stderr.endswith("1 story with copies, 0 pairs to look at\n")
    counted = run(project.path, "propagate", "--dry-run").stdout
    assert counted == "1 decision would be copied to 1 sentence\n"


def test_weights_go_to_a_file(project, tmp_path):
    place = tmp_path / "weights.csv"

    run(project.path, "--output", place)

    rows = list(csv.DictReader(place.read_text(encoding="utf-8").splitlines()))
    assert [float(row["weight"]) for row in rows] == pytest.approx([1 / 3] * 3, abs=1e-5)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["separate", "nothing"], 1, "this project has no document 'nothing'\n"),
        (["propagate", "--cluster", "nothing"], 1, "this project has no cluster 'nothing'\n"),
        (["undo", "nothing"], 1, "there is nothing here to take back\n"),
        (["unite", "one"], 2, "unite takes 2 names"),
        (["list", "one"], 2, "list takes 0 names"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(project, arguments, code, said):
    assert said in run(project.path, *arguments, code=code).stderr


def test_weights_never_replace_the_project(project):
    result = run(project.path, "--output", project.path, code=1)

    assert "belongs to the project itself" in result.stderr
