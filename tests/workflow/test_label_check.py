"""Labels that the model doubts, reviewed on the desk, and sentences confirmed in a list."""

from __future__ import annotations

import csv
import io

import pytest

from annotator.core.annotation import BULK, CHECK, Event
from annotator.core.errors import ModelError, RejectedEventError
from annotator.exchange import labels_csv, wide_csv
from annotator.learn.sampling import Policy, arm_of
from annotator.store import codebooks, desk_units, events, lists, progress, queue, reviews, tables
from annotator.store.events import Told
from annotator.store.seat import Seat
from annotator.workflow import (
    confirming,
    desk,
    label_check,
    policies,
    reasons,
    suggesting,
    training,
)
from annotator.workflow.confirming import Wanted
from annotator.workflow.training_table import training_table
from tests.checked import ARTICLES, BORDER, ROAD, SLIPS
from tests.small import AT, codebook, small_project


@pytest.fixture
def project(slips):
    return slips


def made_list(project, wanted=5, **about):
    return label_check.make(project, wanted, seed=3, who="ana", **about)


def seat_of(made, coder="ana"):
    return Seat(coder, queue=made.name)


def ahead(project, seat):
    return desk.upcoming(project, seat, after=0, want=40)


def save(project, item, seat, codes=None, **fields):
    """What Enter does on an item of the desk: with the earlier answers, or with these codes."""
    answers = item["earlier"]["answers"] if "earlier" in item else []
    if codes is not None:
        answers = [{"variable": "frame", "code": code} for code in codes]
    stated = {
        "uuid": f"review-{events.count(project.store):06}",
        "op": "set",
        "unit": item["id"],
        "scheme": codebooks.current_number(project.store),
        "arm": item["arm"],
        "queue": seat.queue,
        "answers": [{k: one[k] for k in ("variable", "code")} for one in answers],
    }
    event = Event.model_validate(stated | fields)
    assert events.record(project.store, [Told(seat.coder, event, AT)]) == [None]
    return event.uuid


def numbers_of(project, made, stratum):
    units = [unit.unit_id for unit in tables.units(project.store)]
    found = [one for one in lists.units(project.store, made.name) if one.stratum == stratum]
    return {units.index(one.unit_id) for one in found}


# --- the list ---------------------------------------------------------------------------------


def test_the_doubted_labels_are_the_slips_and_as_many_others_are_mixed_in(project):
    made = made_list(project, len(SLIPS))

    assert numbers_of(project, made, "doubted") == SLIPS
    mixed = numbers_of(project, made, "mixed in")
    assert len(mixed) == len(SLIPS)
    assert not mixed & SLIPS
    strata = [one.stratum for one in lists.rows(project.store, made.name)]
    assert strata != sorted(strata)
    assert made.kind == "check"
    assert (made.settings["seed"], made.settings["model_id"]) == (3, label_check.judged(project)[0])


def test_the_same_seed_makes_the_same_list(project):
    first, second = made_list(project), made_list(project)

    assert first.name != second.name
    assert lists.rows(project.store, first.name) == lists.rows(project.store, second.name)


def test_a_list_of_one_code_holds_doubts_of_that_code_alone(project):
    with pytest.raises(RejectedEventError, match="doubts no label"):
        made_list(project, code=ROAD)

    assert numbers_of(project, made_list(project, code=BORDER), "doubted") == SLIPS


def test_without_a_model_there_is_nothing_to_doubt_with(tmp_path):
    asking = pytest.raises(ModelError, match="no model yet")
    with small_project(tmp_path, codebook("border"), ARTICLES[:1]) as bare, asking:
        made_list(bare)


def test_a_code_that_left_the_codebook_is_doubted_no_more(project):
    drop_code(project, "border")

    assert BORDER not in label_check.judged(project).columns
    with pytest.raises(RejectedEventError, match="does not know the code 'border'"):
        made_list(project, code=BORDER)


# --- on the desk ------------------------------------------------------------------------------


