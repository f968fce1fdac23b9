"""Which sentences stand around which, however an article was cut, and whether or not it counts."""

from __future__ import annotations

import numpy as np
import pytest

from annotator.learn.context import NOWHERE
from annotator.store import tables
from annotator.workflow import boundaries, catalogue, importing, projects
from annotator.workflow.boundaries import Boundary
from annotator.workflow.neighbours import ReadingOrder, near_unit
from annotator.workflow.sources import from_uploads

ROAD = ["The road is shut.", "It rained and the envoy left.", "Nobody came.", "It was late."]
SEA = ["The sea is calm.", "Boats went out."]


@pytest.fixture
def project(one_question, tmp_path):
    """Two articles, in which no sentence stands twice."""
    made = projects.create(tmp_path / "p.annotator", [one_question])
    files = [("road.txt", " ".join(ROAD).encode()), ("sea.txt", " ".join(SEA).encode())]
    list(importing.import_sources(made.store, made.seed, from_uploads(files)))
    yield made
    projects.close_project(made.path)


def unit(project, text):
    """The unit of that text."""
    return next(one for one in tables.units(project.store) if one.text == text)


def split(project, text, before):
    """Split a sentence before these words."""
    found = unit(project, text)
    at = found.start + text.index(before)
    return boundaries.change(project, Boundary(op="split", unit=found.unit_id, at=at), "ana")


def in_reading_order(project):
    order = ReadingOrder.of(project.store)
    rising = sorted(order.seqs.tolist())
    text_of = tables.texts_of(project.store, rising)
    return [text_of[seq] for seq in order.seqs.tolist()], order.documents.tolist()


def test_articles_are_read_one_behind_the_other(project):
    texts, documents = in_reading_order(project)

    assert texts == [*ROAD, *SEA]
    assert [documents.count(one) for one in dict.fromkeys(documents)] == [4, 2]


def test_the_parts_of_a_split_sentence_are_read_where_it_stood(project):
    last = max(one.seq for one in tables.units(project.store))

    split(project, ROAD[1], "and")

    texts, _ = in_reading_order(project)
    assert texts == [ROAD[0], "It rained", "and the envoy left.", *ROAD[2:], *SEA]
    assert unit(project, "and the envoy left.").seq > last


def test_around_a_sentence_stand_two_on_either_side_of_its_own_article(project):
    split(project, ROAD[1], "and")

    near = near_unit(project.store, unit(project, "and the envoy left.").unit_id)

    assert near == (("It rained", ROAD[2]), (ROAD[0], ROAD[3]))
    assert near_unit(project.store, unit(project, SEA[0]).unit_id) == ((SEA[1],), ())


def test_one_unit_and_many_have_the_same_texts_around_them(project):
    split(project, ROAD[1], "and")
    units = list(tables.units(project.store))

    many = ReadingOrder.of(project.store).near(project.store, [one.seq for one in units])

    assert many == [near_unit(project.store, one.unit_id) for one in units]


def test_shares_are_in_the_order_of_the_numbers_that_are_given(project):
    split(project, ROAD[1], "and")
    order = ReadingOrder.of(project.store)
    seqs = np.sort(order.seqs)

    shares = order.around(seqs).shares.toarray()

    at = {one.text: int(np.searchsorted(seqs, one.seq)) for one in tables.units(project.store)}
    row = shares[at["and the envoy left."]]
    expected = {"It rained": 0.5, ROAD[2]: 0.5, ROAD[0]: 0.25, ROAD[3]: 0.25}
    assert {text: row[place] for text, place in at.items() if row[place]} == expected
    assert np.count_nonzero(shares[at[SEA[1]]]) == 1


def test_in_a_retired_article_sentences_keep_their_neighbours(project):
    last = unit(project, ROAD[3])

    catalogue.retire(project.store, [last.document_id], who="ana")

    assert [one.text for one in tables.units(project.store)] == SEA
    assert in_reading_order(project)[0] == [*ROAD, *SEA]
    assert near_unit(project.store, last.unit_id) == ((ROAD[2],), (ROAD[1],))


def test_around_a_unit_that_is_not_there_stands_nothing(project):
    gone = unit(project, ROAD[1])
    split(project, ROAD[1], "and")

    assert near_unit(project.store, gone.unit_id) == NOWHERE
    assert ReadingOrder.of(project.store).near(project.store, [gone.seq]) == [NOWHERE]


def test_an_article_of_one_sentence_has_no_neighbours(project):
    more = from_uploads([("one.txt", b"Only this.")])
    list(importing.import_sources(project.store, project.seed, more))

    assert near_unit(project.store, unit(project, "Only this.").unit_id) == NOWHERE
