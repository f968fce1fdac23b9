"""What comes next on the desk: a sampler's queue beside the random stream, as a promise."""

from __future__ import annotations

import gc
import itertools
import shutil
from concurrent.futures import ThreadPoolExecutor
from types import ModuleType

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.core.annotation import Event
from annotator.core.errors import RejectedEventError
from annotator.core.order import Order
from annotator.learn.samplers import SAMPLERS
from annotator.learn.sampling import RESERVED, Policy
from annotator.store import catalogue, codebooks, events, tables
from annotator.store.events import Told
from annotator.store.seat import Seat
from annotator.workflow import desk, importing, orders, policies, projects
from annotator.workflow.sources import from_uploads
from tests.models import put_model
from tests.small import AT, codebook, small_project

BOOK = codebook("border", "road")
ARTICLES = [
    " ".join(f"The {'road' if n % 3 else 'grain'} of day {n} was long {at}." for n in range(5))
    for at in range(20)
]
GIVEN = {"keyword": "grain"}
EVERY = [
    Order(name, by, GIVEN.get(name, "")) for name in SAMPLERS for by in ("sentences", "articles")
]
LEAST_SURE = Order("least-sure")
ANA = Seat("ana", queue=LEAST_SURE.name)
NUMBERS = itertools.count()


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    """A project of twenty articles of five sentences, closed, to be copied."""
    folder = tmp_path_factory.mktemp("orders")
    with small_project(folder, BOOK, ARTICLES) as made:
        pass
    return made.path


@pytest.fixture
def project(file, tmp_path):
    made = projects.open_project(shutil.copy(file, tmp_path / "p.annotator"))
    yield made
    projects.close_project(made.path)


def train(project, seed=1, codes=("border", "road"), apart=True):
    return put_model(project, codes, seed, apart=apart)


def numbers(project, order):
    found = orders.in_order(project, order.name)
    assert found is not None
    return found.numbers.tolist()


def by_number(project):
    return {unit.seq: unit for unit in tables.units(project.store)}


def walk(project, seat=ANA, *, after=0, want=500):
    return desk.upcoming(project, seat, after=after, want=want)["next"]


def decide(project, items, seat=ANA, scheme=1):
    told = []
    for item in items:
        number = next(NUMBERS)
        stated = {"uuid": f"{seat.coder}-{number:06}", "op": "set", "unit": item["id"]}
        stated |= {"scheme": scheme, "arm": item["arm"], "queue": seat.queue}
        told.append(Told(seat.coder, Event.model_validate(stated), AT))
    assert set(events.record(project.store, told)) <= {None}


def take_in(project, *texts):
    files = [(f"new-{at}-{len(text)}.txt", text.encode()) for at, text in enumerate(texts)]
    list(importing.import_sources(project.store, project.seed, from_uploads(files)))


