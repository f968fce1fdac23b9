"""Codes that are cut where an analyst says: how it is written and kept, and what comes of it."""

from __future__ import annotations

import random

import pytest

from annotator.core.errors import ModelError
from annotator.learn.model import Column
from annotator.store import jobs
from annotator.workflow import cuts, overview, training
from tests.small import code_rows, codebook, small_project
from tests.terminal import annotator

STANCE = """
[[variable]]
name = "stance"
choice = "one"
codes = "favor-against"
targets = [{ name = "osten", title = "Osten" }, { name = "velmar", title = "Velmar" }]
"""
BOOK = codebook("border", "road", rare="Hardly ever.", more=STANCE)
FILLER = ("envoy", "river", "town", "waited", "others", "gave", "no", "further", "word", "today")
BORDER = Column("frame", "", "border").key
ROAD = Column("frame", "", "road").key


@pytest.fixture
def project(tmp_path):
    """A border is coded half of the time where its word stands, nearly always where both do.

    A road is coded where one of its words stands, most of the time, and never where both do: what
    looks most like one is none.
    """
    chance = random.Random(4)

    def row(number):
        of_border = [[], [], ["frontier"], ["frontier", "checkpoint"]][chance.randrange(4)]
        of_road = [word for word in ("gravel", "asphalt") if chance.random() < 0.3]
        words = [*chance.sample(FILLER, 7), f"n{number}", *of_border, *of_road]
        codes = ["border"] if chance.random() < (0, 0.5, 0.97)[len(of_border)] else []
        codes += ["road"] if len(of_road) == 1 and chance.random() < 0.7 else []
        return " ".join(words), ";".join(codes)

    with small_project(tmp_path, BOOK) as made:
        code_rows(made, [row(number) for number in range(240)])
        yield made


def cards(project):
    _, card = jobs.model(project.store)
    return {f"{one.variable}|{one.target}|{one.code}": one for one in overview.code_cards(card)}


def run(*words, code=0):
    return annotator(*words, code=code)


@pytest.mark.parametrize(
    ("told", "places"),
    [
        ("border=0.8", ["frame||border"]),
        (" frame:border = .8", ["frame||border"]),
        ("stance:osten:favor=0.8", ["stance|osten|favor"]),
        ("stance:favor=0.8", ["stance|osten|favor", "stance|velmar|favor"]),
        ("favor=0.8", ["stance|osten|favor", "stance|velmar|favor"]),
    ],
)
def test_a_code_may_be_named_as_shortly_as_its_name_is_its_own(project, told, places):
    assert cuts.written([told], project.scheme) == dict.fromkeys(places, 0.8)


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("border", "'border': write CODE=0.8, or CODE=f1"),
        ("bordr=0.8", "'bordr' is no code of this project"),
        ("stance:paris:favor=0.8", "is no code of this project"),
        ("border=80", "a precision is a number above 0 and up to 1, or f1"),
        ("border=0", "a precision is a number"),
        ("border=nan", "a precision is a number"),
        ("border=high", "'border=high': a precision is a number"),
    ],
)
def test_what_is_written_wrongly_is_told_in_one_sentence_and_nothing_is_kept(project, told, said):
    with pytest.raises(ModelError, match=said):
        cuts.written(["road=0.7", told], project.scheme)

    done = run("train", project.path, "--precision", "road=0.7", "--precision", told, code=1)

    assert len(done.stderr.splitlines()) == 1
    assert cuts.precisions(project.store) == {}
    assert jobs.latest(project.store) is None


def test_what_is_wanted_of_one_code_leaves_the_others_and_is_taken_back_alone(project):
    cuts.want(project.store, {BORDER: 0.8, ROAD: 0.6})
    cuts.want(project.store, {BORDER: 0.9})
    cuts.want(project.store, {ROAD: None})

    assert cuts.precisions(project.store) == {BORDER: 0.9}


def test_a_code_is_cut_where_the_wanted_share_is_right_by_every_training_from_then_on(project):
    training.train(project)
    before = cards(project)[BORDER]

    run("train", project.path, "--precision", "border=0.9")
    run("train", project.path)

    after = cards(project)[BORDER]
    assert (before.wanted_precision, after.wanted_precision) == (None, 0.9)
    assert before.precision < after.precision
    assert before.recall > after.recall
    assert after.threshold > before.threshold
    assert overview.cut_for(after) == "cut where 90 % are right"

    run("train", project.path, "--precision", "border=f1")

    assert cards(project)[BORDER] == before


def test_a_precision_out_of_reach_suggests_nothing_and_the_command_says_so(project):
    done = run("train", project.path, "--precision", "road=0.95")

    road = cards(project)[ROAD]
    assert overview.is_out_of_reach(road)
    assert road.desk_threshold is None
    assert overview.missing(road) == "no threshold reaches 95 % right"
    assert "no threshold reaches" in " ".join(done.stdout.split())
