"""Codes without a model on the model page: chosen, given keywords, ranked, coded on the desk."""

from __future__ import annotations

import pytest

from annotator.core.annotation import Event
from annotator.learn.sampling import RESERVED
from annotator.store import events, lists, tables
from annotator.store.events import Told
from annotator.workflow import cold_start, ranking_jobs
from annotator.workflow.importing import import_paths
from tests.ui.conftest import HOSTILE

BLOCKADE = ("frame", "", "blockade")
AT = "2026-03-02T09:00:00.000+00:00"
FIRST = "model.first"


@pytest.fixture
def corpus(empty, tmp_path):
    """Thirty sentences, some of them in the random stream, whatever the seed."""
    said = " ".join(f"Day {n} went by on the market of Velm." for n in range(30))
    file = tmp_path / "in.txt"
    file.write_text(f"{said} The bridge is shut. {HOSTILE} roads stood still.", encoding="utf-8")
    import_paths(empty.store, empty.seed, [file])
    return empty


def key(project, what):
    words = f"{FIRST}.words.{project.id}.{'|'.join(BLOCKADE)}"
    return {"code": f"{FIRST}.code.{project.id}", "words": words, "rank": f"{words}.rank"}[what]


def press(app, project, words=""):
    """Rank with these keywords, and look at the page once it is done."""
    app.text_input(key(project, "words")).set_value(words)
    app.button(key(project, "rank")).click().run()
    if job := ranking_jobs.job(project, ""):
        job.wait()
    return app.run()


def texts(app):
    shown = (*app.text, *app.info, *app.error, *app.caption)
    return "\n".join(one.value for one in shown)


def body(app):
    return "".join(one.proto.body for one in app.get("html"))


def open_units(project):
    return [unit for unit in tables.units(project.store) if unit.draw >= RESERVED]


def decide(project, units, answers):
    told = [
        Told(
            "Ada",
            Event.model_validate(
                {"uuid": f"decision-{unit.seq}", "op": "set", "unit": unit.unit_id, "scheme": 1}
                | {"client_at": AT, "answers": answers}
            ),
            AT,
        )
        for unit in units
    ]
    events.record_all(project.store, told)


def test_without_articles_there_is_nothing_to_rank_and_the_page_leads_to_the_import(empty, draw):
    app = draw("model")

    assert not app.exception
    assert "Codes without a model yet" not in [one.value for one in app.header]
    assert "no articles" in texts(app)


def test_a_code_is_shown_with_its_definition_and_how_many_sentences_carry_it(corpus, draw):
    decide(corpus, open_units(corpus)[:2], [{"variable": "frame", "code": "blockade"}])

    app = draw("model")

    assert app.selectbox(key(corpus, "code")).options[0] == "Frame · Blockade (2 of 5)"
    assert "Roads are closed on purpose." in texts(app)


def test_a_code_that_a_model_can_learn_is_not_offered(corpus, draw):
    decide(corpus, open_units(corpus)[:5], [{"variable": "frame", "code": "blockade"}])

    app = draw("model")

    options = app.selectbox(key(corpus, "code")).options
    assert not [one for one in options if "Blockade" in one]


def test_a_ranking_is_marked_as_one_and_shows_no_figure(corpus, draw):
    app = press(draw("model"), corpus)

    assert not app.exception
    assert "ranked by likeness to the code's words; not a probability" in texts(app)
    assert body(app).count("<li>") == cold_start.USUAL
    assert not app.metric
    assert not app.dataframe


def test_a_keyword_brings_its_sentences_up_and_is_marked_in_them(corpus, draw):
    app = press(draw("model"), corpus, "market*")

    assert body(app).count("<mark>market</mark>") == cold_start.USUAL


def test_keywords_are_there_when_the_page_is_drawn_again(corpus, draw):
    press(draw("model"), corpus, "bridge, bread line")

    assert draw("model").text_input(key(corpus, "words")).value == "bridge, bread line"


def test_a_keyword_without_a_letter_is_told_in_a_sentence_and_nothing_is_ranked(corpus, draw):
    app = draw("model")
    app.text_input(key(corpus, "words")).set_value("bridge, …")

    app.button(key(corpus, "rank")).click().run()

    assert len(app.error) == 1
    assert "has no letter" in app.error[0].value
    assert ranking_jobs.job(corpus, "") is None


def test_hostile_sentences_stay_text(corpus, draw):
    app = press(draw("model"), corpus, "onerror, bridge")

    assert not app.exception
    assert "<img" not in body(app)


def test_the_desk_opens_on_exactly_these_sentences_in_their_order(corpus, draw):
    app = press(draw("model"), corpus, "market")
    ids = ranking_jobs.job(corpus, "").units

    app.button(f"{FIRST}.desk").click().run()

    assert not app.exception
    (kept,) = lists.everything(corpus.store, "set")
    assert [one.unit_id for one in lists.units(corpus.store, kept.name)] == ids
    assert app.session_state["queue"] == kept.name


def test_of_a_ranking_what_was_coded_meanwhile_is_gone(corpus, draw, monkeypatch):
    monkeypatch.setenv("ANNOTATOR_CODER", "Ada")
    app = draw("model")
    app.button(key(corpus, "rank")).click().run()
    job = ranking_jobs.job(corpus, "Ada")
    job.wait()
    ranked = {unit.unit_id: unit for unit in tables.units(corpus.store)}

    decide(corpus, [ranked[one] for one in job.units[:3]], [])

    assert body(app.run()).count("<li>") == cold_start.USUAL - 3
    decide(corpus, [ranked[one] for one in job.units], [])
    assert "All of these are coded. Rank again" in texts(app.run())


def test_where_nothing_is_left_it_is_said(corpus, draw, monkeypatch):
    monkeypatch.setenv("ANNOTATOR_CODER", "Ada")
    decide(corpus, open_units(corpus), [])
    app = draw("model")

    app.button(key(corpus, "rank")).click().run()
    ranking_jobs.job(corpus, "Ada").wait()

    assert "Nothing is left to rank" in texts(app.run())
