"""Samples that statistics accept: the probabilities are those with which units are drawn."""

from __future__ import annotations

import math
from collections import Counter
from fractions import Fraction
from itertools import groupby
from statistics import fmean, stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.errors import RejectedEventError
from annotator.learn import plans
from annotator.learn.plans import About, Design, Unit

SIZES = st.dictionaries(st.text("abcdef", min_size=1, max_size=3), st.integers(1, 60), min_size=1)


def frame(articles: dict[str, tuple[str, int]]) -> list[Unit]:
    """Articles by name, each with its stratum and its number of sentences."""
    named = [
        (name, f"{name}:{number}", stratum)
        for name, (stratum, sentences) in articles.items()
        for number in range(sentences)
    ]
    return [Unit(seq, id_, name, stratum) for seq, (name, id_, stratum) in enumerate(named)]


def of_strata(sizes: dict[str, int]) -> list[Unit]:
    """One article of that many sentences in each stratum."""
    return frame({f"article-{name}": (name, size) for name, size in sizes.items()})


PAPERS = frame(
    {
        "a1": ("Courier", 12),
        "a2": ("Courier", 3),
        "a3": ("Courier", 1),
        "a4": ("Courier", 8),
        "b1": ("Gazette", 5),
        "b2": ("Gazette", 2),
        "c1": ("Post", 4),
    }
)

DESIGNS = [
    Design(size=9),
    Design(rule="share", size=0.3),
    Design(rule="each", size=4, by=("source",)),
    Design(rule="equal", size=14, by=("source",)),
    Design(of="articles", rule="each", size=1, by=("source",)),
    Design(of="articles", size=4),
    Design(of="two-stage", rule="each", size=2, per_article=3, by=("source",)),
    Design(of="two-stage", size=3, per_article=2),
]


@given(SIZES, st.sampled_from(["proportional", "equal"]), st.data())
def test_a_total_is_parted_without_remainder_and_no_stratum_is_left_out(sizes, rule, data):
    total = data.draw(st.integers(len(sizes), sum(sizes.values()) + 5))

    parts = plans.allocate(sizes, Design(rule=rule, size=total))

    assert sum(parts.values()) == min(total, sum(sizes.values()))
    assert all(1 <= parts[name] <= size for name, size in sizes.items())


@given(SIZES, st.data())
def test_in_proportion_no_stratum_is_further_than_one_from_its_part(sizes, data):
    total = data.draw(st.integers(len(sizes), sum(sizes.values())))
    fair = {name: Fraction(total * size, sum(sizes.values())) for name, size in sizes.items()}

    parts = plans.allocate(sizes, Design(size=total))

    if min(fair.values()) >= 1:
        assert all(abs(parts[name] - fair[name]) < 1 for name in sizes)


def test_proportional_allocation_is_as_in_cochrans_example():
    # Cochran (1977), table 5.1: 64 large and small cities in two strata of 16 and 48, n = 24.
    assert plans.allocate({"large": 16, "small": 48}, Design(size=24)) == {"large": 6, "small": 18}


def test_what_a_small_stratum_cannot_give_in_equal_parts_the_others_give():
    parts = plans.allocate({"a": 2, "b": 50, "c": 50}, Design(rule="equal", size=30))

    assert parts == {"a": 2, "b": 14, "c": 14}


def test_a_total_below_the_number_of_strata_is_refused_with_a_remedy():
    with pytest.raises(RejectedEventError, match="2 sentences are too few for 3 strata"):
        plans.allocate({"a": 9, "b": 9, "c": 9}, Design(size=2))


@pytest.mark.parametrize(("share", "asked"), [(0.5, [5, 1, 3]), (0.1, [1, 1, 1]), (1, [10, 1, 5])])
def test_a_share_is_rounded_by_half_and_takes_at_least_one(share, asked):
    parts = plans.allocate({"a": 10, "b": 1, "c": 5}, Design(rule="share", size=share))

    assert list(parts.values()) == asked


@given(SIZES, st.integers(1, 70), st.integers(0, 10**6))
def test_one_over_the_probability_sums_to_what_the_stratum_holds(sizes, each, seed):
    drawn = plans.draw(of_strata(sizes), Design(rule="each", size=each), seed=seed, name="p")

    for name, size in sizes.items():
        inside = [one for one in drawn if one.stratum == name]
        assert len(inside) == min(each, size)
        assert math.isclose(math.fsum(1 / one.probability for one in inside), size)


@given(st.integers(0, 10**6))
def test_a_stratum_with_less_than_was_asked_for_is_taken_whole(seed):
    design = Design(rule="each", size=6, by=("source",))

    drawn = plans.draw(of_strata({"many": 60, "few": 4}), design, seed=seed, name="p")

    assert [one.probability for one in drawn if one.stratum == "few"] == [1.0] * 4
    assert {one.probability for one in drawn if one.stratum == "many"} == {0.1}


@pytest.mark.parametrize("design", DESIGNS, ids=str)
def test_a_unit_is_drawn_as_often_as_its_probability_says(design):
    seeds = 1500
    drawn: Counter[int] = Counter()
    said: dict[int, float] = {}
    for seed in range(seeds):
        for one in plans.draw(PAPERS, design, seed=seed, name="p"):
            drawn[one.seq] += 1
            said[one.seq] = one.probability

    assert len(said) == len(PAPERS)
    for seq, probability in said.items():
        error = math.sqrt(probability * (1 - probability) / seeds)
        assert abs(drawn[seq] / seeds - probability) <= 4.5 * error


