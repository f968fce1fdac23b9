"""Samples of a project: drawn from what there is, drawn again the same, extended, exported."""

from __future__ import annotations

import csv
import io
import json
import math
from collections import Counter

import pytest

from annotator.core.annotation import Event
from annotator.core.document import Draft, Segment
from annotator.core.errors import RejectedEventError
from annotator.store import catalogue, documents, events, lists, tables
from annotator.store.events import Told
from annotator.store.lists import Listed
from annotator.workflow import exporting, labelling, plans, projects

AT = "2025-06-01T09:00:00+00:00"
LATER = "2025-07-01T09:00:00+00:00"


def article(name: str, sentences: int, source: str = "", published: str = ""):
    texts = [f"Sentence {n} of {name}." for n in range(sentences)]
    segments, at = [], 0
    for text in texts:
        segments.append(Segment(start=at, end=at + len(text), paragraph=0, part="lead"))
        at += len(text) + 1
    about = {"file": f"{name}.txt", "file_sha256": "0" * 64, "source": source}
    return Draft(text=" ".join(texts), published=published, **about), segments


def add(project, *articles, at=AT):
    documents.add_documents(project.store, articles, segmenter="toy", draw=lambda unit: 0.5, at=at)


@pytest.fixture
def make(tmp_path, one_question):
    opened = []

    def made(name: str):
        project = projects.create(tmp_path / f"{name}.annotator", [one_question])
        opened.append(project)
        add(
            project,
            article("north", 12, "Courier", "2031-04-02"),
            article("south", 3, "Courier", "2031-05"),
            article("east", 8, "Courier", "2031-04-20"),
            article("west", 5, "Gazette", "2031-04-09"),
            article("hill", 1, "Gazette"),
        )
        return project

    yield made
    for project in opened:
        project.store.close()


@pytest.fixture
def project(make):
    return make("first")


def ids(project, name):
    return [one.unit_id for one in lists.units(project.store, name)]


def decide(project, unit, number, queue="", coder="ana"):
    stated = {
        "uuid": f"decision-{number:04}",
        "op": "set",
        "unit": unit,
        "scheme": 1,
        "client_at": AT,
    }
    event = Event.model_validate(stated | {"queue": queue})
    events.record_all(project.store, [Told(coder, event, AT)])


def labels(project):
    text = exporting.as_bytes(project.store, "labels").decode()
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_preview_promises_what_is_then_drawn(project):
    design = plans.design(by="source,month", rule="each", size=4)

    seen = plans.preview(project, design)
    made = plans.draw(project, "spring", design, seed=7)

    assert tuple(seen.strata) == made.strata
    assert [(one.name, one.held, one.drawn) for one in seen.strata] == [
        ("Courier · 2031-04", 20, 4),
        ("Courier · 2031-05", 3, 3),
        ("Gazette · 2031-04", 5, 4),
        ("Gazette · no date", 1, 1),
    ]
    assert Counter(one.stratum for one in lists.rows(project.store, "spring")) == {
        one.name: one.drawn for one in seen.strata
    }
    assert "2 strata hold less than was asked for" in seen.warnings[0]


@pytest.mark.parametrize(
    ("asked", "sentences"),
    [
        ({"of": "articles", "size": 5}, 29),
        ({"of": "two-stage", "size": 5, "per_article": 4}, 16),
        ({"of": "two-stage", "rule": "share", "size": 1, "per_article": 4, "by": "source"}, 16),
    ],
)
def test_the_sentences_that_articles_bring_in_are_foretold(project, asked, sentences):
    seen = plans.preview(project, plans.design(**asked))
    made = plans.draw(project, "spring", plans.design(**asked), seed=7)

    assert sum(one.sentences for one in seen.strata) == made.drawn == sentences


def test_two_projects_of_the_same_articles_draw_the_same_sample(make):
    one, other = make("first"), make("second")
    design = plans.design(by="source", size=10)

    plans.draw(one, "spring", design, seed=7)
    plans.draw(other, "spring", design, seed=7)

    assert ids(one, "spring") == ids(other, "spring")


