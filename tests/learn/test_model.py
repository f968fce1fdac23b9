"""What a model promises to the coder whose tags it learns from."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from annotator.core.errors import ModelError
from annotator.learn.logistic import folds
from annotator.learn.model import Column, Model, fit
from annotator.learn.training import LEAST_ANSWERS, suggested_unseen

SECURITY = Column("frame", "", "security")
MARKET = Column("frame", "", "market")
FAVOR = Column("stance", "norvane", "favor")


def quiet(done: int, total: int, what: str) -> None:
    """Progress that nobody watches."""


def learned(table, columns, seed: int = 1) -> Model:
    return fit(table, columns, seed=seed, progress=quiet)


def card_of(model: Model, column: Column):
    return model.cards[model.columns.index(column)]


def test_a_code_that_leaves_traces_in_words_is_found_in_new_sentences(table, columns, make_table):
    model = learned(table, columns)
    new = make_table(seed=77)

    scores = model.score(new["text"].tolist())

    for at, column in enumerate(columns):
        carried = new[column.key] == 1
        assert scores[carried, at].mean() > scores[~carried, at].mean() + 0.3
        assert card_of(model, column).f1 > 0.7


def test_scores_lie_between_zero_and_one_for_any_text(table, columns):
    texts = ["", "🕊️", "border " * 5000, "Переговоры", "\ud800"]

    scores = learned(table, columns).score(texts)

    assert scores.shape == (5, 3)
    assert scores.dtype == np.float32
    assert ((scores >= 0) & (scores <= 1)).all()


def test_scoring_no_text_gives_no_row(table, columns):
    assert learned(table, columns).score([]).shape == (0, 3)


def test_a_code_asked_later_is_not_counted_as_negative_before(table):
    table.loc[:99, MARKET.key] = np.nan

    model = learned(table, [SECURITY, MARKET])

    asked = table[MARKET.key].iloc[100:]
    card = card_of(model, MARKET)
    assert (card.positives, card.negatives) == (int(asked.sum()), int((1 - asked).sum()))
    assert card.n == 100
    assert np.isnan(model.out_of_fold[:100, 1]).all()
    assert not np.isnan(model.out_of_fold[100:, 1]).any()


def test_one_code_with_two_positives_does_not_block_another(table):
    table[MARKET.key] = 0.0
    table.loc[[3, 90], MARKET.key] = 1.0

    model = learned(table, [MARKET, SECURITY])

    assert not card_of(model, MARKET).fitted
    assert card_of(model, MARKET).note == "has 2 of at least 5 positive sentences"
    assert card_of(model, SECURITY).fitted
    scores = model.score(["Troops at the border"])
    assert np.isnan(scores[0, 0])
    assert scores[0, 1] > 0.5


@pytest.mark.parametrize(
    ("answers", "note"),
    [
        (lambda t: np.nan, "nobody was asked yet"),
        (lambda t: 1.0, f"has 0 of at least {LEAST_ANSWERS} negative sentences"),
        (lambda t: (t.index < 5) * 1.0, "all positive sentences are from one document"),
        (lambda t: (t.index % 3) / 2, "holds answers other than yes and no"),
    ],
)
def test_a_code_that_cannot_be_learned_says_why(table, answers, note):
    table[MARKET.key] = answers(table)

    model = learned(table, [SECURITY, MARKET])

    card = card_of(model, MARKET)
    assert (card.fitted, card.note) == (False, note)
    assert (card.threshold, card.desk_threshold, card.precision) == (None, None, None)
    assert card_of(model, SECURITY).fitted


def test_sentences_of_one_document_never_straddle_folds(table):
    documents = table["document_id"].to_numpy(dtype=object)
    truth = table[SECURITY.key].to_numpy() == 1

    drawn = folds(truth, documents, seed=1)

    assert set(drawn) == {0, 1, 2, 3, 4}
    assert all(len(set(drawn[documents == one])) == 1 for one in set(documents))


def test_few_documents_make_fewer_folds(table):
    documents = (table.index % 3).to_numpy(dtype=object)
    truth = table[SECURITY.key].to_numpy() == 1

    assert set(folds(truth, documents, seed=1)) == {0, 1, 2}


def test_every_fold_leaves_both_answers_to_learn_from(make_table):
    for seed in range(10):
        small = make_table(n=30, per_document=6, share=0.2, seed=seed)
        truth = small[SECURITY.key].to_numpy() == 1

        drawn = folds(truth, small["document_id"].to_numpy(dtype=object), seed=1)

        if drawn is not None:
            assert all(0 < truth[drawn != one].mean() < 1 for one in set(drawn))


def test_without_a_document_to_hold_out_a_code_is_cut_at_one_half_and_untested(table):
    # All negatives are in one document: whichever fold holds it leaves none to learn from.
    positive = table[SECURITY.key] == 1
    table["document_id"] = np.where(positive, table["document_id"], "0" * 16)

    card = card_of(learned(table, [SECURITY]), SECURITY)

    assert card.fitted
    assert (card.threshold, card.desk_threshold, card.n, card.f1) == (0.5, None, 0, None)
    assert card.note == "too few documents to hold some out: untested, and cut at 0.5"


def test_words_that_mean_nothing_earn_no_suggestion_on_the_desk(table):
    shuffled = table[SECURITY.key].sample(frac=1, random_state=4).to_numpy()

    card = card_of(learned(table.assign(**{SECURITY.key: shuffled}), [SECURITY]), SECURITY)

    assert card.fitted
    assert card.desk_threshold is None


def test_a_document_known_by_heart_does_not_make_a_code_look_learned(table):
    # Each document repeats its own odd word in every sentence, and the code follows the document.
    # Split by sentence, every held-out sentence would be recognised; split by document, none is.
    number = table.index // 5
    table["text"] = [f"qx{one}zz vk{one}ww hj{one}pp" for one in number]
    table[SECURITY.key] = np.random.default_rng(2).integers(0, 2, 40)[number].astype(float)

    model = learned(table, [SECURITY])

    known = model.score(table["text"].tolist())[:, 0]
    answers = table[SECURITY.key] == 1
    assert known[answers].min() > known[~answers].max()
    assert card_of(model, SECURITY).precision < 0.65
    assert card_of(model, SECURITY).desk_threshold is None


def test_probabilities_are_calibrated_from_thirty_positives(table):
    positives = table.index[table[MARKET.key] == 1]
    table.loc[positives[29:], MARKET.key] = np.nan

    model = learned(table, [SECURITY, MARKET])

    assert card_of(model, SECURITY).calibrated
    assert not card_of(model, MARKET).calibrated
    assert card_of(model, MARKET).note == "uncalibrated: fewer than 30 positive sentences"


def test_calibrated_scores_average_to_the_share_of_positives(make_table):
    table = make_table(n=400, share=0.2)

    model = learned(table, [SECURITY])

    assert model.out_of_fold[:, 0].mean() == pytest.approx(table[SECURITY.key].mean(), abs=0.02)


def test_figures_come_from_the_random_stream_when_it_has_enough_positives(make_table):
    table = make_table(n=300)
    table["draw"] = np.where(table.index < 200, 0.1, 0.9)

    card = card_of(learned(table, [SECURITY]), SECURITY)

    assert (card.evaluated_on, card.n) == ("reserved", 200)
    assert card.evaluated_positives == int(table[SECURITY.key].iloc[:200].sum())
    assert card.positives == int(table[SECURITY.key].sum())


def test_figures_leave_out_what_was_coded_with_suggestions_on_screen(table):
    table["blind"] = table.index % 2 == 0
    table["draw"] = 0.1

    # 100 blind units of the stream hold fewer than 30 positives of a code this rare.
    table.loc[table.index[table[SECURITY.key] == 1][20:], SECURITY.key] = 0.0
    card = card_of(learned(table, [SECURITY]), SECURITY)

    assert (card.evaluated_on, card.n) == ("blind", 100)


def test_figures_say_so_when_nothing_was_coded_blind(table):
    table["blind"] = False

    card = card_of(learned(table, [SECURITY]), SECURITY)

    assert (card.evaluated_on, card.n) == ("all", 200)


@pytest.mark.parametrize("per_document", [1, 5])
def test_the_order_of_the_rows_changes_nothing(make_table, columns, per_document):
    table = make_table(per_document=per_document)
    shuffled = table.sample(frac=1, random_state=3)

    one, other = learned(table, columns), learned(shuffled, columns)

    assert (one.weights == other.weights).all()
    assert (one.out_of_fold == other.out_of_fold).all()
    assert (one.units, one.cards) == (other.units, other.cards)


def test_the_threshold_that_judges_a_document_is_chosen_without_it():
    truth = np.array([True, False, True, False])
    scores = np.array([0.9, 0.7, 0.6, 0.1], dtype=np.float32)

    suggested = suggested_unseen(truth, scores, np.array([0, 0, 1, 1]))

    # The first fold alone would be cut at .9, the second at .6; each is cut at the other's.
    assert suggested.tolist() == [True, True, False, False]


def test_progress_is_told_before_every_regression(table, columns):
    told = []
    table[MARKET.key] = 0.0

    fit(table, columns, seed=1, progress=lambda *step: told.append(step))

    # Six for each of the two codes that can be learned, none for the one that cannot.
    assert [step[0] for step in told] == [0, *range(6), 6, *range(6, 12), 12]
    assert {step[1] for step in told} == {12}
    assert [step[2] for step in told[1:7]] == [SECURITY.key] * 6
    assert told[-1] == (12, 12, "done")


def test_the_card_says_in_how_many_documents_the_positives_stand(table):
    card = card_of(learned(table, [SECURITY]), SECURITY)

    positive = table[table[SECURITY.key] == 1]
    assert card.positive_documents == positive["document_id"].nunique()


def test_average_precision_has_an_interval_and_scores_are_compared_with_the_truth(table):
    card = card_of(learned(table, [SECURITY]), SECURITY)

    assert card.average_precision_low < card.average_precision < card.average_precision_high
    assert sum(one.n for one in card.reliability) == card.n == 200
    assert sum(one.positives for one in card.reliability) == card.evaluated_positives
    assert 0 < card.brier < 0.2
    assert card.curve[-1].recall == 1


def test_an_uncalibrated_code_has_no_reliability_plot(table):
    positives = table.index[table[MARKET.key] == 1]
    table.loc[positives[29:], MARKET.key] = np.nan

    card = card_of(learned(table, [MARKET]), MARKET)

    assert (card.reliability, card.brier, card.calibration_error) == ((), None, None)
    assert card.average_precision_low is not None


def test_a_calibrated_code_that_was_hardly_tested_has_no_reliability_plot(table):
    positives = table.index[table[SECURITY.key] == 1]
    table.loc[positives[29:], "blind"] = False

    card = card_of(learned(table, [SECURITY]), SECURITY)

    assert card.calibrated
    assert (card.evaluated_on, card.evaluated_positives) == ("blind", 29)
    assert card.reliability == ()


def test_mistakes_are_named_by_their_units_the_clearest_first(table):
    model = learned(table, [SECURITY])

    card = card_of(model, SECURITY)
    truth = dict(zip(table["unit_id"], table[SECURITY.key], strict=True))
    known = dict(zip(model.units, model.out_of_fold[:, 0], strict=True))
    wrong, missed = card.false_positives, card.false_negatives
    assert wrong
    assert missed
    assert {truth[one.unit_id] for one in wrong} == {0.0}
    assert {truth[one.unit_id] for one in missed} == {1.0}
    assert all(one.score == known[one.unit_id] for one in (*wrong, *missed))
    assert [one.score for one in wrong] == sorted((one.score for one in wrong), reverse=True)
    assert [one.score for one in missed] == sorted(one.score for one in missed)


def test_the_words_that_carry_a_code_speak_for_it(table):
    card = card_of(learned(table, [SECURITY]), SECURITY)

    assert {"border", "troops", "raid", "militia", "patrol"} <= set(card.terms_for)
    assert not set(card.terms_for) & set(card.terms_against)


def test_a_word_of_one_sentence_speaks_neither_for_nor_against(table):
    positives = table.index[table[SECURITY.key] == 1]
    table.loc[positives[:2], "text"] += " Zeppelin"
    table.loc[positives[:3], "text"] += " Harpoon"

    card = card_of(learned(table, [SECURITY]), SECURITY)

    said = {*card.terms_for, *card.terms_against}
    assert "zeppelin" not in said
    assert "harpoon" in said


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda t: t.drop(columns=["blind"]), "the training table has no column blind"),
        (lambda t: t.iloc[:0], "nothing is coded yet"),
        (lambda t: t.assign(unit_id="same"), "a unit in more than one row"),
    ],
)
def test_a_table_that_cannot_be_trained_on_is_refused_in_a_plain_sentence(table, spoil, sentence):
    with pytest.raises(ModelError, match=sentence):
        learned(spoil(table), [SECURITY])


def test_sentences_without_words_are_no_reason_to_fail(table):
    table["text"] = ""

    model = learned(table, [SECURITY])

    assert card_of(model, SECURITY).note == "the coded sentences have no words in common"
    assert np.isnan(model.score(["anything"])).all()


def test_looking_at_a_model_imports_neither_scikit_learn_nor_pandas():
    asked = (
        "import sys, annotator.learn.explain, annotator.learn.artefact;"
        "print([n for n in ('pandas', 'sklearn') if n in sys.modules])"
    )

    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)

    assert told.stdout.strip() == "[]"
