"""The sample: ten invented articles by two invented outlets on the two sides of a border crisis.

No state, person, place or outlet in them exists. The folder of an article is its outlet.
"""

from __future__ import annotations

from pathlib import Path

CODEBOOK = "conflict"
"""The codebook of ``labels/`` that the sample is coded with."""

TARGETS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("velmar", "Velmar", ("Dravik", "Third Brigade")),
    ("osten", "Osten", ("Hallen",)),
    ("people-of-ilsa", "People of the Ilsa Heights", ("Ilsa council", "council of the Heights")),
)
"""What a stance is toward in the sample: name, title and other names of each target."""


def articles() -> Path:
    """The folder of the articles, with one folder for each outlet."""
    return Path(__file__).parent / "articles"
