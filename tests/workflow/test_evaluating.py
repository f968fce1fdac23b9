"""A model against gold: what it was trained on does not flatter it, and nothing is stored."""

from __future__ import annotations

import csv
import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from annotator.learn import artefact
from annotator.learn import evaluate as figures
from annotator.learn.metrics import average_precision
from annotator.store import codebooks, jobs, tables
from annotator.workflow import evaluating, suggesting, training
from tests.small import AT, code_units, codebook, small_project
from tests.terminal import annotator

BOOK = codebook(
    "border",
    odd="Given by lot.",
    rare="Nobody gave it yet.",
    use='use = ["asserted", "rejected"]',
)
LOT = (0, 3, 4, 7, 8, 9, 13, 14, 18, 20, 21, 25, 26, 29, 31)
"""The units that carry the code which no word tells of."""

COUNTS = {
    *("n", "positives", "predicted", "precision", "precision_low", "precision_high", "recall"),
    *("recall_low", "recall_high", "f1", "average_precision", "calibration_error", "threshold"),
    *("unscored", "variable", "target", "code"),
}


@pytest.fixture
def project(tmp_path):
    """Twelve articles of three sentences; the first thirty-three are coded and learned from."""
    said = "The border z{0} is ours. The road y{0} was shut. It rained x{0}."
    with small_project(tmp_path, BOOK, [said.format(n) for n in range(12)]) as made:
        code_units(made, as_is_right, slice(33))
        training.train(made)
        yield made


def right(number, text):
    """The codes that are right for the unit of that number."""
    return [*(["border"] if "border" in text else []), *(["odd"] if number in LOT else [])]


def as_is_right(number, unit):
    return right(number, unit.text)


@pytest.fixture
def gold(project, tmp_path):
    """Write a table of gold: ``gold(("text", "labels"), (…, …), …)``."""

    def write(*rows):
        place = tmp_path / "gold.csv"
        with place.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
        return place

    return write


@pytest.fixture
def evaluate(project):
    """Run the command; exit code, standard output, lines on standard error."""

    def run(file, *words):
        done = annotator("evaluate", project.path, "--gold", file, *words)
        return done.exit_code, done.stdout, done.stderr.splitlines()

    return run


BY_TEXT = ("--text", "text", "--labels", "labels", "--json")


def all_units(project):
    return [
        (unit.unit_id, unit.text, "|".join(right(number, unit.text)))
        for number, unit in enumerate(tables.units(project.store))
    ]


def found_in(out):
    told = json.loads(out)
    return told, {one["code"]: one for one in told["codes"]}


def suggested(project, name, scores):
    """How many of these scores are at or above the code's threshold."""
    model = suggesting.loaded(project.store, jobs.model_id(project.store))
    (card,) = [one for one in model.cards if one.code == name]
    return sum(score >= card.threshold for score in scores)


def own_scores(project, name, texts):
    model = suggesting.loaded(project.store, jobs.model_id(project.store))
    return model.score(texts)[:, [column.code for column in model.columns].index(name)]


def test_what_the_model_was_trained_on_is_scored_by_models_that_did_not_see_its_article(
    project, gold, evaluate
):
    learned = all_units(project)[:33]
    model = suggesting.loaded(project.store, "m1")
    odd = [column.code for column in model.columns].index("odd")
    row = {unit: number for number, unit in enumerate(model.units)}
    held_out = np.array([model.out_of_fold[row[unit], odd] for unit, *_ in learned])
    own = own_scores(project, "odd", [text for _, text, _ in learned])
    truth = np.array(["odd" in labels for *_, labels in learned])

    code, out, _ = evaluate(gold(("id", "text", "labels"), *learned), *BY_TEXT)

    told, codes = found_in(out)
    assert code == 0
    assert (told["texts"], told["out_of_fold"], told["of_project"], told["new"]) == (33, 33, 0, 0)
    assert codes["odd"]["predicted"] == suggested(project, "odd", held_out)
    assert codes["odd"]["average_precision"] == average_precision(truth, held_out)
    # What no word tells of can only have been learned by heart.
    assert codes["odd"]["average_precision"] < average_precision(truth, own)


