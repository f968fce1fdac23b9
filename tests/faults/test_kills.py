"""A few of the kills of ``bench/kills.py``, which has many; see "Killed fifty times"."""

from __future__ import annotations


def test_what_was_killed_lost_nothing_and_left_nothing_half_done(kills, tmp_path):
    place = kills.Place(tmp_path / "killed", articles=12)

    found = kills.kill_all(place, 4, seed=7)

    assert [one.phase for one in found] == list(kills.PHASES)
    assert [one.kills for one in found] == [1, 1, 1, 1]
    assert next(one for one in found if one.phase == "save").acknowledged > 0
    assert [one for one in found if not one.is_clean] == []