@pytest.mark.parametrize("design", DESIGNS, ids=str)
def test_the_horvitz_thompson_estimate_of_a_total_is_unbiased(design):
    # A code that stands in long articles of one outlet, where weights matter most.
    carrying = {unit.seq for unit in PAPERS if unit.document in {"a1", "b2"} or unit.seq % 5 == 0}
    estimates = [
        math.fsum(1 / one.probability for one in sample if one.seq in carrying)
        for sample in (plans.draw(PAPERS, design, seed=s, name="p") for s in range(1500))
    ]

    error = stdev(estimates) / math.sqrt(len(estimates))
    assert abs(fmean(estimates) - len(carrying)) <= 4 * error + 1e-9


def test_in_two_stages_the_probability_is_the_product_also_of_short_articles():
    design = Design(of="two-stage", rule="each", size=2, per_article=3, by=("source",))
    of_article = {unit.seq: unit.document for unit in PAPERS}
    # Two of four articles of the Courier, then three of a1's twelve, all of a2's three, a3's one.
    expected = {"a1": 2 / 4 * 3 / 12, "a2": 2 / 4, "a3": 2 / 4, "a4": 2 / 4 * 3 / 8}

    told = {
        of_article[one.seq]: one.probability
        for seed in range(60)
        for one in plans.draw(PAPERS, design, seed=seed, name="p")
    }

    assert {name: told[name] for name in expected} == pytest.approx(expected, rel=1e-15)
    assert told["c1"] == 3 / 4  # the only article, with probability 1


def test_a_drawn_article_comes_whole_and_in_its_order():
    drawn = plans.draw(PAPERS, Design(of="articles", size=3), seed=4, name="p")

    runs = [list(run) for _, run in groupby(drawn, key=lambda one: PAPERS[one.seq].document)]
    assert len(runs) == 3
    for run in runs:
        document = PAPERS[run[0].seq].document
        assert [one.seq for one in run] == [u.seq for u in PAPERS if u.document == document]


def test_in_the_order_of_documents_the_same_units_are_listed():
    at_random = plans.draw(PAPERS, Design(size=12), seed=3, name="p")
    in_order = plans.draw(PAPERS, Design(size=12, in_order=True), seed=3, name="p")

    assert [one.seq for one in in_order] == sorted(one.seq for one in at_random)
    assert [one.seq for one in at_random] != [one.seq for one in in_order]


def test_the_same_seed_and_name_draw_the_same_whatever_the_order_of_reading():
    backwards = [*reversed(PAPERS)]

    first = plans.draw(PAPERS, Design(size=10), seed=11, name="may")

    assert plans.draw(backwards, Design(size=10), seed=11, name="may") == first
    # Written down once: what one machine draws, every other one draws.
    assert [one.seq for one in first] == [5, 2, 0, 16, 27, 20, 14, 18, 29, 31]


@pytest.mark.parametrize(("seed", "name"), [(12, "may"), (11, "june")])
def test_another_seed_or_name_draws_anew(seed, name):
    first = plans.draw(PAPERS, Design(size=10), seed=11, name="may")

    assert plans.draw(PAPERS, Design(size=10), seed=seed, name=name) != first


def test_what_is_not_known_is_a_stratum_of_its_own():
    known = About("Courier", "2031-05-04", "en", "", "lead", "direct")

    assert (
        plans.stratum_of(known, ("source", "week", "section")) == "Courier · 2031-W18 · no section"
    )
    assert plans.stratum_of(About(), ("source", "month")) == "no source · no date"
    assert plans.stratum_of(About(published="2031-05"), ("week",)) == "2031-05, no week"


def test_strata_that_are_short_alone_or_exhausted_are_told():
    design = Design(rule="each", size=5, by=("source",))
    short = plans.strata_of({"few": 2, "many": 80}, design)
    alone = plans.strata_of({"a": 9, "b": 9}, Design(rule="each", size=1))
    beyond = plans.strata_of({"all": 30}, Design(size=100))

    assert [(one.drawn, one.asked, one.probability) for one in short] == [
        (2, 5, 1.0),
        (5, 5, 0.0625),
    ]
    assert "1 stratum holds less than was asked for" in plans.warnings(short, design)[0]
    assert "cannot" in plans.warnings(alone, Design(rule="each", size=1))[0]
    assert plans.warnings(beyond, Design(size=100)) == [
        "There are 30 sentences, not 100: all of them are taken."
    ]


@pytest.mark.parametrize(
    ("design", "fault"),
    [
        (Design(size=0), "above 0"),
        (Design(size=math.nan), "above 0"),
        (Design(size=1.5), "whole"),
        (Design(rule="share", size=2), "at most 1"),
        (Design(by=("month", "week")), "one period"),
        (Design(by=("source", "source")), "once"),
        (Design(of="articles", by=("voice",)), "differs within an article"),
        (Design(of="two-stage"), "how many sentences of each"),
        (Design(per_article=3), "belongs to two stages"),
    ],
)
def test_a_design_that_nothing_can_be_drawn_by_says_what_is_wrong(design, fault):
    assert fault in (plans.fault_in(design) or "")
    with pytest.raises(RejectedEventError):
        plans.draw(PAPERS, design, seed=1, name="p")
