"""The model page: the summary first, then every code, then one code closely."""

from __future__ import annotations

import os
from dataclasses import asdict, replace

import pytest

from annotator.learn.calibration import Bin
from annotator.learn.metrics import CurvePoint
from annotator.learn.model import CodeCard, Mistake
from annotator.store import jobs, tables
from annotator.workflow import cuts, projects, supervising

NOON = "2026-03-02T12:00:00.000+00:00"
HOSTILE = "<img src=x onerror=alert(1)> **b**"

GOOD = CodeCard(
    variable="frame",
    target="",
    code="blockade",
    positives=40,
    negatives=60,
    positive_documents=9,
    fitted=True,
    calibrated=True,
    threshold=0.4,
    desk_threshold=0.6,
    n=100,
    evaluated_positives=40,
    evaluated_on="blind",
    precision=0.75,
    precision_low=0.6,
    precision_high=0.85,
    recall=0.5,
    recall_low=0.4,
    recall_high=0.6,
    f1=0.6,
    average_precision=0.7,
    average_precision_low=0.55,
    average_precision_high=0.81,
    brier=0.11,
    calibration_error=0.03,
    reliability=(
        Bin(score=0.1, n=60, positives=6, share=0.1, low=0.05, high=0.2),
        Bin(score=0.8, n=40, positives=34, share=0.85, low=0.71, high=0.93),
    ),
    curve=(
        CurvePoint(threshold=0.9, precision=1.0, recall=0.1, suggested=4),
        CurvePoint(threshold=0.2, precision=0.5, recall=1.0, suggested=80),
    ),
    terms_for=("bridge", HOSTILE),
    terms_against=("talks",),
)
POOR = CodeCard(
    variable="frame",
    target="",
    code="peace",
    positives=25,
    negatives=75,
    fitted=True,
    threshold=0.5,
    n=100,
    evaluated_positives=25,
    evaluated_on="blind",
    surest_precision=0.389,
    f1=0.2,
    note="uncalibrated: fewer than 30 positive sentences",
)
NONE = CodeCard(variable="stance", target="osten", code="favor", positives=0, negatives=100)
LEARNED_FROM = {
    "last_event": 2,
    "codebooks": {"toy": "1.2.0"},
    "coded_with": {"toy": ["1.1.0", "1.2.0"]},
    "decisions": 120,
    "coders": 2,
    "documents": 12,
    "reason": "automatic",
    "seconds": 4.2,
}


def put_model(project: projects.Project, *codes: CodeCard, scheme=LEARNED_FROM, **about) -> None:
    card = {
        "created_at": NOON,
        "trained_on": 100,
        "scheme": scheme,
        "codes": [asdict(code) for code in codes],
    } | about
    job = jobs.start(project.store, pid=1, reason="asked", at=NOON, last_event=2)
    jobs.put_model(project.store, job.id, "m1", 1, card, NOON)


def texts(app) -> str:
    return "\n".join(one.value for one in (*app.text, *app.markdown, *app.caption))


def test_the_page_begins_with_what_is_on_the_desk_and_what_needs_more(draw, coded):
    put_model(coded, GOOD, POOR, NONE)

    first = draw("model").text[0].value

    assert first.startswith("1 of 3 codes is on the desk.")
    assert "Best, by average precision: Blockade (0.70)." in first
    assert "peace (precision too unsure: lower bound .38 < .50)." in first
    assert first.endswith("1 code never given yet.")


def test_the_page_says_when_on_what_and_why_the_model_was_trained(draw, coded):
    put_model(coded, GOOD)

    told = texts(draw("model"))

    assert "Model m1, trained 2026-03-02 12:00 UTC with the codebook toy 1.2.0" in told
    assert "in 4 s by itself, after enough new decisions" in told
    assert "120 decisions by 2 coders on 100 sentences of 12 articles" in told
    assert "coded with toy 1.1.0, 1.2.0" in told


def test_one_code_is_shown_with_its_figures_its_plots_and_its_words(draw, coded):
    put_model(coded, GOOD, POOR)

    app = draw("model")

    figures = {one.label: (one.value, one.delta) for one in app.metric}
    assert figures["Precision"] == ("0.75", "0.60 to 0.85")
    assert figures["Average precision"] == ("0.70", "0.55 to 0.81")
    assert figures["Brier score"] == ("0.11", "")
    assert "On the desk. 40 sentences with it in 9 articles. Its scores are prob" in texts(app)
    assert f"For it speak: bridge · {HOSTILE}" in [one.value for one in app.text]
    assert len(app.get("vega_lite_chart")) == 3