def test_a_sentence_that_was_learned_flatters_nobody_under_another_id_either(
    project, gold, evaluate
):
    learned = all_units(project)[:33]
    renamed = [(f"other-{n}", text, labels) for n, (_, text, labels) in enumerate(learned)]

    _, plain, _ = evaluate(gold(("id", "text", "labels"), *learned), *BY_TEXT, "--id", "id")
    _, other, _ = evaluate(gold(("id", "text", "labels"), *renamed), *BY_TEXT, "--id", "id")

    assert json.loads(other) == json.loads(plain)


def test_units_that_were_not_learned_have_the_scores_of_the_desk(project, gold, evaluate):
    place = suggesting.scores_file(project.store, "m1")
    scores = np.load(place)
    rest = list(tables.units(project.store))[33:]
    # The other way round than any model would have it.
    scores[[one.seq for one in rest], 0] = [float("border" not in one.text) for one in rest]
    np.save(place, scores)

    _, out, _ = evaluate(gold(("id", "text", "labels"), *all_units(project)[33:]), *BY_TEXT)

    told, codes = found_in(out)
    assert told["of_project"] == 3
    assert (codes["border"]["predicted"], codes["border"]["precision"]) == (2, 0)


@pytest.mark.parametrize("cut", [0.0, 1.01])
def test_new_texts_are_cut_at_the_threshold_for_texts_alone(project, gold, evaluate, cut):
    rest = all_units(project)[33:]
    new = [("", "Another border was drawn.", "border"), ("", "Nothing of the kind.", "")]
    folder = project.store.models / "m1"
    model = artefact.load(folder)
    border, *others = model.cards
    cards = (replace(border, threshold=0.5, threshold_alone=cut), *others)
    at = {"model_id": "m1", "created_at": AT, "provenance": {}}
    artefact.save(replace(model, cards=cards), folder, **at)
    suggesting.loaded.cache_clear()

    both = gold(("id", "text", "labels"), *rest, *new)
    _, mixed, _ = evaluate(both, *BY_TEXT)
    _, apart, _ = evaluate(gold(("text", "labels"), *(row[1:] for row in new)), *BY_TEXT)

    codes, alone = found_in(mixed)[1], found_in(apart)[1]
    assert codes["border"]["predicted"] == 1 + 2 * (cut == 0)
    assert codes["border"]["threshold"] == 0.5
    assert alone["border"]["predicted"] == 2 * (cut == 0)
    assert alone["border"]["threshold"] == cut


def test_what_was_suggested_may_be_told_beside_the_scores():
    places = {"index": ["u1", "u2", "u3"]}
    answers = pd.DataFrame({"frame||border": [1.0, 0.0, np.nan]}, **places)
    scores = pd.DataFrame({"frame||border": [0.2, 0.9, 0.9]}, **places)
    suggested = pd.DataFrame({"frame||border": [True, False, True]}, **places)

    (row,) = figures.evaluate(answers, scores, {"frame||border": 0.5}, suggested).to_dict("records")

    assert (row["predicted"], row["precision"], row["recall"], row["threshold"]) == (1, 1, 1, 0.5)
    assert row["average_precision"] == 0.5


def test_other_units_of_the_project_and_new_texts_are_scored_by_the_model_itself(
    project, gold, evaluate
):
    rest = all_units(project)[33:]
    new = [("", "Another border was drawn.", "border"), ("", "Nothing of the kind.", "")]

    code, out, _ = evaluate(gold(("id", "text", "labels"), *rest, *new), *BY_TEXT)

    told, codes = found_in(out)
    assert code == 0
    assert (told["texts"], told["out_of_fold"], told["of_project"], told["new"]) == (5, 0, 3, 2)
    assert (codes["border"]["n"], codes["border"]["positives"]) == (5, 2)
    own = own_scores(project, "border", [text for _, text, _ in (*rest, *new)])
    assert codes["border"]["predicted"] == suggested(project, "border", own)


