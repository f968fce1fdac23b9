"""Why a code is suggested, as the desk tells it: words with their parts, and all else together."""

from __future__ import annotations

import math
import random

import pytest

from annotator.learn.model import Column
from annotator.store import tables
from annotator.store.queue import Seat
from annotator.workflow import desk, suggesting, training
from tests.small import code_rows, codebook, small_project

BORDER = Column("frame", "", "border")
SEAT = Seat("bela")
WORDS = (
    "envoy river town waited others gave no further word today spoke plan again nobody came late"
)


@pytest.fixture
def project(tmp_path):
    """Two hundred sentences of many words and marks; a border is coded where its word stands."""
    chance = random.Random(4)

    def row(number):
        named = number % 3 == 0
        words = chance.sample(WORDS.split(), 15) + (["frontier"] if named else [])
        return f"“{' '.join(words)}”, n{number}!?", "border" if named else ""

    with small_project(tmp_path, codebook("border")) as made:
        code_rows(made, [row(number) for number in range(200)])
        training.train(made)
        yield made


def reasons(project):
    """What the desk tells of each sentence that may be coded with suggestions."""
    told = (desk.why(project, SEAT, one.unit_id, BORDER) for one in tables.units(project.store))
    return [one for one in told if one]


def test_reasons_are_words_the_weightiest_first_and_no_marks(project):
    for told in reasons(project):
        terms = [term["term"] for term in told["terms"]]
        weights = [abs(term["weight"]) for term in told["terms"]]
        assert 0 < len(terms) <= 12
        assert all(any(map(str.isalnum, term)) for term in terms)
        assert weights == sorted(weights, reverse=True)


def test_the_word_that_carries_the_code_comes_first(project):
    sure = [told for told in reasons(project) if told["score"] > 0.9]

    assert sure
    assert {told["terms"][0]["term"] for told in sure} == {"frontier"}


def test_reasons_and_all_else_together_are_the_whole_score(project):
    model = suggesting.loaded(project.store, "m1")
    offset = float(model.sigmoids.offset[0])

    for told in reasons(project):
        said = sum(term["weight"] for term in told["terms"]) + told["rest"]
        assert 1 / (1 + math.exp(-said - offset)) == pytest.approx(told["score"], abs=1e-3)


def test_the_score_from_which_the_desk_shows_the_code_is_told(project):
    (border,) = model_cards(project)

    assert {told["shown_from"] for told in reasons(project)} == {border.desk_threshold}


def model_cards(project):
    return suggesting.loaded(project.store, "m1").cards
