"""The anchoring report of a project: what is compared, what is left out, and what it says."""

from __future__ import annotations

import csv
import io

import pytest

from annotator.core.annotation import Event
from annotator.core.codebook import Codebook
from annotator.core.errors import TableError
from annotator.learn.sampling import Policy
from annotator.store import codebooks, events, tables
from annotator.store.events import Told
from annotator.workflow import anchoring, policies
from tests.arms import HIDDEN, SHOWN, arm, candidates, give_border, two_arms
from tests.models import put_model
from tests.small import AT, code_units

BORDER, ROAD = ("frame", "", "border"), ("frame", "", "road")


@pytest.fixture
def project(tmp_path):
    with two_arms(tmp_path) as made:
        yield made


def figures(project, code=BORDER, coder=""):
    """How many gave the code of how many, in the shown and in the hidden arm."""
    found = anchoring.report(project)
    given = next(row.given for row in found.codes if (row.coder, row.code) == (coder, code))
    return (given.shown.count, given.shown.n), (given.hidden.count, given.hidden.n)


def say(project, coder=""):
    return anchoring.report(project).verdict(coder)


def tell(project, op, uuid, unit, **fields):
    """One more event of ana's about the unit of that number; how it was received."""
    stated = {"uuid": uuid, "op": op, "unit": list(tables.units(project.store))[unit].unit_id}
    event = Event.model_validate(stated | {"scheme": 1} | fields)
    events.record_all(project.store, [Told("ana", event, AT)])


def border(**fields):
    return {"answers": [{"variable": "frame", "code": "border"}]} | fields


def test_a_code_that_suggestions_moved_is_named_with_both_shares(project):
    give_border(project, shown=60, hidden=24)

    everybody, ana = say(project), say(project, "ana")

    assert everybody.state == ana.state == "moved"
    assert ana.sentences[0] == (
        "Shown suggestions made ana give Border more often: 50 % of sentences with suggestions "
        "on screen against 20 % without (30 points, 18 to 41)."
    )
    assert everybody.sentences[0].startswith("Shown suggestions made coders give Border more")


def test_what_was_taken_over_and_the_time_go_along_with_it(project):
    give_border(project, shown=60, hidden=24)

    sentences = say(project).sentences

    assert "Of 120 suggestions on screen, 60 were taken over (50 %, 41 to 59)." in sentences
    assert "Of 120 that were kept hidden, 24 were given anyway (20 %, 14 to 28)." in sentences
    assert sentences[-1] == (
        "Half of the sentences took less than 5.0 s with suggestions, and less than 6.2 s "
        "without; on average 0.80 times as long (0.76 to 0.84)."
    )


def test_too_little_says_how_many_more_sentences_it_takes(project):
    give_border(project, shown=30, hidden=30)

    found = say(project)

    assert found.state == "too little"
    assert found.sentences[0] == (
        "Too little is coded to say whether suggestions move what coders give: 120 sentences "
        "with suggestions and 120 without. About 720 more sentences are needed to see a "
        "difference of 10 points."
    )


def test_where_enough_is_coded_it_says_that_nothing_moved_and_what_would_have_been_seen(project):
    give_border(project, shown=2, hidden=3)

    found = say(project)

    assert found.state == "still"
    assert found.sentences[:2] == (
        "No code moved further than chance would: differences above about 11 points would have "
        "been seen.",
        "Too little is coded to say so of Road.",
    )


def test_every_coder_is_reported_apart_and_one_who_did_not_code_is_not(project):
    give_border(project, shown=60, hidden=24)
    give_border(project, shown=30, hidden=30, coder="ben")

    assert figures(project, coder="ben") == ((30, 120), (30, 120))
    assert figures(project) == ((90, 240), (54, 240))
    assert say(project, "ben").state == "too little"
    with pytest.raises(TableError, match="'cem' has coded in neither arm; there is ana, ben"):
        say(project, "cem")


def test_what_is_undone_skipped_or_given_as_rejected_is_not_given(project):
    give_border(project, shown=60, hidden=24)
    before = anchoring.report(project)

    tell(project, "retract", "undo-0001", 0, ref="ana-1-000001")
    tell(project, "skip", "skip-0001", 1)
    denied = [{"variable": "frame", "code": "border", "use": "rejected"}]
    tell(project, "set", "deny-0001", 2, answers=denied, **arm("suggest"))

    assert figures(project) == ((57, 118), (24, 120))
    assert anchoring.report(project) is not before
    assert anchoring.report(project) is anchoring.report(project)


def test_decisions_of_several_models_are_compared_by_what_each_one_thought_then(project):
    code_units(project, lambda *_: ["border"], SHOWN, **arm("suggest"))
    code_units(project, lambda *_: [], HIDDEN, **arm("control", model="m2", border=0.2, flood=0.9))

    found = {row.code: row for row in anchoring.report(project).codes if not row.coder}

    assert figures(project) == ((120, 120), (0, 120))
    assert found[BORDER].same.hidden.count == 120
    assert found[ROAD].given is None
    assert found["frame", "", "flood"].anyway.n == 120


def test_a_code_that_the_codebook_has_no_more_is_left_out(project):
    give_border(project, shown=60, hidden=24)
    book = project.scheme.codebooks[0].model_dump(mode="json")
    book["version"] = "2.0.0"
    book["variable"][0]["code"] = [
        code for code in book["variable"][0]["code"] if code["name"] != "border"
    ]
    codebooks.put_scheme(project.store, [(Codebook.model_validate(book), "")], AT)

    found = anchoring.report(project)

    assert {row.code for row in found.codes} == {None, ROAD}
    assert found.verdict("ana").state == "too little"


