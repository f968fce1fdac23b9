"""Word vectors on the disk: ``words.npz`` or a copied model2vec directory, and ``card.json``."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from annotator.core.errors import ModelError
from annotator.learn import model2vec, sealed
from annotator.learn.vectors import METHOD, Vectors, WordVectors

FORMAT = 1
WORDS = "words.npz"
ADVICE = "run `annotator vectors` again"

_BROKEN = (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile)


def save(vectors: Vectors, directory: Path, provenance: Mapping[str, object]) -> sealed.Card:
    """Write vectors to an empty folder and return their card; ``provenance`` goes into it."""
    content = _npz(vectors)
    card = {"format": FORMAT, **vectors.card, **provenance}
    return _put(directory, {WORDS: content}, card)


def adopt(source: Path, directory: Path, provenance: Mapping[str, object]) -> sealed.Card:
    """Copy a model2vec directory to an empty folder and return its card.

    Raises ``ModelError`` where it is none, is too large, or its files do not fit each other.
    """
    files = model2vec.read(source)
    opened = model2vec.opened(files, source.name)
    return _put(directory, files, {"format": FORMAT, **opened.card, **provenance})


def load(directory: Path) -> WordVectors:
    """The vectors of a folder; ModelError where a file is missing, changed or of another format.

    Imports no scikit-learn.
    """
    card = sealed.read_card(directory, ADVICE)
    if card.get("format") != FORMAT:
        raise ModelError(f"{directory.name}: is of another version of annotator, {ADVICE}")
    if card.get("method") == model2vec.METHOD:
        return model2vec.opened(
            {name: sealed.read_file(directory, name, card, ADVICE) for name in model2vec.FILES},
            directory.name,
            card,
        )
    if card.get("method") != METHOD:
        raise ModelError(f"{directory.name}: holds vectors of an unknown kind, {ADVICE}")
    content = sealed.read_file(directory, WORDS, card, ADVICE)
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as stored:
            words, array = stored["words"], stored["array"]
        vectors = Vectors(
            words=tuple(words.tobytes().decode("utf-8", "surrogatepass").split("\n")),
            array=array.astype(np.float32),
            card=card,
        )
    except _BROKEN as fault:
        raise ModelError(f"{directory.name}: {WORDS} cannot be read, {ADVICE}") from fault
    if array.dtype != np.float16 or array.shape != (card.get("words"), card.get("dims")):
        raise ModelError(f"{directory.name}: {WORDS} is not what its card says, {ADVICE}")
    if len(vectors.words) != len(array) or not np.isfinite(vectors.array).all():
        raise ModelError(f"{directory.name}: {WORDS} is not what its card says, {ADVICE}")
    return vectors


def _npz(vectors: Vectors) -> bytes:
    # Words as one text of lines (a token has no white space): an array of strings gives each the
    # length of the longest. numpy gives members no time of writing: equal vectors, equal bytes.
    words = "\n".join(vectors.words).encode("utf-8", "surrogatepass")
    packed = io.BytesIO()
    np.savez(
        packed,
        allow_pickle=False,
        words=np.frombuffer(words, dtype=np.uint8),
        array=vectors.array.astype(np.float16),
    )
    return packed.getvalue()


def _put(directory: Path, files: Mapping[str, bytes], card: Mapping[str, object]) -> sealed.Card:
    directory.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (directory / name).write_bytes(content)
    whole = sealed.sealed(card, {name: sealed.sha256(content) for name, content in files.items()})
    sealed.write_card(directory, whole)
    return whole
