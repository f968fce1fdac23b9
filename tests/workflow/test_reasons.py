"""Why a code is suggested, as the desk tells it: words, the sentences around, and precedents."""

from __future__ import annotations

import itertools
import math
import random
import shutil

import pytest

from annotator.core.annotation import Event
from annotator.core.codebook import Codebook
from annotator.learn.model import Column
from annotator.learn.precedents import Wording
from annotator.learn.sampling import Policy, arm_of
from annotator.store import codebooks, events, precedents, tables
from annotator.store.events import Told
from annotator.store.seat import Seat
from annotator.workflow import (
    catalogue,
    clusters,
    overview,
    policies,
    projects,
    reasons,
    suggesting,
    training,
)
from tests.small import AT, code_rows, codebook, small_project

BORDER = Column("frame", "", "border")
SEAT = Seat("bela")
WORDS = (
    "envoy river town waited others gave no further word today spoke plan again nobody came late"
)


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """Two hundred sentences of many words and marks, and a model of them.

    Ana has coded a border where its word stands, and a road in one of five of the others.
    """
    chance = random.Random(4)

    def row(number):
        named = number % 3 == 0
        words = chance.sample(WORDS.split(), 12) + (["frontier"] if named else [])
        road = "road" if number % 5 == 1 and not named else ""
        return f"“{' '.join(words)}”, n{number}!?", "border" if named else road

    folder = tmp_path_factory.mktemp("trained")
    with small_project(folder, codebook("border", "road")) as made:
        code_rows(made, [row(number) for number in range(200)])
        training.train(made)
    return folder


@pytest.fixture
def project(trained, tmp_path, monkeypatch):
    """A copy of that project, to do with as one likes."""
    monkeypatch.setenv("ANNOTATOR_HOME", str(tmp_path / "home"))
    shutil.copytree(trained, tmp_path / "copy")
    made = projects.open_project(tmp_path / "copy" / "p.annotator")
    yield made
    projects.close_project(made.path)


def asked(project, unit, seat=SEAT):
    return reasons.why(project, seat, unit, BORDER)


def all_told(project, most=60):
    """What the desk tells of the first sentences, where they may be coded with suggestions."""
    units = list(tables.units(project.store))[:most]
    return [(one, why) for one in units if (why := asked(project, one.unit_id))]


@pytest.fixture
def here(project):
    """One sentence that may be coded with suggestions."""
    return next(one for one in tables.units(project.store) if asked(project, one.unit_id))


def precedents_of(project, here, seat=SEAT):
    return [one["unit"] for one in asked(project, here.unit_id, seat)["precedents"]]


number = itertools.count()


def say(project, unit, op="set", coder="ben", codes=("border",), **fields):
    """Let a coder say something of a unit; the event's uuid."""
    stated = {"uuid": f"said-{next(number):06}", "op": op, "unit": unit, "scheme": 1}
    if op == "set":
        stated["answers"] = [{"variable": "frame", "code": code} for code in codes]
    event = Event.model_validate(stated | fields)
    events.record_all(project.store, [Told(coder, event, AT)])
    return event.uuid


def take_back(project, unit):
    """Take Ana's decision on a unit back."""
    row = project.store.db.execute("select uuid from event where subject_id = ?", (unit,))
    say(project, unit, "retract", coder="ana", ref=row.fetchone()[0])


# --- words ------------------------------------------------------------------------------------


def test_every_word_that_is_told_stands_where_it_is_said_to(project):
    for unit, told in all_told(project):
        for word in told["words"]:
            assert word["places"]
            assert {unit.text[start:end] for start, end in word["places"]} == {word["term"]}


def test_the_word_that_carries_the_code_comes_first(project):
    sure = [told for _, told in all_told(project) if told["score"] > 0.9]

    assert sure
    assert {told["words"][0]["term"] for told in sure} == {"frontier"}


def test_words_context_and_all_else_together_are_the_whole_score(project):
    model = suggesting.loaded(project.store, "m1")
    offset = float(model.sigmoids.offset[model.columns.index(BORDER)])

    for _, told in all_told(project):
        said = sum(word["weight"] for word in told["words"]) + told["around"] + told["rest"]
        assert 1 / (1 + math.exp(-said - offset)) == pytest.approx(told["score"], abs=1e-3)


def test_the_score_from_which_the_desk_shows_the_code_is_told(project, here):
    card = next(
        one for one in suggesting.loaded(project.store, "m1").cards if one.code == BORDER.code
    )

    assert asked(project, here.unit_id)["shown_from"] == card.desk_threshold