def test_a_question_that_was_not_asked_is_no_answer_to_it(tmp_path):
    calm = 'name = "calm"\ntitle = "Calm"\ndefinition = "Calm."\n'
    more = f'[[variable]]\nname = "tone"\n[[variable.code]]\n{calm}'
    both = candidates(shown=False, border=0.8)
    both.append(both[0] | {"variable": "tone", "code": "calm"})
    with two_arms(tmp_path, more=more) as project:
        for name, which in (("suggest", SHOWN), ("control", HIDDEN)):
            fields = {"arm": name, "model_id": "m1", "candidates": both}
            code_units(project, lambda *_: [], which, asked=["frame"], **fields)

        found = anchoring.report(project)

    assert {row.code for row in found.codes} == {None, BORDER}


def test_a_reviewed_label_counts_as_it_was_before_the_review(project):
    give_border(project, shown=60, hidden=24)

    tell(project, "set", "check-0001", 0, answers=[], arm="check", queue="check")

    assert figures(project) == ((60, 120), (24, 120))


def test_what_was_confirmed_in_a_list_is_left_out_and_told_of(project):
    give_border(project, shown=60, hidden=24)
    code_units(
        project, lambda *_: ["border"], SHOWN, coder="ben", **arm("suggest") | {"arm": "bulk"}
    )

    found = anchoring.report(project)

    assert found.coders == ("ana",)
    assert found.notes[0].startswith("120 sentences were confirmed in a list;")


def test_the_random_stream_and_sentences_before_the_first_model_are_in_neither_arm(project):
    code_units(project, lambda *_: ["border"], SHOWN, **arm("random"))
    code_units(project, lambda *_: ["border"], HIDDEN)

    assert anchoring.report(project).coders == ()


def test_decisions_that_chance_did_not_assign_are_left_out_and_told_of(project):
    code_units(project, lambda *_: ["border"], slice(0, 60), **arm("suggest"))
    code_units(project, lambda *_: ["border"], slice(120, 180), **arm("control"))
    policies.put(project.store, Policy("off"), who="ana")
    code_units(project, lambda *_: [], slice(60, 90), **arm("suggest"))
    policies.put(project.store, Policy(control=0.0), who="ana")
    code_units(project, lambda *_: [], slice(90, 100), **arm("suggest"))
    policies.put(project.store, Policy(), who="ana")
    code_units(project, lambda *_: [], slice(180, 200), **arm("control"))

    assert figures(project) == ((60, 60), (60, 80))
    assert anchoring.report(project).notes == (
        "40 decisions are left out, made while suggestions were off, or shown on all sentences or "
        "on none: chance did not choose the arm.",
    )


@pytest.mark.parametrize(
    ("policy", "why"),
    [
        (Policy(control=0.0), "the control arm is 0 %, so that no sentence goes without. Set it"),
        (Policy(control=1.0), "the control arm is 100 %, so that none is ever on screen. Set it"),
        (Policy("off"), "suggestions are off. Switch them on under “Suggestions on the desk”"),
    ],
)
def test_with_one_arm_there_is_nothing_to_compare_and_it_says_what_to_do(project, policy, why):
    code_units(project, lambda *_: ["border"], slice(0, 9), **arm("suggest"))
    policies.put(project.store, policy, who="ana")

    found = say(project)

    assert found.state == "one arm"
    assert why in found.sentences[0]
    assert found.sentences[0].endswith("or with `annotator suggestions`.")


def test_without_a_model_it_says_so(project):
    code_units(project, lambda *_: ["border"])

    assert say(project).state == "no model"
    assert "There is no model yet" in say(project).sentences[0]
    put_model(project, ["border", "road"])
    assert say(project).state != "no model"


def test_answers_changed_once_the_suggestions_came_into_sight_are_counted(project):
    seen, unseen = (candidates(shown=shown, border=0.8, road=0.1) for shown in (True, False))
    code_units(project, lambda *_: [], slice(0, 10), **arm("suggest") | {"candidates": unseen})
    for unit in range(4):
        first = f"ana-1-{unit + 1:06}"
        about = {"first": first, "arm": "suggest", "model_id": "m1", "candidates": seen}
        tell(project, "reveal", f"reveal-{unit:04}", unit, **about)
        if unit < 3:
            tell(project, "set", f"second-{unit:04}", unit, **border(**about))

    found = anchoring.report(project)

    of_all = next(one for one in found.changes if (one.coder, one.code) == ("", None))
    assert (of_all.changed, of_all.toward, of_all.away) == (3, 3, 0)
    assert all(row.accepted is None for row in found.codes)
    assert found.verdict("ana").sentences[-1] == (
        "Once the suggestions came into sight, 3 of 4 answered sentences were changed: "
        "3 answers toward the suggestion, 0 away from it."
    )


def test_the_file_has_a_row_for_each_coder_and_code_and_says_what_cannot_be_told(project):
    give_border(project, shown=60, hidden=24)
    out = io.StringIO()

    written = anchoring.write(anchoring.report(project), out)

    rows = list(csv.DictReader(io.StringIO(out.getvalue())))
    assert written == len(rows) == 6
    of_border = next(row for row in rows if (row["coder"], row["code"]) == ("ana", "border"))
    assert (of_border["given_shown_count"], of_border["given_hidden_n"], of_border["moved"]) == (
        *("60", "120", "1"),
    )
    assert of_border["given_difference"] == "0.3"
    assert (of_border["coders_shown_alpha"], of_border["changed"]) == ("", "")