def test_the_text_of_a_unit_named_by_its_id_alone_is_the_projects(project, gold, evaluate):
    rest = all_units(project)[33:]
    rows = [(unit, labels) for unit, _, labels in rest]

    _, out, _ = evaluate(
        gold(("id", "labels"), *rows), "--id", "id", "--labels", "labels", "--json"
    )

    told, codes = found_in(out)
    own = own_scores(project, "border", [text for _, text, _ in rest])
    assert told["of_project"] == 3
    assert codes["border"]["predicted"] == suggested(project, "border", own)


def test_a_code_that_came_after_a_text_was_learned_is_not_judged_there(project, gold, evaluate):
    grow(project)
    snow = [{"variable": "frame", "code": "snow"}]
    code_units(project, as_is_right, slice(18, 36, 3), coder="ben", scheme=2, answers=snow)
    code_units(project, as_is_right, slice(19, 36, 3), coder="ben", scheme=2, answers=[])
    training.train(project)

    _, out, err = evaluate(gold(("id", "text", "labels"), *all_units(project)), *BY_TEXT)

    told, codes = found_in(out)
    # Twelve of the texts were asked for snow, and one the model never saw.
    assert (codes["border"]["n"], codes["snow"]["n"]) == (36, 13)
    assert err[-1] == (
        "23 answers are left out: the model was trained on the text, but not asked for that code "
        "there"
    )
    assert told["notes"][-1] == err[-1]


def test_a_code_that_the_model_did_not_learn_counts_as_never_suggested(project, gold, evaluate):
    rows = [(f"A border of {n}", "border|rare" if n % 2 else "") for n in range(8)]

    _, out, _ = evaluate(gold(("text", "labels"), *rows), *BY_TEXT)

    told, codes = found_in(out)
    assert (codes["rare"]["f1"], codes["rare"]["threshold"]) == (0, None)
    # Of border every text is suggested and every other one right; odd has no positive.
    assert told["macro_f1"] == pytest.approx((codes["border"]["f1"] + 0) / 2)


def test_where_coders_differ_the_half_is_right(gold, evaluate):
    rows = [
        ("A border, twice.", "ana", "border"),
        ("A border, twice.", "ben", ""),
        ("A border, thrice.", "ana", "border"),
        ("A border, thrice.", "ben", ""),
        ("A border, thrice.", "cem", ""),
    ]

    _, out, _ = evaluate(gold(("text", "coder", "labels"), *rows), *BY_TEXT)

    told, codes = found_in(out)
    assert told["texts"] == 2
    assert (codes["border"]["n"], codes["border"]["positives"]) == (2, 1)


def test_our_own_export_is_read_with_what_was_not_asked_and_what_was_rejected(
    project, evaluate, tmp_path
):
    code_units(
        project,
        right,
        slice(33, 36),
        answers=[{"variable": "frame", "code": "border", "use": "rejected"}],
    )
    grow(project)
    out = tmp_path / "labels.csv"
    assert annotator("export", project.path, "--output", out).exit_code == 0

    status, said, _ = evaluate(out, "--json")

    told, codes = found_in(said)
    assert status == 0
    assert (told["texts"], told["of_project"]) == (36, 3)
    # Three rejected it, which makes neither a positive nor a negative; nobody was asked for snow.
    assert (codes["border"]["n"], codes["odd"]["n"]) == (33, 36)
    assert "snow" not in codes


def grow(project):
    """A new version of the codebook with a code more."""
    old = codebooks.current_scheme(project.store).codebooks[0]
    snow = old.variable[0].code[0].model_copy(update={"name": "snow", "title": "Snow"})
    frame = old.variable[0].model_copy(update={"code": (*old.variable[0].code, snow)})
    grown = old.model_copy(update={"version": "1.1.0", "variable": (frame,)})
    codebooks.put_scheme(project.store, [(grown, "")], AT)


