"""Which units are drawn at random, and which coders see suggestions on; neither numpy nor pandas.

Every unit has a draw, fixed by its id and the project's seed. The order of the draws is a
seeded permutation of the sampling frame, the same on every machine, and a unit that is imported
later takes its place in it without moving any other.
"""

from __future__ import annotations

import hashlib
from typing import Literal, NamedTuple, get_args

from annotator.core.annotation import MAIN_ROUND

Arm = Literal["random", "control", "suggest"]

Mode = Literal["off", "shown", "reveal"]
"""Whether coders see suggestions: never, from the start, or once they have answered themselves."""

MODES: tuple[Mode, ...] = get_args(Mode)

RESERVED = 0.2
"""The share of units kept for the random stream before any sampler picks."""


class Policy(NamedTuple):
    """What a project does about suggestions.

    ``control`` is the share of the sampler's units that never show any, and ``stream`` the share
    of a sampler's queue that comes from the random stream.
    """

    suggestions: Mode = "shown"
    control: float = 0.2
    stream: float = 0.2


def mode_of(round_: str, arm: str, policy: Policy) -> Mode:
    """Whether a unit of this round and arm shows suggestions: the one place that decides it.

    Only units of the arm ``suggest`` do, and only in the main round: rounds that measure how far
    coders agree, or test them, are coded without.

    >>> mode_of("main", "suggest", Policy("reveal")), mode_of("main", "control", Policy("reveal"))
    ('reveal', 'off')
    """
    return policy.suggestions if arm == "suggest" and round_ == MAIN_ROUND else "off"


def draw_of(unit_id: str, seed: int) -> float:
    """The unit's place in the seeded permutation, in ``[0, 1)``.

    >>> draw_of("9f86d081884c7d65:49-293", 7) == draw_of("9f86d081884c7d65:49-293", 7)
    True
    """
    return _uniform(f"draw\0{seed}\0{unit_id}")


def arm_of(unit_id: str, seed: int, draw: float, control_share: float = 0.2) -> Arm:
    """The arm a unit is coded in: ``random`` and ``control`` never show suggestions.

    The control arm is decided by a number of its own: taken from the draw, it would always
    hold the units that come next in the permutation.
    """
    if draw < RESERVED:
        return "random"
    return "control" if _uniform(f"control\0{seed}\0{unit_id}") < control_share else "suggest"


def _uniform(text: str) -> float:
    # 53 bits are what a float holds exactly, so that no draw is ever rounded up to 1.0.
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
    return (int.from_bytes(digest[:8], "big") >> 11) / 2**53
