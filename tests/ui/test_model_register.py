"""All models on the model page: rolling back, going on, two side by side, what was learned."""

from __future__ import annotations

import os

import pytest

from annotator.store import jobs

AT = "2026-03-02T12:00:00.000+00:00"


@pytest.fixture
def shown(two_models, draw, monkeypatch):
    """The view of all models, drawn."""
    monkeypatch.setenv("ANNOTATOR_PROJECT", str(two_models.path))
    monkeypatch.setenv("ANNOTATOR_CODER", "ana")
    app = draw("model")
    app.get_by_key("model.view").set_value("all").run()
    assert not app.exception
    return app


def html(app):
    return "\n".join(one.proto.body for one in app.get("html"))


def said(app):
    return "\n".join(one.value for one in (*app.text, *app.caption, *app.info))


def roll_back(app, two_models, model_id="m1"):
    app.selectbox(f"register.{two_models.id}.model").select(model_id).run()
    return app.button("register.use").click().run()


def test_all_models_stand_there_with_what_no_longer_fits(shown):
    told = html(shown)

    assert told.index("m2, in force") < told.index(">m1<")
    assert "of an older codebook: 1 redefined" in told


def test_a_roll_back_and_going_on_from_the_page(shown, two_models):
    app = roll_back(shown, two_models)

    assert jobs.model_id(two_models.store) == "m1"
    assert [one.value for one in app.success] == ["Model m1 is in force\\."]
    assert "does not train by itself" in said(app)
    assert "Defined otherwise since: Road." in said(app)
    assert app.button("register.use").disabled

    app.button("model.go_on").click().run()

    assert not jobs.is_paused(two_models.store)
    assert "does not train by itself" not in said(app)


def test_the_view_of_the_model_in_force_says_that_it_was_chosen_and_is_older(shown, two_models):
    roll_back(shown, two_models)

    app = shown.get_by_key("model.view").set_value("force").run()

    assert "does not train by itself" in said(app)
    assert "Defined otherwise since: Road." in said(app)
    assert app.button("model.go_on")


def test_a_model_that_cannot_be_read_says_so_and_nothing_changes(shown, two_models):
    (two_models.store.models / "m1" / "model.npz").write_bytes(b"rubbish")

    app = roll_back(shown, two_models)

    assert [one.value for one in app.error] == [
        r"Nothing changed\: model m1 cannot be put in force\: model\.npz was changed after training"
    ]
    assert jobs.model_id(two_models.store) == "m2"


def test_while_a_training_runs_no_model_can_be_chosen(shown, two_models):
    jobs.start(two_models.store, pid=os.getpid(), reason="asked", at=AT, last_event=0)

    app = shown.run()

    assert app.button("register.use").disabled
    assert not app.exception


def test_what_a_model_learned_from_is_counted_where_somebody_asks(shown, two_models):
    assert not shown.dataframe
    shown.selectbox(f"register.{two_models.id}.model").select("m1").run()

    app = shown.toggle("register.labels").set_value(True).run()

    (table,) = app.dataframe
    assert table.value.to_dict("records") == [
        {
            "coder": "ana",
            "codebook": "small 1.0.0",
            "arm": "before any model",
            "labels": 45,
            "changed since": 5,
        }
    ]


def test_two_models_stand_side_by_side_and_are_judged_on_the_same_sentences(shown):
    assert "15\xa0→\xa010" in html(shown)  # the sentences with a road

    app = shown.toggle("compare.fair").set_value(True).run()

    assert "For 2 of 2 codes there are too few of these sentences" in said(app)
    assert not app.exception