@pytest.mark.parametrize("order", EVERY, ids=lambda order: order.name)
def test_every_unit_comes_once_and_the_stream_has_one_place_of_five_by_its_draws(project, order):
    train(project)
    units = by_number(project)

    queue = numbers(project, order)

    assert sorted(queue) == sorted(units)
    drawn = [at for at, number in enumerate(queue) if units[number].draw < RESERVED]
    draws = [units[queue[at]].draw for at in drawn]
    assert draws == sorted(draws)
    # While both last, each five places hold one unit of the stream.
    assert [at // 5 for at in drawn] == list(range(len(drawn)))


def test_a_second_project_of_the_same_content_has_the_same_queue(project, tmp_path_factory):
    with small_project(tmp_path_factory.mktemp("second"), BOOK, ARTICLES) as second:
        for one in (project, second):
            train(one)
        ids = [
            [by_number(one)[number].unit_id for number in numbers(one, LEAST_SURE)]
            for one in (project, second)
        ]

    assert ids[0] == ids[1]
    assert ids[0] != [unit.unit_id for unit in tables.units(project.store)]


def test_the_least_sure_come_first_among_what_is_left_to_the_sampler(project):
    scores = train(project, codes=("border",))
    units = by_number(project)

    chosen = [n for n in numbers(project, LEAST_SURE) if units[n].draw >= RESERVED]

    doubts = np.abs(scores[chosen, 0] - 0.5)
    assert doubts[0] == min(doubts)
    assert sorted(doubts[:20]) == pytest.approx(doubts[:20], abs=1e-6)


def test_what_a_coder_decided_is_passed_over_for_them_alone(project):
    train(project)
    first, second, third = walk(project, want=3)

    decide(project, [first, third])

    assert walk(project, want=1)[0]["id"] == second["id"]
    assert walk(project, ANA._replace(coder="ben"), want=1)[0]["id"] == first["id"]


def test_a_cursor_leads_on_until_another_model_is_in_force_and_then_to_the_top(project):
    train(project)
    first = walk(project, want=10)
    further = walk(project, after=first[-1]["cursor"], want=10)
    assert [one["id"] for one in walk(project, want=20)] == [one["id"] for one in first + further]

    train(project, seed=2)

    anew = walk(project, after=first[-1]["cursor"], want=10)
    assert [one["id"] for one in anew] == [one["id"] for one in walk(project, want=10)]
    assert [one["id"] for one in anew] != [one["id"] for one in first]
    assert anew[0]["cursor"] > first[-1]["cursor"]


def test_the_whole_queue_is_walked_in_small_steps_each_unit_once(project):
    train(project)
    walked, after = [], 0
    while items := walk(project, after=after, want=7):
        walked += [one["id"] for one in items]
        after = items[-1]["cursor"]

    assert walked == [by_number(project)[n].unit_id for n in numbers(project, LEAST_SURE)]


def test_whatever_changes_the_corpus_or_the_share_makes_a_higher_generation(project):
    ranked = [orders.in_order(project, LEAST_SURE.name)]
    document = next(tables.units(project.store)).document_id

    def changed():
        ranked.append(orders.in_order(project, LEAST_SURE.name))
        return ranked[-1].numbers.tolist()

    take_in(project, "Something new came in. It was short.")
    assert len(changed()) == 102
    catalogue.retire(project.store, [document], who="ana", at=AT)
    assert len(changed()) == 97
    catalogue.restore(project.store, [document], who="ana", at=AT)
    assert len(changed()) == 102
    policies.put(project.store, Policy(stream=0.5), who="ana")
    drawn = [by_number(project)[number].draw < RESERVED for number in changed()]
    assert sum(drawn[:10]) == 5
    train(project)
    changed()

    generations = [one.generation for one in ranked]
    assert generations == sorted(set(generations))


def test_decisions_leave_a_ranking_as_it_is(project):
    train(project)
    before = orders.in_order(project, LEAST_SURE.name)

    decide(project, walk(project, want=5))

    after = orders.in_order(project, LEAST_SURE.name)
    assert (after.numbers is before.numbers, after.generation) == (True, before.generation)


def test_without_a_model_the_codes_take_turns_by_their_words_and_the_desk_says_so(project):
    told = desk.list_of(project, ANA)

    assert told["instead"] == "By the codes' words, without a model"
    first = [item["text"] for item in walk(project, want=20) if item["arm"] != "random"]
    assert all("road" in text for text in first)
    assert any("grain" in item["text"] for item in walk(project))
    train(project)
    told = desk.list_of(project, ANA)
    assert (told["title"], told["instead"]) == ("Where the model is least sure", "")


def test_without_what_two_views_say_chance_decides_until_the_next_training(project):
    order = Order("disagreement")
    assert orders.instead(project, order) == "By chance, until there is a model"
    assert numbers(project, order) == numbers(project, Order("random"))
    train(project, apart=False)

    assert orders.instead(project, order) == "By chance, until the next training"
    assert numbers(project, order) == numbers(project, Order("random"))
    train(project, seed=2)
    assert orders.instead(project, order) == ""
    assert numbers(project, order) != numbers(project, Order("random"))


def test_a_code_that_left_the_codebook_gives_way_to_all_rare_codes(project):
    train(project)
    order = Order("rare-code", about="frame||road")
    assert orders.title(project, order) == "Rare codes first: Road"
    assert numbers(project, order) != numbers(project, Order("rare-code"))

    old = codebooks.current_scheme(project.store).codebooks[0]
    frame = old.variable[0].model_copy(update={"code": old.variable[0].code[:1]})
    left = old.model_copy(update={"version": "2.0.0", "variable": (frame,)})
    codebooks.put_scheme(project.store, [(left, "")], AT)

    assert orders.instead(project, order) == "Rare codes first; the model does not know road"
    assert numbers(project, order) == numbers(project, Order("rare-code"))
    assert len(walk(project, ANA._replace(queue=order.name))) == 100


def test_a_code_that_left_the_codebook_makes_no_sentence_doubtful(project):
    scores = train(project)
    old = codebooks.current_scheme(project.store).codebooks[0]
    frame = old.variable[0].model_copy(update={"code": old.variable[0].code[:1]})
    left = old.model_copy(update={"version": "2.0.0", "variable": (frame,)})
    codebooks.put_scheme(project.store, [(left, "")], AT)
    units = by_number(project)

    (first, *_) = [n for n in numbers(project, LEAST_SURE) if units[n].draw >= RESERVED]

    open_ = [number for number, unit in units.items() if unit.draw >= RESERVED]
    assert first == min(open_, key=lambda number: abs(scores[number, 0] - 0.5))


def test_sentences_newer_than_the_model_come_behind_all_it_has_scores_for(project):
    train(project)
    take_in(project, "This came in later. So did this. And this. And this as well. And more.")
    units = by_number(project)
    newest = {number for number, unit in units.items() if number > 100 and unit.draw >= RESERVED}

    chosen = [n for n in numbers(project, LEAST_SURE) if units[n].draw >= RESERVED]

    assert newest
    assert set(chosen[-len(newest) :]) == newest


def test_what_has_the_words_comes_first(project):
    units = by_number(project)
    order = Order("keyword", about="grain OR nowhere")

    chosen = [n for n in numbers(project, order) if units[n].draw >= RESERVED]

    has = ["grain" in units[number].text for number in chosen]
    assert has == sorted(has, reverse=True)
    assert 0 < sum(has) < len(has)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("by:nonsense", "no way of choosing called 'nonsense'; there are: random, "),
        ("by:keyword", "'keyword' needs words; write by:keyword:sentences:WORDS"),
        ("by:keyword:sentences:()", "no word in this search"),
        ("by:keyword:articles:" + "a" * 300, "at most 300 characters; take fewer words"),
    ],
)
def test_an_order_that_can_never_be_followed_is_refused_in_one_sentence(project, name, said):
    with pytest.raises(RejectedEventError) as refused:
        desk.opening(project, ANA._replace(queue=name))

    assert said in str(refused.value)
    assert "\n" not in str(refused.value)
    # A save that names it is kept all the same, and nothing comes next.
    assert walk(project, ANA._replace(queue=name)) == []


