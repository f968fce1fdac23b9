"""Word vectors made elsewhere, in the form of model2vec: three files in a folder, no network.

``model.safetensors`` holds a row for each piece of a word, ``tokenizer.json`` cuts words into
pieces, ``config.json`` says how it was made. The packages that read them are the extra
``vectors``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from annotator.core.errors import ModelError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

METHOD = "model2vec"
MODEL = "model.safetensors"
TOKENIZER = "tokenizer.json"
CONFIG = "config.json"
FILES = (MODEL, TOKENIZER, CONFIG)

LARGEST = {MODEL: 2**30, TOKENIZER: 100 * 2**20, CONFIG: 2**20}
"""Bytes of the largest files that are taken: a gigabyte of vectors is a million pieces."""

MOST_DIMS = 4_096
NEEDS = "needs two more packages: pip install 'annotator[vectors]'"

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class PieceVectors:
    """Vectors of pieces of words: ``array`` is (pieces, dims), already weighted."""

    array: Floats
    tokenizer: Tokenizer
    unknown: int | None
    card: Mapping[str, object]

    @property
    def words(self) -> tuple[str, ...]:
        """None: whatever a word is, it is cut into pieces that have vectors."""
        return ()

    @property
    def dims(self) -> int:
        """Numbers in each vector."""
        return int(self.array.shape[1])

    def rows(self, lexicon: Sequence[str]) -> Floats:
        """The row of each token, (tokens, dims): the sum of its pieces; zeros where none is known.

        Tokens are lower case and are cut alone, so that a tokenizer which heeds case or what
        stands before a word gives the pieces of the plain word.
        """
        cut = self.tokenizer.encode_batch(list(lexicon), add_special_tokens=False)
        pieces = [[piece for piece in one.ids if piece != self.unknown] for one in cut]
        ends = np.cumsum([0, *map(len, pieces)])
        ids = np.array([piece for one in pieces for piece in one], dtype=np.intp)
        shape = (len(pieces), len(self.array))
        ones = np.ones(len(ids), dtype=np.float32)
        return np.asarray(sparse.csr_matrix((ones, ids, ends), shape=shape) @ self.array)


def read(directory: Path) -> dict[str, bytes]:
    """The three files of a directory; ModelError where one is missing or too large."""
    if not directory.is_dir():
        raise ModelError(f"{directory}: there is no such folder; name one with {_listed()}")
    for name in FILES:
        place = directory / name
        if not place.is_file():
            raise ModelError(f"{directory}: {name} is missing; a model2vec folder has {_listed()}")
        if (size := place.stat().st_size) > LARGEST[name]:
            raise ModelError(
                f"{place} has {size / 2**20:,.0f} MB and the limit is {LARGEST[name] // 2**20:,} "
                "MB; take a smaller model"
            )
    return {name: (directory / name).read_bytes() for name in FILES}


def opened(
    files: Mapping[str, bytes], name: str, card: Mapping[str, object] | None = None
) -> PieceVectors:
    """The vectors in the bytes of the three files; ``name`` is what messages call their folder."""
    _check_config(files[CONFIG], name)
    tokenizer, unknown = _tokenizer(files[TOKENIZER], name)
    array = _array(files[MODEL], name, 1 + max(tokenizer.get_vocab().values(), default=-1))
    about = {"method": METHOD, "pieces": len(array), "dims": array.shape[1]}
    return PieceVectors(array, tokenizer, unknown, card or about)


def _check_config(content: bytes, name: str) -> None:
    """Nothing in it is needed: a text's vector is normalised in any case. But it must be one."""
    try:
        config = json.loads(content)
    except (ValueError, RecursionError) as fault:
        raise ModelError(f"{name}: {CONFIG} is no JSON; fetch the model again") from fault
    if not isinstance(config, dict):
        raise ModelError(f"{name}: {CONFIG} is no JSON object; fetch the model again")


def _tokenizer(content: bytes, name: str) -> tuple[Tokenizer, int | None]:
    """The tokenizer, and the number of the piece that stands for what it does not know."""
    try:
        from tokenizers import Tokenizer
    except ImportError as fault:
        raise ModelError(f"{name}: {NEEDS}") from fault
    try:
        text = content.decode("utf-8")
        tokenizer = Tokenizer.from_str(text)
        model = json.loads(text)["model"]
        unknown = model.get("unk_id")
        if unknown is None:
            unknown = tokenizer.token_to_id(model.get("unk_token") or "")
    except Exception as fault:  # the package raises nothing narrower
        raise ModelError(f"{name}: {TOKENIZER} cannot be read; fetch the model again") from fault
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer, unknown


def _array(content: bytes, name: str, pieces: int) -> Floats:
    """The row of each piece, with its weight: as model2vec looks it up."""
    tensors = _tensors(content, name)
    if "embeddings" not in tensors:
        known = ", ".join(sorted(tensors)) or "none"
        raise ModelError(
            f"{name}: {MODEL} has no tensor 'embeddings' (there are: {known}); "
            "it is no model of model2vec"
        )
    array = tensors["embeddings"]
    if array.ndim != 2 or not 1 <= array.shape[1] <= MOST_DIMS:
        raise _unfit(name, f"'embeddings' has the shape {array.shape}")
    if array.dtype.kind not in "fi":
        raise _unfit(name, f"'embeddings' is of the type {array.dtype}")
    if "mapping" in tensors:
        mapping = tensors["mapping"]
        if mapping.ndim != 1 or mapping.dtype.kind not in "iu":
            raise _unfit(name, f"'mapping' is {mapping.dtype} of the shape {mapping.shape}")
        if len(mapping) and not 0 <= mapping.min() <= mapping.max() < len(array):
            raise _unfit(name, "'mapping' names rows that are not there")
        array = array[mapping]
    if len(array) < pieces:
        raise _unfit(name, f"it has {len(array):,} rows for {pieces:,} pieces of {TOKENIZER}")
    array = array.astype(np.float32)
    if "weights" in tensors:
        weights = tensors["weights"]
        if weights.shape != (len(array),) or weights.dtype.kind != "f":
            raise _unfit(name, f"'weights' is {weights.dtype} of the shape {weights.shape}")
        array *= weights.astype(np.float32)[:, None]
    if not np.isfinite(array).all():
        raise _unfit(name, "it holds numbers that are none")
    return array


def _tensors(content: bytes, name: str) -> dict[str, NDArray[Any]]:
    try:
        from safetensors import SafetensorError
        from safetensors.numpy import load
    except ImportError as fault:
        raise ModelError(f"{name}: {NEEDS}") from fault
    try:
        return dict(load(content))
    except (SafetensorError, KeyError, ValueError, TypeError, AttributeError) as fault:
        raise ModelError(
            f"{name}: {MODEL} cannot be read ({fault}); fetch the model again"
        ) from fault


def _unfit(name: str, said: str) -> ModelError:
    return ModelError(f"{name}: {MODEL} does not fit: {said}; fetch the model again")


def _listed() -> str:
    return f"{MODEL}, {TOKENIZER} and {CONFIG}"
