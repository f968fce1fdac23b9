"""The command line about word vectors: learned, taken from elsewhere, removed."""

from __future__ import annotations

import json

import numpy as np
import pytest

from annotator.workflow import vectors
from tests.small import codebook, small_project
from tests.terminal import annotator


def run(*words, code=0):
    return annotator("vectors", *words, code=code)


@pytest.fixture
def project(tmp_path):
    rng = np.random.default_rng(4)
    words = [f"word{number}" for number in range(300)]
    text = "\n\n".join(" ".join(["The", *map(str, rng.choice(words, 11))]) for _ in range(300))
    with small_project(tmp_path, codebook(peace="Talks and truces."), [text]) as made:
        yield made


def test_learning_tells_what_was_learned_and_what_comes_next(project):
    done = run(project.path, "--dims", 50)

    assert done.stdout.startswith("learned vectors of 301 words from 1 text (3,600 tokens), 50 dim")
    assert f"run `annotator train {project.path}`" in done.stdout
    assert "3,600 tokens are little" in done.stderr
    assert vectors.in_force(project.store).dims == 50


def test_what_was_learned_is_told_to_programs(project, tmp_path):
    (tmp_path / "more.csv").write_text("n,words\n1,Harvest began early in Korva.\n")

    done = run(
        *(project.path, "--corpus", tmp_path / "more.csv", "--text", "words"),
        *("--dims", 50, "--json"),
    )

    told = json.loads(done.stdout)
    assert (told["method"], told["texts"], told["dims"]) == ("ppmi-svd", 2, 50)
    assert told["name"] == vectors.name_in_force(project.store)


def test_removing_tells_whether_there_was_anything(project):
    run(project.path, "--dims", 50)

    assert run(project.path, "--remove").stdout.startswith("took the word vectors away; run")
    assert run(project.path, "--remove").stdout == "this project has no word vectors\n"
    assert json.loads(run(project.path, "--remove", "--json").stdout) == {"removed": False}


@pytest.mark.parametrize(
    "given",
    [
        ("--remove", "--model2vec", "m"),
        ("--remove", "--dims", "50"),
        ("--model2vec", "m", "--corpus", "c.txt"),
        ("--dims", "5"),
    ],
)
def test_options_that_exclude_each_other_are_wrong_usage(project, given):
    assert "Usage" in run(project.path, *given, code=2).stderr


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("--corpus", "gone.txt"), "gone.txt: there is no such file; check the path\n"),
        (("--model2vec", "gone"), "gone: there is no such folder; name one with"),
        (("--dims", "200"), "the corpus has 3,600 tokens, and only 301 words stand in it"),
    ],
)
def test_a_fault_is_one_plain_line(project, given, said):
    done = run(project.path, *given, code=1)

    assert done.stderr.startswith(said)
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""
