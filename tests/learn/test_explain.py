"""Why a code is suggested, in words a coder can read."""

from __future__ import annotations

import numpy as np
import pytest

from annotator.core.errors import ModelError
from annotator.learn.artefact import save
from annotator.learn.context import in_a_row
from annotator.learn.explain import AROUND, contributions, explain
from annotator.learn.fit import fit
from annotator.learn.model import Column
from annotator.learn.tokens import tokenise, tokens

SECURITY = Column("frame", "", "security")
SENTENCE = "“Troops raid the border-town”, officials said: the troops of Норвания 🕊️ — again."


def test_the_words_that_carry_the_code_come_first(model):
    told = explain(model, SENTENCE, SECURITY)

    assert {"troops", "raid"} <= {term for term, _ in told[:3]}
    assert told[0][1] > 0


def test_terms_are_words_of_the_sentence_and_at_most_twelve(model):
    longer = f"{SENTENCE} The envoy spoke on Tuesday about wheat prices while reporters waited."

    told = explain(model, longer, SECURITY)

    assert len(told) == 12
    assert {term for term, _ in told} <= set(tokens(longer))
    assert [abs(w) for _, w in told] == sorted((abs(w) for _, w in told), reverse=True)


@pytest.mark.parametrize("text", [SENTENCE, "troops troops TROOPS", "", "a — ! 🕊️", "İ ﬁne border"])
@pytest.mark.parametrize("at", [0, 1, 2])
def test_all_words_together_are_the_whole_decision_but_for_its_offset(model, text, at):
    score = float(model.score([text])[0, at])

    said = sum(contributions(model, text, model.columns[at]).values())
    offset = model.sigmoids.offset[at]

    assert said == pytest.approx(np.log(score / (1 - score)) - offset, abs=1e-3)


def test_a_word_that_is_repeated_is_named_once(model):
    assert [term for term, _ in explain(model, "troops Troops TROOPS", SECURITY)] == ["troops"]


def test_a_word_the_model_never_saw_speaks_by_the_pieces_it_shares(model):
    told = dict(explain(model, "xqx counterpatrols", SECURITY))

    assert told["counterpatrols"] > 0
    assert "xqx" not in told


def test_a_saved_model_explains_as_the_fitted_one(model, tmp_path):
    save(model, tmp_path, model_id="m", created_at="2031-04-05T10:00:00Z", provenance={})

    assert explain(tmp_path, SENTENCE, SECURITY) == explain(model, SENTENCE, SECURITY)


def test_a_code_that_was_not_learned_has_no_reasons(table):
    table[SECURITY.key] = np.nan

    model = fit(table, [SECURITY], seed=1, progress=lambda *step: None)

    assert explain(model, SENTENCE, SECURITY) == []


def test_an_unknown_code_is_named(model):
    with pytest.raises(ModelError, match=r"does not know frame\|\|weather"):
        explain(model, SENTENCE, Column("frame", "", "weather"))


def test_the_sentences_around_are_named_beside_the_words_and_make_the_decision_whole(in_runs):
    model = fit(in_runs(), [SECURITY], seed=1, progress=lambda *step: None)
    text, near = "The envoy spoke", (("Troops raid the border",), ("A militia patrol",))

    parts = contributions(model, text, SECURITY, near)

    texts = tokenise([text, *near[0], *near[1]])
    decisions = model.decide(texts, model.of_tokens(texts.lexicon))
    around = in_a_row(np.array(["one article"] * 3))
    score = float(model.scores_in_context(decisions, around)[0, 0])
    assert parts[AROUND] > 0
    assert sum(parts.values()) == pytest.approx(
        np.log(score / (1 - score)) - model.sigmoids.offset[0], abs=1e-3
    )
