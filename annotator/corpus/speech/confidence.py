"""How often attributions of each kind are right.

Counted on five sets of news together, direct and indirect speech: the half of the gold
(``tests/data/quotations``) whose names begin with ``dev-``, and four that are not shipped, twelve
invented articles of another manner, twice twelve real ones and fourteen more. The rules were made
with all of them, so that these figures are rather too high for other texts; ``docs/quotations.md``
says by how much.
Laplace's rule of succession, (right + 1) / (all + 2), keeps what is rare or had no error from
counting as certain.
"""

from __future__ import annotations

from annotator.core.voice import Mode

COUNTED: dict[tuple[Mode, bool], tuple[int, int]] = {
    ("name", True): (408, 413),
    ("name", False): (0, 0),
    ("organisation", True): (53, 55),
    ("role", True): (119, 131),
    ("role", False): (9, 10),
    ("chain", True): (108, 112),
    ("chain", False): (20, 22),
    ("pronoun", True): (134, 139),
    ("pronoun", False): (36, 37),
}
"""Attributions that were right, and all, by mode and by whether nothing spoke for somebody else."""


def confidence(mode: Mode, sure: bool) -> float:
    """The share of attributions of a kind that were right in the gold, 0 to 1."""
    right, counted = COUNTED.get((mode, sure), (0, 0))
    return round((right + 1) / (counted + 2), 2)
