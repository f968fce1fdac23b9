"""Vectors in the form of model2vec: read as model2vec reads them, refused where they do not fit."""

from __future__ import annotations

import json
import shutil
import sys

import numpy as np
import pytest
from safetensors.numpy import save_file
from tokenizers import Tokenizer
from tokenizers.models import Unigram, WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer

from annotator.core.errors import ModelError
from annotator.learn import model2vec, vector_files

PIECES = ["[UNK]", "border", "farm", "##ers", "wheat", ","]
ARRAY = np.arange(18, dtype=np.float32).reshape(6, 3) + 1
ABOUT = {"made_at": "2031-04-05T10:00:00Z"}


def made(directory, *, tensors=None, tokenizer=None):
    """A tiny model: six pieces of words in three dimensions."""
    directory.mkdir(parents=True, exist_ok=True)
    cut = tokenizer or Tokenizer(
        WordPiece({piece: n for n, piece in enumerate(PIECES)}, unk_token="[UNK]")
    )
    cut.normalizer = BertNormalizer(lowercase=True)
    cut.pre_tokenizer = BertPreTokenizer()
    # As some models have it: a tokenizer made for batches pads them to one length.
    cut.enable_padding(pad_id=4, pad_token="wheat")
    cut.enable_truncation(1)
    cut.save(str(directory / "tokenizer.json"))
    save_file(tensors or {"embeddings": ARRAY}, directory / "model.safetensors")
    (directory / "config.json").write_text(json.dumps({"model_type": "model2vec"}))
    return directory


def opened(directory):
    return model2vec.opened(model2vec.read(directory), directory.name)


@pytest.fixture
def tiny(tmp_path):
    return made(tmp_path / "tiny")


def test_a_word_is_the_sum_of_its_pieces_and_what_is_unknown_adds_nothing(tiny):
    rows = opened(tiny).rows(["border", "farmers", "wheat", "zebra", ",", ""])

    expected = [ARRAY[1], ARRAY[2] + ARRAY[3], ARRAY[4], [0, 0, 0], ARRAY[5], [0, 0, 0]]
    np.testing.assert_array_equal(rows, expected)
    assert rows.dtype == np.float32


def test_no_words_have_no_rows(tiny):
    assert opened(tiny).rows([]).shape == (0, 3)


@pytest.mark.parametrize("kind", [np.float16, np.int8])
def test_small_number_types_are_read(tmp_path, kind):
    tiny = made(tmp_path / "tiny", tensors={"embeddings": ARRAY.astype(kind)})

    np.testing.assert_array_equal(opened(tiny).rows(["wheat"]), [ARRAY[4]])


def test_weights_and_mapping_are_those_of_each_piece(tmp_path):
    tensors = {
        "embeddings": ARRAY[:2],
        "mapping": np.array([0, 1, 0, 1, 0, 1]),
        "weights": np.array([0, 1, 2, 3, 4, 5], np.float64),
    }

    rows = opened(made(tmp_path / "tiny", tensors=tensors)).rows(["farmers", "wheat"])

    np.testing.assert_array_equal(rows, [2 * ARRAY[0] + 3 * ARRAY[1], 4 * ARRAY[0]])


def test_a_tokenizer_that_numbers_what_is_unknown_is_read(tmp_path):
    cut = Tokenizer(Unigram([(piece, -1.0) for piece in PIECES], 0, False))
    tiny = made(tmp_path / "tiny", tokenizer=cut)

    np.testing.assert_array_equal(opened(tiny).rows(["zzz", "wheat"]), [[0, 0, 0], ARRAY[4]])


def test_an_adopted_model_needs_its_folder_no_more(tiny, tmp_path):
    wanted = opened(tiny).rows(["farmers", ","])

    vector_files.adopt(tiny, tmp_path / "kept", ABOUT)
    shutil.rmtree(tiny)
    kept = vector_files.load(tmp_path / "kept")

    np.testing.assert_array_equal(kept.rows(["farmers", ","]), wanted)
    assert kept.dims == 3
    assert {"method": "model2vec", "pieces": 6, "dims": 3, **ABOUT}.items() <= kept.card.items()


