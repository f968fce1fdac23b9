"""What was learned of a project's text alone, kept until the text changes; may be deleted."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np

from annotator.learn.features import KINDS, Block, Features
from annotator.store import Store
from annotator.workflow import token_cache

VERSION = 2
"""Another number learns all anew; the way of learning must then have changed."""

DIGEST = 32
"""Bytes before the arrays: the SHA-256 of those, by which a damaged file is known."""


def kept(store: Store, known_by: Sequence[str], learn: Callable[[], Features]) -> Features:
    """The features known by these words, learned where they are not there, or damaged."""
    words = "\n".join([str(VERSION), str(token_cache.VERSION), *known_by])
    place = store.cache / f"features-{hashlib.sha256(words.encode()).hexdigest()[:32]}.bin"
    found = _read(place)
    if found is None:
        found = learn()
        _write(place, found)
        for other in store.cache.glob("features-*.bin"):
            if other != place:
                other.unlink(missing_ok=True)
    return found


def _read(place: Path) -> Features | None:
    """The features of a file; None where there is none, or not as it was written."""
    content = b""
    with suppress(OSError):
        content = place.read_bytes()
    digest, packed = content[:DIGEST], content[DIGEST:]
    if not content or hashlib.sha256(packed).digest() != digest:
        return None
    with np.load(io.BytesIO(packed), allow_pickle=False) as arrays:
        return Features(
            tuple(
                Block(
                    kind=kind,
                    hashes=arrays[f"{kind}_hashes"],
                    weights=arrays[f"{kind}_weights"],
                    topics=arrays[f"{kind}_topics"].astype(np.float32),
                )
                for kind in KINDS
                if f"{kind}_hashes" in arrays
            )
        )


def _write(place: Path, features: Features) -> None:
    packed = io.BytesIO()
    named: dict[str, np.ndarray] = {}
    for block in features.blocks:
        named[f"{block.kind}_hashes"] = block.hashes
        named[f"{block.kind}_weights"] = block.weights
        named[f"{block.kind}_topics"] = block.topics.astype(np.float16)
    np.savez(packed, allow_pickle=False, **named)
    place.parent.mkdir(parents=True, exist_ok=True)
    fresh = place.with_name(f".{place.name}.part")
    try:
        fresh.write_bytes(hashlib.sha256(packed.getvalue()).digest() + packed.getvalue())
        fresh.replace(place)
    finally:
        fresh.unlink(missing_ok=True)
