"""The find page: what is asked stands in the address, texts show as themselves, sets are kept."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from annotator.store import lists
from annotator.ui import find_results
from annotator.workflow import projects, searching
from annotator.workflow.importing import import_paths


def drawn(draw, **values):
    """The page with these values in its boxes."""
    app = draw("find")
    for key, value in values.items():
        app.session_state[key] = value
    return app.run()


def bodies(app: AppTest) -> str:
    return "".join(one.proto.body for one in app.get("html"))


def test_an_example_fills_the_box_and_finds_something_or_says_what_to_do(coded, draw):
    app = draw("find")

    app.button(key="find.example.open").click().run()

    assert not app.exception
    assert 'data-testid="found"' in bodies(app)


def test_words_are_marked_and_hostile_text_stays_text(coded, draw):
    app = drawn(draw, q="onerror OR bridge")

    assert not app.exception
    assert "<mark>bridge</mark>" in bodies(app)
    assert "&lt;img src=x <mark>onerror</mark>" in bodies(app)
    assert "<img" not in bodies(app)


def test_codes_and_a_link_to_the_desk_stand_with_each_sentence(coded, draw):
    app = drawn(draw, coded="yes")

    assert "<span>frame:blockade</span>" in bodies(app)
    assert 'href="./?' in bodies(app)
    assert "unit=" in bodies(app)


def test_a_search_that_cannot_be_understood_is_told_in_a_sentence(coded, draw):
    for values in ({"q": "-bridge"}, {"from": "May"}, {"from": "2031", "to": "2030"}):
        app = drawn(draw, **values)

        assert not app.exception
        assert len(app.error) == 1


def test_words_in_context_stand_in_lines(coded, draw):
    app = drawn(draw, q="bridge", view="lines", order="left")

    assert not app.exception
    assert "<mark>bridge</mark>" in bodies(app)
    assert 'data-testid="lines"' in bodies(app)
    # Where outlet and date are not known, the link says what it does.
    assert ">open on the desk</a></td>" in bodies(app)


def test_a_headline_is_not_told_twice(coded, draw):
    app = drawn(draw, q='"town without bread"')

    assert bodies(app).count("A <mark>town without bread</mark>") == 1
    assert "<small>headline" in bodies(app)


def test_a_set_is_saved_named_anew_deleted_and_brought_back(coded, draw):
    app = drawn(draw, q="bridge OR hungry")
    app.text_input(key="find.name").set_value("bridges").run()
    app.button(key="find.save").click().run()
    assert [one.units for one in lists.everything(coded.store, "set")] == [2]

    app.text_input(key="find.title.bridges").set_value("Of bridges").run()
    app.button(key="find.retitle.bridges").click().run()
    assert lists.known(coded.store, "bridges").heading == "Of bridges"

    app.button(key="find.drop.bridges").click().run()
    assert lists.everything(coded.store, "set") == []
    app.button(key="find.undo").click().run()
    assert not app.exception
    assert [one.units for one in lists.everything(coded.store, "set")] == [2]


def test_what_was_dropped_in_one_project_is_not_offered_in_another(coded, draw, tmp_path, toy):
    other = projects.create(tmp_path / "other.annotator", [toy], title="Other")
    import_paths(other.store, other.seed, [tmp_path / "korva.txt"])
    app = drawn(draw, q="bridge")
    app.text_input(key="find.name").set_value("bridges").run()
    app.button(key="find.save").click().run()
    app.button(key="find.drop.bridges").click().run()
    assert app.button(key="find.undo")

    projects.remember(other)
    app.query_params["project"] = other.id
    app.run()

    assert not app.exception
    assert app.text_input(key="q")
    assert "find.undo" not in [one.key for one in app.button]


def test_a_set_that_somebody_else_deleted_meanwhile_takes_no_title(coded, draw):
    app = drawn(draw, q="bridge")
    app.text_input(key="find.name").set_value("bridges").run()
    app.button(key="find.save").click().run()
    lists.drop(coded.store, "bridges", who="Ben", at="2026-03-02T10:00:00+00:00")

    app.button(key="find.retitle.bridges").click().run()

    assert not app.exception
    assert "bridges" in app.error[0].value


def test_a_saved_set_can_be_searched_again(coded, draw):
    app = drawn(draw, q="bridge")
    app.text_input(key="find.name").set_value("bridges").run()
    app.button(key="find.save").click().run()
    app.text_input(key="q").set_value("hungry").run()

    app.button(key="find.again.bridges").click().run()

    assert app.text_input(key="q").value == "bridge"


def test_charts_are_drawn_where_they_are_asked_for(coded, draw):
    app = drawn(draw, q="bridge")

    app.toggle(key="find.charts").set_value(True).run()

    assert not app.exception


def test_marks_are_cut_out_of_the_text_before_it_is_escaped():
    assert find_results.marked("<b> & <i>", [(0, 3), (6, 9)]) == (
        "<mark>&lt;b&gt;</mark> &amp; <mark>&lt;i&gt;</mark>"
    )


def test_a_search_comes_back_from_what_is_kept_of_it(coded):
    asked = {"q": ["bridge"], "coded": ["yes"], "code": ["stance:osten:against"], "by": ["Ada"]}

    assert searching.asked_by(searching.search_of(coded, asked)) == asked
