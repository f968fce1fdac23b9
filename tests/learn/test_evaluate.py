"""Scores against gold, small enough to check by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from annotator.core.errors import ModelError
from annotator.learn.evaluate import evaluate, macro_f1

NAN = np.nan
UNITS = ["u1", "u2", "u3", "u4", "u5"]


def frame(**columns: list[float]) -> pd.DataFrame:
    named = {f"frame||{code}": values for code, values in columns.items()}
    return pd.DataFrame(named, index=pd.Index(UNITS, name="unit_id"))


def test_figures_are_those_a_reader_counts_by_hand():
    gold = frame(market=[1, 1, 0, 0, 1])
    scores = frame(market=[0.9, 0.35, 0.6, 0.1, 0.8])

    row = evaluate(gold, scores, {"frame||market": 0.5}).iloc[0]

    assert (row.variable, row.target, row.code) == ("frame", "", "market")
    assert (row.n, row.positives, row.predicted) == (5, 3, 3)
    assert row.precision == pytest.approx(2 / 3)
    assert row.recall == pytest.approx(2 / 3)
    assert row.f1 == pytest.approx(2 / 3)
    # One unit to a bin: .1 + .65 + .6 + .1 + .2, over five.
    assert row.calibration_error == pytest.approx(0.33)


def test_a_score_at_the_threshold_is_a_suggestion():
    gold, scores = frame(market=[1, 0, 0, 0, 0]), frame(market=[0.5, 0.4, 0, 0, 0])

    assert evaluate(gold, scores, {"frame||market": 0.5}).iloc[0].f1 == 1


def test_what_gold_was_not_asked_plays_no_part():
    gold = frame(market=[1, NAN, 0, NAN, 0])
    scores = frame(market=[0.9, 0.9, 0.1, 0.9, 0.1])

    row = evaluate(gold, scores, {"frame||market": 0.5}).iloc[0]

    assert (row.n, row.predicted, row.precision) == (3, 1, 1)


def test_units_are_matched_by_id_and_not_by_place():
    gold = frame(market=[1, 1, 0, 0, 0])
    scores = frame(market=[0.9, 0.9, 0.1, 0.1, 0.1]).iloc[::-1].drop("u5")

    row = evaluate(gold, scores, {"frame||market": 0.5}).iloc[0]

    assert (row.n, row.f1) == (4, 1)


def test_a_code_the_model_could_not_learn_counts_as_never_suggested():
    gold = frame(market=[1, 1, 0, 0, 0], rare=[1, 0, 0, 0, 0])
    scores = frame(market=[0.9, 0.9, 0.1, 0.1, 0.1], rare=[NAN] * 5)

    told = evaluate(gold, scores, {"frame||market": 0.5, "frame||rare": None})

    assert told["unscored"].tolist() == [0, 5]
    assert told["f1"].tolist() == [1, 0]
    assert pd.isna(told["precision"].iloc[1])
    assert pd.isna(told["calibration_error"].iloc[1])
    assert macro_f1(told) == 0.5


def test_macro_f1_leaves_out_codes_without_a_gold_positive():
    gold = frame(market=[1, 1, 0, 0, 0], rare=[0, 0, 0, 0, 0])
    scores = frame(market=[0.9, 0.9, 0.1, 0.1, 0.1], rare=[0.9, 0, 0, 0, 0])

    told = evaluate(gold, scores, {"frame||market": 0.5, "frame||rare": 0.5})

    assert macro_f1(told) == 1
    assert macro_f1(told.iloc[1:]) is None


def test_a_unit_with_two_gold_rows_is_refused():
    gold = frame(market=[1, 1, 0, 0, 0])

    with pytest.raises(ModelError, match="the gold have a unit in more than one row"):
        evaluate(pd.concat([gold, gold]), gold, {"frame||market": 0.5})
