"""The samples page shows what would be drawn, draws it, and tells how far everybody is."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from annotator.core.annotation import Event
from annotator.store import events, lists, tables
from annotator.store.events import Told
from annotator.store.lists import Listed
from annotator.workflow import plans
from annotator.workflow.importing import import_paths

AT = "2026-03-02T09:00:00.000+00:00"


@pytest.fixture
def corpus(empty, tmp_path):
    """Six articles of two outlets, of two to seven sentences."""
    for number in range(6):
        outlet = tmp_path / "in" / ("courier" if number < 4 else "post")
        outlet.mkdir(parents=True, exist_ok=True)
        told = " ".join(f"Road {number} was closed on day {n}." for n in range(number + 2))
        (outlet / f"{number}.txt").write_text(told, encoding="utf-8")
    import_paths(empty.store, empty.seed, [tmp_path / "in"])
    return empty


def texts(app: AppTest) -> str:
    shown = (*app.text, *app.info, *app.success, *app.error, *app.warning, *app.caption)
    return "\n".join(one.value for one in shown)


def decide(project, unit, number, queue):
    stated = {"uuid": f"decision-{number}", "op": "set", "unit": unit, "scheme": 1, "queue": queue}
    events.record_all(project.store, [Told("Ada", Event.model_validate(stated), AT)])


def test_what_the_choices_come_to_is_shown_before_anything_is_drawn(draw, corpus):
    app = draw("samples")

    app.number_input("samples.size.sentences.proportional").set_value(9).run()
    app.button_group("samples.by.sentences").set_value(["source"]).run()

    assert not app.exception
    assert "9 of 27 sentences would be drawn, from 2 strata." in texts(app)
    shown = app.dataframe[0].value
    assert shown["stratum"].tolist() == ["courier", "post"]
    assert shown["drawn"].tolist() == [5, 4]
    assert lists.everything(corpus.store) == []


def test_a_press_draws_what_was_shown(draw, corpus):
    app = draw("samples")
    app.radio("samples.of").set_value("two-stage").run()
    app.number_input("samples.size.two-stage.proportional").set_value(3).run()
    app.number_input("samples.per_article").set_value(2).run()

    app.button("samples.draw").click().run()

    assert not app.exception
    assert "Drew 6 sentences as sample-1" in texts(app).replace("\\", "")
    made = plans.settings_of(plans.known(corpus.store, "sample-1"))
    assert (made.design.of, made.design.per_article, made.design.in_order) == ("two-stage", 2, True)
    assert app.text_input[0].value == "sample-2"


def test_the_size_of_a_sample_is_told_once(draw, corpus):
    app = draw("samples")
    app.number_input("samples.size.sentences.proportional").set_value(3).run()

    app.button("samples.draw").click().run()

    assert any(one.value.startswith("3 sentences · 20") for one in app.caption)


def test_what_cannot_be_drawn_is_told_and_there_is_no_button(draw, corpus):
    app = draw("samples")
    app.button_group("samples.by.sentences").set_value(["source"]).run()

    app.number_input("samples.size.sentences.proportional").set_value(1).run()

    assert not app.exception
    assert "too few for 2 strata" in app.error[0].value
    assert "samples.draw" not in [one.key for one in app.button]


def test_how_far_everybody_is_stands_with_the_sample(draw, corpus):
    plans.draw(corpus, "spring", plans.design(size=8), seed=1, title="Spring **2031**")
    for number, one in enumerate(list(lists.units(corpus.store, "spring"))[:3]):
        decide(corpus, one.unit_id, number, "spring")

    app = draw("samples")

    assert not app.exception
    assert r"Ada\: 3 of 8" in [one.proto.text for one in app.get("progress")]
    assert "Spring \\*\\*2031\\*\\*" in [one.value for one in app.header]


def test_a_dropped_sample_can_be_brought_back_and_one_in_use_stays(draw, corpus):
    plans.draw(corpus, "spring", plans.design(size=8), seed=1)
    before = lists.rows(corpus.store, "spring")

    app = draw("samples")
    app.button("samples.drop.spring").click().run()
    assert lists.everything(corpus.store) == []
    app.button("samples.undo").click().run()
    assert lists.rows(corpus.store, "spring") == before

    decide(corpus, next(lists.units(corpus.store, "spring")).unit_id, 1, "spring")
    app.button("samples.drop.spring").click().run()
    assert not app.exception
    assert "it stays" in app.error[0].value
    assert lists.rows(corpus.store, "spring") == before


def test_later_articles_are_drawn_from_by_one_press(draw, corpus, tmp_path):
    plans.draw(corpus, "spring", plans.design(rule="share", size=0.5), seed=1)
    app = draw("samples")
    assert app.button("samples.extend.spring").disabled
    (tmp_path / "new.txt").write_text("It rained. The bus was late. Nobody came.", encoding="utf-8")
    import_paths(corpus.store, corpus.seed, [tmp_path / "new.txt"])

    app.run()
    app.button("samples.extend.spring").click().run()

    assert not app.exception
    assert len(plans.settings_of(plans.known(corpus.store, "spring")).draws) == 2
    assert "more sentences into spring" in texts(app)


def test_sets_are_listed_apart_and_can_be_drawn_from(draw, corpus):
    rows = [Listed(unit.seq) for unit in tables.units(corpus.store) if unit.position == 0]
    lists.save(corpus.store, "openings", "set", "", {}, rows, who="Ada", at=AT)

    app = draw("samples")
    app.selectbox("samples.within").set_value("openings").run()

    assert not app.exception
    assert "6 of 6 sentences would be drawn" in texts(app)
    assert "Sets" in [one.value for one in app.header]


def test_the_desk_says_when_its_list_is_gone_and_offers_the_whole_project(
    draw, corpus, monkeypatch
):
    monkeypatch.setenv("ANNOTATOR_CODER", "Ada")
    monkeypatch.setenv("ANNOTATOR_QUEUE", "june")

    app = draw("annotate")

    assert not app.exception
    assert "no list 'june'" in app.error[0].value.replace("\\", "")
    app.button("annotate.whole").click().run()
    assert not app.exception
    assert not app.error
