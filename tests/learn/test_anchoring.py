"""The comparison of the arms says what is so, as often as it promises."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from annotator.learn.anchoring import (
    EVERYBODY,
    Change,
    Decisions,
    Reveals,
    changes,
    figures,
    paces,
)

CODES = tuple(("frame", "", f"code{number}") for number in range(8))
SHARES = np.array([0.02, 0.05, 0.1, 0.2, 0.25, 0.3, 0.4, 0.5])


def coded(rng, n: int, shares, *, shift=0.0, at=0, coders=("ana",), alike=False) -> Decisions:
    """``n`` units of each arm, each coded by every coder; one code is given more where shown.

    Coders answer by chance, or all alike.
    """
    many, width = len(coders), len(shares)
    units = np.repeat(np.arange(2 * n), many)
    suggest = units < n
    likely = np.tile(shares, (len(units), 1))
    likely[suggest, at] += shift
    dice = rng.random((2 * n, width))[units] if alike else rng.random((len(units), width))
    table = np.ones((len(units), width), bool)
    above = rng.random(table.shape) < 0.1
    return Decisions(
        codes=CODES[:width],
        names=coders,
        coders=np.tile(np.arange(many), 2 * n),
        units=units,
        suggest=suggest,
        revealed=np.zeros(len(units), bool),
        seconds=np.exp(rng.normal(1.5, 0.5, len(units))),
        scored=table,
        above=above,
        seen=above & suggest[:, np.newaxis],
        given=dice < likely,
    )


def told(decided: Decisions, coder: str = EVERYBODY):
    """The rows of one coder by code; None is all codes together."""
    found = figures(decided, allotted=0.8, rng=np.random.default_rng(1))
    return {row.code: row for row in found if row.coder == coder}


def moved(decided: Decisions, coder: str = EVERYBODY) -> set:
    return {code for code, row in told(decided, coder).items() if row.moved}


@pytest.mark.parametrize(
    ("coders", "alike", "shares"),
    [(("ana",), False, SHARES), (("ana", "ben"), True, SHARES[::2])],
)
def test_where_nothing_moved_that_is_what_is_said(coders, alike, shares):
    rng = np.random.default_rng(11)
    drawn = [coded(rng, 150, shares, coders=coders, alike=alike) for _ in range(120)]

    assert np.mean([not moved(one) for one in drawn]) >= 0.93


def test_a_code_that_moved_by_fifteen_points_is_found_among_the_others():
    rng = np.random.default_rng(12)
    drawn = [coded(rng, 300, SHARES, shift=0.15, at=3) for _ in range(60)]

    found = [moved(one) for one in drawn]

    assert np.mean([CODES[3] in one for one in found]) >= 0.8
    assert np.mean([one <= {CODES[3]} for one in found]) >= 0.93


def test_arms_are_compared_as_assigned_whether_or_not_anything_was_on_screen():
    decided = coded(np.random.default_rng(13), 100, SHARES)
    nothing_seen = replace(decided, seen=np.zeros_like(decided.seen))

    assert [row.given for row in told(decided).values()] == [
        row.given for row in told(nothing_seen).values()
    ]
    assert {row.accepted for row in told(nothing_seen).values()} == {None}


def test_units_without_a_score_of_the_code_are_no_part_of_its_comparison():
    decided = coded(np.random.default_rng(14), 50, SHARES)
    decided.scored[:30, 2] = False
    decided.scored[:, 5] = False

    found = told(decided)

    assert (found[CODES[2]].given.shown.n, found[CODES[2]].given.hidden.n) == (20, 50)
    assert CODES[5] not in found
    assert found[None].given.shown.n == 50 * 7 - 30


def test_agreement_with_the_model_is_the_share_of_answers_that_are_its_own():
    decided = coded(np.random.default_rng(15), 2, SHARES[:2])
    decided.above[:] = [[1, 0], [0, 0], [1, 1], [0, 0]]
    decided.given[:] = [[1, 0], [1, 0], [0, 1], [0, 1]]

    found = told(decided)

    same = {code: (row.same.shown.count, row.same.hidden.count) for code, row in found.items()}
    assert same == {None: (3, 2), CODES[0]: (1, 1), CODES[1]: (2, 1)}


def test_taken_over_counts_what_was_on_screen_and_given_anyway_what_was_hidden():
    decided = coded(np.random.default_rng(16), 3, SHARES[:1])
    decided.above[:, 0] = [1, 1, 1, 1, 1, 0]
    decided.seen[:, 0] = [1, 1, 0, 0, 0, 0]
    decided.given[:, 0] = [1, 0, 1, 1, 0, 1]

    row = told(decided)[CODES[0]]

    assert (row.accepted.count, row.accepted.n) == (1, 2)
    assert (row.anyway.count, row.anyway.n) == (1, 2)


def test_suggestions_that_came_into_sight_after_the_answer_were_not_taken_over():
    decided = coded(np.random.default_rng(17), 40, SHARES)
    revealed = replace(decided, revealed=decided.suggest)

    assert told(revealed)[None].accepted is None
    assert told(revealed)[None].given == told(decided)[None].given


def test_a_code_that_nobody_gave_is_not_one_of_those_that_are_looked_at():
    decided = coded(np.random.default_rng(18), 60, np.array([0.4, 0.0, 0.0]))

    found = told(decided)

    assert found[CODES[1]].adjusted is None
    assert found[CODES[0]].adjusted == found[CODES[0]].p_value


def test_one_coders_codes_are_held_against_that_coder_alone():
    rng = np.random.default_rng(19)
    decided = coded(rng, 400, SHARES, coders=("ana", "ben"))
    of_ana = decided.suggest & (decided.coders == 0)
    decided.given[of_ana, 4] |= rng.random(of_ana.sum()) < 0.4

    assert (moved(decided, "ana"), moved(decided, "ben")) == ({CODES[4]}, set())


def test_coders_are_held_against_each_other_in_both_arms():
    decided = coded(np.random.default_rng(20), 60, SHARES, coders=("ana", "ben"))
    shown = decided.suggest
    # With suggestions on screen, ben repeats what ana gave.
    decided.given[shown & (decided.coders == 1)] = decided.given[shown & (decided.coders == 0)]

    row = told(decided)[CODES[6]]

    assert (row.together_shown.units, row.together_hidden.units) == (60, 60)
    assert (row.together_shown.percent, row.together_shown.alpha) == (1, 1)
    assert row.together_hidden.alpha_high < 0.5
    assert told(decided, "ana")[CODES[6]].together_shown is None


def test_a_slow_coder_with_more_hidden_sentences_does_not_make_suggestions_look_quick():
    rng = np.random.default_rng(21)
    decided = coded(rng, 300, SHARES[:1], coders=("ana", "ben"))
    slow = decided.coders == 1
    fewer = decided.suggest & slow & (decided.units % 5 > 0)
    seconds = np.where(slow, 6 * decided.seconds, decided.seconds)
    decided = replace(decided, seconds=np.where(fewer, np.nan, seconds))

    everybody, ana, ben = paces(decided)

    assert everybody.hidden_median > 1.5 * everybody.shown_median
    assert everybody.low < 1 < everybody.high
    assert (ana.shown, ana.hidden, ben.shown, ben.hidden) == (300, 300, 60, 300)


def test_the_interval_of_the_time_holds_in_nineteen_of_twenty_draws():
    rng = np.random.default_rng(22)
    held = []
    for _ in range(400):
        decided = coded(rng, 20, SHARES[:1])
        longer = np.where(decided.suggest, 1.3 * decided.seconds, decided.seconds)
        (everybody, _) = paces(replace(decided, seconds=longer))
        held.append(everybody.low <= 1.3 <= everybody.high)

    assert np.mean(held) >= 0.93


def test_too_few_times_are_not_compared():
    assert paces(coded(np.random.default_rng(23), 4, SHARES)) == []


def test_changes_lead_toward_what_came_into_sight_or_away_from_it():
    yes, no = True, False
    revealed = Reveals(
        coders=np.array([0, 0, 1]),
        scored=np.ones((3, 2), bool),
        suggested=np.array([[yes, no], [yes, no], [no, yes]]),
        first=np.array([[no, yes], [yes, no], [no, yes]]),
        final=np.array([[yes, no], [yes, yes], [no, yes]]),
    )

    found = changes(CODES[:2], ("ana", "ben"), revealed)

    def one(coder, code, *counts):
        names = ("revealed", "changed", "toward", "away")
        return Change(coder=coder, code=code, **dict(zip(names, counts, strict=True)))

    assert found[:6] == [
        one(EVERYBODY, None, 3, 2, 2, 1),
        one(EVERYBODY, CODES[0], 3, 1, 1, 0),
        one(EVERYBODY, CODES[1], 3, 2, 1, 1),
        one("ana", None, 2, 2, 2, 1),
        one("ana", CODES[0], 2, 1, 1, 0),
        one("ana", CODES[1], 2, 2, 1, 1),
    ]
    assert found[6] == one("ben", None, 1, 0, 0, 0)
