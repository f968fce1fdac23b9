"""The register of models at the command line."""

from __future__ import annotations

import csv
import json

import pytest

from annotator.store import jobs
from annotator.workflow import supervising
from tests.terminal import annotator


def models(*words):
    return annotator("models", *words)


def test_the_models_are_listed_with_what_of_an_older_codebook_no_longer_fits(two_models):
    said = models(two_models.path)
    told = json.loads(models(two_models.path, "--json").stdout)

    assert said.exit_code == 0
    assert "m1: It was learned with small 1.0.0; the project is at small 1.1.0." in said.stdout
    assert "m1: Defined otherwise since: Road." in said.stdout
    assert [(one["model_id"], one["in_force"], one["reason"]) for one in told["models"]] == [
        ("m2", True, "automatic"),
        ("m1", False, "asked"),
    ]
    assert [(one["trained_on"], one["redefined"]) for one in told["models"]] == [
        (60, []),
        (45, ["Road"]),
    ]


def test_a_roll_back_says_that_nothing_trains_by_itself_and_how_to_go_on(two_models):
    said = models(two_models.path, "--use", "m1", "--coder", "ana")

    assert said.stdout == (
        "model m1 is in force; it stays so until somebody runs "
        f"`annotator train {two_models.path}`\n"
    )
    assert jobs.registered(two_models.store)[1].chosen_by == "ana"
    assert "does not train by itself" in models(two_models.path).stdout
    assert models(two_models.path, "--use", "m2").stdout == "model m2 is in force\n"


def test_a_model_that_is_not_there_is_a_fault_in_one_line(two_models):
    said = models(two_models.path, "--use", "m9")

    assert said.exit_code == 1
    assert said.stderr == "this project has no model 'm9'; it has m1, m2\n"


def test_two_models_are_compared_also_on_the_same_sentences(two_models):
    said = models(two_models.path, "--compare", "m1", "m2")
    told = json.loads(models(two_models.path, "--compare", "m1", "m2", "--json").stdout)

    assert "The figures of the two models are from different sentences" in said.stdout
    codes = {one["code"]: one for one in told["codes"]}
    assert [card["positives"] for card in codes["road"]["cards"]] == [15, 10]
    first, second = codes["road"]["same_sentences"]
    assert first["n"] == second["n"] > 0


def test_the_labels_a_model_learned_from_go_into_a_file(two_models, tmp_path):
    place = tmp_path / "labels.csv"

    said = models(two_models.path, "--learned-from", "m1", "--output", place)

    assert said.stdout == f"wrote 45 labels to {place}\n"
    with place.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 45
    assert sum(row["changed_since"] == "changed" for row in rows) == 5
    told = json.loads(models(two_models.path, "--learned-from", "m1", "--json").stdout)
    assert told == [
        {"coder": "ana", "codebook": "small 1.0.0", "arm": "", "sentences": 45, "changed": 5}
    ]


@pytest.mark.parametrize(
    "words", [("--use", "m1", "--learned-from", "m1"), ("--output", "labels.csv")]
)
def test_what_does_not_go_together_is_wrong_usage(two_models, words):
    assert models(two_models.path, *words).exit_code == 2


def test_a_server_scores_in_a_child_process_which_puts_the_model_in_force(two_models):
    (two_models.store.models / "m1" / "scores.npy").unlink()

    assert supervising.start_rescoring(two_models, "m1", "ana")
    assert not supervising.start_rescoring(two_models, "m1", "ana")
    supervising._children[two_models.path].watcher.join()

    assert (jobs.model_id(two_models.store), jobs.latest(two_models.store).reason) == ("m1", "use")
    assert jobs.registered(two_models.store)[1].chosen_by == "ana"
    assert supervising.last_fault(two_models) == ""
