"""The start card: what comes next is chosen in words, and leads to the desk."""

from __future__ import annotations

from annotator.store import lists
from annotator.store.lists import Listed

AT = "2026-03-02T09:00:00.000+00:00"


def told(app):
    shown = (*app.text, *app.caption, *app.title, *app.header)
    return "\n".join(one.value for one in shown).replace("\\", "")


def test_what_comes_next_is_chosen_with_the_name_and_what_has_no_model_says_what_it_lacks(
    draw, coded
):
    rows = [Listed(1), Listed(3)]
    lists.save(coded.store, "openings", "set", "", {}, rows, who="Ada", at=AT)
    app = draw("annotate")

    way = app.radio(key="start.way")
    possible = {"In order", "By chance", "What a search finds", "A sample or a set"}
    assert possible <= set(way.options)
    assert "Where words and parts of words disagree" not in way.options
    assert way.value == "in-order"
    assert "Not yet possible" in told(app)
    assert "For finding what the model has misunderstood." in told(app)
    assert "Training starts by itself after" in told(app)

    way.set_value("keyword").run()
    app.text_input(key="annotate.name").set_value("Ben")
    app.button[0].click().run()
    assert "Write first what sentences" in app.error[0].value
    assert "coder" not in app.session_state

    app.text_input(key="start.words").set_value("bread OR town").run()
    app.radio(key="start.by").set_value("articles").run()
    app.text_input(key="annotate.name").set_value("Ben")
    app.button[0].click().run()

    assert not app.exception
    assert app.session_state["coder"] == "Ben"
    assert app.query_params["queue"] == "by:keyword:articles:bread OR town"


def test_a_known_coder_comes_to_the_card_by_its_address_alone_and_leaves_it_for_the_desk(
    draw, coded, monkeypatch
):
    monkeypatch.setenv("ANNOTATOR_CODER", "Ada")
    rows = [Listed(1), Listed(3)]
    lists.save(coded.store, "openings", "set", "", {}, rows, who="Ada", at=AT)
    app = draw("annotate")
    assert "start.way" not in [one.key for one in app.radio]

    app.query_params["start"] = "1"
    app.run()
    assert app.title[0].value == "What comes next"
    app.radio(key="start.way").set_value("list").run()
    assert app.selectbox(key="start.list").options == ["openings · set, 2 sentences"]
    app.button(key="start.go").click().run()

    assert not app.exception
    assert app.query_params["queue"] == "openings"
    assert "start" not in app.query_params
    assert "start.way" not in [one.key for one in app.radio]


def test_an_address_with_an_order_that_is_none_says_which_there_are(draw, coded, monkeypatch):
    monkeypatch.setenv("ANNOTATOR_CODER", "Ada")
    monkeypatch.setenv("ANNOTATOR_QUEUE", "by:nonsense")

    app = draw("annotate")

    assert not app.exception
    said = app.error[0].value.replace("\\", "")
    assert said.startswith("There is no way of choosing called 'nonsense'; there are: random")
    assert "dropped" not in said
    app.button("annotate.whole").click().run()
    assert not app.error
