"""What the bench promises: the design's table, a run that goes on, and peers told apart by day."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[1]

PROMISED = [
    "key → next sentence painted",
    "typed at 10 and 30 keys a second",
    "durable save, 32 coders",
    "saves a second, closed loop",
    "save after 10,000 by the same coder",
    "import of 100,000 units",
    "export of 10,000 annotated units",
    "retrain",
    "re-score of 1,000,000 units",
    "new text",
    "process start → page usable",
    "install",
]
"""What the program promises of its speed, in the order of the table."""


@pytest.fixture(scope="module")
def bench() -> Iterator[Callable[[str], ModuleType]]:
    """Modules of ``bench``, which lies outside every package."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT))
        yield lambda name: importlib.import_module(f"bench.{name}")


@pytest.fixture
def report(bench: Callable[[str], ModuleType]) -> ModuleType:
    return bench("report")


@pytest.fixture
def running(bench: Callable[[str], ModuleType]) -> ModuleType:
    return bench("running")


def test_every_promise_of_speed_is_measured_in_its_order_where_nothing_is_named(bench):
    registry = bench("registry")

    designs = [registry.BY_NAME[name].design for name in registry.DESIGN]

    assert list(dict.fromkeys(designs)) == PROMISED


def test_every_measure_has_its_function(bench):
    missing = [
        one
        for one in bench("registry").MEASURES
        if f"\ndef {one.function}(bench: Bench)" not in module_text(one.module)
    ]

    assert missing == []


def module_text(name: str) -> str:
    return (ROOT / "bench" / f"{name}.py").read_text("utf-8")


def test_no_two_measures_have_one_name(bench):
    registry = bench("registry")

    assert len(registry.BY_NAME) == len(registry.MEASURES)


def test_a_measure_that_breaks_off_says_why(running, tmp_path):
    lines, fault = running.run(("bench.nothing",), tmp_path, "broken", minutes=1)

    assert lines == []
    assert "No module named bench.nothing" in fault


def test_a_measure_that_takes_too_long_is_ended_and_says_so(running, tmp_path):
    forever = ("http.server", "0", "--bind", "127.0.0.1", "--directory")

    assert running.run(forever, tmp_path, "slow", minutes=0.005) == (
        [],
        "it took more than 0.005 minutes",
    )


def test_figures_of_this_run_take_the_place_of_those_known_before(bench, report):
    row = bench("rows").Row("painted", "9 ms", "≤ 25 ms", True, "painted-1000")
    known = {"about": "then", "figures": {"painted-1000": {"doccano": "100", "Potato": "198"}}}
    potato = report.Peer("Potato", "2.12.1", {"painted-1000": "180 ms"})

    page = report.Report("now", [row], "", [potato], known).markdown()

    assert "| painted | 9 ms | ≤ 25 ms | ✓ | doccano 100; Potato 180 ms (this run) |" in page


def test_a_peer_that_breaks_off_is_told_in_the_table(report):
    potato = report.Peer("Potato", "2.12.1", {}, "no answer on port 7 within 9 s")

    page = report.Report("now", [], "", [potato], {"about": "", "figures": {}}).markdown()

    assert (
        "| Potato 2.12.1, this run |  |  |  | broke off: no answer on port 7 within 9 s |" in page
    )


def test_a_table_takes_the_place_of_the_last_and_nothing_else(report):
    page = f"# Speed\n\n{report.BEGIN}\nold\n{report.END}\n\nThe rest.\n"

    written = report.put_into(page, "new\n")

    assert written == f"# Speed\n\n{report.BEGIN}\nnew\n{report.END}\n\nThe rest.\n"


@pytest.mark.parametrize("page", ["", "<!-- /bench --> <!-- bench -->", "<!-- bench -->"])
def test_a_page_without_a_place_for_the_table_is_known(report, page):
    assert not report.has_marks(page)


def test_the_page_about_performance_has_a_place_for_the_table(report):
    page = (ROOT / "docs" / "performance.md").read_text("utf-8")

    assert report.has_marks(page)
    assert "\n|---|" in page.partition(report.BEGIN)[2].partition(report.END)[0]


def test_the_measure_of_installing_types_what_the_readme_says():
    starting = importlib.import_module("bench.starting")

    told = (ROOT / "README.md").read_text("utf-8")

    assert "\n".join(starting.COMMANDS) in told
