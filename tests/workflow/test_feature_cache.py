"""What was learned of the text alone: kept while the text is the same, and never if damaged."""

from __future__ import annotations

import shutil

import numpy as np
import pytest

from annotator.learn.features import Settings, fit_features
from annotator.learn.tokens import tokenise
from annotator.store import Store
from annotator.workflow import feature_cache

TEXTS = [f"The border {n} is ours. The road {n % 3} was shut." for n in range(12)]
KNOWN_BY = ["1", "2", "3"]


@pytest.fixture
def store(tmp_path):
    made = Store.create(tmp_path / "p.annotator")
    yield made
    made.close()


class Learning:
    """Learns features, and counts how often it was asked to."""

    def __init__(self):
        self.times = 0

    def __call__(self):
        self.times += 1
        return fit_features(tokenise(TEXTS), Settings(), seed=7)


@pytest.fixture
def learn():
    return Learning()


def files(store):
    return sorted(path for path in store.cache.iterdir() if path.is_file())


def assert_same(one, other):
    assert [block.kind for block in one.blocks] == [block.kind for block in other.blocks]
    for mine, theirs in zip(one.blocks, other.blocks, strict=True):
        for name in ("hashes", "weights", "topics"):
            left, right = getattr(mine, name), getattr(theirs, name)
            assert left.dtype == right.dtype
            np.testing.assert_array_equal(left, right)


def test_what_is_read_is_what_was_learned_and_is_not_learned_again(store, learn):
    learned = feature_cache.kept(store, KNOWN_BY, learn)

    assert_same(feature_cache.kept(store, KNOWN_BY, learn), learned)
    assert learn.times == 1


def test_another_text_is_learned_anew_and_the_one_before_is_taken_away(store, learn):
    feature_cache.kept(store, KNOWN_BY, learn)
    before = files(store)

    feature_cache.kept(store, ["1", "2", "4"], learn)

    assert learn.times == 2
    assert len(files(store)) == 1
    assert files(store) != before


def cut(path):
    path.write_bytes(path.read_bytes()[:-1])


def halve(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def empty(path):
    path.write_bytes(b"")


def lengthen(path):
    path.write_bytes(path.read_bytes() + b"left over")


def fill_with_zeros(path):
    path.write_bytes(bytes(path.stat().st_size))


def rename_an_array(path):
    content = path.read_bytes()
    at = content.rindex(b"words_hashes")  # in the directory at the end of the archive
    path.write_bytes(content[:at] + b"other" + content[at + 5 :])


def unlink(path):
    path.unlink()


@pytest.mark.parametrize(
    "damage", [cut, halve, empty, lengthen, fill_with_zeros, rename_an_array, unlink]
)
def test_a_damaged_file_is_learned_anew_and_mended(store, learn, damage):
    learned = feature_cache.kept(store, KNOWN_BY, learn)
    (place,) = files(store)
    whole = place.read_bytes()
    damage(place)

    assert_same(feature_cache.kept(store, KNOWN_BY, learn), learned)

    assert learn.times == 2
    assert place.read_bytes() == whole


@pytest.mark.parametrize("share", [n / 20 for n in range(20)])
def test_no_byte_can_be_turned_unnoticed(store, learn, share):
    learned = feature_cache.kept(store, KNOWN_BY, learn)
    (place,) = files(store)
    content = bytearray(place.read_bytes())
    content[int(share * len(content))] ^= 1
    place.write_bytes(content)

    assert_same(feature_cache.kept(store, KNOWN_BY, learn), learned)
    assert learn.times == 2


def test_a_cache_deleted_meanwhile_is_made_again(store, learn):
    def learn_meanwhile():
        shutil.rmtree(store.cache)
        return learn()

    store.cache.mkdir()

    feature_cache.kept(store, KNOWN_BY, learn_meanwhile)

    assert len(files(store)) == 1


def test_a_learning_that_fails_keeps_nothing(store):
    def fail():
        raise MemoryError

    with pytest.raises(MemoryError):
        feature_cache.kept(store, KNOWN_BY, fail)

    assert not store.cache.exists()
