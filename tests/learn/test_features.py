"""A text's row says what stands in that text, whatever else is read beside it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from annotator.learn.features import Features, Settings, counted, fit_features, lengths
from annotator.learn.hashing import word_pieces
from annotator.learn.tokens import tokenise

TEXTS = [
    "Norvane's envoy said the talks have failed; the talks will go on.",
    "“We will not sign,” said Minister Oduya-Brandt.  Not today\u00a0— not ever.",
    "Министр иностранных дел заявил: «Переговоры продолжатся».",
    "Переговоры, said the envoy, have failed: not today.",
    "Talks 🕊️ talks 🕊️ TALKS!!! 👩‍👩‍👧 a I ab",
    "",
    "   \n\t ",
    "İstanbul'da görüşmeler, STRASSE straße ﬁne 12 3.5 U.N. 停战 谈判",
    "the the the the",
    "bad \ud800 bytes",
]


def learned(texts: Sequence[str], seed: int = 1, **chosen: bool) -> Features:
    return fit_features(tokenise(texts), Settings(**chosen), seed)


def rows(features: Features, texts: Sequence[str]) -> np.ndarray:
    """``(texts, features)``: for each block the pieces of a text and then its topics."""
    tokenised = tokenise(texts)
    counts, found = counted(tokenised), []
    for block in features.blocks:
        table = block.table(tokenised.lexicon)
        pieces = (counts @ table).toarray() / lengths(counts, table)[:, np.newaxis]
        found += [pieces, pieces @ block.topics]
    return np.hstack(found)


@pytest.fixture(scope="module")
def features() -> Features:
    return learned(TEXTS)


@pytest.mark.parametrize("text", [*TEXTS, "the unheard talks", "zzz"])
def test_a_text_has_the_same_row_alone_and_in_any_company(features, text):
    alone = rows(features, [text])[0]

    assert_allclose(rows(features, [*TEXTS, text])[-1], alone, atol=1e-6)
    assert_allclose(rows(features, ["new words first", text, "zzz"])[1], alone, atol=1e-6)


def test_the_order_of_the_texts_changes_no_row(features):
    there = rows(features, TEXTS)

    assert_allclose(rows(features, TEXTS[::-1])[::-1], there, atol=1e-6)


def test_what_is_learned_does_not_depend_on_the_order_of_the_texts(features):
    turned = learned(TEXTS[::-1])

    for one, other in zip(turned.blocks, features.blocks, strict=True):
        assert_array_equal(one.hashes, other.hashes)
        assert_array_equal(one.weights, other.weights)


def test_identical_texts_have_identical_rows(features):
    first, _, second = rows(features, [TEXTS[0], "other", TEXTS[0]])

    assert first.any()
    assert_array_equal(first, second)


@pytest.mark.parametrize("text", ["", "  \n", "zzzz qqqq"])
def test_a_text_of_no_known_piece_has_an_empty_row(features, text):
    assert not rows(features, [text]).any()


def test_a_word_that_is_repeated_has_the_direction_of_the_word_alone(features):
    once, often = rows(features, ["the", "the the the the"])

    assert once.any()
    assert_allclose(often, once, atol=1e-6)


def test_capitals_make_no_difference(features):
    one, other = rows(features, ["The TALKS have failed", "the talks have failed"])

    assert_array_equal(one, other)


def test_a_word_is_weighed_by_how_rare_it_is():
    texts = ["wheat here", "wheat there", "wheat wheat", "wheat tariff", "tariff now"]

    words = learned(texts).blocks[1]

    weight = dict(zip(words.hashes.tolist(), words.weights.tolist(), strict=True))
    wheat, tariff, once = word_pieces(["wheat", "tariff", "here"]).hashes.tolist()
    # In 4 and in 2 of 5 texts; a word of one text tells nothing of another.
    assert weight[wheat] == pytest.approx((np.log(6 / 5) + 1) ** 2)
    assert weight[tariff] == pytest.approx((np.log(6 / 3) + 1) ** 2)
    assert once not in weight


def test_a_token_that_comes_again_counts_for_less_each_time():
    counts = counted(tokenise(["wheat wheat wheat tariff"])).toarray()[0]

    assert counts == pytest.approx([1 + np.log(3), 1])


def test_counting_leaves_the_texts_as_they_are():
    texts = tokenise(["wheat tariff wheat"])

    counted(texts)

    assert texts.ids.tolist() == [0, 1, 0]
    assert texts.ends.tolist() == [0, 3]


def company() -> list[str]:
    """Sentences in which troops and soldiers stand with the same words, but never together."""
    rng = np.random.default_rng(4)
    filler = [f"word{number}" for number in range(400)]
    of = {
        "border": ["raid", "patrol", "militia", "trench"],
        "market": ["prices", "wheat", "tariff", "export"],
    }
    odd = {"border": ["troops", "soldiers"], "market": ["bank", "wages"]}
    found = []
    for _ in range(400):
        topic = str(rng.choice(["border", "market"]))
        words = [*rng.choice(of[topic], 3), rng.choice(odd[topic]), *rng.choice(filler, 4)]
        found.append(" ".join(words))
    return found


def test_the_strongest_topics_are_shared_by_words_of_the_same_company():
    words = learned(company(), letters=False).blocks[0]

    found = words.table(["troops", "soldiers", "bank", "wages"]) @ words.topics[:, :2]

    found /= np.linalg.norm(found, axis=1, keepdims=True)
    troops, soldiers, bank, wages = found
    assert min(troops @ soldiers, bank @ wages) > 0.9
    assert max(troops @ bank, soldiers @ wages) < 0.2


def test_topics_are_about_as_long_as_the_rest_of_a_row():
    texts = company()
    words = learned(texts, letters=False)
    topics = rows(words, texts)[:, len(words.blocks[0].hashes) :]

    assert np.mean(np.sum(np.square(topics), axis=1)) == pytest.approx(1, abs=1e-3)


def test_the_same_texts_and_seed_give_the_same_topics():
    one, other = learned(company()[:80], seed=3), learned(company()[:80], seed=3)

    for mine, yours in zip(one.blocks, other.blocks, strict=True):
        assert mine.topics.tobytes() == yours.topics.tobytes()


@pytest.mark.parametrize(
    ("chosen", "kinds", "has_topics"),
    [
        ({}, ["letters", "words"], True),
        ({"letters": False}, ["words"], True),
        ({"words": False}, ["letters"], True),
        ({"topics": False}, ["letters", "words"], False),
        ({"letters": False, "words": False}, [], False),
    ],
)
def test_settings_switch_groups_of_features_off(chosen, kinds, has_topics):
    features = learned(TEXTS, **chosen)

    assert [block.kind for block in features.blocks] == kinds
    assert any(block.topics.shape[1] for block in features.blocks) == has_topics


@pytest.mark.parametrize("texts", [[], [""], ["", "  "], ["one text alone"], ["a b", "c d"]])
def test_texts_with_nothing_in_common_have_no_words_and_no_fault(texts):
    features = learned(texts)

    assert [len(block.hashes) for block in features.blocks] == [0, 0]
    assert rows(features, ["one text alone", ""]).shape == (2, 0)


def test_texts_that_are_all_the_same_give_one_row():
    features = learned(["Troops at the border."] * 6)

    there = rows(features, ["Troops at the border."] * 6)
    assert np.isfinite(there).all()
    assert_array_equal(there, np.tile(there[0], (6, 1)))


def test_half_a_surrogate_pair_is_a_character_like_any_other():
    features = learned(["bad \ud800 bytes", "more \ud800 bytes"])

    assert rows(features, ["\ud800"]).any()
