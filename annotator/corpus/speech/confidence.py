"""How often attributions of each kind are right.

Counted on three sets of news together, direct and indirect speech: the half of the gold
(``tests/data/quotations``) whose names begin with ``dev-``, and two that are not shipped, twelve
invented articles of another manner and twelve real ones. The rules were made with all three, so
that these figures are rather too high for other texts; ``docs/quotations.md`` says by how much.
Laplace's rule of succession, (right + 1) / (all + 2), keeps what is rare or had no error from
counting as certain.
"""

from __future__ import annotations

from annotator.core.voice import Mode

COUNTED: dict[tuple[Mode, bool], tuple[int, int]] = {
    ("name", True): (196, 198),
    ("name", False): (2, 2),
    ("organisation", True): (32, 33),
    ("role", True): (77, 83),
    ("role", False): (3, 3),
    ("chain", True): (63, 67),
    ("chain", False): (20, 22),
    ("pronoun", True): (69, 72),
    ("pronoun", False): (25, 27),
}
"""Attributions that were right, and all, by mode and by whether nothing spoke for somebody else."""


def confidence(mode: Mode, sure: bool) -> float:
    """The share of attributions of a kind that were right in the gold, 0 to 1."""
    right, counted = COUNTED.get((mode, sure), (0, 0))
    return round((right + 1) / (counted + 2), 2)