def test_what_is_reviewed_comes_with_the_own_answers_and_nothing_of_the_model(project):
    seat = seat_of(made_list(project))

    items = ahead(project, seat)["next"]

    assert len(items) == 10
    for item in items:
        assert (item["arm"], item["mode"], item["candidates"]) == (CHECK, "off", [])
        assert item["model_id"] is None
        assert item["review"] == item["decision"]["event"] == item["earlier"]["event"]
        assert item["earlier"]["answers"] == item["decision"]["answers"]
    assert not {"stratum", "doubted"} & {key for item in items for key in item}


def test_where_labels_are_reviewed_no_reason_gives_a_score_away(project):
    seat = seat_of(made_list(project, len(SLIPS)))
    told = [
        reasons.why(project, Seat("ana"), item["id"], BORDER)
        for item in ahead(project, seat)["next"]
    ]
    assert any(told)

    found = [
        reasons.why(project, seat, item["id"], BORDER) for item in ahead(project, seat)["next"]
    ]

    assert found == [None] * len(told)


def test_what_somebody_only_confirmed_is_no_label_that_they_review(project):
    page = confirming.page(project, "bela", wanted(0.0), size=200)
    confirming.confirm(project, "bela", page, page.rows)
    made = made_list(project, len(SLIPS))

    assert not list(reviews.reviews(project.store, made.name, coder="bela"))
    assert ahead(project, seat_of(made, "bela"))["next"] == []
    assert ahead(project, seat_of(made_list(project), "ben"))["next"] == []


def test_a_review_takes_the_unit_out_also_where_nothing_was_changed_and_undo_brings_it_back(
    project,
):
    seat = seat_of(made_list(project))
    first, second, *_ = ahead(project, seat)["next"]

    kept = save(project, first, seat)
    save(project, second, seat, ["road"])

    after = ahead(project, seat)
    assert {first["id"], second["id"]}.isdisjoint(item["id"] for item in after["next"])
    assert (after["progress"]["done"], after["progress"]["total"]) == (2, 10)
    save(project, first, seat, [], op="retract", ref=kept)
    again = ahead(project, seat)
    assert again["next"][0]["id"] == first["id"]
    assert again["next"][0]["decision"] == first["decision"]
    assert again["progress"]["done"] == 1


def test_a_flag_on_what_is_to_be_reviewed_reviews_nothing(project):
    seat = seat_of(made_list(project))
    first, *_ = ahead(project, seat)["next"]

    save(project, first, seat, [], op="flag", flagged=True)

    assert ahead(project, seat)["next"][0]["id"] == first["id"]


def test_the_desk_opens_with_the_reviews_made_and_can_take_back_those_alone(project):
    seat = seat_of(made_list(project))
    first, *_ = ahead(project, seat)["next"]
    assert desk.opening(project, seat)["recent"] == desk.opening(project, seat)["lately"] == []

    done = save(project, first, seat, ["road"])

    opened = desk.opening(project, seat)
    assert [item["id"] for item in opened["recent"]] == [first["id"]]
    assert [one["event"] for one in opened["lately"]] == [done]
    assert opened["recent"][0]["review"] == first["review"] != done


# --- what came of it --------------------------------------------------------------------------


def reviewed(project):
    """Every slip put right, one of the others changed; the first slip was changed back at first."""
    made = made_list(project)
    seat = seat_of(made)
    doubted = {
        one.unit_id for one in lists.units(project.store, made.name) if one.stratum[0] == "d"
    }
    others = 0
    for item in ahead(project, seat)["next"]:
        has_border = any(one["code"] == "border" for one in item["earlier"]["answers"])
        if item["id"] in doubted:
            save(project, item, seat)
            save(
                project,
                item,
                seat,
                ["road"] * ("road" in item["text"]) + ["border"] * (not has_border),
            )
        else:
            save(project, item, seat, None if others else ["border", "road"])
            others += 1
    return made