def test_when_all_is_coded_nothing_comes_and_the_counts_are_those_of_the_project(project):
    train(project)

    decide(project, walk(project))

    opened = desk.opening(project, ANA)
    assert opened["next"] == []
    assert (opened["progress"]["done"], opened["progress"]["total"]) == (100, 100)
    assert opened["progress"] == desk.opening(project, Seat("ana"))["progress"]
    assert [one["id"] for one in opened["recent"]]


def test_the_card_of_an_article_comes_once_its_sentences_are_decided(tmp_path):
    tone = '[[variable]]\nname = "tone"\nunit = "document"\n[[variable.code]]\nname = "calm"\n'
    tone += 'title = "Calm"\ndefinition = "It does not alarm."\n'
    with small_project(tmp_path, codebook("border", "road", more=tone), ARTICLES[:2]) as made:
        train(made)
        items = walk(made)
        first = items[0]["document"]["id"]
        assert {one["subject"] for one in items} == {"unit"}

        decide(made, [one for one in items if one["document"]["id"] == first])

        card, *others = walk(made)
        assert (card["subject"], card["id"], card["due"]) == ("document", first, True)
        assert {one["subject"] for one in others} == {"unit"}


def test_a_decision_made_after_a_training_keeps_what_was_on_the_screen(project):
    train(project)
    (shown, *_) = walk(project, want=2)
    train(project, seed=2)

    event = Event.model_validate(
        {"uuid": "between-0001", "op": "set", "unit": shown["id"], "scheme": 1, "queue": ANA.queue}
        | {"arm": shown["arm"], "model_id": shown["model_id"]}
    )
    assert events.record(project.store, [Told("ana", event, AT)]) == [None]

    (coding,) = tables.codings(project.store)
    assert (coding.model_id, coding.arm) == ("m1", shown["arm"])
    following = walk(project, after=shown["cursor"])
    assert shown["id"] not in [one["id"] for one in following]
    assert len(following) == 99
    assert {one["model_id"] for one in following} == {"m2"}


