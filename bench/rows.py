"""A line of the table, and what the measures share: projects of any size, and the bars' units."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import NamedTuple

from annotator.workflow import projects as annotator_projects
from bench import projects

SMALL, LARGE, MILLION = 1_000, 100_000, 1_000_000
"""Units of the projects that measures share."""


class Row(NamedTuple):
    """One line of the table.

    ``met`` is None where there is no bar to reach; ``peers`` is the key of their figures in
    ``peers.toml``.
    """

    measure: str
    ours: str
    bar: str = ""
    met: bool | None = None
    peers: str = ""


class Bench:
    """The folder of a run, with the projects that measures share, each made when first asked for.

    ``data`` is a folder of somebody's own that some measures look at as well.
    """

    def __init__(self, folder: Path, data: Path | None = None) -> None:
        self.folder = folder
        self.data = data
        self.home = folder / "home"

    def project(self, units: int) -> Path:
        """A project of that size in which speakers and copies are found."""
        place = self.folder / f"bench-{units}.annotator"
        if not place.is_file():
            # Under another name until it is whole: a measure may be ended in the middle.
            unfinished = self.folder / f"unfinished-{units}.annotator"
            projects.project(unfinished, units)
            annotator_projects.close_project(unfinished)
            unfinished.rename(place)
        return place

    def copy(self, units: int, name: str) -> Path:
        """A project of that size for one measure alone."""
        place = self.folder / f"{name}.annotator"
        annotator_projects.discard(place)  # or the log of an older one would be played into it
        return shutil.copyfile(self.project(units), place)


def p95(values: list[float]) -> float:
    """What 95 of 100 values stay below."""
    return sorted(values)[int(len(values) * 0.95)]