def test_what_came_of_a_check_counts_the_last_review_of_each_label(project):
    made = reviewed(project)

    found, turned = label_check.outcome(project.store, made.name, "ana")

    assert found[:5] == (5, 5, 5, 1, 0)
    assert found.told == "Of 5 doubted labels you changed 5, of 5 others 1."
    (border, *_) = turned
    assert (border.column, border.taken_out + border.put_in >= 5) == (BORDER, True)
    assert ahead(project, seat_of(made))["outcome"] == found.told


def test_a_review_that_was_undone_counts_as_none(project):
    made = made_list(project)
    seat = seat_of(made)
    first, *_ = ahead(project, seat)["next"]
    done = save(project, first, seat, ["border", "road"])
    save(project, first, seat, [], op="retract", ref=done)

    found, turned = label_check.outcome(project.store, made.name)

    assert (found.doubted, found.mixed, found.waiting, turned) == (0, 0, 10, [])


def test_the_label_before_stays_in_the_log(project):
    made = reviewed(project)

    for review in reviews.reviews(project.store, made.name, coder="ana"):
        assert review.before.event.arm != CHECK
        assert review.after is not None
        assert review.after.event.queue == made.name


def test_what_was_reviewed_is_not_doubted_again(project):
    reviewed(project)

    with pytest.raises(RejectedEventError, match="doubts no label"):
        made_list(project)


def test_reviews_are_learned_from_and_the_model_is_judged_by_the_label_before(project):
    before = training_table(project.store).set_index("unit_id")[BORDER.key]
    made = reviewed(project)

    table = training_table(project.store).set_index("unit_id")

    slips = [one.unit_id for one in lists.units(project.store, made.name) if one.stratum[0] == "d"]
    assert (table.loc[slips, BORDER.key] == 1 - before[slips]).all()
    judged = table.loc[slips, f"judged: {BORDER.key}"]
    assert (judged == before[slips]).all()


# --- confirming -------------------------------------------------------------------------------


def wanted(low=0.5, **more):
    return Wanted(BORDER, low, **more)


def codings(project, coder="ana"):
    found = [one for one in tables.codings(project.store) if one.coder == coder]
    return {one.unit.unit_id: one for one in found}


def drop_code(project, name):
    """The codebook as it is without this code."""
    book = codebooks.current_scheme(project.store).codebooks[0].model_dump(mode="json")
    book["version"] = "1.1.0"
    codes = book["variable"][0]["code"]
    book["variable"][0]["code"] = [one for one in codes if one["name"] != name]
    codebooks.put_scheme(
        project.store, [(type(project.scheme.codebooks[0]).model_validate(book), "")], AT
    )


def test_the_list_holds_undecided_units_of_the_suggestion_arm_the_highest_score_first(project):
    page = confirming.page(project, "ana", wanted(0.0), size=200)

    units = {unit.unit_id: unit for unit in tables.units(project.store)}
    shown = [row.unit.unit_id for row in page.rows]
    undecided = units.keys() - codings(project).keys()
    arms = {id_: arm_of(id_, project.seed, units[id_].draw, 0.2) for id_ in undecided}
    assert set(shown) == {id_ for id_, arm in arms.items() if arm == "suggest"}
    assert len(shown) < len(undecided)
    scores = [row.score for row in page.rows]
    assert scores == sorted(scores, reverse=True)
    assert not page.more


def test_pages_follow_each_other_and_ranges_outlets_and_words_are_kept_to(project):
    everything = confirming.page(project, "ana", wanted(0.0), size=200).rows
    first = confirming.page(project, "ana", wanted(0.0), size=4)
    second = confirming.page(project, "ana", wanted(0.0), skip=4, size=4)

    assert [*first.rows, *second.rows] == list(everything[:8])
    assert first.more
    low = confirming.page(project, "ana", wanted(0.0, high=0.5), size=200).rows
    assert list(low) == [row for row in everything if row.score <= 0.5]
    assert 0 < len(low) < len(everything)
    with_tea = confirming.page(project, "ana", wanted(0.0, words="tea"), size=200).rows
    assert with_tea
    assert all("tea" in row.unit.text for row in with_tea)
    nowhere = wanted(0.0, sources=("Nowhere Post",))
    assert confirming.page(project, "ana", nowhere).rows == []


