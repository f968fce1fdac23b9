"""The half of the gold that no rule was tuned on keeps its floors; see tests/data/quotations."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

GOLD = Path(__file__).parents[1] / "data" / "quotations"


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    """``bench/quotations.py``, which lies outside every package."""
    place = Path(__file__).parents[2] / "bench" / "quotations.py"
    spec = importlib.util.spec_from_file_location("bench_quotations", place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["bench_quotations"] = module  # dataclasses look their module up by name
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def gold(bench: ModuleType) -> list[Any]:
    return bench.read_gold(GOLD)


@pytest.fixture(scope="module")
def score(bench: ModuleType) -> Any:
    return bench.scored(bench.read_gold(GOLD, "test-"))


def test_both_halves_of_the_gold_are_of_a_size(gold: list[Any]):
    halves = [
        [line for article in gold if article.name.startswith(half) for line in article.lines]
        for half in ("dev-", "test-")
    ]

    direct = [sum(line.kind == "direct" for line in half) for half in halves]
    assert min(direct) >= 90
    assert max(direct) <= 1.1 * min(direct)


def test_each_line_of_the_gold_has_quotation_marks_or_is_indirect(gold: list[Any]):
    opening = "\"'“‘«"
    lines = [(article.draft.text, line) for article in gold for line in article.lines]

    bare = {line.kind for text, line in lines if text[line.start] not in opening}
    assert bare == {"indirect"}


def test_quotations_end_where_the_gold_has_them_end(bench: ModuleType, score: Any):
    assert bench.counted(score.exact).share >= 0.97, score.wrong


def test_speakers_are_mostly_right_when_somebody_is_found(score: Any):
    assert score.speakers.precision.share >= 0.88, score.wrong


def test_speakers_are_mostly_found(score: Any):
    assert score.speakers.recall.share >= 0.78, score.wrong
