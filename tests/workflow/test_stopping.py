"""What is found and unfound of each code, from what coders decided in a small project."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.learn import stopping as maths
from annotator.learn.sampling import RESERVED
from annotator.store import settings, tables
from annotator.workflow import catalogue, clusters, stopping
from annotator.workflow.projects import Project
from annotator.workflow.stopping import CodeOutlook
from tests.small import code_units, codebook, named, small_project

ARTICLES = [
    " ".join(
        f"The {'road' if number % 4 == 0 else 'field'} at post {number} of {name} was quiet."
        for number in range(40)
    )
    for name in ("Korva", "Velm", "Osten", "Hallen", "Mirn")
]
RULE = named("road", "border")


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Two hundred sentences, one in four of which names a road."""
    with small_project(tmp_path, codebook("border", "road"), ARTICLES) as made:
        yield made


def by_draw(project: Project) -> list[int]:
    """The units' places in the order of import, as chance puts them."""
    draws = [unit.draw for unit in tables.units(project.store)]
    return sorted(range(len(draws)), key=draws.__getitem__)


def code(project: Project, which: list[int], rule=RULE, **fields) -> None:
    for number in which:
        code_units(project, rule, slice(number, number + 1), **fields)


def road(project: Project) -> CodeOutlook:
    (found,) = [one for one in stopping.outlook(project).codes if one.place[2] == "road"]
    return found


def test_the_estimate_rests_on_the_unbroken_row_of_what_chance_puts_first(project):
    order = by_draw(project)
    code(project, [*order[:35], *order[36:50]])
    texts = [unit.text for unit in tables.units(project.store)]

    found = road(project).unfound

    assert (found.total, found.asked, found.drawn) == (200, 49, 35)
    assert found.carrying == sum("road" in texts[number] for number in order[:35])
    low, high = maths.carriers(200, 35, found.carrying)
    assert (found.low, found.high) == (max(low - found.found, 0), high - found.found)


def test_sentences_coded_in_order_lack_those_by_chance(project):
    code_units(project, RULE, slice(0, 60))

    outlook = stopping.outlook(project)

    assert outlook.decided == 60
    assert outlook.lacking == maths.LEAST_DRAWN - outlook.drawn > 0
    assert {one.unfound.expected for one in outlook.codes} == {None}
    assert stopping.told("Road", road(project).unfound) == (
        f"Road: 15 found. {outlook.lacking} more sentences by chance before more can be said."
    )


def test_nothing_is_unfound_once_all_sentences_are_coded(project):
    code_units(project, RULE)

    outlook = stopping.outlook(project)

    assert [(one.unfound.low, one.unfound.high) for one in outlook.codes] == [(0, 0), (0, 0)]
    assert stopping.told("Road", road(project).unfound) == "Road: 50 found, and none is left."


def test_a_code_added_later_is_blank_for_earlier_units(project, add_code):
    order = by_draw(project)
    code(project, order[:40])
    add_code(project.store, "flood")
    code(project, order[40:75], scheme=2)

    by_code = {one.place[2]: one for one in stopping.outlook(project).codes}

    assert (by_code["road"].unfound.asked, by_code["road"].unfound.drawn) == (75, 75)
    assert (by_code["flood"].unfound.asked, by_code["flood"].unfound.drawn) == (35, 35)
    assert by_code["flood"].hundreds[-1].upto == 35


def test_a_sentence_that_was_passed_on_is_no_part_of_the_sample(project):
    order = by_draw(project)
    code(project, order[:10], lambda *_: [], op="skip")
    code(project, order[10:45])

    found = road(project).unfound

    assert (found.asked, found.drawn) == (35, 35)


def test_a_sentence_that_is_not_codable_carries_no_code(project):
    order = by_draw(project)
    code(project, order[:40], lambda *_: [], op="not_codable")

    found = road(project).unfound

    assert (found.asked, found.found, found.drawn, found.carrying) == (40, 0, 40, 0)


def test_a_sentence_carries_what_half_of_its_coders_gave(project):
    first, second, third = by_draw(project)[:3]
    everything, nothing = (lambda *_: ["road"]), (lambda *_: [])
    code(project, [first, second, third], everything, coder="ana")
    code(project, [first], nothing, coder="ben")
    code(project, [second], nothing, coder="ben")
    code(project, [second], nothing, coder="cem")
    code(project, [third], nothing, coder="ben", op="not_codable")

    found = road(project)

    assert (found.unfound.asked, found.unfound.found) == (3, 2)
    assert [(one.upto, one.new) for one in found.hundreds] == [(3, 2)]


def test_other_rounds_play_no_part(project):
    project.store.db["round"].insert({"name": "check", "title": "Check"})
    code(project, [0, 1], lambda *_: [])
    code(project, [0, 4], lambda *_: ["road"], coder="ben", round="check")

    found = road(project).unfound

    assert (found.asked, found.found) == (2, 0)


def test_what_was_copied_is_found_but_in_no_curve(project):
    code(project, [0, 1, 2, 3])
    code(project, [4, 5], arm="copy", coder="ben")

    found = road(project)

    assert (found.unfound.asked, found.unfound.found) == (6, 2)
    assert [(one.upto, one.new) for one in found.hundreds] == [(4, 1)]


def test_what_was_confirmed_in_a_list_is_found_but_in_no_curve(project):
    code(project, [0, 4, 8], arm="bulk", asked=["frame::road"])

    assert (road(project).unfound.found, road(project).hundreds) == (3, [])
    (border,) = [one for one in stopping.outlook(project).codes if one.place[2] == "border"]
    assert border.unfound.asked == 0


def test_what_was_confirmed_in_a_list_is_no_part_of_the_unbroken_row(project):
    order = by_draw(project)
    code(project, order[:20])
    code(project, order[20:21], named("road"), arm="bulk", asked=["frame::road"])
    code(project, order[21:30])

    assert road(project).unfound.drawn == 20


def test_the_curve_goes_by_the_order_of_the_decisions(project):
    order = by_draw(project)
    code(project, order[::-1][:150])

    found = road(project)

    texts = [unit.text for unit in tables.units(project.store)]
    last = [number for number in order[::-1][50:150] if "road" in texts[number]]
    assert [one.upto for one in found.hundreds] == [50, 150]
    assert found.hundreds[-1].new == len(last)
    draws = [unit.draw for unit in tables.units(project.store)]
    assert found.hundreds[-1].by_chance == sum(draws[number] < RESERVED for number in last)


def test_retired_articles_are_no_part_of_it(project):
    code_units(project, RULE)
    gone = next(tables.units(project.store)).document_id

    catalogue.retire(project.store, [gone])

    found = road(project).unfound
    assert (found.total, found.asked, found.found) == (160, 160, 40)


def test_copies_that_no_queue_has_do_not_break_the_row(tmp_path):
    said = ARTICLES[0]
    with small_project(tmp_path, codebook("road"), [said, f"{said} Rain came."]) as project:
        settings.put(project.store, code_once="1")
        first, second = sorted({unit.document_id for unit in tables.units(project.store)})
        clusters.unite(project.store, first, second)
        code_units(project, RULE, slice(0, 40))

        found = road(project).unfound

    assert (found.total, found.asked, found.drawn, found.high) == (40, 40, 40, 0)
