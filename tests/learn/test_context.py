"""What the sentences around say: who is whose neighbour, when it counts, and how it is told."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.learn.context import NOWHERE, Around, in_a_row
from annotator.learn.explain import contributions, explain
from annotator.learn.features import Settings
from annotator.learn.fit import fit
from annotator.learn.model import Column
from annotator.learn.tokens import tokenise

SIEGE = Column("frame", "", "siege")
TRACE = "blockade"
FILLER = (
    "the envoy of Norvane spoke on Tuesday in Tessaly about a new plan for the river towns "
    "while reporters of the Harbour Post waited outside and officials gave no further word"
)
LENGTH = 8
"""Sentences of an article."""


def near_of(texts: list[str], documents: list[int]):
    """The texts around each sentence, as a reader finds them."""

    def step(at, far):
        places = (at - far, at + far)
        return tuple(
            texts[there]
            for there in places
            if 0 <= there < len(texts) and documents[there] == documents[at]
        )

    return [(step(at, 1), step(at, 2)) for at in range(len(texts))]


def table(runs: bool, number: int = 480, seed: int = 3) -> pd.DataFrame:
    """Sentences whose code leaves its word in two of three: in runs of an article, or by lot."""
    rng = np.random.default_rng(seed)
    documents = [row // LENGTH for row in range(number)]
    if runs:
        begin = rng.integers(0, LENGTH, number // LENGTH)
        carried = np.array([begin[row // LENGTH] <= row % LENGTH for row in range(number)])
        carried &= np.repeat(rng.random(number // LENGTH) < 0.6, LENGTH)
    else:
        carried = rng.random(number) < 0.35
    there = rng.random(number) < np.where(carried, 0.65, 0.05)
    texts = []
    for row in range(number):
        words = [str(word) for word in rng.choice(FILLER.split(), 9)]
        words.insert(int(rng.integers(9)), f"item{row}")
        texts.append(" ".join(words + [TRACE] * bool(there[row])) + ".")
    return pd.DataFrame(
        {
            "unit_id": [f"{row:04}" for row in range(number)],
            "document_id": [f"{one:04}" for one in documents],
            "text": texts,
            "blind": True,
            "draw": 0.5,
            "near": pd.Series(near_of(texts, documents), dtype=object),
            SIEGE.key: carried.astype(float),
        }
    )


def learned(of: pd.DataFrame, **settings):
    more = {"settings": Settings(**settings)} if settings else {}
    return fit(of, [SIEGE], seed=1, progress=lambda *step: None, **more)


@pytest.fixture(scope="module")
def running():
    """A model whose code runs over neighbouring sentences."""
    return learned(table(runs=True))


@given(st.lists(st.integers(0, 2), max_size=12))
def test_neighbours_in_a_row_are_those_a_loop_finds(documents):
    expected = np.zeros((len(documents), len(documents)))
    for at, document in enumerate(documents):
        for far, weight in ((1, 1.0), (2, 0.5)):
            mine = [
                there
                for there in (at - far, at + far)
                if 0 <= there < len(documents) and documents[there] == document
            ]
            for there in mine:
                expected[at, there] += weight / len(mine)

    shares = in_a_row(np.array(documents, np.int64)).shares.toarray()

    np.testing.assert_allclose(shares, expected)


@given(st.lists(st.integers(1, 6), max_size=5))
def test_neighbours_by_their_texts_are_those_in_a_row(lengths):
    documents = [at for at, length in enumerate(lengths) for _ in range(length)]
    texts = [f"sentence {at}" for at in range(len(documents))]
    number = {text: at for at, text in enumerate(texts)}

    by_text = Around.of(near_of(texts, documents), number)

    row = in_a_row(np.array(documents, np.int64))
    np.testing.assert_allclose(by_text.shares.toarray(), row.shares.toarray())


def test_one_text_on_both_sides_counts_as_two():
    around = Around.of([(("Rain.", "Rain."), ())], {"Rain.": 0})

    assert around.shares.toarray().tolist() == [[1.0]]


def test_usual_neighbours_say_nothing_and_where_none_are_nothing_is_said():
    decisions, middle = np.array([[0.5], [0.5], [2.0]]), np.array([0.5])

    said = in_a_row(np.array([1, 1, 2])).added(decisions, middle)

    assert said.tolist() == [[0.0], [0.0], [0.0]]


def decided(model, texts):
    cut = tokenise(texts)
    return model.decide(cut, model.of_tokens(cut.lexicon))


def test_a_sentence_without_neighbours_is_decided_by_itself(running):
    texts = [f"The {TRACE} went on.", "The envoy spoke.", "Reporters waited."]
    own = decided(running, texts)

    apart = running.scores_in_context(own, in_a_row(np.array([1, 2, 3])))
    together = running.scores_in_context(own, in_a_row(np.array([1, 1, 1])))

    by = running.sigmoids
    plain = 1 / (1 + np.exp(-(by.slope * own + by.offset)))
    np.testing.assert_allclose(apart, plain, rtol=1e-5)
    assert not np.allclose(together, apart, atol=0.01)


def test_a_code_that_runs_over_neighbours_is_found_better_among_them(running):
    alone = learned(table(runs=True), context=False)

    assert running.sigmoids.strength[0] > 0
    assert running.cards[0].f1 > alone.cards[0].f1 + 0.03
    assert running.cards[0].average_precision > alone.cards[0].average_precision + 0.03


def test_among_neighbours_what_was_missed_alone_is_found_in_new_articles(running):
    new = table(runs=True, seed=4)
    own = decided(running, new["text"].tolist())
    around = in_a_row(new["document_id"].astype(int).to_numpy())
    card, truth = running.cards[0], new[SIEGE.key].to_numpy() == 1

    found = running.scores_in_context(own, around)[:, 0] >= card.threshold
    by_itself = running.scores_alone(own)[:, 0] >= card.alone

    def f1(suggested):
        return 2 * (suggested & truth).sum() / (suggested.sum() + truth.sum())

    assert f1(found) > f1(by_itself) + 0.03


def test_neighbours_do_not_count_where_codes_fall_by_lot():
    of = table(runs=False)
    model, without = learned(of), learned(of, context=False)

    assert model.sigmoids.strength[0] == 0
    assert model.cards[0].threshold_alone is None
    assert model.cards == without.cards


def test_reasons_with_the_sentences_around_are_the_whole_decision_in_context(running):
    new = table(runs=True, number=LENGTH, seed=9)
    texts = new["text"].tolist()
    scores = running.scores_in_context(
        decided(running, texts), in_a_row(np.zeros(LENGTH, np.int64))
    )

    said = [
        sum(contributions(running, text, SIEGE, near).values())
        for text, near in zip(texts, new["near"], strict=True)
    ]

    decisions = np.log(scores[:, 0] / (1 - scores[:, 0])) - running.sigmoids.offset[0]
    assert said == pytest.approx(decisions.tolist(), abs=1e-3)


def test_the_sentences_around_are_one_reason_for_or_against(running):
    loud = ((f"The {TRACE} went on.", f"A {TRACE} again."), (f"{TRACE} and {TRACE}.",))
    quiet = (("The envoy spoke.", "Reporters waited."), ())

    told = [
        explain(running, "Officials gave no word.", SIEGE, near=near)
        for near in (loud, quiet, NOWHERE)
    ]

    assert told[0].around > 0 > told[1].around
    assert told[2].around == 0
