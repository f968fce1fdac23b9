"""The queues of samplers: every unit once, the stream by chance, the rest by worth."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.order import Order
from annotator.learn.samplers import SAMPLERS, Frame, queue
from annotator.learn.sampling import RESERVED, draw_of

SEED = 7


def frame(units: int = 400, *, per_article: int = 5, codes: int = 3, seed: int = 1) -> Frame:
    """Units of made-up scores, of which the last code is not learned."""
    chance = np.random.default_rng(seed)
    scores = chance.random((units, codes), dtype=np.float32)
    scores[:, -1] = np.nan
    return Frame(
        seqs=np.arange(units) * 3 + 10,
        documents=np.arange(units) // per_article + 100,
        draws=np.array([draw_of(str(unit), SEED) for unit in range(units)]),
        texts=lambda seqs: [f"word{seq % 11} road{seq % 7} of {seq % 3}" for seq in seqs.tolist()],
        keys=[f"frame||{number}" for number in range(codes)],
        scores=scores,
        thresholds=np.array([0.5] * (codes - 1) + [np.nan], np.float32),
        positives=np.array([40] * (codes - 1) + [1]),
        apart=chance.random(units, dtype=np.float32),
        hints=chance.random((units, 1), dtype=np.float32),
        found=chance.random(units) < 0.2,
    )


def places(made: Frame, order: str, by: str = "sentences", about: str = "") -> list[int]:
    """The places in the frame of the units of a queue."""
    by_seq = {seq: place for place, seq in enumerate(made.seqs.tolist())}
    asked = Order(order, "articles" if by == "articles" else "sentences", about)
    return [by_seq[seq] for seq in queue(made, asked, seed=SEED, stream=0.2).tolist()]


def chosen(made: Frame, order: Sequence[int]) -> list[int]:
    """Those of them that are not of the random stream."""
    return [place for place in order if made.draws[place] >= RESERVED]


@pytest.mark.parametrize("by", ["sentences", "articles"])
@pytest.mark.parametrize("name", SAMPLERS)
def test_a_queue_has_every_unit_once(name, by):
    made = frame()

    assert sorted(places(made, name, by)) == list(range(400))


@given(
    units=st.integers(1, 60),
    stream=st.sampled_from([0.05, 0.2, 0.33, 0.5, 1.0]),
    seed=st.integers(0, 5),
    name=st.sampled_from(sorted(SAMPLERS)),
)
def test_the_stream_comes_in_the_order_of_its_draws_however_large(units, stream, seed, name):
    made = frame(units, seed=seed)

    numbers = queue(made, Order(name), seed=seed, stream=stream)

    draws = made.draws[(numbers - 10) // 3]
    reserved = draws[draws < RESERVED]
    assert len(set(numbers.tolist())) == units
    assert (np.diff(reserved) > 0).all()


def test_one_place_in_five_is_the_streams_while_it_lasts_and_no_coder_can_count_to_it():
    made = frame(3_000)

    is_drawn = made.draws[places(made, "least-sure")] < RESERVED

    blocks = is_drawn[:2_500].reshape(-1, 5)
    assert (blocks.sum(axis=1) == 1).all()
    assert len(set(blocks.argmax(axis=1).tolist())) == 5


def test_the_surest_scores_come_last_where_the_model_is_least_sure():
    made = frame()
    assert made.scores is not None
    sure = np.nan_to_num(np.abs(made.scores[:, :2] - 0.5)).min(axis=1)

    order = chosen(made, places(made, "least-sure"))

    assert np.mean(sure[order[:50]]) < np.mean(sure[order[-50:]]) / 3


def test_a_code_that_is_not_learned_has_its_turn_with_what_is_most_like_its_words():
    made = frame()
    assert made.hints is not None
    outside = np.flatnonzero(made.draws >= RESERVED)
    likest = outside[np.argsort(-made.hints[outside, 0])[:10]]

    first = chosen(made, places(made, "least-sure"))[:40]

    assert set(likest.tolist()) <= set(first)


def test_without_a_model_the_codes_take_turns_by_their_words_alone():
    made = frame()
    assert made.hints is not None
    bare = Frame(
        seqs=made.seqs,
        documents=made.documents,
        draws=made.draws,
        texts=made.texts,
        hints=made.hints,
    )
    outside = np.flatnonzero(made.draws >= RESERVED)
    likest = outside[np.argsort(-made.hints[outside, 0], kind="stable")[:10]]

    assert chosen(made, places(bare, "least-sure"))[:10] == likest.tolist()


def test_a_rare_code_that_is_named_is_looked_for_alone():
    made = frame()
    assert made.scores is not None

    order = chosen(made, places(made, "rare-code", about="frame||1"))

    assert (np.diff(made.scores[order, 1]) <= 0).all()


def test_what_a_search_finds_comes_before_everything_else():
    made = frame()
    assert made.found is not None

    order = chosen(made, places(made, "keyword"))

    found = made.found[order]
    assert found[: found.sum()].all()


def test_by_article_the_sentences_of_an_article_stand_together_as_they_read():
    made = frame()

    order = chosen(made, places(made, "least-sure", "articles"))

    documents = made.documents[order]
    changes = np.flatnonzero(np.diff(documents)) + 1
    assert len(changes) + 1 == len(set(documents.tolist()))
    for run in np.split(np.array(order), changes):
        assert (np.diff(run) > 0).all()


def test_an_article_comes_before_others_for_a_single_sentence_that_the_search_finds():
    made = frame(per_article=4)
    outside = np.flatnonzero(made.draws >= RESERVED)
    made.found[:] = False
    made.found[outside[[-1, -9]]] = True

    order = chosen(made, places(made, "keyword", "articles"))

    articles = list(dict.fromkeys(made.documents[order].tolist()))
    assert set(articles[:2]) == set(made.documents[made.found].tolist())


def test_the_article_whose_best_sentences_are_worth_most_comes_first():
    made = frame(per_article=4)
    assert made.apart is not None
    outside = made.draws >= RESERVED
    worth = {
        article: np.sort(made.apart[(made.documents == article) & outside])[::-1][:3].mean()
        for article in set(made.documents[outside].tolist())
    }

    first = chosen(made, places(made, "disagreement", "articles"))[0]

    assert made.documents[first] == max(worth, key=worth.__getitem__)


def test_what_is_unlike_the_rest_brings_all_words_soon():
    made = frame(300)

    first = chosen(made, places(made, "diverse"))[:30]

    texts = made.texts(made.seqs[first])
    assert {word for text in texts for word in text.split()} >= {f"word{n}" for n in range(11)}
