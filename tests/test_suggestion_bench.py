"""How the bench of suggestions cuts labelled sets, and how it counts."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import f1_score

ROOT = Path(__file__).parents[1]
Write = Callable[..., Any]


@pytest.fixture(scope="module")
def bench() -> Iterator[Callable[[str], ModuleType]]:
    """Modules of ``bench``, which lies outside every package."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT))
        yield lambda name: importlib.import_module(f"bench.{name}")


@pytest.fixture(scope="module")
def sets(bench: Callable[[str], ModuleType]) -> ModuleType:
    return bench("suggestion_data")


@pytest.fixture(scope="module")
def figures(bench: Callable[[str], ModuleType]) -> ModuleType:
    return bench("suggestion_figures")


@pytest.fixture
def write(tmp_path: Path, sets: ModuleType) -> Write:
    """Make a set of such labels, and read it."""

    def made(labels: list[list[str]], **fields: list[str]) -> Any:
        folder = tmp_path / "talks"
        folder.mkdir()
        rows = [
            {"id": f"row-{at}", "text": f"Sentence {at}.", "labels": given}
            | {name: values[at] for name, values in fields.items()}
            for at, given in enumerate(labels)
        ]
        lines = "".join(json.dumps(row) + "\n" for row in rows)
        (folder / sets.FILE).write_text(lines, encoding="utf-8")
        return sets.read_set(folder)

    return made


def test_a_label_of_four_rows_is_left_out_with_its_rows(write: Write):
    one = write([["border"]] * 5 + [["market"]] * 5 + [["rare"]] * 4)

    assert one.rows.codes == ("border", "market")
    assert len(one.rows.texts) == 10
    assert "fewer than 5 rows: rare" in one.described()


def test_where_a_row_has_several_labels_or_none_its_text_stays(write: Write):
    one = write([["border"]] * 5 + [["market", "border"]] * 5 + [["rare"], []])

    assert not one.rows.single
    assert one.rows.truth.sum(axis=1).tolist() == [1] * 5 + [2] * 5 + [0, 0]


def test_nothing_is_both_learned_and_tested(write: Write, sets: ModuleType):
    one = write([["border"], ["market"]] * 50)

    learned, tested = sets.parts(one, 3)

    assert sorted([*learned, *tested]) == list(range(100))
    assert len(tested) == 30


def test_every_seed_tests_on_other_rows_and_the_same_seed_on_the_same(
    write: Write, sets: ModuleType
):
    one = write([["border"], ["market"]] * 50)

    first, again, other = (sets.parts(one, seed)[1].tolist() for seed in (1, 1, 2))

    assert first == again
    assert sorted(first) != sorted(other)


@pytest.mark.parametrize("field", ["doc", "document", "article", "article_id"])
def test_no_document_is_both_learned_and_tested(write: Write, sets: ModuleType, field: str):
    one = write([["border"], ["market"]] * 50, **{field: [f"d{at // 4}" for at in range(100)]})

    for seed in range(5):
        learned, tested = (set(one.rows.at(part).documents) for part in sets.parts(one, seed))

        assert not learned & tested
        assert len(learned | tested) == 25


def test_a_set_is_tested_on_its_own_test_part(write: Write, sets: ModuleType):
    splits = ["train", "test", "dev", "train", "train"] * 4
    one = write([["border"], ["market"]] * 10, split=splits)

    learned, tested = sets.parts(one, 0)

    assert tested.tolist() == [1, 6, 11, 16]
    assert len(learned) == 16


def test_a_set_of_another_name_is_learned_from_up_to_all_its_labels(write: Write, sets: ModuleType):
    one = write([["border"], ["market"]] * 200)

    assert list(sets.sizes(one, 2)) == [100, 250, None]


def test_a_row_without_labels_is_named(tmp_path: Path, sets: ModuleType):
    (tmp_path / sets.FILE).write_text('{"id": "1", "text": "A.", "labels": []}\n{"id": "2"}\n')

    with pytest.raises(sets.BenchError, match="line 2: needs an id, a text and a list of labels"):
        sets.read_set(tmp_path)


def test_macro_f1_is_that_of_scikit_learn_over_the_codes_that_are_there(figures: ModuleType):
    rng = np.random.default_rng(4)
    truth, suggested = rng.random((60, 5)) < 0.3, rng.random((60, 5)) < 0.3
    truth[:, 2] = False  # suggested, and never right
    suggested[:, 3] = False  # there, and never suggested

    there = [0, 1, 3, 4]
    expected = f1_score(truth[:, there], suggested[:, there], average="macro", zero_division=0)

    assert figures.macro_f1(truth, suggested) == pytest.approx(expected)


def test_of_single_codes_the_one_furthest_above_its_threshold_is_suggested(figures: ModuleType):
    scores = np.array([[0.9, 0.5, np.nan], [0.6, 0.4, np.nan], [np.nan] * 3])
    thresholds = np.array([0.8, 0.35, np.nan])

    suggested = figures.decide(scores, thresholds, single=True)

    assert suggested.tolist() == [
        [False, True, False],
        [False, True, False],
        [False, False, False],
    ]


def test_of_several_codes_all_at_their_thresholds_are_suggested(figures: ModuleType):
    scores = np.array([[0.8, 0.35, np.nan], [0.79, 0.1, np.nan]])
    thresholds = np.array([0.8, 0.35, np.nan])

    suggested = figures.decide(scores, thresholds, single=False)

    assert suggested.tolist() == [[True, True, False], [False, False, False]]


def test_matched_thresholds_suggest_each_code_as_often_as_it_was_labelled(figures: ModuleType):
    scores = np.random.default_rng(6).random((200, 3))
    labelled = np.zeros((50, 3), dtype=bool)
    labelled[:5, 0] = labelled[:20, 1] = True

    suggested = figures.decide(scores, figures.prevalent(scores, labelled), single=False)

    assert suggested.sum(axis=0).tolist() == [20, 80, 0]


def test_calibration_is_told_of_codes_with_a_hundred_positives_over_all_parts(
    sets: ModuleType, figures: ModuleType
):
    truth = np.zeros((400, 2), dtype=bool)
    truth[:100, 0] = truth[:99, 1] = True
    train = sets.Labelled([""] * 400, [""] * 400, truth, ("border", "market"), single=False)
    test = train.at(np.arange(0, 400, 2))
    calibration = figures.Calibration()

    calibration.add(train, test, np.full((200, 2), 0.15))
    calibration.add(train, test, np.full((200, 2), 0.25))
    errors = calibration.errors()

    assert errors.codes == 1
    assert errors.pooled == pytest.approx(0.05)  # .10 in the one part, none in the other
