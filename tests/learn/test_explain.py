"""Why a code is suggested, in words a coder can read."""

from __future__ import annotations

import numpy as np
import pytest

from annotator.core.errors import ModelError
from annotator.learn.artefact import save
from annotator.learn.explain import contributions, explain
from annotator.learn.model import Column, fit

SECURITY = Column("frame", "", "security")
SENTENCE = "“Troops raid the border-town”, officials said: the troops of Норвания 🕊️ — again."


@pytest.fixture
def model(table, columns):
    return fit(table, columns, seed=1, progress=lambda *step: None)


def test_the_words_that_carry_the_code_come_first(model):
    told = explain(model, SENTENCE, SECURITY)

    assert {"troops", "raid"} <= {term for term, _ in told[:3]}
    assert told[0][1] > 0


def test_terms_are_words_of_the_sentence_and_at_most_twelve(model):
    told = explain(model, f"{SENTENCE} {SENTENCE}", SECURITY)

    plain = SENTENCE.lower()
    assert len(told) == 12
    assert all(word in plain for term, _ in told for word in term.split())
    assert [abs(w) for _, w in told] == sorted((abs(w) for _, w in told), reverse=True)


@pytest.mark.parametrize("text", [SENTENCE, "troops troops TROOPS", "", "a — ! 🕊️", "İ ﬁne border"])
def test_all_terms_together_are_the_whole_decision(model, text):
    decision = (model.features.transform([text]) @ model.weights)[0, 0]

    assert sum(contributions(model, text, SECURITY).values()) == pytest.approx(decision, abs=1e-5)


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
