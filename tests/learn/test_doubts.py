"""Labels that the model doubts: by the paper's own definition, and where a tenth is wrong."""

from __future__ import annotations

import numpy as np
import pytest

from annotator.learn.doubts import doubts
from annotator.learn.fit import fit
from tests.learn.conftest import TRACES, corpus


def by_the_paper(scores, given):
    """Off-diagonal units of the confident joint, equation 2, one unit at a time."""
    p = np.stack([1 - scores, scores], axis=1)
    labels = given.astype(int)
    thresholds = [p[labels == j, j].mean() for j in (0, 1)]
    found = {}
    for unit, label in enumerate(labels):
        confident = [j for j in (0, 1) if p[unit, j] >= thresholds[j]]
        if confident and (truth := max(confident, key=lambda j: p[unit, j])) != label:
            found[unit] = p[unit, label] - p[unit, truth]
    return found


def test_what_is_doubted_is_what_the_papers_definition_counts_off_the_diagonal():
    rng = np.random.default_rng(3)
    has_code = rng.random(400) < 0.3
    scores = np.where(has_code, rng.beta(3, 1, 400), rng.beta(1, 3, 400))
    given = (has_code ^ (rng.random(400) < 0.1)).astype(float)

    found = doubts(scores[:, np.newaxis], given[:, np.newaxis])

    due = by_the_paper(scores, given)
    assert 0 < len(due) < 100
    assert dict(zip(found.units.tolist(), found.margins, strict=True)) == pytest.approx(due)
    assert list(found.margins) == sorted(found.margins)


def test_labels_are_ranked_across_codes_and_a_unit_may_be_doubted_for_two():
    given = np.repeat([[1.0, 0.0], [0.0, 1.0]], 10, axis=0)
    scores = np.where(given == 1, 0.9, 0.1)
    scores[0] = 0.05, 0.97

    found = doubts(scores, given)

    assert list(zip(found.units.tolist(), found.codes.tolist(), strict=True)) == [(0, 1), (0, 0)]


def test_what_nobody_was_asked_or_scored_or_agreed_on_is_not_doubted():
    given = np.repeat([[1.0], [0.0]], 10, axis=0)
    scores = np.where(given == 1, 0.9, 0.1)
    scores[:4] = 0.05
    given[0], given[1], scores[2] = np.nan, 0.5, np.nan

    found = doubts(scores, given)

    assert found.units.tolist() == [3]
    assert np.nonzero(~found.judged)[0].tolist() == [0, 1, 2]


def test_a_code_that_hardly_anybody_gave_is_left_alone():
    given = np.zeros((40, 1))
    given[:4] = 1
    scores = 1 - given

    found = doubts(scores, given)

    assert not len(found.units)
    assert not found.judged.any()


def test_where_a_tenth_of_the_labels_is_wrong_the_top_of_the_list_holds_them():
    table = corpus(600, seed=11)
    rng = np.random.default_rng(2)
    keys = [column.key for column in TRACES]
    wrong = rng.random((len(table), len(keys))) < 0.1
    given = np.where(wrong, 1 - table[keys], table[keys])
    coded = table.assign(**dict(zip(keys, given.T, strict=True)))
    model = fit(coded, list(TRACES), seed=1, progress=lambda *_: None)

    found = doubts(model.out_of_fold, given)

    pairs = wrong[found.units, found.codes]
    # As many as are wrong: a list in no order would hold a tenth of them there.
    assert pairs[: int(wrong.sum())].mean() >= 4 * wrong.mean()
    assert pairs[:30].mean() >= 5 * wrong.mean()
    assert pairs.sum() >= 0.6 * wrong.sum()