def test_what_is_kept_is_enough_to_draw_again(project):
    design = plans.design(of="two-stage", by="source", rule="each", size=2, per_article=3)

    plans.draw(project, "spring", design, seed=7, title="Spring 2031", who="ana")

    plan = plans.known(project.store, "spring")
    kept = plans.settings_of(plan)
    assert (kept.design, kept.seed, kept.within, plan.heading) == (design, 7, "", "Spring 2031")
    assert kept.draws[0].documents == 5
    assert kept.draws[0].sentences == 29
    assert kept.draws[0].last_document == 5
    assert kept.draws[0].who == "ana"


def test_later_articles_are_sampled_on_their_own_and_earlier_draws_stay(project):
    plans.draw(project, "spring", plans.design(by="source", rule="share", size=0.5), seed=7)
    before = lists.rows(project.store, "spring")
    add(project, article("new", 9, "Courier"), article("far", 4, "Gazette"), at=LATER)

    made = plans.extend(project, "spring", who="ben")

    after = lists.rows(project.store, "spring")
    assert after[: len(before)] == before
    assert Counter(one.stratum for one in after[len(before) :]) == {
        "Courier · draw 2": 5,
        "Gazette · draw 2": 2,
    }
    assert made.drawn == 7
    by_stratum: dict[str, list[float]] = {}
    for one in after:
        by_stratum.setdefault(one.stratum, []).append(1 / one.probability)
    held = {one.name: one.held for one in plans.settings_of(made.plan).strata}
    assert {name: math.fsum(each) for name, each in by_stratum.items()} == pytest.approx(held)


def test_where_nothing_came_there_is_nothing_to_extend(project):
    plans.draw(project, "spring", plans.design(size=3), seed=7)

    with pytest.raises(RejectedEventError, match="no article came since 'spring'"):
        plans.extend(project, "spring")


def test_an_article_that_takes_the_place_of_a_removed_one_is_new(project):
    plans.draw(project, "spring", plans.design(size=1), seed=7)
    last = list(tables.units(project.store))[-1].document_id
    assert catalogue.remove(project.store, [last], "ana", AT).removed == [last]
    add(project, article("new", 2), at=LATER)

    assert plans.extend(project, "spring").drawn == 1


def test_copies_of_a_story_are_drawn_from_once(project):
    units = list(tables.units(project.store))
    first, second = units[0].document_id, units[12].document_id
    project.store.db.execute(
        "update document set cluster_id = ? where id in (?, ?)", (first, first, second)
    )

    made = plans.draw(project, "stories", plans.design(size=100, stories=True), seed=7)

    assert made.drawn == 29 - 3
    assert second not in {one.document_id for one in lists.units(project.store, "stories")}
    assert {one.probability for one in lists.rows(project.store, "stories")} == {1.0}


def test_a_copy_that_comes_later_is_no_new_story(project):
    first = next(tables.units(project.store)).document_id
    plans.draw(project, "stories", plans.design(size=4, stories=True), seed=7)
    add(project, article("copy", 3), article("news", 2), at=LATER)
    copy = list(tables.units(project.store))[29].document_id
    project.store.db.execute(
        "update document set cluster_id = ? where id in (?, ?)", (first, first, copy)
    )

    plans.extend(project, "stories")

    draws = plans.settings_of(plans.known(project.store, "stories")).draws
    assert [(one.documents, one.sentences) for one in draws] == [(5, 29), (1, 2)]


def test_a_set_can_be_drawn_from(project):
    rows = [Listed(unit.seq) for unit in tables.units(project.store) if "Sentence 0" in unit.text]
    lists.save(project.store, "openings", "set", "", {}, rows, who="ana", at=AT)

    plans.draw(project, "spring", plans.design(size=3), seed=7, within="openings")

    assert {one.probability for one in lists.rows(project.store, "spring")} == {3 / 5}
    assert all("Sentence 0" in one.text for one in lists.units(project.store, "spring"))