def test_another_code_can_be_chosen_and_its_scores_are_marked_uncalibrated(draw, coded):
    put_model(coded, GOOD, POOR)
    app = draw("model")

    app.selectbox("model.code").select(("frame", "", "peace")).run()

    assert not app.exception
    assert "Not on the desk: precision too unsure: lower bound .38 < .50." in texts(app)
    assert "Its scores are uncalibrated" in texts(app)
    assert "Brier score" not in {one.label for one in app.metric}


def test_a_calibrated_code_that_was_hardly_tested_says_what_a_plot_takes(draw, coded):
    put_model(coded, replace(GOOD, reliability=(), brier=None, calibration_error=None))

    assert "30 sentences with it and 30 without must have been tested" in texts(draw("model"))


def rule(app, project, code="blockade"):
    return app.radio(f"model.cut.{project.id}.frame||{code}.rule")


def share(app, project):
    return app.number_input(f"model.cut.{project.id}.frame||blockade.share")


def test_a_code_is_cut_for_the_best_f1_until_a_share_is_asked_for_and_again_then(draw, coded):
    put_model(coded, GOOD)
    app = draw("model")
    assert "At 0.40, for the best F1." in texts(app)
    assert not [one for one in app.button if one.key == "model.cut.train"]

    rule(app, coded).set_value("Cut where a share of the suggestions is right").run()
    share(app, coded).set_value(85.5).run()

    assert cuts.precisions(coded.store) == {"frame||blockade": 0.855}
    assert "The next training will cut it where 85.5 % are right." in texts(app)
    assert app.button("model.cut.train").label == "Train now"

    rule(app, coded).set_value("Cut for the best F1").run()

    assert cuts.precisions(coded.store) == {}
    assert not [one for one in app.button if one.key == "model.cut.train"]


def test_a_cut_that_a_command_asked_for_stands_on_the_page(draw, coded):
    put_model(coded, GOOD)
    app = draw("model")

    cuts.want(coded.store, {"frame||blockade": 0.9})
    app.run()

    assert share(app, coded).value == 90
    assert "The next training will cut it where 90 % are right." in texts(app)


def test_a_cut_in_force_says_what_share_was_right_and_what_to_expect(draw, coded):
    cuts.want(coded.store, {"frame||blockade": 0.8})
    put_model(coded, replace(GOOD, wanted_precision=0.8))

    told = texts(draw("model"))

    assert "At 0.40: from there on, 80 % or more of those tested were right." in told
    assert "75 % were: expect no more of new text until more is coded." in told
    assert "The next training" not in told


def test_a_precision_that_no_threshold_reaches_is_said_in_a_sentence(draw, coded):
    out_of_reach = replace(GOOD, wanted_precision=0.99, threshold=1.0, desk_threshold=None)
    put_model(coded, out_of_reach)

    told = texts(draw("model"))

    assert "No threshold reaches 99 % right suggestions on the sentences coded so far" in told
    assert "Not on the desk: no threshold reaches 99 % right." in told


def test_a_code_that_was_not_learned_has_nothing_to_cut(draw, coded):
    put_model(coded, replace(GOOD, fitted=False, note="has 4 of at least 5 positive sentences"))

    assert not [one for one in draw("model").radio if one.key.startswith("model.cut")]


def test_while_a_training_runs_the_new_cut_takes_another_one_after_it(draw, coded):
    put_model(coded, GOOD)
    cuts.want(coded.store, {"frame||blockade": 0.8})
    jobs.start(coded.store, pid=os.getpid(), reason="asked", at=NOON, last_event=2)
    app = draw("model")

    app.button("model.cut.train").click().run()

    assert jobs.following(coded.store) == "asked"
    assert "The training that follows will cut it where 80 % are right." in texts(app)


ABOUT = {
    "seed": 7,
    "features": {
        "groups": {"letters": True, "words": True, "topics": False, "codebook": True},
        "letters": "pieces of 3 to 5 letters within words",
        "words": "lower-case words and marks",
        "topics": "100 axes of each kind, from the project's own sentences",
        "pieces": {"letters": 1_200, "words": 300, "vectors": 250},
    },
    "learning": {"firmness": 4.0, "codebook": False},
    "libraries": {"numpy": "2.4.6"},
    "sha256": {"model.npz": "5e8c"},
}


