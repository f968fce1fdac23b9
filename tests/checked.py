"""A small project with a model that learned from labels of which a few are wrong."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from annotator.learn.model import Column
from annotator.store import jobs
from annotator.store.desk_units import DeskUnit
from annotator.workflow import projects, training
from annotator.workflow.projects import Project
from tests.small import code_units, codebook, named, small_project

BORDER, ROAD = Column("frame", "", "border"), Column("frame", "", "road")
SAID = (
    "Guards at the border waited on day {n}.",
    "The road was closed on day {n}.",
    "Nobody spoke on day {n}.",
    "They had bread and tea on day {n}.",
)
ARTICLES = [" ".join(one.format(n=n) for one in SAID) for n in range(32)]
CODED = 80
SLIPS = {4, 21, 40, 61, 76}
"""Numbers of units that ana coded wrong: with a border where none is, and without where one is."""


def _with_slips(number: int, unit: DeskUnit) -> set[str]:
    right = set(named("border", "road")(number, unit))
    return right ^ {"border"} if number in SLIPS else right


def make(folder: Path) -> None:
    """Make the project in a folder: ana coded the first sentences, and a model was trained."""
    with small_project(folder, codebook("border", "road"), ARTICLES) as made:
        code_units(made, _with_slips, slice(CODED))
        training.train(made)
        _open_the_gate(made)
        made.store.db.execute("pragma wal_checkpoint(truncate)")


def _open_the_gate(project: Project) -> None:
    """Have the desk suggest codes at any score: a model of eighty sentences is sure of little."""
    model_id, card = jobs.model(project.store) or ("", {})
    codes = [code | {"desk_threshold": 0.0} for code in card["codes"]]
    with project.store.write() as conn:
        told = json.dumps(card | {"codes": codes})
        conn.execute("update model set card = ? where id = ?", (told, model_id))


@contextmanager
def copied(made: Path, folder: Path) -> Iterator[Project]:
    """A copy of that project, open."""
    shutil.copytree(made, folder)
    project = projects.open_project(folder / "p.annotator")
    yield project
    projects.close_project(project.path)