def test_nothing_of_gold_is_stored(project, gold, evaluate):
    def held():
        return list(project.store.db.conn.iterdump())

    before = held()

    code, *_ = evaluate(gold(("text", "labels"), ("A border.", "border"), ("None.", "")), *BY_TEXT)

    assert code == 0
    assert held() == before


def test_the_answer_for_programs_has_the_same_keys_always(gold, evaluate):
    _, out, _ = evaluate(gold(("text", "labels"), ("A border.", "border"), ("No.", "")), *BY_TEXT)

    told, codes = found_in(out)
    assert list(told) == [
        *("file", "model_id", "rows", "texts", "out_of_fold", "of_project", "new", "macro_f1"),
        *("codes", "mapping", "notes"),
    ]
    assert all(set(one) == COUNTS for one in codes.values())


def test_a_person_is_told_the_mapping_the_figures_and_what_was_compared(gold, evaluate):
    table = gold(("text", "labels"), ("A border.", "Border"), ("None.", ""))

    code, out, err = evaluate(table, "--text", "text", "--labels", "labels")

    assert code == 0
    assert "Border → border: 1 rows" in err
    assert out.startswith("gold.csv: 2 texts against model m1: 2 new")
    assert "frame: border" in out
    assert "macro-F1 over 1 code with positives: " in out


@pytest.mark.parametrize(
    ("rows", "words", "said"),
    [
        (
            [("id", "labels"), ("nobody", "border")],
            ("--id", "id", "--labels", "labels"),
            "gold.csv: column id: none of these is the id of a unit of this project; name the "
            "column of the text too, to have the rows scored as new: --text COL",
        ),
        (
            [("text", "labels"), ("A border.", "frontier")],
            ("--text", "text", "--labels", "labels"),
            "gold.csv: column labels: no code of frame is 'frontier' (1); there are border, odd, "
            "rare",
        ),
        (
            [("text", "labels"), ("A border.", "frontier")],
            ("--text", "text", "--labels", "labels", "--map", "frontier=-"),
            "gold.csv: says nothing of any text that could be compared",
        ),
        (
            [("text", "labels")],
            ("--text", "text", "--labels", "labels"),
            "gold.csv: ",
        ),
        (
            [("text", "labels"), ("A border.", "border")],
            (),
            "gold.csv: say which column holds the labels: --labels COL",
        ),
    ],
)
def test_gold_that_cannot_be_compared_is_refused_in_a_sentence(gold, evaluate, rows, words, said):
    code, out, err = evaluate(gold(*rows), *words)

    assert (code, out) == (1, "")
    assert len(err) == 1
    assert err[0].startswith(said)


def test_gold_of_one_label_says_what_it_cannot_tell(gold, evaluate):
    rows = [(f"A border of {n}.", "border") for n in range(4)]

    code, _, err = evaluate(gold(("text", "labels"), *rows), *BY_TEXT)

    assert code == 0
    assert err[-1] == (
        "gold.csv: every text carries frame: border: precision says nothing there; bring texts "
        "without it too"
    )


def test_gold_without_any_label_says_what_it_cannot_tell(gold, evaluate):
    code, out, err = evaluate(gold(("text", "labels"), ("A border.", ""), ("No.", "")), *BY_TEXT)

    assert code == 0
    assert json.loads(out)["macro_f1"] is None
    assert err[-1] == "gold.csv: no text carries any code, so that recall cannot be told"


def test_without_a_model_there_is_nothing_to_evaluate(project, gold, evaluate):
    with project.store.write() as conn:
        conn.execute("delete from train_job")
    assert jobs.model_id(project.store) is None

    code, _, err = evaluate(gold(("text", "labels"), ("A border.", "border")), *BY_TEXT)

    assert (code, err) == (1, ["this project has no model yet; run `annotator train` first"])


def test_how_far_the_scoring_is_is_told(project, gold):
    rows = [(f"A border of {n}.", "border") for n in range(3)]
    told = []

    evaluating.evaluate(
        project.store,
        gold(("text", "labels"), *rows),
        text="text",
        labels=("labels",),
        progress=lambda *step: told.append(step),
    )

    assert told == [(0, 3, "scoring")]
