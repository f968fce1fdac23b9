"""Saved vectors are the vectors, byte for byte, or they are refused."""

from __future__ import annotations

import io
import json
import sys

import numpy as np
import pytest

from annotator.core.errors import ModelError
from annotator.learn import sealed, vector_files
from annotator.learn.vectors import Vectors

ABOUT = {"made_at": "2031-04-05T10:00:00Z", "corpus": ["news.jsonl"]}
WORDS = ("the", "troops", "ճանապարհ", "\ud800", "…")


@pytest.fixture
def vectors():
    array = np.random.default_rng(2).normal(size=(len(WORDS), 3)).astype(np.float16)
    card = {"method": "ppmi-svd", "words": len(WORDS), "dims": 3}
    return Vectors(WORDS, array.astype(np.float32), card)


@pytest.fixture
def saved(vectors, tmp_path):
    vector_files.save(vectors, tmp_path / "v", ABOUT)
    return tmp_path / "v"


def reseal(directory, **changed):
    """Sign changed files and a changed card, as someone who means harm would."""
    card = json.loads((directory / "card.json").read_text()) | changed
    digests = {name: sealed.sha256((directory / name).read_bytes()) for name in ["words.npz"]}
    del card["sha256"]
    sealed.write_card(directory, sealed.sealed(card, digests))


def packed(**arrays) -> bytes:
    content = io.BytesIO()
    np.savez(content, **arrays)
    return content.getvalue()


def test_loaded_vectors_are_those_that_were_saved(vectors, saved):
    loaded = vector_files.load(saved)

    assert loaded.words == WORDS
    assert loaded.array.tobytes() == vectors.array.tobytes()
    assert loaded.array.dtype == np.float32
    np.testing.assert_array_equal(loaded.rows(["…", "no"]), [vectors.array[4], [0, 0, 0]])
    assert {**vectors.card, **ABOUT, "format": 1}.items() <= loaded.card.items()


def test_the_same_vectors_give_the_same_bytes(vectors, saved, tmp_path):
    vector_files.save(vectors, tmp_path / "again", ABOUT)

    assert sorted(path.name for path in saved.iterdir()) == ["card.json", "words.npz"]
    for name in ("card.json", "words.npz"):
        assert (saved / name).read_bytes() == (tmp_path / "again" / name).read_bytes()


@pytest.mark.parametrize("name", ["card.json", "words.npz"])
def test_a_missing_file_is_named(saved, name):
    (saved / name).unlink()

    with pytest.raises(ModelError, match=rf"^v: {name} is missing, run `annotator vectors` again"):
        vector_files.load(saved)


@pytest.mark.parametrize("keep", [0, 10, -1])
def test_a_file_cut_short_is_refused(saved, keep):
    content = (saved / "words.npz").read_bytes()
    (saved / "words.npz").write_bytes(content[:keep])

    with pytest.raises(ModelError, match=r"words\.npz was changed since"):
        vector_files.load(saved)


def test_a_card_that_was_edited_is_refused(saved):
    card = json.loads((saved / "card.json").read_text())
    (saved / "card.json").write_text(json.dumps(card | {"texts": 1_000_000}))

    with pytest.raises(ModelError, match=r"card\.json was changed since"):
        vector_files.load(saved)


@pytest.mark.parametrize("content", ["", "{", "[]", "\ufeff", "[" * 100_000])
def test_a_card_that_is_none_is_refused(saved, content):
    (saved / "card.json").write_text(content, encoding="utf-8")

    with pytest.raises(ModelError, match=r"card\.json cannot be read"):
        vector_files.load(saved)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"format": 2}, "of another version"),
        ({"method": "magic"}, "of an unknown kind"),
        ({"dims": 4}, "not what its card says"),
        ({"words": 6}, "not what its card says"),
    ],
)
def test_a_card_that_does_not_fit_is_refused(saved, changed, said):
    reseal(saved, **changed)

    with pytest.raises(ModelError, match=said):
        vector_files.load(saved)


ROWS = np.zeros((5, 3), np.float16)
LINES = np.frombuffer("\n".join("abcde").encode(), np.uint8)


@pytest.mark.parametrize(
    ("arrays", "said"),
    [
        ({"words": LINES}, "cannot be read"),
        ({"words": LINES, "array": ROWS.astype(np.float64)}, "not what its card says"),
        ({"words": LINES[:-2], "array": ROWS}, "not what its card says"),
        ({"words": LINES, "array": ROWS[:4]}, "not what its card says"),
        ({"words": LINES, "array": ROWS + np.float16("nan")}, "not what its card says"),
        ({"words": np.full(9, 0xFF, np.uint8), "array": ROWS}, "cannot be read"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(saved, arrays, said):
    (saved / "words.npz").write_bytes(packed(**arrays))
    reseal(saved)

    with pytest.raises(ModelError, match=said):
        vector_files.load(saved)


def test_a_pickle_in_the_arrays_is_never_opened(saved):
    (saved / "words.npz").write_bytes(packed(words=np.array([Harm()], dtype=object), array=ROWS))
    reseal(saved)

    with pytest.raises(ModelError, match="cannot be read"):
        vector_files.load(saved)


class Harm:
    """Would end the test run if it were unpickled."""

    def __reduce__(self):
        return sys.exit, (3,)
