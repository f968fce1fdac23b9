"""How good scores are against gold, per code; cells that nobody was asked about play no part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

import numpy as np
import pandas as pd

from annotator.core.errors import ModelError
from annotator.learn.metrics import average_precision, calibration_error, measures


def evaluate(
    gold: pd.DataFrame,
    scores: pd.DataFrame,
    thresholds: Mapping[str, float | None],
    suggested: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """One row per code of ``thresholds``: counts, precision, recall, F1, calibration.

    ``gold`` (1, 0, NaN) and ``scores`` (0 to 1, NaN) are indexed by unit id, one column per code
    under its key. Units without a row in ``scores`` are left out. An ``unscored`` answer, of a
    code that the model could not learn, counts as not suggested: leaving it out would flatter
    the model. Average precision and calibration are about scored answers alone.

    What reaches a code's threshold is suggested. Where units have thresholds of their own,
    ``suggested`` (bool, as ``scores`` has rows and columns) says what was instead.
    """
    if suggested is None:
        # NaN is never at or above a threshold, and nothing is where a code has none.
        suggested = scores >= [_cut(thresholds.get(key)) for key in scores.columns]
    for name, table in (("gold", gold), ("scores", scores), ("suggestions", suggested)):
        if not table.index.is_unique:
            raise ModelError(f"the {name} have a unit in more than one row")
    known = gold.index.intersection(scores.index, sort=False)
    columns = list(thresholds)
    wanted = gold.reindex(index=known, columns=columns)
    found = scores.reindex(index=known, columns=columns)
    made = suggested.reindex(index=known, columns=columns, fill_value=False)
    rows = [_row(wanted[key], found[key], made[key], cut) for key, cut in thresholds.items()]
    return pd.DataFrame(rows).convert_dtypes()


def macro_f1(evaluated: pd.DataFrame) -> float | None:
    """The mean F1 of the codes that gold has positives for; a code never suggested counts 0."""
    there = evaluated.loc[evaluated["positives"] > 0, "f1"]
    return float(there.fillna(0.0).mean()) if len(there) else None


def _cut(threshold: float | None) -> float:
    return np.inf if threshold is None else threshold


def _row(
    gold: pd.Series[float],
    scores: pd.Series[float],
    suggested: pd.Series[bool],
    threshold: float | None,
) -> dict[str, object]:
    variable, target, code = str(gold.name).split("|")
    answers = gold.to_numpy(dtype=np.float64, na_value=np.nan)
    asked = ~np.isnan(answers)
    truth = answers[asked] == 1
    given = scores.to_numpy(dtype=np.float64, na_value=np.nan)[asked]
    scored = ~np.isnan(given)
    return {
        "variable": variable,
        "target": target,
        "code": code,
        **asdict(measures(truth, suggested.to_numpy(dtype=bool)[asked])),
        "average_precision": average_precision(truth[scored], given[scored]),
        "calibration_error": calibration_error(truth[scored], given[scored]),
        "threshold": threshold,
        "unscored": int(np.count_nonzero(~scored)),
    }
