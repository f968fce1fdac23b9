"""Models that are damaged, foreign or gone: a sentence each, and the desk goes on."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pytest

from annotator.store import jobs
from annotator.workflow import suggesting


@pytest.fixture
def folder(trained):
    """Where the files of the model in force lie."""
    return trained.store.models / jobs.model_id(trained.store)


def cut(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def turn_a_byte(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def of_another_version(path):
    card = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps(card | {"format": card["format"] + 1}), encoding="utf-8")


def without_its_last_code(path):
    np.save(path, np.load(path)[:, :-1])


def of_one_dimension(path):
    np.save(path, np.load(path)[0])


def of_words(path):
    np.save(path, np.load(path).astype(str))


def of_objects(path):
    np.save(path, np.load(path).astype(object), allow_pickle=True)


def empty(path):
    path.write_bytes(b"")


def a_folder(path):
    path.unlink()
    path.mkdir()


def suggested(desk):
    return [one for unit in desk.queue(want=50)["next"] for one in unit["candidates"]]


@pytest.mark.parametrize(
    "damage", [cut, empty, without_its_last_code, of_one_dimension, of_words, of_objects, a_folder]
)
def test_the_desk_goes_on_without_suggestions_where_the_scores_are_damaged(
    trained, folder, sit_down, save, damage
):
    desk = sit_down(trained, "bela")
    assert suggested(desk)
    damage(folder / "scores.npy")

    reply = desk.queue(want=50)

    assert reply["next"]
    assert reply["model"] is None
    assert not suggested(desk)
    sent = save(reply["next"][0]["id"])
    assert desk.post(sent, want=5).json()["acks"] == [sent["uuid"]]


def test_scores_that_are_put_back_are_suggested_again_without_a_restart(trained, folder, sit_down):
    desk = sit_down(trained, "bela")
    away = folder.with_name("away")
    folder.rename(away)
    assert not suggested(desk)

    away.rename(folder)

    assert suggested(desk)


@pytest.mark.parametrize(
    ("name", "damage", "said"),
    [
        ("model.npz", turn_a_byte, "model.npz was changed after training, train again"),
        ("model.npz", cut, "model.npz was changed after training, train again"),
        ("card.json", cut, "the model cannot be read, train again"),
        ("card.json", of_another_version, "saved by another version of annotator, train again"),
    ],
)
def test_a_model_that_cannot_be_trusted_scores_nothing_and_explains_nothing(
    annotator, trained, folder, sit_down, tmp_path, name, damage, said
):
    damage(folder / name)
    suggesting.loaded.cache_clear()
    desk = sit_down(trained, "bela")

    told = annotator("suggest", trained.path, "--output", tmp_path / "out.csv")

    assert told.code == 1
    assert len(told.lines) == 1
    assert said in told.lines[0]
    assert not (tmp_path / "out.csv").exists()
    # The scores of the project's own sentences lie in a file of their own, which is whole.
    unit = next(one for one in desk.queue(want=50)["next"] if one["arm"] == "suggest")
    why = desk.why(unit["id"], "frame", "sovereignty")
    assert why.status_code == 409
    assert said in why.json()["error"]


def test_a_model_whose_files_are_gone_is_told_of_and_the_next_training_makes_another(
    annotator, trained, folder, sit_down, tmp_path
):
    shutil.rmtree(folder)

    told = annotator("suggest", trained.path, "--output", tmp_path / "out.csv")

    assert told.code == 1
    assert told.lines == [
        f"the files of model m1 are gone from {trained.store.models}; bring them back beside the "
        "project, or run `annotator train` again"
    ]
    assert not suggested(sit_down(trained, "bela"))
    assert "the files of model m1 are gone" in annotator("status", trained.path).out
    assert annotator("train", trained.path).code == 0
    assert jobs.model_id(trained.store) == "m2"
