"""The views Label check and Confirm: a list is made and told of, and ticks are the coder's own."""

from __future__ import annotations

import pytest

from annotator.learn.sampling import Policy
from annotator.store import lists, tables
from annotator.workflow import policies
from tests import checked
from tests.small import code_units


@pytest.fixture
def project(slips, monkeypatch):
    monkeypatch.setenv("ANNOTATOR_PROJECT", str(slips.path))
    monkeypatch.setenv("ANNOTATOR_CODER", "ana")
    return slips


@pytest.fixture
def view(project, draw):
    def drawn(name):
        app = draw("model")
        app.get_by_key("model.view").set_value(name).run()
        assert not app.exception
        return app

    return drawn


def said(app):
    told = "\n".join(one.value for one in (*app.text, *app.caption, *app.info, *app.success))
    return told.replace("\\", "")


def confirmed(project):
    return [one.unit.text for one in tables.codings(project.store) if one.arm == "bulk"]


def save(app):
    return app.button("confirm.save").click().run()


def test_a_list_of_doubted_labels_is_made_and_told_of(view, project):
    app = view("check")

    app.number_input("check.number").set_value(3)
    app.button("check.make").click().run()

    assert not app.exception
    assert "Made label-check-1: 6 sentences to look at again." in said(app)
    (made,) = lists.everything(project.store, "check")
    assert (made.units, made.settings["coder"]) == (6, "ana")


def test_a_list_without_own_labels_says_so(view, project, monkeypatch):
    app = view("check")
    app.button("check.make").click().run()
    monkeypatch.setenv("ANNOTATOR_CODER", "ben")

    assert "It holds none of your labels" in said(view("check"))


def test_nothing_is_ticked_beforehand_and_what_is_ticked_is_confirmed_and_taken_back(view, project):
    app = view("confirm")
    boxes = app.checkbox
    assert len(boxes) > 3
    assert not any(box.value for box in boxes)
    assert "border" in boxes[0].label

    boxes[0].check()
    boxes[2].check()
    save(app)

    assert not app.exception
    assert "2 sentences confirmed." in said(app)
    assert len(confirmed(project)) == 2
    assert {box.label for box in app.checkbox}.isdisjoint(
        text.replace(".", "\\.") for text in confirmed(project)
    )
    app.button(f"confirm.{project.id}.undo").click().run()
    assert confirmed(project) == []


def test_what_was_coded_while_the_list_was_on_screen_is_left_and_counted(view, project):
    app = view("confirm")
    first = app.checkbox[0]
    code_units(project, lambda *_: ["road"], slice(checked.CODED, None))

    first.check()
    save(app)

    assert "1 was coded meanwhile and stays as it is" in said(app)
    assert confirmed(project) == []


def test_confirming_with_nothing_ticked_says_what_to_do(view, project):
    app = save(view("confirm"))

    assert "Nothing is ticked" in app.error[0].value
    assert confirmed(project) == []


def test_where_the_project_shows_no_suggestions_the_view_says_so(view, project):
    policies.put(project.store, Policy("off"), who="ana")

    app = view("confirm")

    assert "codes without suggestions" in said(app)
    assert not app.checkbox
