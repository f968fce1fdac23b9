"""A model as three files: arrays (``model.npz``), words (``vocabulary.json``), ``card.json``.

No pickle, so that a model from someone else is data and never a program. The same model gives
the same bytes. The card is written last and names the SHA-256 of all three: a save that was
cut short, or a file that was changed since, is noticed when it is loaded.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import platform
import zipfile
from collections.abc import Mapping
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

import numpy as np

from annotator.core.errors import ModelError
from annotator.learn.features import SETTINGS, Features
from annotator.learn.model import CodeCard, Column, Model

FORMAT = 1
ARRAYS = "model.npz"
VOCABULARY = "vocabulary.json"
CARD = "card.json"
LIBRARIES = ("numpy", "scipy", "scikit-learn")

_ARRAY_NAMES = ("idf", "weights", "intercept", "slope", "offset", "out_of_fold")
_BROKEN = (OSError, ValueError, KeyError, TypeError, AttributeError, zipfile.BadZipFile)


def save(
    model: Model,
    directory: Path,
    *,
    model_id: str,
    created_at: str,
    provenance: Mapping[str, object],
) -> dict[str, object]:
    """Write the model and return its card; ``provenance`` says which codebook and events."""
    directory.mkdir(parents=True, exist_ok=True)
    arrays = _npz(model)
    vocabulary = _json(
        {
            "words": model.features.words,
            "letters": model.features.letters,
            "units": model.units,
        }
    )
    card: dict[str, object] = {
        "format": FORMAT,
        "model_id": model_id,
        "created_at": created_at,
        "seed": model.seed,
        "trained_on": len(model.units),
        "scheme": dict(provenance),
        "features": SETTINGS,
        "libraries": {name: version(name) for name in LIBRARIES}
        | {"python": platform.python_version()},
        "codes": [asdict(one) for one in model.cards],
    }
    card["sha256"] = {
        ARRAYS: _sha256(arrays),
        VOCABULARY: _sha256(vocabulary),
        CARD: _sha256(_json(card)),
    }
    _put(directory / ARRAYS, arrays)
    _put(directory / VOCABULARY, vocabulary)
    _put(directory / CARD, _json(card, indent=2))
    return card


def load(directory: Path) -> Model:
    """The model as it was saved; ModelError when a file is missing, changed or of another format.

    Imports no scikit-learn.
    """
    card = read_card(directory)
    arrays_file = _checked(directory, ARRAYS, card)
    vocabulary_file = _checked(directory, VOCABULARY, card)
    try:
        with np.load(io.BytesIO(arrays_file), allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in _ARRAY_NAMES}
        vocabulary = json.loads(vocabulary_file)
        cards = tuple(CodeCard.of(code) for code in card["codes"])  # type: ignore[attr-defined]
        model = Model(
            features=Features(
                tuple(vocabulary["words"]), tuple(vocabulary["letters"]), arrays.pop("idf")
            ),
            columns=tuple(Column(one.variable, one.target, one.code) for one in cards),
            cards=cards,
            seed=int(str(card["seed"])),
            units=tuple(vocabulary["units"]),
            model_id=str(card["model_id"]),
            **arrays,
        )
    except _BROKEN as fault:
        raise _unreadable(directory) from fault
    if not _fits(model):
        raise _unreadable(directory)
    return model


def read_card(directory: Path) -> dict[str, object]:
    """What the model says about itself, without its arrays."""
    try:
        card = json.loads((directory / CARD).read_bytes())
    except FileNotFoundError:
        raise ModelError(f"{directory.name}: there is no model here, train one first") from None
    except ValueError as fault:
        raise _unreadable(directory) from fault
    if not isinstance(card, dict) or card.get("format") != FORMAT:
        raise ModelError(
            f"{directory.name}: the model was saved by another version of annotator, train again"
        )
    said = {name: value for name, value in card.items() if name != "sha256"}
    if _digest(card, CARD) != _sha256(_json(said)):
        raise _changed(directory, CARD)
    return card


def _npz(model: Model) -> bytes:
    # numpy gives the members of an npz no time of writing, so equal arrays are equal bytes.
    packed = io.BytesIO()
    np.savez(
        packed,
        allow_pickle=False,
        idf=model.features.idf,
        weights=model.weights,
        intercept=model.intercept,
        slope=model.slope,
        offset=model.offset,
        out_of_fold=model.out_of_fold,
    )
    return packed.getvalue()


def _json(content: Mapping[str, object], indent: int | None = None) -> bytes:
    # ASCII only: a text may hold half a surrogate pair, which UTF-8 cannot.
    return (json.dumps(content, indent=indent, allow_nan=False) + "\n").encode("ascii")


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _put(path: Path, content: bytes) -> None:
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        partial.write_bytes(content)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def _checked(directory: Path, name: str, card: Mapping[str, object]) -> bytes:
    try:
        content = (directory / name).read_bytes()
    except FileNotFoundError:
        raise ModelError(f"{directory.name}: {name} is missing, train again") from None
    if _digest(card, name) != _sha256(content):
        raise _changed(directory, name)
    return content


def _digest(card: Mapping[str, object], name: str) -> object:
    """The SHA-256 that the card gives for a file; for itself, for all of it but the digests."""
    named = card.get("sha256")
    return named.get(name) if isinstance(named, dict) else None


def _fits(model: Model) -> bool:
    """Whether every array has the shape and type that the others ask for."""
    features, codes, units = len(model.features), len(model.columns), len(model.units)
    wanted = [
        (model.features.idf, (features,)),
        (model.weights, (features, codes)),
        (model.intercept, (codes,)),
        (model.slope, (codes,)),
        (model.offset, (codes,)),
        (model.out_of_fold, (units, codes)),
    ]
    return all(array.shape == shape and array.dtype == np.float32 for array, shape in wanted)


def _changed(directory: Path, name: str) -> ModelError:
    return ModelError(f"{directory.name}: {name} was changed after training, train again")


def _unreadable(directory: Path) -> ModelError:
    return ModelError(f"{directory.name}: the model cannot be read, train again")