def test_a_model_trained_since_explains_what_it_would_say_itself(project, here):
    before = asked(project, here.unit_id)
    for one in list(tables.units(project.store))[:60]:
        say(project, one.unit_id, coder="cem", codes=())

    training.train(project)

    after = asked(project, here.unit_id)
    assert (before["model_id"], after["model_id"]) == ("m1", "m2")
    scores = suggesting.engine(project.store).scores[here.seq]
    assert after["score"] == pytest.approx(float(scores[0]), abs=1e-4)


# --- where nothing is told ----------------------------------------------------------------------


def test_nothing_is_told_where_a_sentence_is_coded_without_suggestions(project):
    told = {unit.unit_id for unit, _ in all_told(project, most=200)}

    arms = {
        unit.unit_id: arm_of(unit.unit_id, project.seed, unit.draw)
        for unit in tables.units(project.store)
    }
    assert set(arms.values()) == {"random", "control", "suggest"}
    assert told == {unit for unit, arm in arms.items() if arm == "suggest"}


def test_nothing_is_told_where_suggestions_are_off(project, here):
    policies.put(project.store, Policy("off"), who="ana")

    assert asked(project, here.unit_id) is None


def test_where_the_coder_decides_first_reasons_come_after_their_own_answer(project, here):
    policies.put(project.store, Policy("reveal"), who="ana")
    assert asked(project, here.unit_id) is None
    said = reasons.nothing(project, SEAT, here.unit_id, BORDER)
    assert said == "You see it after your own answer."

    first = say(project, here.unit_id, coder="bela", arm="suggest")
    shown = {"variable": "frame", "code": "border", "score": 0.9, "above": True, "shown": True}
    say(project, here.unit_id, "reveal", "bela", arm="suggest", first=first, candidates=[shown])

    assert asked(project, here.unit_id)["words"]


def test_a_code_that_left_the_codebook_has_nothing_to_explain(project, here):
    book = codebooks.current_scheme(project.store).codebooks[0].model_dump(mode="json")
    codes = book["variable"][0]["code"]
    book["variable"][0]["code"] = [code for code in codes if code["name"] != "border"]
    newer = Codebook.model_validate(book | {"version": "2.0.0"})
    codebooks.put_scheme(project.store, [(newer, "")], AT)
    path = project.path
    projects.close_project(path)
    again = projects.open_project(path)

    assert asked(again, here.unit_id) is None
    said = reasons.nothing(again, SEAT, here.unit_id, BORDER)
    assert said == "This code was taken out of the codebook, so that there is nothing to explain."


def test_without_a_model_one_reads_when_there_will_be_one(tmp_path):
    with small_project(tmp_path, codebook("border"), ["A border was closed."]) as made:
        (unit,) = tables.units(made.store)

        assert asked(made, unit.unit_id) is None
        said = reasons.nothing(made, SEAT, unit.unit_id, BORDER)
        assert said == f"There is no model yet. {overview.until_training(made.store)}"
        assert "Training starts by itself after 25 more decisions" in said


# --- precedents ---------------------------------------------------------------------------------


def ranked(project, here, but=lambda unit: False):
    """The other units by their nearness in wording."""
    units = {unit.seq: unit for unit in tables.units(project.store)}
    near = Wording.of((unit.seq, unit.text) for unit in units.values()).nearest(here.text)
    others = (units[seq] for seq in near.tolist() if seq != here.seq)
    return [unit.unit_id for unit in others if not but(unit)]


def test_the_three_nearest_are_told_and_never_the_sentence_itself(project):
    def is_blind(unit):
        return arm_of(unit.unit_id, project.seed, unit.draw) != "suggest"

    for unit, told in all_told(project, most=30):
        found = [one["unit"] for one in told["precedents"]]
        assert found == ranked(project, unit, is_blind)[:3]


def test_what_others_said_of_a_sentence_that_is_coded_blind_is_told_once_one_has_decided(
    project, here
):
    for unit in ranked(project, here)[:10]:
        say(project, unit, "skip", coder="bela")

    assert precedents_of(project, here) == ranked(project, here)[:3]


