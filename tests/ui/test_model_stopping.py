"""When to stop, on the model page: what is found, what is likely unfound, and what came last."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from annotator.store import tables
from annotator.workflow.projects import Project
from tests.small import code_units, codebook, named, small_project

HOSTILE = "<img src=x onerror=alert(1)> **b**"
ARTICLES = [
    " ".join(
        f"The {'road' if number % 4 == 0 else 'field'} at post {number} of {name} was quiet."
        for number in range(40)
    )
    for name in ("Korva", "Velm", "Osten", "Hallen", "Mirn")
]
BOOK = codebook("road", "border").replace('"Road"', f"'{HOSTILE} road'")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    with small_project(tmp_path, BOOK, ARTICLES) as made:
        monkeypatch.setenv("ANNOTATOR_PROJECT", str(made.path))
        yield made


@pytest.fixture
def stopping() -> Callable[[], AppTest]:
    def drawn() -> AppTest:
        app = AppTest.from_function(_draw, default_timeout=20)
        app.run()
        assert not app.exception
        return app

    return drawn


def _draw() -> None:
    from annotator.ui import model_stopping, state

    model_stopping.show(state.project(), None)


def texts(app: AppTest) -> str:
    return "\n".join(one.value for one in (*app.text, *app.info, *app.caption))


def tables_in(app: AppTest) -> list[str]:
    return [one.proto.body for one in app.get("html") if "<table" in one.proto.body]


def test_where_nothing_is_coded_the_page_says_what_it_will_tell(project, stopping):
    assert "Nothing is coded yet." in texts(stopping())


def test_coded_in_order_the_page_says_that_sentences_by_chance_are_missing(project, stopping):
    code_units(project, named("road"), slice(0, 60))

    app = stopping()

    assert "60 of 200 sentences are coded" in texts(app)
    assert "cannot be said yet: that takes" in texts(app)
    assert "Every way of choosing what comes next mixes some in" in texts(app)
    assert tables_in(app) == []
    assert "The last 60 sentences brought" in texts(app)


def test_every_code_has_what_is_found_and_a_range_of_what_is_not(project, stopping):
    draws = [unit.draw for unit in tables.units(project.store)]
    for number in sorted(range(200), key=draws.__getitem__)[:60]:
        code_units(project, named("road"), slice(number, number + 1))

    app = stopping()

    (table,) = tables_in(app)
    assert "&lt;img src=x" in table
    assert "<img" not in table
    assert "60 of 200 sentences are coded" in texts(app)
    assert "None found of 1 other code: up to" in texts(app)
    assert app.selectbox(key="stopping.code").options == [f"{HOSTILE} road"]


def test_once_all_is_coded_one_may_stop(project, stopping):
    code_units(project, named("road"))

    told = texts(stopping())

    assert "All of 200 sentences are coded: nothing is left to find." in told
    assert "for these you may stop" in told
    assert "None found of 1 other code, and none is left." in told