def test_the_stream_is_told_in_exports_with_the_share_of_the_corpus_that_it_came_to(project):
    train(project)
    draws = sorted(unit.draw for unit in tables.units(project.store))

    decide(project, walk(project, want=25))
    decide(project, walk(project, Seat("ben"), want=30), Seat("ben"))

    codings = list(tables.codings(project.store))
    mine = [one for one in codings if one.coder == "ana"]
    drawn = [one for one in mine if one.sample_plan == "random-stream"]
    assert {one.arm for one in drawn} == {"random"}
    assert len(drawn) == sum(one.arm == "random" for one in mine) == 5
    assert max(one.unit.draw for one in drawn) == draws[4]
    assert {one.inclusion_probability for one in drawn} == {5 / 100}
    others = [one for one in codings if one not in drawn]
    assert {(one.sample_plan, one.inclusion_probability) for one in others} == {("", None)}


@pytest.fixture
def coder():
    """Somebody who has decided nothing yet, as often as it is asked."""
    return map("coder-{}".format, itertools.count())


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_however_a_coder_walks_they_meet_every_unit_once(project, coder, data):
    order = data.draw(st.sampled_from(EVERY))
    seat = Seat(next(coder), queue=order.name)
    met, after = [], 0
    while items := walk(project, seat, after=after, want=data.draw(st.integers(9, 60))):
        now = items[: data.draw(st.integers(1 + len(items) // 3, len(items)))]
        decide(project, now, seat)
        met += [one["id"] for one in now]
        after = data.draw(st.sampled_from([0, now[-1]["cursor"]]))
        if data.draw(st.integers(0, 4)) == 0:
            train(project, seed=len(met))

    assert sorted(met) == sorted(unit.unit_id for unit in tables.units(project.store))


def test_many_who_ask_at_once_get_one_ranking(project):
    train(project)

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: orders.in_order(project, LEAST_SURE.name), range(16)))

    assert all(one.numbers is found[0].numbers for one in found)


def test_what_is_kept_of_a_project_does_not_hold_it(project):
    train(project)
    numbers(project, Order("keyword", about="grain"))
    numbers(project, LEAST_SURE)

    reached, ahead = {}, [orders._kept[project.store]]
    while ahead:
        one = ahead.pop()
        if id(one) not in reached and not isinstance(one, type | ModuleType):
            reached[id(one)] = one
            ahead += gc.get_referents(one)

    assert any(isinstance(one, np.ndarray) for one in reached.values())
    assert id(project.store) not in reached
