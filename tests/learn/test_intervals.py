"""The interval of an average precision holds as often as it says, also where sentences cling."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import average_precision_score

from annotator.learn.intervals import DRAWS, _redrawn, average_precision_interval
from annotator.learn.metrics import average_precision


def clustered(rng, documents: int, per_document: int):
    """Sentences whose documents pull both their truth and their scores one way."""
    document = np.repeat(np.arange(documents), per_document)
    pull, noise = rng.normal(0, 0.5, (2, documents))
    truth = -1.4 + pull[document] + rng.normal(size=len(document)) > 0
    scores = 1.5 * truth + 0.7 * noise[document] + rng.normal(size=len(document))
    return truth, scores, document.astype(object)


def test_the_interval_holds_in_about_nineteen_of_twenty_corpora():
    rng = np.random.default_rng(4)
    whole = average_precision(*clustered(rng, 20_000, 10)[:2])
    found = [average_precision_interval(*clustered(rng, 30, 10), seed=1) for _ in range(200)]

    held = [low <= whole <= high for low, high in filter(None, found)]

    # Four standard errors of a share of .95 in 200 are .06.
    assert len(held) > 180
    assert np.mean(held) == pytest.approx(0.95, abs=0.06)


def test_each_draw_is_the_average_precision_of_the_documents_drawn():
    truth, scores, document = clustered(np.random.default_rng(5), 20, 10)
    scores = np.round(scores, 1)
    times = np.random.default_rng(3).multinomial(20, np.full(20, 1 / 20), size=DRAWS)
    weights = times[:, document.astype(int)]

    drawn = _redrawn(truth, scores, document, seed=3)

    expected = [average_precision_score(truth, scores, sample_weight=one) for one in weights]
    assert drawn == pytest.approx(expected)


def test_the_same_seed_gives_the_same_interval_and_the_average_lies_in_it():
    truth, scores, document = clustered(np.random.default_rng(6), 30, 10)

    low, high = average_precision_interval(truth, scores, document, seed=2)

    assert (low, high) == average_precision_interval(truth, scores, document, seed=2)
    assert 0 < low < average_precision(truth, scores) < high < 1


def test_copies_of_a_sentence_in_its_document_do_not_make_the_figure_surer():
    truth, scores, document = clustered(np.random.default_rng(7), 200, 1)
    low, high = average_precision_interval(truth, scores, document, seed=2)

    copied = (np.repeat(array, 10) for array in (truth, scores, document))
    low_copied, high_copied = average_precision_interval(*copied, seed=2)

    assert high_copied - low_copied == pytest.approx(high - low, rel=0.25)


def test_a_perfect_order_of_few_positives_is_not_told_as_certain():
    truth = np.arange(100) < 10

    low, high = average_precision_interval(truth, truth * 1.0, np.arange(100).astype(object), 1)

    assert low < 0.8
    assert high == 1


@pytest.mark.parametrize(("positives", "carriers"), [(9, 9), (20, 4), (0, 0)])
def test_too_few_positives_or_documents_have_no_interval(positives, carriers):
    truth = np.arange(100) < positives
    document = np.where(truth, np.arange(100) % max(carriers, 1), 200).astype(object)

    assert average_precision_interval(truth, np.linspace(1, 0, 100), document, seed=1) is None
