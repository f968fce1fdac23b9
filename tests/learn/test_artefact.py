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
from annotator.learn.model import fit

SAVED = {
    "model_id": "2031-04-05-a1b2",
    "created_at": "2031-04-05T10:00:00Z",
    "provenance": {"codebooks": [{"name": "river-towns", "version": "1.0.0"}], "events": 200},
}
FILES = ["card.json", "model.npz", "vocabulary.json"]


@pytest.fixture
def model(table, columns):
    table["frame||rare"] = 0.0
    rare = type(columns[0])("frame", "", "rare")
    return fit(table, [*columns, rare], seed=1, progress=lambda *step: None)


@pytest.fixture
def saved(model, tmp_path):
    save(model, tmp_path / "models" / "one", **SAVED)
    return tmp_path / "models" / "one"


def test_a_loaded_model_gives_the_same_scores(model, saved):
    texts = ["Troops at the border", "Wheat prices in Tessaly", "", "🕊️"]

    loaded = load(saved)

    np.testing.assert_array_equal(loaded.score(texts), model.score(texts))
    assert loaded.columns == model.columns
    assert loaded.cards == model.cards
    assert loaded.units == model.units
    assert loaded.model_id == "2031-04-05-a1b2"


def test_the_same_tags_and_seed_give_the_same_bytes(table, columns, tmp_path):
    for name in ("one", "other"):
        save(fit(table, columns, seed=1, progress=lambda *step: None), tmp_path / name, **SAVED)

    for name in FILES:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "other" / name).read_bytes()


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
    assert card["trained_on"] == 200
    assert card["seed"] == 1
    assert set(card["libraries"]) == {"numpy", "scipy", "scikit-learn", "python"}
    assert [code["code"] for code in card["codes"]] == ["security", "market", "favor", "rare"]
    assert card["codes"][3]["note"] == "has 0 of at least 5 positive sentences"


@pytest.mark.parametrize("name", ["model.npz", "vocabulary.json"])
def test_a_file_that_was_changed_is_refused(saved, name):
    content = bytearray((saved / name).read_bytes())
    content[len(content) // 2] ^= 1
    (saved / name).write_bytes(bytes(content))

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


@pytest.mark.parametrize("content", ["", "{", "[]", "\ufeff", '{"format": 2}', '{"format": 1}'])
def test_a_card_that_is_none_is_refused(saved, content):
    (saved / "card.json").write_text(content, encoding="utf-8")

    with pytest.raises(ModelError, match="train again"):
        load(saved)


def test_a_model_of_an_older_version_opens_with_what_it_has(saved):
    card = json.loads((saved / "card.json").read_text())
    later = {
        *("positive_documents", "surest_precision", "average_precision_low", "brier"),
        *("average_precision_high", "calibration_error", "reliability", "curve"),
        *("false_positives", "false_negatives", "terms_for", "terms_against"),
    }
    card["codes"] = [{k: v for k, v in code.items() if k not in later} for code in card["codes"]]
    card["sha256"].pop("card.json")
    digests = card.pop("sha256")
    content = (json.dumps(card) + "\n").encode("ascii")
    card["sha256"] = digests | {"card.json": hashlib.sha256(content).hexdigest()}
    (saved / "card.json").write_text(json.dumps(card))

    old = load(saved).cards[0]

    assert (old.code, old.fitted, old.n) == ("security", True, 200)
    assert (old.reliability, old.brier, old.terms_for) == ((), None, ())


def test_a_pickle_in_the_arrays_is_never_opened(saved):
    # Packed and signed as by someone who means harm: only allow_pickle=False stands in the way.
    packed = io.BytesIO()
    np.savez(packed, idf=np.array([Harm()], dtype=object))
    (saved / "model.npz").write_bytes(packed.getvalue())
    card = json.loads((saved / "card.json").read_text())
    card["sha256"]["model.npz"] = hashlib.sha256(packed.getvalue()).hexdigest()
    (saved / "card.json").write_text(json.dumps(card))

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