def test_what_the_desk_would_not_suggest_is_in_no_list(project):
    training.train(project)  # whose gate is as it was learned
    gate = confirming.codes(project)[0].desk_threshold

    assert gate is not None
    listed = confirming.page(project, "ana", wanted(0.0), size=200).rows
    assert all(row.score >= round(gate, 4) for row in listed)
    assert len(listed) < 20


def test_what_became_control_meanwhile_is_not_confirmed(project):
    page = confirming.page(project, "ana", wanted())
    policies.put(project.store, Policy(control=1.0), who="ana")

    assert confirming.confirm(project, "ana", page, page.rows[:2]).events == []


def test_what_is_confirmed_says_that_it_was_made_from_suggestions_of_one_code(project):
    page = confirming.page(project, "ana", wanted())
    some = page.rows[:3]

    done = confirming.confirm(project, "ana", page, some)

    assert (len(done.events), done.told) == (3, "3 sentences confirmed.")
    for row in some:
        coding = codings(project)[row.unit.unit_id]
        assert (coding.arm, coding.layer, coding.status) == (BULK, "coder", "coded")
        assert coding.asked == ("frame::border",)
        assert [one.code for one in coding.answers] == ["border"]
        assert coding.model_id == page.model_id
        shown = {one.code: one.shown for one in coding.candidates}
        assert shown == {"border": True, "road": False}
    left = confirming.page(project, "ana", wanted()).rows
    assert {row.unit.unit_id for row in some}.isdisjoint(row.unit.unit_id for row in left)


def test_a_second_code_is_confirmed_beside_the_first_and_undo_brings_the_first_back(project):
    row = next(r for r in confirming.page(project, "ana", wanted(0.0), size=99).rows)
    border = confirming.page(project, "ana", wanted(0.0), size=99)
    confirming.confirm(project, "ana", border, [row])
    road = confirming.page(project, "ana", Wanted(ROAD, 0.0), size=99)
    again = next(r for r in road.rows if r.unit.unit_id == row.unit.unit_id)

    second = confirming.confirm(project, "ana", road, [again])

    both = codings(project)[row.unit.unit_id]
    assert [one.code for one in both.answers] == ["border", "road"]
    assert both.asked == ("frame::border", "frame::road")
    confirming.take_back(project, "ana", second.events)
    first = codings(project)[row.unit.unit_id]
    assert ([one.code for one in first.answers], first.asked) == (["border"], ("frame::border",))


def test_what_was_coded_meanwhile_stays_as_it_is(project):
    page = confirming.page(project, "ana", wanted())
    one, two, *_ = page.rows
    item = desk.one(project, Seat("ana"), one.unit.unit_id)["next"][0]
    save(project, item, Seat("ana"), ["road"])

    done = confirming.confirm(project, "ana", page, [one, two])

    assert done.told == "1 sentence confirmed. 1 was coded meanwhile and stays as it is."
    assert [a.code for a in codings(project)[one.unit.unit_id].answers] == ["road"]


def test_on_the_desk_what_was_only_confirmed_is_open_blank_and_counts_as_not_done(project):
    seat = Seat("ana")
    before = progress.of(project.store, seat)
    page = confirming.page(project, "ana", wanted())
    confirming.confirm(project, "ana", page, page.rows[:3])

    assert progress.of(project.store, seat) == before
    waiting = {
        unit.unit_id: unit for unit in queue.next_units(project.store, seat, after=0, want=99)
    }
    for row in page.rows[:3]:
        unit = waiting[row.unit.unit_id]
        assert (unit.decision.status, unit.decision.answers) == (None, ())
        assert unit.unit_id not in {one.unit_id for one in desk_units.recent(project.store, seat)}
    item = desk.one(project, seat, page.rows[0].unit.unit_id)["next"][0]
    done = save(project, item, seat, ["road"])
    assert progress.of(project.store, seat).done == before.done + 1
    assert [one.code for one in codings(project)[item["id"]].answers] == ["road"]
    save(project, item, seat, [], op="retract", ref=done)
    assert codings(project)[item["id"]].arm == BULK
    assert progress.of(project.store, seat) == before


