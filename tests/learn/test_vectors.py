"""Word vectors: words of like company are alike, the same text gives the same bytes."""

from __future__ import annotations

import subprocess
import sys
from itertools import chain

import numpy as np
import pytest
from scipy import sparse
from threadpoolctl import threadpool_limits

from annotator.core.errors import ModelError
from annotator.learn import vectors
from annotator.learn.tokens import tokens
from annotator.learn.vectors import learn_vectors

TOPICS = {
    "border": [
        "troops",
        "patrol",
        "checkpoint",
        "militia",
        "raid",
        "soldiers",
        "trench",
        "shells",
    ],
    "market": ["prices", "wheat", "tariff", "export", "bank", "wages", "harvest", "grain"],
}


def news(n: int = 1_500, seed: int = 3) -> list[str]:
    """Invented sentences, each of one topic's words among words of no topic.

    ``soldiers`` and ``troops`` never stand in one sentence, nor do ``wheat`` and ``grain``.
    """
    rng = np.random.default_rng(seed)
    filler = [f"word{number}" for number in range(300)]
    found = []
    for row in range(n):
        topic = TOPICS[("border", "market")[row % 2]]
        left_out = (("troops", "soldiers"), ("wheat", "grain"))[row % 2][rng.integers(2)]
        words = [str(one) for one in rng.choice([w for w in topic if w != left_out], 5)]
        words += [str(one) for one in rng.choice(filler, 6)]
        rng.shuffle(words)
        found.append("The " + " ".join(words) + ".")
    return found


@pytest.fixture(scope="module")
def learned():
    return learn_vectors(news(), dims=50, seed=1)


def likeness(learned, one: str, other: str) -> float:
    first, second = learned.rows([one, other])
    return float(first @ second / np.linalg.norm(first) / np.linalg.norm(second))


def test_words_of_the_same_company_are_alike_though_they_never_meet(learned):
    assert likeness(learned, "troops", "soldiers") > 0.5
    assert likeness(learned, "wheat", "grain") > 0.5
    assert likeness(learned, "troops", "wheat") < 0.2


def test_a_text_is_nearer_to_its_topic_with_none_of_its_words_in_common(learned):
    def of_text(text: str) -> np.ndarray:
        total = learned.rows(tokens(text)).sum(axis=0)
        return total / np.linalg.norm(total)

    asked, same, other = map(of_text, ("the troops raid", "the soldiers trench", "the grain wages"))

    assert asked @ same > asked @ other + 0.3


def test_the_same_texts_and_seed_give_the_same_array(learned):
    again = learn_vectors(iter(news()), dims=50, seed=1)

    assert again.array.tobytes() == learned.array.tobytes()
    assert again.words == learned.words
    assert again.card == learned.card


def test_the_number_of_threads_changes_no_bit():
    weighed = sparse.random(3_000, 3_000, 0.01, "csr", np.float32, rng=np.random.default_rng(1))

    found = set()
    # The first one loads libraries whose threads the ones after it are limited to.
    for threads in (2, 1, 2):
        with threadpool_limits(threads):
            found.add(vectors._decomposed(weighed, 100, 1).tobytes())

    assert len(found) == 1


def test_every_word_that_comes_often_enough_has_a_row_the_most_frequent_first(learned):
    texts = news()
    counts: dict[str, int] = {}
    for token in chain.from_iterable(map(tokens, texts)):
        counts[token] = counts.get(token, 0) + 1

    assert set(learned.words) == {word for word, count in counts.items() if count >= 3}
    assert [counts[word] for word in learned.words] == sorted(
        (count for count in counts.values() if count >= 3), reverse=True
    )


def test_a_word_that_the_corpus_does_not_have_adds_nothing(learned):
    rows = learned.rows(["unheard", "troops", ""])

    assert rows.shape == (3, 50)
    assert rows.dtype == np.float32
    assert not rows[0].any()
    assert rows[1].any()
    assert not rows[2].any()
    assert learned.rows([]).shape == (0, 50)


