"""Word vectors of a project: learned from its text and more, put in force, taken away."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import zipfile

import numpy as np
import pandas as pd
import pytest
from safetensors.numpy import save_file
from tokenizers import Tokenizer
from tokenizers.models import WordLevel

from annotator.core.errors import ModelError, ReadError
from annotator.learn.vectors import learn_vectors
from annotator.store import jobs, tables
from annotator.workflow import importing, projects, vectors
from annotator.workflow.sources import from_uploads

NOON = "2031-04-05T12:00:00+00:00"


def sentences(n: int = 600, seed: int = 4) -> list[str]:
    rng = np.random.default_rng(seed)
    words = [f"word{number}" for number in range(300)]
    return [" ".join(["The", *map(str, rng.choice(words, 11)), "here."]) for _ in range(n)]


@pytest.fixture
def project(tmp_path, one_question):
    made = projects.create(tmp_path / "p.annotator", [one_question])
    articles = [(f"{n}.txt", "\n\n".join(sentences(30, seed=n)).encode()) for n in range(10)]
    list(importing.import_sources(made.store, made.seed, from_uploads(articles)))
    yield made
    projects.close_project(made.path)


@pytest.fixture
def folder(project):
    return project.store.models / "vectors"


@pytest.fixture
def tiny(tmp_path):
    """A model2vec folder of two words."""
    place = tmp_path / "tiny"
    place.mkdir()
    Tokenizer(WordLevel({"[UNK]": 0, "wheat": 1, "road": 2}, unk_token="[UNK]")).save(
        str(place / "tokenizer.json")
    )
    array = np.array([[9, 9], [1, 0], [0, 1]], np.float32)
    save_file({"embeddings": array}, place / "model.safetensors")
    (place / "config.json").write_text("{}")
    return place


def test_a_project_has_no_vectors_until_they_are_learned(project):
    assert vectors.in_force(project.store) is None
    assert vectors.name_in_force(project.store) == ""


def test_vectors_are_learned_from_the_articles_of_the_project_whole(project):
    report = vectors.learn(project, dims=50)

    texts = {}
    for unit in tables.units(project.store):
        texts.setdefault(unit.document_id, []).append(unit.text)
    wanted = learn_vectors(map("\n".join, texts.values()), dims=50, seed=project.seed)
    learned = vectors.in_force(project.store)
    assert learned.words == wanted.words
    assert learned.array.tobytes() == wanted.array.tobytes()
    assert (report.texts, report.dims) == (10, 50)
    assert (report.words, report.tokens) == (len(wanted.words), wanted.card["tokens"])


def test_the_card_says_what_they_were_learned_from(project, tmp_path):
    (tmp_path / "more.jsonl").write_text('{"text": "wheat prices"}\n{"text": "wheat tariff"}\n')

    report = vectors.learn(project, corpus=[tmp_path / "more.jsonl"], dims=50)

    card = vectors.in_force(project.store).card
    assert (card["corpus"], card["seed"]) == (["more.jsonl"], project.seed)
    assert card["texts"] == report.texts == 12
    assert str(tmp_path) not in json.dumps(card)


def corpus_file(place, texts):
    """A corpus as the suffix says, each text an article or a row."""
    if place.suffix == ".txt":
        place.write_text("\n\n".join(texts), encoding="utf-8")
    elif place.suffix == ".csv":
        pd.DataFrame({"id": range(len(texts)), "text": texts}).to_csv(place, index=False)
    elif place.suffix == ".parquet":
        pd.DataFrame({"id": range(len(texts)), "text": texts}).to_parquet(place)
    elif place.suffix == ".gz":
        rows = (json.dumps({"id": n, "text": text}) for n, text in enumerate(texts))
        place.write_bytes(gzip.compress("\n".join(rows).encode()))
    elif place.suffix == ".zip":
        with zipfile.ZipFile(place, "w") as archive:
            for n, text in enumerate(texts):
                archive.writestr(f"{n}.txt", text)
    else:
        place.mkdir()
        for n, text in enumerate(texts):
            (place / f"{n}.txt").write_text(text, encoding="utf-8")
        (place / ".hidden").write_bytes(b"\0\xff")


KINDS = ["more.txt", "more.csv", "more.parquet", "more.jsonl.gz", "more.zip", "more"]


@pytest.mark.parametrize("name", KINDS)
def test_a_larger_corpus_adds_its_words(project, tmp_path, name):
    corpus_file(tmp_path / name, [f"{text} harvest" for text in sentences(20, seed=99)])

    report = vectors.learn(project, corpus=[tmp_path / name], dims=50)

    assert vectors.in_force(project.store).rows(["harvest"]).any()
    assert report.texts == (11 if name == "more.txt" else 30)
    assert report.left_out == ()


def test_the_column_of_the_text_can_be_named(project, tmp_path):
    rows = pd.DataFrame({"text": ["no"] * 5, "lead": ["harvest begins"] * 5, "n": range(5)})
    rows["lead"] += rows["n"].map(" {}".format)
    rows.to_csv(tmp_path / "more.csv", index=False)

    vectors.learn(project, corpus=[tmp_path / "more.csv"], text="lead", dims=50)

    assert vectors.in_force(project.store).rows(["harvest"]).any()


def test_a_table_without_a_column_of_text_is_refused(project, folder, tmp_path):
    (tmp_path / "more.csv").write_text("id,n\n1,2\n")

    with pytest.raises(ReadError, match=r"^more\.csv: say which column holds the text: --text COL"):
        vectors.learn(project, corpus=[tmp_path / "more.csv"], dims=50)
    assert list(folder.glob("*")) == []


@pytest.mark.parametrize(
    ("name", "content"), [("more.txt", None), ("more.bin", b"\0\1"), ("more.txt", b"\0\xff\0" * 99)]
)
def test_a_named_file_that_cannot_be_read_is_refused_and_the_old_vectors_stay(
    project, tmp_path, name, content
):
    vectors.learn(project, dims=50)
    before = vectors.name_in_force(project.store)
    if content:
        (tmp_path / name).write_bytes(content)

    with pytest.raises(ReadError, match=rf"^{name}: "):
        vectors.learn(project, corpus=[tmp_path / name], dims=50)

    assert vectors.name_in_force(project.store) == before
    assert vectors.in_force(project.store).dims == 50


def test_a_wrong_path_shows_before_the_project_is_read(project, tmp_path):
    told = []

    with pytest.raises(ReadError, match="no such file"):
        vectors.learn(project, corpus=[tmp_path / "gone.csv"], progress=lambda *s: told.append(s))
    assert told == []


@pytest.mark.parametrize("name", ["more", "more.zip"])
def test_a_file_of_a_folder_that_cannot_be_read_is_left_out_and_named(project, tmp_path, name):
    corpus_file(tmp_path / name, sentences(20, seed=99))
    if name == "more":
        (tmp_path / name / "model.bin").write_bytes(b"\0\1\2")
    else:
        with zipfile.ZipFile(tmp_path / name, "a") as archive:
            archive.writestr("model.bin", b"\0\1\2")

    report = vectors.learn(project, corpus=[tmp_path / name], dims=50)

    assert report.texts == 30
    (fault,) = report.left_out
    assert "model.bin: .bin files are not read" in fault
    assert f"left out: {fault}" in vectors.remarks(report)


@pytest.mark.parametrize("content", [{}, {"model.bin": b"\0\1"}, {"a.jsonl": b'{"text": " "}\n'}])
def test_a_corpus_without_any_text_is_refused(project, folder, tmp_path, content):
    (tmp_path / "more").mkdir()
    for name, written in content.items():
        (tmp_path / "more" / name).write_bytes(written)

    with pytest.raises(ReadError, match=r"^more: there is no text in it that can be read"):
        vectors.learn(project, corpus=[tmp_path / "more"], text="text", dims=50)
    assert list(folder.glob("*")) == []


def test_too_little_text_is_refused_and_nothing_is_left_behind(project, folder):
    with pytest.raises(ModelError, match="400 dimensions need 800"):
        vectors.learn(project, dims=400)

    assert list(folder.glob("*")) == []
    assert list(folder.glob(".*")) == []


def test_little_text_is_remarked_on(project):
    report = vectors.learn(project, dims=50)

    assert any("are little to learn vectors from" in one for one in vectors.remarks(report))


def test_learning_again_takes_the_old_ones_away(project, folder):
    first = vectors.learn(project, dims=50).name
    second = vectors.learn(project, dims=60).name

    assert first != second
    assert [path.name for path in folder.iterdir()] == [second]
    assert vectors.in_force(project.store).dims == 60


def test_what_the_model_in_force_was_trained_with_is_kept_until_it_goes(project, folder):
    first = vectors.learn(project, dims=50).name
    train(project, "m1", first)

    second = vectors.learn(project, dims=60).name
    third = vectors.learn(project, dims=70).name

    assert {path.name for path in folder.iterdir()} == {first, third}
    assert vectors.named(project.store, first).dims == 50
    train(project, "m2", third)
    vectors.remove(project.store)
    assert {path.name for path in folder.iterdir()} == {third}
    assert second not in {first, third}


def test_what_a_running_training_may_use_is_kept(project, folder):
    first = vectors.learn(project, dims=50).name
    job = jobs.start(project.store, pid=os.getpid(), reason="asked", at=NOON, last_event=0)

    second = vectors.learn(project, dims=60).name
    jobs.put_model(project.store, job.id, "m1", 1, {"vectors": first}, NOON)
    third = vectors.learn(project, dims=70).name

    assert vectors.named(project.store, first).dims == 50
    assert {path.name for path in folder.iterdir()} == {first, third}
    assert second not in {first, third}


def train(project, model_id, name):
    """Put a model in force whose card names these vectors."""
    job = jobs.start(project.store, pid=os.getpid(), reason="asked", at=NOON, last_event=0)
    jobs.put_model(project.store, job.id, model_id, 1, {"vectors": name}, NOON)


def test_removed_vectors_are_no_longer_in_force(project, folder):
    vectors.learn(project, dims=50)

    assert vectors.remove(project.store)
    assert vectors.in_force(project.store) is None
    assert list(folder.iterdir()) == []
    assert not vectors.remove(project.store)


def test_vectors_whose_files_are_gone_or_changed_are_told(project, folder):
    name = vectors.learn(project, dims=50).name
    with (folder / name / "words.npz").open("ab") as file:
        file.write(b"!")
    with pytest.raises(ModelError, match=r"words\.npz was changed since"):
        vectors.in_force(project.store)

    shutil.rmtree(folder / name)
    with pytest.raises(ModelError, match=f"the word vectors {name} are gone"):
        vectors.in_force(project.store)


@pytest.mark.parametrize("name", ["../elsewhere", "../vectors/x", "..", ".", ""])
def test_a_name_that_is_a_path_is_no_name(project, folder, tiny, name):
    taken = vectors.adopt(project, tiny).name
    shutil.copytree(folder / taken, folder / "x")
    shutil.copytree(folder / taken, folder.parent / "elsewhere")

    with pytest.raises(ModelError, match="are gone"):
        vectors.named(project.store, name)


def test_a_model2vec_folder_is_copied_and_needed_no_more(project, tiny):
    report = vectors.adopt(project, tiny)
    shutil.rmtree(tiny)

    taken = vectors.in_force(project.store)
    np.testing.assert_array_equal(taken.rows(["road", "zebra"]), [[0, 1], [0, 0]])
    assert (report.method, report.words, report.dims) == ("model2vec", 3, 2)
    assert taken.card["directory"] == "tiny"
    assert vectors.remarks(report) == []


def test_a_model2vec_folder_that_is_none_changes_nothing(project, folder, tiny):
    before = vectors.learn(project, dims=50).name
    (tiny / "config.json").unlink()

    with pytest.raises(ModelError, match=r"config\.json is missing"):
        vectors.adopt(project, tiny)

    assert vectors.name_in_force(project.store) == before
    assert [path.name for path in folder.iterdir()] == [before]
