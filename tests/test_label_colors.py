"""The colours of the codebooks in labels/, as people see them who lack a kind of cone."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from annotator.core.codebook import STANCE_CODES
from annotator.exchange.codebook_toml import load

LABELS = Path(__file__).parents[1] / "labels"
SHOWN_TOGETHER = {
    f"{path.stem}:{variable.name}": variable.code
    for path in sorted(LABELS.glob("*.toml"))
    for variable in load(path).variable
    if variable.code
} | {"stance": STANCE_CODES}

SEEN = {
    "as most see": np.eye(3),
    "without red cones": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "without green cones": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "without blue cones": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
"""What becomes of linear sRGB: Machado, Oliveira and Fernandes (2009), severity 1.0."""

CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
OPPONENTS = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
"""Linear sRGB to Oklab: Ottosson (2020)."""


def least(codes: int) -> float:
    """The least distance in Oklab: there is less room for each of many.

    CSS Color 4 (W3C) takes 0.02 as a difference that is just noticed when two colours lie side by
    side. A chip and a line below a word do not: even 21 codes have more than twice as much.
    """
    return 0.1 if codes <= 8 else 0.07 if codes <= 15 else 0.05


def oklab(color: str, seen: np.ndarray) -> np.ndarray:
    """Where ``#rrggbb`` lies for eyes that see it so."""
    coded = np.array([int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    linear = np.where(coded <= 0.04045, coded / 12.92, ((coded + 0.055) / 1.055) ** 2.4)
    return OPPONENTS @ np.cbrt(CONES @ np.clip(seen @ linear, 0, 1))


def test_oklab_agrees_with_its_source():
    """Values of CSS Color 4: sRGB red is oklch(62.796% 0.25768 29.234)."""
    lightness, a, b = oklab("#ff0000", SEEN["as most see"])

    chroma, hue = np.hypot(a, b), np.degrees(np.arctan2(b, a))
    assert (lightness, chroma, hue) == pytest.approx((0.62796, 0.25768, 29.234), abs=1e-3)


@pytest.mark.parametrize("seen", SEEN)
@pytest.mark.parametrize("codes", SHOWN_TOGETHER.values(), ids=SHOWN_TOGETHER)
def test_any_two_codes_of_a_variable_are_told_apart_by_their_colors(codes, seen):
    places = {code.name: oklab(code.color, SEEN[seen]) for code in codes}

    near = {
        pair: round(float(np.linalg.norm(places[pair[0]] - places[pair[1]])), 3)
        for pair in combinations(places, 2)
    }
    assert {pair: far for pair, far in near.items() if far < least(len(codes))} == {}