def test_frequent_words_weigh_less_in_a_text(learned):
    the, full_stop, rare = learned.rows(["the", ".", "shells"])

    assert np.linalg.norm(the) < 0.2 * np.linalg.norm(rare)
    assert np.linalg.norm(full_stop) < 0.2 * np.linalg.norm(rare)


def test_pairs_are_counted_as_by_hand_and_never_across_texts():
    # a b a | c a, two tokens to each side: a beside b twice at 1, a with a once at 1/2, c-a at 1.
    corpus = vectors._Corpus(
        lexicon=("a", "b", "c"),
        ids=np.array([0, 1, 0, 2, 0], np.int32),
        text_of=np.array([0, 0, 0, 1, 1], np.int32),
        texts=2,
        sha256="",
    )

    counts = vectors._company(corpus, corpus.ids, 3, 2, lambda *step: None, 4)

    assert counts.toarray().tolist() == [[0.5, 2.0, 1.0], [0, 0, 0], [0, 0, 0]]


def test_information_is_that_of_levy_goldberg_and_dagan():
    rng = np.random.default_rng(0)
    half = np.triu(rng.integers(0, 4, (6, 6))).astype(np.float32)
    whole = half + half.T
    context = whole.sum(axis=0) ** 0.75
    with np.errstate(divide="ignore"):
        wanted = np.log(
            (whole / whole.sum())
            / (whole.sum(axis=1, keepdims=True) / whole.sum() * context / context.sum())
        )

    found = vectors._ppmi(sparse.csr_matrix(half)).toarray()

    np.testing.assert_allclose(found, np.maximum(wanted, 0), atol=1e-5)


def test_a_text_that_comes_again_counts_once(learned):
    twice = learn_vectors([*news(), *news()[:700], "  ", ""], dims=50, seed=1)

    assert twice.card == learned.card
    assert twice.array.tobytes() == learned.array.tobytes()


def test_the_card_says_what_they_were_learned_from(learned):
    card = learned.card

    assert (card["method"], card["texts"], card["seed"]) == ("ppmi-svd", 1_500, 1)
    assert (card["words"], card["dims"]) == learned.array.shape
    assert card["tokens"] == sum(len(tokens(text)) for text in news())


def test_progress_is_told_from_reading_to_the_end():
    told: list[tuple[int, int, str]] = []

    learn_vectors(news(), dims=50, window=3, seed=1, progress=lambda *step: told.append(step))

    assert told[0][2] == "0 tokens read"
    assert told[-1][:2] == (5, 5)
    steps = [done for done, total, _ in told if total]
    assert steps == sorted(steps)


@pytest.mark.parametrize("texts", [[], [""], [" \n", "\t"]])
def test_no_text_is_told(texts):
    with pytest.raises(ModelError, match="there is no text to learn from; import articles"):
        learn_vectors(texts, seed=1)


def test_too_little_text_is_told_with_what_is_needed():
    with pytest.raises(ModelError, match=r"only 1 words stand in it .* 200 dimensions need 400"):
        learn_vectors(["troops at the border", "troops again", "and troops"], seed=1)


def test_too_many_dimensions_for_the_words_are_told_with_what_would_do():
    with pytest.raises(ModelError, match=r"1000 dimensions need 2,000: .* --dims 150$"):
        learn_vectors(news(), dims=1_000, seed=1)


def test_a_corpus_larger_than_fits_is_refused_as_it_is_read(monkeypatch):
    monkeypatch.setattr(vectors, "MOST_TOKENS", 5_000)
    monkeypatch.setattr(vectors, "AT_ONCE", 100)
    texts = iter(news())

    with pytest.raises(ModelError, match="more than 5,000 tokens"):
        learn_vectors(texts, seed=1)
    assert next(texts, None) is not None


def test_text_of_any_script_and_half_characters_are_words_too():
    odd = ["Ереван граница \ud800 ճանապարհ 🕊️"] + [f"{text} ճանապարհ \ud800" for text in news()]

    learned = learn_vectors(odd, dims=50, seed=1)

    assert learned.rows(["ճանապարհ"]).any()


def test_using_vectors_imports_no_scikit_learn():
    asked = "import sys; import annotator.learn.vector_files; print('sklearn' in sys.modules)"

    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)

    assert told.stdout.strip() == "False"