def test_nothing_is_learned_from_what_was_confirmed(project):
    before = training_table(project.store)
    page = confirming.page(project, "ana", wanted())
    confirming.confirm(project, "ana", page, page.rows)

    assert training_table(project.store).equals(before)


def test_a_model_that_was_trained_meanwhile_is_not_the_one_that_was_shown(project):
    page = confirming.page(project, "ana", wanted())
    training.train(project)
    assert suggesting.engine(project.store).model_id != page.model_id

    confirming.confirm(project, "ana", page, page.rows[:1])

    coding = codings(project)[page.rows[0].unit.unit_id]
    assert coding.model_id == page.model_id
    (only,) = coding.candidates
    assert (only.score, only.above, only.shown) == (page.rows[0].score, True, True)


def test_a_code_that_was_removed_meanwhile_confirms_nothing(project):
    page = confirming.page(project, "ana", wanted())
    drop_code(project, "border")

    with pytest.raises(RejectedEventError, match="'border' has left the codebook meanwhile"):
        confirming.confirm(project, "ana", page, page.rows[:2])

    assert BULK not in {one.arm for one in codings(project).values()}


@pytest.mark.parametrize(
    ("mode", "said"), [("off", "without suggestions"), ("reveal", "before they")]
)
def test_nothing_is_confirmed_where_suggestions_are_not_shown_at_once(project, mode, said):
    assert confirming.lacks(project) == ""

    policies.put(project.store, Policy(mode), who="ana")

    assert said in confirming.lacks(project)


def test_a_list_that_is_still_on_screen_confirms_nothing_once_suggestions_are_off(project):
    page = confirming.page(project, "ana", wanted())
    policies.put(project.store, Policy("off"), who="ana")

    with pytest.raises(RejectedEventError, match="codes without suggestions"):
        confirming.confirm(project, "ana", page, page.rows[:2])

    assert BULK not in {one.arm for one in codings(project).values()}


def test_the_rest_of_an_article_is_set_aside_with_what_was_only_confirmed(project):
    page = confirming.page(project, "ana", wanted(0.0), size=200)
    confirming.confirm(project, "ana", page, page.rows)
    first = next(u for u in queue.next_units(project.store, Seat("ana"), after=0, want=1))
    item = desk.one(project, Seat("ana"), first.unit_id)["next"][0]

    save(project, item, Seat("ana"), [], op="not_codable", rest=True)

    waiting = queue.next_units(project.store, Seat("ana"), after=0, want=99)
    assert first.document_id not in {unit.document_id for unit in waiting}


def test_a_control_arm_of_all_leaves_nothing_to_confirm(project):
    policies.put(project.store, Policy(control=1.0), who="ana")

    assert confirming.page(project, "ana", wanted(0.0)).rows == []


# --- what exports make of it ------------------------------------------------------------------


def tables_of(project):
    """The wide table and the long one, as rows, of what was confirmed."""
    known, current = codebooks.schemes(project.store), codebooks.current_scheme(project.store)
    told = []
    for module in (wide_csv, labels_csv):
        out = io.StringIO()
        module.write(tables.codings(project.store), known, current, out)
        told.append([r for r in csv.DictReader(io.StringIO(out.getvalue())) if r["arm"] == BULK])
    return told


def test_in_exports_the_other_codes_are_blank_and_not_asked(project):
    page = confirming.page(project, "ana", wanted())
    confirming.confirm(project, "ana", page, page.rows[:1])

    (wide,), long = tables_of(project)

    assert (wide["frame_border"], wide["frame_road"]) == ("1", "")
    assert [(one["code"], one["status"]) for one in long] == [
        ("border", "coded"),
        ("", "not_asked"),
    ]
    assert (long[0]["suggestion_shown"], long[0]["model_id"]) == ("1", page.model_id)