def test_a_precedent_tells_who_said_what_when_and_by_which_codebook(project, here):
    nearest = precedents_of(project, here)[0]
    say(project, nearest, coder="ben", codes=["road"], client_at="2020-01-02T10:00:00+00:00")

    told = asked(project, here.unit_id)["precedents"][0]

    assert told["text"] == next(
        one.text for one in tables.units(project.store) if one.unit_id == nearest
    )
    ana, ben = told["decisions"]
    assert ana["coder"] == "ana"
    road = {"variable": "frame", "target": "", "holder": "", "code": "road", "use": "asserted"}
    assert ben == {
        "coder": "ben",
        "at": "2020-01-02T10:00:00+00:00",
        "codebook": "small",
        "version": "1.0.0",
        "given": "",
        "others": [road],
    }


def test_a_precedent_says_whether_the_code_was_given_there(project):
    given = {
        ("frontier" in one["text"], each["given"])
        for _, told in all_told(project)
        for one in told["precedents"]
        for each in one["decisions"]
    }

    assert given == {(True, "asserted"), (False, "")}


def retire(project, here, unit):
    catalogue.retire(project.store, [unit.partition(":")[0]])


def unite(project, here, unit):
    clusters.unite(project.store, here.document_id, unit.partition(":")[0])


def skip(project, here, unit):
    say(project, unit, "skip", coder="ana")


@pytest.mark.parametrize(
    "gone", [retire, unite, skip, lambda project, here, unit: take_back(project, unit)]
)
def test_a_precedent_goes_when_it_is_none_any_more(project, here, gone):
    first, *others = precedents_of(project, here)

    gone(project, here, first)

    after = precedents_of(project, here)
    assert first not in after
    assert after[:2] == others


@pytest.mark.parametrize(
    "fields",
    [{"arm": "copy"}, {"arm": "bulk"}, {"pass": 2}, {"asked": []}, {"round": "reliability"}],
    ids=str,
)
def test_only_what_a_coder_decided_themselves_in_the_main_round_is_a_precedent(
    project, here, fields
):
    project.store.db.execute("insert into round (name) values ('reliability')")
    first = precedents_of(project, here)[0]
    take_back(project, first)

    say(project, first, coder="ben", codes=() if "asked" in fields else ("border",), **fields)
    assert first not in precedents_of(project, here)

    say(project, first, coder="cem")
    assert precedents_of(project, here)[0] == first


def test_a_decision_is_a_precedent_from_the_next_question_on(project, here):
    assert len(precedents_of(project, here)) == 3
    code_rows_of(project, f"{here.text} And so on.")
    new = list(tables.units(project.store))[-1]
    say(project, new.unit_id, "skip", coder="bela")

    assert precedents_of(project, here)[0] == new.unit_id


def code_rows_of(project, text):
    code_rows(project, [(text, "border")])


def test_the_same_words_elsewhere_are_no_precedent(project, here):
    code_rows_of(project, "Another sentence altogether.")
    with project.store.write() as conn:
        conn.execute("update unit set text = ? where id = ?", (here.text, ranked(project, here)[0]))
    reasons._memory.cache_clear()

    told = asked(project, here.unit_id)["precedents"]

    assert here.text not in {one["text"] for one in told}


def test_of_several_units_of_the_same_words_and_verdict_one_is_told(project, here):
    text = f"{here.text} Again."
    code_rows_of(project, text)
    code_rows(project, [("Nothing like it.", "border")])
    one, other = list(tables.units(project.store))[-2:]
    with project.store.write() as conn:
        conn.execute("update unit set text = ? where seq = ?", (text, other.seq))
    for unit in (one, other):
        say(project, unit.unit_id, coder="bela")
    reasons._memory.cache_clear()

    told = [each["text"] for each in asked(project, here.unit_id)["precedents"]]

    assert told.count(text) == 1


def test_a_code_is_no_precedent_where_the_codebook_did_not_have_it(project, here):
    units = [one.seq for one in tables.units(project.store)][:50]
    about = {"here": here.seq, "variable": "frame"}

    assert precedents.decisions(project.store, SEAT, units, schemes=[1], **about)
    assert not precedents.decisions(project.store, SEAT, units, schemes=[2], **about)


def test_only_texts_that_were_coded_are_read(project):
    code_rows(project, [("Nobody coded this.", "")])
    last = list(tables.units(project.store))[-1]
    take_back(project, last.unit_id)
    assert last.seq not in dict(precedents.texts(project.store))

    say(project, last.unit_id, "skip")
    assert last.seq not in dict(precedents.texts(project.store))
    assert len(precedents.texts(project.store)) == 200
