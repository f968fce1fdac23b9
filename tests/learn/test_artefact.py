"""A saved model is the model, byte for byte, or it is refused."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import sys
import zipfile

import numpy as np
import pytest

from annotator.core.errors import ModelError
from annotator.learn.artefact import load, read_card, save
from annotator.learn.features import Settings
from annotator.learn.fit import Material, fit
from annotator.learn.model import Column

SAVED = {
    "model_id": "2031-04-05-a1b2",
    "created_at": "2031-04-05T10:00:00Z",
    "provenance": {"codebooks": [{"name": "river-towns", "version": "1.0.0"}], "events": 200},
}
FILES = ["card.json", "model.npz", "units.json"]


@pytest.fixture(scope="module")
def model(make_table, columns):
    rare = Column("frame", "", "rare")
    table = make_table().assign(**{rare.key: 0.0})
    return fit(table, [*columns, rare], seed=1, progress=lambda *step: None)


@pytest.fixture
def saved(model, tmp_path):
    save(model, tmp_path / "models" / "one", **SAVED)
    return tmp_path / "models" / "one"


def reseal(directory, **changed):
    """Sign changed files and a changed card, as someone who means harm would."""
    card = json.loads((directory / "card.json").read_text()) | changed
    digests = card.pop("sha256")
    content = (json.dumps(card) + "\n").encode("ascii")
    digests["model.npz"] = hashlib.sha256((directory / "model.npz").read_bytes()).hexdigest()
    card["sha256"] = digests | {"card.json": hashlib.sha256(content).hexdigest()}
    (directory / "card.json").write_text(json.dumps(card))


def repack(directory, arrays):
    packed = io.BytesIO()
    np.savez(packed, **arrays)
    (directory / "model.npz").write_bytes(packed.getvalue())
    reseal(directory)


def test_a_loaded_model_gives_the_same_scores(model, saved):
    texts = ["Troops at the border", "Wheat prices in Tessaly", "", "🕊️"]

    loaded = load(saved)

    np.testing.assert_array_equal(loaded.score(texts), model.score(texts))
    assert loaded.columns == model.columns
    assert loaded.cards == model.cards
    assert loaded.units == model.units
    assert loaded.model_id == "2031-04-05-a1b2"


@pytest.mark.parametrize("n", [60, 240])
def test_the_same_tags_and_seed_give_the_same_bytes_in_whatever_order_they_come(
    make_table, columns, tmp_path, n
):
    table = make_table(n=n)
    for name, rows in (("one", table), ("other", table.sample(frac=1, random_state=2))):
        save(fit(rows, columns, seed=1, progress=lambda *step: None), tmp_path / name, **SAVED)

    for name in FILES:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "other" / name).read_bytes()


def test_another_seed_is_another_model(make_table, columns, tmp_path):
    for seed in (1, 2):
        model = fit(make_table(n=60), columns, seed=seed, progress=lambda *step: None)
        save(model, tmp_path / str(seed), **SAVED)

    assert read_card(tmp_path / "1")["sha256"] != read_card(tmp_path / "2")["sha256"]


def test_no_time_of_writing_is_kept_in_the_arrays(saved):
    with zipfile.ZipFile(saved / "model.npz") as packed:
        assert {member.date_time for member in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_saving_leaves_nothing_but_the_three_files(saved):
    assert sorted(path.name for path in saved.iterdir()) == FILES


def test_the_card_says_where_the_model_comes_from(saved):
    card = read_card(saved)

    assert card["model_id"] == "2031-04-05-a1b2"
    assert card["created_at"] == "2031-04-05T10:00:00Z"
    assert card["scheme"] == SAVED["provenance"]
    assert card["trained_on"] == 180
    assert card["seed"] == 1
    assert set(card["libraries"]) == {"numpy", "scipy", "scikit-learn", "python"}
    assert card["features"]["groups"]["topics"] is True
    assert set(card["features"]["pieces"]) == {"letters", "words"}
    assert [code["code"] for code in card["codes"]] == ["security", "market", "favor", "rare"]
    assert card["codes"][3]["note"] == "has 0 of at least 5 positive sentences"


@pytest.mark.parametrize("name", ["model.npz", "units.json"])
def test_a_file_that_was_changed_is_refused(saved, name):
    content = bytearray((saved / name).read_bytes())
    content[len(content) // 2] ^= 1
    (saved / name).write_bytes(bytes(content))

    with pytest.raises(ModelError, match=f"one: {name} was changed after training"):
        load(saved)


@pytest.mark.parametrize("name", ["model.npz", "units.json"])
@pytest.mark.parametrize("keep", [0, 10, -1])
def test_a_file_that_was_cut_short_is_refused(saved, name, keep):
    (saved / name).write_bytes((saved / name).read_bytes()[:keep])

    with pytest.raises(ModelError, match=f"one: {name} was changed after training"):
        load(saved)


def test_a_threshold_edited_in_the_card_is_refused(saved):
    card = json.loads((saved / "card.json").read_text())
    card["codes"][0]["threshold"] = 0.01
    (saved / "card.json").write_text(json.dumps(card))

    with pytest.raises(ModelError, match=r"card\.json was changed after training"):
        load(saved)


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_named_or_the_folder_has_no_model(saved, name):
    (saved / name).unlink()

    wanted = "there is no model here" if name == "card.json" else f"{name} is missing"
    with pytest.raises(ModelError, match=wanted):
        load(saved)


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", "\ufeff", '{"format": 3}', '{"format": 2}', '{"format": "2"}', "[" * 100_000],
)
def test_a_card_that_is_none_is_refused(saved, content):
    (saved / "card.json").write_text(content, encoding="utf-8")

    with pytest.raises(ModelError, match="train again"):
        load(saved)


def test_a_model_of_the_program_before_is_told_apart_from_a_damaged_one(saved):
    (saved / "units.json").rename(saved / "vocabulary.json")
    reseal(saved, format=1)

    with pytest.raises(ModelError, match="saved by another version of annotator, train again"):
        load(saved)


def test_figures_that_a_card_does_not_know_are_left_open(saved):
    later = {
        *("positive_documents", "surest_precision", "average_precision_low", "brier"),
        *("average_precision_high", "calibration_error", "reliability", "curve"),
        *("false_positives", "false_negatives", "terms_for", "terms_against"),
    }
    codes = json.loads((saved / "card.json").read_text())["codes"]
    reseal(saved, codes=[{k: v for k, v in code.items() if k not in later} for code in codes])

    old = load(saved).cards[0]

    assert (old.code, old.fitted, old.n) == ("security", True, 180)
    assert (old.reliability, old.brier, old.terms_for) == ((), None, ())


def shorter(array):
    return array[:-1]


def wider(array):
    return array.astype(np.float64)


@pytest.mark.parametrize("spoil", [shorter, wider])
@pytest.mark.parametrize(
    "name",
    [
        *("slope", "offset", "strength", "middle", "slope_alone", "offset_alone"),
        *("out_of_fold", "letters_hashes", "letters_rarity", "letters_weights"),
        *("words_hashes", "words_rarity", "words_weights"),
    ],
)
def test_an_array_of_another_shape_or_type_is_refused_though_signed(saved, name, spoil):
    with np.load(saved / "model.npz") as stored:
        arrays = dict(stored)
    arrays[name] = spoil(arrays[name])
    repack(saved, arrays)

    with pytest.raises(ModelError, match="one: the model cannot be read, train again"):
        load(saved)


@pytest.mark.parametrize("name", ["slope", "out_of_fold", "words_weights"])
def test_a_missing_array_is_refused_though_signed(saved, name):
    with np.load(saved / "model.npz") as stored:
        arrays = dict(stored)
    del arrays[name]
    repack(saved, arrays)

    with pytest.raises(ModelError, match="one: the model cannot be read, train again"):
        load(saved)


@pytest.mark.parametrize("chosen", [{"letters": False}, {"words": False}, {"topics": False}])
def test_a_model_of_fewer_features_is_saved_with_those(make_table, columns, tmp_path, chosen):
    settings = Settings(**chosen)
    model = fit(make_table(n=60), columns, seed=1, progress=lambda *step: None, settings=settings)
    save(model, tmp_path, **SAVED)

    loaded = load(tmp_path)

    assert loaded.settings == settings
    texts = ["Troops at the border", "Wheat prices"]
    np.testing.assert_array_equal(loaded.score(texts), model.score(texts))


class Alike:
    """Word vectors of two words."""

    words = ("troops", "wheat")

    def rows(self, lexicon):
        near = {"troops": [1, 0], "wheat": [0, 1]}
        return np.array([near.get(word, [0, 0]) for word in lexicon], dtype=np.float32)


def test_a_model_with_word_vectors_needs_them_no_more(make_table, columns, tmp_path):
    material = Material(vectors=Alike())
    model = fit(make_table(n=60), columns, seed=1, progress=lambda *step: None, material=material)
    save(model, tmp_path, **SAVED)

    loaded = load(tmp_path)

    assert [block.kind for block in loaded.blocks] == ["letters", "words", "vectors"]
    texts = ["Troops at the border", "Wheat prices"]
    np.testing.assert_array_equal(loaded.score(texts), model.score(texts))


def test_a_pickle_in_the_arrays_is_never_opened(saved):
    # Packed and signed as by someone who means harm: only allow_pickle=False stands in the way.
    repack(saved, {"slope": np.array([Harm()], dtype=object)})

    with pytest.raises(ModelError, match="the model cannot be read"):
        load(saved)


class Harm:
    """Would end the test run if it were unpickled."""

    def __reduce__(self):
        return sys.exit, (3,)


def test_loading_and_scoring_import_no_scikit_learn(saved):
    asked = (
        "import sys; from pathlib import Path; from annotator.learn.artefact import load;"
        f"load(Path({str(saved)!r})).score(['Troops at the border']);"
        "print('sklearn' in sys.modules)"
    )

    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)

    assert told.stdout.strip() == "False"
