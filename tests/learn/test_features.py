"""Our features are scikit-learn's, number for number."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from annotator.learn.features import fit_features

TEXTS = [
    "Norvane's envoy said the talks have failed; the talks will go on.",
    "“We will not sign,” said Minister Oduya-Brandt.  Not today\u00a0— not ever.",
    "Министр иностранных дел заявил: «Переговоры продолжатся».",
    "Talks 🕊️ talks 🕊️ TALKS!!! 👩‍👩‍👧 a I ab",
    "",
    "   \n\t ",
    "İstanbul'da görüşmeler, STRASSE straße ﬁne 12 3.5 U.N. 停战 谈判",
    "the the the the",
]
UNSEEN = ["", "🕊️", "The envoy's талks: Переговоры — ſtraße straße!", "zzz qqq", "a"]


def theirs(**how: object) -> TfidfVectorizer:
    return TfidfVectorizer(sublinear_tf=True, dtype=np.float32, **how)


@pytest.fixture
def pair() -> tuple[TfidfVectorizer, TfidfVectorizer]:
    word = theirs(ngram_range=(1, 2)).fit(TEXTS)
    return word, theirs(analyzer="char_wb", ngram_range=(3, 5)).fit(TEXTS)


def test_the_vocabulary_is_that_of_scikit_learn(pair):
    features = fit_features(TEXTS)

    assert list(features.words) == pair[0].get_feature_names_out().tolist()
    assert list(features.letters) == pair[1].get_feature_names_out().tolist()


@pytest.mark.parametrize("texts", [TEXTS, UNSEEN])
def test_the_weights_are_those_of_scikit_learn(pair, texts):
    ours = fit_features(TEXTS).transform(texts)

    expected = sparse.hstack([one.transform(texts) for one in pair])
    assert ours.dtype == np.float32
    assert abs(ours - expected).max() < 1e-6


def test_texts_without_a_word_give_no_feature_and_no_fault():
    features = fit_features(["", "  "])

    assert len(features) == 0
    assert features.transform(["anything"]).shape == (1, 0)


def test_half_a_surrogate_pair_is_a_character_like_any_other():
    assert fit_features(["bad \ud800 bytes"]).transform(["\ud800"]).nnz == 1
