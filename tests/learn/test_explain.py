"""Why a code is suggested, in words a coder can read."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from annotator.core.errors import ModelError
from annotator.learn.artefact import save
from annotator.learn.context import in_a_row
from annotator.learn.explain import AROUND, contributions, explain, places
from annotator.learn.fit import fit
from annotator.learn.model import Column
from annotator.learn.tokens import tokenise, tokens

SECURITY = Column("frame", "", "security")
SENTENCE = "“Troops raid the border-town”, officials said: the troops of Норвания 🕊️ — again."
TROUBLESOME = st.text("aİßΣ 🕊-_1ﬁ\u0307\u0301ა", max_size=20)


def test_the_words_that_carry_the_code_come_first(model):
    told = explain(model, SENTENCE, SECURITY).words

    assert {"troops", "raid"} <= {word.term for word in told[:3]}
    assert told[0].weight > 0


def test_reasons_are_words_of_the_sentence_and_at_most_twelve(model):
    longer = f"{SENTENCE} The envoy spoke on Tuesday about wheat prices while reporters waited."

    told = explain(model, longer, SECURITY).words

    assert len(told) == 12
    assert {word.term for word in told} <= set(tokens(longer))
    weights = [abs(word.weight) for word in told]
    assert weights == sorted(weights, reverse=True)


def test_marks_alone_are_no_reason_and_still_nothing_is_left_out(model):
    told = explain(model, SENTENCE, SECURITY)

    assert all(any(map(str.isalnum, word.term)) for word in told.words)
    assert sum(word.weight for word in told.words) + told.rest == pytest.approx(
        sum(contributions(model, SENTENCE, SECURITY).values())
    )


def test_every_place_of_a_repeated_word_is_told(model):
    (word,) = explain(model, "troops Troops — TROOPS", SECURITY).words

    assert word.term == "troops"
    assert word.places == ((0, 6), (7, 13), (16, 22))


@given(TROUBLESOME)
@example("İa ßİ")
def test_a_word_stands_where_it_is_said_to_stand(text):
    for term, where in places(text).items():
        for start, end in where:
            # Casefolded, because an alone Σ ends otherwise than one behind other letters.
            assert term.casefold() in text[start:end].lower().casefold()


@given(TROUBLESOME | st.text(max_size=80))
def test_every_word_of_a_text_has_its_places(text):
    words = Counter(one for one in tokens(text) if any(map(str.isalnum, one)))

    assert {term: len(where) for term, where in places(text).items()} == words


@pytest.mark.parametrize("text", [SENTENCE, "troops troops TROOPS", "", "a — ! 🕊️", "İ ﬁne border"])
@pytest.mark.parametrize("at", [0, 1, 2])
def test_all_words_together_are_the_whole_decision_but_for_its_offset(model, text, at):
    score = float(model.score([text])[0, at])

    said = sum(contributions(model, text, model.columns[at]).values())
    offset = model.sigmoids.offset[at]

    assert said == pytest.approx(np.log(score / (1 - score)) - offset, abs=1e-3)


def test_a_word_the_model_never_saw_speaks_by_the_pieces_it_shares(model):
    told = {word.term: word.weight for word in explain(model, "xqx counterpatrols", SECURITY).words}

    assert told["counterpatrols"] > 0
    assert "xqx" not in told


def test_a_saved_model_explains_as_the_fitted_one(model, tmp_path):
    save(model, tmp_path, model_id="m", created_at="2031-04-05T10:00:00Z", provenance={})

    assert explain(tmp_path, SENTENCE, SECURITY) == explain(model, SENTENCE, SECURITY)


def test_a_code_that_was_not_learned_has_no_reasons(table):
    table[SECURITY.key] = np.nan

    model = fit(table, [SECURITY], seed=1, progress=lambda *step: None)

    assert explain(model, SENTENCE, SECURITY) == ((), 0, 0)


def test_an_unknown_code_is_named(model):
    with pytest.raises(ModelError, match=r"does not know frame\|\|weather"):
        explain(model, SENTENCE, Column("frame", "", "weather"))


def test_the_sentences_around_are_named_beside_the_words_and_make_the_decision_whole(in_runs):
    model = fit(in_runs(), [SECURITY], seed=1, progress=lambda *step: None)
    text, near = "The envoy spoke", (("Troops raid the border",), ("A militia patrol",))

    parts = contributions(model, text, SECURITY, near)
    told = explain(model, text, SECURITY, near=near)

    texts = tokenise([text, *near[0], *near[1]])
    decisions = model.decide(texts, model.of_tokens(texts.lexicon))
    around = in_a_row(np.array(["one article"] * 3))
    score = float(model.scores_in_context(decisions, around)[0, 0])
    assert told.around == parts[AROUND] > 0
    assert sum(parts.values()) == pytest.approx(
        np.log(score / (1 - score)) - model.sigmoids.offset[0], abs=1e-3
    )