def test_the_card_says_in_words_what_the_model_is(draw, coded):
    put_model(coded, GOOD, scheme=LEARNED_FROM | {"vectors": {"dims": 200, "texts": 9}}, **ABOUT)

    app = draw("model")

    (card,) = (one for one in app.expander if one.label == "The model's card")
    said = [one.value for one in card.text]
    assert dict(zip(said[::2], said[1::2], strict=True)) == {
        "Codebooks": "toy 1.2.0",
        "Coded with": "toy 1.1.0, 1.2.0",
        "Learned from": "120 decisions by 2 coders on 12 articles",
        "Parts of words": "1,200 pieces of 3 to 5 letters within words",
        "Words": "300 lower-case words and marks",
        "Topics": "not looked at",
        "Word vectors": "of 250 words of the project, 200 numbers each, learned from 9 texts",
        "Penalty": "4: the more, the less a single sentence can change",
        "Codebook": "its own words take no part",
        "Seed": "7",
        "Libraries": "numpy 2.4.6",
        "SHA-256 of model.npz": "5e8c",
    }


def test_a_mistake_is_shown_with_its_sentence_and_leads_to_its_article(draw, coded, monkeypatch):
    monkeypatch.setenv("ANNOTATOR_CODER", "Ada")
    unit = next(tables.units(coded.store))
    mistake = Mistake(unit_id=unit.unit_id, score=0.91)
    put_model(coded, replace(GOOD, false_positives=(mistake,)))

    app = draw("model")
    app.button(f"model.read.wrong.{unit.unit_id}").click().run()

    assert not app.exception
    assert unit.text in [one.value for one in app.text]
    marked = [one.proto.body for one in app.get("html") if "<mark>" in one.proto.body]
    assert marked == [f"<p><mark>{unit.text}</mark></p>"]


def test_the_card_of_an_older_version_shows_what_it_has(draw, coded):
    old = asdict(replace(GOOD, reliability=(), curve=(), terms_for=(), terms_against=()))
    later = {
        *("positive_documents", "surest_precision", "brier", "calibration_error", "curve"),
        *("average_precision_low", "average_precision_high", "reliability", "terms_for"),
        *("false_positives", "false_negatives", "terms_against"),
    }
    card = {
        "created_at": NOON,
        "trained_on": 100,
        "scheme": {"last_event": 2, "codebooks": {"toy": "1.2.0"}},
        "codes": [{name: value for name, value in old.items() if name not in later}],
    }
    job = jobs.start(coded.store, pid=1, reason="asked", at=NOON, last_event=2)
    jobs.put_model(coded.store, job.id, "m1", 1, card, NOON)

    app = draw("model")

    assert not app.exception
    figures = {one.label: (one.value, one.delta) for one in app.metric}
    assert figures["Average precision"] == ("0.70", "interval unknown")
    assert "with the codebook toy 1.2.0." in texts(app)


def test_progress_names_the_code_and_how_many_there_are(draw, coded):
    job = jobs.start(coded.store, pid=1, reason="asked", at=NOON, last_event=0)
    jobs.beat(coded.store, job.id, 3, 12, "stance|osten|against")

    (bar,) = draw("model").get("progress")

    assert bar.proto.value == 25
    assert "code 3 of 7\\: Osten\\: Against" in bar.proto.text
    assert "left" in bar.proto.text or "nearly done" in bar.proto.text


def test_a_training_asked_for_while_one_runs_follows_it_and_is_cancelled_with_it(draw, coded):
    jobs.start(coded.store, pid=os.getpid(), reason="asked", at=NOON, last_event=0)
    app = draw("model")
    assert "Another training follows" not in texts(app)

    app.button("model.again").click().run()

    assert "Another training follows this one, with all that is coded until then." in texts(app)
    assert app.button("model.again").disabled
    assert app.button("model.cancel").label == "Cancel both trainings"

    app.button("model.cancel").click().run()

    assert not jobs.following(coded.store)
    assert app.button("model.train").label == "Train now"
    assert not app.button("model.train").disabled


def test_a_cancelled_training_says_that_the_model_before_stays(draw, coded):
    put_model(coded, GOOD)
    jobs.start(coded.store, pid=1, reason="asked", at=NOON, last_event=2)
    supervising.cancel_training(coded.store)

    app = draw("model")

    assert app.info[0].value == (
        "The last training was cancelled; the model before stays in force."
    )
    assert "Model m1" in texts(app)


def test_a_training_that_died_says_so_and_names_the_log(draw, coded):
    job = jobs.start(coded.store, pid=1, reason="asked", at=NOON, last_event=0)
    with coded.store.write() as conn:
        conn.execute("update train_job set heartbeat = 0 where id = ?", (job.id,))

    (told,) = draw("model").error

    assert "ended without a word" in told.value
    assert "training\\.log" in told.value


@pytest.mark.parametrize("codes", [(), (NONE,)])
def test_a_model_that_knows_no_code_yet_is_drawn_all_the_same(draw, coded, codes):
    put_model(coded, *codes)

    app = draw("model")

    assert not app.exception
    assert f"0 of {len(codes)} code" in app.text[0].value
