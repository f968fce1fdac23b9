"""A model as three files: arrays (``model.npz``), units (``units.json``), ``card.json``.

No pickle, so that a model from someone else is data and never a program. The same model gives
the same bytes. The card is written last and names the SHA-256 of all three: a save that was
cut short, or a file that was changed since, is noticed when it is loaded.
"""

from __future__ import annotations

import io
import json
import platform
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, fields
from importlib.metadata import version
from pathlib import Path

import numpy as np

from annotator.core.errors import ModelError
from annotator.learn import sealed
from annotator.learn.features import KINDS, LEAST_TEXTS, TOPICS, Block, Settings
from annotator.learn.hashing import LETTERS
from annotator.learn.model import CodeCard, Column, Learning, Model, Sigmoids

FORMAT = 2
ARRAYS = "model.npz"
UNITS = "units.json"
CARD = sealed.CARD
LIBRARIES = ("numpy", "scipy", "scikit-learn")

ADVICE = "train again"
SINCE = "after training"

_OF_CODES = tuple(one.name for one in fields(Sigmoids))
_OF_BLOCKS = ("hashes", "rarity", "weights")
_BROKEN = (OSError, ValueError, KeyError, TypeError, AttributeError, zipfile.BadZipFile)


def save(
    model: Model,
    directory: Path,
    *,
    model_id: str,
    created_at: str,
    provenance: Mapping[str, object],
    vectors: str = "",
) -> sealed.Card:
    """Write the model and return its card.

    ``provenance`` says which codebook and events, ``vectors`` names the word vectors it was
    trained with, if any.
    """
    directory.mkdir(parents=True, exist_ok=True)
    files = {ARRAYS: _npz(model), UNITS: sealed.as_json({"units": model.units})}
    said: sealed.Card = {
        "format": FORMAT,
        "model_id": model_id,
        "created_at": created_at,
        "seed": model.seed,
        "trained_on": len(model.units),
        "scheme": dict(provenance),
        "features": _described(model),
        "learning": model.learning._asdict(),
        "libraries": {name: version(name) for name in LIBRARIES}
        | {"python": platform.python_version()},
        "codes": [asdict(one) for one in model.cards],
    }
    if vectors:
        said["vectors"] = vectors
    card = sealed.sealed(said, {name: sealed.sha256(content) for name, content in files.items()})
    for name, content in files.items():
        sealed.put(directory / name, content)
    sealed.write_card(directory, card)
    return card


def load(directory: Path) -> Model:
    """The model as it was saved; ModelError when a file is missing, changed or of another format.

    Imports no scikit-learn.
    """
    card = read_card(directory)
    arrays_file, units_file = (
        sealed.read_file(directory, name, card, ADVICE, since=SINCE) for name in (ARRAYS, UNITS)
    )
    try:
        with np.load(io.BytesIO(arrays_file), allow_pickle=False) as stored:
            arrays = dict(stored)
        cards = tuple(CodeCard.of(code) for code in card["codes"])  # type: ignore[attr-defined]
        settings = _settings(card)
        kinds = [kind for kind in KINDS if f"{kind}_hashes" in arrays]
        model = Model(
            blocks=tuple(_block(kind, arrays) for kind in kinds),
            weights=tuple(arrays[f"{kind}_weights"] for kind in kinds),
            sigmoids=Sigmoids(**{name: arrays[name] for name in _OF_CODES}),
            out_of_fold=arrays["out_of_fold"],
            columns=tuple(Column(one.variable, one.target, one.code) for one in cards),
            cards=cards,
            settings=settings,
            seed=int(str(card["seed"])),
            learning=Learning(**card["learning"]),  # type: ignore[arg-type]
            units=tuple(json.loads(units_file)["units"]),
            model_id=str(card["model_id"]),
        )
    except _BROKEN as fault:
        raise _unreadable(directory) from fault
    if not _fits(model):
        raise _unreadable(directory)
    return model


def read_card(directory: Path) -> sealed.Card:
    """What the model says about itself, without its arrays."""
    if not (directory / CARD).exists():
        raise ModelError(f"{directory.name}: there is no model here, train one first")
    card = sealed.parsed(directory)
    if card is None:
        raise _unreadable(directory)
    if card.get("format") != FORMAT:
        raise ModelError(
            f"{directory.name}: the model was saved by another version of annotator, {ADVICE}"
        )
    sealed.verify(card, directory, ADVICE, since=SINCE)
    return card


def _described(model: Model) -> dict[str, object]:
    """What the features are, in words, and which groups of them are on."""
    pieces = {block.kind: len(block.hashes) for block in model.blocks}
    return {
        "groups": asdict(model.settings),
        "letters": f"pieces of {LETTERS[0]} to {LETTERS[1]} letters within words",
        "words": "lower-case words and marks",
        "weight": "(1 + log of the count) × rarity to a power, lengths of both kinds made one",
        "powers": {kind: one.power for kind, one in KINDS.items()},
        "topics": f"{TOPICS} axes of each kind, from the project's own sentences",
        "least_texts": LEAST_TEXTS,
        "pieces": pieces,
    }


def _settings(card: Mapping[str, object]) -> Settings:
    groups = card["features"]["groups"]  # type: ignore[index]
    return Settings(**{one.name: groups[one.name] for one in fields(Settings)})


def _block(kind: str, arrays: Mapping[str, np.ndarray]) -> Block:
    hashes = arrays[f"{kind}_hashes"]
    return Block(
        kind=kind,
        hashes=hashes,
        weights=arrays[f"{kind}_rarity"],
        topics=np.zeros((len(hashes), 0), np.float32),
    )


def _npz(model: Model) -> bytes:
    # numpy gives the members of an npz no time of writing, so equal arrays are equal bytes.
    packed = io.BytesIO()
    named = {name: getattr(model.sigmoids, name) for name in _OF_CODES}
    named["out_of_fold"] = model.out_of_fold
    for block, weights in zip(model.blocks, model.weights, strict=True):
        of_block = zip(_OF_BLOCKS, (block.hashes, block.weights, weights), strict=True)
        named |= {f"{block.kind}_{name}": array for name, array in of_block}
    np.savez(packed, allow_pickle=False, **named)
    return packed.getvalue()


def _fits(model: Model) -> bool:
    """Whether every array has the shape and type that the others ask for."""
    codes, units = len(model.columns), len(model.units)
    wanted: list[tuple[np.ndarray, tuple[int, ...], type]] = [
        *((getattr(model.sigmoids, name), (codes,), np.float32) for name in _OF_CODES),
        (model.out_of_fold, (units, codes), np.float32),
    ]
    for block, weights in zip(model.blocks, model.weights, strict=True):
        pieces = len(block.hashes)
        wanted += [
            (block.hashes, (pieces,), np.uint64),
            (block.weights, (pieces,), np.float32),
            (weights, (pieces, codes), np.float32),
        ]
    return all(array.shape == shape and array.dtype == kind for array, shape, kind in wanted)


def _unreadable(directory: Path) -> ModelError:
    return ModelError(f"{directory.name}: the model cannot be read, {ADVICE}")
