"""The random stream and the arms: stable, seeded, of about the promised size."""

from __future__ import annotations

import subprocess
import sys

import pytest

from annotator.learn.sampling import RESERVED, arm_of, draw_of

UNITS = [f"{number:016x}:0-{number + 20}" for number in range(20_000)]


def test_a_draw_is_the_same_on_every_machine_and_in_every_release():
    # Computed once and kept: a change here would move units in and out of every project's stream.
    assert draw_of("9f86d081884c7d65:49-293", 7) == 0.12448574523026046
    assert draw_of("9f86d081884c7d65:49-293", 8) == 0.7221903561042303
    assert draw_of("строка:0-6", 7) == 0.5473015241917315


def test_draws_lie_between_zero_and_one_and_rarely_meet():
    draws = [draw_of(unit, 7) for unit in UNITS]

    assert all(0 <= draw < 1 for draw in draws)
    assert len(set(draws)) == len(UNITS)


def test_about_the_reserved_share_of_units_is_in_the_random_stream():
    arms = [arm_of(unit, 7, draw_of(unit, 7)) for unit in UNITS]

    # Four standard errors of a share of .20 in 20,000 are .011; of .16, .010.
    assert arms.count("random") / len(UNITS) == pytest.approx(RESERVED, abs=0.011)
    assert arms.count("control") / len(UNITS) == pytest.approx(0.16, abs=0.010)


def test_the_control_arm_does_not_follow_the_order_of_the_draws():
    draws = {unit: draw_of(unit, 7) for unit in UNITS}
    control = [draws[unit] for unit in UNITS if arm_of(unit, 7, draws[unit]) == "control"]

    middle = (1 + RESERVED) / 2
    assert sum(control) / len(control) == pytest.approx(middle, abs=0.03)


def test_a_control_share_of_zero_leaves_nobody_in_the_control_arm():
    arms = {arm_of(unit, 7, draw_of(unit, 7), control_share=0.0) for unit in UNITS[:500]}

    assert arms == {"random", "suggest"}


def test_drawing_needs_nothing_but_the_standard_library():
    asked = (
        "import sys, annotator.learn.sampling;"
        "print([n for n in ('numpy', 'pandas', 'scipy', 'sklearn') if n in sys.modules])"
    )

    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)

    assert told.stdout.strip() == "[]"
