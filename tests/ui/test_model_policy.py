"""The model page says what coders see of suggestions, and changes it."""

from __future__ import annotations

import json

import pytest

from annotator.learn.sampling import Policy
from annotator.workflow import policies

PUT = "model.policy.put"


@pytest.fixture
def named(coded):
    return lambda field: f"model.policy.{coded.id}.{field}"


def test_the_page_shows_what_is_in_force_and_puts_another_in_force(draw, coded, named, monkeypatch):
    monkeypatch.setenv("ANNOTATOR_CODER", "ana")
    policies.put(coded.store, Policy("shown", 0.1, 0.3), who="ben")
    app = draw("model")
    assert app.radio(named("suggestions")).value == "shown"
    assert app.number_input(named("control")).value == 10
    assert app.number_input(named("stream")).value == 30

    app.radio(named("suggestions")).set_value("reveal")
    app.number_input(named("control")).set_value(100)
    app.button(PUT).click().run()

    assert not app.exception
    assert policies.policy(coded.store) == Policy("reveal", 1.0, 0.3)
    last = "select coder, payload from event where op = 'policy' order by seq desc limit 1"
    coder, payload = coded.store.db.execute(last).fetchone()
    assert (coder, json.loads(payload)["suggestions"]) == ("ana", "reveal")
    assert app.radio(named("suggestions")).value == "reveal"


def test_what_was_changed_elsewhere_is_shown_when_the_page_is_drawn_again(draw, coded, named):
    app = draw("model")

    policies.put(coded.store, Policy("off"), who="ben")
    app.run()

    assert app.radio(named("suggestions")).value == "off"
