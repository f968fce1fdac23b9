"""`annotator unfound`: sentences on stdout, what is missing on stderr, figures as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result

from annotator.workflow.projects import Project
from tests.small import code_units, codebook, named, small_project
from tests.terminal import annotator


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Forty sentences, ten of which name a road."""
    said = [f"The {'road' if n % 4 == 0 else 'field'} at post {n} was quiet." for n in range(40)]
    with small_project(tmp_path, codebook("road", "border"), [" ".join(said)]) as made:
        yield made


def unfound(project: Project, *words: str) -> Result:
    return annotator("unfound", project.path, *words)


def test_too_few_by_chance_is_said_with_how_many_more_it_takes(project):
    code_units(project, named("road"), slice(0, 12))

    done = unfound(project)
    told = json.loads(unfound(project, "--json").stdout)

    assert done.exit_code == 0
    assert done.stdout.startswith("12 of 40 units are coded; ")
    assert f"{told['lacking']} more units by chance" in done.stderr
    assert [one["expected"] for one in told["codes"]] == [None, None]
    assert [one["lacking"] for one in told["codes"]] == [30 - told["drawn"]] * 2


def test_each_code_has_its_figures(project):
    code_units(project, named("road"))

    told = json.loads(unfound(project, "--json").stdout)

    road, border = told["codes"]
    assert (told["units"], told["decided"], told["drawn"], told["lacking"]) == (40, 40, 40, 0)
    assert (road["found"], road["expected"], road["low"], road["high"]) == (10, 0, 0, 0)
    assert (road["recall"], road["recall_low"], road["last_hundred"]) == (1.0, 1.0, 10)
    assert (border["found"], border["recall"]) == (0, None)
    assert unfound(project).stdout.splitlines()[1:] == [
        "Road: 10 found, and none is left.",
        "None found of 1 other code, and none is left.",
    ]
