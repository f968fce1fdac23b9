"""The sample: invented articles of invented outlets, and what two invented coders made of them.

No state, person, place or outlet in it exists, and neither do its coders: their decisions, times
and remarks were made up to look like those of a team, and are evidence of nothing.
How the files are written is told in ``README.md`` beside this module.
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


def codings() -> Path:
    """The folder of the codings, with one table for each coder."""
    return Path(__file__).parent / "codings"


def files() -> list[Path]:
    """Every article and every table, in an order of their own."""
    return sorted([*articles().glob("*/*.txt"), *codings().glob("*.csv")])
