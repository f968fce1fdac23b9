"""What a model leaves for choosing: two views of a sentence, and codes that it has not learned."""

from __future__ import annotations

import numpy as np
import pytest

from annotator.core.progress import silent
from annotator.learn.fit import fit
from annotator.learn.leads import TwoViews, hinted, unlearned
from annotator.learn.model import Model
from annotator.learn.tokens import tokenise

TEXTS = ["The harbour was blockaded again.", "Talks went on.", "Nobody spoke of ships."]


@pytest.fixture(scope="module")
def late(make_table, columns) -> Model:
    """A model that learned all codes but the last, which nobody was asked about."""
    table = make_table(n=120).assign(**{columns[-1].key: np.nan})
    return fit(table, columns, seed=1, progress=silent)


def parts_of(model: Model, texts: list[str]):
    cut = tokenise(texts)
    return model.parts(cut, model.of_tokens(cut.lexicon))


def test_a_code_that_is_not_learned_is_where_its_own_words_are(late, columns):
    at = unlearned(late)[0]
    told = hinted(late, {columns[at].key: ["Harbours that are blockaded"]})

    likeness = told.whole(parts_of(told, TEXTS))[:, at]

    assert likeness.argmax() == 0
    assert likeness[0] > 0


def test_hints_change_no_score_of_what_is_learned(late, columns):
    told = hinted(late, {columns[at].key: ["harbour"] for at in unlearned(late)})

    np.testing.assert_array_equal(told.score(TEXTS), late.score(TEXTS))


def test_without_words_of_the_codebook_there_is_no_likeness(late):
    told = hinted(late, {})

    assert not told.whole(parts_of(told, TEXTS))[:, unlearned(late)].any()


def test_the_parts_add_up_to_the_decision(model):
    cut = tokenise(TEXTS)
    of_tokens = model.of_tokens(cut.lexicon)

    parts = model.parts(cut, of_tokens)

    np.testing.assert_allclose(sum(parts.added), model.decide(cut, of_tokens), atol=1e-5)


def test_views_that_say_the_same_are_not_apart_and_others_are(model, make_table):
    parts = parts_of(model, make_table(n=200, seed=5)["text"].tolist())
    views = TwoViews.of(model, parts)
    letters = [block.kind for block in model.blocks].index("letters")
    turned = [-added if at == letters else added for at, added in enumerate(parts.added)]

    usual = views.apart(parts)
    against = views.apart(parts._replace(added=tuple(turned)))

    assert ((usual >= 0) & (usual <= 1)).all()
    assert against.mean() > 2 * usual.mean()
