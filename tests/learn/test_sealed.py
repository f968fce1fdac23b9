"""Files that belong together are read as they were sealed, or one sentence says why not."""

from __future__ import annotations

import json

import pytest

from annotator.core.errors import ModelError
from annotator.learn import sealed

ADVICE = "make it again"


@pytest.fixture
def folder(tmp_path):
    """A file of three bytes and the card that names it."""
    place = tmp_path / "set"
    place.mkdir()
    sealed.put(place / "one.bin", b"one")
    said = {"about": "half a pair \ud83d", "share": 0.5}
    sealed.write_card(place, sealed.sealed(said, {"one.bin": sealed.sha256(b"one")}))
    return place


def read(folder):
    card = sealed.read_card(folder, ADVICE)
    return sealed.read_file(folder, "one.bin", card, ADVICE)


def test_what_was_sealed_is_read_and_nothing_else_is_left_in_the_folder(folder):
    assert read(folder) == b"one"
    assert sealed.read_card(folder, ADVICE)["about"] == "half a pair \ud83d"
    assert sorted(path.name for path in folder.iterdir()) == ["card.json", "one.bin"]


def remove(path):
    path.unlink()


def change(path):
    path.write_bytes(path.read_bytes().replace(b"one", b"two").replace(b"0.5", b"0.6"))


def make_a_folder(path):
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("name", ["card.json", "one.bin"])
@pytest.mark.parametrize(
    ("damage", "said"),
    [(remove, "is missing"), (change, "was changed since"), (make_a_folder, "cannot be read")],
)
def test_what_is_wrong_is_said_in_one_sentence_with_what_to_do(folder, name, damage, said):
    damage(folder / name)

    with pytest.raises(ModelError) as told:
        read(folder)

    assert str(told.value) == f"set: {name} {said}, make it again"


@pytest.mark.parametrize("content", ["", "{", "[]", "7", "[" * 100_000])
def test_a_card_that_is_none_cannot_be_read(folder, content):
    (folder / "card.json").write_text(content, encoding="utf-8")

    with pytest.raises(ModelError, match=r"card\.json cannot be read, make it again"):
        read(folder)


def test_a_card_that_is_larger_than_any_of_ours_is_not_read(folder):
    with (folder / "card.json").open("ab") as file:
        file.truncate(sealed.LARGEST_CARD + 1)

    with pytest.raises(ModelError, match=r"card\.json cannot be read"):
        read(folder)


def test_a_number_that_json_does_not_know_was_not_sealed(folder):
    card = json.loads((folder / "card.json").read_text())
    (folder / "card.json").write_text(json.dumps(card | {"share": float("nan")}))

    with pytest.raises(ModelError, match=r"card\.json was changed since"):
        read(folder)


def test_a_file_that_the_card_does_not_name_was_not_sealed(folder):
    sealed.put(folder / "two.bin", b"two")

    with pytest.raises(ModelError, match=r"two\.bin was changed since"):
        sealed.read_file(folder, "two.bin", sealed.read_card(folder, ADVICE), ADVICE)
