"""The weights are those of a ridge regression, whichever way they are come by."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.linear_model import Ridge

from annotator.learn import ridge
from annotator.learn.features import Settings, fit_features
from annotator.learn.ridge import Rows, Space, balanced, fit_weights
from annotator.learn.tokens import tokenise

FIRM = 3.0


@pytest.fixture
def texts(make_table) -> list[str]:
    return [*make_table(n=40)["text"], "", "wheat wheat wheat"]


@pytest.fixture
def rows(texts) -> Rows:
    tokenised = tokenise(texts)
    features = fit_features(tokenised, Settings(), seed=1)
    return Rows.of(Space.of(features, tokenised.lexicon), tokenised)


@pytest.fixture
def answers(rows):
    """Answers of -1, 0.2 and 1 for three codes, and how much each counts."""
    rng = np.random.default_rng(3)
    shape = (len(rows), 3)
    return rng.choice([-1.0, 0.2, 1.0], shape), rng.uniform(0.2, 3, shape)


@pytest.fixture
def exactly(monkeypatch):
    """As many rounds as it takes, so that nothing but rounding is left."""
    monkeypatch.setattr(ridge, "PRECISION", 1e-7)
    monkeypatch.setattr(ridge, "MOST_ROUNDS", 1_000)


def dense(rows: Rows) -> np.ndarray:
    """Every feature of every row, written out: a bias of one, then pieces and topics."""
    found = [np.ones((len(rows), 1))]
    for scale, table, block in zip(
        rows.scales, rows.space.tables, rows.space.features.blocks, strict=True
    ):
        pieces = scale[:, np.newaxis] * (rows.counts @ table).toarray()
        found += [pieces, pieces @ block.topics]
    return np.hstack(found).astype(np.float64)


def by_scikit_learn(rows: Rows, given, weigh) -> np.ndarray:
    """The decisions of scikit-learn's ridge, but for the bias."""
    there, found = dense(rows), []
    for at in range(given.shape[1]):
        model = Ridge(alpha=FIRM, fit_intercept=False, solver="cholesky")
        weights = model.fit(there, given[:, at], sample_weight=weigh[:, at]).coef_
        found.append(there[:, 1:] @ weights[1:])
    return np.array(found).T


@pytest.mark.usefixtures("exactly")
def test_decisions_are_those_of_scikit_learn(rows, answers):
    found = rows.decide(fit_weights(rows, *answers, FIRM))

    assert_allclose(found, by_scikit_learn(rows, *answers), atol=1e-5)


def test_ending_the_rounds_early_changes_no_decision_visibly(rows, answers):
    found = rows.decide(fit_weights(rows, *answers, FIRM))

    assert_allclose(found, by_scikit_learn(rows, *answers), atol=0.01)


def test_likeness_is_the_product_of_the_rows_with_each_other(rows, answers):
    there = dense(rows)

    assert_allclose(rows.alike(answers[0]), there @ there.T @ answers[0], rtol=1e-4, atol=1e-4)


def test_rows_that_were_not_asked_change_nothing(rows, answers):
    given, weigh = answers
    weigh[::3, 1] = 0
    told_otherwise = given.copy()
    told_otherwise[::3, 1] *= -7

    one = fit_weights(rows, given, weigh, FIRM)
    other = fit_weights(rows, told_otherwise, weigh, FIRM)

    for mine, yours in zip(one, other, strict=True):
        assert_array_equal(mine, yours)


@pytest.mark.usefixtures("exactly")
def test_rows_that_were_not_asked_might_as_well_be_missing(rows, answers):
    given, weigh = (one[:, :1] for one in answers)
    asked = np.arange(len(rows)) % 3 > 0
    weigh = np.where(asked[:, np.newaxis], weigh, 0)

    with_them = fit_weights(rows, given, weigh, FIRM)
    without = fit_weights(rows.where(asked), given[asked], weigh[asked], FIRM)

    for mine, yours in zip(with_them, without, strict=True):
        assert_allclose(mine, yours, atol=1e-5)


@pytest.mark.usefixtures("exactly")
def test_codes_that_are_learned_together_are_learned_as_if_alone(rows, answers):
    given, weigh = answers
    together = rows.decide(fit_weights(rows, given, weigh, FIRM))

    for at in range(3):
        alone = fit_weights(rows, given[:, [at]], weigh[:, [at]], FIRM)
        assert_allclose(rows.decide(alone)[:, 0], together[:, at], atol=1e-5)


@pytest.mark.usefixtures("exactly")
def test_a_row_that_counts_twice_is_a_row_that_is_there_twice(rows, answers):
    given, weigh = answers
    twice = np.where(np.arange(len(rows)) < 5, 2.0, 1.0)[:, np.newaxis]

    heavier = fit_weights(rows, given, weigh * twice, FIRM)
    longer = fit_weights(
        rows.followed_by(rows.where(np.arange(5))),
        np.concatenate([given, given[:5]]),
        np.concatenate([weigh, weigh[:5]]),
        FIRM,
    )

    for mine, yours in zip(heavier, longer, strict=True):
        assert_allclose(mine, yours, atol=1e-5)


def test_a_firmer_penalty_makes_smaller_weights(rows, answers):
    sizes = [
        sum(np.square(one).sum() for one in fit_weights(rows, *answers, firmness))
        for firmness in (1.0, 10.0, 100.0)
    ]

    assert sizes[0] > sizes[1] > sizes[2]


def test_a_text_without_words_is_decided_by_nothing(rows, answers, texts):
    found = rows.decide(fit_weights(rows, *answers, FIRM))

    assert found[texts.index("")].tolist() == [0, 0, 0]
    assert found[texts.index("wheat wheat wheat")].all()


def test_yes_and_no_weigh_the_same_in_all():
    given = np.array([[1, 1], [-1, 0.5], [-1, -1], [-1, 0], [-1, -1], [1, 1]], dtype=float)
    asked = np.array([[1, 1], [1, 1], [1, 1], [1, 1], [1, 1], [0, 1]], dtype=bool)

    weigh = balanced(given, asked)

    yes = (given + 1) / 2
    # One yes and four no; a shared answer counts in parts to either side.
    assert weigh[:, 0].tolist() == pytest.approx([2.5, 0.625, 0.625, 0.625, 0.625, 0])
    assert weigh[1, 1] == pytest.approx(0.75 * 0.5 / (3.25 / 6) + 0.25 * 0.5 / (2.75 / 6))
    assert yes[0, 1] == 1
    assert weigh.sum(axis=0).tolist() == pytest.approx([5, 6])


@pytest.mark.parametrize("answer", [1.0, -1.0])
def test_answers_of_one_kind_alone_are_weighed_without_fault(answer):
    weigh = balanced(np.full((4, 1), answer), np.array([[True], [True], [True], [False]]))

    assert weigh.ravel().tolist() == pytest.approx([0.5, 0.5, 0.5, 0])
