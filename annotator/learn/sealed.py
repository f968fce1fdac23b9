"""Files that belong together, sealed by a card: what was cut short or changed since is noticed.

The card is JSON and names the SHA-256 of every file and of itself. No pickle: what comes from
somebody else is data and never a program. The same content gives the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path

from annotator.core.errors import ModelError

CARD = "card.json"
LARGEST_CARD = 2**26

Card = dict[str, object]


def sealed(card: Mapping[str, object], digests: Mapping[str, str]) -> Card:
    """The card with the SHA-256 of each file by its name, and of what the card itself says."""
    return {**card, "sha256": {**digests, CARD: sha256(as_json(card))}}


def write_card(directory: Path, card: Mapping[str, object]) -> None:
    """Put a sealed card beside its files: the last step of saving them."""
    put(directory / CARD, as_json(card, indent=2))


def put(path: Path, content: bytes) -> None:
    """Write a file that is there whole or not at all."""
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        partial.write_bytes(content)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def read_card(directory: Path, advice: str) -> Card:
    """The card of a folder; ModelError, which ends in ``advice``, where there is none to trust."""
    if not (directory / CARD).exists():
        raise ModelError(f"{directory.name}: {CARD} is missing, {advice}")
    card = parsed(directory)
    if card is None:
        raise ModelError(f"{directory.name}: {CARD} cannot be read, {advice}")
    verify(card, directory, advice)
    return card


def parsed(directory: Path) -> Card | None:
    """What the card of a folder says, not yet trusted; None where it cannot be read as one."""
    place = directory / CARD
    try:
        is_one = place.stat().st_size <= LARGEST_CARD
        card = json.loads(place.read_bytes()) if is_one else None
    except (OSError, ValueError, RecursionError):
        return None
    return card if isinstance(card, dict) else None


def verify(
    card: Mapping[str, object], directory: Path, advice: str, *, since: str = "since"
) -> None:
    """Raise ``ModelError`` where the card says something else than when it was sealed."""
    said = {name: value for name, value in card.items() if name != "sha256"}
    try:
        is_same = digest(card, CARD) == sha256(as_json(said))
    except (ValueError, RecursionError):
        is_same = False  # what JSON reads beyond its own rules, and no card of ours has
    if not is_same:
        raise ModelError(f"{directory.name}: {CARD} was changed {since}, {advice}")


def read_file(
    directory: Path,
    name: str,
    card: Mapping[str, object],
    advice: str,
    *,
    since: str = "since",
) -> bytes:
    """The bytes of a file that the card names; ModelError where they are others or none."""
    try:
        content = (directory / name).read_bytes()
    except FileNotFoundError:
        raise ModelError(f"{directory.name}: {name} is missing, {advice}") from None
    except OSError as fault:
        raise ModelError(f"{directory.name}: {name} cannot be read, {advice}") from fault
    if digest(card, name) != sha256(content):
        raise ModelError(f"{directory.name}: {name} was changed {since}, {advice}")
    return content


def digest(card: Mapping[str, object], name: str) -> object:
    """The SHA-256 that a card gives for a file; None where it gives none."""
    named = card.get("sha256")
    return named.get(name) if isinstance(named, dict) else None


def sha256(content: bytes) -> str:
    """The SHA-256 of some bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def as_json(content: Mapping[str, object], indent: int | None = None) -> bytes:
    """JSON in ASCII alone: a text may hold half a surrogate pair, which UTF-8 cannot."""
    return (json.dumps(content, indent=indent, allow_nan=False) + "\n").encode("ascii")
