"""The view of anchoring: the sentence first, then the figures of whoever is chosen."""

from __future__ import annotations

import pytest

from annotator.learn.sampling import Policy
from annotator.workflow import policies
from tests.arms import SHOWN, arm, give_border, two_arms
from tests.small import code_units


@pytest.fixture
def project(tmp_path, monkeypatch):
    with two_arms(tmp_path) as made:
        monkeypatch.setenv("ANNOTATOR_PROJECT", str(made.path))
        yield made


@pytest.fixture
def view(draw):
    def drawn():
        app = draw("model")
        app.segmented_control(key="model.view").set_value("anchoring").run()
        assert not app.exception
        return app

    return drawn


def test_the_sentence_comes_first_then_the_plot_and_the_table(view, project):
    give_border(project, shown=60, hidden=24)

    app = view()

    assert app.markdown[0].value.startswith("**Shown suggestions made coders give Border more")
    table = app.dataframe[0].value
    assert list(table["Code"]) == ["All codes", "Border", "Road"]
    assert list(table["Moved"]) == ["", "yes", ""]
    labels = {one.label: one.value for one in app.metric}
    assert labels["Taken over"] == "50 %"
    assert labels["Time with against without"] == "× 0.80"


def test_a_coder_can_be_chosen(view, project):
    give_border(project, shown=60, hidden=24)
    give_border(project, shown=30, hidden=30, coder="b_e_n")
    app = view()

    app.selectbox(key="model.anchoring.coder").set_value("b_e_n").run()

    assert not app.exception
    assert r"whether suggestions move what b\_e\_n gives" in app.info[0].value


@pytest.mark.parametrize(
    ("policy", "told"),
    [(None, "There is no model yet"), (Policy(control=0.0), "the control arm is 0 %")],
)
def test_with_nothing_to_compare_it_says_what_to_do(view, project, policy, told):
    if policy:
        code_units(project, lambda *_: ["border"], SHOWN, **arm("suggest"))
        policies.put(project.store, policy, who="ana")

    app = view()

    assert told in app.info[0].value.replace("\\", "")
    assert not app.dataframe
