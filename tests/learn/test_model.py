"""What a model promises to the coder whose tags it learns from."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from annotator.core.errors import ModelError
from annotator.learn.calibration import brier
from annotator.learn.explain import contributions
from annotator.learn.features import LEAST_ANSWERS, Settings, fit_features
from annotator.learn.fit import Material, fit
from annotator.learn.metrics import average_precision, measures
from annotator.learn.model import Column, Model
from annotator.learn.tokens import tokenise

SECURITY = Column("frame", "", "security")
MARKET = Column("frame", "", "market")
FAVOR = Column("stance", "norvane", "favor")


def quiet(done: int, total: int, what: str) -> None:
    """Progress that nobody watches."""


def learned(table, columns, seed: int = 1, **beside) -> Model:
    return fit(table, columns, seed=seed, progress=quiet, **beside)


def told(texts: list[str], answers: list[float], per_document: int = 1) -> pd.DataFrame:
    """A table of these sentences and these answers to one code."""
    number = np.arange(len(texts))
    return pd.DataFrame(
        {
            "unit_id": [f"u{one:04}" for one in number],
            "document_id": [f"d{one // per_document:04}" for one in number],
            "text": texts,
            "blind": True,
            "draw": 0.5,
            SECURITY.key: answers,
        }
    )


def card_of(model: Model, column: Column):
    return model.cards[model.columns.index(column)]


def test_a_code_that_leaves_traces_in_words_is_found_in_new_sentences(model, columns, make_table):
    new = make_table(seed=77)

    scores = model.score(new["text"].tolist())

    for at, column in enumerate(columns):
        carried = new[column.key] == 1
        suggested = scores[:, at] >= card_of(model, column).threshold
        assert scores[carried, at].mean() > scores[~carried, at].mean() + 0.3
        assert measures(carried.to_numpy(), suggested).f1 > 0.7
        assert card_of(model, column).f1 > 0.5


@pytest.mark.parametrize("text", ["", "🕊️", "border " * 5000, "Переговоры", "\ud800", "x" * 10_000])
def test_scores_lie_between_zero_and_one_for_any_text(model, text):
    scores = model.score([text])

    assert scores.shape == (1, 3)
    assert scores.dtype == np.float32
    assert ((scores >= 0) & (scores <= 1)).all()


def test_scoring_no_text_gives_no_row(model):
    assert model.score([]).shape == (0, 3)


def test_a_text_has_the_same_score_alone_and_in_any_batch(model, make_table):
    texts = make_table(n=60, seed=9)["text"].tolist()

    together = model.score(texts)

    np.testing.assert_allclose(model.score(texts[::-1])[::-1], together, atol=1e-6)
    np.testing.assert_allclose([model.score([text])[0] for text in texts], together, atol=1e-6)


def test_a_language_that_the_model_never_saw_is_scored_in_between(model, make_table):
    usual = model.score(make_table(seed=77)["text"].tolist())

    foreign, empty = model.score(["Միջնորդները լռեցին", ""])

    assert (foreign == empty).all()
    assert (np.percentile(usual, 10, axis=0) < foreign).all()
    assert (foreign < np.percentile(usual, 90, axis=0)).all()


def test_a_code_asked_later_is_not_counted_as_negative_before(table):
    table.loc[:79, MARKET.key] = np.nan

    model = learned(table, [SECURITY, MARKET])

    asked = table[MARKET.key].iloc[80:]
    card = card_of(model, MARKET)
    assert (card.positives, card.negatives) == (int(asked.sum()), int((1 - asked).sum()))
    assert card.n == 100
    assert np.isnan(model.out_of_fold[:80, 1]).all()
    assert not np.isnan(model.out_of_fold[80:, 1]).any()


def test_sentences_that_were_not_asked_teach_nothing(table):
    features = fit_features(tokenise(table["text"]), Settings(), seed=1)
    asked = table.index % 3 > 0
    blank = table.assign(**{MARKET.key: table[MARKET.key].where(asked)})

    with_them, without = (
        learned(some, [MARKET], material=Material(features=features))
        for some in (blank, table[asked])
    )

    for mine, yours in zip(with_them.weights, without.weights, strict=True):
        np.testing.assert_allclose(mine, yours, atol=2e-3)


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
        (lambda t: t.index % 3, "holds answers other than yes and no"),
        (lambda t: -(t.index % 2), "holds answers other than yes and no"),
    ],
)
def test_a_code_that_cannot_be_learned_says_why(table, answers, note):
    table[MARKET.key] = answers(table)

    model = learned(table, [SECURITY, MARKET])

    card = card_of(model, MARKET)
    assert (card.fitted, card.note) == (False, note)
    assert (card.threshold, card.desk_threshold, card.precision) == (None, None, None)
    assert card_of(model, SECURITY).fitted


def test_without_a_document_to_hold_out_a_code_is_untested_and_cut_by_its_share(table):
    # All negatives are in one document: whichever part holds it leaves none to learn from.
    positive = table[SECURITY.key] == 1
    table["document_id"] = np.where(positive, table["document_id"], "0" * 16)

    model = learned(table, [SECURITY])

    card = card_of(model, SECURITY)
    assert card.fitted
    assert (card.desk_threshold, card.n, card.f1, card.calibrated) == (None, 0, None, False)
    assert card.note == "untested: too few documents to hold out"
    assert np.isnan(model.out_of_fold).all()
    assert 0 < card.threshold < 1


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
    table[SECURITY.key] = np.random.default_rng(2).integers(0, 2, 36)[number].astype(float)

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


def test_a_code_that_is_turned_round_in_unseen_documents_is_no_probability():
    # In one article wheat is where the code is, in the other where it is not.
    said = [("wheat", "border")[row % 2] for row in range(160)]
    answers = [float((row % 2 == 0) == (row < 80)) for row in range(160)]
    table = told([f"{word} on day {row % 9}" for row, word in enumerate(said)], answers, 80)

    model = learned(table, [SECURITY])

    card = card_of(model, SECURITY)
    assert card.note == "uncalibrated: on unseen documents no better than chance"
    assert (card.calibrated, card.desk_threshold, card.brier) == (False, None, None)
    assert model.sigmoids.slope[0] > 0


def test_the_sigmoid_that_judges_a_document_is_fitted_without_it():
    # One article nearly always carries the code, the other hardly ever: of the one nothing is
    # learned about how often it is in the other.
    carried = [(row % 10 > 0) == (row < 100) for row in range(200)]
    words = [("border", "wheat")[one] for one in carried]
    texts = [f"{word} on day {row % 9}" for row, word in enumerate(words)]
    table = told(texts, [float(one) for one in carried], 100)

    model = learned(table, [SECURITY])

    card = card_of(model, SECURITY)
    assert card.calibrated
    assert brier(np.array(carried), model.out_of_fold[:, 0]) < 0.15
    assert card.brier > 0.25


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

    # 90 blind units of the stream hold fewer than 30 positives of a code this rare.
    table.loc[table.index[table[SECURITY.key] == 1][20:], SECURITY.key] = 0.0
    card = card_of(learned(table, [SECURITY]), SECURITY)

    assert (card.evaluated_on, card.n) == ("blind", 90)


def test_figures_say_so_when_nothing_was_coded_blind(table):
    table["blind"] = False

    card = card_of(learned(table, [SECURITY]), SECURITY)

    assert (card.evaluated_on, card.n) == ("all", 180)


@pytest.mark.parametrize("per_document", [1, 5])
def test_the_order_of_the_rows_changes_nothing(make_table, columns, per_document):
    table = make_table(per_document=per_document)
    shuffled = table.sample(frac=1, random_state=3)

    one, other = learned(table, columns), learned(shuffled, columns)

    for mine, yours in zip(one.weights, other.weights, strict=True):
        assert (mine == yours).all()
    assert (one.out_of_fold == other.out_of_fold).all()
    assert (one.units, one.cards) == (other.units, other.cards)


def test_a_cut_is_judged_on_documents_that_it_was_not_chosen_by(table):
    # Of words that mean nothing some high scores are right by chance, and the cut is put there.
    wanted, judged = Material(precision={SECURITY.key: 0.5}), []
    for drawn in range(6, 10):
        shuffled = table[SECURITY.key].sample(frac=1, random_state=drawn).to_numpy()
        model = learned(table.assign(**{SECURITY.key: shuffled}), [SECURITY], material=wanted)
        card = card_of(model, SECURITY)
        chosen = model.out_of_fold[:, 0] >= card.threshold
        if card.precision is not None:
            assert shuffled[chosen].mean() >= 0.5
            judged.append(card.precision)

    assert np.mean(judged) < 0.47


def test_a_code_is_cut_where_as_many_suggestions_are_right_as_was_wanted(make_table):
    table = make_table(n=240)

    plain = learned(table, [SECURITY, MARKET])
    lower = learned(table, [SECURITY, MARKET], material=Material(precision={SECURITY.key: 0.6}))

    there, wanted = card_of(plain, SECURITY), card_of(lower, SECURITY)
    known, truth = lower.out_of_fold[:, 0], table[SECURITY.key].to_numpy() == 1
    assert wanted.threshold < there.threshold
    assert wanted.recall > there.recall
    assert measures(truth, known >= wanted.threshold).precision >= 0.6
    assert card_of(lower, MARKET) == card_of(plain, MARKET)


def test_a_precision_that_is_never_reached_suggests_nothing(table):
    model = learned(table, [SECURITY], material=Material(precision={SECURITY.key: 1.01}))

    card = card_of(model, SECURITY)
    assert not (model.score(table["text"].tolist())[:, 0] >= card.threshold).any()
    assert (card.precision, card.recall, card.desk_threshold) == (None, 0, None)


def test_progress_is_told_from_reading_to_the_end(table, columns):
    steps = []
    table[MARKET.key] = 0.0

    fit(table, columns, seed=1, progress=lambda *step: steps.append(step))

    done, totals, said = zip(*steps, strict=True)
    assert list(done) == sorted(done)
    assert done[0] == 0
    assert len(set(totals)) == 1
    assert steps[-1] == (totals[0], totals[0], "done")
    assert sum("held out, part" in what for what in said) == 10
    assert [what for what in said if "|" in what] == [SECURITY.key, FAVOR.key]


def test_progress_never_goes_beyond_its_end_however_many_sentences(make_table, columns):
    steps = []

    fit(make_table(n=240), columns, seed=1, progress=lambda *step: steps.append(step))

    done = [step[0] for step in steps]
    assert "choosing how firmly to learn" in {what for _, _, what in steps}
    assert done == sorted(set(done))


def test_the_card_says_in_how_many_documents_the_positives_stand(table):
    card = card_of(learned(table, [SECURITY]), SECURITY)

    positive = table[table[SECURITY.key] == 1]
    assert card.positive_documents == positive["document_id"].nunique()


def test_average_precision_has_an_interval_and_scores_are_compared_with_the_truth(table):
    card = card_of(learned(table, [SECURITY]), SECURITY)

    assert card.average_precision_low < card.average_precision < card.average_precision_high
    assert sum(one.n for one in card.reliability) == card.n == 180
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

    assert card_of(model, SECURITY).note == "the sentences have no words in common"
    assert np.isnan(model.score(["anything"])).all()


def test_looking_at_a_model_imports_neither_scikit_learn_nor_pandas():
    asked = (
        "import sys, annotator.learn.explain, annotator.learn.artefact;"
        "print([n for n in ('pandas', 'sklearn') if n in sys.modules])"
    )

    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)

    assert told.stdout.strip() == "[]"


def test_sentences_that_are_all_the_same_are_scored_with_the_share(table):
    model = learned(table.assign(text="Troops at the border."), [SECURITY])

    share = table[SECURITY.key].mean()
    assert model.score(["Troops at the border."])[0, 0] == pytest.approx(share, abs=0.02)
    assert card_of(model, SECURITY).desk_threshold is None


def test_two_hundred_codes_are_learned_together(make_table):
    table, rng = make_table(n=60), np.random.default_rng(1)
    many = [Column("frame", "", f"code{number:03}") for number in range(200)]
    answers = pd.DataFrame((rng.random((60, 200)) < 0.3) * 1.0, columns=[c.key for c in many])

    model = learned(pd.concat([table, answers], axis=1), [*many, SECURITY])

    assert model.score(["Troops raid the border"]).shape == (1, 201)
    assert sum(card.fitted for card in model.cards) > 190
    assert card_of(model, SECURITY).f1 > 0.5


def test_a_code_learned_among_others_is_scored_as_if_alone(make_table, columns):
    table = make_table(n=150)
    texts = make_table(n=100, seed=9)["text"].tolist()

    alone, among = learned(table, [SECURITY]), learned(table, columns)

    # Documents are dealt by all codes, and the rounds end for all codes at once.
    apart = np.abs(among.score(texts)[:, 0] - alone.score(texts)[:, 0])
    assert apart.mean() < 0.05


def test_an_answer_that_coders_share_stands_between_yes_and_no():
    said = [("wheat", 1.0), ("tariff", 0.5), ("export", 0.0)]
    table = told(
        [f"The envoy spoke of {said[row % 3][0]} on day {row % 7}." for row in range(90)],
        [said[row % 3][1] for row in range(90)],
        per_document=3,
    )

    model = learned(table, [SECURITY])

    yes, shared, no = model.score([f"The envoy spoke of {word}." for word, _ in said])[:, 0]
    assert yes > shared + 0.05
    assert shared > no + 0.05
    card = card_of(model, SECURITY)
    assert (card.positives, card.negatives) == (60, 30)


def test_what_the_codebook_says_of_a_code_helps_while_answers_are_few(make_table):
    spoken = {SECURITY.key: ["Border, patrol, troops, a raid, a militia."]}
    new = make_table(n=400, seed=77)
    carried = (new[SECURITY.key] == 1).to_numpy()

    for seed in range(5, 9):
        table = make_table(n=30, seed=seed)
        without, beside = (
            average_precision(carried, learned(table, [SECURITY], **more).score(new["text"])[:, 0])
            for more in ({}, {"material": Material(spoken=spoken)})
        )
        assert beside > without + 0.02


def test_the_codebook_is_not_heard_where_settings_say_so(table):
    spoken = Material(spoken={SECURITY.key: ["Border, patrol, troops."]})
    deaf = Settings(codebook=False)

    one = learned(table, [SECURITY], material=spoken, settings=deaf)

    assert (one.weights[0] == learned(table, [SECURITY]).weights[0]).all()
    assert (one.weights[0] != learned(table, [SECURITY], material=spoken).weights[0]).any()


def test_what_the_codebook_says_of_one_question_is_nothing_to_another(table):
    spoken = Material(spoken={SECURITY.key: ["Border, patrol, troops."]})

    plain = learned(table, [SECURITY, FAVOR])
    beside = learned(table, [SECURITY, FAVOR], material=spoken)

    apart = np.abs(beside.weights[1] - plain.weights[1]).max(axis=0)
    assert apart[1] < apart[0] / 3


def test_words_in_which_the_codebook_speaks_of_every_code_speak_for_none(table):
    table.loc[::20, "text"] += " Zeppelin."
    security, market = (["Zeppelin border."], ["Zeppelin wheat."])

    def heard(spoken: dict[str, list[str]]) -> float:
        model = learned(table, [SECURITY, MARKET], material=Material(spoken=spoken))
        return contributions(model, "zeppelin", SECURITY)["zeppelin"]

    unheard = heard({})
    alone = heard({SECURITY.key: security}) - unheard
    of_both = heard({SECURITY.key: security, MARKET.key: market}) - unheard

    assert alone > 0.1
    assert abs(of_both) < alone / 2


def test_sentences_that_nobody_coded_tell_which_words_belong_together():
    rng = np.random.default_rng(4)
    filler = [f"word{number}" for number in range(100)]
    of = [("troops", "raid patrol militia trench"), ("bank", "prices wheat tariff export")]
    uncoded = [
        " ".join([odd, *rng.choice(words.split(), 3), *rng.choice(filler, 4)])
        for odd, words in of * 100
    ]
    coded = [f"{of[row % 2][0]} {filler[row]} {filler[row + 1]}" for row in range(60)]
    table = told(coded, [1.0 - row % 2 for row in range(60)])

    beside = learned(table, [SECURITY], material=Material(uncoded=uncoded))
    alone = learned(table, [SECURITY])

    # Neither word was ever coded.
    militia, wheat = beside.score(["militia", "wheat"])[:, 0]
    assert militia > wheat + 0.2
    assert len(set(alone.score(["militia", "wheat"])[:, 0].tolist())) == 1


class Alike:
    """Word vectors in which troops are soldiers, and a bank is wages."""

    words = ("troops", "soldiers", "bank", "wages")

    def rows(self, lexicon):
        near = {"troops": [1, 0], "soldiers": [1, 0], "bank": [0, 1], "wages": [0, 1]}
        return np.array([near.get(word, [0, 0]) for word in lexicon], dtype=np.float32)


def test_word_vectors_tell_of_words_that_nobody_coded():
    coded = [f"{('troops', 'bank')[row % 2]} on day {row % 15}" for row in range(60)]
    table = told(coded, [1.0 - row % 2 for row in range(60)])
    uncoded = ["soldiers", "wages"]

    with_them = Material(uncoded=uncoded, vectors=Alike())
    scores, plain, off = (
        learned(table, [SECURITY], material=material, settings=settings).score(uncoded)[:, 0]
        for material, settings in (
            (with_them, Settings()),
            (Material(uncoded=uncoded), Settings()),
            (with_them, Settings(vectors=False)),
        )
    )

    assert scores[0] > scores[1] + 0.2
    assert plain[0] == plain[1]
    assert (off == plain).all()


def test_features_of_the_whole_project_are_taken_as_they_are(table):
    features = fit_features(tokenise(["troops raid", "troops patrol", "a raid"]), Settings(), 1)

    model = learned(table, [SECURITY], material=Material(features=features))

    for mine, theirs in zip(model.blocks, features.blocks, strict=True):
        assert (mine.hashes == theirs.hashes).all()


def test_a_code_needs_as_many_answers_as_settings_say(table):
    positives = table.index[table[SECURITY.key] == 1]
    table.loc[positives[3:], SECURITY.key] = 0.0

    few = learned(table, [SECURITY], settings=Settings(least=3))
    many = learned(table, [SECURITY], settings=Settings(least=4))

    assert card_of(few, SECURITY).fitted
    assert card_of(many, SECURITY).note == "has 3 of at least 4 positive sentences"


@pytest.mark.parametrize("n", [150, 240])
def test_all_from_one_document_is_learned_where_one_answer_is_enough(make_table, n):
    table = make_table(n=n).assign(document_id="d")

    model = learned(table, [SECURITY], settings=Settings(least=1))

    assert card_of(model, SECURITY).note == "untested: too few documents to hold out"
    troops, wheat = model.score(["Troops raid the border", "Wheat prices"])[:, 0]
    assert troops > wheat


def test_a_code_learns_from_the_same_code_for_another_target():
    there = [
        f"the envoy {('praised', 'blamed')[row % 2]} them on day {row % 9}" for row in range(80)
    ]
    table = told(there, [1.0 - row % 2 for row in range(80)])
    one, other = Column("stance", "norvane", "favor"), Column("stance", "tessaly", "favor")
    answers = table.pop(next(name for name in table.columns if "|" in name))
    # Toward Tessaly ten sentences are told, none of which has the word that matters.
    table[one.key] = answers.where(table.index < 70)
    table[other.key] = answers.where(table.index >= 70)
    table.loc[table.index >= 70, "text"] = "nothing but the weather of the day"

    scores = learned(table, [one, other]).score(["he praised it", "he blamed it"])

    assert scores[0, 1] > scores[1, 1] + 0.1