def test_retired_articles_are_drawn_from_no_more(project):
    gone = next(tables.units(project.store)).document_id
    catalogue.retire(project.store, [gone], "ana", AT)

    made = plans.draw(project, "spring", plans.design(size=100), seed=7)

    assert made.drawn == 17


@pytest.mark.parametrize(
    ("asked", "fault"),
    [
        ({"size": 2, "by": "source,month"}, "too few for 4 strata"),
        ({"size": 3, "by": "week,month"}, "one period"),
        ({"of": "articles", "by": "part"}, "differs within an article"),
    ],
)
def test_a_plan_that_cannot_be_drawn_leaves_nothing_behind(project, asked, fault):
    for try_ in (
        lambda: plans.preview(project, plans.design(**asked)),
        lambda: plans.draw(project, "spring", plans.design(**asked), seed=7),
    ):
        with pytest.raises(RejectedEventError, match=fault):
            try_()
    assert lists.everything(project.store) == []


def test_an_unknown_field_or_list_is_named(project):
    with pytest.raises(RejectedEventError, match="not by 'outlet'"):
        plans.design(by="outlet")
    with pytest.raises(RejectedEventError, match="no list 'june'"):
        plans.preview(project, plans.design(), within="june")
    with pytest.raises(RejectedEventError, match="no sample plan 'june'; there are: none"):
        plans.extend(project, "june")


def test_a_sample_as_a_table_has_probabilities_and_weights(project):
    plans.draw(project, "spring", plans.design(by="source", rule="each", size=2), seed=7)

    told = plans.csv_bytes(project.store, "spring").decode()

    rows = list(csv.DictReader(io.StringIO(told, newline="")))
    assert [row["position"] for row in rows] == ["1", "2", "3", "4"]
    for row in rows:
        held = {"Courier": 23, "Gazette": 6}[row["stratum"]]
        assert float(row["inclusion_probability"]) == 2 / held
        assert float(row["weight"]) == pytest.approx(held / 2)
    assert [row["unit_id"] for row in rows] == ids(project, "spring")


def test_labels_carry_the_plan_that_the_coder_worked_through(project):
    plans.draw(project, "large", plans.design(size=29), seed=7)
    plans.draw(project, "small", plans.design(size=2), seed=7)
    both, other = ids(project, "small")
    alone = next(one for one in ids(project, "large") if one not in {both, other})
    decide(project, both, 1, queue="small")
    decide(project, other, 2)
    decide(project, alone, 3)

    told = {row["unit_id"]: row for row in labels(project)}

    said = {unit: (row["sample_plan"], row["inclusion_probability"]) for unit, row in told.items()}
    # Drawn by both plans and coded through neither, the second one is told of none.
    assert said == {both: ("small", repr(2 / 29)), other: ("", ""), alone: ("large", "1.0")}


def test_labels_come_back_with_their_plan_only_where_that_plan_drew_the_unit(make, tmp_path):
    first, same, without = make("first"), make("second"), make("third")
    for project in (first, same):
        plans.draw(project, "spring", plans.design(size=6), seed=7)
    for number, unit in enumerate(ids(first, "spring")[:3]):
        decide(first, unit, number, queue="spring")
    file = tmp_path / "labels.csv"
    exporting.export(first.store, "labels", file)

    for project in (same, without):
        labelling.code_table(project.store, file)

    assert exporting.as_bytes(same.store, "labels") == file.read_bytes()
    assert lists.decided_through(same.store, "spring") == 3
    assert {row["sample_plan"] for row in labels(without)} == {""}
    through = "select count(*) from event where json_extract(payload, '$.queue') is not null"
    assert without.store.db.execute(through).fetchone() == (0,)


def test_settings_are_plain_json(project):
    plans.draw(project, "spring", plans.design(by="source", size=6), seed=7)

    row = project.store.db.execute("select settings from unit_list").fetchone()

    assert json.loads(row[0])["design"]["by"] == ["source"]
