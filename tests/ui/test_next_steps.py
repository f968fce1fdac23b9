"""The home page's next step follows from how the project stands."""

from __future__ import annotations

import pytest

from annotator.ui import next_steps
from annotator.workflow.facts import Facts

GOING = Facts(documents=4, coded_by_all=40, coded=40, left=60)
NEXT = {
    "no articles": (Facts(), "Import articles", "No articles yet"),
    "the first come in": (Facts(importing=True), "See what comes in", "coming in"),
    "nothing coded": (Facts(documents=4, left=9), "Start coding", "One sentence at a time"),
    "others have coded": (
        Facts(documents=4, left=9, coded_by_all=3, lacks="Training starts by itself later."),
        "Start coding",
        "Training starts by itself",
    ),
    "too few for a model": (GOING._replace(lacks="20 more."), "Go on coding", "20 more."),
    "enough for a model": (GOING, "Train the model", "Enough is coded"),
    "it learns": (GOING._replace(training=True), "Go on coding", "learning right now"),
    "it has learned": (
        GOING._replace(learned=3, suggested="d:0-9"),
        "Try the suggestions",
        "suggest 3 codes",
    ),
    "it is sure of nothing": (GOING._replace(learned=0), "Go on coding", "not sure enough"),
    "suggestions are known": (GOING._replace(learned=3), "Go on coding", "60 sentences wait"),
    "all is decided": (GOING._replace(left=0, learned=3), "Take the labels out", "is decided"),
}


@pytest.mark.parametrize("state", NEXT)
def test_every_state_of_a_project_has_one_next_step_with_its_reason(state):
    known, label, why = NEXT[state]

    first = next_steps.steps(known)[0]

    assert first.label == label
    assert why in first.why


BESIDE = {
    "nothing else": (Facts(documents=4, left=9, is_sample=True), []),
    "what is coded": (GOING, ["Take the labels out", "Import more"]),
    "a check waits": (
        GOING._replace(learned=2, checks=(("doubts", 12),)),
        ["Look again", "Take the labels out", "Import more"],
    ),
    "speakers are looked for": (
        GOING._replace(unanalysed=3, learned=2),
        ["Who speaks", "See the model", "Take the labels out", "Import more"],
    ),
}


@pytest.mark.parametrize("state", BESIDE)
def test_what_else_may_be_done_stands_beside_the_next_step(state):
    known, labels = BESIDE[state]

    assert [step.label for step in next_steps.steps(known)[1:]] == labels


def test_the_next_step_leads_to_the_very_sentence_or_list():
    tried = next_steps.steps(GOING._replace(learned=3, suggested="d:0-9"))
    again = next_steps.steps(GOING._replace(checks=(("doubts", 12),)))

    assert (tried[0].page, tried[0].unit) == ("annotate", "d:0-9")
    assert (again[1].page, again[1].queue) == ("annotate", "doubts")
