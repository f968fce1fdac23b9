"""Views that need a model say, where there is none, what is missing for one."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from tests.small import code_units, codebook, named, small_project

NEED_A_MODEL = ("force", "check", "confirm", "all")
ARTICLES = ["The border is ours. The road was shut. It rained."] * 20


@pytest.fixture
def shown(monkeypatch):
    """The model page of a project, at one of its views; ana codes."""

    def draw(project, view: str) -> AppTest:
        monkeypatch.setenv("ANNOTATOR_PROJECT", str(project.path))
        monkeypatch.setenv("ANNOTATOR_CODER", "ana")
        app = AppTest.from_function(_page, default_timeout=20)
        app.query_params["view"] = view
        return app.run()

    return draw


def _page() -> None:
    from annotator.ui import pages
    from annotator.ui.page import model

    pages.page(model)()


@pytest.fixture
def uncoded(tmp_path):
    folder = tmp_path / "uncoded"
    folder.mkdir()
    articles = [f"{text} Day {n} ended." for n, text in enumerate(ARTICLES)]
    with small_project(folder, codebook("border", "road"), articles) as made:
        yield made


def told(app: AppTest) -> str:
    assert not app.exception
    return " ".join(one.value for one in app.info)


@pytest.mark.parametrize("view", NEED_A_MODEL)
def test_without_articles_a_view_says_that_there_are_none(shown, empty, view):
    assert "the project has no articles to code" in told(shown(empty, view))


@pytest.mark.parametrize("view", NEED_A_MODEL)
def test_before_the_first_decision_a_view_says_that_nothing_is_coded(shown, uncoded, view):
    assert "nothing is coded. Training starts by itself after" in told(shown(uncoded, view))


@pytest.mark.parametrize("view", NEED_A_MODEL)
def test_after_a_few_decisions_a_view_says_how_many_more_it_takes(shown, uncoded, view):
    code_units(uncoded, named("border", "road"), slice(5))

    assert "too little is coded. Training starts by itself after 20 more" in told(
        shown(uncoded, view)
    )


def test_from_a_view_that_waits_for_a_model_a_button_leads_to_the_training(shown, uncoded):
    code_units(uncoded, named("border", "road"), slice(60))
    app = shown(uncoded, "confirm")
    assert "enough is coded for a first one" in told(app)

    app.button("model.missing.train").click().run()

    assert app.query_params["view"] == "force"
    assert app.button("model.train").label == "Train now"
