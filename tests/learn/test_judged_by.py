"""What a model is judged by, where that is not what it learns from."""

from __future__ import annotations

import numpy as np
import pytest

from annotator.learn.fit import fit
from annotator.learn.fitting import JUDGED
from annotator.learn.metrics import average_precision
from annotator.learn.model import Column

SECURITY = Column("frame", "", "security")


def card_of(table, columns):
    model = fit(table, columns, seed=1, progress=lambda *step: None)
    return model, next(card for card in model.cards if card.code == SECURITY.code)


@pytest.fixture(scope="module")
def led(make_table):
    """Answers that follow the words of the text, and those of before, which often did not."""
    table = make_table()
    changed = np.random.default_rng(3).random(len(table)) < 0.25
    own = np.where(changed, 1 - table[SECURITY.key], table[SECURITY.key])
    return table, own


def test_answers_changed_after_a_reveal_do_not_flatter_the_model(led, columns):
    table, own = led

    model, card = card_of(table.assign(**{JUDGED + SECURITY.key: own}), columns)
    flattered = card_of(table, columns)[1]

    row = {unit: at for at, unit in enumerate(table["unit_id"])}
    first = own[[row[unit] for unit in model.units]] >= 0.5
    scores = model.out_of_fold[:, columns.index(SECURITY)]
    assert card.average_precision == pytest.approx(average_precision(first, scores))
    assert (card.n, card.evaluated_positives) == (len(table), int(first.sum()))
    assert card.evaluated_on == "blind"
    assert card.average_precision < flattered.average_precision - 0.05
    assert card.positives == flattered.positives == int(table[SECURITY.key].sum())


def test_what_was_never_answered_before_is_learned_from_and_not_judged(led, columns):
    table, own = led
    asked = np.arange(len(table)) % 2 == 0

    _, card = card_of(
        table.assign(**{JUDGED + SECURITY.key: np.where(asked, own, np.nan)}), columns
    )

    assert card.positives + card.negatives == len(table)
    assert (card.n, card.evaluated_positives) == (asked.sum(), int(own[asked].sum()))


def test_without_other_answers_to_judge_by_all_stays_as_it_was(led, columns):
    table, _ = led
    same = table.assign(**{JUDGED + SECURITY.key: table[SECURITY.key]})

    (one, plain), (other, beside) = card_of(table, columns), card_of(same, columns)

    assert beside == plain
    np.testing.assert_array_equal(one.out_of_fold, other.out_of_fold)