@pytest.mark.parametrize("name", model2vec.FILES)
def test_an_adopted_file_that_was_changed_is_refused(tiny, tmp_path, name):
    vector_files.adopt(tiny, tmp_path / "kept", ABOUT)
    with (tmp_path / "kept" / name).open("ab") as file:
        file.write(b" ")

    with pytest.raises(ModelError, match=rf"^kept: {name} was changed since"):
        vector_files.load(tmp_path / "kept")


@pytest.mark.parametrize("name", model2vec.FILES)
def test_a_folder_without_one_of_the_files_is_refused(tiny, tmp_path, name):
    (tiny / name).unlink()

    with pytest.raises(ModelError, match=rf"{name} is missing; a model2vec folder has"):
        vector_files.adopt(tiny, tmp_path / "kept", ABOUT)
    assert not (tmp_path / "kept").exists()


def test_a_folder_that_is_not_there_is_never_looked_for_elsewhere(tmp_path):
    with pytest.raises(ModelError, match=r"minishlab/potion: there is no such folder"):
        model2vec.read(tmp_path / "minishlab" / "potion")


def test_a_file_that_is_too_large_is_refused_before_it_is_read(tiny):
    with (tiny / "model.safetensors").open("r+b") as file:
        file.truncate(3 * 2**30)  # a hole: it takes no room on the disk

    with pytest.raises(ModelError, match="has 3,072 MB and the limit is 1,024 MB"):
        model2vec.read(tiny)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("config.json", b"{", "config.json is no JSON;"),
        ("config.json", b"[]", "config.json is no JSON object"),
        ("tokenizer.json", b"{}", "tokenizer.json cannot be read"),
        ("tokenizer.json", b"\xff", "tokenizer.json cannot be read"),
        ("model.safetensors", b"", "model.safetensors cannot be read"),
        ("model.safetensors", b"\xff" * 64, "model.safetensors cannot be read"),
        ("model.safetensors", b"PK\x03\x04" + b"\0" * 60, "model.safetensors cannot be read"),
    ],
)
def test_a_file_that_is_something_else_is_refused(tiny, name, content, said):
    (tiny / name).write_bytes(content)

    with pytest.raises(ModelError, match=said):
        opened(tiny)


@pytest.mark.parametrize(
    ("tensors", "said"),
    [
        ({"weight": ARRAY}, "no tensor 'embeddings' .there are: weight."),
        ({"embeddings": ARRAY.ravel()}, "has the shape .18,."),
        ({"embeddings": ARRAY[:, :0]}, "has the shape .6, 0."),
        ({"embeddings": np.zeros((6, 5_000), np.float16)}, "has the shape .6, 5000."),
        ({"embeddings": ARRAY > 3}, "is of the type bool"),
        ({"embeddings": ARRAY[:5]}, "5 rows for 6 pieces"),
        ({"embeddings": ARRAY * np.float32("inf")}, "numbers that are none"),
        ({"embeddings": ARRAY, "weights": ARRAY[:, 0][:5].copy()}, "'weights' is float32 of the"),
        ({"embeddings": ARRAY, "mapping": np.arange(6) + 1}, "names rows that are not there"),
        ({"embeddings": ARRAY, "mapping": np.arange(6) / 2}, "'mapping' is float64"),
        ({"embeddings": ARRAY, "mapping": np.arange(5)}, "5 rows for 6 pieces"),
    ],
)
def test_tensors_that_do_not_fit_are_refused(tmp_path, tensors, said):
    with pytest.raises(ModelError, match=said):
        opened(made(tmp_path / "tiny", tensors=tensors))


@pytest.mark.parametrize("package", ["tokenizers", "safetensors"])
def test_without_the_packages_of_the_extra_it_says_what_to_install(tiny, monkeypatch, package):
    monkeypatch.setitem(sys.modules, package, None)

    with pytest.raises(ModelError, match=r"^tiny: needs .* pip install 'annotator\[vectors\]'$"):
        opened(tiny)
